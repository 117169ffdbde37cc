"""People first: work in the background stands aside, article by article, while somebody waits for an answer.

All threads of a process share one interpreter, and the processes of a small machine share its processors: a page that
asks the archive a dozen times waits each time for a turn of whoever computes. Whoever answers says so with `answering`;
whoever reads, places or prepares articles calls `give_way` (in a thread) or `stand_aside` (in a task) before each. The
pause has an end, so that a bot with many readers goes on reading.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LONGEST_PAUSE_S: Final = 0.02
"""An article takes about as long to be read, so a door that is never quiet slows reading down to a third."""
_LOOK_EVERY_S: Final = 0.002

_quiet = threading.Event()
_quiet.set()
_under_way = 0


@contextmanager
def answering() -> Iterator[None]:
    """Say that somebody waits for what is done inside. For the event loop's thread."""
    global _under_way
    _under_way += 1
    _quiet.clear()
    try:
        yield
    finally:
        _under_way -= 1
        if not _under_way:
            _quiet.set()


def is_quiet() -> bool:
    """Return whether nobody waits for an answer right now."""
    return _quiet.is_set()


def give_way() -> None:
    """Wait in a thread until nobody waits for an answer, for LONGEST_PAUSE_S at most; never inside a transaction."""
    if not is_quiet():
        _quiet.wait(LONGEST_PAUSE_S)


async def stand_aside() -> None:
    """Do what `give_way` does in a task."""
    until = time.monotonic() + LONGEST_PAUSE_S
    while not is_quiet() and time.monotonic() < until:  # noqa: ASYNC110 - threads wait for the same event
        await asyncio.sleep(_LOOK_EVERY_S)
