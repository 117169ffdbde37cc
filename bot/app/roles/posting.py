"""Posting to one platform: its connection, what is announced, delivered and edited there. One process at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.app.building import SystemClock
from bot.app.chat import MAX_CHANNEL_CHARS, ChatPlatform, visible_collections
from bot.app.roles.parts import DRAIN_S, Parts, drain
from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import Editor
from bot.deliveries.refusals import Refusals
from bot.jobs.announcing import Announcer
from bot.jobs.rounds import Rounds
from bot.jobs.serving import ChannelServing
from bot.model import Platform
from bot.ports.leading import Leadership


class PostingRole:
    """Serves one platform. `build` makes what posts while this process has the role, and is closed afterwards.

    `connects` says whether its connection belongs to the role, too.
    """

    def __init__(
        self,
        parts: Parts,
        name: Platform,
        leadership: Leadership,
        build: Callable[[], ChatPlatform],
        may_tell: Callable[[], bool],
        *,
        connects: bool = True,
    ) -> None:
        self._may_tell = may_tell
        self._connects = connects
        self._parts = parts
        self._name = name
        self._leadership = leadership
        self._build = build

    async def work(self, ending: asyncio.Event) -> None:
        """Connect and serve until told to end; what is under way then may end."""
        platform = self._build()
        try:
            await serve_channels(
                self._parts,
                self._name,
                platform,
                self._leadership,
                ending,
                connects=self._connects,
                may_tell=self._may_tell,
            )
        finally:
            await platform.close()


class ConnectingRole:
    """Serves the commands of a part of a platform whose posting is another role."""

    def __init__(self, build: Callable[[], ChatPlatform]) -> None:
        self._build = build

    async def work(self, ending: asyncio.Event) -> None:
        """Stay connected until told to end; answers under way then may end."""
        platform = self._build()
        try:
            await platform.run(ending)
        finally:
            await platform.close()


async def serve_channels(
    parts: Parts,
    name: Platform,
    platform: ChatPlatform,
    leadership: Leadership,
    ending: asyncio.Event,
    *,
    connects: bool,
    may_tell: Callable[[], bool],
) -> None:
    """Announce, post and edit on one platform until told to end; `connects` runs its connection meanwhile."""
    clock, publishers, refusals = SystemClock(), {name: platform.publisher}, Refusals()
    deliverer = Deliverer(
        parts.archive,
        publishers,
        clock,
        refusals=refusals,
        notify_admin=platform.notify_admin,
        meter=parts.metrics,
    )
    editor = Editor(parts.archive, publishers, clock, refusals=refusals, notify_admin=platform.notify_admin)
    announcer = Announcer(
        archive=parts.archive,
        publishers=publishers,
        clock=clock,
        max_chars=MAX_CHANNEL_CHARS,
        visible=lambda place: visible_collections(parts.settings, f"{place.platform}:{place.workspace}"),
        ensure_written=parts.ensure_written,
        write_stories=parts.write_stories,
    )
    serving = ChannelServing(
        announcer=announcer, deliverer=deliverer, editor=editor, holds=leadership.holds, may_tell=may_tell
    )
    heartbeat = parts.heartbeat(Rounds(serving))
    # What whoever had the role before was sending has an unknown outcome.
    await deliverer.recover()
    async with asyncio.TaskGroup() as tasks:
        if connects:
            tasks.create_task(platform.run(ending))
        beating = tasks.create_task(heartbeat.run(ending))
        await ending.wait()
        await drain([beating])
        await asyncio.gather(deliverer.drain(timeout_s=DRAIN_S), editor.drain(timeout_s=DRAIN_S))
