"""Schedules, filters, uses and votes of the chat, and the outbox. Never edited: a change is a new migration."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    CREATE TABLE filters (
        platform VARCHAR NOT NULL,
        workspace TEXT NOT NULL,
        channel TEXT NOT NULL,
        include TEXT NOT NULL,
        exclude TEXT NOT NULL,
        PRIMARY KEY (platform, workspace, channel)
    )
    """,
    """
    CREATE TABLE outbox (
        number INTEGER NOT NULL,
        id VARCHAR NOT NULL,
        platform VARCHAR NOT NULL,
        workspace TEXT NOT NULL,
        channel TEXT NOT NULL,
        batch TEXT NOT NULL,
        part INTEGER NOT NULL,
        parts INTEGER NOT NULL,
        payload TEXT NOT NULL,
        marker VARCHAR NOT NULL,
        nonce VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        attempts INTEGER NOT NULL,
        first_at_us BIGINT,
        last_at_us BIGINT,
        not_before_us BIGINT,
        message_id TEXT,
        reason TEXT,
        PRIMARY KEY (number),
        UNIQUE (platform, workspace, channel, batch, part),
        UNIQUE (id)
    )
    """,
    "CREATE INDEX ix_outbox_destination ON outbox (platform, workspace, channel, number)",
    "CREATE INDEX ix_outbox_state ON outbox (state, platform, workspace, channel, number)",
    """
    CREATE TABLE schedules (
        number INTEGER NOT NULL,
        id TEXT NOT NULL,
        platform VARCHAR NOT NULL,
        workspace TEXT NOT NULL,
        channel TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (number),
        UNIQUE (id)
    )
    """,
    "CREATE INDEX ix_schedules_destination ON schedules (platform, workspace, channel)",
    """
    CREATE TABLE slot_keys (
        slot_key TEXT NOT NULL,
        PRIMARY KEY (slot_key)
    )
    """,
    """
    CREATE TABLE slots (
        schedule_id TEXT NOT NULL,
        at_us BIGINT NOT NULL,
        missed BOOLEAN NOT NULL,
        PRIMARY KEY (schedule_id, at_us)
    )
    """,
    """
    CREATE TABLE uses (
        caller_key TEXT NOT NULL,
        day VARCHAR NOT NULL,
        uses INTEGER NOT NULL,
        PRIMARY KEY (caller_key, day)
    )
    """,
    """
    CREATE TABLE votes (
        platform VARCHAR NOT NULL,
        workspace TEXT NOT NULL,
        channel TEXT NOT NULL,
        user TEXT NOT NULL,
        subject TEXT NOT NULL,
        vote INTEGER NOT NULL,
        PRIMARY KEY (platform, workspace, channel, user, subject)
    )
    """,
)


def upgrade() -> None:
    """Create the tables of the second schema."""
    for statement in STATEMENTS:
        op.execute(statement)
