"""The Slack on loopback, an archive with a few articles, and the bot connected to both."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.commands.context import Context
from bot.model import Caller
from bot.platforms.slack.connection import SlackPlatform
from bot.storage.archive import SqlArchive, open_archive
from tests.platforms.slack.slack_loopback import APP_TOKEN, BOT_TOKEN, SlackLoopback
from tests.storage.archive_parts import BRIDGE, STRIKE, make_article, make_record, make_summary

SHARED = Path(os.environ.get("TESTS_SHARED", Path(__file__).parents[4] / "shared"))
METHODS = SHARED / "specs" / "slack-methods.schema.json"
PING_S = 5.0
"""So long that a busy machine never seems a dead connection: four pings without an answer are one."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True)
class RealServices:
    """Contexts on a real archive."""

    archive: SqlArchive

    def context(self, caller: Caller) -> Context:
        return Context(caller=caller, archive=self.archive, desk=self.archive, outbox=self.archive, clock=SystemClock())


@pytest.fixture(scope="session")
def schemas() -> dict | None:
    """The schemas of the methods' arguments, where they lie beside the project."""
    return json.loads(METHODS.read_text()) if METHODS.exists() else None


@pytest.fixture
async def slack(schemas: dict | None) -> AsyncIterator[SlackLoopback]:
    """A running Slack; when the test ends, every call it got must have been a proper one."""
    loopback = SlackLoopback(schemas=schemas)
    runner = web.AppRunner(loopback.app(), shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    loopback.base_url = f"http://127.0.0.1:{port}"
    yield loopback
    await runner.cleanup()
    assert loopback.problems == []


@pytest.fixture
async def services() -> AsyncIterator[RealServices]:
    async with open_archive("sqlite:///:memory:") as archive:
        articles = [
            make_article("bridge.txt", BRIDGE, title="Oldport opens its new bridge"),
            make_article("strike.txt", STRIKE, title="Bakers in Lindau strike"),
        ]
        records = [make_record(article.path, article) for article in articles]
        await archive.save_articles(records, articles, [make_summary(article) for article in articles])
        yield RealServices(archive)


@pytest.fixture
async def platform(slack: SlackLoopback, services: RealServices) -> AsyncIterator[SlackPlatform]:
    """The bot, connected."""
    bot = SlackPlatform(BOT_TOKEN, APP_TOKEN, services, base_url=f"{slack.base_url}/api/", ping_interval_s=PING_S)
    stop = asyncio.Event()
    running = asyncio.create_task(bot.run(stop))
    await slack.until(lambda: slack.connections)
    yield bot
    stop.set()
    async with asyncio.timeout(15):
        await running
