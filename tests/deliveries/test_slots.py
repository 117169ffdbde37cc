"""One digest for each local date, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.deliveries.slots import latest_due_slot, next_slot, slot_of

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
    "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "Asia/Tehran", "Asia/Seoul", "Asia/Kathmandu",
    "America/Santiago", "Pacific/Auckland", "Africa/Casablanca", "Asia/Beirut",
)  # fmt: skip
TIMES = (time(0), time(0, 30), time(1), time(1, 30), time(2), time(2, 30), time(3), time(23, 59))


def test_a_time_in_the_spring_gap_moves_just_after_it() -> None:
    assert slot_of(date(2026, 3, 29), time(2, 30), BERLIN).at == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_of_a_time_that_comes_twice_the_first_counts() -> None:
    assert slot_of(date(2026, 10, 25), time(2, 30), BERLIN).at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone_name", ZONES)
def test_every_local_date_of_three_years_gets_exactly_one_digest(zone_name: str) -> None:
    zone = ZoneInfo(zone_name)
    for at in TIMES:
        told_until: datetime | None = None
        told: list[date] = []
        now = datetime(2025, 12, 31, tzinfo=UTC)
        while now < datetime(2028, 12, 31, tzinfo=UTC):
            slot = latest_due_slot([at], zone, now=now, told_until=told_until)
            if slot is not None:
                told.append(slot.local_date)
                told_until = slot.at
            now += timedelta(hours=5)
        assert told == [told[0] + timedelta(days=index) for index in range(len(told))]


def test_a_slot_missed_for_an_hour_is_told_late() -> None:
    now = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)
    slot = latest_due_slot([time(8)], ZoneInfo("UTC"), now=now, told_until=datetime(2026, 5, 2, 8, tzinfo=UTC))
    assert slot is not None
    assert slot.at == datetime(2026, 5, 3, 8, 0, tzinfo=UTC)


def test_a_slot_missed_for_longer_than_the_catch_up_window_is_passed_over() -> None:
    now = datetime(2026, 5, 3, 21, 0, tzinfo=UTC)
    assert latest_due_slot([time(8)], ZoneInfo("UTC"), now=now, told_until=None) is None


def test_the_next_slot_is_the_first_one_ahead() -> None:
    now = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)
    assert next_slot([time(8), time(18)], ZoneInfo("UTC"), now=now).at == datetime(2026, 5, 3, 18, 0, tzinfo=UTC)
