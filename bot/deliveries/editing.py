"""Edits of posted messages: what an article says differently since is noted in the messages that told of it.

What is to be noted is written down before anything is sent, and comes from what was shown and what the article says
now alone: interrupted anywhere, it is done again with the same result. An edit replaces a message with the same
content and notes, so sending it twice harms nobody; therefore nothing is ever looked up, only tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.deliveries.alerting import NotifyAdmin
from bot.deliveries.changes import AS_BEFORE, find_changes
from bot.deliveries.noting import notes_of
from bot.deliveries.outbox import GIVE_UP_S, LONGEST_WAIT_S, REFUSED_AGAIN_S, SHORTEST_LIMIT_S
from bot.deliveries.refusals import Refusals
from bot.model import Destination, Platform
from bot.ports import (
    Ambiguous,
    Annotates,
    Archive,
    Clock,
    Corrections,
    Edit,
    EditState,
    Limited,
    Posted,
    PostOutcome,
    Publisher,
    Refused,
    Shown,
)

log = structlog.get_logger()

EDIT_DAYS = 14
"""Days for which a digest is kept true: older ones are read by nobody who would not open the article."""

COMPARED_AT_ONCE = 500
"""Showings compared in one pass; a folder whose every file changed takes several."""

PARALLEL_EDITS = 4
"""Messages of one platform edited at the same time, each in a channel of its own."""

EDITS_A_PASS = 40
"""Edits of one platform begun in one pass: Slack takes 50 a minute, Discord 5 in 5 seconds a channel."""

PASS_S = 5.0
"""One pass waits no longer; what is still under way then goes on beside the next passes."""

LOST_AGAIN_S = (15.0, 900.0)
"""Shortest and longest wait after an attempt that nobody saw the end of; doubled each time."""

_REFUSED = "A message here needs a correction, but can't be edited: {reason}. It is kept and tried again now and then."


class ArchiveWithCorrections(Archive, Corrections, Protocol):
    """One object that is the archive and knows what was shown of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReport:
    """What one pass did: messages edited, kept for later, and given up."""

    made: int = 0
    waiting: int = 0
    given_up: int = 0


def after_edit(edit: Edit, outcome: PostOutcome, now: datetime) -> Edit:
    """Return the edit after an attempt that ended `now`. Pure."""
    edit = replace(edit, attempts=edit.attempts + 1, first_at=edit.first_at or now, not_before=None)
    if isinstance(outcome, Posted):
        if outcome.deleted:
            return replace(edit, state=EditState.GIVEN_UP, reason="the message was deleted there")
        return replace(edit, state=EditState.MADE, reason=None)
    if isinstance(outcome, Refused) and outcome.scope == "format":
        return replace(edit, state=EditState.GIVEN_UP, reason=outcome.reason)
    tried_s = (now - (edit.first_at or now)).total_seconds()
    if isinstance(outcome, Limited):
        # Being told to wait is no failure: it is never given up for that alone.
        wait_s = max(outcome.retry_after_s, SHORTEST_LIMIT_S)
        return replace(edit, not_before=now + timedelta(seconds=wait_s), reason=f"asked to wait {wait_s:.0f} s")
    if tried_s > GIVE_UP_S:
        return replace(edit, state=EditState.GIVEN_UP, reason=f"given up: {outcome.reason}")
    shortest_s, longest_s = LOST_AGAIN_S if isinstance(outcome, Ambiguous) else REFUSED_AGAIN_S
    wait_s = min(max(tried_s, shortest_s), longest_s)
    return replace(edit, not_before=now + timedelta(seconds=wait_s), reason=outcome.reason)


def compared(shown: Shown, changes: tuple[str, ...], *, version: str, now: datetime) -> tuple[Shown, bool]:
    """Return what was shown after it was compared with a version, and whether its post has to be edited. Pure.

    What was noted and no longer holds is not taken away as if it had never stood there: the note says so.
    """
    if not changes and shown.changes:
        changes = (AS_BEFORE,)
    if changes == shown.changes:
        return replace(shown, version=version), False
    return replace(shown, version=version, changes=changes, changed_at=now), True


class Editor:
    """Notes in posted messages what changed since. One call of each method at a time; edits under way go on."""

    def __init__(
        self,
        archive: ArchiveWithCorrections,
        publishers: Mapping[Platform, Publisher],
        clock: Clock,
        *,
        refusals: Refusals | None = None,
        notify_admin: NotifyAdmin | None = None,
    ) -> None:
        self._archive = archive
        self._publishers = publishers
        self._clock = clock
        self._refusals = refusals or Refusals()
        self._notify_admin = notify_admin
        self._running: dict[asyncio.Task[Edit | None], Edit] = {}
        self._held: dict[tuple[Platform, str, str], datetime] = {}
        self._told: set[tuple[Destination, str]] = set()
        self._draining = False

    async def compare_all(self) -> int:
        """Compare what was shown in the last days with what its articles say now; return how many posts need an edit.

        Raises: Unavailable when the archive does not answer; what was compared until then stays compared.
        """
        now = self._clock.now()
        outdated = await self._archive.outdated(since=now - timedelta(days=EDIT_DAYS), limit=COMPARED_AT_ONCE)
        ids = list(dict.fromkeys(shown.article_id for shown in outdated))
        articles = {article.id: article for article in await self._archive.articles(ids)}
        posts: set[str] = set()
        for shown in outdated:
            article = articles.get(shown.article_id)
            if article is None or self._draining:
                continue
            changes = await asyncio.to_thread(find_changes, shown, article)
            result, edits = compared(shown, changes, version=article.version, now=now)
            await self._archive.compare(result, edits=edits)
            if edits:
                posts.add(shown.post_id)
        return len(posts)

    async def edit_due(self) -> EditReport:
        """Make one pass over every platform and return what came of it; a failing channel holds up no other."""
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + PASS_S
        results: list[Edit] = []
        begun: dict[Platform, int] = dict.fromkeys(self._publishers, 0)
        while not self._draining and loop.time() < ends_at:
            for platform, publisher in self._publishers.items():
                begun[platform] += await self._start(platform, publisher, most=EDITS_A_PASS - begun[platform])
            if not self._running:
                break
            done, _ = await asyncio.wait(
                self._running, timeout=max(ends_at - loop.time(), 0), return_when=asyncio.FIRST_COMPLETED
            )
            results.extend(edit for task in done if (edit := self._end(task)) is not None)
        states = [edit.state for edit in results]
        return EditReport(
            made=states.count(EditState.MADE),
            waiting=states.count(EditState.PENDING),
            given_up=states.count(EditState.GIVEN_UP),
        )

    async def drain(self, *, timeout_s: float) -> bool:
        """Begin nothing new and let what is under way end; return whether it did within the time."""
        self._draining = True
        if not self._running:
            return True
        _, unfinished = await asyncio.wait(self._running, timeout=timeout_s)
        return not unfinished

    async def _start(self, platform: Platform, publisher: Publisher, *, most: int) -> int:
        now = self._clock.now()
        busy = {edit.post.destination for edit in self._running.values()}
        free = min(PARALLEL_EDITS - sum(place.platform == platform for place in busy), most)
        if free <= 0 or self._refusals.is_resting(platform, now):
            return 0
        started = 0
        for edit in await self._archive.edits_due(platform, now, limit=COMPARED_AT_ONCE):
            place = edit.post.destination
            if started == free:
                break
            if place in busy or self._is_held(place, now):
                continue
            busy.add(place)
            started += 1
            self._running[asyncio.create_task(self._make(publisher, edit))] = edit
        return started

    def _end(self, task: asyncio.Task[Edit | None]) -> Edit | None:
        edit = self._running.pop(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("an edit failed; the next pass tries again", post=edit.post.id, cause=repr(error))
        return None if task.cancelled() or error is not None else task.result()

    async def _make(self, publisher: Publisher, edit: Edit) -> Edit | None:
        outcome = await self._attempt(publisher, edit)
        now = self._clock.now()
        self._refusals.count(publisher.platform, outcome, now)
        result = after_edit(edit, outcome, now)
        self._hold(result, outcome)
        if not await self._archive.update_edit(result):
            # More was to be noted meanwhile: the edit is due again, with all of it.
            return None
        if result.state is not EditState.MADE:
            await self._tell(edit, result, outcome)
        return result

    async def _attempt(self, publisher: Publisher, edit: Edit) -> PostOutcome:
        post = edit.post
        if not post.message_id:
            return Refused(reason="nobody knows which message it is: it was marked as posted by hand", scope="format")
        if not isinstance(publisher, Annotates):
            return Refused(reason="messages of this platform are not edited", scope="format")
        try:
            notes = notes_of(await self._archive.shown_in(post.id))
            payload = await asyncio.to_thread(publisher.annotate, post.payload, notes)
            if payload is None:
                return Refused(reason="there is no room for a note in it", scope="format")
            return await publisher.edit(post, payload)
        except Exception as error:
            log.exception("a publisher failed", platform=publisher.platform, post=post.id)
            return Ambiguous(reason=f"the attempt failed ({type(error).__name__})")

    def _hold(self, edit: Edit, outcome: PostOutcome) -> None:
        """Keep away from where the platform said no or not now: a limit and a lost token hold for the workspace."""
        if edit.not_before is None or isinstance(outcome, Ambiguous):
            return
        place = edit.post.destination
        whole = isinstance(outcome, Limited) or (isinstance(outcome, Refused) and outcome.scope == "workspace")
        self._held[place.platform, place.workspace, "" if whole else place.channel] = edit.not_before

    def _is_held(self, place: Destination, now: datetime) -> bool:
        held = (self._held.get((place.platform, place.workspace, channel)) for channel in ("", place.channel))
        longest = timedelta(seconds=LONGEST_WAIT_S)
        return any(until is not None and timedelta(0) < until - now <= longest for until in held)

    async def _tell(self, before: Edit, after: Edit, outcome: PostOutcome) -> None:
        place, reason = after.post.destination, after.reason or ""
        if after.state is EditState.GIVEN_UP:
            log.warning("a correction could not be noted", channel=place.key, post=after.post.id, why=reason)
        if not isinstance(outcome, Refused) or outcome.scope == "format" or before.reason == reason:
            return
        if (place, reason) in self._told or self._notify_admin is None:
            return
        self._told.add((place, reason))
        try:
            await self._notify_admin(place, _REFUSED.format(reason=reason))
        except Exception:
            log.exception("the admin could not be told", channel=place.key, what=reason)
