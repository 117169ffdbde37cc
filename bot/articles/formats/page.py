"""HTML pages: decoded here, so that every format tells charsets alike, then read by `bot.articles.html`."""

from __future__ import annotations

import re

from bot.articles.charset import decode_text
from bot.articles.html import HtmlArticle, read_html
from bot.articles.raw import RawArticle, RawArticles
from bot.text.lazy import compile_later

DECLARATION_BYTES = 4096  # HTML wants the charset in the first 1024; pages with long comments have it later
_META_CHARSET = compile_later(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML_CHARSET = compile_later(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)


def read_page(data: bytes, path: str) -> RawArticles:
    """Return the article of a page."""
    return RawArticles([raw_of_page(read_html(decode_text(data, declared=declared_charset(data), path=path)))])


def declared_charset(data: bytes) -> str | None:
    """Return the charset an HTML or XML file names in its first bytes."""
    head = data[:DECLARATION_BYTES]
    match = _XML_CHARSET.search(head) or _META_CHARSET.search(head)
    return match.group(1).decode("ascii", "ignore") if match else None


def raw_of_page(page: HtmlArticle) -> RawArticle:
    """Return what was read from a page as an item with structure."""
    return RawArticle(
        paragraphs=page.paragraphs,
        title=page.title,
        deck=page.deck,
        byline=page.byline,
        source=page.source,
        url=page.url,
        published_at=page.published_at,
        published_day_only=page.published_day_only,
        modified_at=page.modified_at,
        language=page.language,
        subheads=page.subheads,
        captions=page.captions,
        key_points=page.key_points,
        removed=page.removed,
    )
