"""What people set up in their channels: schedules, slots told, filters, uses, votes. See the port Desk."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotAllowed
from bot.model import Destination, Schedule
from bot.ports import ChannelFilter
from bot.storage.outbox import micros, moment_of
from bot.storage.tables import events, uses, votes
from bot.storage.tables import filters as filter_rows
from bot.storage.tables import schedules as schedule_rows
from bot.storage.tables import slots as slot_rows
from bot.storage.upserts import insert_missing, upsert

EVENT_DAYS = 2
"""Days for which an answered event is remembered: Slack delivers one again for a day at most.

Source: https://docs.slack.dev/apis/events-api/#error-handling (delayed events)
"""


async def schedules(connection: AsyncConnection, destination: Destination | None) -> list[Schedule]:
    """Return the schedules of one destination, or all of them, oldest first."""
    wanted = select(schedule_rows).order_by(schedule_rows.c.number)
    if destination is not None:
        wanted = wanted.where(*_at(schedule_rows, destination))
    return [_schedule_of(row) for row in await connection.execute(wanted)]


async def save_schedule(connection: AsyncConnection, schedule: Schedule) -> None:
    """Insert or replace a schedule. Raises: NotAllowed when its id is that of another destination's."""
    known = select(schedule_rows).where(schedule_rows.c.id == schedule.id)
    row = (await connection.execute(known)).first()
    if row is None:
        place = {"id": schedule.id, **_place(schedule.destination)}
        await connection.execute(insert(schedule_rows), {**place, "body": _body_of(schedule)})
        return
    if _destination_of(row) != schedule.destination:
        raise NotAllowed("There is no such schedule in this channel.")
    same = schedule_rows.c.id == schedule.id
    await connection.execute(update(schedule_rows).where(same).values(body=_body_of(schedule)))


async def remove_schedule(connection: AsyncConnection, destination: Destination, schedule_id: str) -> bool:
    """Remove a schedule of this destination and its slots; return whether it was there."""
    there = delete(schedule_rows).where(schedule_rows.c.id == schedule_id, *_at(schedule_rows, destination))
    if (await connection.execute(there)).rowcount == 0:
        return False
    await connection.execute(delete(slot_rows).where(slot_rows.c.schedule_id == schedule_id))
    return True


async def filters(connection: AsyncConnection, destination: Destination) -> ChannelFilter:
    """Return the filter of a destination; an empty one when none was set."""
    row = (await connection.execute(select(filter_rows).where(*_at(filter_rows, destination)))).first()
    if row is None:
        return ChannelFilter()
    return ChannelFilter(include=tuple(json.loads(row.include)), exclude=tuple(json.loads(row.exclude)))


async def save_filters(connection: AsyncConnection, destination: Destination, wanted: ChannelFilter) -> None:
    """Replace the filter of a destination."""
    words = {"include": json.dumps(wanted.include), "exclude": json.dumps(wanted.exclude)}
    await connection.execute(upsert(connection, filter_rows), {**_place(destination), **words})


async def count_use(connection: AsyncConnection, caller_key: str, day: str, *, limit: int) -> bool:
    """Count one use on this day unless the limit is reached; earlier days of the same caller are forgotten."""
    today = (uses.c.caller_key == caller_key, uses.c.day == day)
    counted = (await connection.execute(select(uses.c.uses).where(*today))).scalar() or 0
    if counted >= limit:
        return False
    await connection.execute(delete(uses).where(uses.c.caller_key == caller_key, uses.c.day < day))
    await connection.execute(upsert(connection, uses, adding=True), {"caller_key": caller_key, "day": day, "uses": 1})
    return True


async def save_vote(connection: AsyncConnection, destination: Destination, user: str, subject: str, vote: int) -> None:
    """Keep a reader's thumb on something; a second one replaces the first."""
    thumb = {"user": user, "subject": subject, "vote": vote}
    await connection.execute(upsert(connection, votes), {**_place(destination), **thumb})


async def remember_event(connection: AsyncConnection, event_id: str, now: datetime) -> bool:
    """Write an event down as answered and forget old ones; return False when it was written down before."""
    await connection.execute(delete(events).where(events.c.at_us < micros(now - timedelta(days=EVENT_DAYS))))
    if (await connection.execute(select(events.c.at_us).where(events.c.event_id == event_id))).first() is not None:
        return False
    await connection.execute(insert(events), {"event_id": event_id, "at_us": micros(now)})
    return True


async def votes_of(connection: AsyncConnection, destination: Destination) -> dict[str, int]:
    """Return the sum of the votes on each subject in a destination."""
    sums = select(votes.c.subject, func.sum(votes.c.vote)).where(*_at(votes, destination)).group_by(votes.c.subject)
    return {subject: int(total) for subject, total in await connection.execute(sums)}


async def slot_told(connection: AsyncConnection, schedule_id: str, *, until: datetime | None) -> datetime | None:
    """Return the moment of the last slot, `until` at most, that was enqueued or passed over, or None."""
    latest = select(func.max(slot_rows.c.at_us)).where(slot_rows.c.schedule_id == schedule_id)
    if until is not None:
        latest = latest.where(slot_rows.c.at_us <= micros(until))
    at_us = (await connection.execute(latest)).scalar()
    return None if at_us is None else moment_of(at_us)


async def slots_told(connection: AsyncConnection, *, until: datetime) -> dict[str, datetime]:
    """Return the moment of the last slot of each schedule, `until` at most; those without one are left out."""
    # A look into the index for each schedule: there are few of them, and as many slots as days.
    same = slot_rows.c.schedule_id == schedule_rows.c.id
    latest = select(func.max(slot_rows.c.at_us)).where(same, slot_rows.c.at_us <= micros(until))
    rows = await connection.execute(select(schedule_rows.c.id, latest.correlate(schedule_rows).scalar_subquery()))
    return {schedule_id: moment_of(at_us) for schedule_id, at_us in rows if at_us is not None}


async def mark_slot(connection: AsyncConnection, schedule_id: str, slot_at: datetime, *, missed: bool) -> bool:
    """Write a slot down as enqueued or missed; return False when it was written down before."""
    row = {"schedule_id": schedule_id, "at_us": micros(slot_at), "missed": missed}
    return bool((await connection.execute(insert_missing(connection, slot_rows), row)).rowcount == 1)


async def missed_slots(connection: AsyncConnection, destination: Destination, *, limit: int) -> list[datetime]:
    """Return the moments of the slots that this destination's schedules missed, newest first."""
    missed = (
        select(slot_rows.c.at_us)
        .join(schedule_rows, schedule_rows.c.id == slot_rows.c.schedule_id)
        .where(slot_rows.c.missed, *_at(schedule_rows, destination))
        .order_by(slot_rows.c.at_us.desc())
        .limit(limit)
    )
    return [moment_of(at_us) for at_us in (await connection.execute(missed)).scalars()]


async def pass_over_slots(connection: AsyncConnection, now: datetime) -> None:
    """Write down that no slot up to now is to be told any more: a restored backup doesn't know which were."""
    for schedule in await schedules(connection, None):
        await mark_slot(connection, schedule.id, now, missed=True)


def _at(table: Table, destination: Destination) -> tuple[ColumnElement[bool], ...]:
    return tuple(table.c[name] == value for name, value in _place(destination).items())


def _place(destination: Destination) -> dict[str, str]:
    return {"platform": destination.platform, "workspace": destination.workspace, "channel": destination.channel}


def _destination_of(row: Row[Any]) -> Destination:
    return Destination(platform=row.platform, workspace=row.workspace, channel=row.channel)


def _body_of(schedule: Schedule) -> str:
    fields = {
        "times": [at.isoformat() for at in schedule.times],
        "weekdays": schedule.weekdays,
        "zone": schedule.zone,
        "topics": schedule.topics,
        "collections": schedule.collections,
        "max_articles": schedule.max_articles,
        "says_quiet_days": schedule.says_quiet_days,
        "catch_up": schedule.catch_up,
        "paused": schedule.paused,
        "created_at_us": None if schedule.created_at is None else micros(schedule.created_at),
    }
    return json.dumps(fields)


def _schedule_of(row: Row[Any]) -> Schedule:
    fields: dict[str, Any] = json.loads(row.body)
    created_at_us: int | None = fields["created_at_us"]
    return Schedule(
        id=row.id,
        destination=_destination_of(row),
        times=tuple(time.fromisoformat(at) for at in fields["times"]),
        weekdays=tuple(fields["weekdays"]),
        zone=fields["zone"],
        topics=tuple(fields["topics"]),
        collections=tuple(fields["collections"]),
        max_articles=fields["max_articles"],
        says_quiet_days=fields["says_quiet_days"],
        catch_up=fields["catch_up"],
        paused=fields["paused"],
        created_at=None if created_at_us is None else moment_of(created_at_us),
    )
