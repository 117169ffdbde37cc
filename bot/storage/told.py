"""The lines each channel was told. They are written in the transaction that keeps their digest: both or neither."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, func, insert, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests.remembering import lines_told
from bot.model import Citation, Digest
from bot.ports import ToldLine
from bot.storage.articles import chunks, in_thread
from bot.storage.outbox import micros, moment_of
from bot.storage.tables import told

CURSOR_OF_SCHEDULE = "/"
"""Stands between a channel's key and the id of a schedule that keeps a cursor of its own."""

COLUMNS: Final[tuple[Column[Any], ...]] = (
    told.c.number,
    told.c.fingerprint,
    told.c.event,
    told.c.storyline,
    told.c.at_us,
    told.c.seq,
    told.c.line,
)
"""What `line_of` makes a line from."""

_IDS_A_QUERY = 500
# Lines kept packed and unpacked, some 2 KB each: channels that are told the same write and read the same.
_REMEMBERED: Final = 4_096


# All lines of a digest have one.
_moment_of = lru_cache(maxsize=_REMEMBERED)(moment_of)


async def insert_told(connection: AsyncConnection, cursor: str, digest: Digest) -> None:
    """Keep what a digest tells as told to the channel of this cursor."""
    channel = cursor.partition(CURSOR_OF_SCHEDULE)[0]
    rows = [_row_of(channel, line) for line in lines_told(digest)]
    if rows:
        await connection.execute(insert(told), rows)


async def told_lines(connection: AsyncConnection, channel: str, *, limit: int) -> list[ToldLine]:
    """Return the latest lines of a channel, the newest first."""
    wanted = select(*COLUMNS).where(told.c.channel == channel).order_by(told.c.number.desc()).limit(limit)
    return await in_thread(line_of, await connection.execute(wanted))


async def told_of(connection: AsyncConnection, channel: str, stories: Collection[str], *, limit: int) -> list[ToldLine]:
    """Return the lines of these events or storylines, newest first."""
    found: dict[int, Row[Any]] = {}
    for ids in chunks(sorted(set(stories)), _IDS_A_QUERY):
        either = or_(told.c.event.in_(ids), told.c.storyline.in_(ids))
        wanted = select(*COLUMNS).where(told.c.channel == channel, either).order_by(told.c.number.desc()).limit(limit)
        found.update({row.number: row for row in await connection.execute(wanted)})
    newest = sorted(found, reverse=True)[:limit]
    return [line_of(found[number]) for number in newest]


async def told_among(
    connection: AsyncConnection, channel: str, fingerprints: Collection[str]
) -> dict[str, tuple[datetime, int]]:
    """Return those of these fingerprints that were told, with the first moment and sequence number."""
    found: dict[str, tuple[datetime, int]] = {}
    for some in chunks(sorted(set(fingerprints)), _IDS_A_QUERY):
        wanted = (
            select(told.c.fingerprint, func.min(told.c.at_us), func.min(told.c.seq))
            .where(told.c.channel == channel, told.c.fingerprint.in_(some))
            .group_by(told.c.fingerprint)
        )
        for fingerprint, at_us, seq in await connection.execute(wanted):
            found[fingerprint] = (moment_of(at_us), seq)
    return found


def _row_of(channel: str, line: ToldLine) -> dict[str, Any]:
    return {
        "channel": channel,
        "fingerprint": line.fingerprint,
        "event": line.event,
        "storyline": line.storyline,
        "at_us": micros(line.at),
        "seq": line.seq,
        "line": _packed(line.text, line.language, line.headline, line.citation),
    }


@lru_cache(maxsize=_REMEMBERED)
def _packed(text: str, language: str, headline: str, citation: Citation) -> str:
    fields: dict[str, Any] = {name: getattr(citation, name) for name in citation.__dataclass_fields__}
    fields["published_at"] = None if citation.published_at is None else citation.published_at.isoformat()
    kept = {"text": text, "language": language, "headline": headline, "citation": fields}
    return json.dumps(kept, ensure_ascii=False)


def line_of(row: Row[Any]) -> ToldLine:
    """Return the line that a row of these columns holds."""
    # By place: a channel has thousands of them, and columns take their time to be found by name.
    values: Sequence[Any] = row
    _, fingerprint, event, storyline, at_us, seq, line = values
    text, language, headline, citation = _unpacked(line)
    return ToldLine(
        fingerprint=fingerprint,
        text=text,
        language=language,
        event=event,
        storyline=storyline,
        headline=headline,
        citation=citation,
        at=_moment_of(at_us),
        seq=seq,
    )


@lru_cache(maxsize=_REMEMBERED)
def _unpacked(line: str) -> tuple[str, str, str, Citation]:
    kept: dict[str, Any] = json.loads(line)
    fields: dict[str, Any] = kept["citation"]
    published = fields["published_at"]
    citation = Citation(
        **{
            **fields,
            "sentences": tuple(fields["sentences"]),
            "published_at": None if published is None else datetime.fromisoformat(published),
        }
    )
    return kept["text"], kept["language"], kept["headline"], citation
