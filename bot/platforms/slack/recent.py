"""Remembers ids for a while, so that what Slack delivers twice is answered once."""

from __future__ import annotations

import time
from collections import OrderedDict

KEEP_S = 3_600.0
"""Seconds an id is remembered; Slack delivers an event again at once, after one minute and after five."""
KEEP_COUNT = 20_000
"""Ids remembered at most; the oldest go first."""


class RecentIds:
    """A set of ids that forgets; not shared between processes."""

    def __init__(self, *, keep_s: float = KEEP_S, keep_count: int = KEEP_COUNT) -> None:
        self._seen: OrderedDict[str, float] = OrderedDict()
        self._keep_s = keep_s
        self._keep_count = keep_count

    def is_new(self, identity: str) -> bool:
        """Return whether this id was not seen before, and remember it."""
        now = time.monotonic()
        while self._seen and (len(self._seen) >= self._keep_count or self._oldest() < now - self._keep_s):
            self._seen.popitem(last=False)
        if identity in self._seen:
            return False
        self._seen[identity] = now
        return True

    def _oldest(self) -> float:
        return next(iter(self._seen.values()))
