"""The lines each channel was told. They are written in the transaction that keeps their digest: both or neither."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.remembering import lines_told
from bot.model import Citation, Digest
from bot.ports import ToldLine
from bot.storage.outbox import micros, moment_of
from bot.storage.tables import told

CURSOR_OF_SCHEDULE = "/"
"""Stands between a channel's key and the id of a schedule that keeps a cursor of its own."""

_IDS_A_QUERY = 500


async def insert_told(connection: AsyncConnection, cursor: str, digest: Digest) -> None:
    """Keep what a digest tells as told to the channel of this cursor."""
    channel = cursor.partition(CURSOR_OF_SCHEDULE)[0]
    rows = [_row_of(channel, line) for line in lines_told(digest)]
    if rows:
        await connection.execute(insert(told), rows)


async def told_lines(connection: AsyncConnection, channel: str, *, limit: int) -> list[ToldLine]:
    """Return the latest lines of a channel, the newest first."""
    wanted = select(told).where(told.c.channel == channel).order_by(told.c.number.desc()).limit(limit)
    return [line_of(row) for row in await connection.execute(wanted)]


async def told_of(connection: AsyncConnection, channel: str, stories: Collection[str], *, limit: int) -> list[ToldLine]:
    """Return the lines of these events or storylines, newest first."""
    found: dict[int, Row[Any]] = {}
    for ids in _chunks(stories):
        either = or_(told.c.event.in_(ids), told.c.storyline.in_(ids))
        wanted = select(told).where(told.c.channel == channel, either).order_by(told.c.number.desc()).limit(limit)
        found.update({row.number: row for row in await connection.execute(wanted)})
    newest = sorted(found, reverse=True)[:limit]
    return [line_of(found[number]) for number in newest]


async def told_among(
    connection: AsyncConnection, channel: str, fingerprints: Collection[str]
) -> dict[str, tuple[datetime, int]]:
    """Return those of these fingerprints that were told, with the first moment and sequence number."""
    found: dict[str, tuple[datetime, int]] = {}
    for some in _chunks(fingerprints):
        wanted = (
            select(told.c.fingerprint, func.min(told.c.at_us), func.min(told.c.seq))
            .where(told.c.channel == channel, told.c.fingerprint.in_(some))
            .group_by(told.c.fingerprint)
        )
        for fingerprint, at_us, seq in await connection.execute(wanted):
            found[fingerprint] = (moment_of(at_us), seq)
    return found


def _chunks(values: Collection[str]) -> list[list[str]]:
    ordered = sorted(set(values))
    return [ordered[start : start + _IDS_A_QUERY] for start in range(0, len(ordered), _IDS_A_QUERY)]


def _row_of(channel: str, line: ToldLine) -> dict[str, Any]:
    citation = asdict(line.citation)
    published = line.citation.published_at
    citation["published_at"] = None if published is None else published.isoformat()
    kept = {"text": line.text, "language": line.language, "headline": line.headline, "citation": citation}
    return {
        "channel": channel,
        "fingerprint": line.fingerprint,
        "event": line.event,
        "storyline": line.storyline,
        "at_us": micros(line.at),
        "seq": line.seq,
        "line": json.dumps(kept, ensure_ascii=False),
    }


def line_of(row: Row[Any]) -> ToldLine:
    """Return the line that a row of the table holds."""
    kept: dict[str, Any] = json.loads(row.line)
    citation: dict[str, Any] = kept["citation"]
    published = citation["published_at"]
    return ToldLine(
        fingerprint=row.fingerprint,
        text=kept["text"],
        language=kept["language"],
        event=row.event,
        storyline=row.storyline,
        headline=kept["headline"],
        citation=Citation(
            **{
                **citation,
                "sentences": tuple(citation["sentences"]),
                "published_at": None if published is None else datetime.fromisoformat(published),
            }
        ),
        at=moment_of(row.at_us),
        seq=row.seq,
    )
