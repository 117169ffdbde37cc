"""Takes what is due out of the outbox and posts it: one part after the other, every destination on its own.

An attempt is written down before it is made and again when its outcome is known; what happens in between, a kill
included, leaves a post whose outcome is unknown, and such a post is looked for, never simply posted again.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.deliveries.alerting import Alerts, NotifyAdmin
from bot.deliveries.outbox import (
    LONGEST_ATTEMPT_S,
    LOOK_AGAIN_S,
    after_attempt,
    can_repeat_nonce,
    claimed,
    held_back,
    in_doubt,
)
from bot.deliveries.reconciling import resolve
from bot.deliveries.refusals import Refusals
from bot.errors import BotError
from bot.model import Platform, Post, PostState
from bot.ports import (
    Ambiguous,
    Clock,
    FindOutcome,
    Meter,
    Outbox,
    Posted,
    PostOutcome,
    Publisher,
    Refused,
    Simplifies,
    Unmetered,
    Unreadable,
)

log = structlog.get_logger()

PARALLEL_POSTS = 8
"""Destinations of one platform that are posted to at the same time."""

PARALLEL_LOOKS = 3
"""Histories of one platform that are read at the same time: reading is what platforms limit most."""

PASS_S = 20.0
"""One pass waits no longer; what is still under way then goes on beside the next passes."""

LEASE_S = 2 * LONGEST_ATTEMPT_S
"""A post that is being sent for longer than this, and not by us, was left behind: its outcome is unknown."""

CLAIM_S = LONGEST_ATTEMPT_S / 2
"""A claim older than this is renewed before the post is sent: whoever takes over waits longer for its end."""

DRAIN_S = 20.0

_SIBLINGS = 50
"""How many of a destination's latest posts are looked at to tell the parts of a message apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What one pass did: posts by the state they came to, and how many were still under way when it ended."""

    sent: int = 0
    waiting: int = 0
    unknown: int = 0
    parked: int = 0
    dead: int = 0
    under_way: int = 0


class Deliverer:
    """Posts what is due. One object serves all platforms; several passes may run at the same time.

    `notify_admin` is called once for each thing that a person has to know: a channel or workspace that refuses, a post
    that can't be posted or must be decided about.
    """

    def __init__(
        self,
        outbox: Outbox,
        publishers: Mapping[Platform, Publisher],
        clock: Clock,
        *,
        refusals: Refusals | None = None,
        notify_admin: NotifyAdmin | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self._outbox = outbox
        self._publishers = publishers
        self._clock = clock
        self._refusals = refusals or Refusals()
        self._alerts = Alerts(clock, notify_admin)
        self._posting: dict[asyncio.Task[Post | None], Post] = {}
        self._looking: dict[asyncio.Task[Post | None], Post] = {}
        self._passes: set[asyncio.Task[DeliveryReport]] = set()
        self._unreadable: dict[str, datetime] = {}
        self._draining = False

    async def recover(self) -> None:
        """Call once, before the first pass: what a dead process was sending has an unknown outcome.

        One that was only cut off may still be sending: what it does not know any more is found out like any other.
        """
        now = self._clock.now()
        for post in await self._posts_being_sent():
            doubtful = in_doubt(post, "the program ended while this was being posted", look_at=now)
            await self._outbox.update(doubtful, expected=PostState.SENDING)

    async def deliver_due(self) -> DeliveryReport:
        """Make one pass over every platform and return what came of it; a failing destination holds up no other.

        Raises: Unavailable when the outbox itself does not answer.
        """
        one_pass = asyncio.create_task(self._pass())
        self._passes.add(one_pass)
        one_pass.add_done_callback(self._pass_ended)
        # A caller that is cancelled must not leave a claim behind that nobody acts upon.
        return await asyncio.shield(one_pass)

    async def drain(self, *, timeout_s: float = DRAIN_S) -> bool:
        """Begin nothing new and let what is under way end; return whether it did within the time.

        What did not is left as it is written down, being sent, and looked for after the next start.
        """
        self._draining = True
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + timeout_s
        # Again and again: a pass that was claiming posts starts on them while the others end.
        while running := {*self._passes, *self._posting, *self._looking, *self._alerts.under_way}:
            if loop.time() >= ends_at:
                return False
            await asyncio.wait(running, timeout=ends_at - loop.time())
        return True

    def _pass_ended(self, one_pass: asyncio.Task[DeliveryReport]) -> None:
        self._passes.discard(one_pass)
        if not one_pass.cancelled():
            # Asked for, so that an error is not reported as forgotten when the caller was cancelled.
            one_pass.exception()

    async def _pass(self) -> DeliveryReport:
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + PASS_S
        tally: Counter[PostState] = Counter()
        running: set[asyncio.Task[Post | None]] = set()
        await self._doubt_left_behind()
        while not self._draining:
            for platform, publisher in self._publishers.items():
                if self._refusals.is_resting(platform, self._clock.now()):
                    continue
                running |= await self._start_looks(platform, publisher)
                running |= await self._start_posts(platform, publisher)
            if not running or loop.time() >= ends_at:
                break
            done, running = await asyncio.wait(
                running, timeout=max(ends_at - loop.time(), 0), return_when=asyncio.FIRST_COMPLETED
            )
            tally.update(post.state for post in map(_result, done) if post is not None)
        return DeliveryReport(
            sent=tally[PostState.SENT],
            waiting=tally[PostState.PENDING],
            unknown=tally[PostState.UNKNOWN],
            parked=tally[PostState.PARKED],
            dead=tally[PostState.DEAD],
            under_way=len(running),
        )

    async def _doubt_left_behind(self) -> None:
        now = self._clock.now()
        ours = {post.id for post in self._posting.values()}
        for post in await self._posts_being_sent():
            expired = post.last_at is None or now - post.last_at > timedelta(seconds=LEASE_S)
            if expired and post.id not in ours:
                doubtful = in_doubt(post, "nobody saw the end of the attempt", look_at=now)
                await self._outbox.update(doubtful, expected=PostState.SENDING)

    async def _posts_being_sent(self) -> list[Post]:
        """Return those of our platforms: another process may have the others."""
        posts = await self._outbox.posts_in(PostState.SENDING)
        return [post for post in posts if post.destination.platform in self._publishers]

    async def _start_posts(self, platform: Platform, publisher: Publisher) -> set[asyncio.Task[Post | None]]:
        free = PARALLEL_POSTS - _count(self._posting, platform)
        if free <= 0:
            return set()
        posts = await self._outbox.claim(platform, self._clock.now(), limit=free)
        return {self._start(self._posting, post, self._post_claimed(publisher, post)) for post in posts}

    async def _start_looks(self, platform: Platform, publisher: Publisher) -> set[asyncio.Task[Post | None]]:
        now = self._clock.now()
        unknown = await self._outbox.posts_in(PostState.UNKNOWN, platform=platform)
        looked_for = {post.id for post in self._looking.values()}
        free = PARALLEL_LOOKS - _count(self._looking, platform)
        due = [post for post in unknown if post.id not in looked_for and not _waits(post, now)]
        due.sort(key=lambda post: post.not_before or now)
        return {self._start(self._looking, post, self._clear_up(publisher, post)) for post in due[: max(free, 0)]}

    def _start(
        self,
        running: dict[asyncio.Task[Post | None], Post],
        post: Post,
        work: Coroutine[Any, Any, Post | None],
    ) -> asyncio.Task[Post | None]:
        task = asyncio.create_task(work)
        running[task] = post

        def ended(ended_task: asyncio.Task[Post | None]) -> None:
            running.pop(ended_task, None)
            _log_failure(ended_task, post)

        task.add_done_callback(ended)
        return task

    async def _post_claimed(self, publisher: Publisher, post: Post) -> Post | None:
        """Make the attempt that was claimed, or put it back when its workspace has been stopped meanwhile."""
        stopped = self._alerts.stopped_until(post.destination)
        if stopped is not None:
            until, reason = stopped
            kept = held_back(post, reason, self._clock.now(), until=until)
            return await self._store(post, kept, expected=PostState.SENDING)
        if not await self._is_still_ours(post):
            return None
        outcome = await self._attempt(publisher, post)
        result = after_attempt(post, outcome, self._clock.now(), plainer=_simpler(publisher, post, outcome))
        return await self._store(post, result, expected=PostState.SENDING, outcome=outcome)

    async def _is_still_ours(self, post: Post) -> bool:
        """Return whether a claim may be acted upon; one that lay for long, as where a machine slept, is renewed first.

        Another process may have found it left behind meanwhile, and may be posting it.
        """
        now = self._clock.now()
        if post.last_at is not None and timedelta(0) <= now - post.last_at < timedelta(seconds=CLAIM_S):
            return True
        return await self._outbox.update(replace(post, last_at=now), expected=PostState.SENDING)

    async def _clear_up(self, publisher: Publisher, post: Post) -> Post | None:
        """Find out what became of a post: by repeating its nonce while that is safe, else by the channel's history."""
        began = self._clock.now()
        if can_repeat_nonce(post, began) and self._alerts.stopped_until(post.destination) is None:
            post = claimed(post, began)
            if not await self._outbox.update(post, expected=PostState.UNKNOWN):
                return None
            outcome = await self._attempt(publisher, post)
            result = after_attempt(post, outcome, self._clock.now())
            return await self._store(post, result, expected=PostState.UNKNOWN, outcome=outcome)
        found = await self._without_siblings(post, await _look(publisher, post))
        # What the history shows holds for when the reading began.
        result = resolve(post, found, began, unreadable_since=self._unreadable_since(post, found, began))
        return await self._store(post, result, expected=PostState.UNKNOWN)

    def _unreadable_since(self, post: Post, found: FindOutcome, now: datetime) -> datetime | None:
        if isinstance(found, Unreadable):
            return self._unreadable.setdefault(post.id, now)
        self._unreadable.pop(post.id, None)
        return None

    async def _without_siblings(self, post: Post, found: FindOutcome) -> FindOutcome:
        """Return what was found, unless it is a message that another post already is."""
        if not isinstance(found, Posted):
            return found
        others = await self._outbox.posts_of(post.destination, limit=_SIBLINGS)
        if any(other.message_id == found.message_id and other.id != post.id for other in others):
            return Unreadable(reason="its channel shows another part of the same message in its place")
        return found

    async def _store(
        self, before: Post, after: Post, *, expected: PostState, outcome: PostOutcome | None = None
    ) -> Post | None:
        if not await self._outbox.update(after, expected=expected):
            log.warning("a post was changed by somebody else", post=after.id, state=after.state.value)
            return None
        self._alerts.note(before, after, outcome)
        return after

    async def _attempt(self, publisher: Publisher, post: Post) -> PostOutcome:
        """Return the outcome of one attempt; a failure that the publisher did not foresee leaves it unknown."""
        began = time.perf_counter()
        try:
            outcome = await publisher.post(post)
        except Exception as error:
            log.exception("a publisher failed", platform=publisher.platform, post=post.id)
            return Ambiguous(reason=f"the attempt failed ({type(error).__name__})")
        self._meter.posted(publisher.platform, type(outcome).__name__.lower(), time.perf_counter() - began)
        self._refusals.count(publisher.platform, outcome, self._clock.now())
        return outcome


async def _look(publisher: Publisher, post: Post) -> FindOutcome:
    try:
        return await publisher.find(post)
    except Exception as error:
        log.exception("a publisher failed", platform=publisher.platform, post=post.id)
        return Unreadable(reason=f"its channel could not be read ({type(error).__name__})")


def _simpler(publisher: Publisher, post: Post, outcome: PostOutcome) -> str | None:
    if not (isinstance(outcome, Refused) and outcome.scope == "format" and isinstance(publisher, Simplifies)):
        return None
    try:
        return publisher.simplify(post.payload)
    except Exception:
        log.exception("a publisher failed", platform=publisher.platform, post=post.id)
        return None


def _waits(post: Post, now: datetime) -> bool:
    """Return whether it is too early to look; a moment too far ahead is that of a clock set back since."""
    return post.not_before is not None and timedelta(0) < post.not_before - now <= timedelta(seconds=LOOK_AGAIN_S[1])


def _count(running: Mapping[asyncio.Task[Post | None], Post], platform: Platform) -> int:
    return sum(post.destination.platform == platform for post in running.values())


def _result(task: asyncio.Task[Post | None]) -> Post | None:
    """Return what came of a post, None when its task failed; that is in the log."""
    return None if task.cancelled() or task.exception() is not None else task.result()


def _log_failure(task: asyncio.Task[Post | None], post: Post) -> None:
    error = None if task.cancelled() else task.exception()
    if isinstance(error, BotError):
        log.error(str(error), post=post.id)
    elif error is not None:
        log.error("a delivery failed", post=post.id, exc_info=error)
