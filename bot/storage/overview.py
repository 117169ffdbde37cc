"""What the archive holds, in numbers, for `newsbot status` and `newsbot check`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import ArchiveFacts
from bot.storage.articles import last_seq
from bot.storage.database import Database
from bot.storage.digests import last_digest
from bot.storage.files import count_files
from bot.storage.tables import articles, facts
from bot.storage.upserts import upsert


async def gather_facts(connection: AsyncConnection, database: Database) -> ArchiveFacts:
    """Return the facts as of one moment."""
    total, duplicates = await count_articles(connection, None)
    version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    generation = (await connection.execute(select(facts.c.value).where(facts.c.name == "generation"))).scalar()
    digest = await last_digest(connection)
    return ArchiveFacts(
        place=database.place,
        files=await count_files(connection),
        articles=total,
        duplicates=duplicates,
        last_seq=await last_seq(connection),
        last_digest_at=None if digest is None else digest[1],
        last_digest_to=None if digest is None else digest[0],
        schema_version=str(version),
        generation=str(generation),
        size_bytes=await database.size_bytes(connection),
        engine=await database.version(connection),
    )


async def count_articles(connection: AsyncConnection, collections: Collection[str] | None) -> tuple[int, int]:
    """Return how many articles these collections hold (None: all), and how many of them are copies of others."""
    counted = select(func.count(), func.count(articles.c.duplicate_of)).select_from(articles)
    if collections is not None:
        counted = counted.where(articles.c.collection.in_(collections))
    total, duplicates = (await connection.execute(counted)).one()
    return total, duplicates


async def probe(connection: AsyncConnection, now: datetime) -> None:
    """Write something that nobody reads: the archive can be written, if this returns."""
    await connection.execute(upsert(connection, facts), {"name": "probed_at", "value": now.isoformat()})


async def note_program(connection: AsyncConnection, program: str) -> str | None:
    """Write down which program uses the archive; return the one that was written down before."""
    before = (await connection.execute(select(facts.c.value).where(facts.c.name == "program"))).scalar()
    await connection.execute(upsert(connection, facts), {"name": "program", "value": program})
    return None if before is None else str(before)
