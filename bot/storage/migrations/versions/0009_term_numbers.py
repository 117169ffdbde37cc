"""Numbers for terms, which the search index's rows in PostgreSQL hold instead of words. Never edited once released."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"

# They are filled when the archive is opened: the index is made anew where its mark is missing.
POSTGRES = (
    "TRUNCATE sections",
    "ALTER INDEX ix_sections_terms RESET (fastupdate)",
    "DROP TABLE section_terms",
    "CREATE TABLE section_terms (term TEXT PRIMARY KEY, number BIGINT NOT NULL, sections INTEGER NOT NULL) "
    "WITH (fillfactor = 70)",
    "DROP TABLE section_totals",
    "CREATE TABLE section_totals (sections BIGINT NOT NULL, terms BIGINT NOT NULL, last_number BIGINT NOT NULL)",
    "INSERT INTO section_totals VALUES (0, 0, 0)",
    "DELETE FROM facts WHERE name = 'index_version'",
)


def upgrade() -> None:
    """Make the tables of the terms anew, empty; SQLite's index stays as it is."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.execute(statement)
