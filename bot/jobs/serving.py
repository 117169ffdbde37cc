"""The step that serves channels: what is due is enqueued and posted, what was posted is kept true, old posts leave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import EDIT_DAYS, Editor
from bot.jobs.announcing import Announcer
from bot.ports import Clock, Corrections, Outbox

KEEP_POSTS_DAYS = 42
"""Days for which sent messages are kept: longer than a digest is edited, and than anyone asks why it said what."""

TIDY_EVERY = timedelta(days=1)

POST_EVERY_S = 1.0
"""Seconds between two passes of posting while digests are being made."""

log = structlog.get_logger()


class Posted(Outbox, Corrections, Protocol):
    """One object that keeps what is posted and what was shown in it."""


class ChannelServing:
    """Serves the channels of the platforms that its announcer, deliverer and editor have, while it `holds` the role.

    Nothing is announced before `may_tell`: a digest made before the folder was looked at leaves out what lies there.
    """

    def __init__(
        self,
        *,
        announcer: Announcer,
        deliverer: Deliverer,
        editor: Editor,
        holds: Callable[[], Awaitable[bool]] | None = None,
        may_tell: Callable[[], bool] = lambda: True,
    ) -> None:
        self._holds = holds
        self._may_tell = may_tell
        self._announcer = announcer
        self._deliverer = deliverer
        self._editor = editor

    async def __call__(self) -> None:
        """Announce, post and edit what is due. Raises: Unavailable when the archive does not answer."""
        if self._holds is not None and not await self._holds():
            return
        announcing = asyncio.create_task(self._announce())
        try:
            # A thousand digests take minutes to make: the first are posted meanwhile.
            while not (await asyncio.wait({announcing}, timeout=POST_EVERY_S))[0]:
                await self._deliver()
        finally:
            announcing.cancel()
            await asyncio.gather(announcing, return_exceptions=True)
        announcing.result()
        await self._deliver()
        await self._editor.compare_all()
        edited = await self._editor.edit_due()
        if edited.made or edited.given_up:
            log.info("messages edited", edited=edited.made, given_up=edited.given_up)

    async def _announce(self) -> None:
        announced = await self._announcer.announce_due() if self._may_tell() else 0
        if announced:
            log.info("digests on their way", channels=announced)

    async def _deliver(self) -> None:
        done = await self._deliverer.deliver_due()
        if done.sent or done.parked or done.dead:
            log.info("posted", sent=done.sent, parked=done.parked, dead=done.dead)


class Tidying:
    """Forgets, once a day, what was posted long ago; the slots it was posted for stay used."""

    def __init__(self, archive: Posted, clock: Clock) -> None:
        self._archive = archive
        self._clock = clock
        self._tidied_at: datetime | None = None

    async def __call__(self) -> None:
        """Forget what is old, if that was not done today."""
        now = self._clock.now()
        if self._tidied_at is not None and abs(now - self._tidied_at) < TIDY_EVERY:
            return
        await self._archive.prune_shown(before=now - timedelta(days=EDIT_DAYS))
        await self._archive.prune_posts(before=now - timedelta(days=KEEP_POSTS_DAYS))
        self._tidied_at = now
