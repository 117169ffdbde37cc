"""What a command is given beside its arguments: who asks, what it may read, and what it is allowed to cost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.commands.gathering import EnsureWritten, NewsArchive, WriteStories
from bot.digests.composing import Size
from bot.model import Answer, Caller
from bot.ports import Clock, Corrections, Desk, EditionBook, FeedBook, LedgerOfSpend, Meter, Outbox, Unmetered, WorkBook

if TYPE_CHECKING:
    from bot.answers.answering import Gathered

ReadFile = Callable[[str], Awaitable[str]]
"""Reads a file of the watched folder, by its path inside it, as text. Raises: NotFound, BadArticle."""

WriteAnswer = Callable[["Gathered", Answer], Awaitable[Answer]]
"""Has an LLM write the answer to what was gathered, proved; what fails is the extracted answer with a note."""


class ArchiveWithLedger(NewsArchive, LedgerOfSpend, EditionBook, Protocol):
    """One object that is the archive, its stories, what was told of it and when, and the ledger of spending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLimits:
    """Uses a day (UTC) of what may cost money, and how many answers a channel may be shown; schedules a channel."""

    uses_a_user: int = 30
    uses_a_channel: int = 200
    shares_a_channel: int = 100
    schedules_a_channel: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One call. `caller.is_admin` is what the platform's server said about this very call.

    `collections` are those this workspace may see (None: all; "" is the top of the folder); whatever lies elsewhere
    does not exist for it. `zone` is the IANA zone of schedules that name none. `max_usd_per_day` is None when no LLM
    is configured. `read_file` is None where the folder can't be reached. `earlier` are the questions asked before in
    the same conversation, oldest first.
    """

    caller: Caller
    archive: ArchiveWithLedger
    desk: Desk
    outbox: Outbox
    clock: Clock
    limits: CommandLimits = field(default_factory=CommandLimits)
    collections: tuple[str, ...] | None = None
    size: Size = field(default_factory=lambda: Size(max_articles=8, max_chars=6_000))
    zone: str = "UTC"
    max_usd_per_day: float | None = None
    ensure_written: EnsureWritten | None = None
    write_stories: WriteStories | None = None
    write_answer: WriteAnswer | None = None
    read_file: ReadFile | None = None
    corrections: Corrections | None = None
    earlier: tuple[str, ...] = ()
    meter: Meter = field(default_factory=Unmetered)
    feeds: FeedBook | None = None
    work: WorkBook | None = None


class Services(Protocol):
    """What a platform needs of the rest: the context of each call. The app builds it."""

    def context(self, caller: Caller) -> Context:
        """Return the context for this caller; cheap, called once a command or button."""
        ...
