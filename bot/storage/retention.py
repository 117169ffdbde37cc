"""Takes old articles out of the archive and the search, a few at a time; the watched folder is never touched.

What was read from a file stays written down, so a file whose article left is not read in again. An article stays while
something still needs it: a story that goes on, a digest that lately showed it, a message that may still be edited, a
copy that came later, or a channel that was not told of it yet.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.articles import to_milliseconds
from bot.storage.search import unindex
from bot.storage.tables import articles, digests, placements, shown, summaries, versions

BATCH_ARTICLES: Final = 40
"""Articles that leave in one transaction: 20 ms of a small archive, a quarter of a second of one of 400,000 articles.
No reader or writer waits longer for it."""


async def shown_in_digests(connection: AsyncConnection, *, since: datetime) -> set[str]:
    """Return the ids of the articles that digests made since then showed, merged or held back."""
    wanted = select(digests.c.contents).where(digests.c.made_at >= since.astimezone(UTC).isoformat())
    ids: set[str] = set()
    for contents in (await connection.execute(wanted)).scalars():
        fields = json.loads(contents)
        for article_id, _, merged in fields.get("items", ()):
            ids.update((article_id, *merged))
        for story in fields.get("stories", ()):
            ids.update(article_id for article_id, _ in story["articles"])
        ids.update(fields.get("held_back", ()))
    return ids


async def remove_old(
    connection: AsyncConnection, *, before: datetime, kept: Collection[str], limit: int = BATCH_ARTICLES
) -> int:
    """Remove the oldest articles that came in before this moment and that nothing needs; return how many left.

    `kept` are ids that stay in any case.
    """
    # Those that stay are few against those that leave; asking for more rows makes up for them.
    wanted = await _removable(connection, before, limit + len(kept))
    rows = [row for row in (await connection.execute(wanted)).all() if row.id not in kept][:limit]
    if not rows:
        return 0
    keys, ids = [row.key for row in rows], [row.id for row in rows]
    await unindex(connection, [row.seq for row in rows])
    for table in (placements, versions):
        await connection.execute(delete(table).where(_article_key(table).in_(keys)))
    await connection.execute(delete(summaries).where(summaries.c.article_id.in_(ids)))
    await connection.execute(delete(articles).where(articles.c.key.in_(keys)))
    return len(rows)


async def _removable(connection: AsyncConnection, before: datetime, limit: int) -> Any:
    until_ms = to_milliseconds(before)
    # The newest number stays taken, so that no number is ever given twice.
    last_seq = (await connection.execute(select(func.max(articles.c.seq)))).scalar() or 0
    told_seq = await _told_everywhere(connection, before)
    return (
        select(articles.c.key, articles.c.id, articles.c.seq)
        .join(versions, versions.c.seq == articles.c.seq)
        .where(versions.c.ingested_at_ms < until_ms, articles.c.seq < last_seq, articles.c.seq <= told_seq)
        .where(~_has_later_copy(until_ms), ~_story_goes_on(until_ms), ~_may_be_edited())
        .order_by(articles.c.seq)
        .limit(limit)
    )


async def _told_everywhere(connection: AsyncConnection, before: datetime) -> int:
    """Return up to which number every destination that was told something since then has been told."""
    newest = (
        select(func.max(digests.c.until_seq).label("until"))
        .group_by(digests.c.destination)
        .having(func.max(digests.c.made_at) >= before.astimezone(UTC).isoformat())
        .subquery()
    )
    told = (await connection.execute(select(func.min(newest.c.until)))).scalar()
    if told is not None:
        return int(told)
    return (await connection.execute(select(func.max(articles.c.seq)))).scalar() or 0


def _has_later_copy(until_ms: int) -> ColumnElement[bool]:
    copy = articles.alias("copy")
    later = versions.alias("later")
    joined = copy.join(later, later.c.seq == copy.c.seq)
    return exists(
        select(copy.c.key).select_from(joined).where(
            copy.c.duplicate_of == articles.c.id, later.c.ingested_at_ms >= until_ms
        )
    )  # fmt: skip


def _story_goes_on(until_ms: int) -> ColumnElement[bool]:
    own, other, later = placements.alias("own"), placements.alias("other"), versions.alias("latest")
    joined = own.join(other, other.c.event == own.c.event).join(later, later.c.seq == other.c.seq)
    return exists(
        select(own.c.event).select_from(joined).where(
            own.c.article_key == articles.c.key, later.c.ingested_at_ms >= until_ms
        )
    )  # fmt: skip


def _may_be_edited() -> ColumnElement[bool]:
    return exists(select(shown.c.post_id).where(shown.c.article_id == articles.c.id))


def _article_key(table: Table) -> ColumnElement[int]:
    return table.c.article_key
