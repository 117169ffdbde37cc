"""The sampled shingles of an article in one row, in PostgreSQL. Never edited once released."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

# It is filled when the archive is opened, with the search index: the mark of their format has changed.
POSTGRES = (
    "DROP TABLE fingerprints",
    "CREATE TABLE fingerprints (article_key INTEGER PRIMARY KEY, shingles INTEGER[] NOT NULL)",
    "CREATE INDEX ix_fingerprints_shingles ON fingerprints USING gin (shingles) WITH (fastupdate = off)",
)


def upgrade() -> None:
    """Make the table anew, empty; SQLite's stays as it is."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.execute(statement)
