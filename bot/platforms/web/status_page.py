"""The status: what was read, what could not be and why, posts that wait for somebody, the spending, and what is next.

Whoever runs the bot sees the feeds and the posts of every platform, and decides about posts that are parked; payloads
are not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web
from markupsafe import Markup

from bot.articles.folder import collection_of
from bot.commands.context import Context
from bot.commands.feeds import feed_blocks
from bot.commands.status import shown_path
from bot.commands.times import rhythm_text
from bot.deliveries.outbox import post_again, settle
from bot.deliveries.slots import next_slots
from bot.errors import BadRequest, NotAllowed, NotFound
from bot.model import Destination, FileRecord, FileState, Heading, Message, Post, PostState, Schedule
from bot.platforms.web.answering import see_other, show_page
from bot.platforms.web.house import HOUSE, SESSION, House
from bot.platforms.web.pages import context_of
from bot.platforms.web.rendering import render_message

MAX_FILES_SHOWN = 200
MAX_POSTS_SHOWN = 50
SLOTS_SHOWN = 8

_ON_THEIR_WAY = (PostState.PENDING, PostState.SENDING, PostState.UNKNOWN)
_DECISIONS = {"again": post_again, "settled": settle}
_DONE = {"again": "is posted again within a minute", "settled": "counts as posted; what follows it goes out now"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcoming:
    """The next time a digest is told: when, in its own zone, and where."""

    at: datetime
    where: str
    rhythm: str


async def show_status(request: web.Request) -> web.Response:
    """Return the status page."""
    house, context = request.app[HOUSE], context_of(request)
    facts = await house.archive.archive_facts()
    tokens, usd = await house.archive.spent(house.clock.now().date().isoformat())
    is_admin = context.caller.is_admin
    posts = await _posts(house) if is_admin else {}
    return show_page(
        request,
        "status.html",
        here="status",
        facts=facts,
        read=facts.files.get(FileState.READ, 0),
        sees_all=context.collections is None,
        files=await _files(house, context),
        # Addresses of feeds may hold keys of their owner.
        feed_pieces=await _feed_pieces(context) if is_admin else [],
        unread=facts.files.get(FileState.QUARANTINED, 0),
        on_their_way=[post for state in _ON_THEIR_WAY for post in posts.get(state, ())][:MAX_POSTS_SHOWN],
        parked=posts.get(PostState.PARKED, [])[:MAX_POSTS_SHOWN],
        dead=posts.get(PostState.DEAD, [])[:MAX_POSTS_SHOWN],
        tokens=tokens,
        usd=usd,
        max_usd=context.max_usd_per_day,
        upcoming=await _upcoming(house, is_admin=is_admin),
        told_at=_in_zone(facts.last_digest_at, house),
        now=_in_zone(house.clock.now(), house),
        done=_done_text(request),
    )


async def decide(request: web.Request) -> web.Response:
    """Carry out what somebody decided about a post that is parked or given up. Raises: NotAllowed, NotFound."""
    house, session = request.app[HOUSE], request[SESSION]
    if session is None or not house.context(session).caller.is_admin:
        raise NotAllowed("Only who runs the bot decides about posts.")
    form = await request.post()
    verb, post_id = str(form.get("decision", "")), str(form.get("post", ""))
    if verb not in _DECISIONS:
        raise BadRequest("I do not know this button any more. Load the page anew.")
    post = await house.archive.post(post_id)
    if post is None:
        raise NotFound("I have no such post.")
    if post.state not in (PostState.PARKED, PostState.DEAD):
        raise NotFound(f"This post is not parked any more: it is {post.state.value}.")
    if not await house.archive.update(_DECISIONS[verb](post), expected=post.state):
        raise NotFound("Somebody else has just decided about this post.")
    return see_other(f"/status?done={verb}&post={post.marker}")


async def _posts(house: House) -> dict[PostState, list[Post]]:
    states = (*_ON_THEIR_WAY, PostState.PARKED, PostState.DEAD)
    return {state: await house.archive.posts_in(state) for state in states}


async def _files(house: House, context: Context) -> list[tuple[str, list[tuple[str, str]]]]:
    archive = house.archive
    groups = (
        ("Quarantined", await archive.files_in(FileState.QUARANTINED, limit=MAX_FILES_SHOWN)),
        ("Waiting", await archive.files_in(FileState.WAITING, limit=MAX_FILES_SHOWN)),
        ("Read in part", await archive.files_read_in_part(limit=MAX_FILES_SHOWN)),
    )
    return [
        (name, [(shown_path(record), record.reason or "") for record in records if _may_see(record, context)])
        for name, records in groups
    ]


async def _feed_pieces(context: Context) -> list[Markup]:
    """Return what is said of the feeds, nothing when there are none; the page has a heading of its own for it."""
    blocks = [block for block in await feed_blocks(context.feeds) if not isinstance(block, Heading)]
    return render_message(Message(blocks=tuple(blocks)))


def _may_see(record: FileRecord, context: Context) -> bool:
    return context.collections is None or collection_of(record.path) in context.collections


async def _upcoming(house: House, *, is_admin: bool) -> list[Upcoming]:
    now = house.clock.now()
    table = house.timetable
    terminal = Destination(platform="terminal", workspace="local", channel="terminal")
    daily = Schedule(id="settings", destination=terminal, times=table.times, weekdays=(), zone=table.zone)
    [own] = next_slots(daily, now=now, count=1)
    found = [Upcoming(at=own.at.astimezone(ZoneInfo(table.zone)), where="the digest of the house", rhythm="daily")]
    schedules: list[Schedule] = await house.archive.schedules() if is_admin else []
    for schedule in schedules:
        if schedule.paused:
            continue
        for slot in next_slots(schedule, now=now, count=1):
            place = schedule.destination
            found.append(
                Upcoming(
                    at=slot.at.astimezone(ZoneInfo(schedule.zone)),
                    where=f"{place.platform} · {place.channel}",
                    rhythm=rhythm_text(schedule.times, schedule.weekdays),
                )
            )
    return sorted(found, key=lambda one: one.at)[:SLOTS_SHOWN]


def _in_zone(moment: datetime | None, house: House) -> datetime | None:
    return moment.astimezone(ZoneInfo(house.timetable.zone)) if moment else None


def _done_text(request: web.Request) -> str:
    verb, marker = request.query.get("done", ""), request.query.get("post", "")
    is_marker = 0 < len(marker) <= 20 and marker.isalnum()
    return f"{marker} {_DONE[verb]}." if verb in _DONE and is_marker else ""
