"""The archive in PostgreSQL: several processes on one archive, restarts of the server outlived.

Writers of all processes take turns by an advisory lock that ends with their transaction. Each leaves a mark, which is
looked for when its connection breaks: what was committed is not done again, what was not is. The transaction's number
alone would not tell: after a crash the server gives the numbers of lost transactions to others.
Source: postgresql.org/docs, "Advisory Locks" and "Transaction ID and Snapshot Information Functions" (txid_status).
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import Misconfigured
from bot.storage.database import Answer, Database, Operation
from bot.storage.failures import explained, is_lost_connection
from bot.storage.leading import PostgresLeadership, holders_of
from bot.storage.tables import WRITE_MARK, metadata

# Connections a process holds at most; the server's default is 100 for all.
MAX_CONNECTIONS: Final = 8
# Seconds until a connection or a statement is given up.
CONNECT_TIMEOUT_S: Final = 10.0
STATEMENT_TIMEOUT_S: Final = 120.0
# For how long a lost connection is sought again before the caller is told: a restart of the server takes seconds.
OUTLIVED_S: Final = 20.0
RETRY_PAUSE_S: Final = 0.25
# The advisory lock that writers take, one number for every archive: databases of a server do not share them.
WRITER_LOCK: Final = 0x6E657773
# The transaction's number and mark are needed only if its connection breaks, but then it is too late to ask for them.
_TAKE_TURN: Final = text("SELECT pg_advisory_xact_lock(:lock), txid_current()")
_LEAVE_MARK: Final = text(
    "WITH settled AS (DELETE FROM facts WHERE name = ANY(CAST(:settled AS TEXT[])) "
    "OR name LIKE :marks AND value < :forgotten_before) "
    "INSERT INTO facts (name, value) VALUES (:mark, :now)"
)
_HAS_MARK: Final = text("SELECT EXISTS (SELECT FROM facts WHERE name = :mark)")
# Marks of processes that are gone are kept for so long.
MARKS_KEPT: Final = timedelta(days=1)
# What every connection of ours is called on the server, followed by what tells the processes apart.
APPLICATION: Final = "newsbot"
# Letters of a machine's name that are shown; the server keeps 63 of the whole.
MACHINE_CHARS: Final = 32
_OTHERS: Final = text(
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name LIKE :any AND application_name <> :name)"
)
_OUTCOME: Final = text("SELECT txid_status(:number)")
# "invalid_parameter_value": what the server says of a transaction's number that it has not given yet.
_NUMBER_OF_THE_FUTURE: Final = "22023"


class PostgresDatabase(Database):
    """One database of a PostgreSQL server; any number of processes may use it."""

    def __init__(self, engine: AsyncEngine, roles: AsyncEngine, *, place: str, name: str, read_only: bool) -> None:
        super().__init__(engine, place=place)
        self._roles = roles
        self._name = name
        self._read_only = read_only
        self._settled: set[str] = set()

    async def table_names(self, connection: AsyncConnection) -> set[str]:
        """Return the names of the tables that are there; those of other programs do not disturb us."""
        wanted = text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return set((await connection.execute(wanted)).scalars()) & {*metadata.tables, "alembic_version"}

    async def check(self, connection: AsyncConnection) -> None:
        """Refuse a database that can't hold every text. Raises: Misconfigured."""
        encoding = (await connection.execute(text("SHOW server_encoding"))).scalar_one()
        if encoding != "UTF8":
            raise Misconfigured(
                f"The database {self.place} has the encoding {encoding}, which can't hold every text: create one with "
                "`createdb --encoding=UTF8 --template=template0`."
            )

    async def is_in_use(self) -> bool:
        """Return whether another process of newsbot is connected to this database."""
        async with self.engine.connect() as connection:
            return bool((await connection.execute(_OTHERS, {"name": self._name, "any": f"{APPLICATION} %"})).scalar())

    def leadership(self, role: str) -> PostgresLeadership:
        """Return the question whether this process has a role that only one process may have."""
        return PostgresLeadership(self._roles, role)

    async def close(self) -> None:
        """Let what was begun end, then close every connection."""
        await super().close()
        await self._roles.dispose()

    async def holders(self, connection: AsyncConnection, roles: Sequence[str]) -> dict[str, str]:
        """Return which process has each of these roles, "" for nobody."""
        found = await holders_of(connection, roles)
        return {role: _shown(name) for role, name in found.items()}

    async def size_bytes(self, connection: AsyncConnection) -> int:
        """Return what the archive takes on the disk."""
        return int((await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())

    async def version(self, connection: AsyncConnection) -> str:
        """Return the version of the server."""
        return f"PostgreSQL {(await connection.execute(text('SHOW server_version'))).scalar_one().partition(' ')[0]}"

    async def _read(self, operation: Operation[Answer]) -> Answer:
        return await self._outliving(lambda: self._within(operation, "AUTOCOMMIT"))

    async def _read_snapshot(self, operation: Operation[Answer]) -> Answer:
        return await self._outliving(lambda: self._within(operation, "REPEATABLE READ"))

    async def _write(self, operation: Operation[Answer]) -> Answer:
        return await self._outliving(lambda: self._write_once(operation))

    async def _write_once(self, operation: Operation[Answer]) -> Answer:
        if self._read_only:
            raise Misconfigured(f"The archive {self.place} was opened for reading only.")
        async with self.engine.connect() as connection:
            transaction = await connection.begin()
            number = (await connection.execute(_TAKE_TURN, {"lock": WRITER_LOCK})).one()[1]
            answer = await operation(connection)
            # At the end: the first write of all makes the table of the marks.
            mark, settled = f"{WRITE_MARK}{secrets.token_hex(8)}", frozenset(self._settled)
            await _leave_mark(connection, mark, settled)
            try:
                await transaction.commit()
            except (DBAPIError, OSError) as error:
                if not is_lost_connection(error):
                    raise
                if not await self._outliving(lambda: self._was_committed(number, mark)):
                    raise
            self._settled = (self._settled - settled) | {mark}
            return answer

    async def _was_committed(self, number: int, mark: str) -> bool:
        """Return whether a transaction was committed, waiting for the server to be done with it."""
        while True:
            if not await self._within(lambda connection: _is_in_progress(connection, number), "AUTOCOMMIT"):
                return await self._within(lambda connection: _has_mark(connection, mark), "AUTOCOMMIT")
            await asyncio.sleep(RETRY_PAUSE_S)

    async def _within(self, operation: Operation[Answer], isolation: Any) -> Answer:
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level=isolation)
            return await operation(connection)

    async def _outliving(self, attempt: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return what the attempt returns, trying again while the server is away, for a while."""
        until = time.monotonic() + OUTLIVED_S
        with explained(self.place):
            while True:
                try:
                    return await attempt()
                except (DBAPIError, OSError, PoolTimeout) as error:
                    if not is_lost_connection(error) or time.monotonic() > until:
                        raise
                await asyncio.sleep(RETRY_PAUSE_S)


def connect_postgres(url: URL, *, read_only: bool) -> PostgresDatabase:
    """Return the archive at this address; nothing is read yet.

    Raises: Misconfigured when the driver is not installed or no database is named.
    """
    if importlib.util.find_spec("asyncpg") is None:
        raise Misconfigured("PostgreSQL needs the extra “postgres”: install newsbot[postgres].")
    if not url.database:
        raise Misconfigured("The archive's address names no database: postgresql://user@host/DATABASE.")
    name = f"{APPLICATION} {socket.gethostname()[:MACHINE_CHARS]}-{os.getpid()}-{secrets.token_hex(3)}"
    connect_args = {
        "timeout": CONNECT_TIMEOUT_S,
        "command_timeout": STATEMENT_TIMEOUT_S,
        # Compiling a query takes longer than the longest of ours.
        "server_settings": {"application_name": name, "jit": "off"},
    }
    engine = create_async_engine(
        url, pool_size=MAX_CONNECTIONS, max_overflow=0, pool_pre_ping=True, connect_args=connect_args
    )
    # Roles have connections of their own: those of the pool are all for work.
    roles = create_async_engine(url, poolclass=NullPool, connect_args=connect_args)
    place = url.render_as_string(hide_password=True)
    return PostgresDatabase(engine, roles, place=place, name=name, read_only=read_only)


def _shown(name: str) -> str:
    machine, _, number = name.removeprefix(f"{APPLICATION} ").rpartition("-")[0].rpartition("-")
    return f"process {number} on {machine}" if machine else ""


def libpq_address(url: URL) -> str:
    """Return the address as other clients of PostgreSQL read it; it holds the password."""
    options = {"sslmode" if name == "ssl" else name: value for name, value in url.query.items()}
    return url.set(drivername="postgresql", query=options).render_as_string(hide_password=False)


async def _leave_mark(connection: AsyncConnection, mark: str, settled: Collection[str]) -> None:
    """Have the transaction leave its mark, and take away those that nobody will look for any more."""
    now = datetime.now(UTC)
    values = {"mark": mark, "settled": list(settled), "marks": f"{WRITE_MARK}%", "now": now.isoformat()}
    await connection.execute(_LEAVE_MARK, {**values, "forgotten_before": (now - MARKS_KEPT).isoformat()})


async def _is_in_progress(connection: AsyncConnection, number: int) -> bool:
    try:
        return (await connection.execute(_OUTCOME, {"number": number})).scalar() == "in progress"
    except DBAPIError as error:
        # A crash may take the server back to before it gave this number: the transaction is lost with it.
        if getattr(error.orig, "sqlstate", None) == _NUMBER_OF_THE_FUTURE:
            return False
        raise


async def _has_mark(connection: AsyncConnection, mark: str) -> bool:
    return bool((await connection.execute(_HAS_MARK, {"mark": mark})).scalar())
