"""Numbers for terms, which the search index's rows in PostgreSQL hold instead of words, and sizes of rows.

Never edited once released.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"

# They are filled when the archive is opened: the index is made anew where its mark is missing.
POSTGRES = (
    "DROP TABLE sections",
    "CREATE TABLE sections (row_number BIGINT PRIMARY KEY, size INTEGER NOT NULL, title TEXT NOT NULL, "
    "body TEXT NOT NULL)",
    "CREATE INDEX ix_sections_terms ON sections USING gin (array_to_tsvector(array_remove(string_to_array("
    "translate(title || ' ' || body, E'\\n', ' ') || ' #' || (row_number / 16777216), ' '), '')))",
    "DROP TABLE section_terms",
    "CREATE TABLE section_terms (term TEXT PRIMARY KEY, number BIGINT NOT NULL, sections INTEGER NOT NULL) "
    "WITH (fillfactor = 70)",
    "DROP TABLE section_totals",
    "CREATE TABLE section_totals (sections BIGINT NOT NULL, terms BIGINT NOT NULL, last_number BIGINT NOT NULL)",
    "INSERT INTO section_totals VALUES (0, 0, 0)",
    "DELETE FROM facts WHERE name = 'index_version'",
)


def upgrade() -> None:
    """Make the tables of the index anew, empty; SQLite's stay as they are."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.execute(statement)
