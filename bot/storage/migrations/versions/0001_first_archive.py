"""The first archive. Never edited: a change of the schema is a new migration."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE articles (
        "key" INTEGER NOT NULL,
        id TEXT NOT NULL,
        given_id TEXT,
        file BLOB,
        path TEXT NOT NULL,
        collection TEXT NOT NULL,
        version TEXT NOT NULL,
        seq INTEGER NOT NULL,
        duplicate_of TEXT,
        PRIMARY KEY ("key"),
        UNIQUE (id),
        UNIQUE (seq)
    )
    """,
    "CREATE INDEX ix_articles_duplicate_of ON articles (duplicate_of)",
    "CREATE INDEX ix_articles_file ON articles (file)",
    "CREATE INDEX ix_articles_given_id ON articles (given_id)",
    "CREATE INDEX ix_articles_version ON articles (version)",
    """
    CREATE TABLE digests (
        number INTEGER NOT NULL,
        destination TEXT NOT NULL,
        made_at VARCHAR NOT NULL,
        since_seq INTEGER NOT NULL,
        until_seq INTEGER NOT NULL,
        text TEXT NOT NULL,
        contents TEXT NOT NULL,
        PRIMARY KEY (number)
    )
    """,
    "CREATE INDEX ix_digests_destination ON digests (destination, number)",
    """
    CREATE TABLE facts (
        name VARCHAR NOT NULL,
        value VARCHAR NOT NULL,
        PRIMARY KEY (name)
    )
    """,
    """
    CREATE TABLE files (
        path BLOB NOT NULL,
        signature VARCHAR NOT NULL,
        state VARCHAR NOT NULL,
        reason TEXT,
        attempts INTEGER NOT NULL,
        article_ids TEXT NOT NULL,
        PRIMARY KEY (path)
    )
    """,
    "CREATE INDEX ix_files_state ON files (state)",
    """
    CREATE TABLE fingerprints (
        shingle INTEGER NOT NULL,
        article_key INTEGER NOT NULL,
        PRIMARY KEY (shingle, article_key)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE replies (
        "key" TEXT NOT NULL,
        reply BLOB NOT NULL,
        PRIMARY KEY ("key")
    )
    """,
    """
    CREATE TABLE spending (
        day VARCHAR NOT NULL,
        tokens INTEGER NOT NULL,
        usd FLOAT NOT NULL,
        PRIMARY KEY (day)
    )
    """,
    """
    CREATE TABLE summaries (
        article_id TEXT NOT NULL,
        version TEXT NOT NULL,
        payload BLOB NOT NULL,
        PRIMARY KEY (article_id, version)
    )
    """,
    """
    CREATE TABLE versions (
        seq INTEGER NOT NULL,
        article_key INTEGER NOT NULL,
        ingested_at_ms BIGINT NOT NULL,
        head BLOB NOT NULL,
        text BLOB NOT NULL,
        PRIMARY KEY (seq),
        FOREIGN KEY(article_key) REFERENCES articles ("key")
    )
    """,
    "CREATE INDEX ix_versions_article_key ON versions (article_key)",
    "CREATE INDEX ix_versions_ingested_at_ms ON versions (ingested_at_ms)",
    "CREATE VIRTUAL TABLE sections USING fts5(title, body, content='', tokenize='ascii', columnsize=1)",
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(sections, 'row')",
)


def upgrade() -> None:
    """Create every table of the first schema."""
    for statement in STATEMENTS:
        op.execute(statement)
    generation = sa.text("INSERT INTO facts (name, value) VALUES ('generation', :generation)")
    op.execute(generation.bindparams(generation=str(uuid.uuid4())))
