"""Decides about a post of unknown outcome by what its channel's history shows. Pure.

Seen there, it is sent. Not seen there proves something only once every attempt has surely ended and the platform had
time to show it. What can't be proved either way is parked for a person: posting it again might double it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.deliveries.outbox import LONGEST_ATTEMPT_S, is_given_up, look_again_at, sent
from bot.model import Post, PostState
from bot.ports import Absent, FindOutcome, Posted

ABSENCE_S = 120.0
"""An accepted post shows in the history well before this many seconds after its attempt ended."""

PATIENCE_S = 30 * 60.0
"""A history that can't be read may be an outage: a person is asked only when it lasts this long."""


def resolve(post: Post, found: FindOutcome, now: datetime, *, unreadable_since: datetime | None = None) -> Post:
    """Return the post after a look into the history at `now`: SENT, PENDING, PARKED, or UNKNOWN until the next look.

    `unreadable_since` is when the history was first found unreadable, when that is known: patience counts from then,
    or else the first hiccup after a night's downtime would park what the next look would find.
    """
    if isinstance(found, Posted):
        return sent(post, found)
    last_at = post.last_at or now
    if isinstance(found, Absent):
        proves_at = absence_counts_at(post, now)
        if now < proves_at:
            # Looking in between finds a post that is there all the sooner.
            return replace(post, not_before=min(look_again_at(last_at, now), proves_at))
        if is_given_up(post, now):
            return replace(post, state=PostState.DEAD, not_before=None, reason=f"given up: {post.reason}")
        return replace(post, state=PostState.PENDING, not_before=None, reason="proved not to be there")
    if (now - max(last_at, unreadable_since or last_at)).total_seconds() < PATIENCE_S:
        return replace(post, not_before=look_again_at(last_at, now), reason=found.reason)
    return replace(post, state=PostState.PARKED, not_before=None, reason=found.reason)


def absence_counts_at(post: Post, now: datetime) -> datetime:
    """Return from when on "not in the history" means "not posted".

    `last_at` is when the last attempt began if nobody saw its end: it may have run to its full length.
    """
    return (post.last_at or now) + timedelta(seconds=LONGEST_ATTEMPT_S + ABSENCE_S)
