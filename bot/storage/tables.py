"""The tables of the archive as they are today; migrations lead older archives here.

A new archive is created from these definitions directly (Alembic takes .9 s to import and is needed for old archives
only); a test holds that the migrations lead to exactly this schema.
"""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

# The newest migration's number, as Alembic stores it.
SCHEMA_VERSION: Final = "0009"
# What no text column takes: NUL ends strings in SQLite and PostgreSQL refuses it, lone surrogates (names of files that
# are not UTF-8) cannot be encoded. U+001A (SUBSTITUTE) introduces their number and so is escaped too.
_UNSAFE: Final = re.compile("[\x00\x1a\ud800-\udfff]")
_ESCAPE: Final = "\x1a"
_ESCAPED: Final = re.compile(f"{_ESCAPE}([0-9a-f]{{4}})")


class SafeText(TypeDecorator[str]):
    """Text of any origin: NULs and lone surrogates go in and come out again, everything else is stored as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text with what the database refuses escaped."""
        return None if value is None else _UNSAFE.sub(lambda match: f"\x1a{ord(match[0]):04x}", value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Return the text as it was given."""
        if value is None or _ESCAPE not in value:
            return value
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value)


metadata = MetaData()


def _destination(*, primary_key: bool = False) -> tuple[Column[str], ...]:
    """Return the columns that hold a destination, in the order of a `Destination`."""
    types = {"platform": String(), "workspace": SafeText(), "channel": SafeText()}
    return tuple(Column(name, type_, primary_key=primary_key, nullable=False) for name, type_ in types.items())


# How the names of the facts begin by which a process that lost its connection learns whether its write was kept.
WRITE_MARK: Final = "write "

# Facts about the archive itself: `generation` (a new one for each backup), `index_version`, and `copied`, there in a
# backup only: who opens it for writing learns from it that time went on without it.
facts = Table("facts", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

files = Table(
    "files",
    metadata,
    Column("path", LargeBinary, primary_key=True),
    # device:inode:size:mtime_ns:ctime_ns; as text because inodes are unsigned 64-bit numbers.
    Column("signature", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("reason", SafeText),
    Column("attempts", Integer, nullable=False),
    # JSON list of ids.
    Column("article_ids", SafeText, nullable=False),
)

# How far the reading of a file that is read in parts has come.
long_files = Table(
    "long_files",
    metadata,
    Column("path", LargeBinary, primary_key=True),
    Column("bytes_read", BigInteger, nullable=False),
    Column("items_read", BigInteger, nullable=False),
)

# One row an article. `given_id` is the identity the reader found in the file, where that differs from `id`: after a
# rename or a clash. `file` is NULL once the file was read again without this article in it.
articles = Table(
    "articles",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("id", SafeText, nullable=False, unique=True),
    Column("given_id", SafeText, index=True),
    Column("file", LargeBinary, index=True),
    Column("path", SafeText, nullable=False),
    Column("collection", SafeText, nullable=False),
    Column("version", SafeText, nullable=False, index=True),
    Column("seq", Integer, nullable=False, unique=True),
    Column("duplicate_of", SafeText, index=True),
)

# Every version that was ever current; `head` and `text` are what `records.pack_article` makes.
versions = Table(
    "versions",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("article_key", Integer, ForeignKey("articles.key"), nullable=False, index=True),
    # Milliseconds since 1970.
    Column("ingested_at_ms", BigInteger, nullable=False, index=True),
    Column("head", LargeBinary, nullable=False),
    Column("text", LargeBinary, nullable=False),
)

summaries = Table(
    "summaries",
    metadata,
    Column("article_id", SafeText, primary_key=True),
    Column("version", SafeText, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
)

# Where each article was put. `seq` is the version that was placed, `revision` counts placements in the order they were
# made; `features` is what `stories.features.pack_features` makes.
placements = Table(
    "placements",
    metadata,
    Column("article_key", Integer, ForeignKey("articles.key", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, nullable=False, index=True),
    Column("revision", Integer, nullable=False, index=True),
    Column("event", SafeText, nullable=False, index=True),
    Column("storyline", SafeText, nullable=False, index=True),
    Column("features", LargeBinary, nullable=False),
)

digests = Table(
    "digests",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("destination", SafeText, nullable=False),
    # ISO 8601 in UTC.
    Column("made_at", String, nullable=False),
    Column("since_seq", Integer, nullable=False),
    Column("until_seq", Integer, nullable=False),
    Column("text", SafeText, nullable=False),
    # JSON: what was shown, merged and held back, by id and version.
    Column("contents", SafeText, nullable=False),
    Index("ix_digests_destination", "destination", "number"),
)

spending = Table(
    "spending",
    metadata,
    Column("day", String, primary_key=True),
    Column("tokens", Integer, nullable=False),
    Column("usd", Float, nullable=False),
)

replies = Table(
    "replies",
    metadata,
    Column("key", SafeText, primary_key=True),
    Column("reply", LargeBinary, nullable=False),
)

# One row a part of a message to a destination. Moments here are microseconds since 1970: they come back as they went.
outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    *_destination(),
    Column("batch", SafeText, nullable=False),
    Column("part", Integer, nullable=False),
    Column("parts", Integer, nullable=False),
    Column("payload", SafeText, nullable=False),
    Column("marker", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at_us", BigInteger),
    Column("last_at_us", BigInteger),
    Column("not_before_us", BigInteger),
    Column("message_id", SafeText),
    Column("reason", SafeText),
    UniqueConstraint("platform", "workspace", "channel", "batch", "part"),
    Index("ix_outbox_state", "state", "platform", "workspace", "channel", "number"),
    Index("ix_outbox_destination", "platform", "workspace", "channel", "number"),
)

# The slots whose digest is in the outbox.
slot_keys = Table("slot_keys", metadata, Column("slot_key", SafeText, primary_key=True))

schedules = Table(
    "schedules",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", SafeText, nullable=False, unique=True),
    *_destination(),
    # JSON: times, weekdays and what the digests hold.
    Column("body", SafeText, nullable=False),
    Index("ix_schedules_destination", "platform", "workspace", "channel"),
)

# The slots of a schedule that were enqueued, or missed.
slots = Table(
    "slots",
    metadata,
    Column("schedule_id", SafeText, primary_key=True),
    Column("at_us", BigInteger, primary_key=True),
    Column("missed", Boolean, nullable=False),
)

filters = Table(
    "filters",
    metadata,
    *_destination(primary_key=True),
    # JSON lists of words.
    Column("include", SafeText, nullable=False),
    Column("exclude", SafeText, nullable=False),
)

uses = Table(
    "uses",
    metadata,
    Column("caller_key", SafeText, primary_key=True),
    Column("day", String, primary_key=True),
    Column("uses", Integer, nullable=False),
)

votes = Table(
    "votes",
    metadata,
    *_destination(primary_key=True),
    Column("user", SafeText, primary_key=True),
    Column("subject", SafeText, primary_key=True),
    Column("vote", Integer, nullable=False),
)

# What a posted part says of one article: the version it says it of, as JSON how it says it, and as a JSON list what
# the article says differently since.
shown = Table(
    "shown",
    metadata,
    Column("post_id", String, primary_key=True),
    Column("article_id", SafeText, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("version", SafeText, nullable=False),
    Column("body", SafeText, nullable=False),
    Column("changes", SafeText, nullable=False),
    Column("changed_at_us", BigInteger),
    Index("ix_shown_article_id", "article_id"),
    Index("ix_shown_at_us", "at_us"),
)

# The edits of posts: one row a post, a new revision whenever something else is to be noted in it.
edits = Table(
    "edits",
    metadata,
    Column("post_id", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at_us", BigInteger),
    Column("not_before_us", BigInteger),
    Column("reason", SafeText),
    Index("ix_edits_state", "state"),
)

# Events of a platform that were answered: it may deliver them again, also to the next process.
events = Table(
    "events",
    metadata,
    Column("event_id", SafeText, primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Index("ix_events_at_us", "at_us"),
)

# The lines each channel was told, in the order they were told.
told = Table(
    "told",
    metadata,
    Column("number", Integer, primary_key=True),
    # The key of a destination.
    Column("channel", SafeText, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("event", SafeText, nullable=False),
    Column("storyline", SafeText, nullable=False),
    # When its digest was made, and that digest's last ingest sequence number.
    Column("at_us", BigInteger, nullable=False),
    Column("seq", Integer, nullable=False),
    # JSON: the line, its language, its story's headline and its citation.
    Column("line", SafeText, nullable=False),
    Index("ix_told_event", "channel", "event"),
    Index("ix_told_fingerprint", "channel", "fingerprint"),
    Index("ix_told_storyline", "channel", "storyline"),
)
