"""What the port Desk promises, held against every implementation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from bot.errors import NotAllowed
from bot.model import Destination, Schedule
from bot.ports import ChannelFilter
from bot.storage.archive import SqlArchive, open_archive
from bot.storage.tables import votes

NOW = datetime(2026, 5, 4, 8, 0, 0, 123456, tzinfo=UTC)
NEWS = Destination(platform="discord", workspace="guild", channel="news")
ELSEWHERE = (
    replace(NEWS, channel="sport"),
    replace(NEWS, workspace="other"),
    replace(NEWS, platform="slack"),
)


def schedule(schedule_id: str = "s1", to: Destination = NEWS) -> Schedule:
    return Schedule(
        id=schedule_id,
        destination=to,
        times=(time(8), time(17, 30)),
        weekdays=(0, 1, 4),
        zone="Asia/Seoul",
        topics=("다리", 'quo"te', "\x00\udcff"),
        collections=("science",),
        max_articles=3,
        says_quiet_days=False,
        catch_up="all",
        paused=True,
        created_at=NOW,
    )


@pytest.fixture
async def desk(place: str) -> AsyncIterator[SqlArchive]:
    async with open_archive(place) as opened:
        yield opened


async def test_a_schedule_comes_back_as_it_was_saved(desk: SqlArchive) -> None:
    await desk.save_schedule(schedule())
    plain = Schedule(id="s2", destination=NEWS, times=(time(6),), weekdays=(0,), zone="UTC")
    await desk.save_schedule(plain)
    assert await desk.schedules(NEWS) == [schedule(), plain]


async def test_saving_a_schedule_again_replaces_it_and_keeps_its_place(desk: SqlArchive) -> None:
    await desk.save_schedule(schedule("s1"))
    await desk.save_schedule(schedule("s2"))
    await desk.save_schedule(replace(schedule("s1"), paused=False))
    assert [(one.id, one.paused) for one in await desk.schedules()] == [("s1", False), ("s2", True)]


async def test_no_destination_sees_removes_or_takes_over_the_schedules_of_another(desk: SqlArchive) -> None:
    await desk.save_schedule(schedule())
    for other in ELSEWHERE:
        assert await desk.schedules(other) == []
        assert not await desk.remove_schedule(other, "s1")
        with pytest.raises(NotAllowed):
            await desk.save_schedule(schedule("s1", to=other))
    assert await desk.schedules() == [schedule()]


async def test_a_removed_schedule_and_its_slots_are_gone(desk: SqlArchive) -> None:
    await desk.save_schedule(schedule())
    await desk.mark_slot("s1", NOW, missed=False)
    assert await desk.remove_schedule(NEWS, "s1")
    assert not await desk.remove_schedule(NEWS, "s1")
    assert await desk.schedules() == []
    assert await desk.slot_told("s1") is None


async def test_a_filter_belongs_to_its_destination(desk: SqlArchive) -> None:
    wanted = ChannelFilter(include=("harbour", "항구"), exclude=("source:Coastal Daily", "\x00\udcff"))
    assert await desk.filters(NEWS) == ChannelFilter()
    await desk.save_filters(NEWS, ChannelFilter(include=("first",)))
    await desk.save_filters(NEWS, wanted)
    assert await desk.filters(NEWS) == wanted
    for other in ELSEWHERE:
        assert await desk.filters(other) == ChannelFilter()


async def test_uses_are_counted_by_caller_and_day_up_to_the_limit_even_at_the_same_time(desk: SqlArchive) -> None:
    counted = await asyncio.gather(*(desk.count_use("user", "2026-05-04", limit=3) for _ in range(10)))
    assert sum(counted) == 3
    assert await desk.count_use("other", "2026-05-04", limit=3)
    assert await desk.count_use("user", "2026-05-05", limit=3)
    assert not await desk.count_use("user", "2026-05-05", limit=1)
    assert not await desk.count_use("nobody", "2026-05-05", limit=0)


async def test_a_second_vote_replaces_the_first(desk: SqlArchive) -> None:
    await desk.save_vote(NEWS, "ida", "digest:1", 1)
    await desk.save_vote(NEWS, "ida", "digest:1", -1)
    await desk.save_vote(NEWS, "jon", "digest:1", 1)
    kept = await desk._database.read(lambda connection: connection.execute(select(votes.c.user, votes.c.vote)))
    assert sorted(map(tuple, kept)) == [("ida", -1), ("jon", 1)]


async def test_slots_are_written_down_once_and_the_latest_is_known(desk: SqlArchive) -> None:
    assert await desk.slot_told("s1") is None
    assert await desk.mark_slot("s1", NOW, missed=False)
    assert await desk.mark_slot("s1", NOW - timedelta(days=1), missed=True)
    assert not await desk.mark_slot("s1", NOW, missed=True)
    assert await desk.slot_told("s1") == NOW
    assert await desk.slot_told("s2") is None


async def test_missed_slots_are_visible_in_their_destination_only(desk: SqlArchive) -> None:
    await desk.save_schedule(schedule())
    for days in range(4):
        await desk.mark_slot("s1", NOW + timedelta(days=days), missed=days != 2)
    assert await desk.missed_slots(NEWS, limit=2) == [NOW + timedelta(days=3), NOW + timedelta(days=1)]
    for other in ELSEWHERE:
        assert await desk.missed_slots(other, limit=2) == []


async def test_an_event_is_remembered_once_and_forgotten_after_two_days(desk: SqlArchive) -> None:
    assert await desk.remember_event("Ev1", NOW)
    assert not await desk.remember_event("Ev1", NOW + timedelta(hours=24))
    assert await desk.remember_event("Ev2", NOW)
    assert await desk.remember_event("Ev1", NOW + timedelta(hours=49))


async def test_of_one_event_delivered_twice_at_the_same_time_one_is_answered(desk: SqlArchive) -> None:
    fresh = await asyncio.gather(*(desk.remember_event("Ev1", NOW) for _ in range(8)))
    assert sum(fresh) == 1


async def test_slots_of_a_clock_that_was_ahead_can_be_left_out(desk: SqlArchive) -> None:
    await desk.mark_slot("s1", NOW, missed=False)
    await desk.mark_slot("s1", NOW + timedelta(days=700), missed=False)
    assert await desk.slot_told("s1", until=NOW + timedelta(hours=1)) == NOW


async def test_the_last_slots_of_all_schedules_are_those_of_each(desk: SqlArchive) -> None:
    for name in ("s1", "s2", "s3"):
        await desk.save_schedule(schedule(name))
    await desk.mark_slot("s1", NOW - timedelta(days=1), missed=False)
    await desk.mark_slot("s1", NOW, missed=True)
    await desk.mark_slot("s1", NOW + timedelta(days=700), missed=False)
    await desk.mark_slot("s3", NOW + timedelta(days=1), missed=False)
    await desk.mark_slot("removed", NOW, missed=False)
    assert await desk.slots_told(until=NOW + timedelta(hours=1)) == {"s1": NOW}
    assert await desk.slots_told(until=NOW - timedelta(hours=1)) == {"s1": NOW - timedelta(days=1)}
