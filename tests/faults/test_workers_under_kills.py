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
from tests.fault_table import FAULTS, kills_of
from tests.faults.forking import ForkingProcess, forking_process
from tests.faults.program_parts import ARTICLES_A_DIGEST, DESTINATIONS, OPEN, Program, feeding, program
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]

WORKER_KILLS = kills_of(1 / 20, at_least=5)
"""Kills of any of the processes; the next one is started at once."""
RUNS = max(1, WORKER_KILLS // 50)
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


@pytest.mark.parametrize("seed", range(RUNS))
async def test_random_kills_of_workers_and_posters_lose_and_double_nothing(
    forks: ForkingProcess,
    tmp_path: Path,
    postgres_place: str,
    seed: int,
    record_property: Callable[[str, object], None],
) -> None:
    chance = random.Random(seed)
    async with program(tmp_path, forks, seed=seed) as bot:
        bot.place = postgres_place
        await bot.schedule_digests()
        async with processes(bot) as pids:
            async with feeding(bot):
                for _ in range(WORKER_KILLS // RUNS):
                    await asyncio.sleep(chance.uniform(0.0, LONGEST_PAUSE_S))
                    which = chance.randrange(len(pids))
                    assert await forks.kill(pids[which]) < 0
                    pids[which] = await bot.start(command=COMMANDS[which])
            await settle(bot)
        tally = await bot.count()
        await check_articles(bot)
    record_property(FAULTS, tally.row("kill -9 of 3 workers, posters", WORKER_KILLS // RUNS))
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


async def test_two_posters_have_shards_of_their_own_and_one_of_them_posts_for_all(
    forks: ForkingProcess, tmp_path: Path, postgres_place: str
) -> None:
    async with program(tmp_path, forks, seed=12, stormy=False) as bot:
        bot.place = postgres_place
        await bot.schedule_digests()
        bot.write_articles(ARTICLES_A_DIGEST)
        async with processes(bot, ("work",)):
            posters = [
                await bot.start(
                    command="post", settings={"NEWSBOT_DISCORD__SHARD_COUNT": "2", "NEWSBOT_DISCORD__SHARD_IDS": shard}
                )
                for shard in ("0", "1")
            ]
            await settle(bot)
            assert sorted(one["shard"] for one in bot.discord.identifies) == [[0, 2], [1, 2]]
            for _ in posters:
                # Interactions come to the process whose shard the server belongs to.
                assert await bot.discord.answer_to(await bot.discord.use_command("help"))
                bot.discord.sockets.reverse()
            assert await forks.kill(posters[0]) < 0
            bot.write_articles(ARTICLES_A_DIGEST)
            await settle(bot)
            assert await bot.stop(posters[1]) == 0, bot.log()[-5_000:]
        tally = await bot.count()
        shown = {to.key: bot.shown_articles(to) for to in DESTINATIONS}
    assert tally.is_clean, f"{tally} {shown}: {bot.log()[-5_000:]}"
