"""What a schedule has due: weekdays, catch-up policies, what was missed, what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.deliveries.slots import DueSlots, due_slots, is_late, next_slots, slot_key
from bot.model import CatchUp, Destination, Schedule
from tests.deliveries.test_slots import TIMES, ZONES

MONDAY = date(2026, 5, 4)
EVERY_DAY = tuple(range(7))
CHANNEL = Destination(platform="discord", workspace="guild", channel="news")
LOOKED_EVERY = timedelta(hours=11)
"""Shorter than what is still told late, and no part of a day: each day is looked at from other moments."""


def schedule(*times: time, **changes: object) -> Schedule:
    made = Schedule(id="s1", destination=CHANNEL, times=times, weekdays=EVERY_DAY, zone="UTC")
    return replace(made, **changes)  # type: ignore[arg-type]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Return this hour of a day counted from the first Monday of May 2026."""
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC) + timedelta(days=day)


def moments(due: DueSlots) -> tuple[list[datetime], list[datetime]]:
    return [slot.at for slot in due.tell], [slot.at for slot in due.missed]


def test_a_slot_is_due_from_its_moment_on_until_it_is_told() -> None:
    daily = schedule(time(8))
    assert moments(due_slots(daily, now=at(0, 7, 59), told_until=at(-1, 8))) == ([], [])
    assert moments(due_slots(daily, now=at(0, 8), told_until=at(-1, 8))) == ([at(0, 8)], [])
    assert moments(due_slots(daily, now=at(0, 9), told_until=at(0, 8))) == ([], [])


def test_slots_come_only_on_the_weekdays_asked_for() -> None:
    office = schedule(time(8), weekdays=(0, 1, 2, 3, 4))
    assert [slot.at for slot in next_slots(office, now=at(3, 9), count=3)] == [at(4, 8), at(7, 8), at(8, 8)]
    assert due_slots(office, now=at(5, 9), told_until=at(4, 8)) == DueSlots()


def test_latest_tells_the_latest_slot_once_and_lists_the_others_as_missed() -> None:
    twice = schedule(time(8), time(12), catch_up="latest")
    assert moments(due_slots(twice, now=at(0, 13), told_until=at(-1, 8))) == ([at(0, 12)], [at(-1, 12), at(0, 8)])


def test_all_tells_every_slot_of_the_catch_up_window_in_order() -> None:
    twice = schedule(time(8), time(12), catch_up="all")
    assert moments(due_slots(twice, now=at(0, 13), told_until=at(-1, 8))) == ([at(0, 8), at(0, 12)], [at(-1, 12)])


def test_skip_tells_nothing_late() -> None:
    daily = schedule(time(8), catch_up="skip")
    assert moments(due_slots(daily, now=at(0, 8, 5), told_until=at(-1, 8))) == ([at(0, 8)], [])
    assert moments(due_slots(daily, now=at(0, 9), told_until=at(-1, 8))) == ([], [at(0, 8)])


def test_a_slot_older_than_the_catch_up_window_is_missed() -> None:
    assert moments(due_slots(schedule(time(8)), now=at(0, 21), told_until=at(-1, 8))) == ([], [at(0, 8)])


def test_a_new_schedule_owes_nothing_from_before_it_was_made() -> None:
    young = schedule(time(8), created_at=at(0, 10))
    assert due_slots(young, now=at(0, 11), told_until=None) == DueSlots()
    assert moments(due_slots(young, now=at(1, 8, 1), told_until=None)) == ([at(1, 8)], [])


def test_what_comes_while_paused_is_missed_and_not_told_after_the_pause() -> None:
    paused = schedule(time(8), paused=True)
    due = due_slots(paused, now=at(0, 9), told_until=at(-1, 8))
    assert moments(due) == ([], [at(0, 8)])
    resumed = replace(paused, paused=False)
    assert due_slots(resumed, now=at(0, 10), told_until=due.missed[-1].at) == DueSlots()


def test_two_times_that_a_gap_makes_one_moment_are_one_slot() -> None:
    spring = schedule(time(2), time(2, 30), zone="Europe/Berlin")
    before, after = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)
    assert len(due_slots(replace(spring, catch_up="all"), now=after, told_until=before).tell) == 1


def test_after_two_years_away_only_a_month_of_missed_slots_is_listed() -> None:
    due = due_slots(schedule(time(8)), now=at(0, 9), told_until=at(-730, 8))
    assert (len(due.tell), len(due.missed)) == (1, 30)


def test_the_next_slots_are_shown_for_a_paused_schedule_too() -> None:
    slots = next_slots(schedule(time(8), paused=True), now=at(0, 9), count=5)
    assert [slot.local_date for slot in slots] == [MONDAY + timedelta(days=ahead) for ahead in range(1, 6)]


def test_a_digest_says_that_it_is_late_from_a_quarter_of_an_hour_on() -> None:
    [slot] = due_slots(schedule(time(8)), now=at(0, 8), told_until=at(-1, 8)).tell
    assert not is_late(slot, at(0, 8, 14))
    assert is_late(slot, at(0, 8, 15))


def test_slots_of_two_schedules_or_channels_have_keys_of_their_own() -> None:
    first, second = schedule(time(8), time(9)), schedule(time(8), id="s2")
    elsewhere = schedule(time(8), destination=replace(CHANNEL, channel="sport"))
    keys = {
        slot_key(one, slot) for one in (first, second, elsewhere) for slot in next_slots(one, now=at(0, 7), count=4)
    }
    assert len(keys) == 12


@pytest.mark.parametrize("zone", ZONES)
def test_every_schedule_tells_each_local_date_of_three_years_once_whatever_the_zone(zone: str) -> None:
    for local_time in TIMES:
        daily = schedule(local_time, zone=zone)
        told_until = datetime(2025, 12, 31, tzinfo=UTC)
        now, told = told_until, []
        while now < datetime(2028, 12, 31, tzinfo=UTC):
            due = due_slots(daily, now=now, told_until=told_until)
            assert due.missed == ()
            for slot in due.tell:
                told.append(slot.local_date)
                told_until = slot.at
            now += LOOKED_EVERY
        assert told == [told[0] + timedelta(days=index) for index in range(len(told))]


@given(
    jumps=st.lists(st.integers(-6 * 3600, 12 * 3600), min_size=20, max_size=60),
    policy=st.sampled_from(["latest", "all", "skip"]),
)
def test_no_jump_of_the_clock_tells_a_slot_twice_or_leaves_the_last_one_open(jumps: list[int], policy: CatchUp) -> None:
    twice = schedule(time(8), time(12), catch_up=policy)
    now = told_until = at(0, 0)
    dealt_with: list[datetime] = []
    for jump in jumps:
        now += timedelta(seconds=jump)
        due = due_slots(twice, now=now, told_until=told_until)
        if policy != "all":
            assert len(due.tell) <= 1
        dealt_with += sorted(slot.at for slot in (*due.tell, *due.missed))
        told_until = max([told_until, *dealt_with])
    assert dealt_with == sorted(set(dealt_with))
    assert due_slots(twice, now=now, told_until=told_until) == DueSlots()
