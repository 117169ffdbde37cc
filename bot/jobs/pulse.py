"""The pulse: a file whose age tells from outside whether the event loop still turns."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

PULSE_EVERY_S = 10.0
ALIVE_FOR_S = 30.0
"""A pulse older than this means that the event loop hangs or the process is gone."""


async def keep_pulse(file: Path, stop: asyncio.Event) -> None:
    """Touch the file every few seconds until `stop` is set, then remove it; a full disk does not stop the bot."""
    while not stop.is_set():
        with suppress(OSError):
            await asyncio.to_thread(file.touch)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), PULSE_EVERY_S)
    with suppress(OSError):
        await asyncio.to_thread(file.unlink, missing_ok=True)


def is_alive(file: Path) -> bool:
    """Return whether the bot that keeps this file had a pulse lately."""
    try:
        return time.time() - file.stat().st_mtime < ALIVE_FOR_S
    except OSError:
        return False
