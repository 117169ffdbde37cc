"""Inserts that may meet rows that are there: the one statement that SQLAlchemy spells per database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(connection: AsyncConnection, table: Table, *, adding: bool = False) -> Insert:
    """Return an insert that replaces the other columns of a row with the same primary key, or adds to them."""
    statement = _insert(connection, table)
    keys = [column.name for column in table.primary_key]
    changes = {
        column.name: column + statement.excluded[column.name] if adding else statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    updating: Insert = statement.on_conflict_do_update(index_elements=keys, set_=changes)
    return updating


def insert_missing(connection: AsyncConnection, table: Table) -> Insert:
    """Return an insert that leaves rows alone whose primary key is there."""
    missing: Insert = _insert(connection, table).on_conflict_do_nothing()
    return missing


def _insert(connection: AsyncConnection, table: Table) -> Any:
    if connection.dialect.name == "postgresql":
        # A tenth of the start of a command, and most archives are SQLite.
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    return sqlite.insert(table)
