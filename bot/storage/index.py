"""The search index as search sees it, whichever database holds it: rows found by our own terms, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.passages import SECTIONS_PER_VERSION, Section

# Row numbers of one era, 16,384 versions: a search for a frequent word looks through the latest eras only. PostgreSQL
# keeps the era of a row in its index: another number is a new migration.
ROWS_PER_ERA: Final = 16_384 * SECTIONS_PER_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexFacts:
    """The fact `languages`, the highest sequence number, and how many sections and terms the index holds."""

    languages: str | None
    last_seq: int
    sections: int
    terms: int

    @property
    def eras(self) -> int:
        """How many eras there are; the newest row is in the last."""
        return self.last_seq * SECTIONS_PER_VERSION // ROWS_PER_ERA + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the index holds of a term: the key that stands for it in the rows, and how many sections hold it."""

    key: str
    sections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """Asks for the rows that hold all of the terms with these keys, in all eras or the ones named.

    Of many the latest `limit` are given.
    """

    keys: tuple[str, ...]
    limit: int
    eras: range | None = None


class SectionIndex(Protocol):
    """Keeps sections by their row number. Terms go in as `passages.as_indexed` writes them.

    Each has a key of one or more letters, none of them white space; rows are found by keys, and hold them when read.
    """

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

    async def facts(self, connection: AsyncConnection) -> IndexFacts:
        """Return what the index holds in all, in one visit."""
        ...

    async def entries(self, connection: AsyncConnection, terms: Sequence[str], sections: int) -> Mapping[str, Entry]:
        """Return what the index holds of each of these terms, among `sections` in all; absent ones are left out."""
        ...

    async def find(self, connection: AsyncConnection, lookups: Sequence[Lookup]) -> list[list[int]]:
        """Return the row numbers that each lookup asks for, in one visit. Both databases find the same rows."""
        ...

    async def read(self, connection: AsyncConnection, rows: Sequence[int]) -> list[Section]:
        """Return these sections, keys in the place of their terms, in any order; unknown numbers are left out."""
        ...
