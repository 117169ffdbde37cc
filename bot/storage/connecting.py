"""Finds the database at an address: a file of SQLite, or one on a PostgreSQL server."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from bot.errors import Misconfigured
from bot.storage.database import Database

SQLITE_DRIVER: Final = "sqlite+aiosqlite"
POSTGRES_DRIVER: Final = "postgresql+asyncpg"


def connect(place: str | Path, *, create: bool, read_only: bool) -> Database:
    """Return the database at a path or SQLAlchemy URL; an SQLite file is locked for writing unless it is read-only.

    Nothing is read yet. Raises: Misconfigured (bad folder, bad URL, a driver that is not installed), InUse (locked by
    another process), NotFound (no archive, none to be created).
    """
    url = url_of(place)
    backend = url.get_backend_name()
    if backend == "sqlite":
        from bot.storage.sqlite import connect_sqlite

        return connect_sqlite(url, create=create, read_only=read_only)
    if backend == "postgresql":
        from bot.storage.postgres import connect_postgres

        return connect_postgres(url, read_only=read_only)
    shown = url.render_as_string(hide_password=True)
    raise Misconfigured(f"The archive {shown} is neither SQLite nor PostgreSQL: use one of them.")


def url_of(place: str | Path) -> URL:
    """Return the address of an archive with the driver this program uses. Raises: Misconfigured."""
    if not (isinstance(place, str) and "://" in place):
        database = ":memory:" if str(place) == ":memory:" else str(Path(place).absolute())
        return URL.create(SQLITE_DRIVER, database=database)
    try:
        url = make_url(place)
    except ArgumentError as error:
        raise Misconfigured(f"The archive's address {place.partition('://')[0]}://... is malformed.") from error
    if url.drivername == "sqlite":
        return url.set(drivername=SQLITE_DRIVER)
    # What hosters hand out as postgres:// or postgresql://, for whatever driver.
    if url.drivername.partition("+")[0] in ("postgres", "postgresql"):
        return url.set(drivername=POSTGRES_DRIVER)
    return url
