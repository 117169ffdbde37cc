"""Leadership among processes: an advisory lock that PostgreSQL frees when its holder's connection ends.

A killed leader is followed by another one as soon as the server notices the broken connection, at once on one machine.
Source: postgresql.org/docs, "Advisory Locks", session-level.
"""

from __future__ import annotations

import asyncio
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
_STILL_THERE: Final = text("SELECT 1")


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
        self._role = crc32(role.encode()) % SIGNED
        self._connection: AsyncConnection | None = None

    async def holds(self) -> bool:
        """Return whether this process has the role now, taking it when nobody has it."""
        try:
            async with asyncio.timeout(QUESTION_TIMEOUT_S):
                return await self._still_holds() or await self._take()
        except (DBAPIError, OSError, TimeoutError, PoolTimeout):
            await self._drop()
            return False

    async def release(self) -> None:
        """Give the role up with its connection."""
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
