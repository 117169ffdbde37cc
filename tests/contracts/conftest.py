"""Every contract of storage is held against an SQLite file, an archive in memory, and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage.connecting import connect
from bot.storage.database import Database
from bot.storage.schema import prepare_schema
from tests.postgres import postgres_place, shared_postgres

__all__ = ["database", "place", "postgres_place", "shared_postgres"]


@pytest.fixture(params=["file", "memory", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty archive may be opened."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_place")
    return str(tmp_path / "archive.db") if request.param == "file" else "sqlite:///:memory:"


@pytest.fixture
async def database(place: str) -> AsyncIterator[Database]:
    """The database of an empty archive."""
    opened = connect(place, create=True, read_only=False)
    await prepare_schema(opened)
    yield opened
    await opened.close()
