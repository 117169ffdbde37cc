"""One round of the bot: read what is new in the folder, have it summarized, tell what is due."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

import structlog

from bot.commands.digest import gather_digest
from bot.deliveries.delivering import Deliverer
from bot.deliveries.slots import latest_due_slot, next_slot
from bot.digests.composing import Size
from bot.errors import BotError
from bot.jobs.announcing import Announcer
from bot.model import Article, Digest
from bot.pipeline import IngestReport, Pipeline, Progress
from bot.ports import Archive, Clock
from bot.text.safe import escape_visible

log = structlog.get_logger()

Tell = Callable[[Digest], Awaitable[None]]
"""Delivers a digest to its destination and records it there."""

EnsureWritten = Callable[[Sequence[Article]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When a destination gets its digest: local times of day in a zone, and how much one digest holds."""

    destination: str
    times: tuple[time, ...]
    zone: ZoneInfo
    size: Size


class Rounds:
    """Called by the heartbeat; says once, not every few seconds, what went wrong.

    `come_back` is called with the seconds after which another round is worth it, when files are still being written.
    """

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        archive: Archive,
        clock: Clock,
        timetable: Timetable,
        tell: Tell,
        ensure_written: EnsureWritten | None,
        announcer: Announcer,
        deliverer: Deliverer,
        come_back: Callable[[], object],
        progress: Progress | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._archive = archive
        self._clock = clock
        self._timetable = timetable
        self._tell = tell
        self._ensure_written = ensure_written
        self._announcer = announcer
        self._deliverer = deliverer
        self._come_back = come_back
        self._progress = progress
        self._trouble: str | None = None

    async def __call__(self) -> None:
        """Do one round; an error that a person can mend is logged once and the next round tries again."""
        try:
            report = await self._pipeline.ingest(self._progress)
            _log_report(report)
            if report.waiting:
                self._come_back()
            await self._tell_if_due(folder_is_still=not report.waiting)
            await self._serve_channels()
        except BotError as error:
            if str(error) != self._trouble:
                log.error(str(error), cause=repr(error.__cause__) if error.__cause__ else None)
                self._trouble = str(error)
            return
        if self._trouble is not None:
            log.info("working again", after=self._trouble)
            self._trouble = None

    async def _tell_if_due(self, *, folder_is_still: bool) -> None:
        table = self._timetable
        now = self._clock.now()
        told_at = await self._archive.last_digest_at(table.destination)
        if told_at is None:
            # The first digest comes as soon as there is something to tell: nobody should wait a day to see it work.
            if folder_is_still and await self._archive.last_seq() > 0:
                await self._tell_now(now)
            return
        if latest_due_slot(table.times, table.zone, now=now, told_until=told_at) is not None:
            await self._tell_now(now)

    async def _serve_channels(self) -> None:
        announced = await self._announcer.announce_due()
        if announced:
            log.info("digests on their way", channels=announced)
        done = await self._deliverer.deliver_due()
        if done.sent or done.parked or done.dead:
            log.info("posted", sent=done.sent, parked=done.parked, dead=done.dead)

    async def _tell_now(self, now: datetime) -> None:
        table = self._timetable
        digest = await gather_digest(
            self._archive,
            destination=table.destination,
            clock=self._clock,
            size=table.size,
            ensure_written=self._ensure_written,
        )
        await self._tell(digest)
        upcoming = next_slot(table.times, table.zone, now=now)
        log.info("digest told", articles=len(digest.items), next=f"{upcoming.at.astimezone(table.zone):%a %H:%M %Z}")


def _log_report(report: IngestReport) -> None:
    if report.read or report.gone:
        articles = len(report.article_ids)
        log.info("folder read", files=report.read, articles=articles, copies=report.copies, gone=report.gone)
    for record in report.quarantined:
        log.warning("quarantined", file=escape_visible(os.fsdecode(record.path)), reason=record.reason)
