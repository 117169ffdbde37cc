"""Messages on their way out: the platforms that take them, and the outbox that knows where each one is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a message tells: the digest, its text, and under which name the archive keeps how far was told."""

    cursor: str
    digest: Digest
    text: str


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
