"""One news article read from one HTML page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from lxml import etree

from bot.articles.html.blocks import collect_blocks, drop_unread
from bot.articles.html.byline import find_authors
from bot.articles.html.dates import find_dates
from bot.articles.html.extraction import Extraction, extract_text
from bot.articles.html.framing import find_headline, size_text
from bot.articles.html.headline import find_source, find_title
from bot.articles.html.page import parse_page
from bot.articles.html.rescue import DOUBTFUL_CHARS, rescue_text
from bot.articles.html.structured import Description, describe, text_of
from bot.articles.html.styles import hidden_names
from bot.errors import BadArticle
from bot.model import RemovedLine
from bot.text.lazy import compile_later

_LANGUAGE = compile_later(r"([a-z]{2,3})(?:[-_][a-z0-9]{2,8}){0,3}", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlArticle:
    """What a page says: its text by kind and its metadata.

    `published_at` is aware and keeps the page's own offset (UTC where it states none), so that its calendar day is the
    publisher's; `published_day_only` says that the page gives no time. `paragraphs` hold the subheads in place.
    `removed` holds every other block of text with the reason, its `line` being the running number of the block.
    """

    title: str | None = None
    deck: str | None = None
    byline: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None
    published_at: datetime | None = None
    published_day_only: bool = False
    modified_at: datetime | None = None
    language: str | None = None
    paragraphs: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    key_points: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()


def read_html(html: bytes | str, *, url: str | None = None) -> HtmlArticle:
    """Return the article of a page; `url` is where the page came from, if that is known.

    Raises:
        BadArticle: the page holds no article text, or can't be read at all.
    """
    root = parse_page(html)
    page = describe(root)
    address = _canonical_url(page, root, url)
    source = find_source(page, address)
    title = find_title(page, root, source=source, url=address)
    language = _language(page, root)
    styled_away = hidden_names(root)
    drop_unread(root)
    blocks = collect_blocks(root, styled_away)
    headline = find_headline(blocks, title)
    lines = ["" if block.hidden else block.text for block in blocks]
    below = lines[headline + 1 :] if headline is not None else []
    byline = find_authors(page, root, source=source, lines=below)
    dates = find_dates(page, root, url=address, lines=lines, headline=headline)
    extraction = extract_text(blocks, root, title=title, headline=headline, authors=byline)
    found_chars = sum(map(size_text, extraction.paragraphs))
    if found_chars < DOUBTFUL_CHARS:
        extraction = _rescued(extraction, rescue_text(root, found_chars))
    if not extraction.paragraphs:
        raise BadArticle("is a web page without article text: save the page of one article, or its text")
    return HtmlArticle(
        title=title,
        deck=extraction.deck,
        byline=byline,
        source=source,
        url=address,
        published_at=dates.published_at,
        published_day_only=dates.day_only,
        modified_at=dates.modified_at,
        language=language,
        paragraphs=extraction.paragraphs,
        subheads=extraction.subheads,
        captions=extraction.captions,
        key_points=extraction.key_points,
        removed=extraction.removed,
    )


def _rescued(extraction: Extraction, paragraphs: tuple[str, ...]) -> Extraction:
    if not paragraphs:
        return extraction
    kept = set(paragraphs)
    removed = tuple(line for line in extraction.removed if line.text not in kept)
    return replace(extraction, paragraphs=paragraphs, subheads=(), removed=removed)


def _canonical_url(page: Description, root: etree._Element, url: str | None) -> str | None:
    """Return the page's own address; the given one where it names none or only its site's front page."""
    candidates = [link.get("href") for link in root.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    entity = page.article.get("mainEntityOfPage")
    if isinstance(entity, dict):
        entity = entity.get("@id")
    candidates += [page.meta("og:url"), text_of(page.article.get("url")), text_of(entity)]
    for candidate in candidates:
        if not candidate:
            continue
        try:
            address: str = urljoin(url or "", candidate.strip())
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and (parts.path.strip("/") or parts.query):
            return address
    return url


def _language(page: Description, root: etree._Element) -> str | None:
    """Return the two-letter language that the page declares."""
    declared: str | None = (
        root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or text_of(page.article.get("inLanguage"))
        or page.meta("og:locale", "content-language", "dc.language", "language")
    )
    found = _LANGUAGE.fullmatch(declared.strip()) if declared else None
    return found[1].lower() if found else None
