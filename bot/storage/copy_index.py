"""Which articles hold each sampled shingle: two that share one may be near-copies (see `stories.similarity`).

SQLite keeps a row for each shingle of an article, in a table that is its own index. In PostgreSQL such a row weighs
more than it says, so it keeps one row an article and finds it by its GIN index: half the size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Protocol

from sqlalchemy import bindparam, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.articles import chunks
from bot.stories.similarity import MAX_SHARING

_CREATE_IN_SQLITE: Final = (
    "CREATE TABLE fingerprints (shingle INTEGER NOT NULL, article_key INTEGER NOT NULL, "
    "PRIMARY KEY (shingle, article_key)) WITHOUT ROWID"
)
_CREATE_IN_POSTGRES: Final = (
    "CREATE TABLE fingerprints (article_key INTEGER PRIMARY KEY, shingles INTEGER[] NOT NULL)",
    # Without a pending list: it would be read through by every look until it is emptied.
    "CREATE INDEX ix_fingerprints_shingles ON fingerprints USING gin (shingles) WITH (fastupdate = off)",
)
# The inner SELECT hides how many are asked for: else the server takes every row for a likely one and reads the whole
# table, a thousand times as long.
SHARING_IN_POSTGRES: Final = text(
    "SELECT article_key, shingles FROM fingerprints WHERE shingles && (SELECT CAST(:shingles AS INTEGER[]))"
)
# PostgreSQL's integers are signed.
_OFFSET: Final = 2**31


class CopyIndex(Protocol):
    """Keeps the sampled shingles (unsigned, 32 bits) of articles by their keys."""

    def create(self, connection: Connection) -> None:
        """Make the table; called once, for a new archive."""
        ...

    async def add(self, connection: AsyncConnection, samples: Mapping[int, Collection[int]]) -> None:
        """Add the shingles of each article."""
        ...

    async def remove(self, connection: AsyncConnection, samples: Mapping[int, Collection[int]]) -> None:
        """Take out the shingles of each article; they must be those that were added, or more."""
        ...

    async def clear(self, connection: AsyncConnection) -> None:
        """Take everything out."""
        ...

    async def sharing(self, connection: AsyncConnection, shingles: Collection[int]) -> dict[int, list[int]]:
        """Return the keys of the articles with each of these shingles; ones that nobody has are left out."""
        ...


def copy_index_of(connection: Connection | AsyncConnection) -> CopyIndex:
    """Return the index of the database this connection leads to."""
    return _PostgresCopies() if connection.dialect.name == "postgresql" else _SqliteCopies()


class _SqliteCopies:
    def create(self, connection: Connection) -> None:
        connection.exec_driver_sql(_CREATE_IN_SQLITE)

    async def add(self, connection: AsyncConnection, samples: Mapping[int, Collection[int]]) -> None:
        if rows := _rows(samples):
            await connection.execute(text("INSERT OR IGNORE INTO fingerprints VALUES (:shingle, :key)"), rows)

    async def remove(self, connection: AsyncConnection, samples: Mapping[int, Collection[int]]) -> None:
        if rows := _rows(samples):
            found = text("DELETE FROM fingerprints WHERE shingle = :shingle AND article_key = :key")
            await connection.execute(found, rows)

    async def clear(self, connection: AsyncConnection) -> None:
        await connection.execute(text("DELETE FROM fingerprints"))

    async def sharing(self, connection: AsyncConnection, shingles: Collection[int]) -> dict[int, list[int]]:
        sharing: dict[int, list[int]] = defaultdict(list)
        wanted = text("SELECT shingle, article_key FROM fingerprints WHERE shingle IN :shingles")
        wanted = wanted.bindparams(bindparam("shingles", expanding=True))
        for some in chunks(shingles):
            for shingle, key in await connection.execute(wanted, {"shingles": some}):
                sharing[shingle].append(key)
        return sharing


class _PostgresCopies:
    def create(self, connection: Connection) -> None:
        for statement in _CREATE_IN_POSTGRES:
            connection.exec_driver_sql(statement)

    async def add(self, connection: AsyncConnection, samples: Mapping[int, Collection[int]]) -> None:
        rows = [{"key": key, "shingles": _signed(shingles)} for key, shingles in samples.items() if shingles]
        if rows:
            insert = (
                "INSERT INTO fingerprints VALUES (:key, CAST(:shingles AS INTEGER[])) "
                "ON CONFLICT (article_key) DO UPDATE SET shingles = excluded.shingles"
            )
            await connection.execute(text(insert), rows)

    async def remove(self, connection: AsyncConnection, samples: Mapping[int, Collection[int]]) -> None:
        found = text("DELETE FROM fingerprints WHERE article_key = ANY(CAST(:keys AS INTEGER[]))")
        await connection.execute(found, {"keys": list(samples)})

    async def clear(self, connection: AsyncConnection) -> None:
        await connection.execute(text("TRUNCATE fingerprints"))

    async def sharing(self, connection: AsyncConnection, shingles: Collection[int]) -> dict[int, list[int]]:
        sharing: dict[int, list[int]] = defaultdict(list)
        for some in chunks(_signed(shingles)):
            asked = set(some)
            for key, held in await connection.execute(SHARING_IN_POSTGRES, {"shingles": some}):
                for shingle in asked.intersection(held):
                    sharing[shingle + _OFFSET].append(key)
        return sharing


async def load_sharing(connection: AsyncConnection, samples: Iterable[Collection[int]]) -> dict[int, list[int]]:
    """Return the keys of stored articles with each shingle of these samples."""
    return await copy_index_of(connection).sharing(connection, {shingle for sample in samples for shingle in sample})


async def add_rare(
    connection: AsyncConnection, samples: Mapping[int, Collection[int]], sharing: Mapping[int, Sequence[int]]
) -> None:
    """Add the shingles of each article but those that so many share that they tell nothing; `sharing` says who does."""
    rare = {
        key: [shingle for shingle in shingles if len(sharing.get(shingle, ())) < MAX_SHARING]
        for key, shingles in samples.items()
    }
    await copy_index_of(connection).add(connection, rare)


def _rows(samples: Mapping[int, Collection[int]]) -> list[dict[str, int]]:
    return [{"shingle": shingle, "key": key} for key, shingles in samples.items() for shingle in shingles]


def _signed(shingles: Collection[int]) -> list[int]:
    return [shingle - _OFFSET for shingle in shingles]
