"""A circuit breaker: stops calling a language model that keeps failing, so that nobody waits for it again and again.

Closed: every call goes out. Open: none does until the pause is over. Then one probe goes out; it closes or reopens.
Source: Nygard, "Release It!" (2007), the circuit breaker pattern.
"""

from __future__ import annotations

from typing import Literal

from bot.errors import Unavailable
from bot.ports import Clock

# Failures in a row after which the model counts as down.
DEFAULT_FAILURES = 5
# Long enough for a restart or a rate window to pass, short enough that a morning digest is not lost.
DEFAULT_PAUSE_S = 300.0
# A server may ask for more patience than this; asking again once an hour harms nobody.
MAX_RETRY_AFTER_S = 3600.0

State = Literal["closed", "open", "probing"]


class Breaker:
    """The state of one server, shared by all its callers; used from one event loop only."""

    def __init__(self, clock: Clock, *, failures: int = DEFAULT_FAILURES, pause_s: float = DEFAULT_PAUSE_S) -> None:
        self._clock = clock
        self._allowed_failures = failures
        self._pause_s = pause_s
        self._failures = 0
        self._state: State = "closed"
        self._shut_at = clock.now()
        self._shut_for_s = 0.0

    @property
    def state(self) -> State:
        """Whether calls go out, are held back, or one is out to see."""
        return self._state

    def admit(self) -> None:
        """Let one call out; every admitted call must report `succeeded`, `failed` or `abandoned`.

        Raises: Unavailable when the breaker is open, or a probe is under way.
        """
        if self._state == "closed":
            return
        wait_s = self._remaining_s()
        if self._state == "open" and wait_s <= 0:
            self._state = "probing"
            return
        raise Unavailable("the LLM is paused after repeated failures", retry_after_s=max(1.0, wait_s))

    def succeeded(self) -> None:
        """Record an answer: the server works."""
        self._failures = 0
        self._state = "closed"

    def failed(self, *, retry_after_s: float | None = None) -> None:
        """Record a failure; `retry_after_s` is how long the server asked to be left alone."""
        self._failures += 1
        was_open = self._state == "open"
        if retry_after_s is not None and retry_after_s > 0:
            wait_s = min(retry_after_s, MAX_RETRY_AFTER_S)
            if self._failures >= self._allowed_failures:
                wait_s = max(wait_s, self._pause_s)
            if not was_open or wait_s > self._remaining_s():
                self._open(wait_s)
        elif not was_open and (self._state == "probing" or self._failures >= self._allowed_failures):
            self._open(self._pause_s)

    def abandoned(self) -> None:
        """Record that an admitted call ended without telling anything about the server (cancelled, bad request)."""
        if self._state == "probing":
            self._state = "open"

    def _open(self, wait_s: float) -> None:
        self._state = "open"
        self._shut_at = self._clock.now()
        self._shut_for_s = wait_s

    def _remaining_s(self) -> float:
        """Return the seconds until a probe may go out; a clock that was set back doesn't prolong the pause."""
        elapsed_s = (self._clock.now() - self._shut_at).total_seconds()
        return 0.0 if elapsed_s < 0 else self._shut_for_s - elapsed_s
