"""One round of the bot: read what is new in the folder, have it summarized, tell what is due."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from bot.commands.digest import cursor_of, gather_scheduled_digest
from bot.commands.gathering import EnsureWritten, NewsArchive, WriteStories
from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import EDIT_DAYS, Editor
from bot.deliveries.slots import due_slots, first_slot
from bot.errors import BotError
from bot.jobs.announcing import Announcer
from bot.model import Digest, Schedule
from bot.pipeline import IngestReport, Pipeline, Progress
from bot.ports import Clock, Corrections, Desk, Outbox
from bot.text.safe import escape_visible

log = structlog.get_logger()

KEEP_POSTS_DAYS = 42
"""Days for which sent messages are kept: longer than a digest is edited, and than anyone asks why it said what."""

TIDY_EVERY = timedelta(days=1)

Tell = Callable[[Digest, str], Awaitable[None]]
"""Prints a digest and records it under this cursor."""


class ArchiveWithDesk(NewsArchive, Desk, Outbox, Corrections, Protocol):
    """One object that is the archive with its stories, the desk and what is posted."""


class Rounds:
    """Called by the heartbeat; says once, not every few seconds, what went wrong.

    `come_back` is called with the seconds after which another round is worth it, when files are still being written.
    """

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        archive: ArchiveWithDesk,
        clock: Clock,
        terminal: Schedule,
        max_chars: int,
        tell: Tell,
        ensure_written: EnsureWritten | None,
        write_stories: WriteStories | None = None,
        announcer: Announcer,
        deliverer: Deliverer,
        editor: Editor,
        come_back: Callable[[], object],
        progress: Progress | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._archive = archive
        self._clock = clock
        self._terminal = terminal
        self._max_chars = max_chars
        self._tell = tell
        self._ensure_written = ensure_written
        self._write_stories = write_stories
        self._announcer = announcer
        self._deliverer = deliverer
        self._editor = editor
        self._tidied_at: datetime | None = None
        self._come_back = come_back
        self._progress = progress
        self._trouble: str | None = None
        self._folder_is_still = False

    async def __call__(self) -> None:
        """Do one round; an error that a person can mend is logged once and the next round tries again.

        A step that fails holds up no other: what was read before is told and posted, whatever the folder does.
        """
        trouble: BotError | None = None
        for step in (self._read_folder, self._tell_terminal, self._serve_channels, self._tidy):
            try:
                await step()
            except BotError as error:
                trouble = trouble or error
        if trouble is not None:
            if str(trouble) != self._trouble:
                log.error(str(trouble), cause=repr(trouble.__cause__) if trouble.__cause__ else None)
                self._trouble = str(trouble)
        elif self._trouble is not None:
            log.info("working again", after=self._trouble)
            self._trouble = None

    async def _read_folder(self) -> None:
        self._folder_is_still = False
        report = await self._pipeline.ingest(self._progress)
        _log_report(report)
        self._folder_is_still = not report.waiting
        if report.waiting:
            self._come_back()

    async def _tell_terminal(self) -> None:
        """Tell the terminal what its schedules have due: its own, or the one of the settings while it has none."""
        now = self._clock.now()
        key = self._terminal.destination.key
        if await self._archive.last_digest_at(key) is None:
            # The first digest comes as soon as there is something to tell: nobody should wait a day to see it work.
            if self._folder_is_still and await self._archive.last_seq() > 0:
                await self._tell_now(self._terminal, now)
            return
        for schedule in await self._schedules():
            told = await self._archive.slot_told(schedule.id, until=now)
            # What was printed by hand counts too: right after it nobody wants a digest of nothing.
            printed = await self._archive.last_digest_at(key) if schedule is self._terminal else None
            due = due_slots(
                schedule, now=now, told_until=max(filter(None, (told, _not_after(printed, now))), default=None)
            )
            for slot in due.missed:
                await self._archive.mark_slot(schedule.id, slot.at, missed=True)
            for slot in due.tell:
                await self._tell_now(schedule, now)
                await self._archive.mark_slot(schedule.id, slot.at, missed=False)

    async def _serve_channels(self) -> None:
        announced = await self._announcer.announce_due()
        if announced:
            log.info("digests on their way", channels=announced)
        done = await self._deliverer.deliver_due()
        if done.sent or done.parked or done.dead:
            log.info("posted", sent=done.sent, parked=done.parked, dead=done.dead)

        await self._editor.compare_all()
        edited = await self._editor.edit_due()
        if edited.made or edited.given_up:
            log.info("messages edited", edited=edited.made, given_up=edited.given_up)

    async def _tell_now(self, schedule: Schedule, now: datetime) -> None:
        found = await gather_scheduled_digest(
            self._archive,
            self._archive,
            schedule,
            clock=self._clock,
            max_chars=self._max_chars,
            ensure_written=self._ensure_written,
            write_stories=self._write_stories,
        )
        if not found.digest.items and not schedule.says_quiet_days:
            return
        await self._tell(found.digest, cursor_of(schedule))
        coming = first_slot(await self._schedules(), now=now)
        when = f"{coming[0].at.astimezone(ZoneInfo(coming[1].zone)):%a %H:%M %Z}" if coming else "never"
        log.info("digest told", stories=len(found.digest.items), next=when)

    async def _schedules(self) -> list[Schedule]:
        return await self._archive.schedules(self._terminal.destination) or [self._terminal]

    async def _tidy(self) -> None:
        """Forget, once a day, what was posted long ago; the slots it was posted for stay used."""
        now = self._clock.now()
        if self._tidied_at is not None and abs(now - self._tidied_at) < TIDY_EVERY:
            return
        await self._archive.prune_shown(before=now - timedelta(days=EDIT_DAYS))
        await self._archive.prune_posts(before=now - timedelta(days=KEEP_POSTS_DAYS))
        self._tidied_at = now


def _not_after(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment <= now else None


def _log_report(report: IngestReport) -> None:
    if report.read or report.gone:
        articles = len(report.article_ids)
        log.info("folder read", files=report.read, articles=articles, copies=report.copies, gone=report.gone)
    for record in report.quarantined:
        log.warning("quarantined", file=escape_visible(os.fsdecode(record.path)), reason=record.reason)
