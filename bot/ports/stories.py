"""Which articles tell one story: what is kept of the clustering, who writes it and who reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model import Article, Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where the version `seq` of an article was put, and the packed features it was compared by.

    `revision` counts placements: a later one has a higher number, also when an article is placed again.
    """

    article_id: str
    seq: int
    event: str
    storyline: str
    features: bytes
    revision: int = 0


class StoryBook(Protocol):
    """Keeps the event and the storyline of every article. Every method is one transaction."""

    async def unplaced(self, *, limit: int) -> list[Article]:
        """Return current versions that no story has yet, in the order of their ingest sequence, with their texts."""
        ...

    async def count_unplaced(self) -> int:
        """Return how many current versions no story has yet."""
        ...

    async def place(self, placed: Sequence[Placed], *, after: int) -> int | None:
        """Keep where these versions were put, replacing what was kept of their articles; return the last revision.

        `after` is the last revision that the placing knew of: when there is a newer one, another process placed
        articles meanwhile, nothing is kept and None returned. An article that is gone, or has a newer version by now,
        is passed over. The copies of an article that was placed before go where it goes.
        """
        ...

    async def placed_after(self, revision: int, *, newest: int) -> tuple[int, list[Placed]]:
        """Return the last revision given, and what was placed after this one: the `newest` of it, oldest first."""
        ...

    async def placed_seq(self) -> int:
        """Return the ingest sequence number up to which every article is in a story, the last one of all while no
        story was ever made."""
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
