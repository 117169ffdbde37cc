"""Insert-or-replace, the one statement that SQLAlchemy spells per database."""

from __future__ import annotations

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def upsert(connection: AsyncConnection, table: Table, *, adding: bool = False) -> Insert:
    """Return an insert that replaces the other columns of a row with the same primary key, or adds to them."""
    statement = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    keys = [column.name for column in table.primary_key]
    changes = {
        column.name: column + statement.excluded[column.name] if adding else statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=changes)
