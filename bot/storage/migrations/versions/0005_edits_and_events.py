"""What posted messages show, for their edits, and which events were answered. Never edited once released."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE edits (
        post_id VARCHAR NOT NULL,
        revision INTEGER NOT NULL,
        state VARCHAR NOT NULL,
        attempts INTEGER NOT NULL,
        first_at_us BIGINT,
        not_before_us BIGINT,
        reason TEXT,
        PRIMARY KEY (post_id)
    )
    """,
    "CREATE INDEX ix_edits_state ON edits (state)",
    """
    CREATE TABLE events (
        event_id TEXT NOT NULL,
        at_us BIGINT NOT NULL,
        PRIMARY KEY (event_id)
    )
    """,
    "CREATE INDEX ix_events_at_us ON events (at_us)",
    """
    CREATE TABLE shown (
        post_id VARCHAR NOT NULL,
        article_id TEXT NOT NULL,
        at_us BIGINT NOT NULL,
        version TEXT NOT NULL,
        body TEXT NOT NULL,
        changes TEXT NOT NULL,
        changed_at_us BIGINT,
        PRIMARY KEY (post_id, article_id)
    )
    """,
    "CREATE INDEX ix_shown_article_id ON shown (article_id)",
    "CREATE INDEX ix_shown_at_us ON shown (at_us)",
    # The terminal's digests are kept under its destination's key, as those of every channel.
    "UPDATE digests SET destination = 'terminal:local:terminal' WHERE destination = 'terminal'",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
