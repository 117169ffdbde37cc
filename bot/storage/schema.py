"""Brings a database to the schema of this program: makes a new one, migrates an old one, refuses a newer one.

The version is asked with a plain query; Alembic (.9 s of import) is loaded only when there is something to migrate.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InUse, Misconfigured, NotFound
from bot.storage import tables
from bot.storage.copy_index import copy_index_of
from bot.storage.database import Database
from bot.storage.passages import index_version
from bot.storage.restoring import is_unfinished
from bot.storage.search import index_is_current, index_of, rebuild_index

MIGRATIONS: Final = Path(__file__).parent / "migrations"


async def prepare_schema(
    database: Database, *, create: bool = True, read_only: bool = False, may_be_unfinished: bool = False
) -> None:
    """Make sure that the tables are those of this program.

    Raises: Misconfigured when the archive is newer than the program, damaged, half copied, or no archive of ours;
    NotFound when there is none and none may be made.
    """
    version = await stored_version(database)
    if version == tables.SCHEMA_VERSION:
        if not may_be_unfinished and await database.read(is_unfinished):
            raise Misconfigured(
                f"{database.place} holds half of an archive that is being moved there: run the same `newsbot migrate` "
                "again, it goes on where it stopped."
            )
        await _prepare_index(database, read_only=read_only)
        return
    if version is not None and version > tables.SCHEMA_VERSION:
        raise Misconfigured(
            f"The archive {database.place} was written by a newer newsbot (schema {version}, this one knows "
            f"{tables.SCHEMA_VERSION}): update newsbot, or restore the backup made before the update."
        )
    if version is None and (read_only or not create):
        raise NotFound(f"There is no archive at {database.place} yet: `newsbot run` makes one.")
    if read_only:
        raise Misconfigured(
            f"The archive {database.place} is of an older newsbot: start `newsbot run` once, it is brought up to date."
        )
    if version is None:
        await database.write(lambda connection: _create(connection, database))
        return
    await _refuse_beside_others(database)
    await _back_up_first(database, version)
    await migrate(database)
    await _prepare_index(database, read_only=False)


async def stored_version(database: Database) -> str | None:
    """Return the schema version of the archive, None for an empty database.

    Raises: Misconfigured when the file holds something else.
    """

    async def look(connection: AsyncConnection) -> tuple[set[str], str | None]:
        names = await database.table_names(connection)
        return names, await _version_in(connection) if "alembic_version" in names else None

    names, version = await database.read(look)
    if not names:
        return None
    if version is None or not version.isdecimal():
        raise Misconfigured(f"The file {database.place} is a database of another program, not an archive of newsbot.")
    return version


async def migrate(database: Database) -> None:
    """Run every migration the archive lacks, all in one transaction: killed half-way, it is as it was.

    Raises: Misconfigured when a migration fails; the archive is unchanged then.
    """

    async def upgrade(connection: AsyncConnection) -> None:
        try:
            await connection.run_sync(_upgrade)
        except DatabaseError as error:
            raise Misconfigured(
                f"The archive {database.place} could not be brought up to date ({error.orig}); it is unchanged."
            ) from error

    await database.write(upgrade)


async def _version_in(connection: AsyncConnection) -> str | None:
    version = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar()
    return None if version is None else str(version)


async def _prepare_index(database: Database, *, read_only: bool) -> None:
    """Build the search index anew when this program makes other terms than the one that built it."""
    if not read_only and not await database.read(index_is_current):
        await _refuse_beside_others(database)
        await database.write(rebuild_index)


async def _refuse_beside_others(database: Database) -> None:
    """Raises: InUse when processes of another version are at work, which would go on as before in what is changed."""
    if database.path is None and await database.is_in_use():
        raise InUse(
            f"The archive {database.place} has to be brought up to date for this version of newsbot, while processes "
            "of another version use it: stop all of them, start one of this version, then the others."
        )


async def _create(connection: AsyncConnection, database: Database) -> None:
    # Of several processes that start on an empty database the first one makes the tables.
    if "alembic_version" not in await database.table_names(connection):
        await database.check(connection)
        await connection.run_sync(_create_all)


def _create_all(connection: Connection) -> None:
    tables.metadata.create_all(connection, checkfirst=False)
    index_of(connection).create(connection)
    copy_index_of(connection).create(connection)
    connection.exec_driver_sql(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": tables.SCHEMA_VERSION})
    values = {"generation": str(uuid.uuid4()), "index_version": index_version()}
    connection.execute(tables.facts.insert(), [{"name": name, "value": value} for name, value in values.items()])


async def _back_up_first(database: Database, version: str) -> None:
    if database.path is None:
        return
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    await database.copy_file(database.path.with_name(f"{database.path.name}.schema-{version}.{moment}.backup"))


def _upgrade(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)

    def steps(revision: str, context: object) -> list[object]:
        return script._upgrade_revs("head", revision)  # type: ignore[return-value]

    with EnvironmentContext(config, script, fn=steps, destination_rev="head") as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()
