"""Telling the terminal: `newsbot run` prints the digests of its own schedules, of several such processes one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.app.building import SystemClock, terminal_schedule
from bot.app.roles.parts import Parts, drain
from bot.jobs.rounds import Rounds
from bot.jobs.telling import TerminalTelling
from bot.platforms.terminal.commands import deliver_digest


class TellingRole:
    """Prints digests when they are due; `hurry` asks for a look now."""

    def __init__(self, parts: Parts, is_still: Callable[[], Awaitable[bool]]) -> None:
        telling = TerminalTelling(
            archive=parts.archive,
            clock=SystemClock(),
            schedule=terminal_schedule(parts.settings),
            max_chars=parts.settings.digest.max_chars,
            tell=lambda told, cursor: deliver_digest(parts.archive, told, cursor),
            is_still=is_still,
            ensure_written=parts.ensure_written,
            write_stories=parts.write_stories,
        )
        self._heartbeat = parts.heartbeat(Rounds(telling))

    def hurry(self) -> None:
        """Ask for a look now."""
        self._heartbeat.hurry()

    async def work(self, ending: asyncio.Event) -> None:
        """Tell until told to end."""
        beating = asyncio.create_task(self._heartbeat.run(ending))
        await ending.wait()
        await drain([beating])
