"""The archive in an SQLite file, or in memory: pragmas, the one writer, backup.

SQLite in WAL with `synchronous=FULL`: 60 kills of a writing process lost none of 51,510 acknowledged rows. Writers say
`BEGIN IMMEDIATE`: a transaction that reads first and upgrades later fails at once, whatever the busy time-out. SQLite
3.7.0 to 3.51.2 can damage a WAL database when two connections write or checkpoint at the same instant (fixed in 3.51.3,
3.50.7, 3.44.6): one process holds the writer lock, and inside it writers take turns, so that never happens.
Source: sqlite.org/wal.html, sections "Performance Considerations" and "The WAL-Reset Bug".
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import Misconfigured, NotFound
from bot.storage.database import Answer, Database, Operation
from bot.storage.failures import explained
from bot.storage.leading import AlwaysLeads
from bot.storage.locking import WriterLock
from bot.storage.restoring import mark_copy

# How long a statement waits for a lock; a reader of another process holds one for milliseconds.
BUSY_TIMEOUT_MS: Final = 5_000
# Connections to a file: one writes, the others read beside it. An archive in memory is one connection.
FILE_CONNECTIONS: Final = 6
# Page cache of a connection: enough for the inner pages of the indexes of 20,000 articles.
CACHE_KIB: Final = 8_000
# The write-ahead log is cut back to this size after a checkpoint, so that one big batch does not leave it big.
WAL_LIMIT_BYTES: Final = 16 * 2**20

# Execution options that say what the begin hook does.
_WRITES: Final = "newsbot_writes"
_NO_TRANSACTION: Final = "newsbot_no_transaction"


class SqliteDatabase(Database):
    """An SQLite file and its writer lock, or an archive in memory (`path` is None)."""

    def __init__(self, engine: AsyncEngine, *, path: Path | None, lock: WriterLock | None, read_only: bool) -> None:
        super().__init__(engine, place="in memory" if path is None else str(path), path=path)
        self._lock = lock
        self._read_only = read_only
        self._turn = asyncio.Lock()

    async def copy_file(self, target: Path) -> bool:
        """Write a complete copy of the archive to a new file. Raises: Misconfigured."""
        if await asyncio.to_thread(target.exists):
            raise Misconfigured(f"{target} exists already: name a new file for the backup.")
        with explained(str(target)):
            async with self.engine.connect() as connection:
                await connection.execution_options(**{_NO_TRANSACTION: True})
                # A reader's connection refuses every write, also that of the copy.
                await connection.exec_driver_sql("PRAGMA query_only = OFF")
                try:
                    await connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
                finally:
                    await connection.exec_driver_sql(f"PRAGMA query_only = {int(self._read_only)}")
            await asyncio.to_thread(mark_copy, target)
        return True

    async def table_names(self, connection: AsyncConnection) -> set[str]:
        """Return the names of the tables that are there."""
        return set((await connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))).scalars())

    async def check(self, connection: AsyncConnection) -> None:
        """Refuse nothing: any new file can be an archive."""

    async def is_in_use(self) -> bool:
        """Return False: whoever has the writer lock is alone."""
        return False

    def leadership(self, role: str) -> AlwaysLeads:
        """Return the question whether this process has a role that only one process may have."""
        return AlwaysLeads()

    async def size_bytes(self, connection: AsyncConnection) -> int:
        """Return what the archive takes on the disk."""
        pages = (await connection.exec_driver_sql("PRAGMA page_count")).scalar() or 0
        page_bytes = (await connection.exec_driver_sql("PRAGMA page_size")).scalar() or 0
        return int(pages * page_bytes)

    async def version(self, connection: AsyncConnection) -> str:
        """Return the version of the SQLite library this Python is linked with."""
        return f"SQLite {sqlite3.sqlite_version}"

    async def close(self) -> None:
        """Let what was begun end, close every connection, then give the writer lock back."""
        await super().close()
        if self._lock is not None:
            self._lock.release()

    async def _read(self, operation: Operation[Answer]) -> Answer:
        return await self._within(operation, {_NO_TRANSACTION: True})

    async def _read_snapshot(self, operation: Operation[Answer]) -> Answer:
        return await self._within(operation, {})

    async def _write(self, operation: Operation[Answer]) -> Answer:
        async def change(connection: AsyncConnection) -> Answer:
            async with connection.begin():
                return await operation(connection)

        async with self._turn:
            return await self._within(change, {_WRITES: True})

    async def _within(self, operation: Operation[Answer], options: dict[str, bool]) -> Answer:
        with explained(self.place):
            async with self.engine.connect() as connection:
                await connection.execution_options(**options)
                return await operation(connection)


def connect_sqlite(url: URL, *, create: bool, read_only: bool) -> SqliteDatabase:
    """Return the archive at this address, locked for writing unless it is read-only; nothing is read yet.

    Raises: InUse (locked by another process), Misconfigured (bad folder), NotFound (no archive, none to be created).
    """
    path = None if url.database in (None, "", ":memory:") else Path(str(url.database)).absolute()
    if path is None:
        return SqliteDatabase(_engine_of(url, connections=1, read_only=False), path=None, lock=None, read_only=False)
    url = url.set(database=str(path))
    _check_place(path, create=create and not read_only)
    lock = None if read_only else WriterLock(path)
    if lock is not None:
        lock.acquire()
    engine = _engine_of(url, connections=FILE_CONNECTIONS, read_only=read_only)
    return SqliteDatabase(engine, path=path, lock=lock, read_only=read_only)


def _check_place(path: Path, *, create: bool) -> None:
    if path.is_dir():
        raise Misconfigured(f"The archive {path} is a folder: name a file in it.")
    if path.exists():
        return
    if not create:
        raise NotFound(f"There is no archive at {path} yet: `newsbot run` makes one.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"The folder {path.parent} for the archive can't be made ({error.strerror}).") from error


def _engine_of(url: URL, *, connections: int, read_only: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        # Readers wait for their turn: refusing a question because others are being answered helps nobody.
        pool_timeout=None,
        pool_reset_on_return="rollback",
    )
    in_memory = connections == 1

    def prepare(connection: Any, record: Any) -> None:
        # The driver begins no transactions by itself; `begin` below does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        cursor.execute("PRAGMA temp_store = MEMORY")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        elif not in_memory:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
        cursor.close()

    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get(_NO_TRANSACTION):
            connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", begin)
    return engine
