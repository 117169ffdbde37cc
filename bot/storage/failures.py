"""What a database error means to the person who runs the bot: one sentence and what to do, the cause chained."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.errors import BotError, Misconfigured, Unavailable

# After how long another try is worth it, in seconds: a lock is held for milliseconds, a disk is emptied by people.
LOCKED_RETRY_S = 1.0
DISK_FULL_RETRY_S = 60.0
AWAY_RETRY_S = 10.0

# SQLSTATE classes and codes of a server that is restarting, stopping or not there.
# Source: postgresql.org/docs, "PostgreSQL Error Codes".
_LOST: Final = ("08", "57P01", "57P02", "57P03")
# What a PostgreSQL server says that a person can mend, by the beginning of its SQLSTATE.
_MENDABLE: Final[Mapping[str, str]] = {
    "28": "the server refuses this user or password: check NEWSBOT_DATABASE__URL",
    "3D": "there is no such database: create it with `createdb --encoding=UTF8 NAME`",
    "42501": "this user may not create or change tables there: make it the owner of the database",
    "25006": "the server only reads (a standby?): use the primary",
}


@contextmanager
def explained(place: str) -> Iterator[None]:
    """Turn database errors inside the block into sentences about `place`; errors of our own SQL pass unchanged.

    Raises: Misconfigured (damaged, read-only, not openable), Unavailable (full disk, locked, unreadable disk).
    """
    try:
        yield
    except DBAPIError as error:
        if _state_of(error):
            raise _explain_server(error, place) from error
        if isinstance(error, IntegrityError | ProgrammingError | DataError):
            raise
        raise explain(error.orig or error, place) from error
    except sqlite3.Error as error:
        raise explain(error, place) from error
    except PoolTimeout as error:
        raise Unavailable(f"The archive {place} is busy; try again.", retry_after_s=LOCKED_RETRY_S) from error
    except (ConnectionError, TimeoutError) as error:
        raise _away(place, error) from error
    except OSError as error:
        if is_lost_connection(error):
            raise _away(place, error) from error
        raise Misconfigured(f"The archive {place} can't be used: {error.strerror or error}.") from error


def is_lost_connection(error: BaseException) -> bool:
    """Return whether the server went away or could not be reached, so that another try may find it."""
    if isinstance(error, DBAPIError):
        state = _state_of(error)
        return error.connection_invalidated or (state is not None and state.startswith(_LOST))
    # The event loop words several refused addresses as a plain OSError without a number.
    return isinstance(error, ConnectionError | TimeoutError | PoolTimeout) or (
        isinstance(error, OSError) and (error.errno is None or isinstance(error, socket.gaierror))
    )


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


def _state_of(error: DBAPIError) -> str | None:
    """Return the SQLSTATE that a PostgreSQL server sent, None for what SQLite or the driver itself says."""
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


def _explain_server(error: DBAPIError, place: str) -> BaseException:
    """Return the error to show for what a PostgreSQL server said; errors of our own SQL stay what they are."""
    state = _state_of(error) or ""
    if state.startswith(_LOST):
        return _away(place, error)
    if state == "53100":
        return Unavailable(
            f"The disk of the server of {place} is full; nothing was lost. Free some space.",
            retry_after_s=DISK_FULL_RETRY_S,
        )
    if state.startswith("53"):
        return Unavailable(f"The server of {place} has no room for more ({error.orig}).", retry_after_s=AWAY_RETRY_S)
    for beginning, advice in _MENDABLE.items():
        if state.startswith(beginning):
            return Misconfigured(f"The archive {place} can't be used: {advice}.")
    return error


def _away(place: str, error: BaseException) -> Unavailable:
    return Unavailable(
        f"The server of the archive {place} does not answer: is it running, and the address right?",
        retry_after_s=AWAY_RETRY_S,
    )
