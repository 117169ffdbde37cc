"""Serving many channels: the first digests are posted while the others are being made, and stopping waits for none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import Editor
from bot.jobs.announcing import Announcer
from bot.jobs.serving import ChannelServing
from bot.model import Article, Destination, PostState, Schedule
from bot.storage.archive import SqlArchive, open_archive
from tests.jobs.test_announcing import PlainPublisher
from tests.platforms.web.town import BRIDGE, add_articles

NOW = datetime(2026, 5, 4, 8, 0, 5, tzinfo=UTC)
CHANNELS = tuple(Destination(platform="discord", workspace="1", channel=name) for name in ("first", "second"))
PATIENCE_S = 20.0


class Morning:
    """A clock that stands at eight."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    """An archive with news, and a digest due in each channel."""
    async with open_archive(tmp_path / "news.db", clock=Morning()) as archive:
        await add_articles(archive, {"bridge.txt": BRIDGE})
        for channel in CHANNELS:
            schedule = Schedule(
                id=channel.channel,
                destination=channel,
                times=(time(8),),
                weekdays=(),
                zone="UTC",
                created_at=NOW.replace(hour=7),
            )
            await archive.save_schedule(schedule)
        yield archive


class SlowWriter:
    """An LLM that writes for the first channel at once and for the second when it is let."""

    def __init__(self) -> None:
        self.calls = 0
        self.under_way = False
        self.may_go_on = asyncio.Event()

    async def write(self, articles: Sequence[Article]) -> None:
        self.calls += 1
        if self.calls > 1:
            self.under_way = True
            try:
                await self.may_go_on.wait()
            finally:
                self.under_way = False


def serving_of(archive: SqlArchive, writer: SlowWriter) -> ChannelServing:
    clock, publishers = Morning(), {"discord": PlainPublisher()}
    return ChannelServing(
        announcer=Announcer(
            archive=archive,
            publishers=publishers,
            clock=clock,
            max_chars=6_000,
            visible=lambda place: None,
            ensure_written=writer.write,
        ),
        deliverer=Deliverer(archive, publishers, clock),
        editor=Editor(archive, publishers, clock),
    )


async def sent_to(archive: SqlArchive, channel: Destination) -> int:
    return sum(post.state is PostState.SENT for post in await archive.posts_of(channel, limit=9))


async def until_first_is_sent(archive: SqlArchive) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await sent_to(archive, CHANNELS[0]):  # noqa: ASYNC110 - an archive has no event
            await asyncio.sleep(0.05)


async def test_the_first_channels_digest_is_posted_while_the_seconds_is_being_made(archive: SqlArchive) -> None:
    writer = SlowWriter()
    round_ = asyncio.create_task(serving_of(archive, writer)())
    await until_first_is_sent(archive)
    assert await sent_to(archive, CHANNELS[1]) == 0
    writer.may_go_on.set()
    async with asyncio.timeout(PATIENCE_S):
        await round_
    assert await sent_to(archive, CHANNELS[1]) == 1


async def test_a_round_that_is_cancelled_leaves_no_digest_being_made(archive: SqlArchive) -> None:
    writer = SlowWriter()
    round_ = asyncio.create_task(serving_of(archive, writer)())
    await until_first_is_sent(archive)
    assert writer.under_way
    round_.cancel()
    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(round_, return_exceptions=True)
    assert not writer.under_way
    assert await sent_to(archive, CHANNELS[1]) == 0
