"""What the rooms need from outside, as small Protocols; storage and llm implement them, app wires them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from bot.errors import Unavailable
from bot.model import (
    Article,
    Destination,
    Digest,
    FileRecord,
    FileState,
    Hit,
    Message,
    Platform,
    Post,
    PostState,
    Schedule,
    Summary,
)


class Clock(Protocol):
    """Tells the time; tests put their own in."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFacts:
    """What an archive holds: `articles` counts copies too, `duplicates` only them, sizes are in bytes.

    `generation` names this life of the archive: another one means that it was restored from a backup.
    """

    place: str
    files: dict[FileState, int]
    articles: int
    duplicates: int
    last_seq: int
    last_digest_at: datetime | None
    last_digest_to: str | None
    schema_version: str
    generation: str
    size_bytes: int
    sqlite_version: str


class Archive(Protocol):
    """Keeps files, articles, summaries and digests. One process writes at a time.

    Every write method is one transaction: after it returns the rows survive a crash, before it none of them does.
    Raises: Unavailable when the database refuses (disk full, locked); nothing that was acknowledged is lost.
    """

    async def known_files(self) -> dict[bytes, FileRecord]:
        """Return every file of the folder that was ever seen and is not gone, by path."""
        ...

    async def count_files(self) -> dict[FileState, int]:
        """Return how many files are in each state."""
        ...

    async def files_in(self, state: FileState, *, limit: int) -> list[FileRecord]:
        """Return files in this state, by path, at most `limit`."""
        ...

    async def seq_at(self, moment: datetime) -> int:
        """Return the highest ingest sequence number given at or before this moment, 0 when there is none."""
        ...

    async def save_files(self, records: Sequence[FileRecord]) -> None:
        """Insert or replace what is known of these files, as one transaction."""
        ...

    async def save_articles(
        self, records: Sequence[FileRecord], articles: Sequence[Article], summaries: Sequence[Summary]
    ) -> list[Article]:
        """Store files, their articles and summaries as one transaction; return the articles as stored.

        A stored article has its `ingested_seq` (1, 2, ...: one number for each new article or new version, never
        reused) and its `duplicate_of`. Saving the same version twice changes nothing but the path (idempotent).
        An article whose id is alive at another path with other content gets a new id; one whose content is that of
        an article whose file is gone takes over that article's id (a rename).
        """
        ...

    async def article(self, article_id: str) -> Article | None:
        """Return the current version of one article."""
        ...

    async def articles(self, article_ids: Sequence[str]) -> list[Article]:
        """Return the current versions of these articles, in the order asked; unknown ids are left out."""
        ...

    async def heads_between(self, since_seq: int, until_seq: int) -> list[Article]:
        """Return what `articles_between` does without bodies, sentences and removed lines: cheap for thousands."""
        ...

    async def articles_between(self, since_seq: int, until_seq: int) -> list[Article]:
        """Return current versions with `since_seq < ingested_seq <= until_seq`, in that order."""
        ...

    async def summaries_of(self, articles: Sequence[Article]) -> dict[str, Summary]:
        """Return the stored summary of each of these versions, by article id; absent ones are left out."""
        ...

    async def save_summaries(self, summaries: Sequence[Summary]) -> None:
        """Insert or replace summaries, as one transaction."""
        ...

    async def last_seq(self) -> int:
        """Return the highest ingest sequence number given so far, 0 when there is none."""
        ...

    async def digest_cursor(self, destination: str) -> int:
        """Return `until_seq` of the last digest delivered to this destination, 0 when there was none."""
        ...

    async def last_digest_at(self, destination: str) -> datetime | None:
        """Return when the last digest was delivered to this destination (UTC), or None."""
        ...

    async def save_digest(self, destination: str, digest: Digest, text: str) -> None:
        """Record that this digest was delivered to this destination, moving its cursor; atomic."""
        ...

    async def search(self, words: str, *, limit: int) -> list[Hit]:
        """Return articles that match, best first. Any text is a valid query: operators in it mean nothing."""
        ...

    async def files_read_in_part(self, *, limit: int) -> list[FileRecord]:
        """Return files that were read except for some of their items, with the reason, by path, at most `limit`."""
        ...

    async def archive_facts(self) -> ArchiveFacts:
        """Return what the archive holds, in numbers, as of one moment."""
        ...

    async def back_up(self, target: Path) -> None:
        """Write a complete copy of the archive to a new file while others go on reading and writing.

        Raises: Misconfigured when the target exists or can't be written.
        """
        ...


class SummaryWriter(Protocol):
    """Writes a summary of one article by means that may fail (an LLM)."""

    async def write(self, article: Article, *, bullets: int) -> Summary:
        """Return a summary whose bullets cite sentences and have passed the proof.

        Raises: Unavailable when no usable summary could be had (down, slow, refused, over budget, bad JSON twice).
        """
        ...


class LedgerOfSpend(Protocol):
    """Counts what the LLM costs a day; a call is reserved before it is made, so caps hold under concurrency."""

    async def reserve(self, day: str, tokens: int, usd: float, *, max_tokens: int, max_usd: float) -> bool:
        """Add to the day (UTC, YYYY-MM-DD) and return True, or return False and add nothing if a cap would break."""
        ...

    async def settle(self, day: str, tokens: int, usd: float) -> None:
        """Add the difference between what a call cost and what was reserved for it (may be negative)."""
        ...

    async def spent(self, day: str) -> tuple[int, float]:
        """Return (tokens, US dollars) reserved or spent on that day."""
        ...


class ReplyCache(Protocol):
    """Keeps LLM replies by a key over content, prompt and model, so that nothing is paid for twice."""

    async def cached_reply(self, key: str) -> str | None:
        """Return the reply stored under this key."""
        ...

    async def cache_reply(self, key: str, reply: str) -> None:
        """Store a reply; storing the same key again replaces it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of a conversation with a language model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model answered: `data` is the JSON object found in `text`, None when there is none.

    The token counts are the server's; None when it does not count. `model` is the name that the server gives itself.
    """

    text: str
    data: dict[str, object] | None
    finish: Literal["complete", "truncated", "refused"]
    model: str
    tokens_in: int | None = None
    tokens_out: int | None = None


class NoAnswer(Unavailable):
    """The request was sent but no answer came back: the provider may still charge for it."""


class ChatModel(Protocol):
    """A language model behind some server; one call is one request, never retried."""

    @property
    def model(self) -> str:
        """The configured name of the model."""
        ...

    async def complete(
        self, messages: Sequence[ChatMessage], *, schema: Mapping[str, object], max_tokens: int
    ) -> Reply:
        """Return the model's reply, asked to fit this JSON schema; whether it does is for the caller to check.

        Ends within the model's own time-out. Raises: NoAnswer when the request may have been charged, Unavailable
        when it was not. A refused or truncated reply is returned, since it was paid for.
        """
        ...


class PromptBook(Protocol):
    """The prompt templates, checked when they were loaded."""

    def render(self, task: str, values: Mapping[str, object]) -> list[ChatMessage]:
        """Return the messages of this task with the values filled in; the values are data, never templates."""
        ...

    def fingerprint(self, *tasks: str) -> str:
        """Return a hash over the templates of these tasks; it changes whenever one of them is edited."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """The platform has it. `deleted` says that somebody took it away again."""

    message_id: str
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguous:
    """Nobody knows whether the platform has it: time-out, reset, 5xx."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """Not now; nothing was posted by this attempt."""

    retry_after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """No: nothing was posted by this attempt. `scope` says what it means for other posts there."""

    reason: str
    scope: Literal["format", "channel", "workspace"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """The channel's history was read to the end and does not hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """The history can't prove anything: no permission, not all pages, none of our known messages in sight."""

    reason: str


PostOutcome = Posted | Ambiguous | Limited | Refused
FindOutcome = Posted | Absent | Unreadable


class Publisher(Protocol):
    """Posts to one platform through its real client. It never retries by itself: the outbox decides.

    No method raises for what a platform may answer; everything is an outcome.
    """

    @property
    def platform(self) -> Platform:
        """Which platform this is."""
        ...

    def render(self, message: Message, *, marker: str) -> list[str]:
        """Return the message as JSON bodies, in order, each within the platform's limits and holding the marker."""
        ...

    async def post(self, post: Post) -> PostOutcome:
        """Make one attempt; it ends within the publisher's own time-out."""
        ...

    async def find(self, post: Post) -> FindOutcome:
        """Look for the post in its channel's history, from ten minutes before its first attempt on."""
        ...

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        """Replace the content of a post that was sent."""
        ...


class Outbox(Protocol):
    """Keeps posts; every method is one transaction, committed with FULL sync before it returns."""

    async def enqueue(self, posts: Sequence[Post], *, slot_key: str | None = None) -> bool:
        """Add the parts of one message as PENDING; return False and add nothing when `slot_key` was used before."""
        ...

    async def claim(self, platform: Platform, now: datetime, *, limit: int) -> list[Post]:
        """Move PENDING posts that are due (`not_before`) to SENDING, counting the attempt, and return them.

        A part is claimed only when the parts before it are SENT, and one part of a destination at a time.
        """
        ...

    async def update(self, post: Post, *, expected: PostState) -> bool:
        """Replace a post if its stored state is `expected` (compare and set); return whether it was."""
        ...

    async def posts_in(self, state: PostState, *, platform: Platform | None = None) -> list[Post]:
        """Return the posts in this state, oldest first."""
        ...

    async def posts_of(self, destination: Destination, *, limit: int) -> list[Post]:
        """Return the latest posts of one destination, newest first."""
        ...

    async def post(self, post_id: str) -> Post | None:
        """Return one post."""
        ...


class Desk(Protocol):
    """Keeps what people set up in their channels. Every row belongs to one workspace; no query crosses it."""

    async def schedules(self, destination: Destination | None = None) -> list[Schedule]:
        """Return the schedules of one destination, or all of them, oldest first."""
        ...

    async def save_schedule(self, schedule: Schedule) -> None:
        """Insert or replace a schedule."""
        ...

    async def remove_schedule(self, destination: Destination, schedule_id: str) -> bool:
        """Remove a schedule of this destination; return whether it was there."""
        ...

    async def filters(self, destination: Destination) -> ChannelFilter:
        """Return the filter of a destination; an empty one when none was set."""
        ...

    async def save_filters(self, destination: Destination, filters: ChannelFilter) -> None:
        """Replace the filter of a destination."""
        ...

    async def count_use(self, caller_key: str, day: str, *, limit: int) -> bool:
        """Count one use on this UTC day and return True, or return False and count nothing when `limit` is reached."""
        ...

    async def save_vote(self, destination: Destination, user: str, subject: str, vote: int) -> None:
        """Keep a reader's thumb (+1, -1) on something; a second one replaces the first."""
        ...

    async def slot_told(self, schedule_id: str) -> datetime | None:
        """Return the moment of the last slot of this schedule that was enqueued or passed over, or None."""
        ...

    async def mark_slot(self, schedule_id: str, slot_at: datetime, *, missed: bool) -> bool:
        """Write a slot down as enqueued or missed; return False when it was written down before."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFilter:
    """Words and sources a channel wants (empty: all) and does not want."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
