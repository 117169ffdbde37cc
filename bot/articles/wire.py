"""What goes over the pipes between the sandbox and its child: length-prefixed JSON, and nothing that runs on arrival.

A request is a JSON header and the bytes of the file; an answer is a row of JSON frames. Sentences travel as offsets:
the parent cuts them out of the body again, so that `body[start:end] == text` holds whatever the child says.
"""

from __future__ import annotations

import json
import struct
from array import array
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

from bot.articles.raw import Feed, FeedEntry, ItemProblem
from bot.model import Article, Bullet, Prepared, RemovedLine, Sentence, Status, Summary

REQUEST_PREFIX = struct.Struct(">IQ")  # bytes of the header, bytes of the file
FRAME_PREFIX = struct.Struct(">I")  # bytes of the frame
SHINGLE = "I"  # array type of a shingle: unsigned, 32 bits
MAX_FRAME_BYTES = 128 * 1024 * 1024  # one batch of articles at their largest, with everything removed from them


def pack_request(header: dict[str, Any], data: bytes) -> bytes:
    """Return one request."""
    encoded = _encode(header)
    return REQUEST_PREFIX.pack(len(encoded), len(data)) + encoded + data


def pack_frame(frame: dict[str, Any]) -> bytes:
    """Return one frame of an answer."""
    encoded = _encode(frame)
    return FRAME_PREFIX.pack(len(encoded)) + encoded


def _encode(value: dict[str, Any]) -> bytes:
    """Return JSON in UTF-8; the lone surrogates of an undecodable path pass, as `json.loads` lets them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def pack_article(article: Article) -> dict[str, Any]:
    """Return an article as JSON values; `unpack_article` makes it whole again."""
    return {
        "id": article.id,
        "version": article.version,
        "path": article.path,
        "collection": article.collection,
        "title": article.title,
        "deck": article.deck,
        "byline": article.byline,
        "source": article.source,
        "url": article.url,
        "published_at": _stamp(article.published_at),
        "published_day_only": article.published_day_only,
        "modified_at": _stamp(article.modified_at),
        "language": article.language,
        "body": article.body,
        "sentences": [(sentence.start, sentence.end, sentence.paragraph) for sentence in article.sentences],
        "key_points": article.key_points,
        "captions": article.captions,
        "subheads": article.subheads,
        "removed": [(line.line, line.text, line.reason) for line in article.removed],
    }


def unpack_article(packed: dict[str, Any]) -> Article:
    """Return the article of `pack_article`.

    Raises: KeyError, TypeError or ValueError when the values are not of that shape.
    """
    body = str(packed["body"])
    return Article(
        id=str(packed["id"]),
        version=str(packed["version"]),
        path=str(packed["path"]),
        collection=str(packed["collection"]),
        title=_text(packed["title"]),
        deck=_text(packed["deck"]),
        byline=_texts(packed["byline"]),
        source=_text(packed["source"]),
        url=_text(packed["url"]),
        published_at=_moment(packed["published_at"]),
        published_day_only=bool(packed["published_day_only"]),
        modified_at=_moment(packed["modified_at"]),
        language=str(packed["language"]),
        body=body,
        sentences=tuple(
            Sentence(index=index, text=body[start:end], start=int(start), end=int(end), paragraph=int(paragraph))
            for index, (start, end, paragraph) in enumerate(packed["sentences"])
        ),
        key_points=_texts(packed["key_points"]),
        captions=_texts(packed["captions"]),
        subheads=_texts(packed["subheads"]),
        removed=tuple(
            RemovedLine(line=int(line), text=str(text), reason=str(reason)) for line, text, reason in packed["removed"]
        ),
    )


def pack_prepared(prepared: Prepared) -> dict[str, Any]:
    """Return what was made of an article as JSON values."""
    summary = prepared.summary
    return {
        "headline": summary.headline,
        "derived": summary.headline_derived,
        "bullets": [
            (bullet.text, bullet.sentences, bullet.quote, bullet.attribution, bullet.status)
            for bullet in summary.bullets
        ],
        "sections": prepared.sections,
        "shingles": b64encode(array(SHINGLE, prepared.shingles).tobytes()).decode("ascii"),
        "sample": prepared.sample,
    }


def unpack_prepared(article: Article, packed: dict[str, Any] | None) -> Prepared | None:
    """Return what was made of this article.

    Raises: KeyError, TypeError or ValueError when the values are not of that shape, or cite sentences it has not.
    """
    if packed is None:
        return None
    shingles = array(SHINGLE)
    shingles.frombytes(b64decode(packed["shingles"], validate=True))
    return Prepared(
        summary=Summary(
            article_id=article.id,
            version=article.version,
            headline=str(packed["headline"]),
            bullets=tuple(_bullet_of(article, one) for one in packed["bullets"]),
            writer="extractive",
            headline_derived=bool(packed["derived"]),
        ),
        sections=tuple(
            (int(number), int(size), str(title), str(body)) for number, size, title, body in packed["sections"]
        ),
        shingles=tuple(shingles),
        sample=tuple(int(shingle) for shingle in packed["sample"]),
    )


def _bullet_of(article: Article, packed: Sequence[Any]) -> Bullet:
    text, sentences, quote, attribution, status = packed
    cited = tuple(int(index) for index in sentences)
    if status not in get_args(Status) or not all(0 <= index < len(article.sentences) for index in cited):
        raise ValueError("a bullet of another article")
    return Bullet(text=str(text), sentences=cited, quote=str(quote), attribution=_text(attribution), status=status)


def pack_problem(problem: ItemProblem) -> list[Any]:
    """Return a problem as JSON values."""
    return [problem.item, problem.reason]


def unpack_problem(packed: Sequence[Any]) -> ItemProblem:
    """Return the problem of `pack_problem`."""
    item, reason = packed
    return ItemProblem(item=int(item), reason=str(reason))


def pack_feed(feed: Feed) -> dict[str, Any]:
    """Return a feed as JSON values."""
    entries = [
        {
            "link": entry.link,
            "guid": entry.guid,
            "title": entry.title,
            "markup": entry.markup,
            "text": entry.text,
            "published_at": _stamp(entry.published_at),
            "updated_at": _stamp(entry.updated_at),
            "byline": entry.byline,
            "source": entry.source,
        }
        for entry in feed.entries
    ]
    return {"title": feed.title, "entries": entries, "left_out": feed.left_out}


def unpack_feed(packed: dict[str, Any]) -> Feed:
    """Return the feed of `pack_feed`. Raises: KeyError, TypeError or ValueError when it is of another shape."""
    entries = tuple(
        FeedEntry(
            link=_text(entry["link"]),
            guid=_text(entry["guid"]),
            title=_text(entry["title"]),
            markup=str(entry["markup"]),
            text=str(entry["text"]),
            published_at=_moment(entry["published_at"]),
            updated_at=_moment(entry["updated_at"]),
            byline=_texts(entry["byline"]),
            source=_text(entry["source"]),
        )
        for entry in packed["entries"]
    )
    return Feed(title=_text(packed["title"]), entries=entries, left_out=int(packed["left_out"]))


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(stamp: object) -> datetime | None:
    return datetime.fromisoformat(str(stamp)) if stamp else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
