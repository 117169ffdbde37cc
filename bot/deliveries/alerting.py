"""What the people in charge have to know about posts, each thing once; and which workspaces refuse the bot for now."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.model import Destination, Platform, Post, PostState
from bot.ports import Clock, Posted, PostOutcome, Refused

log = structlog.get_logger()

_FOR_PEOPLE = {
    PostState.DEAD: "A message could not be posted here ({reason}). It is kept, `status` shows it.",
    PostState.PARKED: (
        "Nobody can tell whether a message arrived here ({reason}). Look whether it is there, then press "
        '"Post again" or "Mark as posted" in `status`.'
    ),
}
_CHANNEL_REFUSES = "This channel does not take messages: {reason}. They are kept and tried again every now and then."
_WORKSPACE_REFUSES = (
    "This workspace refuses the bot: {reason}. Nothing is posted here until that is mended; messages are kept."
)

NotifyAdmin = Callable[[Destination, str], Awaitable[None]]
"""Tells the people in charge of a destination one sentence."""


class Alerts:
    """Watches what becomes of posts. `notify_admin` may be slow or fail: it holds up nothing."""

    def __init__(self, clock: Clock, notify_admin: NotifyAdmin | None) -> None:
        self._clock = clock
        self._notify_admin = notify_admin
        self._stopped: dict[tuple[Platform, str], tuple[datetime, str]] = {}
        self._telling: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> set[asyncio.Task[None]]:
        """What people are being told at this moment."""
        return set(self._telling)

    def stopped_until(self, destination: Destination) -> tuple[datetime, str] | None:
        """Return until when nothing is posted in this destination's workspace, and why; None when it takes posts."""
        stopped = self._stopped.get(_workspace_of(destination))
        return stopped if stopped is not None and stopped[0] > self._clock.now() else None

    def note(self, before: Post, after: Post, outcome: PostOutcome | None) -> None:
        """Take in what became of a post, and tell people what they have to know now."""
        sentence = self._news(before, after, outcome)
        if sentence is None:
            return
        place = after.destination
        log.warning("not posted", channel=place.key, post=after.id, state=after.state.value, why=after.reason)
        if self._notify_admin is not None:
            # Beside the deliveries: whoever tells the admin may be slow, and must not hold up a channel.
            task = asyncio.create_task(_notify(self._notify_admin, place, sentence))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    def _news(self, before: Post, after: Post, outcome: PostOutcome | None) -> str | None:
        """Return what a person has to know now, None when there is nothing or it was said before."""
        workspace = _workspace_of(after.destination)
        if isinstance(outcome, Posted):
            self._stopped.pop(workspace, None)
        refused_workspace = isinstance(outcome, Refused) and outcome.scope == "workspace"
        if isinstance(outcome, Refused) and refused_workspace:
            known = self._stopped.get(workspace)
            self._stopped[workspace] = (after.not_before or self._clock.now(), outcome.reason)
            if known is not None and known[1] == outcome.reason:
                return None
        if after.state in _FOR_PEOPLE:
            return _FOR_PEOPLE[after.state].format(reason=after.reason)
        if isinstance(outcome, Refused) and outcome.scope != "format" and before.reason != after.reason:
            return (_WORKSPACE_REFUSES if refused_workspace else _CHANNEL_REFUSES).format(reason=outcome.reason)
        return None


async def _notify(notify_admin: NotifyAdmin, destination: Destination, sentence: str) -> None:
    try:
        await notify_admin(destination, sentence)
    except Exception:
        log.exception("the admin could not be told", channel=destination.key, what=sentence)


def _workspace_of(destination: Destination) -> tuple[Platform, str]:
    return destination.platform, destination.workspace
