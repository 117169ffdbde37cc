"""kill -9 of several processes that share one archive on PostgreSQL: all news read once, all of it told once."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from bot.model import FileState
from bot.storage.archive import open_archive
from tests.fault_table import FAULTS, KILLS
from tests.faults.forking import ForkingProcess, forking_process
from tests.faults.program_parts import DESTINATIONS, OPEN, Program, feeding, program
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]

WORKER_KILLS = max(KILLS // 20, 5)
"""Kills of any of the processes; the next one is started at once."""
COMMANDS = ("work", "work", "work", "post", "post")
"""Three workers, a poster, and one that stands by."""
LONGEST_PAUSE_S = 2.5
SETTLES_WITHIN_S = 90.0
TAKEN_OVER_WITHIN_S = 10.0

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.fault("workers")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def forks() -> AsyncIterator[ForkingProcess]:
    """The process that forks the processes of the program."""
    async with forking_process("tests.faults.program") as process:
        yield process


@asynccontextmanager
async def processes(bot: Program, commands: tuple[str, ...] = COMMANDS) -> AsyncIterator[list[int]]:
    """Run one process a command; give their ids, which a test may replace. They are ended afterwards."""
    pids = [await bot.start(command=command) for command in commands]
    yield pids
    codes = [await bot.stop(pid) for pid in pids]
    assert codes == [0] * len(pids), bot.log()[-5_000:]


async def settle(bot: Program) -> None:
    """Wait until everything that was written is told everywhere, undisturbed."""
    bot.weather.stormy = False
    async with asyncio.timeout(SETTLES_WITHIN_S):
        while not await _is_all_told(bot):  # noqa: ASYNC110 - other processes tell it
            await asyncio.sleep(0.5)


async def check_articles(bot: Program) -> None:
    """See that every file was read once, and every article is in a story."""
    async with open_archive(bot.archive, create=False, read_only=True) as archive:
        facts = await archive.archive_facts()
        assert facts.files[FileState.READ] == bot.articles, facts.files
        assert facts.articles == facts.last_seq == bot.articles
        assert await archive.count_unplaced() == 0


async def test_random_kills_of_workers_and_posters_lose_and_double_nothing(
    forks: ForkingProcess, tmp_path: Path, postgres_place: str, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(11)
    async with program(tmp_path, forks, seed=11) as bot:
        bot.place = postgres_place
        await bot.schedule_digests()
        async with processes(bot) as pids:
            async with feeding(bot):
                for _ in range(WORKER_KILLS):
                    await asyncio.sleep(chance.uniform(0.0, LONGEST_PAUSE_S))
                    which = chance.randrange(len(pids))
                    assert await forks.kill(pids[which]) < 0
                    pids[which] = await bot.start(command=COMMANDS[which])
            await settle(bot)
        tally = await bot.count()
        await check_articles(bot)
    record_property(FAULTS, tally.row("kill -9 of 3 workers, posters", WORKER_KILLS))
    assert tally.tried > 0
    assert tally.is_clean, f"{tally}: {bot.log()[-5_000:]}"


async def test_when_the_leader_is_killed_another_worker_finds_what_is_new_within_seconds(
    forks: ForkingProcess, tmp_path: Path, postgres_place: str
) -> None:
    async with program(tmp_path, forks, seed=3, stormy=False) as bot:
        bot.place = postgres_place
        bot.write_articles(3)
        async with processes(bot, ("work", "work")) as pids:
            await _until_read(bot, 3)
            leader = await _leader(bot)
            await forks.kill(leader)
            pids.remove(leader)
            bot.write_articles(3)
            began = time.monotonic()
            await _until_read(bot, 6)
            assert time.monotonic() - began < TAKEN_OVER_WITHIN_S
            assert await _leader(bot) in pids


async def _is_all_told(bot: Program) -> bool:
    if any(len(bot.shown_articles(to)) < bot.articles for to in DESTINATIONS):
        return False
    return not any(post.state in OPEN for post in await bot.posts())


async def _leader(bot: Program) -> int:
    async with open_archive(bot.archive, create=False, read_only=True) as archive:
        process = (await archive.holders(["reading"]))["reading"]
    return int(process.split()[1])


async def _until_read(bot: Program, files: int) -> None:
    async with asyncio.timeout(30):
        async with open_archive(bot.archive, create=False, read_only=True) as archive:
            while (await archive.count_files())[FileState.READ] < files:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.1)
