"""What the running bot tells machines: its figures, and whether it is ready."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.app.building import SystemClock, terminal_schedule
from bot.app.fetching import FeedsOfSettings
from bot.deliveries.slots import next_slots
from bot.errors import BotError
from bot.jobs.metrics import Figures, Metrics
from bot.llm.breaker import Breaker
from bot.model import Platform
from bot.ports import FeedReport, WorkBook
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.storage.archive import SqlArchive

FRESH_S = 60.0
"""A heartbeat whose last round ended longer ago than this stands still: four of its longest pauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruments:
    """Measures one running bot; `breaker` is the LLM's, None without one; `work` is None where one process does all."""

    settings: Settings
    archive: SqlArchive
    metrics: Metrics
    breaker: Breaker | None
    work: WorkBook | None = None

    async def exposition(self) -> bytes:
        """Return all figures as Prometheus reads them. Raises: Unavailable when the archive does not answer."""
        return self.metrics.exposition(await self._figures())

    async def missing(self) -> str | None:
        """Return what keeps the bot from its work, None when nothing does."""
        age_s = self.metrics.beat_age_s()
        if age_s > FRESH_S:
            return "starting" if age_s == float("inf") else f"the heartbeat stands still since {age_s:.0f} s"
        try:
            await self.archive.probe(SystemClock().now())
        except BotError as error:
            return str(error)
        return None

    async def _figures(self) -> Figures:
        settings, archive, now = self.settings, self.archive, SystemClock().now()
        tokens, usd = await archive.spent(now.date().isoformat())
        running = [one for one in await archive.schedules() if not one.paused]
        if not any(one.destination.platform == "terminal" for one in running):
            running.append(terminal_schedule(settings))
        next_at: dict[Platform, datetime] = {}
        for schedule in running:
            for slot in next_slots(schedule, now=now, count=1):
                platform = schedule.destination.platform
                next_at[platform] = min(slot.at, next_at.get(platform, slot.at))
        return Figures(
            facts=await archive.archive_facts(),
            posts=await archive.count_posts(),
            tokens_today=tokens,
            usd_today=usd,
            max_usd_per_day=settings.llm.max_usd_per_day if settings.llm.is_on else None,
            breaker=self.breaker.state if self.breaker else None,
            schedules=Counter(schedule.destination.platform for schedule in running),
            next_slot_at=next_at,
            feeds=await self._feeds(),
            work=await self.work.work_facts() if self.work else None,
        )

    async def _feeds(self) -> tuple[FeedReport, ...]:
        try:
            return tuple(await FeedsOfSettings(settings=self.settings).feed_reports())
        except BotError:
            return ()  # a wrong feeds file is told by the log and by `newsbot check`


def new_metrics() -> Metrics:
    """Return what one running bot counts with."""
    return Metrics(version=version("newsbot"))
