"""Lean indexes in PostgreSQL: an article's shingles in one row, its terms compressed. Never edited once released."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"

# Both are filled when the archive is opened: the mark of their format has changed.
POSTGRES = (
    "DROP TABLE fingerprints",
    "CREATE TABLE fingerprints (article_key INTEGER PRIMARY KEY, shingles INTEGER[] NOT NULL)",
    "CREATE INDEX ix_fingerprints_shingles ON fingerprints USING gin (shingles) WITH (fastupdate = off)",
    "TRUNCATE sections, section_terms",
    "ALTER TABLE sections SET (toast_tuple_target = 128)",
    "ALTER TABLE sections ALTER title SET STORAGE MAIN, ALTER body SET STORAGE MAIN",
)


def upgrade() -> None:
    """Make them anew, empty; SQLite's stay as they are."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.execute(statement)
