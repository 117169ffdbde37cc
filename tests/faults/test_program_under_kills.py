"""kill -9 of the whole program, with both platforms in it: at random and at every named point; all news told once."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fault_table import FAULTS, kills_of
from tests.faults.forking import ForkingProcess, forking_process
from tests.faults.program_parts import Program, feeding, program

PROGRAM_KILLS = kills_of(1 / 5)
"""Random kills of the whole program; each takes a second, those of the poster alone milliseconds."""
RUNS = max(2, PROGRAM_KILLS // 100)
LONGEST_LIFE_S = 2.0
"""Two slots or more come in such a life."""

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.fault("kills of the program")]

STARTING = (
    "discord login: came",
    "discord login: answered",
    "discord connect: taken",
    "discord gateway: identified",
    "slack login: came",
    "slack connect: taken",
    "slack socket: asked for",
    "articles: before commit",
    "articles: after commit",
    "enqueue: before commit",
    "enqueue: after commit",
    "slot: before commit",
    "slot: after commit",
)
POSTING = (
    "sending from pending: before commit",
    "sending from pending: after commit",
    "discord post: came",
    "discord post: taken",
    "discord post: answered",
    "discord: between parts",
    "discord thread: taken",
    "slack post: came",
    "slack post: taken",
    "slack post: answered",
    "slack: between parts",
    "sent from sending: before commit",
    "sent from sending: after commit",
)
CLEARING_UP = (
    ("slack post: taken", "unknown from sending: before commit"),
    ("slack post: taken", "unknown from sending: after commit"),
    ("slack post: taken", "slack look: came"),
    ("slack post: taken", "slack look: answered"),
    ("slack post: taken", "sent from unknown: before commit"),
    ("slack post: taken", "sent from unknown: after commit"),
    ("slack post: came", "pending from unknown: before commit"),
    ("slack post: came", "pending from unknown: after commit"),
    ("discord post: taken", "sent from unknown: before commit"),
    ("discord post: came", "discord look: answered"),
    ("discord post: came", "pending from unknown: after commit"),
)
"""Where the program dies, and where the next one dies while it finds out what became of the post."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def forks() -> AsyncIterator[ForkingProcess]:
    """The process that forks the program, one for all tests: its imports take longer than a life."""
    async with forking_process("tests.faults.program") as process:
        yield process


async def check(bot: Program, fault: str, count: int, record_property: Callable[[str, object], None]) -> None:
    """Let the program say what is left, and compare what it knows with what readers see."""
    await bot.settle()
    tally = await bot.count()
    record_property(FAULTS, tally.row(fault, count))
    assert tally.tried > 0
    assert tally.is_clean, f"{tally}: {bot.log()[-5_000:]}"


@pytest.mark.parametrize("seed", range(RUNS))
async def test_random_kills_of_the_whole_program_lose_and_double_nothing(
    forks: ForkingProcess, tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(seed)
    async with program(tmp_path, forks, seed=seed) as bot:
        await bot.schedule_digests()
        async with feeding(bot):
            for _ in range(PROGRAM_KILLS // RUNS):
                code = await bot.kill_after(await bot.start(), chance.uniform(0.0, LONGEST_LIFE_S))
                assert code == -signal.SIGKILL
        await check(bot, "kill -9 of the program", PROGRAM_KILLS // RUNS, record_property)


@pytest.mark.parametrize("points", [STARTING, POSTING], ids=["starting", "posting"])
async def test_a_kill_of_the_whole_program_at_each_point_loses_and_doubles_nothing(
    forks: ForkingProcess, tmp_path: Path, points: tuple[str, ...], record_property: Callable[[str, object], None]
) -> None:
    async with program(tmp_path, forks, seed=1, stormy=False) as bot:
        await bot.schedule_digests()
        async with feeding(bot):
            for point in points:
                await bot.die_at(point)
        await check(bot, "the program at a point", len(points), record_property)


async def test_a_kill_while_the_program_clears_up_after_a_kill_loses_and_doubles_nothing(
    forks: ForkingProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    async with program(tmp_path, forks, seed=2, stormy=False) as bot:
        await bot.schedule_digests()
        async with feeding(bot):
            for first, second in CLEARING_UP:
                await bot.die_at(first)
                if second.startswith("discord look") or second.startswith("pending"):
                    # Beyond the time in which a nonce is repeated.
                    await asyncio.sleep(0.7)
                await bot.die_at(second)
        await check(bot, "the program, clearing up", 2 * len(CLEARING_UP), record_property)
