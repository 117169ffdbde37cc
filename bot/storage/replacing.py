"""Puts a backup in the place of an SQLite archive, whole or not at all; what was there stays beside it.

Source: sqlite.org/howtocorrupt.html, sections 1.2 and 1.4: a database never parts from its write-ahead log.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.errors import Misconfigured, NotFound
from bot.storage.failures import explained
from bot.storage.locking import WriterLock
from bot.storage.restoring import PROGRESS_FACT, mark_copy
from bot.storage.tables import SCHEMA_VERSION

_SIDE_FILES: Final = ("-wal", "-shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restored archive holds, and where the one it replaced is kept; None when there was none."""

    articles: int
    digests: int
    replaced: Path | None


def restore_file(backup: Path, place: Path, *, now: datetime) -> Restored:
    """Make a backup the archive at this place. Blocking: a large archive takes seconds.

    The backup itself is not changed. What was on its way when it was made is looked for before anything is posted.
    Raises: NotFound (no backup), InUse (the bot runs), Misconfigured (damaged, newer, no archive, disk full).
    """
    place = place.absolute()
    if not backup.is_file():
        raise NotFound(f"There is no backup {backup}.")
    with explained(str(place)):
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and place.samefile(backup):
            raise Misconfigured(f"{backup} is the archive itself, not a backup of it.")
    lock = WriterLock(place)
    lock.acquire()
    fresh = place.with_name(f".{place.name}.restoring")
    try:
        with explained(str(place)):
            shutil.copyfile(backup, fresh)
        articles, digests = _examine(fresh, named=backup)
        with explained(str(place)):
            mark_copy(fresh)
            _flush(fresh)
            replaced = _set_aside(place, now)
            fresh.replace(place)
            _flush(place.parent)
    finally:
        fresh.unlink(missing_ok=True)
        lock.release()
    return Restored(articles=articles, digests=digests, replaced=replaced)


def _examine(copy: Path, *, named: Path) -> tuple[int, int]:
    """Return how many articles and digests the copy holds. Raises: Misconfigured when it is no whole archive."""
    try:
        with closing(sqlite3.connect(copy)) as connection:
            return _examine_open(connection, named)
    except sqlite3.DatabaseError as error:
        raise Misconfigured(
            f"{named} is damaged or not an archive of newsbot ({error}); nothing was changed."
        ) from error


def _examine_open(connection: sqlite3.Connection, named: Path) -> tuple[int, int]:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
    if found != ["ok"]:
        raise Misconfigured(f"{named} is damaged ({found[0]}); nothing was changed. Take another backup.")
    [(version,)] = connection.execute("SELECT version_num FROM alembic_version").fetchall() or [("",)]
    facts = dict(connection.execute("SELECT name, value FROM facts"))
    if not str(version).isdecimal() or "generation" not in facts or PROGRESS_FACT in facts:
        raise Misconfigured(f"{named} is not a whole archive of newsbot; nothing was changed.")
    if str(version) > SCHEMA_VERSION:
        raise Misconfigured(
            f"{named} was written by a newer newsbot (schema {version}, this one knows {SCHEMA_VERSION}):"
            " update newsbot first. Nothing was changed."
        )
    [(articles,)] = connection.execute("SELECT count(*) FROM articles")
    [(digests,)] = connection.execute("SELECT count(*) FROM digests")
    return int(articles), int(digests)


def _set_aside(place: Path, now: datetime) -> Path | None:
    """Keep what lies at this place under another name as well; the place itself stays taken until it is replaced."""
    if not place.exists():
        return None
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(place)) as connection:
        # The log goes into the file; closing the last connection then takes it away.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = place.with_name(f"{place.name}.replaced.{now:%Y%m%dT%H%M%S}")
    if aside.exists():
        raise Misconfigured(f"{aside} exists already: wait a second and try again.")
    for ending in _SIDE_FILES:
        # Left behind only by an archive that can't be opened; beside the new one it would damage it.
        left = place.with_name(place.name + ending)
        if left.exists():
            left.replace(aside.with_name(aside.name + ending))
    os.link(place, aside)
    return aside


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
