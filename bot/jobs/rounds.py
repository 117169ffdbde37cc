"""Rounds: the steps of one role, called by the heartbeat one after the other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.errors import BotError

log = structlog.get_logger()

Step = Callable[[], Awaitable[None]]
"""One step of a round; a BotError is one that a person can mend."""


class Rounds:
    """Calls its steps in order; says once, not every few seconds, what went wrong.

    A step that fails holds up no other: what was read before is told and posted, whatever the folder does.
    """

    def __init__(self, *steps: Step) -> None:
        self._steps = steps
        self._trouble: str | None = None

    async def __call__(self) -> None:
        """Do one round; an error that a person can mend is logged once and the next round tries again."""
        trouble: BotError | None = None
        for step in self._steps:
            try:
                await step()
            except BotError as error:
                trouble = trouble or error
        if trouble is not None:
            if str(trouble) != self._trouble:
                log.error(str(trouble), cause=repr(trouble.__cause__) if trouble.__cause__ else None)
                self._trouble = str(trouble)
        elif self._trouble is not None:
            log.info("working again", after=self._trouble)
            self._trouble = None
