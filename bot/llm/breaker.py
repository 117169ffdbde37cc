"""A circuit breaker: stops calling a language model that keeps failing, so that nobody waits for it again and again.

Closed: every call goes out. Open: none does until the pause is over. Then one probe goes out; it closes or reopens.
Apart from that a server may ask to be left alone (Retry-After): nothing goes out until that time is over.
Source: Nygard, "Release It!" (2007), the circuit breaker pattern.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.errors import Unavailable
from bot.ports import Clock

# Failures after which the model counts as down, among the last calls: in a row, or every second one.
DEFAULT_FAILURES = 5
_CALLS_PER_FAILURE = 2
# Long enough for a restart or a rate window to pass, short enough that a morning digest is not lost.
DEFAULT_PAUSE_S = 300.0
# A server may ask for more patience than this; asking again once an hour harms nobody.
MAX_RETRY_AFTER_S = 3600.0

State = Literal["closed", "open", "probing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    at: datetime
    for_s: float

    def left_s(self, now: datetime) -> float:
        """Return the seconds left of it; a clock that was set back ends it instead of prolonging it."""
        elapsed_s = (now - self.at).total_seconds()
        return 0.0 if elapsed_s < 0 else max(0.0, self.for_s - elapsed_s)


class Breaker:
    """The state of one server, shared by all its callers; used from one event loop only."""

    def __init__(self, clock: Clock, *, failures: int = DEFAULT_FAILURES, pause_s: float = DEFAULT_PAUSE_S) -> None:
        self._clock = clock
        self._allowed_failures = failures
        self._pause_s = pause_s
        self._failed: deque[bool] = deque(maxlen=failures * _CALLS_PER_FAILURE)
        self._state: State = "closed"
        self._pause = _Span(at=clock.now(), for_s=0.0)
        self._hold = _Span(at=clock.now(), for_s=0.0)

    @property
    def state(self) -> State:
        """Whether calls go out, are held back, or one is out to see."""
        return self._state

    @property
    def held_s(self) -> float:
        """Seconds for which the server still wants to be left alone."""
        return self._hold.left_s(self._clock.now())

    def admit(self) -> None:
        """Let one call out; every admitted call must report `succeeded`, `failed` or `abandoned`.

        Raises: Unavailable when the breaker is open, a probe is under way, or the server asked for a pause.
        """
        held_s = self.held_s
        if held_s > 0:
            raise Unavailable("the LLM server asked for a pause", retry_after_s=held_s)
        if self._state == "closed":
            return
        wait_s = self._pause.left_s(self._clock.now())
        if self._state == "open" and wait_s <= 0:
            self._state = "probing"
            return
        raise Unavailable("the LLM is paused after repeated failures", retry_after_s=max(1.0, wait_s))

    def succeeded(self) -> None:
        """Record an answer: the server works."""
        if self._state != "closed":
            self._failed.clear()
        self._failed.append(False)
        self._state = "closed"

    def failed(self, *, retry_after_s: float | None = None) -> None:
        """Record a failure; `retry_after_s` is how long the server asked to be left alone."""
        now = self._clock.now()
        self._failed.append(True)
        if retry_after_s is not None:
            wait_s = min(retry_after_s, MAX_RETRY_AFTER_S)
            self._hold = _Span(at=now, for_s=max(wait_s, self._hold.left_s(now)))
        if self._state == "probing" or (self._state == "closed" and sum(self._failed) >= self._allowed_failures):
            self._state = "open"
            self._pause = _Span(at=now, for_s=self._pause_s)

    def abandoned(self) -> None:
        """Record that an admitted call ended without telling anything about the server (cancelled, bad request)."""
        if self._state == "probing":
            self._state = "open"
