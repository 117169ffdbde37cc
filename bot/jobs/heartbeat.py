"""The heartbeat: calls one function every few seconds, never twice at once, and never misses being late.

APScheduler only gives the beat. What is due is said by the folder and the archive, so a beat that comes late, or a
clock that jumps, delays work but loses none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

MAX_INTERVAL_S = 15.0
"""Longest pause between two beats: what is due is noticed within 30 s of a clock step or a suspend."""

_JOB = "heartbeat"

log = structlog.get_logger()


class Heartbeat:
    """Runs `beat` at once, then every `interval_s` seconds and whenever `hurry()` is called, one at a time.

    A beat that raises is logged and followed by the next; two calls of `hurry()` during a beat make one more beat.
    """

    def __init__(self, beat: Callable[[], Awaitable[None]], *, interval_s: float) -> None:
        self._beat = beat
        self._wanted = asyncio.Event()
        self._interval_s = min(interval_s, MAX_INTERVAL_S)
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        # The defaults drop runs: 1 s of grace, and every run missed while the loop was busy fires on its own.
        self._scheduler.add_job(
            self._tick,
            AfterNow(self._interval_s),
            id=_JOB,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )

    def hurry(self) -> None:
        """Ask for a beat now."""
        self._wanted.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Beat until `stop` is set; the beat under way is finished first."""
        self._scheduler.start()
        self._wanted.set()
        stopped = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                wanted = asyncio.create_task(self._wanted.wait())
                waited = {wanted, stopped}
                done, _ = await asyncio.wait(waited, timeout=2 * self._interval_s, return_when=asyncio.FIRST_COMPLETED)
                wanted.cancel()
                if not done:
                    # The wall clock was set back: the scheduler would wait until it is as late again as it was.
                    self._scheduler.reschedule_job(_JOB, trigger=AfterNow(self._interval_s))
                if stop.is_set():
                    break
                self._wanted.clear()
                await self._beat_safely()
        finally:
            stopped.cancel()
            self._scheduler.shutdown(wait=False)

    async def _tick(self) -> None:
        self._wanted.set()

    async def _beat_safely(self) -> None:
        try:
            await self._beat()
        except Exception:
            log.exception("a beat failed; the next one tries again")


class AfterNow(BaseTrigger):  # type: ignore[misc]
    """Fires so long after it fired last, whatever the clock did meanwhile.

    APScheduler's own interval makes a list of every run that a jump of the clock left out: after two days of suspend
    that alone would hold the event loop up for seconds.
    """

    def __init__(self, interval_s: float) -> None:
        self._interval = timedelta(seconds=interval_s)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next time; there is never more than one to come."""
        return now + self._interval
