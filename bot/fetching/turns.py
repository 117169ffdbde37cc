"""Politeness: a host is asked one thing at a time, with a pause in between, and not at all while it wants to be left
alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PAUSE_S = 1.0
"""Seconds between two requests to one host: what crawlers keep to by custom."""

MAX_PAUSE_S = 30.0
"""Longest pause that a host's robots.txt is granted; a longer one would keep a feed's pages for hours."""


@dataclass(slots=True, kw_only=True)
class _Host:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    pause_s: float


class HostTurns:
    """Who may ask a host now; one object for everything that is fetched in one round."""

    def __init__(self, *, pause_s: float = PAUSE_S) -> None:
        self._pause_s = pause_s
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until it is our turn at this host; the next one waits until the pause after ours is over."""
        known = self._host(host)
        loop = asyncio.get_running_loop()
        async with known.turn:
            await asyncio.sleep(max(0.0, known.free_at - loop.time()))
            try:
                yield
            finally:
                known.free_at = loop.time() + known.pause_s

    def slow_down(self, host: str, pause_s: float) -> None:
        """Keep at least this pause at a host, as its robots.txt asks."""
        known = self._host(host)
        known.pause_s = max(known.pause_s, min(pause_s, MAX_PAUSE_S))

    def _host(self, host: str) -> _Host:
        return self._hosts.setdefault(host, _Host(pause_s=self._pause_s))
