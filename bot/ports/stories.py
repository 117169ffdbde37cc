"""Which articles tell one story: what is kept of the clustering, and who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.model import Article, Placement


class StoryBook(Protocol):
    """Keeps the event and the storyline of every article. Every method is one transaction."""

    async def unplaced(self, *, limit: int) -> list[Article]:
        """Return current versions that no story has yet, in the order of their ingest sequence, with their texts."""
        ...

    async def placements(self, article_ids: Sequence[str]) -> dict[str, Placement]:
        """Return where these articles belong, by article id; those not placed yet are left out."""
        ...

    async def members(self, story_id: str) -> list[str]:
        """Return the ids of the articles of an event or a storyline, by ingest sequence; empty for an unknown id."""
        ...

    async def recent_stories(self, *, limit: int) -> list[str]:
        """Return the ids of events, the one whose last article came in latest first, at most `limit`."""
        ...
