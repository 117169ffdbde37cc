"""New archives, migrations and refusals: the schema of the file against that of the program."""

from __future__ import annotations

import fnmatch
import os
import re
import runpy
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.errors import Misconfigured
from bot.storage import tables
from bot.storage.archive import open_archive
from bot.storage.connecting import connect
from bot.storage.schema import MIGRATIONS, migrate, stored_version
from tests.postgres import postgres_place, run_on_server, shared_postgres
from tests.storage.archive_parts import STRIKE, all_files, make_article

__all__ = ["postgres_place", "shared_postgres"]


def schema_of(place: Path) -> dict[str, str]:
    """Return the definition of every table and index, white space evened out."""
    connection = sqlite3.connect(place)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: re.sub(r"\s+", "", sql) for name, sql in rows}


async def test_migrations_lead_to_the_schema_of_a_new_archive(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "new.db"):
        pass
    database = connect(tmp_path / "migrated.db", create=True, read_only=False)
    await migrate(database)
    assert await stored_version(database) == tables.SCHEMA_VERSION
    await database.close()
    assert schema_of(tmp_path / "migrated.db") == schema_of(tmp_path / "new.db")


async def test_a_migrated_archive_works(tmp_path: Path) -> None:
    database = connect(tmp_path / "archive.db", create=True, read_only=False)
    await migrate(database)
    await database.close()
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.save_articles([], [make_article("a")], [])
        assert (await archive.archive_facts()).generation


async def test_a_newer_archive_is_refused_and_unchanged(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    async with open_archive(place):
        pass
    with sqlite3.connect(place) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    before = place.read_bytes()
    with pytest.raises(Misconfigured, match=r"newer newsbot \(schema 9999"):
        async with open_archive(place):
            pass
    assert place.read_bytes() == before


async def test_an_older_archive_is_backed_up_before_it_is_migrated(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    first_schema = runpy.run_path(str(MIGRATIONS / "versions" / "0001_first_archive.py"))["STATEMENTS"]
    with sqlite3.connect(place) as old:
        for statement in (*first_schema, "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"):
            old.execute(statement)
        old.execute("INSERT INTO alembic_version VALUES ('0001')")
        old.execute("INSERT INTO facts VALUES ('generation', 'first')")
        old.execute("INSERT INTO files VALUES (x'61', '1:2:3:4:5', 'waiting', NULL, 0, '[]')")
    old.close()
    with pytest.raises(Misconfigured, match="older newsbot"):
        async with open_archive(place, read_only=True):
            pass
    async with open_archive(place) as archive:
        assert list(await all_files(archive)) == [b"a"]
    [backup] = fnmatch.filter(os.listdir(tmp_path), "archive.db.schema-0001.*.backup")
    async with open_archive(tmp_path / backup) as archive:
        assert list(await all_files(archive)) == [b"a"]


async def test_a_failing_migration_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    with sqlite3.connect(place) as half:
        half.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        half.execute("CREATE TABLE versions (in_the_way INTEGER)")
    half.close()
    before = schema_of(place)
    database = connect(place, create=False, read_only=False)
    with pytest.raises(Misconfigured, match="it is unchanged"):
        await migrate(database)
    await database.close()
    assert schema_of(place) == before


async def test_an_index_made_with_other_terms_is_built_anew(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    async with open_archive(place) as archive:
        await archive.save_articles([], [make_article("a"), make_article("b")], [])
    with sqlite3.connect(place) as old:
        old.execute("INSERT INTO sections (sections) VALUES ('delete-all')")
        old.execute("UPDATE facts SET value = 'older' WHERE name = 'index_version'")
    old.close()
    async with open_archive(place) as archive:
        assert {hit.article.id for hit in await archive.search("bridge", limit=5)} == {"a", "b"}


def test_opening_an_archive_does_not_import_alembic(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from bot.storage.archive import open_archive\n"
        "async def main():\n"
        f"    async with open_archive({str(tmp_path / 'archive.db')!r}):\n"
        "        pass\n"
        "asyncio.run(main())\n"
        "asyncio.run(main())\n"
        "assert not {'alembic', 'numpy', 'rensa'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


# What the search index was before migration 0007.
OLDER_INDEX = (
    "DROP TABLE vocabulary",
    "DROP TABLE sections",
    "DROP TABLE section_bodies",
    "DROP TABLE section_totals",
    "CREATE VIRTUAL TABLE sections USING fts5(title, body, content='', tokenize='ascii', columnsize=1)",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(sections, 'row')",
    "UPDATE facts SET value = '1:older' WHERE name = 'index_version'",
    "UPDATE alembic_version SET version_num = '0006'",
)
OLDER_INDEX_ON_SERVER = (
    "DROP INDEX ix_sections_terms",
    "CREATE INDEX ix_sections_terms ON sections USING gin "
    "(array_to_tsvector(string_to_array(btrim(title || ' ' || body), ' '))) WITH (fastupdate = off)",
    "UPDATE sections SET body = replace(body, E'\\n', '')",
    "ALTER TABLE section_terms DROP COLUMN number",
    "ALTER TABLE section_totals DROP COLUMN last_number",
    "UPDATE facts SET value = '1:older' WHERE name = 'index_version'",
    "UPDATE alembic_version SET version_num = '0006'",
)


async def test_articles_of_an_archive_with_an_older_index_are_found_after_it_is_migrated(tmp_path: Path) -> None:
    place = tmp_path / "archive.db"
    async with open_archive(place) as archive:
        await archive.save_articles([], [make_article("a"), make_article("b", STRIKE)], [])
        hits = await archive.search("the bridge of Oldport", limit=5)
    with sqlite3.connect(place) as old:
        for statement in OLDER_INDEX:
            old.execute(statement)
    old.close()
    async with open_archive(place) as archive:
        assert await archive.search("the bridge of Oldport", limit=5) == hits
        assert [hit.article.id for hit in hits] == ["a"]
    assert fnmatch.filter(os.listdir(tmp_path), "archive.db.schema-0006.*.backup")


async def test_the_same_holds_for_an_archive_on_a_server(postgres_place: str) -> None:
    async with open_archive(postgres_place) as archive:
        await archive.save_articles([], [make_article("a"), make_article("b", STRIKE)], [])
        hits = await archive.search("the bridge of Oldport", limit=5)
    for statement in OLDER_INDEX_ON_SERVER:
        await run_on_server(statement, postgres_place)
    async with open_archive(postgres_place) as archive:
        assert await archive.search("the bridge of Oldport", limit=5) == hits
        assert [hit.article.id for hit in hits] == ["a"]
