"""Moments, times of day, weekdays and zones as people write them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.commands.times import near_zones, parse_rhythm, parse_since, parse_until, parse_zone, rhythm_text
from bot.errors import BadRequest

NOW = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("text", "times", "weekdays"),
    [
        ("08:00", [time(8)], EVERY_DAY),
        ("18:30, 08:00", [time(8), time(18, 30)], EVERY_DAY),
        ("08:00 18:30 08:00", [time(8), time(18, 30)], EVERY_DAY),
        ("7.15", [time(7, 15)], EVERY_DAY),
        ("9am 12am 12pm 6:30pm", [time(0), time(9), time(12), time(18, 30)], EVERY_DAY),
        ("morning evening", [time(8), time(18)], EVERY_DAY),
        ("office-hours", [time(9), time(12), time(15), time(18)], (0, 1, 2, 3, 4)),
        ("office-hours sat", [time(9), time(12), time(15), time(18)], (5,)),
        ("weekdays 7:15", [time(7, 15)], (0, 1, 2, 3, 4)),
        ("mon, wed and fri at 08:00", [time(8)], (0, 2, 4)),
        ("fri-mon 08:00", [time(8)], (0, 4, 5, 6)),
        ("월요일 08:00", [time(8)], (0,)),
        ("Every Sunday 10:00", [time(10)], (6,)),
    ],
)
def test_a_rhythm_is_read(text: str, times: list[time], weekdays: tuple[int, ...]) -> None:
    rhythm = parse_rhythm(text)
    assert rhythm.times == tuple(times)
    assert rhythm.weekdays == weekdays


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("25:00", "Times look like 08:00"),
        ("08:60", "Times look like 08:00"),
        ("13pm", "Times look like 08:00"),
        ("8", "Times look like 08:00"),
        ("mornin", "Did you mean morning?"),
        ("weekdays", "has no time of day"),
        ("08:00 wekdays", "Did you mean weekdays?"),
        (" ".join(f"{hour:02d}:{minute:02d}" for hour in range(3) for minute in range(0, 60, 10)), "at most 12 times"),
        ("٠٨:٠٠x", "no time of day"),
    ],
)
def test_a_wrong_time_says_what_would_be_understood(text: str, sentence: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parse_rhythm(text)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("seoul", "Asia/Seoul"),
        ("utc", "UTC"),
        ("GMT", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_name_or_its_city(text: str, zone: str) -> None:
    assert parse_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("Seol", "Asia/Seoul"),
        ("America/NewYork", "America/New_York"),
        ("PST", "America/Los_Angeles"),
        ("cest", "Europe/Berlin"),
        ("qqqq", "such as Europe/Berlin"),
        ("../../etc/passwd", "such as Europe/Berlin"),
    ],
)
def test_a_wrong_zone_names_the_nearest(text: str, nearest: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parse_zone(text)
    assert nearest in str(refusal.value)


def test_zones_complete_from_a_city_or_a_part() -> None:
    assert near_zones("ber", limit=5)[0] in {"Europe/Berlin", "Atlantic/Bermuda"}
    assert "Asia/Seoul" in near_zones("seo", limit=5)
    assert len(near_zones("a", limit=25)) == 25
    assert len(near_zones("", limit=25)) > 3


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("24h", NOW - timedelta(hours=24)),
        ("7D", NOW - timedelta(days=7)),
        ("90 min", NOW - timedelta(minutes=90)),
        ("2w", NOW - timedelta(weeks=2)),
        ("99999w", datetime(1900, 1, 1, tzinfo=UTC)),
        ("today", datetime(2026, 3, 4, tzinfo=UTC)),
        ("yesterday", datetime(2026, 3, 3, tzinfo=UTC)),
        ("어제", datetime(2026, 3, 3, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T10:00+02:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("all", datetime(1900, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text: str, moment: datetime) -> None:
    assert parse_since(text, now=NOW) == moment


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soon", "is no time. Use 24h"),
        ("2026-13-01", "is no time"),
        ("2026-03-05", "lies in the future"),
        ("1500-01-01", "use a year from 1900"),
        ("0001-01-01T00:00+14:00", "use a year from 1900"),
        ("9999-12-31T23:59-12:00", "use a year from 1900"),
    ],
)
def test_a_wrong_moment_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        parse_since(text, now=NOW)
    assert sentence in str(refusal.value)


def test_a_span_includes_its_last_day_and_may_reach_into_the_future() -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    assert parse_until("2026-07-01", since=since) == datetime(2026, 7, 2, tzinfo=UTC)
    with pytest.raises(BadRequest, match="before it begins"):
        parse_until("2026-02-01", since=since)


def test_a_rhythm_is_shown_in_words() -> None:
    assert rhythm_text((time(8), time(18, 30)), ()) == "08:00, 18:30 every day"
    assert rhythm_text((time(8),), (0, 1, 2, 3, 4)) == "08:00 on weekdays"
    assert rhythm_text((time(8),), (1, 5)) == "08:00 on Tue, Sat"
