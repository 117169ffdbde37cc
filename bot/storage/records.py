"""How articles and summaries are written into a column: compact JSON, compressed against words that are frequent.

Sentences are kept as offsets into the body, so the text is stored once.
"""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from typing import Any

from bot.model import Article, Bullet, Cost, RemovedLine, Sentence, Summary
from bot.storage.dictionary import DICTIONARY

# Higher levels win 2 % for twice the time on texts of 2-5 kB.
COMPRESSION_LEVEL = 6
# Copied for each text: taking up the dictionary takes as long as compressing one.
_COMPRESSOR = zlib.compressobj(COMPRESSION_LEVEL, zdict=DICTIONARY)


def pack_article(article: Article) -> tuple[bytes, bytes]:
    """Return what is not a column of its own: the head (title, dates, names), and the text with its removed lines."""
    head: dict[str, Any] = {
        "title": article.title,
        "deck": article.deck,
        "byline": article.byline,
        "source": article.source,
        "url": article.url,
        "published_at": _iso(article.published_at),
        "day_only": article.published_day_only,
        "modified_at": _iso(article.modified_at),
        "language": article.language,
        "key_points": article.key_points,
        "captions": article.captions,
        "subheads": article.subheads,
    }
    text: dict[str, Any] = {
        "body": article.body,
        "sentences": _pack_sentences(article.sentences),
        "removed": [(line.line, line.text, line.reason) for line in article.removed],
    }
    return pack_text(_dump(_filled(head))), pack_text(_dump(_filled(text)))


def unpack_article(
    head: bytes,
    text: bytes | None,
    *,
    article_id: str,
    version: str,
    path: str,
    collection: str,
    seq: int,
    duplicate_of: str | None,
) -> Article:
    """Return the article that was packed, with its columns; without its text when that was not loaded."""
    fields: dict[str, Any] = json.loads(unpack_text(head))
    if text is not None:
        fields |= json.loads(unpack_text(text))
    body: str = fields.get("body", "")
    return Article(
        id=article_id,
        version=version,
        path=path,
        collection=collection,
        title=fields.get("title"),
        deck=fields.get("deck"),
        byline=tuple(fields.get("byline", ())),
        source=fields.get("source"),
        url=fields.get("url"),
        published_at=_from_iso(fields.get("published_at")),
        published_day_only=fields.get("day_only", False),
        modified_at=_from_iso(fields.get("modified_at")),
        language=fields.get("language", "und"),
        body=body,
        sentences=_unpack_sentences(fields.get("sentences", ()), body),
        key_points=tuple(fields.get("key_points", ())),
        captions=tuple(fields.get("captions", ())),
        subheads=tuple(fields.get("subheads", ())),
        removed=tuple(
            RemovedLine(line=line, text=text, reason=reason) for line, text, reason in fields.get("removed", ())
        ),
        ingested_seq=seq,
        duplicate_of=duplicate_of,
    )


def pack_summary(summary: Summary) -> bytes:
    """Return everything about a summary but the article and version it is of."""
    fields: dict[str, Any] = {
        "headline": summary.headline,
        "bullets": [
            (bullet.text, bullet.sentences, bullet.quote, bullet.attribution, bullet.status)
            for bullet in summary.bullets
        ],
        "writer": summary.writer,
        "derived": summary.headline_derived,
        "prompt_hash": summary.prompt_hash,
        "model": summary.model,
        "cost": (summary.cost.tokens_in, summary.cost.tokens_out, summary.cost.usd),
        "note": summary.note,
    }
    return pack_text(_dump(fields))


def unpack_summary(payload: bytes, *, article_id: str, version: str) -> Summary:
    """Return the summary that was packed."""
    fields: dict[str, Any] = json.loads(unpack_text(payload))
    tokens_in, tokens_out, usd = fields["cost"]
    return Summary(
        article_id=article_id,
        version=version,
        headline=fields["headline"],
        bullets=tuple(
            Bullet(text=text, sentences=tuple(sentences), quote=quote, attribution=attribution, status=status)
            for text, sentences, quote, attribution, status in fields["bullets"]
        ),
        writer=fields["writer"],
        headline_derived=fields["derived"],
        prompt_hash=fields["prompt_hash"],
        model=fields["model"],
        cost=Cost(tokens_in=tokens_in, tokens_out=tokens_out, usd=usd),
        note=fields["note"],
    )


def pack_text(text: str) -> bytes:
    """Return any text, also one with lone surrogates, compressed."""
    compressor = _COMPRESSOR.copy()
    return compressor.compress(text.encode("utf-8", "surrogatepass")) + compressor.flush()


def unpack_text(payload: bytes) -> str:
    """Return the text that was packed, also by a version that knew no dictionary. Raises: zlib.error (damaged)."""
    decompressor = zlib.decompressobj(zdict=DICTIONARY)
    text = decompressor.decompress(payload)
    if not decompressor.eof:
        raise zlib.error("the compressed text ends too early")
    return text.decode("utf-8", "surrogatepass")


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _from_iso(text: str | None) -> datetime | None:
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _pack_sentences(sentences: tuple[Sentence, ...]) -> list[int]:
    """Return gap to the last end, length and step in paragraphs of each sentence: small numbers compress well."""
    numbers: list[int] = []
    end = paragraph = 0
    for sentence in sentences:
        numbers += (sentence.start - end, sentence.end - sentence.start, sentence.paragraph - paragraph)
        end, paragraph = sentence.end, sentence.paragraph
    return numbers


def _unpack_sentences(numbers: list[int], body: str) -> tuple[Sentence, ...]:
    sentences = []
    end = paragraph = 0
    for index in range(len(numbers) // 3):
        gap, length, step = numbers[index * 3 : index * 3 + 3]
        start = end + gap
        end = start + length
        paragraph += step
        sentences.append(Sentence(index=index, text=body[start:end], start=start, end=end, paragraph=paragraph))
    return tuple(sentences)
