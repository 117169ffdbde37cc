"""What a database error means to the person who runs the bot: one sentence and what to do, the cause chained."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import BotError, Misconfigured, Unavailable

# After how long another try is worth it, in seconds: a lock is held for milliseconds, a disk is emptied by people.
LOCKED_RETRY_S = 1.0
DISK_FULL_RETRY_S = 60.0


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn database errors inside the block into sentences about `place`; errors of our own SQL pass unchanged.

    Raises: Misconfigured (damaged, read-only, not openable), Unavailable (full disk, locked, unreadable disk).
    """
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except DBAPIError as error:
        raise explain(error.orig or error, place) from error
    except sqlite3.Error as error:
        raise explain(error, place) from error
    except PoolTimeout as error:
        raise Unavailable(f"The archive {place} is busy; try again.", retry_after_s=LOCKED_RETRY_S) from error
    except OSError as error:
        raise Misconfigured(f"The archive {place} can't be used: {error.strerror or error}.") from error


def explain(error: BaseException, place: str) -> BotError:
    """Return the error to show for what SQLite or its driver said."""
    words = str(error).lower()
    if "disk is full" in words:
        return Unavailable(
            f"The disk with the archive {place} is full; nothing was lost. Free some space.",
            retry_after_s=DISK_FULL_RETRY_S,
        )
    if "locked" in words or "busy" in words:
        return Unavailable(
            f"Another program holds the archive {place} locked; try again.", retry_after_s=LOCKED_RETRY_S
        )
    if "readonly" in words or "read-only" in words:
        return Misconfigured(f"The archive {place} can't be written: make the file and its folder writable.")
    if "unable to open" in words:
        return Misconfigured(f"The archive {place} can't be opened: its folder must exist and be writable.")
    if "not a database" in words or "malformed" in words or "corrupt" in words:
        return Misconfigured(
            f"The archive {place} is damaged or not an archive. Move it away and restore a backup, or start anew: "
            "the articles are read again from the folder."
        )
    if "no such table" in words or "no such column" in words:
        return Misconfigured(f"The file {place} is a database of another program, not an archive of newsbot.")
    return Unavailable(f"The archive {place} does not answer ({error}).")
