"""The event and the storyline of each article. Never edited once released: a change is a new migration."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE placements (
        article_key INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        revision INTEGER NOT NULL,
        event TEXT NOT NULL,
        storyline TEXT NOT NULL,
        features BLOB NOT NULL,
        PRIMARY KEY (article_key),
        FOREIGN KEY(article_key) REFERENCES articles ("key") ON DELETE CASCADE
    )
    """,
    "CREATE INDEX ix_placements_event ON placements (event)",
    "CREATE INDEX ix_placements_revision ON placements (revision)",
    "CREATE INDEX ix_placements_seq ON placements (seq)",
    "CREATE INDEX ix_placements_storyline ON placements (storyline)",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
