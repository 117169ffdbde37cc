"""What becomes of a post after each thing that happens to it: a state machine, pure.

PENDING -> SENDING -> SENT | UNKNOWN | DEAD; UNKNOWN -> SENT | PENDING | PARKED. A post goes out again only when nothing
of it can be there: the platform said no to every attempt, or its history proved that it is not there. What an answer
says holds for its own attempt only: after an attempt of unknown outcome, a refusal of the next one proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.model import Destination, Post, PostState
from bot.ports import Ambiguous, Clock, Limited, Posted, PostOutcome, Refused

LONGEST_ATTEMPT_S = 60.0
"""No attempt runs longer than this: the publishers' own time-outs are shorter."""

NONCE_WINDOW_S = 60.0
"""So long after the first attempt Discord surely still knows its nonce ("the past few minutes", its reference says)."""

GIVE_UP_S = 3 * 24 * 3600.0
"""A post that could not go out for three days is news no more; it stays visible and can be posted by hand."""

SHORTEST_LIMIT_S = 1.0
"""A platform that says "not now" without saying how long is asked again after this."""

REFUSED_AGAIN_S = (15 * 60.0, 6 * 3600.0)
"""Shortest and longest wait after a refusal by a channel or workspace: people have to mend it."""

LONGEST_WAIT_S = 2 * REFUSED_AGAIN_S[1]
"""Nobody is made to wait longer than this: a moment further ahead is that of a clock that was set back since."""

LOOK_AGAIN_S = (5.0, 300.0)
"""Shortest and longest wait before the history is read again for a post of unknown outcome."""

_ID_BYTES = 12
_MARKER_BYTES = 5
_NONCES_KNOWN_BY = ("discord",)

SIMPLIFIED = "sent again without layout"
BY_HAND = "marked as posted by hand"


def posts_of_message(payloads: Sequence[str], destination: Destination, *, batch: str, clock: Clock) -> list[Post]:
    """Return one post for each payload, due now; the same batch and destination always give the same ids and nonces.

    Parts count from 1. Every payload holds the marker that `marker_of` gives for this batch.
    """
    ids = [_digest(destination, batch, str(part), size=_ID_BYTES) for part in range(1, len(payloads) + 1)]
    return [
        Post(
            id=post_id,
            destination=destination,
            batch=batch,
            part=part,
            parts=len(payloads),
            payload=payload,
            marker=marker_of(destination, batch=batch),
            nonce=post_id,
            not_before=clock.now(),
        )
        for part, (post_id, payload) in enumerate(zip(ids, payloads, strict=True), start=1)
    ]


def marker_of(destination: Destination, *, batch: str) -> str:
    """Return the short text that stands visibly in every part of this message: 10 hexadecimal digits."""
    return _digest(destination, batch, "marker", size=_MARKER_BYTES)


def claimed(post: Post, now: datetime) -> Post:
    """Return the post as it must be stored before its next attempt begins.

    `first_at` becomes the moment it was first due: no later than its first attempt, so that what is measured from it
    errs on the safe side however long it stood in the queue.
    """
    return replace(
        post,
        state=PostState.UNKNOWN if post.state is PostState.UNKNOWN else PostState.SENDING,
        attempts=post.attempts + 1,
        first_at=post.first_at or min(post.not_before or now, now),
        last_at=now,
        not_before=None,
    )


def after_attempt(post: Post, outcome: PostOutcome, now: datetime, *, plainer: str | None = None) -> Post:
    """Return the post after an attempt that ended `now`; it was SENDING, or UNKNOWN when it repeated its nonce.

    `plainer` is the same text in the platform's simplest form: after a refusal of the format it goes out once in that.
    """
    # Repeated attempts come ever more rarely, counted from the first one. What a first attempt took is the machine's
    # time, which the clock may not tell: one that jumped meanwhile would put the first look off to the longest wait.
    began = post.first_at if post.state is PostState.UNKNOWN else now
    post = replace(post, last_at=now)
    if isinstance(outcome, Posted):
        return sent(post, outcome)
    if post.state is PostState.UNKNOWN or isinstance(outcome, Ambiguous):
        return in_doubt(post, _reason_of(outcome), look_at=look_again_at(began or now, now))
    if isinstance(outcome, Limited):
        wait_s = max(outcome.retry_after_s, SHORTEST_LIMIT_S)
        return _waiting(post, _reason_of(outcome), now, wait_s=wait_s)
    if outcome.scope == "format":
        is_simplified = post.reason is not None and post.reason.startswith(SIMPLIFIED)
        if plainer is not None and plainer != post.payload and not is_simplified:
            reason = f"{SIMPLIFIED}: {outcome.reason}"
            return replace(post, state=PostState.PENDING, payload=plainer, not_before=None, reason=reason)
        return replace(post, state=PostState.DEAD, not_before=None, reason=outcome.reason)
    return _waiting(post, outcome.reason, now, wait_s=_refused_wait_s(post, now))


def sent(post: Post, posted: Posted) -> Post:
    """Return the post as one the platform has."""
    reason = "posted, then deleted there" if posted.deleted else None
    return replace(post, state=PostState.SENT, message_id=posted.message_id, not_before=None, reason=reason)


def in_doubt(post: Post, reason: str, *, look_at: datetime) -> Post:
    """Return the post as one that may or may not be there: it is looked for before anything else happens to it."""
    first_at = post.first_at or min(post.not_before or look_at, look_at)
    return replace(
        post,
        state=PostState.UNKNOWN,
        first_at=first_at,
        last_at=post.last_at or look_at,
        not_before=look_at,
        reason=reason,
    )


def look_again_at(last_at: datetime, now: datetime) -> datetime:
    """Return when to look for it again: soon after the attempt, then ever more rarely."""
    shortest_s, longest_s = LOOK_AGAIN_S
    elapsed_s = (now - last_at).total_seconds()
    return now + timedelta(seconds=min(max(elapsed_s, shortest_s), longest_s))


def held_back(post: Post, reason: str, now: datetime, *, until: datetime) -> Post:
    """Return a claimed post as one that waits: its workspace is stopped, so no attempt was made."""
    return _waiting(post, reason, now, wait_s=max((until - now).total_seconds(), SHORTEST_LIMIT_S))


def post_again(post: Post) -> Post:
    """Return a parked or dead post as a fresh one, because a person saw that it is not there."""
    return replace(post, state=PostState.PENDING, attempts=0, first_at=None, last_at=None, not_before=None, reason=None)


def settle(post: Post) -> Post:
    """Return a parked or dead post as posted, because a person saw that it is there or wants it left."""
    return replace(post, state=PostState.SENT, not_before=None, reason=BY_HAND)


def can_repeat_nonce(post: Post, now: datetime) -> bool:
    """Return whether the platform surely answers a repeated attempt with the post it has instead of a second one."""
    if post.destination.platform not in _NONCES_KNOWN_BY or post.first_at is None:
        return False
    return 0 <= (now - post.first_at).total_seconds() <= NONCE_WINDOW_S


def is_given_up(post: Post, now: datetime) -> bool:
    """Return whether the post has been tried for so long that only a person can still want it out."""
    return post.first_at is not None and (now - post.first_at).total_seconds() > GIVE_UP_S


def _waiting(post: Post, reason: str, now: datetime, *, wait_s: float) -> Post:
    if is_given_up(post, now):
        return replace(post, state=PostState.DEAD, not_before=None, reason=f"given up: {reason}")
    return replace(post, state=PostState.PENDING, not_before=now + timedelta(seconds=wait_s), reason=reason)


def _refused_wait_s(post: Post, now: datetime) -> float:
    """Return seconds to wait: as long again as it has been tried already, within the limits."""
    shortest_s, longest_s = REFUSED_AGAIN_S
    tried_s = 0.0 if post.first_at is None else (now - post.first_at).total_seconds()
    return min(max(tried_s, shortest_s), longest_s)


def _reason_of(outcome: Ambiguous | Limited | Refused) -> str:
    if isinstance(outcome, Limited):
        return f"the platform asked to wait {outcome.retry_after_s:.0f} s"
    return outcome.reason


def _digest(destination: Destination, *names: str, size: int) -> str:
    text = "\x00".join((destination.key, *names))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
