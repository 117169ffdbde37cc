"""Messages on their way out: the platforms that take them, and the outbox that knows where each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from bot.model import Destination, Digest, Message, Platform, Post, PostState


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
    """Not now; nothing was posted by this attempt. With `everywhere` the platform means every call, not this one."""

    retry_after_s: float
    everywhere: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is noted in a posted message: the moment as it is shown, and what changed, in sentences without a stop.

    `anchor` is the action of a button under what it is about, `about` its headline, for where that button is not.
    """

    anchor: str
    about: str
    when: str
    changes: tuple[str, ...]


@runtime_checkable
class Simplifies(Protocol):
    """A publisher that can say the same in its platform's simplest form."""

    def simplify(self, payload: str) -> str:
        """Return a payload with the same text and no layout; one that is as simple already comes back as it is."""
        ...


@runtime_checkable
class Annotates(Protocol):
    """A publisher whose messages can be noted upon after they were posted."""

    def annotate(self, payload: str, notes: Sequence[Note]) -> str | None:
        """Return the payload with these notes, within the platform's limits; its own content, marker and buttons stay.

        Notes that do not fit are shortened; None when not even the shortest does. Annotating the same payload with the
        same notes always gives the same.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line as a message shows it, who it is ascribed to, and the passage of the article that it was made from."""

    text: str
    quote: str
    attribution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one posted part says of one article, so that it can be noted there when the article says otherwise.

    `version` is the version that was last compared with it, `changes` what that one says differently, since
    `changed_at`. `headline` is empty where the message's headline is another article's. `zone` is the message's.
    """

    post_id: str
    article_id: str
    version: str
    anchor: str
    about: str
    headline: str
    lines: tuple[ShownLine, ...]
    zone: str
    at: datetime
    changes: tuple[str, ...] = ()
    changed_at: datetime | None = None


class EditState(StrEnum):
    """Where the edit of a post is on its way. A made one becomes pending again when there is more to note."""

    PENDING = "pending"
    MADE = "made"
    GIVEN_UP = "given up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The edit of one post: that what changed is to be noted in it. `revision` counts what was to be noted."""

    post: Post
    revision: int = 1
    state: EditState = EditState.PENDING
    attempts: int = 0
    first_at: datetime | None = None
    not_before: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message tells: the digest, its text, and under which name the archive keeps how far was told.

    `shown` is what its parts say of which article.
    """

    cursor: str
    digest: Digest
    text: str
    shown: tuple[Shown, ...] = ()


class Outbox(Protocol):
    """Keeps posts; every method is one transaction, committed with FULL sync before it returns."""

    async def enqueue(self, posts: Sequence[Post], *, slot_key: str | None = None, told: Told | None = None) -> bool:
        """Add the parts of one message as PENDING; return False and add nothing when `slot_key` was used before.

        `told` is written down in the same transaction, as `Archive.save_digest` would: both are there, or neither.
        """
        ...

    async def claim(self, platform: Platform, now: datetime, *, limit: int) -> list[Post]:
        """Move PENDING posts that are due (`not_before`) to SENDING, counting the attempt, and return them.

        A part is claimed only when the parts before it are SENT, or DEAD and told so, and one part of a destination at
        a time.
        """
        ...

    async def update(self, post: Post, *, expected: PostState) -> bool:
        """Replace a post if its stored state is `expected` (compare and set); return whether it was.

        A result of an earlier attempt than the stored one is stale and refused.
        """
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

    async def prune_posts(self, *, before: datetime) -> int:
        """Forget messages all of whose parts were sent before this moment; return how many posts that were.

        Their slots stay used: enqueued again under the same key, nothing is added.
        """
        ...


class Corrections(Protocol):
    """Keeps what posted messages say of which article, and the edits they need; every method is one transaction."""

    async def outdated(self, *, since: datetime, limit: int) -> list[Shown]:
        """Return what was shown since then of articles that have another version now, oldest first.

        A deleted article has no other version: what was told of it stays.
        """
        ...

    async def compare(self, shown: Shown, *, edits: bool) -> None:
        """Keep up to which version this was compared and what changed; `edits` asks for (another) edit of its post."""
        ...

    async def shown_in(self, post_id: str) -> list[Shown]:
        """Return what one post says of which article, in the order of its items."""
        ...

    async def edits_due(self, platform: Platform, now: datetime, *, limit: int) -> list[Edit]:
        """Return pending edits of posts that are SENT, longest waiting first; none is due before its post is there."""
        ...

    async def edits_in(self, state: EditState, *, platform: Platform) -> list[Edit]:
        """Return the edits in this state, oldest post first."""
        ...

    async def update_edit(self, edit: Edit) -> bool:
        """Store what became of an edit, unless there is more to note by now; return whether it was stored."""
        ...

    async def prune_shown(self, *, before: datetime) -> None:
        """Forget what was shown before this moment and the edits of it: such posts are edited no more."""
        ...
