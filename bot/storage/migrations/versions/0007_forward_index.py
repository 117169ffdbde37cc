"""The terms of each section beside the index, which forgets where they stood. Never edited once released."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

# The index is filled when the archive is opened: what is asked of it has changed, and so has the mark of its format.
SQLITE = (
    "DROP TABLE vocabulary",
    "DROP TABLE sections",
    "CREATE VIRTUAL TABLE sections USING fts5(terms, content='', tokenize='ascii', detail='none', columnsize=0)",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(sections, 'row')",
    "CREATE TABLE section_bodies (row_number INTEGER PRIMARY KEY, terms BLOB NOT NULL)",
    "CREATE TABLE section_totals (sections INTEGER NOT NULL, terms INTEGER NOT NULL)",
    "INSERT INTO section_totals VALUES (0, 0)",
)
POSTGRES = (
    "DROP INDEX ix_sections_terms",
    "TRUNCATE sections, section_terms",
    """
    CREATE INDEX ix_sections_terms ON sections USING gin (
        array_to_tsvector(array_remove(string_to_array(
            translate(title || ' ' || body, E'\\n', ' ') || ' #' || (row_number / 16777216), ' '), ''))
    ) WITH (fastupdate = off)
    """,
)


def upgrade() -> None:
    """Make the index anew, empty."""
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
