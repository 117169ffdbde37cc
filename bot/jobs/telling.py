"""The step that tells the terminal its digests: those of its own schedules, or of the one of the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from bot.commands.digest import cursor_of, gather_scheduled_digest
from bot.commands.gathering import EnsureWritten, NewsArchive, WriteStories
from bot.deliveries.slots import due_slots, first_slot
from bot.model import Digest, Schedule
from bot.ports import Clock, Desk

log = structlog.get_logger()

Tell = Callable[[Digest, str], Awaitable[None]]
"""Prints a digest and records it under this cursor."""


class ArchiveWithSchedules(NewsArchive, Desk, Protocol):
    """One object that is the archive with its stories and the desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalTelling:
    """Tells what is due. `schedule` holds while the terminal has none of its own; `is_still` says that the folder has
    been read to its end."""

    archive: ArchiveWithSchedules
    clock: Clock
    schedule: Schedule
    max_chars: int
    tell: Tell
    is_still: Callable[[], Awaitable[bool]]
    ensure_written: EnsureWritten | None = None
    write_stories: WriteStories | None = None

    async def __call__(self) -> None:
        """Tell the terminal what its schedules have due."""
        now = self.clock.now()
        key = self.schedule.destination.key
        if await self.archive.last_digest_at(key) is None:
            # The first digest comes as soon as there is something to tell: nobody should wait a day to see it work.
            if await self.is_still() and await self.archive.last_seq() > 0:
                await self._tell_now(self.schedule, now)
            return
        for schedule in await self._schedules():
            told = await self.archive.slot_told(schedule.id, until=now)
            # What was printed by hand counts too: right after it nobody wants a digest of nothing.
            printed = await self.archive.last_digest_at(key) if schedule is self.schedule else None
            due = due_slots(
                schedule, now=now, told_until=max(filter(None, (told, _not_after(printed, now))), default=None)
            )
            for slot in due.missed:
                await self.archive.mark_slot(schedule.id, slot.at, missed=True)
            for slot in due.tell:
                await self._tell_now(schedule, now)
                await self.archive.mark_slot(schedule.id, slot.at, missed=False)

    async def _tell_now(self, schedule: Schedule, now: datetime) -> None:
        found = await gather_scheduled_digest(
            self.archive,
            self.archive,
            schedule,
            clock=self.clock,
            max_chars=self.max_chars,
            ensure_written=self.ensure_written,
            write_stories=self.write_stories,
        )
        if not found.digest.items and not schedule.says_quiet_days:
            return
        await self.tell(found.digest, cursor_of(schedule))
        coming = first_slot(await self._schedules(), now=now)
        when = f"{coming[0].at.astimezone(ZoneInfo(coming[1].zone)):%a %H:%M %Z}" if coming else "never"
        log.info("digest told", stories=len(found.digest.items), next=when)

    async def _schedules(self) -> list[Schedule]:
        return await self.archive.schedules(self.schedule.destination) or [self.schedule]


def _not_after(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment <= now else None
