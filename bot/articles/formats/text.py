"""Plain text files: decoded and handed to the cleaner as they are."""

from __future__ import annotations

from bot.articles.charset import decode_text
from bot.articles.raw import RawArticle, RawArticles


def read_text(data: bytes, path: str) -> RawArticles:
    """Return the article of a text file, or its articles when each has front matter of its own."""
    return split_front_matter(decode_text(data, path=path))


def split_front_matter(text: str) -> RawArticles:
    """Return the text as one item, or as those that front matter makes of it."""
    if not text.lstrip().startswith("---"):
        return RawArticles([RawArticle(text=text)])
    from bot.articles.formats.front_matter import split_articles  # brings pydantic, which most texts do not need

    return split_articles(text)
