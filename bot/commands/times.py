"""Reads moments, times of day, weekdays and time zones as people write them. Pure; `now` is given.

Every refusal says what would be understood.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import available_timezones

from bot.commands.visibility import split_list
from bot.commands.wording import shorten
from bot.errors import BadRequest

EVERY_DAY = tuple(range(7))
MAX_TIMES = 12
"""Times of day of one schedule: nobody reads a digest more than once an hour of daylight."""

FIRST_YEAR = 1900
"""Older dates are slips of the pen: no news file reaches back further."""

LAST_YEAR = 2200
"""Later dates are slips, too: no news file tells of plans beyond it."""

_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PRESETS: Mapping[str, tuple[time, ...]] = {
    "morning": (time(8),),
    "noon": (time(12),),
    "evening": (time(18),),
    "office-hours": (time(9), time(12), time(15), time(18)),
}
_DAY_PRESETS: Mapping[str, tuple[int, ...]] = {
    "daily": EVERY_DAY,
    "weekdays": (0, 1, 2, 3, 4),
    "weekends": (5, 6),
    "weekend": (5, 6),
}
_OFFICE_DAYS = _DAY_PRESETS["weekdays"]
_WEEKDAY_OF = {
    name: index
    for index, names in enumerate(
        (
            "mon monday mondays 월 월요일",
            "tue tues tuesday tuesdays 화 화요일",
            "wed wednesday wednesdays 수 수요일",
            "thu thur thurs thursday thursdays 목 목요일",
            "fri friday fridays 금 금요일",
            "sat saturday saturdays 토 토요일",
            "sun sunday sundays 일 일요일",
        )
    )
    for name in names.split()
}
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(am|pm)?")
_DAY_RANGE = re.compile(r"(\w+)[-\u2013](\w+)")
_AGO = re.compile(r"(\d{1,5})\s*(m|min|h|d|w)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
# An abbreviation names an offset, not a place: whoever says EST in July means New York's summer time.
_ABBREVIATIONS: Mapping[str, str] = {
    "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "cst": "America/Chicago",
    "cdt": "America/Chicago", "mst": "America/Denver", "mdt": "America/Denver", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "hst": "Pacific/Honolulu", "cet": "Europe/Berlin",
    "cest": "Europe/Berlin", "mez": "Europe/Berlin", "mesz": "Europe/Berlin", "bst": "Europe/London",
    "wet": "Europe/Lisbon", "eet": "Europe/Athens", "msk": "Europe/Moscow", "ist": "Asia/Kolkata",
    "kst": "Asia/Seoul", "jst": "Asia/Tokyo", "hkt": "Asia/Hong_Kong", "sgt": "Asia/Singapore",
    "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland", "nzdt": "Pacific/Auckland",
}  # fmt: skip
_UTC_NAMES = frozenset(("utc", "gmt", "z", "zulu"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Local times of day, in order, on some weekdays (0 is Monday)."""

    times: tuple[time, ...]
    weekdays: tuple[int, ...]


def parse_rhythm(text: str) -> Rhythm:
    """Return when a schedule is due: "08:00, 18:30", "morning", "office-hours", "mon-fri 7:15", "weekdays 9am".

    Office hours mean working days unless other days are named. Raises: BadRequest.
    """
    times: set[time] = set()
    days: set[int] = set()
    has_office_hours = False
    for word in (word for entry in split_list(text) for word in entry.casefold().split()):
        if word in _PRESETS:
            times.update(_PRESETS[word])
            has_office_hours = has_office_hours or word == "office-hours"
        elif found := _days_of(word):
            days.update(found)
        elif word not in ("at", "on", "and", "every", "day", "every-day"):
            times.add(_time_of_day(word))
    if not times:
        raise BadRequest(f"“{shorten(text)}” has no time of day. Say 08:00, {', '.join(_PRESETS)}, or several of them.")
    if len(times) > MAX_TIMES:
        raise BadRequest(f"One schedule has at most {MAX_TIMES} times a day; you gave {len(times)}.")
    default = _OFFICE_DAYS if has_office_hours else EVERY_DAY
    return Rhythm(times=tuple(sorted(times)), weekdays=tuple(sorted(days)) or default)


def parse_zone(text: str) -> str:
    """Return the IANA name of a time zone, given in any case, or by its city when only one zone is named after it.

    Raises: BadRequest, which names the nearest zones.
    """
    wanted = text.strip()
    folded = wanted.casefold().replace(" ", "_")
    if folded in _UTC_NAMES:
        return "UTC"
    place = _ABBREVIATIONS.get(folded)
    if place:
        raise BadRequest(f"“{shorten(wanted)}” does not say where you are. Say {place} or a city near you.")
    names = _zone_names()
    if folded in names:
        return names[folded]
    in_city = _zones_by_city().get(folded, ())
    if len(in_city) == 1:
        return in_city[0]
    near = in_city or near_zones(wanted, limit=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Zones have names such as Europe/Berlin or Asia/Seoul."
    raise BadRequest(f"I know no time zone “{shorten(wanted)}”. {hint}")


def near_zones(typed: str, *, limit: int) -> list[str]:
    """Return zone names that begin with, hold or resemble what was typed, best first."""
    folded = typed.strip().casefold().replace(" ", "_")
    names = _zone_names()
    if not folded:
        return ["UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Los_Angeles", "Asia/Seoul"][
            :limit
        ]
    by_city = _zones_by_city()
    found = [zone for city, zones in by_city.items() if city.startswith(folded) for zone in zones]
    found.extend(name for key, name in names.items() if folded in key)
    for city in difflib.get_close_matches(folded, by_city, n=limit, cutoff=0.7):
        found.extend(by_city[city])
    found.extend(names[key] for key in difflib.get_close_matches(folded, names, n=limit, cutoff=0.7))
    return list(dict.fromkeys(found))[:limit]


def parse_since(text: str, *, now: datetime) -> datetime:
    """Return the moment that "24h", "7d", "yesterday", "2026-05-03" or "all" means; a day begins at midnight UTC.

    Raises: BadRequest (no time, before 1900, in the future).
    """
    folded = text.strip().casefold()
    if folded == "all":
        return datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    moment = _ago(folded, now) or _day_word(folded, now) or _stated(folded)
    if moment is None:
        raise BadRequest(f"“{shorten(text)}” is no time. Use 24h, 7d, yesterday, a date such as 2026-05-03, or all.")
    if moment > now:
        raise BadRequest(f"{moment:%Y-%m-%d} lies in the future. Use a date that has been, or 24h, or 7d.")
    return moment


def parse_until(text: str, *, since: datetime) -> datetime:
    """Return the end (exclusive) of a span that ends with this day; it may lie in the future: news tells of plans.

    Raises: BadRequest (no date, before `since`).
    """
    moment = _stated(text.strip().casefold())
    if moment is None:
        raise BadRequest(f"“{shorten(text)}” is no date. Use one such as 2026-05-03.")
    if moment < since:
        raise BadRequest(f"The span ends on {moment:%Y-%m-%d}, before it begins on {since:%Y-%m-%d}.")
    return moment + timedelta(days=1) if moment.time() == time() else moment


def rhythm_text(times: Sequence[time], weekdays: Sequence[int]) -> str:
    """Return a rhythm as it is shown: "08:00, 18:30 on weekdays"."""
    clock = ", ".join(f"{at:%H:%M}" for at in times)
    days = tuple(weekdays)
    if not days or days == EVERY_DAY:
        return f"{clock} every day"
    if days == _OFFICE_DAYS:
        return f"{clock} on weekdays"
    return f"{clock} on {', '.join(_DAY_NAMES[day] for day in days)}"


def _days_of(word: str) -> tuple[int, ...]:
    if word in _DAY_PRESETS:
        return _DAY_PRESETS[word]
    if word in _WEEKDAY_OF:
        return (_WEEKDAY_OF[word],)
    span = _DAY_RANGE.fullmatch(word)
    if span and span[1] in _WEEKDAY_OF and span[2] in _WEEKDAY_OF:
        first, last = _WEEKDAY_OF[span[1]], _WEEKDAY_OF[span[2]]
        return tuple((first + step) % 7 for step in range((last - first) % 7 + 1))
    return ()


def _time_of_day(word: str) -> time:
    match = _CLOCK.fullmatch(word)
    if match and (match[2] or match[3]):
        hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
        if half and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return time(hour, minute)
    known = [*_PRESETS, *_DAY_PRESETS, *_WEEKDAY_OF]
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.7)
    hint = f"Did you mean {near[0]}?" if near else "Times look like 08:00 or 6:30pm."
    raise BadRequest(f"“{shorten(word)}” is no time of day. {hint}")


def _ago(folded: str, now: datetime) -> datetime | None:
    match = _AGO.fullmatch(folded)
    if not match:
        return None
    span = timedelta(**{_UNITS[match[2]]: int(match[1])})
    beginning = datetime(FIRST_YEAR, 1, 1, tzinfo=UTC)
    return max(beginning, now - min(span, now - beginning))


def _day_word(folded: str, now: datetime) -> datetime | None:
    days_back = {"today": 0, "오늘": 0, "yesterday": 1, "어제": 1}.get(folded)
    if days_back is None:
        return None
    return datetime.combine(now.date(), time(), tzinfo=UTC) - timedelta(days=days_back)


def _stated(folded: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(folded.upper())
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise BadRequest(f"{folded} is out of range: use a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


@cache
def _zone_names() -> dict[str, str]:
    regions = {"Etc", "SystemV", "US", "posix", "right"}
    names = (name for name in available_timezones() if "/" in name and name.partition("/")[0] not in regions)
    return {"utc": "UTC", **{name.casefold(): name for name in sorted(names)}}


@cache
def _zones_by_city() -> dict[str, tuple[str, ...]]:
    cities: dict[str, list[str]] = defaultdict(list)
    for key, name in _zone_names().items():
        cities[key.rpartition("/")[2]].append(name)
    return {city: tuple(zones) for city, zones in cities.items()}
