"""The lock that makes one process the writer of an archive, held for the process's life.

SQLite 3.7.0 to 3.51.2 can damage a WAL database when several processes write or checkpoint at the same instant, and two
bots on one archive would post everything twice: so the second one is refused.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.errors import InUse, Misconfigured


class WriterLock:
    """The file `<archive>.lock`; the operating system frees it when the process ends, however it ends."""

    def __init__(self, archive: Path) -> None:
        self._archive = archive
        self._path = archive.with_name(archive.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock and write our process id into it.

        Raises: InUse when another process has it, Misconfigured when the folder can't be written.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Misconfigured(
                f"The folder of the archive {self._archive} can't be written ({error.strerror}): "
                "make it writable or choose another place for the archive."
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise InUse(
                f"Another newsbot (process {owner or 'unknown'}) is using the archive {self._archive}: "
                "stop it first, or give this one an archive of its own."
            ) from error
        self._descriptor = descriptor
        self._write_owner(descriptor)

    def release(self) -> None:
        """Give the lock back; the file stays, removing it would let two processes lock different files."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _write_owner(self, descriptor: int) -> None:
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        except OSError:
            # A full disk: the lock itself holds, only its owner stays unnamed.
            return
