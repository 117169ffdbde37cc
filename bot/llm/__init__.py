"""The OpenAI-compatible client, its breaker, and the loader of the prompt templates."""
