"""A Discord on loopback, an archive with two articles, and the bot between them."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

with warnings.catch_warnings():
    # The library's voice part imports a module that Python 3.13 drops; nothing of ours uses it.
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    import discord

from bot.commands.context import Context, EnsureWritten
from bot.model import Caller, Destination, Post
from bot.platforms.discord.connection import DiscordPlatform
from bot.platforms.discord.publishing import DiscordPublisher
from bot.platforms.discord.rest import Rest
from bot.storage.archive import SqlArchive, open_archive
from bot.summaries.extractive import summarize_article
from tests.platforms.discord.loopback import CHANNEL, GUILD, TOKEN, LoopbackDiscord
from tests.storage.archive_parts import BRIDGE, STRIKE, make_article


class StepClock:
    """The time of the machine, plus what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


class Bot:
    """The platform as it runs, the server it talks to, and what it reads and keeps."""

    def __init__(self, server: LoopbackDiscord, archive: SqlArchive, clock: StepClock) -> None:
        self.server = server
        self.archive = archive
        self.clock = clock
        self.callers: list[Caller] = []
        self.ensure_written: EnsureWritten | None = None

    def context(self, caller: Caller) -> Context:
        self.callers.append(caller)
        return Context(
            caller=caller,
            archive=self.archive,
            desk=self.archive,
            outbox=self.archive,
            clock=self.clock,
            ensure_written=self.ensure_written,
        )

    def platform(self, **options: object) -> DiscordPlatform:
        given = {"clock": self.clock, "retry_s": (0.02, 0.1), **options}
        return DiscordPlatform(TOKEN, self, api_base=self.server.api_base, gateway_url=self.server.gateway_url, **given)

    @asynccontextmanager
    async def running(self, **options: object) -> AsyncIterator[DiscordPlatform]:
        """Run the platform until the block ends."""
        platform = self.platform(**options)
        stop = asyncio.Event()
        task = asyncio.create_task(platform.run(stop))
        try:
            await self.server.until(lambda: platform.connected)
            yield platform
        finally:
            stop.set()
            await asyncio.wait_for(task, 10)
            await platform.close()


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoopbackDiscord]:
    # Where the library talks to is kept a process; each test has a server of its own.
    monkeypatch.setattr(discord.http.Route, "BASE", discord.http.Route.BASE)
    monkeypatch.setattr(
        discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    )
    loopback = LoopbackDiscord()
    await loopback.start()
    yield loopback
    await loopback.stop()
    assert loopback.problems == []


@pytest.fixture
async def bot(server: LoopbackDiscord, clock: StepClock) -> AsyncIterator[Bot]:
    async with open_archive("sqlite:///:memory:", clock=clock) as archive:
        articles = [
            make_article("bridge", BRIDGE, title="Bridge opens"),
            make_article("strike", STRIKE, title="Bakers"),
        ]
        await archive.save_articles([], articles, [summarize_article(article) for article in articles])
        yield Bot(server, archive, clock)


@pytest.fixture
async def rest(server: LoopbackDiscord, clock: StepClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rest]:
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_base)
    rest = Rest(TOKEN, clock, call_timeout_s=0.5)
    yield rest
    await rest.close()


@pytest.fixture
async def publisher(rest: Rest) -> AsyncIterator[DiscordPublisher]:
    publisher = DiscordPublisher(rest)
    yield publisher
    await publisher.close()


def make_post(payload: str, clock: StepClock, *, part: int = 1, parts: int = 1, **changes: object) -> Post:
    """Return a post on its first attempt."""
    now = clock.now()
    given = {"attempts": 1, "first_at": now, "last_at": now, **changes}
    return Post(
        id=f"post{part}",
        destination=Destination(platform="discord", workspace=GUILD, channel=CHANNEL),
        batch="batch",
        part=part,
        parts=parts,
        payload=payload,
        marker="nb-1f3a",
        nonce=f"nonce-{part}",
        **given,
    )
