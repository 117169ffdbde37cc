"""Copies an archive row by row into another database: to move it between SQLite and PostgreSQL, or to back it up.

What has been copied is written down in the target with each batch, so a copy that was interrupted goes on where it
stopped, and nobody takes half an archive for a whole one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, func, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Misconfigured
from bot.storage.articles import articles_between, last_seq
from bot.storage.connecting import connect
from bot.storage.database import Database
from bot.storage.restoring import PROGRESS_FACT, mark_as_copy
from bot.storage.schema import prepare_schema
from bot.storage.search import index_articles
from bot.storage.statistics import look_at_tables
from bot.storage.tables import WRITE_MARK, facts, metadata
from bot.storage.upserts import upsert

# Rows copied in one transaction: an article's text takes some kilobytes.
BATCH_ROWS: Final = 1_000
# Articles indexed in one transaction.
BATCH_ARTICLES: Final = 500
# What stands for the search index among the tables: it is made anew from the articles.
INDEX: Final = "search index"

Progress = Callable[[str, int, int], None]
"""Called with the table that is being copied, its rows copied and its rows in all."""


async def move_archive(source: str, target: str, *, progress: Progress | None = None) -> Mapping[str, int]:
    """Copy the archive at one address to another, empty or half-copied; return the rows of each table.

    The source stays as it is, but marked as a copy: who writes to it again is told that time went on without it.
    Raises: NotFound (no source), InUse (somebody writes to it), Misconfigured (the target holds another archive).
    """
    origin = connect(source, create=False, read_only=False)
    try:
        await prepare_schema(origin, create=False)
        if await origin.is_in_use():
            raise Misconfigured(f"Other processes of newsbot use {origin.place}: stop them first, then move it.")
        goal = connect(target, create=True, read_only=False)
        try:
            await prepare_schema(goal, may_be_unfinished=True)
            counted = await _copy(origin, goal, progress)
        finally:
            await goal.close()
        await origin.write(mark_as_copy)
        return counted
    finally:
        await origin.close()


async def copy_to_file(origin: Database, target: Path) -> None:
    """Write a complete copy of an archive to a new SQLite file, as of one moment.

    Raises: Misconfigured when the target exists or can't be written.
    """
    if await asyncio.to_thread(target.exists):
        raise Misconfigured(f"{target} exists already: name a new file for the backup.")
    partial = target.with_name(f"{target.name}.partial")
    await asyncio.to_thread(partial.unlink, missing_ok=True)
    goal = connect(partial, create=True, read_only=False)
    try:
        await prepare_schema(goal)
        await _copy(origin, goal, None)
        await goal.write(mark_as_copy)
    finally:
        await goal.close()
    await asyncio.to_thread(_put_in_place, partial, target)


def _put_in_place(partial: Path, target: Path) -> None:
    partial.replace(target)
    partial.with_name(f"{partial.name}.lock").unlink(missing_ok=True)


async def _copy(origin: Database, goal: Database, progress: Progress | None) -> Mapping[str, int]:
    async def copy_all(reading: AsyncConnection) -> dict[str, int]:
        begun = await _begin(reading, goal)
        counted = {}
        for table in metadata.sorted_tables:
            counted[table.name] = await _copy_table(reading, goal, table, begun, progress)
        counted[INDEX] = await _index(goal, begun, progress)
        await goal.write(lambda writing: _finish(writing, reading))
        return counted

    return await origin.read_snapshot(copy_all)


async def _begin(reading: AsyncConnection, goal: Database) -> dict[str, Any]:
    """Return how far an earlier copy of the same archive came: table name to the last key copied, or "done".

    Raises: Misconfigured when the target holds anything else.
    """
    generation = await _fact(reading, "generation")
    known = await goal.read(lambda connection: _fact(connection, PROGRESS_FACT))
    if known is not None:
        begun: dict[str, Any] = json.loads(known)
        if begun["of"] != generation:
            raise Misconfigured(f"{goal.place} holds half of another archive: empty it or name another.")
        return begun
    if await goal.read(_holds_something):
        raise Misconfigured(f"{goal.place} holds an archive already: name an empty database.")
    return {"of": generation}


async def _holds_something(connection: AsyncConnection) -> bool:
    counts = [(await connection.execute(select(func.count()).select_from(table))).scalar_one() for table in _rows()]
    return any(counts)


def _rows() -> list[Table]:
    return [table for table in metadata.sorted_tables if table is not facts]


async def _copy_table(
    reading: AsyncConnection, goal: Database, table: Table, begun: dict[str, Any], progress: Progress | None
) -> int:
    total = (await reading.execute(select(func.count()).select_from(table))).scalar_one()
    done = 0
    keys = list(table.primary_key)
    while begun.get(table.name) != "done":
        wanted = select(table).order_by(*keys).limit(BATCH_ROWS)
        if table.name in begun:
            wanted = wanted.where(tuple_(*keys) > tuple_(*map(_from_json, begun[table.name])))
        rows = [dict(row._mapping) for row in await reading.execute(wanted)]
        state: Any = [_to_json(rows[-1][key.name]) for key in keys] if len(rows) == BATCH_ROWS else "done"
        begun[table.name] = state
        await goal.write(lambda writing, rows=rows: _insert(writing, table, rows, begun))  # type: ignore[misc]
        done += len(rows)
        if progress is not None:
            progress(table.name, done, total)
    return int(total)


async def _insert(
    writing: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], begun: Mapping[str, Any]
) -> None:
    if table is facts:
        # What the target says of its own index is true of it; that it is being copied to must stay.
        own = ("index_version", PROGRESS_FACT)
        rows = [row for row in rows if row["name"] not in own and not row["name"].startswith(WRITE_MARK)]
        if rows:
            await writing.execute(upsert(writing, facts), rows)
    elif rows:
        insert = postgresql.insert if writing.dialect.name == "postgresql" else sqlite.insert
        await writing.execute(insert(table).on_conflict_do_nothing(), rows)
    await _note(writing, begun)


async def _index(goal: Database, begun: dict[str, Any], progress: Progress | None) -> int:
    """Make the search index of the target from its articles; return how many there are."""
    newest = await goal.read(last_seq)
    while (since := begun.get(INDEX, 0)) < newest:
        some = await goal.read(lambda c, since=since: articles_between(c, since, since + BATCH_ARTICLES))  # type: ignore[misc]
        begun[INDEX] = since + BATCH_ARTICLES

        async def write(writing: AsyncConnection, some: Any = some) -> None:
            await index_articles(writing, some)
            await _note(writing, begun)

        await goal.write(write)
        if progress is not None:
            progress(INDEX, min(newest, begun[INDEX]), newest)
    return newest


async def _finish(writing: AsyncConnection, reading: AsyncConnection) -> None:
    """Make sure that nothing is missing, let new rows be numbered after the copied ones, and call it an archive.

    Raises: Misconfigured when a table has other rows than its original.
    """
    for table in _rows():
        counted = select(func.count()).select_from(table)
        here, there = (await writing.execute(counted)).scalar_one(), (await reading.execute(counted)).scalar_one()
        if here != there:
            raise Misconfigured(f"The copy has {here:,} rows of {there:,} in “{table.name}”: empty it and start anew.")
        number = table.autoincrement_column
        if writing.dialect.name == "postgresql" and number is not None:
            # Rows were given their numbers; the sequence that numbers new ones has not moved.
            await writing.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :number), :last, true)"),
                {
                    "table": table.name,
                    "number": number.name,
                    "last": (await writing.execute(select(func.max(number)))).scalar() or 1,
                },
            )
    await writing.execute(facts.delete().where(facts.c.name == PROGRESS_FACT))
    await look_at_tables(writing)


async def _note(writing: AsyncConnection, begun: Mapping[str, Any]) -> None:
    await writing.execute(upsert(writing, facts), {"name": PROGRESS_FACT, "value": json.dumps(begun)})


async def _fact(connection: AsyncConnection, name: str) -> str | None:
    return (await connection.execute(select(facts.c.value).where(facts.c.name == name))).scalar()


def _to_json(key: Any) -> Any:
    return {"hex": key.hex()} if isinstance(key, bytes) else key


def _from_json(key: Any) -> Any:
    return bytes.fromhex(key["hex"]) if isinstance(key, dict) else key
