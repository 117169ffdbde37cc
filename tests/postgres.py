"""Empty PostgreSQL databases for tests, on a server that must be there (or the test is skipped).

`TESTS_POSTGRES` is the address of a server and a user who may create databases on it.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import Iterator

import asyncpg
import pytest

from bot.storage.archive import open_archive

SERVER = os.environ.get("TESTS_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
"""Where the databases are made."""

EMPTY_ARCHIVE = """
DO $$
DECLARE other text;
BEGIN
    DELETE FROM versions;
    FOR other IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        IF other NOT IN ('alembic_version', 'facts', 'section_totals') THEN
            EXECUTE format('DELETE FROM %I', other);
        END IF;
    END LOOP;
    DELETE FROM facts WHERE name NOT IN ('generation', 'index_version');
    UPDATE section_totals SET sections = 0, terms = 0;
END $$
"""
"""Makes a used archive a new one: much faster than making its tables again."""


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[str]:
    """Give the address of an archive that the tests of one process use in turn: making one takes a second or two."""
    name = f"newsbot_test_{uuid.uuid4().hex[:12]}"
    address = f"{SERVER.rpartition('/')[0]}/{name}"
    asyncio.run(run_on_server(f"CREATE DATABASE {name}"))
    # Most tests ask what the archive says, not what a power cut leaves of it.
    asyncio.run(run_on_server(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    asyncio.run(_make_archive(address))
    yield address
    asyncio.run(run_on_server(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def postgres_place(shared_postgres: str) -> str:
    """Give the address of an archive with nothing in it."""
    asyncio.run(run_on_server(EMPTY_ARCHIVE, shared_postgres))
    return shared_postgres


async def run_on_server(statement: str, address: str = SERVER) -> None:
    """Run a statement outside any transaction; a server that is not there skips the test."""
    try:
        connection = await asyncpg.connect(address, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        pytest.skip(f"no PostgreSQL server at {SERVER} ({error}); TESTS_POSTGRES names another")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _make_archive(address: str) -> None:
    async with open_archive(address):
        pass
