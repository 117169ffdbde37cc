"""The digests that were told, read again from their rows; and the present number of an article by an earlier one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Edition, ToldLine, ToldStory
from bot.storage.outbox import micros
from bot.storage.tables import articles, digests, told, versions
from bot.storage.told import COLUMNS, CURSOR_OF_SCHEDULE, line_of

_COLUMNS = (
    digests.c.number,
    digests.c.destination,
    digests.c.made_at,
    digests.c.since_seq,
    digests.c.until_seq,
    digests.c.contents,
)


async def editions(
    connection: AsyncConnection,
    destinations: Sequence[str],
    *,
    limit: int,
    before: int | None = None,
    until: datetime | None = None,
) -> list[Edition]:
    """Return the latest editions of these destinations, newest first; one that ends in ":" means all beginning so."""
    named = [
        digests.c.destination.startswith(name, autoescape=True) if name.endswith(":") else digests.c.destination == name
        for name in destinations
    ]
    query = select(*_COLUMNS).where(or_(*named)).order_by(digests.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(digests.c.number < before)
    if until is not None:
        query = query.where(digests.c.made_at < until.astimezone(UTC).isoformat())
    return [_edition(row) for row in await connection.execute(query)]


async def edition(connection: AsyncConnection, number: int) -> Edition | None:
    """Return one edition."""
    row = (await connection.execute(select(*_COLUMNS).where(digests.c.number == number))).first()
    return None if row is None else _edition(row)


async def told_in(connection: AsyncConnection, edition: Edition) -> list[ToldLine]:
    """Return the lines that an edition told, in their order."""
    channel = edition.destination.partition(CURSOR_OF_SCHEDULE)[0]
    events = [story.id for story in edition.stories if story.id]
    wanted = select(*COLUMNS).where(
        told.c.channel == channel, told.c.event.in_(events), told.c.at_us == micros(edition.made_at)
    )
    return [line_of(row) for row in await connection.execute(wanted.order_by(told.c.number))]


async def present_seq(connection: AsyncConnection, seq: int) -> int | None:
    """Return the present sequence number of the article that had this one once."""
    query = select(articles.c.seq).join(versions, versions.c.article_key == articles.c.key).where(versions.c.seq == seq)
    found: int | None = (await connection.execute(query)).scalar()
    return found


def _edition(row: Any) -> Edition:
    contents = json.loads(row.contents)
    return Edition(
        number=row.number,
        destination=row.destination,
        made_at=datetime.fromisoformat(row.made_at),
        since_seq=row.since_seq,
        until_seq=row.until_seq,
        stories=_stories_of(contents),
        held_back=len(contents.get("held_back", ())),
    )


def _stories_of(contents: dict[str, Any]) -> tuple[ToldStory, ...]:
    if "stories" not in contents:
        # A digest from before there were stories: one item an article.
        return tuple(ToldStory(id="", novelty="new", articles=(item[0],)) for item in contents.get("items", ()))
    return tuple(
        ToldStory(
            id=story["story"],
            novelty=story["novelty"],
            articles=tuple(article_id for article_id, _ in story["articles"]),
        )
        for story in contents["stories"]
    )
