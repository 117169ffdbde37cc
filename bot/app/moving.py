"""`newsbot migrate`: an archive moves from one database to another."""

from __future__ import annotations

import sys
import time

NOTED_EVERY_S = 1.0
"""Seconds between two lines of progress."""


async def move(source: str, target: str) -> int:
    """Copy the archive and say what was copied; return the exit code. Raises: BotError with what to do."""
    from bot.storage.moving import move_archive

    said = 0.0

    def note(table: str, done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said >= NOTED_EVERY_S:
            said = time.monotonic()
            print(f"{table}: {done:,} of {total:,}", file=sys.stderr)

    counted = await move_archive(source, target, progress=note)
    for table, rows in counted.items():
        if rows:
            print(f"{table}: {rows:,}")
    print("Moved. Name the new address in NEWSBOT_DATABASE__URL; the old archive stays as it is.")
    return 0
