"""The lines of `newsbot export`: what kind each is stands first, the rest is as the other JSON contracts have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.model import Article, Placement, Summary
from bot.platforms.terminal.contracts import article_object, summary_object, to_line


def article_line(article: Article, summary: Summary | None, placement: Placement | None) -> str:
    """Return one article with its summary and its story as a JSON line."""
    fields = article_object(article)
    del fields["quarantined"]
    told: dict[str, Any] | None = None
    if summary is not None:
        told = summary_object(article.path, summary)
        del told["path"], told["id"]
    return to_line(
        {
            "kind": "article",
            **fields,
            "version": article.version,
            "collection": article.collection,
            "seq": article.ingested_seq,
            "duplicate_of": article.duplicate_of,
            "modified_at": article.modified_at.isoformat() if article.modified_at else None,
            "summary": told,
            "event": placement.event if placement else None,
            "storyline": placement.storyline if placement else None,
        }
    )


def digest_line(
    *, destination: str, made_at: datetime, since_seq: int, until_seq: int, text: str, contents: Mapping[str, Any]
) -> str:
    """Return one digest as it was told as a JSON line."""
    return to_line(
        {
            "kind": "digest",
            "destination": destination,
            "made_at": made_at.isoformat(),
            "since_seq": since_seq,
            "until_seq": until_seq,
            "text": text,
            "contents": contents,
        }
    )
