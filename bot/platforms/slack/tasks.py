"""Runs the work behind an acknowledged request, so that no exception reaches the acknowledgement."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.commands.dispatch import COMMANDS_AT_WORK

log = structlog.get_logger()


class Work:
    """Tasks under way; each is kept until it ends, and its failure is logged. `places` are for those that read much."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(COMMANDS_AT_WORK)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, coroutine: Coroutine[Any, Any, None], *, name: str) -> None:
        """Run the coroutine beside everything else."""
        task = asyncio.create_task(coroutine, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def finish(self, *, timeout_s: float) -> None:
        """Wait for what is under way, then cancel the rest."""
        if not self._tasks:
            return
        _, unfinished = await asyncio.wait(set(self._tasks), timeout=timeout_s)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("work for Slack failed", work=task.get_name(), exc_info=task.exception())
