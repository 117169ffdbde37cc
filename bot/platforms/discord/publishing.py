"""Posts to Discord: one attempt at a time, every answer an outcome; what became of a post is read from the history.

Works through REST alone, whatever the gateway does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import discord
import structlog

from bot.model import Message, Platform, Post
from bot.platforms.discord.neutralizing import neutralize_label
from bot.platforms.discord.noting import annotate_body
from bot.platforms.discord.rendering import Body, marker_line_of, render_bodies, render_plainly, texts_of
from bot.platforms.discord.rest import Answered, BadToken, CallOutcome, Lost, Rest, Unsent
from bot.ports import Absent, Ambiguous, FindOutcome, Limited, Note, Posted, PostOutcome, Refused, Unreadable

log = structlog.get_logger()

MAX_NONCE_CHARS = 25

NOTE_UNITS = 500
"""Units of a posted message that stay free for notes on what changed since: some eight of one change each."""

HISTORY_PAGE = 100
"""Messages of one page of history; the most that Discord gives."""

MAX_PAGES = 50
"""Pages read for one post: 5,000 messages since its first attempt; a channel that busy needs a person."""

MAX_PAGES_FOR_PROOF = 10
"""Pages after which nobody goes on, past the time of the post, only to see an earlier message of ours."""

LOOK_BACK = timedelta(minutes=10)
"""How long before a post's first attempt the search begins: clocks differ."""

READ_TRIES = 3
"""Attempts at one page of history; reading again harms nobody."""

MAX_READ_WAIT_S = 10.0

RETRY_UNREACHABLE_S = 15.0
"""Seconds until a post is tried again whose attempt never left this machine."""

RETRY_UNTOLD_S = 5.0
"""Seconds to wait after a 429 that does not say how long."""

THREAD_NAME_UNITS = 100
THREAD_ARCHIVE_MINUTES = 1_440

MESSAGES_PATH = "/channels/{channel_id}/messages"
MESSAGE_PATH = "/channels/{channel_id}/messages/{message_id}"
THREADS_PATH = "/channels/{channel_id}/messages/{message_id}/threads"

# Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
UNKNOWN_MESSAGE = 10008
CHANNEL_CODES = frozenset((10003, 10004, 50001, 50008, 50013, 50024, 50083))
"""Unknown channel or guild, no access or permission, a channel without text, an archived thread."""


class DiscordPublisher:
    """The Publisher of Discord. Opens a thread under the first part of each digest, for its details."""

    platform: Platform = "discord"

    def __init__(self, rest: Rest, *, opens_threads: bool = True) -> None:
        self._rest = rest
        self._opens_threads = opens_threads
        self._threads: set[asyncio.Task[None]] = set()

    def render(self, message: Message, *, marker: str) -> list[str]:
        """Return the message as JSON bodies, in order; each ends with the marker and its number among the parts."""
        bodies = render_bodies(message, marker=marker, spare=NOTE_UNITS)
        return [json.dumps(body, ensure_ascii=False) for body in bodies]

    async def post(self, post: Post) -> PostOutcome:
        """Make one attempt under the post's own nonce, which Discord remembers for a few minutes."""
        body = json.loads(post.payload)
        outcome = await self._send(post, body)
        opens_thread = self._opens_threads and post.part == 1 and _has_items(body)
        if opens_thread and isinstance(outcome, Posted) and not outcome.deleted:
            self._open_thread(post, outcome.message_id, body)
        return outcome

    def simplify(self, payload: str) -> str:
        """Return the payload as text alone, for when Discord refused its layout; such a one comes back as it is."""
        return json.dumps(render_plainly(json.loads(payload)), ensure_ascii=False)

    def annotate(self, payload: str, notes: Sequence[Note]) -> str | None:
        """Return the payload with these notes under what they are about, None when none of them fits."""
        body = annotate_body(json.loads(payload), notes)
        return None if body is None else json.dumps(body, ensure_ascii=False)

    async def find(self, post: Post) -> FindOutcome:
        """Look for our own message with the post's marker, newest first, until ten minutes before its first attempt.

        Absent is said only when every page was read and an earlier message of ours was in sight: without the
        permission to read the history Discord answers an empty list.
        """
        if post.first_at is None:
            return Unreadable(reason="nothing says when it was first tried")
        search = _Search(post)
        before: str | None = None
        for page_number in range(1, MAX_PAGES + 1):
            page = await self._history_page(post.destination.channel, before)
            if isinstance(page, Unreadable):
                return page
            oldest_wanted = _snowflake(self._rest.to_server_time(post.first_at) - LOOK_BACK)
            if oldest_wanted > _snowflake(self._rest.server_time()):
                return Unreadable(reason="its first attempt lies in the future: the clock was set back")
            search.read(page, own_id=self._rest.user_id, oldest_wanted=oldest_wanted)
            if search.found:
                return Posted(message_id=search.found)
            if len(page) < HISTORY_PAGE:
                return Absent() if search.own_seen else Unreadable(reason="no message of mine is in sight")
            if search.earlier_seen:
                return Absent()
            if int(page[-1]["id"]) < oldest_wanted and page_number >= MAX_PAGES_FOR_PROOF:
                return Unreadable(reason="no earlier message of mine is in sight")
            before = page[-1]["id"]
        return Unreadable(reason="the channel is too busy to read all of its history")

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        """Replace the content of a post that was sent; `deleted` when somebody took it away."""
        if not post.message_id:
            return Refused(reason="it has no message to edit", scope="format")
        outcome = await self._rest.call(
            "PATCH",
            MESSAGE_PATH,
            json=json.loads(payload),
            channel_id=post.destination.channel,
            message_id=post.message_id,
        )
        if isinstance(outcome, Answered) and outcome.code == UNKNOWN_MESSAGE:
            return Posted(message_id=post.message_id, deleted=True)
        return _outcome_of(outcome)

    async def close(self) -> None:
        """Give up threads that are still being opened; the next shared detail opens them."""
        for task in list(self._threads):
            task.cancel()
        await asyncio.gather(*self._threads, return_exceptions=True)

    async def _send(self, post: Post, body: Body) -> PostOutcome:
        nonce = {"nonce": post.nonce[:MAX_NONCE_CHARS], "enforce_nonce": True}
        outcome = await self._rest.call(
            "POST", MESSAGES_PATH, json={**body, **nonce}, channel_id=post.destination.channel
        )
        if isinstance(outcome, Answered) and outcome.code == UNKNOWN_MESSAGE and post.attempts > 1:
            # Discord knows the nonce but no longer its message: it was posted, and somebody deleted it.
            return Posted(message_id=post.message_id or "", deleted=True)
        return _outcome_of(outcome)

    async def _history_page(self, channel: str, before: str | None) -> list[dict[str, Any]] | Unreadable:
        outcome: CallOutcome = Unsent(reason="not tried")
        query = {"limit": str(HISTORY_PAGE)} | ({"before": before} if before else {})
        for attempt in range(READ_TRIES):
            outcome = await self._rest.call("GET", MESSAGES_PATH, query=query, channel_id=channel)
            if isinstance(outcome, Answered) and outcome.status == 200 and isinstance(outcome.data, list):
                return outcome.data
            if isinstance(outcome, BadToken) or (isinstance(outcome, Answered) and 400 <= outcome.status < 429):
                break
            wait_s = outcome.retry_after_s if isinstance(outcome, Answered) else None
            await asyncio.sleep(min(2**attempt if wait_s is None else wait_s, MAX_READ_WAIT_S))
        reason = "the token is not valid" if isinstance(outcome, BadToken) else outcome.reason
        return Unreadable(reason=f"the history can't be read: {reason}")

    def _open_thread(self, post: Post, message_id: str, body: Body) -> None:
        task = asyncio.create_task(open_thread(self._rest, post.destination.channel, message_id, body))
        self._threads.add(task)
        task.add_done_callback(self._threads.discard)


async def open_thread(rest: Rest, channel: str, message_id: str, body: Body) -> None:
    """Open the thread of a message, named as the title of `body`; its id is the message's.

    One that is open already or may not be opened is left alone.
    """
    wanted = {"name": thread_name(body), "auto_archive_duration": THREAD_ARCHIVE_MINUTES}
    outcome = await rest.call("POST", THREADS_PATH, json=wanted, channel_id=channel, message_id=message_id)
    if not (isinstance(outcome, Answered) and outcome.status < 300):
        log.info("no thread was opened", channel=channel, outcome=repr(outcome))


def thread_name(body: Body) -> str:
    """Return what a thread is called: the first line of the body, without the marks and escapes of its layout."""
    lines = next(texts_of(body.get("components", [])), "").splitlines()
    title = lines[0].lstrip("#").replace("\\", "") if lines else ""
    return neutralize_label(title, limit=THREAD_NAME_UNITS) or "Digest"


class _Search:
    """What the pages read so far say of one post."""

    def __init__(self, post: Post) -> None:
        self._line = marker_line_of(json.loads(post.payload)) or post.marker
        self.found: str | None = None
        self.own_seen = False
        self.earlier_seen = False

    def read(self, page: list[dict[str, Any]], *, own_id: str | None, oldest_wanted: int) -> None:
        """Take in one page, newest first.

        Messages of ours from before the oldest id wanted are looked at too: should our clock have been ahead when the
        post was made, it is the first of them.
        """
        for message in page:
            if str(_mapping(message.get("author")).get("id")) != own_id:
                continue
            self.own_seen = True
            self.earlier_seen = self.earlier_seen or int(message["id"]) < oldest_wanted
            texts = [str(message.get("content") or ""), *texts_of(message.get("components") or ())]
            if any(self._line == text.strip() for text in texts) or self._line in texts[0].splitlines():
                self.found = str(message["id"])
                return


def _has_items(body: Body) -> bool:
    """Return whether there is anything to talk about: a digest that says "nothing new" needs no thread."""
    return any(line.startswith("### ") for text in texts_of(body.get("components", [])) for line in text.splitlines())


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _snowflake(moment: Any) -> int:
    return discord.utils.time_snowflake(moment)


def _outcome_of(outcome: CallOutcome) -> PostOutcome:
    if isinstance(outcome, Lost):
        return Ambiguous(reason=outcome.reason)
    if isinstance(outcome, Unsent):
        return Limited(retry_after_s=RETRY_UNREACHABLE_S)
    if isinstance(outcome, BadToken):
        return Refused(reason="Discord does not take the token", scope="workspace")
    if outcome.status < 300:
        message_id = _mapping(outcome.data).get("id")
        return Posted(message_id=str(message_id)) if message_id else Ambiguous(reason="the answer can't be read")
    if outcome.status == 429:
        wait_s = RETRY_UNTOLD_S if outcome.retry_after_s is None else outcome.retry_after_s
        # What is not Discord's own JSON comes from the proxy in front: it has shut out this whole address.
        is_global = not isinstance(outcome.data, dict) or bool(outcome.data.get("global"))
        return Limited(retry_after_s=wait_s, everywhere=is_global)
    if outcome.status >= 500 or outcome.status == 408:
        return Ambiguous(reason=outcome.reason)
    if outcome.status in (403, 404, 410) or outcome.code in CHANNEL_CODES:
        return Refused(reason=outcome.reason, scope="channel")
    return Refused(reason=outcome.reason, scope="format")
