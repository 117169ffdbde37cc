"""Lets old articles leave the archive, if the operator says after how many days; the watched folder stays as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.errors import BotError
from bot.ports import Clock

FIRST_AFTER_S = 60.0
"""Seconds after the start: what is new is read and told before anything is tidied."""

EVERY_S = 6 * 3600.0
PAUSE_S = 0.2
"""Seconds between two batches, in which everybody else has the archive."""

log = structlog.get_logger()


class ForgetfulArchive(Protocol):
    """An archive that articles can leave."""

    async def shown_in_digests(self, *, since: datetime) -> set[str]:
        """Return the ids of the articles that digests made since then showed."""
        ...

    async def remove_old(self, *, before: datetime, kept: Collection[str]) -> int:
        """Remove a batch of articles that came in before this moment and that nothing needs; return how many left."""
        ...


async def keep_retention(archive: ForgetfulArchive, clock: Clock, *, days: int | None, stop: asyncio.Event) -> None:
    """Remove what is older than so many days, now and then, until `stop` is set; without days it does nothing."""
    if days is None:
        return
    wait_s = FIRST_AFTER_S
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait_s)
        if stop.is_set():
            return
        wait_s = EVERY_S
        try:
            removed = await remove_all_old(archive, clock.now() - timedelta(days=days), stop)
        except BotError as error:
            log.error(str(error))
            continue
        if removed:
            log.info("old articles left the archive", articles=removed, older_than_days=days)


async def remove_all_old(archive: ForgetfulArchive, before: datetime, stop: asyncio.Event) -> int:
    """Remove what came in before this moment and nothing needs, in small batches; return how many articles left."""
    kept = await archive.shown_in_digests(since=before)
    removed = 0
    while not stop.is_set():
        batch = await archive.remove_old(before=before, kept=kept)
        removed += batch
        if batch == 0:
            break
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PAUSE_S)
    return removed
