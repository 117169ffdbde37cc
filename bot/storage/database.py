"""The archive's database, whichever it is: what is read, what is written, and that what was begun ends.

`sqlite` and `postgres` beside this file say how each of the two does it; `connecting` finds the one at an address.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.ports.leading import Leadership

Answer = TypeVar("Answer")
Operation = Callable[[AsyncConnection], Awaitable[Answer]]


class Database(ABC):
    """One open database; what is begun on it ends, also when who asked for it is gone.

    `place` is what people are shown: a path, or an address without its password. `path` is the file of an SQLite
    archive, None for any other.
    """

    def __init__(self, engine: AsyncEngine, *, place: str, path: Path | None = None) -> None:
        self.engine = engine
        self.place = place
        self.path = path
        self._running: set[asyncio.Task[Any]] = set()

    async def read(self, operation: Operation[Answer]) -> Answer:
        """Return what the operation reads; each of its statements sees the archive as it is then."""
        return await self._to_the_end(self._read(operation))

    async def read_snapshot(self, operation: Operation[Answer]) -> Answer:
        """Return what the operation reads; all its statements see one and the same state of the archive."""
        return await self._to_the_end(self._read_snapshot(operation))

    async def write(self, operation: Operation[Answer]) -> Answer:
        """Return what the operation returns once all its changes are kept; none of them is if it raises.

        Writers take turns, whatever process they are in: an operation may read and then write what follows from it.
        It may be called a second time when the connection was lost and nothing of the first call was kept.
        """
        return await self._to_the_end(self._write(operation))

    async def copy_file(self, target: Path) -> bool:
        """Write a complete copy of the archive to a new SQLite file; return False where it is not one file itself.

        Others go on reading and writing. Raises: Misconfigured when the target exists or can't be written.
        """
        return False

    @abstractmethod
    async def table_names(self, connection: AsyncConnection) -> set[str]:
        """Return the names of the tables that are there, of a server's database those that have names of ours."""

    @abstractmethod
    async def check(self, connection: AsyncConnection) -> None:
        """Refuse a database that can't be an archive, before tables are made in it. Raises: Misconfigured."""

    @abstractmethod
    async def is_in_use(self) -> bool:
        """Return whether another process works with this archive."""

    @abstractmethod
    def leadership(self, role: str) -> Leadership:
        """Return the question whether this process has a role that only one process may have."""

    async def holders(self, connection: AsyncConnection, roles: Sequence[str]) -> dict[str, str]:
        """Return which process has each of these roles, "" for nobody; nothing where one process does all."""
        return {}

    @abstractmethod
    async def size_bytes(self, connection: AsyncConnection) -> int:
        """Return what the archive takes on the disk."""

    @abstractmethod
    async def version(self, connection: AsyncConnection) -> str:
        """Return name and version of the database, "SQLite 3.40.1"."""

    async def close(self) -> None:
        """Let what was begun end, then close every connection."""
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.engine.dispose()

    @abstractmethod
    async def _read(self, operation: Operation[Answer]) -> Answer: ...

    @abstractmethod
    async def _read_snapshot(self, operation: Operation[Answer]) -> Answer: ...

    @abstractmethod
    async def _write(self, operation: Operation[Answer]) -> Answer: ...

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
