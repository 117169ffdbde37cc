"""The digests that were told, to be read again; and articles found under the numbers they once had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.model import Novelty
from bot.ports.told import ToldLine


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStory:
    """One story of a digest: its id, empty in digests from before there were stories, and its articles, lead first."""

    id: str
    novelty: Novelty
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One digest as it was told. `stories` are those it showed, in its order; `held_back` counts what there was no
    room for. `number` is never given twice.
    """

    number: int
    destination: str
    made_at: datetime
    since_seq: int
    until_seq: int
    stories: tuple[ToldStory, ...]
    held_back: int


class EditionBook(Protocol):
    """Gives back what was told. Every method is one read."""

    async def editions(
        self, destinations: Sequence[str], *, limit: int, before: int | None = None, until: datetime | None = None
    ) -> list[Edition]:
        """Return the latest editions, newest first, at most `limit`, of these destinations.

        A destination that ends in ":" means all that begin so. `before` asks for numbers below this one only, `until`
        for what was made before this moment.
        """
        ...

    async def edition(self, number: int) -> Edition | None:
        """Return one edition."""
        ...

    async def told_in(self, edition: Edition) -> list[ToldLine]:
        """Return the lines that an edition told, in their order; none for one from before they were kept."""
        ...

    async def present_seq(self, seq: int) -> int | None:
        """Return the present ingest sequence number of the article that had this one once; None when it is gone."""
        ...
