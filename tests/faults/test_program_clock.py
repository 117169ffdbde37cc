"""The wall clock of the running program jumps, as after a suspend or a correction: each slot is told once, and soon."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.deliveries.outbox import LOOK_AGAIN_S
from bot.model import Destination
from bot.storage.archive import open_archive
from tests.faults.forking import ForkingProcess, forking_process
from tests.faults.program import STEP
from tests.faults.program_parts import DESTINATIONS, OPEN, Program, program

JUMPS = 20
CAUGHT_UP_WITHIN_S = 30.0
SETTLES_IN_S = 1.0
"""So long a post that is due gets before the clock moves on; that it was told soon has been seen by then."""
SLOT_EVERY_MIN = 60
FORWARD_H = (1.0, 2.5, 6.0, 20.0, 49.0)
ARTICLE_EVERY = 5
BACK_EVERY = 4
FORGETFUL = (("take", 80), ("take, then drop", 20))
"""Now and then the answer to a post is lost: then its channel is read, whatever the clock shows by then."""
CALM = (("take", 100),)
BACK_H = (-0.02, -1.0, -6.0)
"""Hours; after a jump back nothing may be told again."""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.fault("clock steps")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def forks() -> AsyncIterator[ForkingProcess]:
    """The process that forks the program."""
    async with forking_process("tests.faults.program") as process:
        yield process


async def test_each_slot_is_told_once_and_soon_when_the_clock_jumps(forks: ForkingProcess, tmp_path: Path) -> None:
    chance = random.Random(11)
    steps = tmp_path / "steps"
    ahead = timedelta(0)
    latest = datetime.now(UTC)
    async with program(tmp_path, forks, seed=11, speed=1.0) as bot:
        bot.weather.posting, bot.weather.reading = FORGETFUL, CALM
        await bot.schedule_digests(every_min=SLOT_EVERY_MIN, since=latest)
        bot.write_articles(1)
        pid = await bot.start(speed=0.0, steps=str(steps))
        await until_read(bot)
        slowest_s = 0.0
        for number in range(JUMPS):
            hours = chance.choice(BACK_H if number % BACK_EVERY == 1 else FORWARD_H)
            told = {to: len(bot.accepted(to)) for to in DESTINATIONS}
            ahead += timedelta(hours=hours)
            jump(pid, ahead, steps)
            now = datetime.now(UTC) + ahead
            began = time.monotonic()
            if number % ARTICLE_EVERY == 0:
                # The bot still takes in what comes, whatever its clock shows. Mostly nothing comes that wakes it.
                bot.write_articles(1)
                await until_read(bot)
            if hour_of(now) > hour_of(latest):
                await until_told(bot, told)
            latest = max(latest, now)
            slowest_s = max(slowest_s, time.monotonic() - began)
        bot.weather.posting = CALM
        await let_settle(bot, pid, ahead, steps)
        assert await bot.stop(pid) == 0
        posts = await bot.posts()
    assert slowest_s < CAUGHT_UP_WITHIN_S
    batches = Counter((post.destination, post.batch) for post in posts if post.part == 1)
    assert set(batches.values()) == {1}
    seen = Counter(post_id for to in DESTINATIONS for post_id in bot.accepted(to))
    assert set(seen.values()) == {1}
    assert set(seen) == {post.id for post in posts}


def jump(pid: int, ahead: timedelta, steps: Path) -> None:
    """Set the program's clock so far ahead of ours."""
    draft = steps.with_suffix(".draft")
    draft.write_text(f"{ahead.total_seconds()}", encoding="ascii")
    draft.rename(steps)
    os.kill(pid, STEP)


async def until_read(bot: Program) -> None:
    """Wait until the archive holds every article that was written."""
    async with asyncio.timeout(CAUGHT_UP_WITHIN_S):
        while True:
            if bot.archive.exists():
                async with open_archive(bot.archive, create=False, read_only=True) as archive:
                    if await archive.last_seq() >= bot.articles:
                        return
            await asyncio.sleep(0.1)


async def until_told(bot: Program, before: dict[Destination, int]) -> None:
    """Wait until every channel has got another post."""
    async with asyncio.timeout(CAUGHT_UP_WITHIN_S):
        while True:
            if all(len(bot.accepted(to)) > count for to, count in before.items()):
                return
            await asyncio.sleep(0.05)


async def let_settle(bot: Program, pid: int, ahead: timedelta, steps: Path) -> None:
    """Let time pass, faster than it does, until nothing is on its way any more.

    A post that a jump made look old is looked for again only after the longest wait, and the last jump may have come
    while its attempt or the look for it was under way: so the wait is passed over again and again.
    """
    async with asyncio.timeout(CAUGHT_UP_WITHIN_S):
        while any(post.state in OPEN for post in await bot.posts()):
            ahead += timedelta(seconds=LOOK_AGAIN_S[1])
            jump(pid, ahead, steps)
            await asyncio.sleep(SETTLES_IN_S)


def hour_of(moment: datetime) -> int:
    """Return which slot has come last."""
    return int(moment.timestamp() // (SLOT_EVERY_MIN * 60))
