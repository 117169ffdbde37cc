"""Which event and storyline each article was put into, and the features it was compared by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Article, Placement
from bot.ports import Placed
from bot.storage.articles import articles_at, chunks, last_seq
from bot.storage.tables import articles, placements
from bot.storage.upserts import upsert

# Rows looked at for each event wanted, when the latest events are asked for: most have few articles.
_ROWS_AN_EVENT: Final = 8


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


async def placed_seq(connection: AsyncConnection) -> int:
    """Return the number up to which everything is placed; where nothing ever was, nothing waits for it either."""
    last = (await connection.execute(select(func.max(placements.c.seq)))).scalar()
    return (await last_seq(connection)) if last is None else int(last)


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
            found[row.id] = Placement(article_id=row.id, event=row.event, storyline=row.storyline)
    return found


async def members(connection: AsyncConnection, story_id: str) -> list[str]:
    """Return the ids of the articles of an event or a storyline, by sequence number."""
    either = or_(placements.c.event == story_id, placements.c.storyline == story_id)
    wanted = _with_ids().where(either).order_by(articles.c.seq)
    return [row.id for row in await connection.execute(wanted)]


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


def _with_ids() -> Select[Any]:
    joined = select(articles.c.id, placements.c.event, placements.c.storyline)
    return joined.join(placements, placements.c.article_key == articles.c.key)
