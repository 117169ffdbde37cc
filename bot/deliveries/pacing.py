"""Spaces calls to a platform out, so that a morning with a thousand digests stays within its rate limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MAX_PLACES = 1_000
"""Places remembered before those are forgotten whose pause is over."""


class Pace:
    """Gives turns: `burst` at once, `per_s` a second after that, and to one place `gap_s` after the last call's end.

    How long a call is under way differs: only from its end on it is certain that the platform has counted it.

    One object for all calls that count together; two processes that post with one token would need to share it. Time
    is the machine's, whatever a wall clock says. Source: the generic cell rate algorithm (ITU-T I.371).
    """

    def __init__(self, *, per_s: float, burst: int, gap_s: float = 0.0) -> None:
        self._step_s = 1 / per_s
        self._credit_s = (burst - 1) / per_s
        self._gap_s = gap_s
        self._next = 0.0
        self._next_at: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, place: str) -> AsyncIterator[None]:
        """Begin when it is the turn of a call to this place; the call is the block."""
        now = time.monotonic()
        wait_s = self.reserve(place, now) - now
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        try:
            yield
        finally:
            self.end(place, time.monotonic())

    def reserve(self, place: str, now: float) -> float:
        """Return when a call to this place that is asked for now may go, and count it; times are in seconds."""
        free = max(self._next, now - self._credit_s)
        self._next = free + self._step_s
        return max(now, free, self._next_at.get(place, now))

    def end(self, place: str, now: float) -> None:
        """Note that a call to this place has ended."""
        if self._gap_s:
            if len(self._next_at) >= MAX_PLACES:
                self._next_at = {name: moment for name, moment in self._next_at.items() if moment > now}
            self._next_at[place] = now + self._gap_s
