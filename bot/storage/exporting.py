"""Digests as they were told, in order, for `newsbot export`; articles, summaries and stories have queries already."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.tables import digests


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldDigest:
    """One digest as it was delivered; `contents` says by id what it showed, merged and held back."""

    number: int
    destination: str
    made_at: datetime
    since_seq: int
    until_seq: int
    text: str
    contents: dict[str, Any]


async def digests_after(
    connection: AsyncConnection, number: int, *, since: datetime | None, limit: int
) -> list[ToldDigest]:
    """Return the digests with numbers above this one that were made since then, in order, at most `limit`."""
    wanted = select(digests).where(digests.c.number > number).order_by(digests.c.number).limit(limit)
    if since is not None:
        wanted = wanted.where(digests.c.made_at >= since.astimezone(UTC).isoformat())
    return [
        ToldDigest(
            number=row.number,
            destination=row.destination,
            made_at=datetime.fromisoformat(row.made_at),
            since_seq=row.since_seq,
            until_seq=row.until_seq,
            text=row.text,
            contents=json.loads(row.contents),
        )
        for row in await connection.execute(wanted)
    ]
