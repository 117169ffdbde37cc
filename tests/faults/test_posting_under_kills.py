"""kill -9 and SIGTERM of a posting process, at random and at every named point: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
import random
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from bot.model import PostState
from tests.fault_table import FAULTS, KILLS
from tests.faults.forking import ForkingProcess, forking_process
from tests.faults.loopback import SPEED
from tests.faults.posting_parts import Bench, posting_bench

SIGTERMS = max(KILLS // 10, 10)
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.fault("kills of the poster")]
RUNS = 4
LONGEST_LIFE_S = 0.3
KILLED_WHILE_POSTING = 0.85
"""This share of the random kills come when the process posts; the others may meet it while it starts."""

ENOUGH = 10**6

KILL_POINTS = (
    "enqueue: before",
    "enqueue: before commit",
    "enqueue: after commit",
    "claim: before commit",
    "claim: after commit",
    "between parts",
    "discord post: before any byte",
    "discord post: answer not read",
    "discord post: answered",
    "slack post: before any byte",
    "slack post: answer not read",
    "slack post: answered",
    "sending to sent: before",
    "sending to sent: before commit",
    "sending to sent: after commit",
)
RECOVERING = ("sending to unknown: before", "sending to unknown: before commit", "sending to unknown: after commit")
FOUND = ("unknown to sent: before", "unknown to sent: before commit", "unknown to sent: after commit")
LOOKED = ("unknown to unknown: before", "unknown to unknown: before commit", "unknown to unknown: after commit")
ABSENT = ("unknown to pending: before", "unknown to pending: before commit", "unknown to pending: after commit")
NONCE_FORGOTTEN_S = 0.5
"""Real seconds after which the nonce of a post is not repeated any more, and its history is read instead."""

SLOW_SPEED = 20.0

SECOND_KILLS = [
    *(
        ("slack post: answered", 0.0, point)
        for point in (*RECOVERING, "slack look: before", "slack look: after", *FOUND)
    ),
    *(("slack post: before any byte", 0.0, point) for point in (*LOOKED, *ABSENT)),
    *(("discord post: answered", 0.0, point) for point in (*LOOKED, "discord post: before any byte", *FOUND)),
    *(("discord post: before any byte", 0.0, point) for point in ("discord post: answered", *FOUND)),
    *(("discord post: answered", NONCE_FORGOTTEN_S, point) for point in ("discord look: after", *FOUND)),
    *(("discord post: before any byte", NONCE_FORGOTTEN_S, point) for point in (*LOOKED, *ABSENT)),
]
"""Where the first process dies, how long nobody runs then, and where the second one dies while it clears up."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def zygote() -> AsyncIterator[ForkingProcess]:
    """The process that forks posting processes, one for all tests: its imports take longer than a test."""
    async with forking_process("tests.faults.poster") as process:
        yield process


async def finish(bench: Bench, *, messages: int) -> None:
    """Let a process post everything that is left, undisturbed."""
    bench.platform.chaos = False
    pid = await bench.start(messages=messages)
    assert await bench.end_of(pid) == 0


async def most_messages(bench: Bench) -> int:
    """Return how many messages the destination that has most has got so far."""
    keys = (bench.folder / "acks").read_text().split()
    return max(int(key.rpartition("/")[2]) for key in keys)


@pytest.mark.parametrize("seed", range(RUNS))
async def test_random_kills_lose_and_double_nothing(
    zygote: ForkingProcess, tmp_path: Path, seed: int, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(seed)
    killed = 0
    async with posting_bench(zygote, tmp_path, seed=seed) as bench:
        while killed < KILLS / RUNS:
            pid = await bench.start(messages=ENOUGH)
            delay_s, once_ready = chance.uniform(0.0, LONGEST_LIFE_S), chance.random() < KILLED_WHILE_POSTING
            killed += await bench.kill_after(pid, delay_s, once_ready=once_ready) == -signal.SIGKILL
        await finish(bench, messages=await most_messages(bench))
        tally = await bench.count()
    record_property(FAULTS, tally.row("kill -9 at random", killed))
    assert tally.tried > 0
    assert tally.is_clean, tally


@pytest.mark.parametrize("point", KILL_POINTS)
async def test_a_kill_at_this_point_loses_and_doubles_nothing(
    zygote: ForkingProcess, tmp_path: Path, point: str, record_property: Callable[[str, object], None]
) -> None:
    async with posting_bench(zygote, tmp_path, seed=1, chaos=False) as bench:
        # Each destination is at this point once before the process dies at the last of them.
        for skip in range(4):
            assert await bench.end_of(await bench.start(messages=4, kill_at=point, skip=skip)) == -signal.SIGKILL
        await finish(bench, messages=6)
        tally = await bench.count()
    record_property(FAULTS, tally.row("kill -9 at a named point", 4))
    assert tally.is_clean, tally


@pytest.mark.parametrize(("first", "wait_s", "point"), SECOND_KILLS)
async def test_a_kill_while_clearing_up_after_a_kill_loses_and_doubles_nothing(
    zygote: ForkingProcess,
    tmp_path: Path,
    first: str,
    wait_s: float,
    point: str,
    record_property: Callable[[str, object], None],
) -> None:
    # Where the nonce is to be repeated the clock runs slower: also on a busy machine it is still known then.
    speed = SPEED if wait_s or first.startswith("slack") else SLOW_SPEED
    async with posting_bench(zygote, tmp_path, seed=2, chaos=False, speed=speed) as bench:
        assert await bench.end_of(await bench.start(messages=3, kill_at=first)) == -signal.SIGKILL
        await asyncio.sleep(wait_s)
        assert await bench.end_of(await bench.start(messages=3, kill_at=point)) == -signal.SIGKILL
        await finish(bench, messages=3)
        tally = await bench.count()
    record_property(FAULTS, tally.row("kill -9 while clearing up", 2))
    assert tally.is_clean, tally


async def test_sigterm_in_the_middle_of_a_digest_lets_what_is_under_way_end(
    zygote: ForkingProcess, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(3)
    async with posting_bench(zygote, tmp_path, seed=3, chaos=False) as bench:
        bench.platform.delay_s = 0.03
        for _ in range(SIGTERMS):
            pid = await bench.start(messages=ENOUGH)
            code = await bench.kill_after(pid, chance.uniform(0.0, LONGEST_LIFE_S), signal.SIGTERM)
            assert code == 0
            doubts = {
                post.reason for post in await bench.posts() if post.state not in (PostState.SENT, PostState.PENDING)
            }
            # On a busy machine an attempt may run into its time-out by itself.
            assert doubts <= {"TimeoutError"}
        await finish(bench, messages=await most_messages(bench))
        tally = await bench.count()
    record_property(FAULTS, tally.row("SIGTERM in a digest", SIGTERMS))
    assert tally.is_clean, tally
