"""Standing orders for digests of one channel: add, list, pause, resume, remove, and a look at what would come."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from bot.commands.context import Context
from bot.commands.declaring import Help, NoArguments
from bot.commands.digest import channel_digest_message, gather_channel_digest, wish_of_channel
from bot.commands.finding import recent_heads
from bot.commands.times import parse_rhythm, parse_zone, rhythm_text
from bot.commands.visibility import split_list
from bot.commands.wording import shorten
from bot.deliveries.slots import next_slots
from bot.digests.composing import Size
from bot.errors import BadRequest, NotFound
from bot.messages.wording import count_of, minute_of
from bot.model import Block, Bullets, Footer, Heading, Line, Message, Paragraph, Schedule, Table

ID_CHARS = 4
"""Characters of a short id, more when it is taken: what people type to pause or remove."""

TIMES_SHOWN = 5
"""Next times that a preview shows."""

MAX_ARTICLES = 25
"""Articles of one digest; more are headlines on its next pages."""

MAX_TOPICS = 20
SAMPLE_ARTICLES = 3
"""Articles of a preview's sample: enough to see what a digest looks like."""

_CATCH_UP_TEXT = {
    "latest": "told late, once for all that were missed",
    "all": "each told late",
    "skip": "passed over",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddArguments:
    """What `/schedule add` takes."""

    at: Annotated[str, Help("When: 08:00, 18:30 · morning, evening, office-hours · mon-fri 7:15, weekdays 9am")]
    zone: Annotated[str, Help("IANA time zone or its city: Europe/Berlin, Seoul", complete="zones")] = ""
    topics: Annotated[str, Help("Only articles about these words, separated by commas", max=500)] = ""
    collections: Annotated[str, Help("Only these subfolders of the news folder, separated by commas")] = ""
    size: Annotated[int, Help("Articles told with bullets in one digest", min=1, max=MAX_ARTICLES)] = 8
    quiet: Annotated[Literal["say", "silent"], Help("On days with nothing new: say so, or stay silent")] = "say"
    catch_up: Annotated[
        Literal["latest", "all", "skip"], Help("Digests missed while I was away: tell the latest, all, or skip them")
    ] = "latest"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdArguments:
    """What commands on one schedule take."""

    id: Annotated[str, Help("The short id that /schedule list shows", complete="schedules")]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewArguments:
    """What `/schedule preview` takes."""

    id: Annotated[str, Help("The short id that /schedule list shows; else the first one", complete="schedules")] = ""


async def add_schedule(arguments: AddArguments, context: Context) -> Message:
    """Keep a new schedule for this channel and say when it comes next. Raises: BadRequest."""
    rhythm = parse_rhythm(arguments.at)
    zone = parse_zone(arguments.zone) if arguments.zone else context.zone
    topics = split_list(arguments.topics)
    if len(topics) > MAX_TOPICS:
        raise BadRequest(f"One schedule has at most {MAX_TOPICS} topics; you gave {len(topics)}.")
    destination = context.caller.destination
    taken = await context.desk.schedules()
    own = [schedule for schedule in taken if schedule.destination == destination]
    most = context.limits.schedules_a_channel
    if len(own) >= most:
        raise BadRequest(f"This channel has {count_of(most, 'schedule')}, which is the limit. Remove one first.")
    now = context.clock.now()
    schedule = Schedule(
        id=_new_id(f"{destination.key} {now.isoformat()}", {schedule.id for schedule in taken}),
        destination=destination,
        times=rhythm.times,
        weekdays=rhythm.weekdays,
        zone=zone,
        topics=topics,
        collections=await _known_collections(arguments.collections, context),
        max_articles=arguments.size,
        says_quiet_days=arguments.quiet == "say",
        catch_up=arguments.catch_up,
        created_at=now,
    )
    twin = next((other for other in own if _same_order(other, schedule)), None)
    if twin is not None:
        raise BadRequest(
            f"This channel has that schedule already: {twin.id}, {rhythm_text(twin.times, twin.weekdays)}."
        )
    await context.desk.save_schedule(schedule)
    return Message(
        blocks=(
            Heading(text=f"Schedule {schedule.id} is set"),
            Bullets(lines=tuple(Line(text=text) for text in _described(schedule))),
            Paragraph(text=f"The next digest comes {_next_time(schedule, now)}."),
            Paragraph(text=f"/schedule preview {schedule.id} shows what it will look like.", quiet=True),
        )
    )


async def list_schedules(_: NoArguments, context: Context) -> Message:
    """Return this channel's schedules."""
    schedules = await context.desk.schedules(context.caller.destination)
    if not schedules:
        return _no_schedules(context)
    now = context.clock.now()
    rows = tuple(
        (
            schedule.id,
            f"{rhythm_text(schedule.times, schedule.weekdays)} ({schedule.zone})",
            ", ".join((*schedule.topics, *schedule.collections)) or "everything",
            "paused" if schedule.paused else _next_time(schedule, now),
        )
        for schedule in schedules
    )
    return Message(
        blocks=(
            Heading(text=f"{count_of(len(rows), 'schedule')} in this channel"),
            Table(columns=("id", "when", "about", "next"), rows=rows),
        )
    )


async def pause_schedule(arguments: IdArguments, context: Context) -> Message:
    """Stop a schedule until it is resumed. Raises: NotFound."""
    schedule = await _find(arguments.id, context)
    if schedule.paused:
        return _say(f"Schedule {schedule.id} was paused already. /schedule resume {schedule.id} wakes it.")
    await context.desk.save_schedule(replace(schedule, paused=True))
    return _say(
        f"Schedule {schedule.id} is paused. Nothing is lost: after /schedule resume {schedule.id} its next digest"
        " covers everything since the last one."
    )


async def resume_schedule(arguments: IdArguments, context: Context) -> Message:
    """Wake a paused schedule. Raises: NotFound."""
    schedule = await _find(arguments.id, context)
    coming = _next_time(schedule, context.clock.now())
    if not schedule.paused:
        return _say(f"Schedule {schedule.id} is not paused; its next digest comes {coming}.")
    await context.desk.save_schedule(replace(schedule, paused=False))
    return _say(f"Schedule {schedule.id} goes on; its next digest comes {coming}.")


async def remove_schedule(arguments: IdArguments, context: Context) -> Message:
    """Remove a schedule of this channel. Raises: NotFound."""
    schedule = await _find(arguments.id, context)
    if not await context.desk.remove_schedule(context.caller.destination, schedule.id):
        raise NotFound(f"Schedule {schedule.id} was removed already.")
    when = rhythm_text(schedule.times, schedule.weekdays)
    return _say(f"Schedule {schedule.id} ({when}, {schedule.zone}) is removed. No more digests come from it.")


async def preview_schedule(arguments: PreviewArguments, context: Context) -> Message:
    """Return the next five times of a schedule and a sample of its digest. Raises: NotFound."""
    if arguments.id:
        schedule = await _find(arguments.id, context)
    else:
        schedules = await context.desk.schedules(context.caller.destination)
        if not schedules:
            return _no_schedules(context)
        schedule = schedules[0]
    slots = next_slots(schedule, now=context.clock.now(), count=TIMES_SHOWN)
    blocks: list[Block] = [
        Heading(text=f"Preview of schedule {schedule.id}"),
        Bullets(lines=tuple(Line(text=text) for text in _described(schedule))),
        Heading(text="The next five times", level=2),
        Bullets(lines=tuple(Line(text=_shown_time(slot.at, schedule)) for slot in slots)),
    ]
    if schedule.paused:
        blocks.append(Paragraph(text=f"It is paused: /schedule resume {schedule.id} lets them come."))
    return Message(blocks=(*blocks, *await _sample(schedule, context)))


async def _sample(schedule: Schedule, context: Context) -> Sequence[Block]:
    wish = replace(await wish_of_channel(context, topics=schedule.topics), only=schedule.collections)
    size = Size(max_articles=min(schedule.max_articles, SAMPLE_ARTICLES), max_chars=context.size.max_chars)
    key = context.caller.destination.key
    found = await gather_channel_digest(
        context.archive, destination=key, channel=key, clock=context.clock, size=size, wish=wish
    )
    heading = "What it would tell now"
    if not found.digest.items and await context.archive.last_seq() > 0:
        heading = "Nothing is new now; with everything I have read, it would look like this"
        found = await gather_channel_digest(
            context.archive,
            destination=key,
            channel=key,
            clock=context.clock,
            size=size,
            wish=wish,
            since_seq=0,
            again=True,
        )
    if not found.digest.items:
        text = "Nothing I have read so far is about this. The first digest comes with the first article that is."
        if await context.archive.last_seq() == 0:
            text = "I have read no articles yet, so there is no sample to show."
        return (Paragraph(text=text),)
    blocks = channel_digest_message(replace(found, zone=schedule.zone), with_buttons=False).blocks[1:]
    return (Heading(text=heading, level=2), *blocks)


async def _find(wanted: str, context: Context) -> Schedule:
    # Completion offers "k3f9 · 08:00 every day": the id is the first word of it.
    short = wanted.split()[0].strip("`'\"").casefold()
    own = await context.desk.schedules(context.caller.destination)
    found = [schedule for schedule in own if schedule.id == short]
    if found:
        return found[0]
    if not own:
        raise NotFound("This channel has no schedules. /schedule add makes one.")
    names = ", ".join(schedule.id for schedule in own)
    raise NotFound(f"This channel has no schedule “{shorten(short)}”. It has: {names}.")


async def _known_collections(text: str, context: Context) -> tuple[str, ...]:
    wanted = split_list(text)
    if not wanted:
        return ()
    known = {head.collection for head in await recent_heads(context)} - {""}
    if context.collections is not None:
        known.update(set(context.collections) - {""})
    by_name = {name.casefold(): name for name in known}
    missing = next((name for name in wanted if name.casefold() not in by_name), None)
    if missing is not None:
        has = f"There are: {', '.join(sorted(known))}." if known else "There are none so far."
        raise BadRequest(f"I know no collection “{shorten(missing)}”. {has}")
    return tuple(by_name[name.casefold()] for name in wanted)


def _described(schedule: Schedule) -> list[str]:
    about = "everything this channel's filter lets pass" if not schedule.topics else ", ".join(schedule.topics)
    if schedule.collections:
        about += f" (collections: {', '.join(schedule.collections)})"
    quiet = "say that nothing is new" if schedule.says_quiet_days else "stay silent"
    return [
        f"When: {rhythm_text(schedule.times, schedule.weekdays)}, {schedule.zone}",
        f"About: {about}",
        f"Size: up to {count_of(schedule.max_articles, 'article')} with bullets, the rest as headlines",
        f"On quiet days: {quiet}",
        f"Digests missed while I was away: {_CATCH_UP_TEXT[schedule.catch_up]}",
    ]


def _same_order(one: Schedule, other: Schedule) -> bool:
    return replace(one, id="", created_at=None) == replace(other, id="", created_at=None)


def _new_id(seed: str, taken: set[str]) -> str:
    digits = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()
    starts = range(len(digits) - ID_CHARS)
    free = (digits[at : at + ID_CHARS] for at in starts if digits[at : at + ID_CHARS] not in taken)
    return next(free, digits)


def _next_time(schedule: Schedule, now: datetime) -> str:
    slots = next_slots(schedule, now=now, count=1)
    return _shown_time(slots[0].at, schedule) if slots else "never"


def _shown_time(at: datetime, schedule: Schedule) -> str:
    return minute_of(at.astimezone(ZoneInfo(schedule.zone)))


def _no_schedules(context: Context) -> Message:
    text = "This channel has no schedules yet. Try /schedule add morning zone:Europe/Berlin"
    if context.caller.destination.platform == "terminal":
        text = (
            "The terminal has no schedule of its own: its digest comes at the times of NEWSBOT_DIGEST__AT until"
            " /schedule add sets others."
        )
    return Message(
        blocks=(
            Paragraph(text=text),
            Footer(lines=("Times: 08:00, 18:30 · morning, noon, evening, office-hours · weekdays, mon-fri, sat.",)),
        )
    )


def _say(text: str) -> Message:
    return Message(blocks=(Paragraph(text=text),))
