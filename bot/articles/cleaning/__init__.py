"""Cleans pasted article text: what is the article, what is about it, and why every other line was taken out."""

from bot.articles.cleaning.cleaner import CleanedText, Paragraph, clean_text

__all__ = ["CleanedText", "Paragraph", "clean_text"]
