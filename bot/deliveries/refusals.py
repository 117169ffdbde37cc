"""Counts what a platform refuses us: one that is asked on and on after it said no bans the address it is asked from.

Discord bans an IP address after 10,000 answers of 401, 403 or 429 within ten minutes; we stop long before.
Source: https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta

import structlog

from bot.model import Platform
from bot.ports import FindOutcome, Limited, PostOutcome, Refused

log = structlog.get_logger()

WINDOW = timedelta(minutes=10)
MAX_REFUSALS = 1_000
"""Refusals within the window after which a platform is left alone: a tenth of what Discord bans for; commands and
other programs behind the same address need the rest."""


class Refusals:
    """Counts refusals of each platform; those who post, look and edit share one.

    A platform that asks for peace altogether gets it: what is sent to it meanwhile is refused too, and counted there.
    """

    def __init__(self) -> None:
        self._peace_until: dict[Platform, datetime] = {}
        self._moments: dict[Platform, deque[datetime]] = defaultdict(deque)
        self._resting: set[Platform] = set()

    def count(self, platform: Platform, outcome: PostOutcome | FindOutcome, now: datetime) -> None:
        """Take in the answer to one call."""
        if isinstance(outcome, Limited) and outcome.everywhere:
            until = now + timedelta(seconds=min(outcome.retry_after_s, WINDOW.total_seconds()))
            self._peace_until[platform] = max(until, self._peace_until.get(platform, until))
        if isinstance(outcome, Limited) or (isinstance(outcome, Refused) and outcome.scope != "format"):
            self._moments[platform].append(now)

    def is_resting(self, platform: Platform, now: datetime) -> bool:
        """Return whether nothing is sent to this platform now: it asked for peace, or has refused too much lately."""
        if timedelta(0) < self._peace_until.get(platform, now) - now <= WINDOW:
            return True
        moments = self._moments[platform]
        # Moments that lie ahead are of a clock that was set back since.
        while moments and not timedelta(0) <= now - moments[0] < WINDOW:
            moments.popleft()
        resting = len(moments) >= MAX_REFUSALS
        if resting and platform not in self._resting:
            log.error("refused too often; nothing is sent for some minutes", platform=platform, refusals=len(moments))
        (self._resting.add if resting else self._resting.discard)(platform)
        return resting
