"""File events as a hint to scan sooner; the scan stays the truth, so a lost or broken watch only costs seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

DEBOUNCE_MS = 400
"""Milliseconds that events are gathered before one hint is given."""

log = structlog.get_logger()


async def watch_folder(folder: Path, on_change: Callable[[], None], stop: asyncio.Event) -> None:
    """Call `on_change` whenever something under the folder changed, until `stop` is set.

    Ends early, with a log line, when the watch breaks: one file name that is not UTF-8 is enough for that.
    """
    from watchfiles import awatch

    try:
        async for _ in awatch(folder, debounce=DEBOUNCE_MS, stop_event=stop, watch_filter=None, recursive=True):
            on_change()
    except Exception as error:
        log.warning("file events are off; the folder is still scanned", cause=type(error).__name__)
