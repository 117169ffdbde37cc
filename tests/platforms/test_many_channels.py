"""A digest for a hundred channels at one minute: within the platforms' rate limits, each post there once, in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
import pytest
from aiohttp import web

from bot.deliveries.delivering import Deliverer
from bot.jobs.announcing import Announcer
from bot.model import Destination, Platform, PostState, Schedule
from bot.platforms.discord.publishing import DiscordPublisher
from bot.platforms.discord.rest import Rest
from bot.platforms.slack.publishing import SlackPublisher
from bot.ports import Publisher
from bot.storage.archive import SqlArchive, open_archive
from tests.faults.articles import invented_article
from tests.faults.limited_servers import LimitedDiscord, LimitedSlack
from tests.platforms.discord.loopback import GUILD
from tests.platforms.discord.loopback import TOKEN as DISCORD_TOKEN
from tests.platforms.slack.slack_loopback import BOT_TOKEN, TEAM
from tests.platforms.web.town import add_articles

ON_DISCORD = tuple(f"9000000000000{number:05d}" for number in range(70))
ON_SLACK = tuple(f"C0TOWN{number:03d}" for number in range(30))
PATIENCE_S = 120.0

pytestmark = pytest.mark.fault("a hundred channels at one minute")


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
async def on_discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LimitedDiscord]:
    server = LimitedDiscord(ON_DISCORD)
    await server.start()
    monkeypatch.setattr(discord.http.Route, "BASE", server.api_base)
    yield server
    await server.stop()


@pytest.fixture
async def on_slack() -> AsyncIterator[LimitedSlack]:
    server = LimitedSlack()
    server.use(ON_SLACK)
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield server
    await runner.cleanup()


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    """An archive with news, and a schedule of this minute for each channel."""
    clock = SystemClock()
    async with open_archive(tmp_path / "news.db", clock=clock) as archive:
        await add_articles(archive, {f"a{number}.txt": invented_article(number) for number in range(1, 10)})
        due = clock.now() - timedelta(minutes=1)
        for platform, workspace, channels in (("discord", GUILD, ON_DISCORD), ("slack", TEAM, ON_SLACK)):
            for channel in channels:
                schedule = Schedule(
                    id=f"s-{channel}",
                    destination=Destination(platform=platform, workspace=workspace, channel=channel),
                    times=(due.time().replace(second=0, microsecond=0),),
                    weekdays=(),
                    zone="UTC",
                    created_at=due - timedelta(days=1),
                )
                await archive.save_schedule(schedule)
        yield archive


async def test_a_hundred_digests_at_one_minute_stay_within_the_limits_and_come_once_in_order(
    archive: SqlArchive, on_discord: LimitedDiscord, on_slack: LimitedSlack
) -> None:
    clock = SystemClock()
    rest = Rest(DISCORD_TOKEN, clock)
    publishers: Mapping[Platform, Publisher] = {
        "discord": DiscordPublisher(rest),
        "slack": SlackPublisher(BOT_TOKEN, base_url=f"{on_slack.base_url}/api/", clock=clock),
    }
    announcer = Announcer(archive=archive, publishers=publishers, clock=clock, max_chars=6_000, visible=lambda _: None)
    deliverer = Deliverer(archive, publishers, clock)
    assert await announcer.announce_due() == len(ON_DISCORD) + len(ON_SLACK)
    async with asyncio.timeout(PATIENCE_S):
        while await archive.posts_in(PostState.PENDING) or await archive.posts_in(PostState.SENDING):
            await deliverer.deliver_due()
    await deliverer.drain()
    await rest.close()
    for channels, platform, workspace in ((ON_DISCORD, "discord", GUILD), (ON_SLACK, "slack", TEAM)):
        for channel in channels:
            there = Destination(platform=platform, workspace=workspace, channel=channel)  # type: ignore[arg-type]
            posts = sorted(await archive.posts_of(there, limit=10), key=lambda post: post.part)
            assert len(posts) > 1, "more than one part is what gets in the way of a limit by channel"
            assert {post.state for post in posts} == {PostState.SENT}
            if platform == "discord":
                assert on_discord.nonces_in(channel) == [post.nonce for post in posts]
            else:
                assert on_slack.ids_in(channel) == [post.id for post in posts]
    assert on_discord.too_many == {"global": 0, "channel": 0}
    assert on_slack.too_many == {"workspace": 0, "channel": 0}
    assert on_discord.problems == on_slack.problems == []
