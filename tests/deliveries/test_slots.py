"""One slot for each local date and time of day, whatever the clocks do; which of several schedules comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.deliveries.slots import first_slot, slot_of
from bot.model import Destination, Schedule

pytestmark = pytest.mark.fault("clock changes (DST)")

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
    "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "Asia/Tehran", "Asia/Seoul", "Asia/Kathmandu",
    "America/Santiago", "Pacific/Auckland", "Africa/Casablanca", "Asia/Beirut",
)  # fmt: skip
TIMES = (time(0), time(0, 30), time(1), time(1, 30), time(2), time(2, 30), time(3), time(23, 59))
DAILY = Schedule(
    id="s1",
    destination=Destination(platform="terminal", workspace="local", channel="terminal"),
    times=(time(8), time(18)),
    weekdays=(),
    zone="UTC",
)


def test_a_time_in_the_spring_gap_moves_just_after_it() -> None:
    assert slot_of(date(2026, 3, 29), time(2, 30), BERLIN).at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    assert slot_of(date(2026, 10, 25), time(2, 30), BERLIN).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_first_slot_is_that_of_the_schedule_that_comes_next() -> None:
    now = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)
    noon = replace(DAILY, id="s2", times=(time(12),))
    found = first_slot([DAILY, noon], now=now)
    assert found is not None
    assert (found[0].at.hour, found[1].id) == (12, "s2")


def test_a_paused_schedule_has_no_first_slot() -> None:
    now = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)
    assert first_slot([replace(DAILY, paused=True)], now=now) is None
    assert first_slot([], now=now) is None
