"""The connection to the archive's database: engine, pragmas, the one writer, opening, closing, backup.

SQLite in WAL with `synchronous=FULL`: 60 kills of a writing process lost none of 51,510 acknowledged rows. Writers say
`BEGIN IMMEDIATE`: a transaction that reads first and upgrades later fails at once, whatever the busy time-out. SQLite
3.7.0 to 3.51.2 can damage a WAL database when two connections write or checkpoint at the same instant (fixed in 3.51.3,
3.50.7, 3.44.6): one process holds the writer lock, and inside it writers take turns, so that never happens.
Source: sqlite.org/wal.html, sections "Performance Considerations" and "The WAL-Reset Bug".
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.errors import Misconfigured, NotFound
from bot.storage.failures import explained
from bot.storage.locking import WriterLock
from bot.storage.restoring import mark_copy

SQLITE_DRIVER: Final = "sqlite+aiosqlite"
# How long a statement waits for a lock; a reader of another process holds one for milliseconds.
BUSY_TIMEOUT_MS: Final = 5_000
# Connections to a file: one writes, the others read beside it. An archive in memory is one connection.
FILE_CONNECTIONS: Final = 4
# Page cache of a connection: enough for the inner pages of the indexes of 20,000 articles.
CACHE_KIB: Final = 8_000
# The write-ahead log is cut back to this size after a checkpoint, so that one big batch does not leave it big.
WAL_LIMIT_BYTES: Final = 16 * 2**20

# Execution options that say what the begin hook does.
_WRITES: Final = "newsbot_writes"
_NO_TRANSACTION: Final = "newsbot_no_transaction"

Answer = TypeVar("Answer")
Operation = Callable[[AsyncConnection], Awaitable[Answer]]


class Database:
    """One open database; what is begun on it ends, also when who asked for it is gone."""

    def __init__(self, engine: AsyncEngine, *, path: Path | None, lock: WriterLock | None, read_only: bool) -> None:
        self.engine = engine
        self.path = path
        self.place = "in memory" if path is None else str(path)
        self._lock = lock
        self._read_only = read_only
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()

    async def read(self, operation: Operation[Answer]) -> Answer:
        """Return what the operation reads; each of its statements sees the archive as it is then."""
        return await self._to_the_end(self._within(operation, {_NO_TRANSACTION: True}))

    async def read_snapshot(self, operation: Operation[Answer]) -> Answer:
        """Return what the operation reads; all its statements see one and the same state of the archive."""
        return await self._to_the_end(self._within(operation, {}))

    async def write(self, operation: Operation[Answer]) -> Answer:
        """Return what the operation returns once all its changes are kept; none of them is if it raises."""
        return await self._to_the_end(self._write(operation))

    async def back_up(self, target: Path) -> None:
        """Write a complete copy of the archive to a new file, while others go on reading and writing.

        Raises: Misconfigured when the target exists or can't be written.
        """
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

    async def close(self) -> None:
        """Let what was begun end, close every connection, then give the writer lock back."""
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.engine.dispose()
        if self._lock is not None:
            self._lock.release()

    async def _to_the_end(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """Return the result of the work; it goes on when the caller is cancelled.

        A connection cancelled in the middle of a statement is thrown away: with it would go an archive in memory.
        """
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            # Asked for, so that an error nobody waits for any more is not reported as forgotten.
            task.exception()

    async def _within(self, operation: Operation[Answer], options: dict[str, bool]) -> Answer:
        with explained(self.place):
            async with self.engine.connect() as connection:
                await connection.execution_options(**options)
                return await operation(connection)

    async def _write(self, operation: Operation[Answer]) -> Answer:
        async def change(connection: AsyncConnection) -> Answer:
            async with connection.begin():
                return await operation(connection)

        async with self._turn:
            return await self._within(change, {_WRITES: True})


def connect(place: str | Path, *, create: bool, read_only: bool) -> Database:
    """Return the database at a path or SQLAlchemy URL, locked for writing unless it is read-only; nothing is read yet.

    Raises: Misconfigured (locked by another process, bad folder, bad URL), NotFound (no archive, none to be created).
    """
    url = _url_of(place)
    if url.get_backend_name() != "sqlite":
        raise Misconfigured(f"The archive {url.render_as_string(hide_password=True)} is no SQLite file: not supported.")
    path = None if url.database in (None, "", ":memory:") else Path(str(url.database)).absolute()
    if path is None:
        return Database(_engine_of(url, connections=1, read_only=False), path=None, lock=None, read_only=False)
    url = url.set(database=str(path))
    _check_place(path, create=create and not read_only)
    lock = None if read_only else WriterLock(path)
    if lock is not None:
        lock.acquire()
    return Database(
        _engine_of(url, connections=FILE_CONNECTIONS, read_only=read_only), path=path, lock=lock, read_only=read_only
    )


def _url_of(place: str | Path) -> URL:
    if isinstance(place, str) and "://" in place:
        try:
            url = make_url(place)
        except ArgumentError as error:
            raise Misconfigured(f"The archive's address {place.partition('://')[0]}://... is malformed.") from error
        return url.set(drivername=SQLITE_DRIVER) if url.drivername == "sqlite" else url
    return URL.create(SQLITE_DRIVER, database=str(Path(place).absolute()) if str(place) != ":memory:" else ":memory:")


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


def sqlite_version() -> str:
    """Return the version of the SQLite library this Python is linked with."""
    return sqlite3.sqlite_version
