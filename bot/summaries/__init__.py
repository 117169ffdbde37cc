"""Summaries: extracted, compressed, or written by an LLM and proved."""
