"""Which articles tell one story: what is kept of the clustering, who writes it and who reads it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """What came in between two ingest sequence numbers: current versions, in order and without texts, and where they
    belong, by article id.

    A window is equal to itself alone, and nothing of it ever changes: what was worked out from it holds for it.
    """

    heads: tuple[Article, ...]
    placements: Mapping[str, Placement]


class StoryBook(Protocol):
    """Keeps the event and the storyline of every article. Every method is one transaction."""

    async def unplaced(self, *, limit: int) -> list[Article]:
        """Return current versions that no story has yet, in the order of their ingest sequence, with their texts."""
        ...

    async def count_unplaced(self) -> int:
        """Return how many current versions no story has yet."""
        ...

    async def ingested_at(self, seqs: Sequence[int]) -> dict[int, datetime]:
        """Return when these versions came in, by ingest sequence number; those that are gone are left out."""
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

    async def settled_seq(self, waited_until: datetime) -> int:
        """Return the ingest sequence number up to which every article is in a story or came in by this moment.

        It is the last one of all while no story was ever made.
        """
        ...

    async def placements(self, article_ids: Sequence[str]) -> dict[str, Placement]:
        """Return where these articles belong, by article id; those not placed yet are left out."""
        ...

    async def window(self, since_seq: int, until_seq: int) -> Window:
        """Return the articles with `since_seq < ingested_seq <= until_seq` and their placements, as of one moment.

        It may be the very one that was returned before, when nothing of it has changed since.
        """
        ...

    async def members(self, story_id: str) -> list[str]:
        """Return the ids of the articles of an event or a storyline, by ingest sequence; empty for an unknown id.

        An id that was given up, because its story was joined to another, stands for that other.
        """
        ...

    async def members_of(self, story_ids: Collection[str]) -> dict[str, list[str]]:
        """Return what `members` does for each of these ids, at the price of one."""
        ...

    async def recent_stories(self, *, limit: int) -> list[str]:
        """Return the ids of events, the one whose last article came in latest first, at most `limit`."""
        ...
