"""What a page says about itself for machines: JSON-LD, `<meta>` elements, microdata.

Source: https://schema.org/NewsArticle, https://ogp.me, https://json-ld.org/spec (only the tree, no contexts).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from bot.text.lazy import compile_later

# A script of linked data longer than this is no description of one article.
_MAX_JSON_CHARS = 2_000_000
# Nested deeper than any publisher's data.
_MAX_DEPTH = 12
# So much of a headline stands in the page's title even when that is cut off; that outweighs three other fields.
_NAMED_CHARS = 40
_NAMED_WORTH = 3
# One name says the same thing only so often (authors, tags).
_MAX_META_VALUES = 100
_ARTICLE_TYPES = frozenset((
    "article", "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
    "backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle", "advertisercontentarticle",
    "satiricalarticle", "blogposting", "liveblogposting", "socialmediaposting", "discussionforumposting",
    "scholarlyarticle", "techarticle", "report", "review",
))  # fmt: skip
_PAGE_TYPES = frozenset(("webpage", "itempage", "collectionpage", "faqpage", "qapage", "aboutpage", "profilepage"))
_CONTROL = compile_later(r"[\x00-\x1f]+")
_TAG = compile_later(r"<[^<>]{1,200}>")
_TRAILING_COMMA = compile_later(r",\s{0,40}([}\]])")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """The linked-data object of the article (empty when there is none), of the page, and all meta values by name."""

    article: Json
    page: Json
    objects: dict[str, Json]
    metas: dict[str, tuple[str, ...]]

    def meta(self, *names: str) -> str | None:
        """Return the first value of the first of these meta names that has one."""
        for name in names:
            values = self.metas.get(name)
            if values:
                return values[0]
        return None


def describe(root: etree._Element) -> Description:
    """Return what the page's own data says; broken data is skipped."""
    articles: list[Json] = []
    pages: list[Json] = []
    objects: dict[str, Json] = {}
    for thing in _things(root):
        identity = thing.get("@id")
        if isinstance(identity, str) and len(thing) > 1:
            objects.setdefault(identity, thing)
        types = types_of(thing)
        if types & _ARTICLE_TYPES:
            articles.append(thing)
        elif types & _PAGE_TYPES:
            pages.append(thing)
    return Description(
        article=_best(articles, root), page=pages[0] if pages else {}, objects=objects, metas=_metas(root)
    )


def types_of(thing: Json) -> set[str]:
    """Return the lower-case types of a linked-data object, without their vocabulary's address."""
    types = thing.get("@type", ())
    names = types if isinstance(types, list) else [types]
    return {name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str)}


def text_of(value: object) -> str | None:
    """Return a linked-data value as one line of text, or None when it is no text."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str):
        return None
    return plain(value) or None


def plain(text: str) -> str:
    """Return text without tags and character references, on one line."""
    if "&" in text:
        text = unescape(unescape(text))
    if "<" in text:
        text = _TAG.sub("", text)
    return " ".join(text.replace("\u00ad", "").replace("\u200b", "").split())


def short_text(element: etree._Element, max_chars: int) -> str:
    """Return the text of an element on one line, "" when it is longer than `max_chars` (found out cheaply)."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        words = piece.split()
        if not words:
            continue
        pieces.extend(words)
        length += len(words) + sum(map(len, words))
        if length > max_chars + 1:
            return ""
    return " ".join(pieces)


def _things(root: etree._Element) -> Iterator[Json]:
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = script.text or ""
        if len(text) <= _MAX_JSON_CHARS:
            yield from _walk(_loaded(text), 0)


def _loaded(text: str) -> object:
    """Return the parsed script; the usual faults (line breaks in strings, comments, last commas) are mended once."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
    text = text.strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    mended = _TRAILING_COMMA.sub(r"\1", _CONTROL.sub(" ", text))
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(mended)
    except (ValueError, RecursionError):
        return None
    return value


def _walk(value: object, depth: int) -> Iterator[Json]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for item in value.values():
            if isinstance(item, (dict, list)):
                yield from _walk(item, depth + 1)


def _best(articles: list[Json], root: etree._Element) -> Json:
    """Return the object whose headline the page's title names and that says most of an article; the first of equals."""
    window = plain(root.findtext(".//title") or "").casefold()

    def worth(thing: Json) -> int:
        headline = (text_of(thing.get("headline")) or "").casefold()[:_NAMED_CHARS]
        named = _NAMED_WORTH if headline and headline in window else 0
        return named + sum(
            bool(thing.get(key)) for key in ("headline", "datePublished", "author", "articleBody", "publisher")
        )

    return max(articles, key=worth, default={})


def _metas(root: etree._Element) -> dict[str, tuple[str, ...]]:
    metas: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        value = plain(content[:5_000])
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = element.get(attribute)
            if name:
                metas.setdefault(name.strip().lower(), []).append(value)
    return {name: tuple(values[:_MAX_META_VALUES]) for name, values in metas.items()}
