"""Shows how far a long reading has come, how fast it goes and how long it will take: a line that renews itself in a
terminal, log lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Final

import structlog

LOG_EVERY_S = 15.0
MIN_TO_DO = 2
"""Less than this is read before anyone could wonder."""

MIN_MEASURED_S = 5.0
"""A pace is told once it was measured for so long."""

ARTICLES = "articles"
"""The unit in which is told how far the articles of an older archive are put into stories."""

S_PER_MIN = 60
MIN_PER_HOUR = 60
HOURS_PER_DAY = 24

log = structlog.get_logger()


class ReadingProgress:
    """Implements `pipeline.Progress`; `now_s` tells seconds that only rise."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._unit = ""
        self._began_s = self._logged_s = 0.0
        self._done_at_first = self._done = 0

    def __call__(self, done: int, total: int, unit: str = "files") -> None:
        """Show that so much of what is to be read is done."""
        if total < MIN_TO_DO:
            return
        now_s = self._now_s()
        if unit != self._unit or done < self._done:
            self._unit, self._began_s, self._logged_s, self._done_at_first = unit, now_s, now_s, done
        self._done = done
        pace = self._pace(done, total, now_s - self._began_s)
        if sys.stderr.isatty():
            ending = "\n" if done == total else ""
            sys.stderr.write(f"\r\x1b[K{_deed(done, total, unit)}{pace}{ending}")
            sys.stderr.flush()
        elif done == total or now_s - self._logged_s >= LOG_EVERY_S:
            self._logged_s = now_s
            log.info(f"{_deed(done, total, unit)}{pace}")
        if done == total:
            self._unit = ""

    def _pace(self, done: int, total: int, measured_s: float) -> str:
        fresh = done - self._done_at_first
        if measured_s < MIN_MEASURED_S or fresh <= 0:
            return ""
        a_second = fresh / measured_s
        if done == total:
            return f", {a_second:,.1f} a second"
        return f", {a_second:,.1f} a second, about {_duration((total - done) / a_second)} left"


def _deed(done: int, total: int, unit: str) -> str:
    if unit == ARTICLES:
        return f"putting {done:,} of {total:,} articles into stories"
    return f"reading {done:,} of {total:,} {unit}"


def _duration(seconds: float) -> str:
    """Return a length of time in its two largest units, rounded up to minutes."""
    minutes = int(seconds // S_PER_MIN) + 1
    hours, minutes = divmod(minutes, MIN_PER_HOUR)
    days, hours = divmod(hours, HOURS_PER_DAY)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


show_progress: Final = ReadingProgress()
"""The progress of this process's terminal."""
