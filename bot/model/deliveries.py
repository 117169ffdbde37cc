"""Where it goes, for whom, when, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

Platform = Literal["discord", "slack", "web", "terminal"]
CatchUp = Literal["latest", "all", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where digests go: a channel of a workspace (guild, team) of a platform, by the platform's own ids."""

    platform: Platform
    workspace: str
    channel: str

    @property
    def key(self) -> str:
        """One text that names it, as the archive's cursors do."""
        return f"{self.platform}:{self.workspace}:{self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and where. `is_admin` is what the platform's server said, never what a client claims."""

    destination: Destination
    user: str
    is_admin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A standing order for digests. `weekdays` are 0 (Monday) to 6; `topics` are words, empty for everything."""

    id: str
    destination: Destination
    times: tuple[time, ...]
    weekdays: tuple[int, ...]
    zone: str
    topics: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    max_articles: int = 8
    says_quiet_days: bool = True
    catch_up: CatchUp = "latest"
    paused: bool = False
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One planned digest of a schedule: its local date and time of day, and the moment (UTC) that comes to."""

    schedule_id: str
    local_date: date
    local_time: time
    at: datetime


class PostState(StrEnum):
    """Where a post is on its way. UNKNOWN: the platform may or may not have it. PARKED: a person must decide."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    PARKED = "parked"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One part of one message on its way to one destination; one row of the outbox.

    `payload` is the frozen JSON body; `marker` stands visibly in it and `nonce` (25 characters at most) goes with it,
    so that the post can be found again. `batch` names the message that the parts belong to.
    """

    id: str
    destination: Destination
    batch: str
    part: int
    parts: int
    payload: str
    marker: str
    nonce: str
    state: PostState = PostState.PENDING
    attempts: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    not_before: datetime | None = None
    message_id: str | None = None
    reason: str | None = None
