"""Every contract of storage is held against an SQLite file, an archive in memory, and PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres import postgres_place, shared_postgres

__all__ = ["place", "postgres_place", "shared_postgres"]


@pytest.fixture(params=["file", "memory", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an empty archive may be opened."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_place")
    return str(tmp_path / "archive.db") if request.param == "file" else "sqlite:///:memory:"
