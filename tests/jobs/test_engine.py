"""The job engine over a real PostgreSQL: jobs are done, failed ones held, a dead worker's taken over."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import Unavailable
from bot.jobs.engine import Handler, JobEngine, NewJob
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]

pytestmark = pytest.mark.fault("workers that fail or die")

_SECOND = timedelta(seconds=1)

TAKEN_OVER_WITHIN_S = 20.0
"""A killed worker's job is another's well before."""

SLOW_WORKER = """
import asyncio, sys
from bot.jobs.engine import JobEngine

async def work(payload: bytes) -> None:
    print("begun", flush=True)
    await asyncio.sleep(600)

asyncio.run(JobEngine(sys.argv[1], {"read": work}).run(asyncio.Event()))
"""


def jobs(*names: str) -> list[NewJob]:
    """Return a job a name, whose payload and key are the name."""
    return [NewJob(name="read", payload=name.encode(), key=name) for name in names]


@asynccontextmanager
async def working(engine: JobEngine) -> AsyncIterator[None]:
    """Let the engine do jobs meanwhile."""
    stop = asyncio.Event()
    running = asyncio.create_task(engine.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(running, 20)


async def until(holds: Callable[[], Awaitable[bool]], *, within_s: float = 20.0) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(within_s):
        while not await holds():  # noqa: ASYNC110 - what is waited for lies in the database
            await asyncio.sleep(0.05)


async def make_engine(address: str, handler: Handler) -> JobEngine:
    """Return an engine over tables of its own with nothing in them."""
    engine = JobEngine(address, {"read": handler})
    await engine.install()
    return engine


async def test_every_job_is_done_and_none_is_left(postgres_place: str) -> None:
    done: Counter[bytes] = Counter()

    async def work(payload: bytes) -> None:
        done[payload] += 1

    engine = await make_engine(postgres_place, work)
    names = [str(number) for number in range(50)]
    assert await engine.submit(jobs(*names)) == 50
    async with working(engine):
        await until(lambda: _is(engine.waiting(), 0))
    assert done == Counter({name.encode(): 1 for name in names})


async def test_a_job_that_waits_is_not_added_twice(postgres_place: str) -> None:
    engine = await make_engine(postgres_place, _do_nothing)
    assert await engine.submit(jobs("a", "b")) == 2
    assert await engine.submit(jobs("b", "c")) == 1
    assert await engine.waiting() == 3


async def test_a_failed_job_is_tried_again(postgres_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.engine.FIRST_DELAY", 0.1 * _SECOND)
    tries: list[bytes] = []

    async def work(payload: bytes) -> None:
        tries.append(payload)
        if len(tries) < 3:
            raise Unavailable("The archive is away.", retry_after_s=1.0)

    engine = await make_engine(postgres_place, work)
    await engine.submit(jobs("a"))
    async with working(engine):
        await until(lambda: _is(engine.waiting(), 0))
    assert len(tries) == 3
    assert await engine.held() == 0


async def test_a_job_that_keeps_failing_is_held_and_counted(
    postgres_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.engine.FIRST_DELAY", 0.05 * _SECOND)
    monkeypatch.setattr("bot.jobs.engine.MAX_TRIES", 3)
    tries: list[bytes] = []

    async def work(payload: bytes) -> None:
        tries.append(payload)
        raise ValueError("never works")

    engine = await make_engine(postgres_place, work)
    await engine.submit(jobs("a"))
    async with working(engine):
        await until(lambda: _is(engine.held(), 1))
    assert len(tries) == 3
    assert await engine.waiting() == 0


async def test_a_killed_workers_job_is_done_by_another(postgres_place: str, project_root: Path) -> None:
    done: list[bytes] = []

    async def work(payload: bytes) -> None:
        done.append(payload)

    engine = await make_engine(postgres_place, work)
    await engine.submit(jobs("a"))
    worker = subprocess.Popen(  # noqa: ASYNC220 - takes milliseconds
        [sys.executable, "-c", SLOW_WORKER, postgres_place],
        cwd=project_root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert worker.stdout is not None
        assert await asyncio.to_thread(worker.stdout.readline) == "begun\n"
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate()
    async with working(engine):
        await until(lambda: _is(_length(done), 1), within_s=TAKEN_OVER_WITHIN_S)


async def test_what_is_under_way_ends_before_the_worker_does(postgres_place: str) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def work(payload: bytes) -> None:
        begun.set()
        await asyncio.sleep(0.5)
        ended.set()

    engine = await make_engine(postgres_place, work)
    await engine.submit(jobs("a"))
    async with working(engine):
        await asyncio.wait_for(begun.wait(), 10)
    assert ended.is_set()


async def test_a_server_that_is_away_is_said() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        await JobEngine("postgresql://postgres@127.0.0.1:1/none", {}).submit(jobs("a"))


async def _is(number: Awaitable[int], wanted: int) -> bool:
    return await number == wanted


async def _length(some: list[bytes]) -> int:
    return len(some)


async def _do_nothing(payload: bytes) -> None:
    return None
