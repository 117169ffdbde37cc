"""The circuit breaker over a language model."""

from __future__ import annotations

import pytest

from bot.errors import Unavailable
from bot.llm.breaker import Breaker
from tests.llm.written_parts import SettableClock


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


def opened(clock: SettableClock) -> Breaker:
    breaker = Breaker(clock, failures=5, pause_s=300)
    for _ in range(5):
        breaker.admit()
        breaker.failed()
    return breaker


def test_it_opens_at_the_fifth_failure_in_a_row(clock: SettableClock) -> None:
    breaker = Breaker(clock, failures=5, pause_s=300)
    for _ in range(4):
        breaker.admit()
        breaker.failed()
    breaker.admit()
    breaker.failed()
    with pytest.raises(Unavailable) as refused:
        breaker.admit()
    assert refused.value.retry_after_s == 300


def test_it_opens_when_every_second_of_the_last_calls_failed(clock: SettableClock) -> None:
    breaker = Breaker(clock, failures=5)
    for _ in range(5):
        breaker.succeeded()
        breaker.failed()
    assert breaker.state == "open"


def test_fewer_failures_among_the_last_calls_leave_it_closed(clock: SettableClock) -> None:
    breaker = Breaker(clock, failures=5)
    for _ in range(20):
        breaker.failed()
        breaker.succeeded()
        breaker.succeeded()
    breaker.admit()
    assert breaker.state == "closed"


def test_after_the_pause_one_probe_goes_out_and_no_second(clock: SettableClock) -> None:
    breaker = opened(clock)
    clock.advance(301)
    breaker.admit()
    assert breaker.state == "probing"
    with pytest.raises(Unavailable):
        breaker.admit()


def test_a_probe_that_succeeds_closes_it(clock: SettableClock) -> None:
    breaker = opened(clock)
    clock.advance(301)
    breaker.admit()
    breaker.succeeded()
    breaker.failed()
    breaker.admit()
    assert breaker.state == "closed", "what went before is forgotten"


def test_a_probe_that_fails_opens_it_for_the_whole_pause_again(clock: SettableClock) -> None:
    breaker = opened(clock)
    clock.advance(301)
    breaker.admit()
    breaker.failed()
    clock.advance(299)
    with pytest.raises(Unavailable):
        breaker.admit()
    clock.advance(2)
    breaker.admit()


def test_an_abandoned_probe_lets_the_next_one_out(clock: SettableClock) -> None:
    breaker = opened(clock)
    clock.advance(301)
    breaker.admit()
    breaker.abandoned()
    breaker.admit()
    assert breaker.state == "probing"


def test_calls_that_fail_late_do_not_prolong_the_pause(clock: SettableClock) -> None:
    breaker = opened(clock)
    clock.advance(200)
    breaker.failed()
    clock.advance(101)
    breaker.admit()
    assert breaker.state == "probing"


def test_one_retry_after_holds_every_call_back_for_that_long_and_then_none(clock: SettableClock) -> None:
    breaker = Breaker(clock, failures=5)
    breaker.admit()
    breaker.failed(retry_after_s=7)
    clock.advance(6)
    with pytest.raises(Unavailable, match="asked for a pause") as refused:
        breaker.admit()
    assert refused.value.retry_after_s == 1
    clock.advance(2)
    breaker.admit()
    breaker.admit()


def test_the_longer_of_two_holds_counts(clock: SettableClock) -> None:
    breaker = Breaker(clock)
    breaker.failed(retry_after_s=60)
    breaker.failed(retry_after_s=5)
    assert breaker.held_s == 60


def test_failures_that_ask_for_a_pause_open_it_like_any_other(clock: SettableClock) -> None:
    breaker = Breaker(clock, failures=2, pause_s=300)
    breaker.failed(retry_after_s=1)
    breaker.failed(retry_after_s=1)
    clock.advance(2)
    with pytest.raises(Unavailable, match="repeated failures"):
        breaker.admit()


def test_a_retry_after_of_a_year_is_cut_to_an_hour(clock: SettableClock) -> None:
    breaker = Breaker(clock)
    breaker.failed(retry_after_s=31_536_000)
    clock.advance(3601)
    breaker.admit()


def test_a_clock_that_was_set_back_does_not_prolong_the_pause(clock: SettableClock) -> None:
    breaker = opened(clock)
    clock.advance(-86_400)
    breaker.admit()
    assert breaker.state == "probing"
