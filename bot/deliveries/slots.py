"""Which digests are due: one for each local date and time of day, through every change of the clocks. Pure.

A time that a change to summer time skips moves to just after the gap; of a time that comes twice, the first counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.model import Schedule, Slot

CATCH_UP_S = 12 * 3600
"""A slot missed by less than this is still told, late; an older one is passed over for the next."""

ON_TIME_S = 15 * 60
"""A digest this much after its slot is not late: a round may have a full folder to read first."""

LOOK_BACK_DAYS = 31
"""Slots missed longer ago than this are not even listed: after a year's pause nobody wants 365 lines."""

SEARCH_DAYS = 60
"""How far ahead the next slots are looked for; a schedule of one weekday has eight in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSlots:
    """What a schedule has open, oldest first: the slots to tell now, and those passed over and shown as missed.

    Both have to be written down once they are dealt with.
    """

    tell: tuple[Slot, ...] = ()
    missed: tuple[Slot, ...] = ()


def due_slots(
    schedule: Schedule, *, now: datetime, told_until: datetime | None, catch_up_s: float = CATCH_UP_S
) -> DueSlots:
    """Return which slots of this schedule have come since `told_until`, the last one told or passed over.

    By its catch-up policy: `latest` tells the latest one younger than `catch_up_s` (a digest covers everything since
    the last, so it covers the others), `all` tells each of those, `skip` only one that is not late. Slots before the
    schedule was made are not its own; those that came while it is paused are missed. Raises: ZoneInfoNotFoundError.
    """
    since = max(
        told_until or schedule.created_at or now - timedelta(seconds=catch_up_s), now - timedelta(days=LOOK_BACK_DAYS)
    )
    come = tuple(_slots_between(schedule, since, now))
    if schedule.paused:
        return DueSlots(missed=come)
    young_s = ON_TIME_S if schedule.catch_up == "skip" else catch_up_s
    tell = tuple(slot for slot in come if (now - slot.at).total_seconds() < young_s)
    if schedule.catch_up != "all":
        tell = tell[-1:]
    return DueSlots(tell=tell, missed=tuple(slot for slot in come if slot not in tell))


def next_slots(schedule: Schedule, *, now: datetime, count: int) -> list[Slot]:
    """Return the next slots after `now`, at most `count`, as if the schedule were not paused."""
    return list(islice(_slots_between(schedule, now, now + timedelta(days=SEARCH_DAYS)), count))


def is_late(slot: Slot, now: datetime) -> bool:
    """Return whether a digest told now has to say that it is late."""
    return (now - slot.at).total_seconds() >= ON_TIME_S


def slot_key(schedule: Schedule, slot: Slot) -> str:
    """Return what makes the digest of this slot one of a kind: enqueued twice under it, it is there once."""
    return f"{schedule.destination.key}/{schedule.id}/{slot.local_date}T{slot.local_time:%H:%M}"


def first_slot(schedules: Iterable[Schedule], *, now: datetime) -> tuple[Slot, Schedule] | None:
    """Return the first slot to come of several schedules, and whose it is; None when all are paused or none is left."""
    running = (schedule for schedule in schedules if not schedule.paused)
    coming = [(slot, schedule) for schedule in running for slot in next_slots(schedule, now=now, count=1)]
    return min(coming, key=lambda pair: pair[0].at, default=None)


def slot_of(local_date: date, local_time: time, zone: ZoneInfo, *, schedule_id: str = "") -> Slot:
    """Return the slot of this local date and time of day."""
    wall = datetime.combine(local_date, local_time.replace(fold=0), tzinfo=zone)
    at = wall.astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        at = _end_of_gap(at, zone)
    return Slot(schedule_id=schedule_id, local_date=local_date, local_time=local_time, at=at)


def _slots_between(schedule: Schedule, after: datetime, until: datetime) -> Iterator[Slot]:
    """Yield the slots with `after < at <= until`, in order; two times that a gap makes one moment are one slot."""
    zone = ZoneInfo(schedule.zone)
    day, last_day = after.astimezone(zone).date() - timedelta(days=1), until.astimezone(zone).date()
    latest = after
    while day <= last_day:
        if not schedule.weekdays or day.weekday() in schedule.weekdays:
            of_day = [slot_of(day, at, zone, schedule_id=schedule.id) for at in schedule.times]
            for slot in sorted(of_day, key=lambda slot: slot.at):
                if latest < slot.at <= until:
                    latest = slot.at
                    yield slot
        day += timedelta(days=1)


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
