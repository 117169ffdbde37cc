"""Lets PostgreSQL look anew at how the tables are filled, by which it chooses among its ways to find rows.

Its own daemon does so within a minute, but a backlog fills an archive faster, and there are servers where it is turned
off: there each batch was compared with the whole archive, half a second at 50,000 articles.
Source: postgresql.org/docs, "Populating a Database" (Run ANALYZE Afterwards).
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# An archive is looked at whenever it has doubled, from so many articles on.
FEWEST_ARTICLES: Final = 256
# Those whose rows are found by several columns; what asks the search index does not depend on it.
TABLES: Final = ("articles", "versions", "summaries", "placements", "files")


async def follow_growth(connection: AsyncConnection, before: int, after: int) -> None:
    """Look at the tables when the archive has doubled, of articles (versions) ever stored `before` and `after`."""
    if after >= FEWEST_ARTICLES and before.bit_length() != after.bit_length():
        await look_at_tables(connection)


async def look_at_tables(connection: AsyncConnection) -> None:
    """Look at the tables; in SQLite nothing depends on it."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"ANALYZE {', '.join(TABLES)}"))
