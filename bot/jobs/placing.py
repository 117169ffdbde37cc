"""Puts what was stored into stories: one process at a time, which keeps what it compares with in its memory."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from bot.errors import BotError
from bot.stories.placing import Progress, StoryPlacer

# How often is looked for what other processes stored; what this one stores is placed at once.
LOOK_EVERY_S: Final = 0.5

log = structlog.get_logger()


class StoryPlacing:
    """Places articles while it runs; `hurry` tells that some came in, `progress` how far many of them are."""

    def __init__(self, progress: Progress | None = None) -> None:
        self._wanted = asyncio.Event()
        self._progress = progress

    def hurry(self) -> None:
        """Ask for a look now."""
        self._wanted.set()

    async def run(self, placer: StoryPlacer, stop: asyncio.Event) -> None:
        """Place what has no story yet, again and again, until `stop` is set."""
        stopping = asyncio.create_task(_stop_with(stop, placer, self._wanted))
        trouble = ""
        try:
            while not stop.is_set():
                self._wanted.clear()
                try:
                    await placer.catch_up(self._progress)
                    trouble = ""
                except BotError as error:
                    if str(error) != trouble:
                        trouble = str(error)
                        log.error(trouble)
                try:
                    await asyncio.wait_for(self._wanted.wait(), LOOK_EVERY_S)
                except TimeoutError:
                    continue
        finally:
            stopping.cancel()


async def _stop_with(stop: asyncio.Event, placer: StoryPlacer, wanted: asyncio.Event) -> None:
    await stop.wait()
    placer.stop()
    wanted.set()
