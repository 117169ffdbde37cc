"""Calls are spaced out as far as a platform's limits ask, and no further."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.deliveries.pacing import MAX_PLACES, Pace
from bot.deliveries.refusals import Refusals
from bot.ports import Limited

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)


def test_a_few_calls_go_at_once_and_the_rest_at_the_pace() -> None:
    pace = Pace(per_s=4, burst=3)
    assert [pace.reserve("a", 100.0) for _ in range(6)] == pytest.approx([100, 100, 100, 100.25, 100.5, 100.75])


def test_a_pause_gives_the_burst_back_and_not_more() -> None:
    pace = Pace(per_s=4, burst=3)
    for _ in range(3):
        pace.reserve("a", 100.0)
    assert [pace.reserve("a", 1_000.0) for _ in range(4)] == pytest.approx([1_000, 1_000, 1_000, 1_000.25])


def test_no_second_ever_sees_more_than_burst_and_pace_together() -> None:
    pace = Pace(per_s=40, burst=8)
    moments = [pace.reserve("a", 100.0) for _ in range(400)]
    assert max(sum(begin <= moment < begin + 1 for moment in moments) for begin in moments) <= 48


def test_a_place_is_left_alone_for_its_gap_after_a_call_and_other_places_do_not_wait_for_it() -> None:
    pace = Pace(per_s=1_000, burst=1_000, gap_s=1.0)
    assert pace.reserve("a", 100.0) == 100.0
    pace.end("a", 100.7)
    assert pace.reserve("a", 100.8) == pytest.approx(101.7)
    assert pace.reserve("b", 100.8) == 100.8
    assert pace.reserve("a", 105.0) == 105.0


def test_places_without_number_do_not_fill_the_memory() -> None:
    pace = Pace(per_s=1e9, burst=10**9, gap_s=1.0)
    for number in range(5 * MAX_PLACES):
        pace.end(f"c{number}", number * 1.0)
    assert len(pace._next_at) <= MAX_PLACES


def test_a_platform_that_asks_for_peace_gets_it_and_others_do_not() -> None:
    refusals = Refusals()
    refusals.count("discord", Limited(retry_after_s=3.0), NOW)
    assert not refusals.is_resting("discord", NOW)
    refusals.count("discord", Limited(retry_after_s=3.0, everywhere=True), NOW)
    assert refusals.is_resting("discord", NOW + timedelta(seconds=2.9))
    assert not refusals.is_resting("slack", NOW + timedelta(seconds=2.9))
    assert not refusals.is_resting("discord", NOW + timedelta(seconds=3))


def test_a_clock_that_was_set_back_ends_the_peace() -> None:
    refusals = Refusals()
    refusals.count("discord", Limited(retry_after_s=3.0, everywhere=True), NOW)
    assert not refusals.is_resting("discord", NOW - timedelta(days=1))
