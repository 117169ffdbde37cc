"""Turns the schedules that are due into posts in the outbox, each slot once; the deliverer posts them.

A digest is written down as told in the transaction that puts its posts into the outbox: whatever dies when, a channel
is never told the same twice and nothing falls between two digests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import structlog

from bot.commands.announcing import Announcement, announce
from bot.commands.digest import channel_digest_message, cursor_of, gather_scheduled_digest
from bot.commands.gathering import EnsureWritten, NewsArchive, WriteStories
from bot.deliveries.slots import due_slots, is_late, slot_key
from bot.model import Destination, Footer, Message, Platform, Schedule, Slot
from bot.ports import Clock, Desk, Outbox, Publisher

VisibleCollections = Callable[[Destination], tuple[str, ...] | None]
"""Says which collections a destination's workspace may see; None for all."""

log = structlog.get_logger()


class ArchiveWithDesk(NewsArchive, Desk, Outbox, Protocol):
    """One object that is the archive with its stories, the desk and the outbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcer:
    """Looks at every schedule when it is called; a schedule that fails holds up no other."""

    archive: ArchiveWithDesk
    publishers: Mapping[Platform, Publisher]
    clock: Clock
    max_chars: int
    visible: VisibleCollections
    ensure_written: EnsureWritten | None = None
    write_stories: WriteStories | None = None

    async def announce_due(self) -> int:
        """Put the digests of all slots that have come into the outbox; return how many were."""
        announced = 0
        # Slots that lie ahead were told by a clock that was ahead; their keys keep them from being told again.
        told = await self.archive.slots_told(until=self.clock.now())
        for schedule in await self.archive.schedules():
            if schedule.destination.platform not in self.publishers:
                continue
            try:
                announced += await self._announce_schedule(schedule, told.get(schedule.id))
            except Exception:
                log.exception("a schedule failed; the next round tries again", schedule=schedule.id)
        return announced

    async def _announce_schedule(self, schedule: Schedule, told_until: datetime | None) -> int:
        now = self.clock.now()
        due = due_slots(schedule, now=now, told_until=told_until)
        for slot in due.missed:
            await self.archive.mark_slot(schedule.id, slot.at, missed=True)
        announced = 0
        for slot in due.tell:
            announced += await self._announce_slot(schedule, slot, now)
            await self.archive.mark_slot(schedule.id, slot.at, missed=False)
        return announced

    async def _announce_slot(self, schedule: Schedule, slot: Slot, now: datetime) -> bool:
        found = await gather_scheduled_digest(
            self.archive,
            self.archive,
            schedule,
            clock=self.clock,
            max_chars=self.max_chars,
            collections=self.visible(schedule.destination),
            ensure_written=self.ensure_written,
            write_stories=self.write_stories,
        )
        if not found.digest.items and not schedule.says_quiet_days:
            return False
        message = channel_digest_message(found)
        if is_late(slot, now):
            message = _said_to_be_late(message, slot)
        return await announce(
            Announcement(found=found, message=message, cursor=cursor_of(schedule)),
            schedule.destination,
            publisher=self.publishers[schedule.destination.platform],
            outbox=self.archive,
            clock=self.clock,
            batch=slot_key(schedule, slot),
        )


def _said_to_be_late(message: Message, slot: Slot) -> Message:
    day = f"{slot.local_date:%a} {slot.local_date.day} {slot.local_date:%b}"
    note = f"This digest was due on {day}, {slot.local_time:%H:%M}."
    *blocks, last = message.blocks
    if isinstance(last, Footer):
        return Message(blocks=(*blocks, replace(last, lines=(note, *last.lines))))
    return Message(blocks=(*message.blocks, Footer(lines=(note,))))
