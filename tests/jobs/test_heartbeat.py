"""The heartbeat goes on whatever the clock of the machine does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.jobs.heartbeat import AfterNow, Heartbeat

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
INTERVAL_S = 0.02


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - what beats announces nothing
            await asyncio.sleep(0.005)


def test_a_jump_of_days_makes_one_beat_to_come_not_one_for_each_that_was_left_out() -> None:
    asleep = timedelta(days=2)
    assert AfterNow(0.2).get_next_fire_time(NOON - asleep, NOON) == NOON + timedelta(seconds=0.2)


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)], ids=["ahead", "back"])
async def test_beats_go_on_after_a_jump_of_the_clock(jump: timedelta) -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        beats += 1

    stop = asyncio.Event()
    with time_machine.travel(NOON, tick=True) as traveller:
        running = asyncio.create_task(Heartbeat(beat, interval_s=INTERVAL_S).run(stop))
        await until(lambda: beats >= 2)
        traveller.shift(jump)
        before = beats
        await until(lambda: beats >= before + 3)
        stop.set()
        await running


async def test_a_beat_that_fails_is_followed_by_the_next() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        beats += 1
        raise RuntimeError("a beat broke")

    stop = asyncio.Event()
    running = asyncio.create_task(Heartbeat(beat, interval_s=INTERVAL_S).run(stop))
    await until(lambda: beats >= 3)
    stop.set()
    await running
