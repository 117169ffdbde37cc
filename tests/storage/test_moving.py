"""Moving an archive between SQLite and PostgreSQL: nothing is lost, and an interruption is made up for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import bot.storage.moving as moving
from bot.deliveries.outbox import posts_of_message
from bot.errors import Misconfigured
from bot.model import Destination
from bot.storage.archive import SqlArchive, open_archive
from bot.storage.connecting import connect
from bot.storage.moving import move_archive
from bot.storage.restoring import is_copy
from bot.storage.tables import facts, metadata
from tests.postgres import postgres_place, shared_postgres
from tests.storage.archive_parts import BRIDGE, STRIKE, make_article, make_record, make_summary

pytestmark = pytest.mark.fault("interrupted moves")

__all__ = ["postgres_place", "shared_postgres"]

NEWS = Destination(platform="slack", workspace="T1", channel="C1")


class Interrupted(Exception):
    """What stops a move half-way."""


class NoonClock:
    """Always says noon."""

    def now(self) -> datetime:
        """Return noon."""
        return datetime(2026, 3, 2, 12, tzinfo=UTC)


async def fill(archive: SqlArchive, *, articles: int = 7) -> None:
    """Put articles, a name that is no text, an old version and a post on its way into an archive."""
    some = [make_article(f"{number}.txt", f"{BRIDGE} Report {number}.") for number in range(articles)]
    await archive.save_articles([make_record(one.path, one) for one in some], some, [make_summary(one) for one in some])
    edited = make_article("0.txt", STRIKE + " A NUL \x00 and a surrogate \udc80 stand here.")
    await archive.save_articles([make_record("0.txt", edited)], [edited], [make_summary(edited)])
    await archive.save_files([make_record(b"\xff\n odd.txt")])
    await archive.enqueue(posts_of_message(['{"text": "a"}'], NEWS, batch="b", clock=NoonClock()))


async def rows_of(place: str) -> dict[str, list[Any]]:
    """Return every row of an archive by table."""
    database = connect(place, create=False, read_only=True)
    try:
        return {
            table.name: sorted(map(repr, await database.read(lambda c, table=table: _all(c, table))))  # type: ignore[misc]
            for table in metadata.sorted_tables
            if table is not facts
        }
    finally:
        await database.close()


async def _all(connection: Any, table: Any) -> list[Any]:
    return list((await connection.execute(select(table))).all())


async def test_an_archive_moves_to_postgres_and_back_without_a_row_lost(tmp_path: Path, postgres_place: str) -> None:
    first, last = f"sqlite:///{tmp_path}/first.db", f"sqlite:///{tmp_path}/last.db"
    async with open_archive(first) as archive:
        await fill(archive)
        before = await archive.search("ferries bridge report", limit=5)
    await move_archive(first, postgres_place)
    await move_archive(postgres_place, last)
    assert await rows_of(first) == await rows_of(postgres_place) == await rows_of(last)
    async with open_archive(last) as archive:
        assert await archive.search("ferries bridge report", limit=5) == before


async def test_both_databases_find_the_same_in_the_same_order(tmp_path: Path, postgres_place: str) -> None:
    bodies = [f"{BRIDGE} {'Ferry ' * (number % 4)}and {STRIKE if number % 3 else ''}" for number in range(30)]
    some = [make_article(f"{n}.txt", body, title=f"Bridge {n}") for n, body in enumerate(bodies)]
    found = []
    for place in (str(tmp_path / "archive.db"), postgres_place):
        async with open_archive(place) as archive:
            await archive.save_articles([make_record(one.path, one) for one in some], some, [])
            queries = ("ferry bridge", "bakers night work", "Oldport 3.4 million", "the of and", "spokeswoman 17")
            found.append([await archive.search(words, limit=10) for words in queries])
    assert found[0] == found[1]
    assert all(found[0][:3])


async def test_new_rows_are_numbered_after_the_moved_ones(tmp_path: Path, postgres_place: str) -> None:
    first = f"sqlite:///{tmp_path}/first.db"
    async with open_archive(first) as archive:
        await fill(archive)
    await move_archive(first, postgres_place)
    async with open_archive(postgres_place) as archive:
        [article] = await archive.save_articles([make_record("new.txt")], [make_article("new.txt", STRIKE)], [])
        assert article.ingested_seq == 9
        assert await archive.enqueue(posts_of_message(['{"text": "c"}'], NEWS, batch="c", clock=NoonClock()))


async def test_an_interrupted_move_goes_on_and_is_no_archive_until_then(
    tmp_path: Path, postgres_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = f"sqlite:///{tmp_path}/first.db"
    async with open_archive(first) as archive:
        await fill(archive)
    monkeypatch.setattr(moving, "BATCH_ROWS", 2)

    def interrupt(table: str, done: int, total: int) -> None:
        if table == "versions" and done == 4:
            raise Interrupted

    with pytest.raises(Interrupted):
        await move_archive(first, postgres_place, progress=interrupt)
    with pytest.raises(Misconfigured, match="half of an archive"):
        async with open_archive(postgres_place):
            pass
    copied: list[tuple[str, int]] = []
    await move_archive(first, postgres_place, progress=lambda table, done, total: copied.append((table, done)))
    assert ("articles", 2) not in copied
    assert await rows_of(first) == await rows_of(postgres_place)


async def test_a_target_with_another_archive_is_refused(tmp_path: Path, postgres_place: str) -> None:
    first = f"sqlite:///{tmp_path}/first.db"
    async with open_archive(first) as archive:
        await fill(archive)
    async with open_archive(postgres_place) as archive:
        await fill(archive, articles=1)
    with pytest.raises(Misconfigured, match="holds an archive already"):
        await move_archive(first, postgres_place)


async def test_the_old_archive_knows_that_time_went_on_without_it(tmp_path: Path, postgres_place: str) -> None:
    first = f"sqlite:///{tmp_path}/first.db"
    async with open_archive(first) as archive:
        await fill(archive)
    await move_archive(first, postgres_place)
    database = connect(first, create=False, read_only=True)
    assert await database.read(is_copy)
    await database.close()


async def test_an_archive_in_use_is_not_moved(tmp_path: Path, postgres_place: str) -> None:
    async with open_archive(postgres_place) as archive:
        await fill(archive)
        with pytest.raises(Misconfigured, match="stop them first"):
            await move_archive(postgres_place, f"sqlite:///{tmp_path}/last.db")


async def test_a_backup_of_postgres_is_an_archive_in_a_file(tmp_path: Path, postgres_place: str) -> None:
    async with open_archive(postgres_place) as archive:
        await fill(archive)
        await archive.back_up(tmp_path / "backup.db")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.db"]
    rows = await rows_of(str(tmp_path / "backup.db"))
    assert rows == await rows_of(postgres_place)
