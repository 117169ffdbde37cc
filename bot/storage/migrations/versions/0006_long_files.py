"""How far long files have been read. Never edited once released: a change is a new migration."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    """
    CREATE TABLE long_files (
        path BLOB NOT NULL,
        bytes_read BIGINT NOT NULL,
        items_read BIGINT NOT NULL,
        PRIMARY KEY (path)
    )
    """,
)


def upgrade() -> None:
    """Add the table."""
    for statement in STATEMENTS:
        op.execute(statement)
