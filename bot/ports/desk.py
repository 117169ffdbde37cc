"""What people set up in their channels: schedules, filters, votes, and how often they asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Destination, Schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFilter:
    """Words and sources a channel wants (empty: all) and does not want."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


class Desk(Protocol):
    """Keeps what people set up in their channels. Every row belongs to one workspace; no query crosses it."""

    async def schedules(self, destination: Destination | None = None) -> list[Schedule]:
        """Return the schedules of one destination, or all of them, oldest first."""
        ...

    async def save_schedule(self, schedule: Schedule) -> None:
        """Insert or replace a schedule."""
        ...

    async def remove_schedule(self, destination: Destination, schedule_id: str) -> bool:
        """Remove a schedule of this destination; return whether it was there."""
        ...

    async def filters(self, destination: Destination) -> ChannelFilter:
        """Return the filter of a destination; an empty one when none was set."""
        ...

    async def save_filters(self, destination: Destination, filters: ChannelFilter) -> None:
        """Replace the filter of a destination."""
        ...

    async def count_use(self, caller_key: str, day: str, *, limit: int) -> bool:
        """Count one use on this UTC day and return True, or return False and count nothing when `limit` is reached."""
        ...

    async def save_vote(self, destination: Destination, user: str, subject: str, vote: int) -> None:
        """Keep a reader's thumb (+1, -1) on something; a second one replaces the first."""
        ...

    async def votes(self, destination: Destination) -> dict[str, int]:
        """Return the sum of the votes of a destination's readers on each subject."""
        ...

    async def remember_event(self, event_id: str, now: datetime) -> bool:
        """Write down that this event of a platform is answered; return False when it was written down before.

        Events are forgotten after two days: platforms deliver one again within a day, if at all.
        """
        ...

    async def slot_told(self, schedule_id: str, *, until: datetime | None = None) -> datetime | None:
        """Return the moment of the last slot of this schedule that was enqueued or passed over, or None.

        `until` leaves out later slots: those of a clock that was ahead.
        """
        ...

    async def slots_told(self, *, until: datetime) -> dict[str, datetime]:
        """Return what `slot_told` does for every schedule that is kept, by its id; those without one are left out."""
        ...

    async def missed_slots(self, destination: Destination, *, limit: int) -> list[datetime]:
        """Return the moments of the latest slots that were passed over there, newest first, at most `limit`."""
        ...

    async def mark_slot(self, schedule_id: str, slot_at: datetime, *, missed: bool) -> bool:
        """Write a slot down as enqueued or missed; return False when it was written down before."""
        ...
