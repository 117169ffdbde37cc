"""The real page on loopback over a real archive with a few articles, and a browser to open it in."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time

import aiohttp
import pytest
from playwright.async_api import Browser, async_playwright

from bot.commands.context import Context
from bot.model import Caller
from bot.platforms.web.access import Access
from bot.platforms.web.house import House, Probes, Timetable
from bot.platforms.web.server import WebPlatform
from bot.platforms.web.sessions import Sessions
from bot.ports import FeedBook
from bot.storage.archive import SqlArchive, open_archive
from tests.platforms.web.town import fill_town

TOKEN = "a-long-enough-token-for-tests"
KEY = b"k" * 32


@dataclass
class SystemClock:
    """The wall clock, moved by what a test asks for."""

    offset_s: float = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(datetime.now(UTC).timestamp() + self.offset_s, UTC)


@dataclass(frozen=True)
class RealServices:
    """Contexts on a real archive; `collections` are those the web may see."""

    archive: SqlArchive
    clock: SystemClock
    collections: tuple[str, ...] | None = None
    max_usd_per_day: float | None = None
    feeds: FeedBook | None = None

    def context(self, caller: Caller) -> Context:
        return Context(
            caller=caller,
            archive=self.archive,
            desk=self.archive,
            outbox=self.archive,
            clock=self.clock,
            collections=self.collections,
            max_usd_per_day=self.max_usd_per_day,
            feeds=self.feeds,
        )


@dataclass
class Page:
    """A running page: where it is, what it is made from, and a client that is not a browser."""

    base: str
    house: House
    client: aiohttp.ClientSession
    clock: SystemClock
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def archive(self) -> SqlArchive:
        return self.house.archive  # type: ignore[return-value]

    @property
    def own(self) -> dict[str, str]:
        """What a browser says with a form of our own page."""
        return {"Origin": self.base, "Sec-Fetch-Site": "same-origin"}


def free_port() -> int:
    """Return a port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def serve(archive: SqlArchive, **changes: object) -> AsyncIterator[Page]:
    """Serve the page until the test ends; `changes` are to its access, `services` and `probes`."""
    clock = SystemClock()
    services = RealServices(archive, clock, **changes.pop("services", {}))  # type: ignore[arg-type]
    probes = changes.pop("probes", Probes())
    access = replace(Access(host="127.0.0.1", port=free_port(), key=KEY), **changes)  # type: ignore[arg-type]
    house = House(
        services=services,
        archive=archive,
        access=access,
        clock=clock,
        timetable=Timetable(times=(time(8),), zone="UTC"),
        probes=probes,  # type: ignore[arg-type]
        sessions=Sessions(access.key, access.token, clock),
    )
    base = f"http://127.0.0.1:{access.port}"
    async with aiohttp.ClientSession(base, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        page = Page(base=base, house=house, client=client, clock=clock)
        running = asyncio.create_task(WebPlatform(house).run(page.stop))
        await _until_live(page)
        yield page
        page.stop.set()
        async with asyncio.timeout(15):
            await running


async def _until_live(page: Page) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                async with page.client.get("/live") as answer:
                    assert await answer.text() == "live\n"
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.02)


@pytest.fixture
async def archive() -> AsyncIterator[SqlArchive]:
    async with open_archive("sqlite:///:memory:") as archive:
        await fill_town(archive)
        yield archive


@pytest.fixture
async def page(archive: SqlArchive) -> AsyncIterator[Page]:
    """The page of somebody who runs the bot on this machine."""
    async for page in serve(archive):
        yield page


@pytest.fixture
async def guarded(archive: SqlArchive) -> AsyncIterator[Page]:
    """The page with a login."""
    async for page in serve(archive, token=TOKEN):
        yield page


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, without a head."""
    executable = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if executable is None:
        pytest.skip("no chromium on this machine: apt-get install chromium")
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        await browser.close()
