"""Which event and storyline each article was put into, and the features it was compared by."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Article, Placement
from bot.ports import Placed
from bot.storage.articles import articles_at, chunks, last_seq_by
from bot.storage.tables import articles, placements, versions
from bot.storage.upserts import upsert
from bot.stories.naming import EVENT_PREFIX, find_namesake, is_story_id

# Rows looked at for each event wanted, when the latest events are asked for: most have few articles.
_ROWS_AN_EVENT: Final = 8
# Ids of articles that are read at once to find the one a story was named after: a few ms on the event loop.
_IDS_A_LOOK: Final = 2_000


async def unplaced(connection: AsyncConnection, *, limit: int) -> list[Article]:
    """Return current versions that no story has yet, by sequence number."""
    wanted = select(articles.c.seq).where(await _is_unplaced(connection)).order_by(articles.c.seq).limit(limit)
    seqs = list((await connection.execute(wanted)).scalars())
    found = await articles_at(connection, seqs)
    return [found[seq] for seq in seqs if seq in found]


async def count_unplaced(connection: AsyncConnection) -> int:
    """Return how many current versions no story has yet."""
    wanted = select(func.count()).select_from(articles).where(await _is_unplaced(connection))
    return (await connection.execute(wanted)).scalar() or 0


async def ingested_at(connection: AsyncConnection, seqs: Sequence[int]) -> dict[int, datetime]:
    """Return when these versions came in, by sequence number."""
    found: dict[int, datetime] = {}
    for some in chunks(seqs):
        wanted = select(versions.c.seq, versions.c.ingested_at_ms).where(versions.c.seq.in_(some))
        for row in await connection.execute(wanted):
            found[row.seq] = datetime.fromtimestamp(row.ingested_at_ms / 1000, UTC)
    return found


async def settled_seq(connection: AsyncConnection, waited_until: datetime) -> int:
    """Return the number up to which everything is placed or came in by this moment; where nothing ever was placed,
    nothing waits for it either."""
    placed, last = select(func.max(placements.c.seq)), select(func.max(articles.c.seq))
    came = last_seq_by(waited_until).scalar_subquery()
    numbers = func.coalesce(placed.scalar_subquery(), last.scalar_subquery()), came
    row = (await connection.execute(select(*numbers))).one()
    return max(row[0] or 0, row[1] or 0)


async def place(connection: AsyncConnection, placed: Sequence[Placed], *, after: int) -> int | None:
    """Keep where these versions were put; None when there is a newer revision than the placing knew of."""
    if await _last_revision(connection) != after:
        return None
    keys: dict[tuple[str, int], int] = {}
    for some in chunks([one.article_id for one in placed]):
        wanted = select(articles.c.id, articles.c.seq, articles.c.key).where(articles.c.id.in_(some))
        keys.update({(row.id, row.seq): row.key for row in await connection.execute(wanted)})
    here = [one for one in placed if (one.article_id, one.seq) in keys]
    rows = [
        {
            "article_key": keys[one.article_id, one.seq],
            "seq": one.seq,
            "revision": revision,
            "event": one.event,
            "storyline": one.storyline,
            "features": one.features,
        }
        for revision, one in enumerate(here, start=after + 1)
    ]
    if rows:
        moved = await _moved_among(connection, [keys[one.article_id, one.seq] for one in here])
        await connection.execute(upsert(connection, placements), rows)
        for one in here:
            if keys[one.article_id, one.seq] in moved:
                await _take_copies_along(connection, one)
    return after + len(rows)


async def placed_after(connection: AsyncConnection, revision: int, *, newest: int) -> tuple[int, list[Placed]]:
    """Return the last revision, and the newest placements after the one given, oldest first."""
    last = await _last_revision(connection)
    wanted = (
        select(placements, articles.c.id)
        .join(articles, articles.c.key == placements.c.article_key)
        .where(placements.c.revision > max(revision, last - newest))
        .order_by(placements.c.revision)
    )
    rows = (await connection.execute(wanted)).all()
    return last, [
        Placed(
            article_id=row.id,
            seq=row.seq,
            event=row.event,
            storyline=row.storyline,
            features=row.features,
            revision=row.revision,
        )
        for row in rows
    ]


async def placements_of(connection: AsyncConnection, article_ids: Sequence[str]) -> dict[str, Placement]:
    """Return where these articles belong, by article id."""
    found: dict[str, Placement] = {}
    for some in chunks(dict.fromkeys(article_ids)):
        wanted = _with_ids().where(articles.c.id.in_(some))
        for row in await connection.execute(wanted):
            found[row.id] = _placement_of(row)
    return found


async def placements_between(connection: AsyncConnection, since_seq: int, until_seq: int) -> dict[str, Placement]:
    """Return where the articles with `since_seq < seq <= until_seq` belong, by article id."""
    wanted = _with_ids().where(articles.c.seq > since_seq, articles.c.seq <= until_seq)
    return {row.id: _placement_of(row) for row in await connection.execute(wanted)}


async def members_of(connection: AsyncConnection, story_ids: Collection[str]) -> dict[str, list[str]]:
    """Return the ids of the articles of each of these events and storylines, by sequence number; of one that was
    joined to another since, the articles of that other."""
    found = await _members_of(connection, story_ids)
    for story_id in [one for one, ids in found.items() if not ids and is_story_id(one)]:
        joined_to = await _joined_to(connection, story_id)
        if joined_to is not None:
            found[story_id] = (await _members_of(connection, [joined_to]))[joined_to]
    return found


async def _members_of(connection: AsyncConnection, story_ids: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {story_id: [] for story_id in story_ids}
    for some in chunks(found):
        either = or_(placements.c.event.in_(some), placements.c.storyline.in_(some))
        asked = set(some)
        for row in await connection.execute(_with_ids().where(either).order_by(articles.c.seq)):
            for story_id in asked & {row.event, row.storyline}:
                found[story_id].append(row.id)
    return found


async def _joined_to(connection: AsyncConnection, story_id: str) -> str | None:
    """Return the story that the article is in which this story was named after.

    Asked for links to stories that are no more only: all ids are looked through, the newest first.
    """
    before: int | None = None
    while True:
        wanted = select(articles.c.key, articles.c.id).order_by(articles.c.key.desc()).limit(_IDS_A_LOOK)
        if before is not None:
            wanted = wanted.where(articles.c.key < before)
        rows = (await connection.execute(wanted)).all()
        if not rows:
            return None
        namesake = await asyncio.to_thread(find_namesake, story_id, [row.id for row in rows])
        if namesake is not None:
            placed = (await placements_of(connection, [namesake])).get(namesake)
            if placed is None:
                return None
            return placed.event if story_id.startswith(EVENT_PREFIX) else placed.storyline
        before = rows[-1].key


async def recent_stories(connection: AsyncConnection, *, limit: int) -> list[str]:
    """Return the ids of events, the one whose last article came in latest first."""
    found: dict[str, None] = {}
    before: int | None = None
    while len(found) < limit:
        wanted = select(placements.c.event, placements.c.seq).order_by(placements.c.seq.desc())
        if before is not None:
            wanted = wanted.where(placements.c.seq < before)
        rows = (await connection.execute(wanted.limit(limit * _ROWS_AN_EVENT))).all()
        if not rows:
            break
        found.update(dict.fromkeys(row.event for row in rows))
        before = rows[-1].seq
    return list(found)[:limit]


async def _is_unplaced(connection: AsyncConnection) -> ColumnElement[bool]:
    # Versions are placed in the order of their numbers: only those behind the last one are looked at.
    last = (await connection.execute(select(func.max(placements.c.seq)))).scalar() or 0
    same = and_(placements.c.article_key == articles.c.key, placements.c.seq == articles.c.seq)
    return and_(articles.c.seq > last, ~exists().where(same))


async def _moved_among(connection: AsyncConnection, keys: Sequence[int]) -> set[int]:
    """Return those of these articles that have a place already."""
    moved: set[int] = set()
    for some in chunks(keys):
        wanted = select(placements.c.article_key).where(placements.c.article_key.in_(some))
        moved.update((await connection.execute(wanted)).scalars())
    return moved


async def _take_copies_along(connection: AsyncConnection, original: Placed) -> None:
    copies = select(articles.c.key).where(articles.c.duplicate_of == original.article_id)
    placed = update(placements).where(placements.c.article_key.in_(copies))
    await connection.execute(placed.values(event=original.event, storyline=original.storyline))


async def _last_revision(connection: AsyncConnection) -> int:
    return (await connection.execute(select(func.max(placements.c.revision)))).scalar() or 0


def _placement_of(row: Row[Any]) -> Placement:
    return Placement(article_id=row.id, event=row.event, storyline=row.storyline)


def _with_ids() -> Select[Any]:
    joined = select(articles.c.id, placements.c.event, placements.c.storyline)
    return joined.join(placements, placements.c.article_key == articles.c.key)
