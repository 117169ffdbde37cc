"""What each channel has been told, line by line. Never edited once released: a change is a new migration."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE told (
        number INTEGER NOT NULL,
        channel TEXT NOT NULL,
        fingerprint VARCHAR NOT NULL,
        event TEXT NOT NULL,
        storyline TEXT NOT NULL,
        at_us BIGINT NOT NULL,
        seq INTEGER NOT NULL,
        line TEXT NOT NULL,
        PRIMARY KEY (number)
    )
    """,
    "CREATE INDEX ix_told_event ON told (channel, event)",
    "CREATE INDEX ix_told_fingerprint ON told (channel, fingerprint)",
    "CREATE INDEX ix_told_storyline ON told (channel, storyline)",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
