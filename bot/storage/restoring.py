"""What a copy knows about itself: that it is one, or half of one.

Whoever restores a backup must not post everything again, and nobody may take half an archive for a whole one.

A backup carries the fact `copied` and a generation of its own. What was on its way when it was made may have been
posted since; when it is opened for writing, that is looked for before anything is posted.
"""

from __future__ import annotations

import sqlite3
import uuid
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage import desk, outbox
from bot.storage.tables import facts
from bot.storage.upserts import upsert

_COPIED = "copied"
# How far a copy has come; an archive that has this fact is none yet.
PROGRESS_FACT = "moving"


def mark_copy(place: Path) -> None:
    """Write into a backup just made that it is one."""
    with closing(sqlite3.connect(place)) as connection, connection:
        connection.executemany("INSERT OR REPLACE INTO facts (name, value) VALUES (:name, :value)", _facts_of_a_copy())


async def mark_as_copy(connection: AsyncConnection) -> None:
    """Write into an archive that time goes on without it."""
    await connection.execute(upsert(connection, facts), _facts_of_a_copy())


async def is_unfinished(connection: AsyncConnection) -> bool:
    """Return whether this is an archive that is still being copied to."""
    return (await connection.execute(select(facts.c.value).where(facts.c.name == PROGRESS_FACT))).first() is not None


async def is_copy(connection: AsyncConnection) -> bool:
    """Return whether this archive is a backup that nobody has written to."""
    return (await connection.execute(select(facts.c.value).where(facts.c.name == _COPIED))).first() is not None


async def begin_anew(connection: AsyncConnection, now: datetime) -> None:
    """Make a backup the archive that is used from now on."""
    await outbox.doubt_all(connection, now)
    await desk.pass_over_slots(connection, now)
    await connection.execute(delete(facts).where(facts.c.name == _COPIED))


def _facts_of_a_copy() -> list[dict[str, str]]:
    """Return what makes an archive a copy: a life of its own, and that it is one."""
    return [{"name": "generation", "value": str(uuid.uuid4())}, {"name": _COPIED, "value": "yes"}]
