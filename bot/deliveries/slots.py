"""Which digests are due: one for each local date and time of day, through every change of the clocks. Pure.

A time that a change to summer time skips moves to just after the gap; of a time that comes twice, the first counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

CATCH_UP_S = 12 * 3600
"""A slot missed by less than this is still told, late; an older one is passed over for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One planned digest: its local date and time, and the moment (UTC) that comes to."""

    local_date: date
    local_time: time
    at: datetime


def latest_due_slot(
    times: Sequence[time], zone: ZoneInfo, *, now: datetime, told_until: datetime | None, catch_up_s: float = CATCH_UP_S
) -> Slot | None:
    """Return the latest slot that has come and was not told yet, or None.

    `told_until` is the moment of the last slot told; slots missed before the latest one are covered by it, because a
    digest covers everything since the last. A slot older than `catch_up_s` seconds is not due any more.
    """
    today = now.astimezone(zone).date()
    slots = [slot_of(day, at, zone) for day in (today - timedelta(days=1), today) for at in times]
    due = [
        slot
        for slot in slots
        if slot.at <= now
        and (now - slot.at).total_seconds() < catch_up_s
        and (told_until is None or slot.at > told_until)
    ]
    return max(due, key=lambda slot: slot.at, default=None)


def next_slot(times: Sequence[time], zone: ZoneInfo, *, now: datetime) -> Slot:
    """Return the first slot after `now`."""
    today = now.astimezone(zone).date()
    slots = [slot_of(today + timedelta(days=ahead), at, zone) for ahead in (-1, 0, 1, 2) for at in times]
    return min((slot for slot in slots if slot.at > now), key=lambda slot: slot.at)


def slot_of(local_date: date, local_time: time, zone: ZoneInfo) -> Slot:
    """Return the slot of this local date and time of day."""
    wall = datetime.combine(local_date, local_time.replace(fold=0), tzinfo=zone)
    at = wall.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        at = _end_of_gap(at, zone)
    return Slot(local_date=local_date, local_time=local_time, at=at)


def _end_of_gap(at: datetime, zone: ZoneInfo) -> datetime:
    # With fold=0 a time inside a gap is read with the offset before the change, so the change lies at most one gap
    # before `at`; halving the search finds its second.
    early, late = at - timedelta(days=1), at
    offset_after = late.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).utcoffset() == offset_after:
            late = middle
        else:
            early = middle
    return late.replace(microsecond=0)
