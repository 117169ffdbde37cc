"""A server knows how the tables of a growing archive are filled, also where its own daemon never looks."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from bot.storage.archive import open_archive
from bot.storage.moving import move_archive
from tests.postgres import postgres_place, shared_postgres
from tests.storage.archive_parts import make_article

__all__ = ["postgres_place", "shared_postgres"]


async def rows_known(place: str) -> int:
    """Return how many articles the server believes there are."""
    connection = await asyncpg.connect(place)
    try:
        return int(await connection.fetchval("SELECT reltuples FROM pg_class WHERE relname = 'articles'"))
    finally:
        await connection.close()


async def test_the_server_looks_at_the_tables_when_the_archive_has_doubled(postgres_place: str) -> None:
    async with open_archive(postgres_place) as archive:
        stored, known = 0, []
        for count in (300, 100, 200):
            some = [make_article(f"a{number}", f"Ferry {number} left.") for number in range(stored, stored + count)]
            await archive.save_articles([], some, [])
            stored += count
            known.append(await rows_known(postgres_place))
    assert known == [300, 300, 600]


async def test_the_server_looks_at_the_tables_of_an_archive_that_was_moved_there(
    postgres_place: str, tmp_path: Path
) -> None:
    source = str(tmp_path / "archive.db")
    some = [make_article(f"a{number}", f"Ferry {number} left.") for number in range(20)]
    async with open_archive(source) as archive:
        await archive.save_articles([], some, [])
    await move_archive(source, postgres_place)
    assert await rows_known(postgres_place) == 20
