"""Plain text files: decoded and handed to the cleaner as they are."""

from __future__ import annotations

from bot.articles.charset import decode_text
from bot.articles.formats.front_matter import split_articles
from bot.articles.raw import RawArticle, RawArticles


def read_text(data: bytes, path: str) -> RawArticles:
    """Return the article of a text file, or its articles when each has front matter of its own."""
    text = decode_text(data, path=path)
    if text.lstrip().startswith("---"):
        return split_articles(text)
    return RawArticles([RawArticle(text=text)])
