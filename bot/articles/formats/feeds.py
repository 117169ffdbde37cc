"""RSS and Atom: each entry is an article; the feed's title is their source.

feedparser repairs broken XML and strips scripts; entities are refused before it sees the file, because a few lines
of them expand to gigabytes.
"""

from __future__ import annotations

import re
from calendar import timegm
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from bot.articles.charset import decode_text
from bot.articles.formats.markup import has_tags, strip_tags
from bot.articles.formats.page import declared_charset
from bot.articles.formats.stated import read_line, read_moment, read_names, read_url
from bot.articles.raw import Feed, FeedEntry, ItemProblem, RawArticle, RawArticles
from bot.errors import BadArticle
from bot.text.lazy import compile_later

# More than a feed announces at a time; the oldest of them were announced before.
MAX_ENTRIES = 500

# RSS 0.91 names a document type without a list of entities in it; that much is harmless, and is dropped.
_DOCUMENT_TYPE = compile_later(r"<!DOCTYPE[^>\[]{0,1000}>", re.IGNORECASE)
_DECLARATION = compile_later(r"^\s*<\?xml[^>]{0,300}\?>")
_REFUSED = compile_later(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def read_feed(data: bytes, path: str) -> RawArticles:
    """Return the entries of a feed as articles, `item` counting from 1.

    Raises: BadArticle when it is no feed, has no entry, or defines entities.
    """
    feed = _parse(data, path)
    if not feed.entries:
        if not feed.version:
            raise BadArticle("is XML, but neither an RSS nor an Atom feed: save the article as html or txt", path=path)
        raise BadArticle("is a feed with no entries in it", path=path)
    source = _plain(feed.feed.get("title"))
    articles: list[RawArticle] = []
    problems: list[ItemProblem] = []
    for number, entry in enumerate(feed.entries, 1):
        article = _read_entry(entry, source, number)
        if article is None:
            problems.append(ItemProblem(item=number, reason="has no text, only a headline or a link"))
        else:
            articles.append(article)
    return RawArticles(articles, problems=problems)


def list_entries(data: bytes, path: str) -> Feed:
    """Return what a feed announces, in its order, also entries without text; an empty feed has none.

    Raises: BadArticle when it is no feed, or defines entities.
    """
    feed = _parse(data, path)
    if not feed.entries and not feed.version:
        raise BadArticle("is XML, but neither an RSS nor an Atom feed", path=path)
    entries = tuple(_announced(entry) for entry in feed.entries[:MAX_ENTRIES])
    return Feed(title=_plain(feed.feed.get("title")), entries=entries, left_out=len(feed.entries) - len(entries))


def _parse(data: bytes, path: str) -> Any:
    text = decode_text(data, declared=declared_charset(data), path=path)
    text = _DOCUMENT_TYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)
    if _REFUSED.search(text):
        raise BadArticle("defines XML entities, which can expand without end: save it without its DOCTYPE", path=path)
    import feedparser  # slow to import

    feed = feedparser.parse(BytesIO(text.encode("utf-8", "replace")), resolve_relative_uris=False)
    return feed


def _announced(entry: Any) -> FeedEntry:
    content = [part.get("value") or "" for part in entry.get("content", ())]
    markup = max([*content, entry.get("summary") or ""], key=len)
    updated = dict.get(entry, "updated")  # asked of the entry itself, an absent one warns
    authors = [author.get("name") for author in entry.get("authors", ()) if author.get("name")]
    origin = entry.get("source")
    return FeedEntry(
        link=read_line(entry.get("link")),
        guid=read_line(entry.get("id")),
        title=_plain(entry.get("title")),
        markup=markup,
        text=" ".join(strip_tags(markup).split()),
        published_at=read_moment(entry.get("published") or entry.get("created") or updated)[0],
        updated_at=read_moment(updated)[0],
        byline=read_names(authors or entry.get("author")),
        source=_plain(origin.get("title") if origin else None),
    )


def _read_entry(entry: Any, source: str | None, number: int) -> RawArticle | None:
    """Return one entry as an article, None when it has no text."""
    content = [part.get("value") or "" for part in entry.get("content", ())]
    summary = entry.get("summary") or ""
    markup = max([*content, summary], key=len)
    text = strip_tags(markup) if has_tags(markup) or "&" in markup else markup
    if not text.strip():
        return None
    updated = dict.get(entry, "updated")  # asked of the entry itself, an absent one warns
    published_at, day_only = read_moment(entry.get("published") or entry.get("created") or updated)
    parsed = dict.get(entry, "published_parsed")
    if published_at is None and parsed:
        published_at = datetime.fromtimestamp(timegm(parsed), UTC)
    origin = entry.get("source")
    url = read_url(entry.get("link"))
    authors = [author.get("name") for author in entry.get("authors", ()) if author.get("name")]
    return RawArticle(
        text=text,
        given_id=None if url else read_line(entry.get("id")),
        title=_plain(entry.get("title")),
        deck=_deck(summary, text) if content else None,
        byline=read_names(authors or entry.get("author")),
        source=_plain(origin.get("title") if origin else None) or source,
        url=url,
        published_at=published_at,
        published_day_only=day_only,
        modified_at=read_moment(updated)[0],
        item=number,
    )


def _plain(value: object) -> str | None:
    line = read_line(value)
    return read_line(strip_tags(line)) if line else None


def _deck(summary: str, text: str) -> str | None:
    """Return the entry's summary when it says something that the text does not begin with."""
    deck = _plain(summary)
    if not deck or len(deck) > 300:
        return None
    return None if deck[:60] in " ".join(text.split()) else deck
