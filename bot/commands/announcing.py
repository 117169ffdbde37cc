"""Puts a digest into the outbox for its channel, written down as told there in the same transaction.

Schedules and readers who post their private digest do the same thing: whatever dies when, it is posted once and told
once, and the next digest does not repeat it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.commands.context import Context
from bot.commands.gathering import ChannelDigest
from bot.deliveries.outbox import marker_of, posts_of_message
from bot.deliveries.showing import showings
from bot.messages.rendering import render_plain
from bot.model import Destination, Message
from bot.ports import Clock, Outbox, Publisher, Told

ANNOUNCED = "It is posted in a moment, and counts as told here."


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A digest and the message that tells it; `cursor` is the name under which the archive keeps how far was told."""

    found: ChannelDigest
    message: Message
    cursor: str


async def announce(
    announcement: Announcement,
    destination: Destination,
    *,
    publisher: Publisher,
    outbox: Outbox,
    clock: Clock,
    batch: str,
) -> bool:
    """Enqueue the posts with what they tell; False when this batch was enqueued before."""
    found, message = announcement.found, announcement.message
    marker = marker_of(destination, batch=batch)
    payloads = await asyncio.to_thread(publisher.render, message, marker=marker)
    posts = posts_of_message(payloads, destination, batch=batch, clock=clock)
    digest = found.digest
    told = Told(
        cursor=announcement.cursor,
        digest=digest,
        text=render_plain(message),
        shown=showings(digest.items, message, posts, zone=found.zone, at=digest.made_at),
    )
    return await outbox.enqueue(posts, slot_key=batch, told=told)


async def announce_press(announcement: Announcement, context: Context, *, publisher: Publisher, press_id: str) -> str:
    """Announce what a reader posts by a button, and return what the reader is told.

    The same press, by the platform's own id, posts it once.
    """
    destination = context.caller.destination
    await announce(
        announcement,
        destination,
        publisher=publisher,
        outbox=context.outbox,
        clock=context.clock,
        batch=f"press:{destination.platform}:{press_id}",
    )
    return ANNOUNCED
