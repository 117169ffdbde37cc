"""What the pages are made from: the archive as readers of the web may see it, the conversations, and who signs in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Protocol

from aiohttp import web

from bot.commands.context import Context, Services
from bot.model import Caller, Destination
from bot.platforms.web.access import Access
from bot.platforms.web.conversations import Conversations
from bot.platforms.web.sessions import Session, Sessions
from bot.ports import Archive, Clock, Desk, EditionBook, LedgerOfSpend, Outbox, StoryBook

WORKSPACE = "local"
"""The one workspace of the web page; settings name it `web:local`."""

READER_CHANNEL = "page"
"""The channel of pages that belong to no conversation."""


class WebArchive(Archive, LedgerOfSpend, Desk, Outbox, StoryBook, EditionBook, Protocol):
    """One object that is everything the pages are made from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """When the digest of the house is told: local times of day in an IANA zone."""

    times: tuple[time, ...]
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """What operators ask for; each is called anew. `ready` gives what is missing, or None."""

    metrics: Callable[[], Awaitable[bytes]] | None = None
    ready: Callable[[], Awaitable[str | None]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything a handler needs. One object for as long as the page is served."""

    services: Services
    archive: WebArchive
    access: Access
    clock: Clock
    timetable: Timetable
    probes: Probes
    sessions: Sessions
    conversations: Conversations = field(default_factory=Conversations)
    views: dict[object, tuple[float, Any]] = field(default_factory=dict)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def context(self, session: Session | None) -> Context:
        """Return the context of one call, by a browser or, with None, by a page that belongs to nobody.

        Whoever signed in, or sits at this machine while there is no login, runs the bot.
        """
        channel = session.channel if session else READER_CHANNEL
        destination = Destination(platform="web", workspace=WORKSPACE, channel=channel)
        is_admin = session is not None and (session.signed_in or self.access.token is None)
        return self.services.context(Caller(destination=destination, user=channel, is_admin=is_admin))


HOUSE: web.AppKey[House] = web.AppKey("house", House)
PROBES: web.AppKey[Probes] = web.AppKey("probes", Probes)
SESSION: web.RequestKey[Session | None] = web.RequestKey("session", Session)
