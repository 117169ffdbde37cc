"""Background work stands aside while somebody waits for an answer, and goes on all the same."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

import pytest

from bot.courtesy import LONGEST_PAUSE_S, answering, give_way, is_quiet, stand_aside

TURNS = 50
LONGER_THAN_A_TEST_S = 30.0


async def give_way_in_thread() -> None:
    await asyncio.to_thread(give_way)


@pytest.mark.parametrize("pause", [stand_aside, give_way_in_thread])
async def test_work_waits_while_somebody_is_answered_but_not_for_ever(pause: Callable[[], Awaitable[None]]) -> None:
    with answering():
        began = time.monotonic()
        await pause()
        assert time.monotonic() - began >= LONGEST_PAUSE_S
        assert not is_quiet()


async def test_work_goes_on_as_soon_as_the_last_answer_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.courtesy.LONGEST_PAUSE_S", LONGER_THAN_A_TEST_S)
    first, second = answering(), answering()
    first.__enter__()
    second.__enter__()
    pausing = [asyncio.create_task(give_way_in_thread()), asyncio.create_task(stand_aside())]
    first.__exit__(None, None, None)
    done, _ = await asyncio.wait(pausing, timeout=5 * LONGEST_PAUSE_S)
    assert not done
    second.__exit__(None, None, None)
    async with asyncio.timeout(LONGER_THAN_A_TEST_S / 2):
        await asyncio.gather(*pausing)


async def test_nothing_waits_when_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.courtesy.LONGEST_PAUSE_S", LONGER_THAN_A_TEST_S)
    began = time.monotonic()
    for _ in range(TURNS):
        give_way()
        await stand_aside()
    assert time.monotonic() - began < LONGER_THAN_A_TEST_S


async def test_an_answer_that_fails_is_over_too() -> None:
    with pytest.raises(ValueError, match="broke"), answering():
        raise ValueError("it broke")
    assert is_quiet()


async def test_an_answer_goes_on_while_a_thread_computes() -> None:
    """What it is for: a thread that gives way before each step leaves the interpreter to whoever answers."""
    stop = threading.Event()
    steps = 0

    def compute() -> None:
        nonlocal steps
        while not stop.is_set():
            give_way()
            steps += 1

    computing = asyncio.create_task(asyncio.to_thread(compute))
    while not steps:  # noqa: ASYNC110 - a thread counts
        await asyncio.sleep(0.01)
    with answering():
        before, began = steps, time.monotonic()
        await asyncio.sleep(10 * LONGEST_PAUSE_S)
        made, took_s = steps - before, time.monotonic() - began
    stop.set()
    await computing
    # One a pause, the one it was at, and one begun since.
    assert 0 < made <= took_s / LONGEST_PAUSE_S + 2
