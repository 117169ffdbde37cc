"""Delivered digests: their text as it was sent, what they rested on, and how far each destination has been told."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Digest
from bot.storage.tables import digests
from bot.storage.told import insert_told


async def digest_cursor(connection: AsyncConnection, destination: str) -> int:
    """Return `until_seq` of the last digest of this destination, 0 when there was none."""
    newest = select(digests.c.until_seq).where(digests.c.destination == destination)
    return (await connection.execute(newest.order_by(digests.c.number.desc()).limit(1))).scalar() or 0


async def last_digest_at(connection: AsyncConnection, destination: str) -> datetime | None:
    """Return when the last digest of this destination was made (UTC), or None."""
    newest = select(digests.c.made_at).where(digests.c.destination == destination)
    made_at = (await connection.execute(newest.order_by(digests.c.number.desc()).limit(1))).scalar()
    return None if made_at is None else datetime.fromisoformat(made_at)


async def insert_digest(connection: AsyncConnection, destination: str, digest: Digest, text: str) -> None:
    """Keep a digest and the lines it tells; from now on it is the last one of its destination."""
    row = {
        "destination": destination,
        "made_at": digest.made_at.astimezone(UTC).isoformat(),
        "since_seq": digest.since_seq,
        "until_seq": digest.until_seq,
        "text": text,
        "contents": json.dumps(_contents_of(digest), ensure_ascii=False),
    }
    await connection.execute(digests.insert(), row)
    await insert_told(connection, destination, digest)


async def last_digest(connection: AsyncConnection) -> tuple[str, datetime, str] | None:
    """Return destination, moment and text of the newest digest of all."""
    row = (await connection.execute(select(digests).order_by(digests.c.number.desc()).limit(1))).first()
    return None if row is None else (row.destination, datetime.fromisoformat(row.made_at), row.text)


def _contents_of(digest: Digest) -> dict[str, object]:
    coverage = digest.coverage
    return {
        "items": [(item.article.id, item.article.version, item.merged) for item in digest.items],
        "stories": [
            {
                "story": item.story.id,
                "novelty": item.novelty,
                "articles": [(article.id, article.version) for article in item.articles],
                "factors": {factor.name: (factor.weight, factor.value) for factor in item.factors},
            }
            for item in digest.items
        ],
        "held_back": digest.held_back,
        "known": [(known.headline, known.articles) for known in digest.known],
        "coverage": {name: getattr(coverage, name) for name in coverage.__dataclass_fields__},
    }
