"""What the rules of the grammar are given: the text, the place in it, and the day the article was published."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.text.dates.span import Period, Tense, day, month, one_day, quarter, season, week, year
from bot.text.dates.tense import tense_at

# Without a tense, a date is taken for past unless the next one is this much nearer (plus the days of grace).
_PAST_PREFERENCE = 1.6
_PAST_GRACE_DAYS = 20
_MID_MONTH = 15
# The day of a month that every month has.
_SAFE_DAY = 28


class NeedsPublicationError(Exception):
    """A rule met a relative expression in an article whose day of publication is not known."""


@dataclass(slots=True, kw_only=True)
class Frame:
    """One expression under reading: `published` is asked for only by what is relative to it."""

    text: str
    start: int
    end: int
    publication: date | None
    english: bool = True
    _tense: Tense | None = field(default=None, init=False)
    _tense_known: bool = field(default=False, init=False)
    relative: bool = field(default=False, init=False)

    @property
    def published(self) -> date:
        """The day of publication. Raises: NeedsPublicationError when it is not known."""
        self.relative = True
        if self.publication is None:
            raise NeedsPublicationError
        return self.publication

    @property
    def tense(self) -> Tense | None:
        """The tense of the nearest cue."""
        if not self._tense_known:
            self._tense = tense_at(self.text, self.start, self.end, english=self.english)
            self._tense_known = True
        return self._tense

    def year_for(self, month_number: int, day_number: int | None = None) -> int:
        """Return the year of a month (and day) named without one: the latest past or the next, by the tense."""
        now = self.published

        def days_off(candidate: int) -> int:
            usual = now.day if month_number == now.month else _MID_MONTH
            return (date(candidate, month_number, min(day_number or usual, _SAFE_DAY)) - now).days

        past = max(candidate for candidate in (now.year - 1, now.year) if days_off(candidate) <= 0)
        future = min(candidate for candidate in (now.year, now.year + 1) if days_off(candidate) >= 0)
        if self.tense == "future":
            return future
        if self.tense == "past":
            return past
        return past if -days_off(past) <= days_off(future) * _PAST_PREFERENCE + _PAST_GRACE_DAYS else future

    def weekday(self, number: int) -> Period:
        """Return a weekday (0 = Monday): the latest up to the publication, or the next, by the tense."""
        if self.tense == "future":
            return one_day(self.published + timedelta(days=(number - self.published.weekday()) % 7))
        return one_day(self.published - timedelta(days=(self.published.weekday() - number) % 7))

    def weekday_of(self, number: int, step: int) -> Period:
        """Return a weekday before (-1), in (0) or after (1) the week of publication, never the day itself."""
        now = self.published
        if step == 0:
            return one_day(now + timedelta(days=number - now.weekday()))
        gap = (now.weekday() - number) % 7 or 7 if step < 0 else (number - now.weekday()) % 7 or 7
        return one_day(now + timedelta(days=gap * step))

    def month_of(self, number: int, step: int) -> Period | None:
        """Return a month: the latest before (-1), of this year (0) or the next after (1) that of publication."""
        now = self.published
        if step < 0:
            return month(now.year if number < now.month else now.year - 1, number)
        return month(now.year + (1 if step > 0 and number <= now.month else 0), number)

    def shifted(self, count: int, unit: str) -> Period | None:
        """Return the day, week, month, quarter or year so many units after (before, when negative) publication."""
        now = self.published
        if abs(count) > _MOST_UNITS.get(unit, 0):
            return None
        if unit == "day":
            return one_day(now + timedelta(days=count))
        if unit == "week":
            return week(now + timedelta(days=7 * count))
        if unit == "month":
            return month(now.year, now.month + count)
        if unit == "quarter":
            return quarter(now.year, (now.month - 1) // 3 + 1 + count)
        return year(now.year + count)

    def season_of(self, name: str, step: int) -> Period | None:
        """Return the last season of the name that is over (-1), the nearest (0) or the next to begin (1)."""
        now = self.published
        around = [found for number in range(now.year - 2, now.year + 2) if (found := season(number, name))]
        if step < 0:
            return next((found for found in reversed(around) if found.last < now), None)
        if step > 0:
            return next((found for found in around if found.first > now), None)
        return min(around, key=lambda found: max(found.first - now, now - found.last), default=None)

    def day_without_year(self, month_number: int, day_number: int) -> Period | None:
        """Return a day of a month, in the year that the tense tells."""
        if not 1 <= month_number <= 12 or not 1 <= day_number <= 31:
            return None
        return day(self.year_for(month_number, day_number), month_number, day_number)

    def month_without_year(self, number: int) -> Period | None:
        """Return a month, in the year that the tense tells."""
        return month(self.year_for(number), number) if 1 <= number <= 12 else None


Read = Callable[[re.Match[str], Frame], Period | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One form of date expression; of overlapping matches the rule that stands first in its grammar counts."""

    pattern: re.Pattern[str]
    read: Read
    confidence: float


# Units that people count in: "400 years ago" is history, "4,000 days ago" is nothing a news text says.
_MOST_UNITS = {"day": 400, "week": 200, "month": 240, "quarter": 40, "year": 500}
