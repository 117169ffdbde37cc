"""What each channel has been told, line by line: so that it is told nothing twice, and hears what changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """One line a channel was told, and what it rested on at that time.

    `fingerprint` is the same for lines that differ in case, spaces or punctuation alone. `headline` is the story's as
    it was told. `seq` is the last ingest sequence number of the digest that told it, `at` when it was made (UTC).
    """

    fingerprint: str
    text: str
    language: str
    event: str
    storyline: str
    headline: str
    citation: Citation
    at: datetime
    seq: int


class ToldBook(Protocol):
    """Keeps the lines channels were told. `Archive.save_digest` and `Outbox.enqueue` add them with their digest.

    A channel is named as `Destination.key` does; what a schedule of its own cursor told, its channel was told.
    """

    async def told_lines(self, channel: str, *, limit: int) -> list[ToldLine]:
        """Return the latest lines of a channel, the newest first, at most `limit`."""
        ...

    async def told_of(self, channel: str, stories: Collection[str], *, limit: int) -> list[ToldLine]:
        """Return the lines of these events or storylines that a channel was told, newest first, at most `limit`."""
        ...

    async def told_among(self, channel: str, fingerprints: Collection[str]) -> dict[str, tuple[datetime, int]]:
        """Return those of these fingerprints that a channel was told, whenever, with the first moment and sequence."""
        ...
