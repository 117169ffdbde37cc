"""SIGTERM in the middle of a digest, over the real clients: the program drains within 20 s and says everything once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.fault_table import FAULTS, KILLS
from tests.faults.forking import ROOT, ForkingProcess, forking_process
from tests.faults.program_parts import OPEN, feeding, program

SIGTERMS = max(KILLS // 10, 10)
DRAINS_WITHIN_S = 20.0
LONGEST_LIFE_S = 1.5
SLOW_ANSWER_S = 0.15
"""How long a platform takes for each request, so that most signals meet one under way."""
STARTS_WITHIN_S = 60.0
UNSHARE = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--kill-child")

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.fault("SIGTERM as the first process")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def forks() -> AsyncIterator[ForkingProcess]:
    """The process that forks the program."""
    async with forking_process("tests.faults.program") as process:
        yield process


async def test_sigterm_in_the_middle_of_a_digest_drains_and_loses_and_doubles_nothing(
    forks: ForkingProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(5)
    longest_s = 0.0
    async with program(tmp_path, forks, seed=5, stormy=False) as bot:
        await bot.schedule_digests()
        bot.weather.delay_s = SLOW_ANSWER_S
        async with feeding(bot):
            for _ in range(SIGTERMS):
                pid = await bot.start()
                await until_handled(pid, signal.SIGTERM)
                await asyncio.sleep(chance.uniform(0.0, LONGEST_LIFE_S))
                began = time.monotonic()
                assert await bot.stop(pid) == 0, bot.log()[-3_000:]
                longest_s = max(longest_s, time.monotonic() - began)
                doubts = [post.reason for post in await bot.posts() if post.state in OPEN and post.attempts]
                assert not doubts, doubts
        await bot.settle()
        tally = await bot.count()
    record_property(FAULTS, tally.row("SIGTERM of the program", SIGTERMS))
    assert longest_s < DRAINS_WITHIN_S
    assert tally.tried > 0
    assert tally.is_clean, tally


async def can_be_first_process() -> bool:
    """Return whether this machine lets us begin a name space of processes."""
    try:
        trial = await asyncio.create_subprocess_exec(
            *UNSHARE, "true", stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
    except FileNotFoundError:
        return False
    return await trial.wait() == 0


async def test_as_the_first_process_of_a_container_it_ends_on_sigterm(forks: ForkingProcess, tmp_path: Path) -> None:
    """A process with the id 1 ignores every signal it has no handler for.

    Where no name space may be begun, what that rests on stands in: the kernel's list of the signals that the running
    program handles has SIGTERM in it.
    """
    wrapper = UNSHARE if await can_be_first_process() else ()
    async with program(tmp_path, forks, seed=6, stormy=False) as bot:
        await bot.schedule_digests()
        bot.write_articles(2)
        with (tmp_path / "err.log").open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *wrapper, sys.executable, "-m", "bot", "run",
                cwd=tmp_path, env={**bot.environment, "PYTHONPATH": str(ROOT)},
                stdout=asyncio.subprocess.DEVNULL, stderr=log,
            )  # fmt: skip
        pid = await first_process_of(process.pid) if wrapper else process.pid
        async with asyncio.timeout(STARTS_WITHIN_S):
            while "connected to Slack" not in bot.log() or "connected to Discord" not in bot.log():
                assert process.returncode is None, bot.log()
                await asyncio.sleep(0.05)
        assert handles(pid, signal.SIGTERM)
        began = time.monotonic()
        os.kill(pid, signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), DRAINS_WITHIN_S) == 0, bot.log()
        assert time.monotonic() - began < DRAINS_WITHIN_S


async def first_process_of(outer: int) -> int:
    """Return the id that the first process of the new name space has out here."""
    children = Path(f"/proc/{outer}/task/{outer}/children")
    async with asyncio.timeout(STARTS_WITHIN_S):
        while True:
            inner = children.read_text().split()
            if inner:
                break
            await asyncio.sleep(0.02)
    status = Path(f"/proc/{inner[0]}/status").read_text()
    assert [line.split()[-1] for line in status.splitlines() if line.startswith("NSpid")] == ["1"]
    return int(inner[0])


async def until_handled(pid: int, number: signal.Signals) -> None:
    """Wait until a process has a handler for a signal; before, there is nothing under way that could drain."""
    async with asyncio.timeout(STARTS_WITHIN_S):
        while not handles(pid, number):  # noqa: ASYNC110 - the kernel announces no handlers
            await asyncio.sleep(0.02)


def handles(pid: int, number: signal.Signals) -> bool:
    """Return whether a process has a handler for a signal."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)
