"""Does what only one process may do while this one has the role, and stands by while another one has it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

import structlog

from bot.ports.leading import Leadership

# How often a process asks whether it has a role: whoever stands by takes it over so soon after it is free.
ASK_EVERY_S: Final = 1.0
# How long the work of a role may take to end; then it is cancelled.
END_WITHIN_S: Final = 25.0
# Pause after the work of a role broke.
BROKEN_PAUSE_S: Final = 2.0

Work = Callable[[asyncio.Event], Awaitable[None]]
"""The work of a role; it ends soon after the event is set, and only then."""

log = structlog.get_logger()


async def hold_role(
    role: str, leadership: Leadership, work: Work, stop: asyncio.Event, *, note: Callable[[], object] = lambda: None
) -> None:
    """Do the work of a role whenever this process has it, until `stop` is set; then give it up.

    `note` is called at every question, as a sign that this process is alive also while it stands by.
    """
    stands_by = False
    stopped = asyncio.create_task(stop.wait())
    try:
        while not stop.is_set():
            note()
            if await leadership.holds():
                if stands_by:
                    log.info("this process takes over", role=role)
                stands_by = False
                await _work_while_held(role, leadership, work, stopped)
                continue
            if not stands_by:
                log.info("standing by: another process has this role", role=role)
                stands_by = True
            await asyncio.wait({stopped}, timeout=ASK_EVERY_S)
    finally:
        stopped.cancel()
        await leadership.release()


async def _work_while_held(role: str, leadership: Leadership, work: Work, stopped: asyncio.Task[bool]) -> None:
    log.debug("this process has the role", role=role)
    ending = asyncio.Event()
    working = asyncio.ensure_future(work(ending))
    try:
        while not working.done():
            await asyncio.wait({working, stopped}, timeout=ASK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
            if stopped.done():
                return
            if not working.done() and not await leadership.holds():
                log.warning("this process lost the role; another one may have it", role=role)
                return
    finally:
        ending.set()
        await _end(role, working, stopped)


async def _end(role: str, working: asyncio.Future[None], stopped: asyncio.Task[bool]) -> None:
    await asyncio.wait({working}, timeout=END_WITHIN_S)
    if not working.done():
        working.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.wait({working})
    error = None if working.cancelled() else working.exception()
    if error is not None:
        log.error("the work of a role broke; it is begun again", role=role, exc_info=error)
        await asyncio.wait({stopped}, timeout=BROKEN_PAUSE_S)
