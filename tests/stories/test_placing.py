"""Stored articles find their stories: after a crash, after an update, beside another process, without stalling."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.errors import Unavailable
from bot.ports import Placed
from bot.storage.archive import SqlArchive, open_archive
from bot.stories.features import SECONDS_A_DAY, unpack_features
from bot.stories.placing import BATCH_ARTICLES, StoryPlacer, sort_into_stories
from tests.storage.archive_parts import make_record
from tests.stories.stories_parts import (
    BAKERS,
    NOW,
    QUAKE_AT_MARREN,
    QUAKE_AT_SELBY,
    groups_of,
    report,
)

ALL = (*QUAKE_AT_SELBY, *QUAKE_AT_MARREN, *BAKERS)
EVENTS = [{0, 1, 2}, {3, 4}, {5, 6}]
LONGEST_STALL_S = 0.3


class StoppedClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    async with open_archive(tmp_path / "news.db") as opened:
        yield opened


async def save(archive: SqlArchive, bodies: Sequence[str], *, start: int = 0, at: datetime | None = NOW) -> list[str]:
    articles = [report(f"n{number:05}", body, at=at) for number, body in enumerate(bodies, start)]
    await archive.save_articles([make_record(one.path, one) for one in articles], articles, [])
    return [one.id for one in articles]


async def events_of(archive: SqlArchive, ids: Sequence[str]) -> list[str]:
    places = await archive.placements(ids)
    return [places[one].event for one in ids]


async def test_stored_articles_get_their_stories_once(archive: SqlArchive) -> None:
    ids = await save(archive, ALL)
    placer = StoryPlacer(archive, StoppedClock())
    assert await placer.catch_up() == len(ALL)
    assert groups_of(await events_of(archive, ids)) == EVENTS
    assert await placer.catch_up() == 0


async def test_a_new_process_goes_on_where_the_last_one_stopped(archive: SqlArchive) -> None:
    ids = await save(archive, ALL[:4])
    await StoryPlacer(archive, StoppedClock()).catch_up()
    ids += await save(archive, ALL[4:], start=4)
    await StoryPlacer(archive, StoppedClock()).catch_up()
    assert groups_of(await events_of(archive, ids)) == EVENTS


async def test_two_processes_placing_by_turns_know_of_each_other(archive: SqlArchive) -> None:
    one, other = StoryPlacer(archive, StoppedClock()), StoryPlacer(archive, StoppedClock())
    ids: list[str] = []
    for number, body in enumerate(ALL):
        ids += await save(archive, [body], start=number)
        assert await (one, other)[number % 2].catch_up() == 1
    assert groups_of(await events_of(archive, ids)) == EVENTS


async def test_two_processes_placing_at_once_place_every_article_once(archive: SqlArchive) -> None:
    ids = await save(archive, ALL * 3)
    placers = [StoryPlacer(archive, StoppedClock()) for _ in range(2)]
    await asyncio.gather(*(placer.catch_up() for placer in placers))
    assert len(await events_of(archive, ids)) == len(ids)
    assert await archive.count_unplaced() == 0


class FailingBook:
    """An archive whose next writing of placements fails, as on a full disk."""

    def __init__(self, archive: SqlArchive) -> None:
        self._archive = archive
        self.fails = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._archive, name)

    async def place(self, placed: Sequence[Placed], *, after: int) -> int | None:
        if self.fails:
            raise Unavailable("The disk is full.")
        return await self._archive.place(placed, after=after)


async def test_what_could_not_be_kept_is_placed_the_next_time(archive: SqlArchive) -> None:
    ids = await save(archive, ALL)
    book = FailingBook(archive)
    placer = StoryPlacer(book, StoppedClock())  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        await placer.catch_up()
    assert await archive.placements(ids) == {}
    book.fails = False
    assert await placer.catch_up() == len(ids)
    assert groups_of(await events_of(archive, ids)) == EVENTS


async def test_a_copy_is_in_the_event_of_its_original(archive: SqlArchive) -> None:
    ids = await save(archive, [*ALL, QUAKE_AT_MARREN[0]])
    placer = StoryPlacer(archive, StoppedClock())
    await placer.catch_up()
    ids += await save(archive, [BAKERS[1]], start=90)
    await placer.catch_up()
    assert groups_of(await events_of(archive, ids)) == [{0, 1, 2}, {3, 4, 7}, {5, 6, 8}]
    assert (await archive.articles([ids[7]]))[0].duplicate_of == ids[3]


async def test_an_edited_article_keeps_its_story_and_one_with_new_content_leaves_it(archive: SqlArchive) -> None:
    ids = await save(archive, ALL)
    placer = StoryPlacer(archive, StoppedClock())
    await placer.catch_up()
    before = await events_of(archive, ids)
    await save(archive, [ALL[0] + " Forty tents have arrived."])
    assert await placer.catch_up() == 1
    assert await events_of(archive, ids) == before
    await save(archive, [BAKERS[1] + " Talks go on."])
    await placer.catch_up()
    assert (await events_of(archive, ids))[0] == before[5]


async def test_many_articles_are_placed_without_stalling_the_loop(archive: SqlArchive) -> None:
    bodies = [f"{ALL[number % 7]} Number {number} of street {number * 31}." for number in range(3 * BATCH_ARTICLES)]
    await save(archive, bodies)
    longest, running = 0.0, True

    async def watch() -> None:
        nonlocal longest
        while running:
            # The processor time of the loop's own thread: what others use the machine for meanwhile does not count.
            started = time.thread_time()
            await asyncio.sleep(0.005)
            longest = max(longest, time.thread_time() - started)

    watcher = asyncio.create_task(watch())
    seen: list[tuple[int, int]] = []
    await StoryPlacer(archive, StoppedClock()).catch_up(lambda done, total: seen.append((done, total)))
    running = False
    await watcher
    assert seen[-1] == (len(bodies), len(bodies))
    assert len(seen) == 3
    assert longest < LONGEST_STALL_S


async def test_a_stop_ends_after_the_batch_at_hand(archive: SqlArchive) -> None:
    await save(archive, [f"{ALL[number % 7]} Number {number}." for number in range(BATCH_ARTICLES + 5)])
    placer = StoryPlacer(archive, StoppedClock())
    assert await placer.catch_up(lambda done, total: placer.stop()) == BATCH_ARTICLES
    assert await archive.count_unplaced() == 5


def test_files_are_sorted_as_an_archive_would_sort_them() -> None:
    articles = [report(f"n{number}", body, at=NOW) for number, body in enumerate((*ALL, QUAKE_AT_SELBY[1]))]
    places = sort_into_stories(articles, NOW)
    assert groups_of([place.event for place in places]) == [{0, 1, 2, 7}, {3, 4}, {5, 6}]
    assert [place.duplicate_of for place in places] == [None] * 7 + ["n1"]


def test_files_with_one_id_are_told_apart() -> None:
    articles = [replace(report(f"n{number}", body, at=NOW), id="same") for number, body in enumerate(ALL)]
    assert groups_of([place.event for place in sort_into_stories(articles, NOW)]) == EVENTS
    assert sort_into_stories([], NOW) == []


async def test_undated_articles_placed_late_count_from_the_day_they_came_in(archive: SqlArchive) -> None:
    ids = await save(archive, BAKERS, at=None)
    arrived = await archive.ingested_at(range(1, 9))
    assert sorted(arrived) == [1, 2]

    class YearsLater:
        def now(self) -> datetime:
            return arrived[1] + timedelta(days=900)

    await StoryPlacer(archive, YearsLater()).catch_up()
    _, placed = await archive.placed_after(0, newest=9)
    assert [one.article_id for one in placed] == ids
    whens = [unpack_features(one.features).when for one in placed]
    assert [when.day for when in whens] == [None, None]
    days = [when.arrived for when in whens]
    assert days == [pytest.approx(arrived[seq].timestamp() / SECONDS_A_DAY) for seq in (1, 2)]
