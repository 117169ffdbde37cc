"""The search index as search sees it, whichever database holds it: rows of our own terms, found and ranked by BM25."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.passages import Section

# What a term in the title counts against one in the text.
TITLE_WEIGHT = 2.0


class SectionIndex(Protocol):
    """Keeps sections by their row number. Terms go in and are asked for as `passages.as_indexed` writes them."""

    def create(self, connection: Connection) -> None:
        """Make the tables of the index; called once, for a new archive."""
        ...

    async def add(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Add rows; their numbers must be new."""
        ...

    async def remove(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Take rows out; they must be as they were added."""
        ...

    async def clear(self, connection: AsyncConnection) -> None:
        """Take every row out."""
        ...

    async def languages_and_last_seq(self, connection: AsyncConnection) -> tuple[str | None, int]:
        """Return the fact `languages` and the highest sequence number, in one visit."""
        ...

    async def counts(self, connection: AsyncConnection, terms: Sequence[str]) -> Mapping[str, int]:
        """Return in how many sections each of these terms stands; absent ones are left out."""
        ...

    async def rank(
        self, connection: AsyncConnection, finding: Sequence[str], ranking: Sequence[str], *, count: int
    ) -> list[tuple[int, float]]:
        """Return row and score of the best sections that hold one of the finding terms, best first.

        Scores are BM25 (k1 1.2, b .75) over `finding` and `ranking` together, a term in the title counting
        TITLE_WEIGHT. Both databases give the same rows in the same order.
        Source: sqlite.org/fts5.html, "The bm25() function".
        """
        ...


def index_of(connection: Connection | AsyncConnection) -> SectionIndex:
    """Return the index of the database this connection leads to."""
    if connection.dialect.name == "postgresql":
        from bot.storage.index_postgres import PostgresIndex

        return PostgresIndex()
    from bot.storage.index_sqlite import SqliteIndex

    return SqliteIndex()
