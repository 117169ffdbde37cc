"""What a date expression names: a stretch of days, how exactly it is named, and the arithmetic of such stretches."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Unit = Literal["day", "week", "month", "quarter", "season", "year"]
Tense = Literal["past", "future"]
Part = Literal["early", "mid", "late"]

# Years that a news text may speak of as dates; anything else with four digits is a number.
FIRST_YEAR = 1500
LAST_YEAR = 2199
_MONTHS_A_QUARTER = 3
_WEEKEND_STARTS = 5
# Seasons of the northern hemisphere by meteorologists' months; a winter begins in December of the year it is named by.
_SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
# Part of a month in days: early is 1-10, mid 11-20, late the rest.
_MONTH_PARTS = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_YEAR_PARTS = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days from `first` to `last`, both included, named as a `unit`; a span of several units has `is_span`."""

    first: date
    last: date
    unit: Unit
    is_span: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """One date expression, `text[start:end]`, and the days it names.

    `period` is None when it is relative to a day of publication that is not known. `relative` says that it needed
    one; `confidence` runs from 0 to 1; `tense` is that of the nearest verb, None when no cue stands near.
    """

    text: str
    start: int
    end: int
    period: Period | None
    confidence: float
    relative: bool = False
    tense: Tense | None = None


def day(year: int, month: int, number: int) -> Period | None:
    """Return one day, None for one that no calendar has."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not 1 <= month <= 12:
        return None
    if not 1 <= number <= calendar.monthrange(year, month)[1]:
        return None
    found = date(year, month, number)
    return Period(first=found, last=found, unit="day")


def one_day(found: date) -> Period:
    """Return the period of one day."""
    return Period(first=found, last=found, unit="day")


def month(year: int, number: int) -> Period | None:
    """Return a month; `number` may lie outside 1-12 and then belongs to another year."""
    year, number = year + (number - 1) // 12, (number - 1) % 12 + 1
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    last = calendar.monthrange(year, number)[1]
    return Period(first=date(year, number, 1), last=date(year, number, last), unit="month")


def year(number: int) -> Period | None:
    """Return a year."""
    if not FIRST_YEAR <= number <= LAST_YEAR:
        return None
    return Period(first=date(number, 1, 1), last=date(number, 12, 31), unit="year")


def years(first: int, last: int) -> Period | None:
    """Return the years from one to another."""
    start, end = year(first), year(last)
    return join(start, end) if first <= last else None


def quarter(year_number: int, number: int) -> Period | None:
    """Return a quarter; `number` may lie outside 1-4 and then belongs to another year."""
    start = month(year_number, 1 + _MONTHS_A_QUARTER * (number - 1))
    end = month(year_number, _MONTHS_A_QUARTER * number)
    return Period(first=start.first, last=end.last, unit="quarter") if start and end else None


def season(year_number: int, name: str) -> Period | None:
    """Return a season of the northern hemisphere; winter runs into the next year."""
    start = _SEASON_STARTS[name]
    first, last = month(year_number, start), month(year_number, start + 2)
    return Period(first=first.first, last=last.last, unit="season") if first and last else None


def week(inside: date) -> Period:
    """Return the week, Monday to Sunday, of a day."""
    monday = inside - timedelta(days=inside.weekday())
    return Period(first=monday, last=monday + timedelta(days=6), unit="week")


def weekend(inside: date) -> Period:
    """Return Saturday and Sunday of a day's week."""
    saturday = inside + timedelta(days=_WEEKEND_STARTS - inside.weekday())
    return Period(first=saturday, last=saturday + timedelta(days=1), unit="day", is_span=True)


def join(first: Period | None, last: Period | None) -> Period | None:
    """Return the span from one period to the end of another, None when either is missing or they are out of order."""
    if first is None or last is None or last.last < first.first:
        return None
    return Period(first=first.first, last=last.last, unit=last.unit, is_span=True)


def part_of(period: Period | None, part: Part) -> Period | None:
    """Return the early, middle or late part of a month or a year; of anything else all of it."""
    if period is None or period.is_span:
        return period
    if period.unit == "month":
        start, end = _MONTH_PARTS[part]
        last = min(end, period.last.day)
        return replace(period, first=period.first.replace(day=start), last=period.last.replace(day=last))
    if period.unit == "year":
        start, end = _YEAR_PARTS[part]
        last_day = calendar.monthrange(period.first.year, end)[1]
        return replace(
            period, first=period.first.replace(month=start), last=period.first.replace(month=end, day=last_day)
        )
    return period


def part_name(first: date, last: date, unit: Unit) -> Part | None:
    """Return which part of its month or year a period is, None for a whole one: what `part_of` made."""
    for part in ("early", "mid", "late"):
        whole = month(first.year, first.month) if unit == "month" else year(first.year) if unit == "year" else None
        found = part_of(whole, part)
        if found is not None and (found.first, found.last) == (first, last):
            return part
    return None
