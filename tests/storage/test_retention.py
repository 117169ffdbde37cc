"""Old articles leave the archive and the search, unless something still needs them; numbers are never given twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.jobs.retaining import remove_all_old
from bot.model import Article, FileState
from bot.storage.archive import SqlArchive, open_archive
from tests.storage.archive_parts import STRIKE, all_files, make_article, make_digest, make_record, make_summary

DAY = timedelta(days=1)


class Calendar:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
async def archive(tmp_path: Path, calendar: Calendar) -> AsyncIterator[SqlArchive]:
    async with open_archive(tmp_path / "archive.db", clock=calendar) as opened:
        yield opened


def about(number: int) -> Article:
    """Return an article that is like no other."""
    return make_article(f"{number}.txt", f"Wharf {number} of Oldport got crane number {number * 7919}. {STRIKE[:40]}.")


async def save(archive: SqlArchive, *some: Article) -> None:
    for article in some:
        await archive.save_articles([make_record(article.path, article)], [article], [make_summary(article)])


async def let_go(archive: SqlArchive, before: datetime) -> int:
    return await remove_all_old(archive, before, asyncio.Event())


async def test_what_is_older_leaves_with_all_that_belongs_to_it(
    archive: SqlArchive, calendar: Calendar, tmp_path: Path
) -> None:
    await save(archive, *(about(number) for number in range(5)))
    calendar.at += 40 * DAY
    await save(archive, about(100))
    assert await let_go(archive, calendar.at - 30 * DAY) == 5
    assert await archive.article("3.txt") is None
    assert await archive.search("crane", limit=10) != []
    assert {hit.article.id for hit in await archive.search("wharf crane", limit=10)} == {"100.txt"}
    with sqlite3.connect(tmp_path / "archive.db") as raw:
        for table in ("articles", "versions", "summaries"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,), table
        assert raw.execute("SELECT count(DISTINCT article_key) FROM fingerprints").fetchone() == (1,)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()


async def test_a_file_whose_article_left_still_counts_as_read(archive: SqlArchive, calendar: Calendar) -> None:
    await save(archive, about(1))
    calendar.at += 40 * DAY
    await save(archive, about(2))
    await let_go(archive, calendar.at - 30 * DAY)
    known = await all_files(archive)
    assert known[b"1.txt"].state is FileState.READ


async def test_the_newest_article_stays_so_that_numbers_are_never_given_twice(
    archive: SqlArchive, calendar: Calendar
) -> None:
    await save(archive, about(1), about(2))
    calendar.at += 40 * DAY
    assert await let_go(archive, calendar.at - 30 * DAY) == 1
    assert await archive.last_seq() == 2
    await save(archive, about(3))
    assert await archive.last_seq() == 3


async def test_what_a_digest_showed_lately_stays(archive: SqlArchive, calendar: Calendar) -> None:
    await save(archive, about(1), about(2), about(3))
    stored = await archive.articles(["1.txt"])
    calendar.at += 40 * DAY
    digest = make_digest(0, 3, *stored)
    await archive.save_digest("here", digest, "text")
    assert await let_go(archive, digest.made_at - DAY) == 1
    assert await archive.article("1.txt") is not None
    assert await archive.article("2.txt") is None


async def test_what_a_channel_was_not_told_yet_stays(archive: SqlArchive, calendar: Calendar) -> None:
    await save(archive, about(1), about(2), about(3))
    digest = make_digest(0, 1)
    await archive.save_digest("slow", digest, "text")
    await archive.save_digest("quick", make_digest(0, 3), "text")
    calendar.at = digest.made_at
    assert await let_go(archive, digest.made_at - DAY) == 1
    assert await archive.article("2.txt") is not None


async def test_the_root_of_a_later_copy_stays(archive: SqlArchive, calendar: Calendar) -> None:
    await save(archive, make_article("root.txt"), about(1))
    calendar.at += 40 * DAY
    await save(archive, make_article("copy.txt"), about(2))
    copy = await archive.article("copy.txt")
    assert copy is not None
    assert copy.duplicate_of == "root.txt"
    assert await let_go(archive, calendar.at - 30 * DAY) == 1
    assert await archive.article("root.txt") is not None


async def test_a_thousand_articles_leave_in_batches_that_let_others_write(
    archive: SqlArchive, calendar: Calendar
) -> None:
    some = [about(number) for number in range(1_000)]
    await archive.save_articles([make_record(one.path, one) for one in some], some, [])
    calendar.at += 40 * DAY
    await save(archive, about(5_000))
    first = await archive.remove_old(before=calendar.at - 30 * DAY, kept=())
    assert 10 <= first <= 100
    assert await let_go(archive, calendar.at - 30 * DAY) == 1_000 - first


async def test_without_a_number_of_days_nothing_leaves(archive: SqlArchive, calendar: Calendar) -> None:
    from bot.jobs.retaining import keep_retention

    await save(archive, about(1), about(2))
    calendar.at += 4_000 * DAY
    await asyncio.wait_for(keep_retention(archive, calendar, days=None, stop=asyncio.Event()), 1)
    assert await archive.article("1.txt") is not None
