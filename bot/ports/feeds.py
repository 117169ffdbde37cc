"""The feeds that are fetched into the watched folder, as the status shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """What the last look at one feed brought. `sentence` is for people and ends a sentence about `url`.

    `works` is false when the feed could not be had, or is none; `written` counts the articles written as files.
    `next_at` is when it is looked at again by itself, None when that is not to happen any more.
    """

    url: str
    works: bool
    sentence: str
    written: int = 0
    looked_at: datetime | None = None
    next_at: datetime | None = None


class FeedBook(Protocol):
    """Remembers what became of each feed."""

    async def feed_reports(self) -> list[FeedReport]:
        """Return the last report of every feed that is fetched, in the order the operator lists them."""
        ...
