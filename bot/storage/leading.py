"""Leadership among processes: an advisory lock that PostgreSQL frees when its holder's connection ends.

A killed leader is followed by another one as soon as the server notices the broken connection, at once on one machine.
Source: postgresql.org/docs, "Advisory Locks", session-level.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

# The first half of the locks' two keys: it keeps roles apart from the lock of the writers.
ROLES: Final = 0x6E657772
# Roles are hashed to what the second half takes, a signed 32-bit number.
SIGNED: Final = 2**31
QUESTION_TIMEOUT_S: Final = 5.0

_TRY: Final = text("SELECT pg_try_advisory_lock(:roles, :role)")
# A holder that hangs, or whose machine is cut off, asks no more: its session ends, and another process takes over.
SILENT_S: Final = 15
_END_WHEN_SILENT: Final = text("""
    SELECT set_config(name, setting, false) FROM (VALUES
        ('idle_session_timeout', :silent), ('tcp_keepalives_idle', '5'), ('tcp_keepalives_interval', '2'),
        ('tcp_keepalives_count', '3')
    ) AS wanted (name, setting)
    WHERE EXISTS (SELECT FROM pg_settings WHERE pg_settings.name = wanted.name)
""")
_STILL_THERE: Final = text("SELECT 1")


_HOLDERS: Final = text("""
    SELECT objid, application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = :roles AND granted AND database = (
        SELECT oid FROM pg_database WHERE datname = current_database()
    )
""")


def number_of(role: str) -> int:
    """Return the second key of the role's lock."""
    return crc32(role.encode()) % SIGNED


async def holders_of(connection: AsyncConnection, roles: Sequence[str]) -> dict[str, str]:
    """Return who has each of these roles, by the name of its connection, "" for nobody."""
    rows = await connection.execute(_HOLDERS, {"roles": ROLES})
    names = {int(row.objid): str(row.application_name) for row in rows}
    return {role: names.get(number_of(role), "") for role in roles}


class AlwaysLeads:
    """Implements `Leadership` where the writer lock keeps every other process out."""

    async def holds(self) -> bool:
        """Return True."""
        return True

    async def release(self) -> None:
        """Do nothing: the role ends with the process."""


class PostgresLeadership:
    """Implements `Leadership` with a connection of its own, on which the lock lives."""

    def __init__(self, engine: AsyncEngine, role: str) -> None:
        self._engine = engine
        self._role = number_of(role)
        self._connection: AsyncConnection | None = None
        self._one_question = asyncio.Lock()

    async def holds(self) -> bool:
        """Return whether this process has the role now, taking it when nobody has it."""
        async with self._one_question:
            try:
                async with asyncio.timeout(QUESTION_TIMEOUT_S):
                    return await self._still_holds() or await self._take()
            except (DBAPIError, OSError, TimeoutError, PoolTimeout):
                await self._drop()
                return False

    async def release(self) -> None:
        """Give the role up with its connection."""
        async with self._one_question:
            await self._drop()

    async def _still_holds(self) -> bool:
        if self._connection is None:
            return False
        await self._connection.execute(_STILL_THERE)
        return True

    async def _take(self) -> bool:
        connection = await self._engine.connect()
        try:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            if (await connection.execute(_TRY, {"roles": ROLES, "role": self._role})).scalar():
                await connection.execute(_END_WHEN_SILENT, {"silent": f"{SILENT_S}s"})
                self._connection = connection
                return True
        finally:
            if self._connection is not connection:
                await connection.close()
        return False

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            # Closed for good, not given back to the pool: the lock ends with the connection.
            with suppress(DBAPIError, OSError):
                await connection.invalidate()
            with suppress(DBAPIError, OSError):
                await connection.close()
