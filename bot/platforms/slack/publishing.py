"""Posts digests to Slack, finds them again in the channel's history, and edits them.

slack-sdk would send a message again by itself when the connection drops after Slack took it; here it never does: one
call is one request, and the outbox decides. Every post carries its id in the message's metadata, which the history
gives back.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import json
import math
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.deliveries.pacing import Pace
from bot.model import Message, Platform, Post
from bot.platforms.slack.blocks import Json
from bot.platforms.slack.noting import annotate_body
from bot.platforms.slack.outcomes import code_of, outcome_of
from bot.platforms.slack.rendering import part_label, plain_body, render_payloads
from bot.ports import Absent, Ambiguous, Clock, FindOutcome, Limited, Note, Posted, PostOutcome, Refused, Unreadable

POST_TIMEOUT_S = 20.0
"""Seconds of one attempt; shorter than the outbox's lease, longer than Slack's slowest usual answer."""
POSTS_A_SECOND, POSTS_AT_ONCE = 4.0, 30
"""Together at most 270 in any minute: Slack takes "several hundred" of a workspace.
Source: https://docs.slack.dev/apis/web-api/rate-limits (special limits: chat.postMessage)"""
CHANNEL_GAP_S = 1.0
"""Seconds from the end of a post to the next one to the same channel. Source: as above."""
LOOK_BACK = timedelta(minutes=10)
"""The history is read from this long before the first attempt: more than clocks differ."""
PAGE_SIZE = 200
"""Messages of one page. Source: https://docs.slack.dev/reference/methods/conversations.history (recommended)"""
MAX_PAGES = 50
"""Pages read since the first attempt; a channel with more than 10,000 messages since proves nothing."""
MAX_PAGES_BEFORE = 3
"""Pages searched for an earlier message of ours, which shows that the history is readable."""
METADATA_EVENT = "newsbot_post"

FLAGS: Json = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none", "mrkdwn": False}
"""Nothing is previewed, no name becomes a mention, the fallback text is not parsed."""


class SlackPublisher:
    """Publisher for Slack; see bot.ports.Publisher."""

    platform: Platform = "slack"

    def __init__(
        self,
        token: str,
        *,
        base_url: str | None = None,
        timeout_s: float = POST_TIMEOUT_S,
        clock: Clock | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._client = posting_client(token, base_url=base_url, timeout_s=timeout_s)
        self._timeout_s = timeout_s
        self._clock = clock
        self._pace = pace or Pace(per_s=POSTS_A_SECOND, burst=POSTS_AT_ONCE, gap_s=CHANNEL_GAP_S)
        self._identity: tuple[str, str] | None = None

    def render(self, message: Message, *, marker: str) -> list[str]:
        """Return the message as JSON bodies within Slack's limits, each holding the marker."""
        return render_payloads(message, marker=marker)

    async def post(self, post: Post) -> PostOutcome:
        """Make one attempt: one request, never a second."""
        try:
            async with self._pace.turn(post.destination.channel), asyncio.timeout(self._timeout_s):
                answer = await self._client.chat_postMessage(
                    channel=post.destination.channel, **json.loads(post.payload), **FLAGS, metadata=_metadata(post)
                )
            timestamp = answer["ts"]
            return Posted(message_id=timestamp) if timestamp else Ambiguous(reason="Slack answered without a timestamp")
        except Exception as error:  # slack-sdk fails in many ways on a broken answer; each of them means: nobody knows
            return outcome_of(error)

    def simplify(self, payload: str) -> str:
        """Return a payload with the same text and no layout: for one that Slack refused for its format."""
        return json.dumps(plain_body(json.loads(payload)), ensure_ascii=False, sort_keys=True)

    def annotate(self, payload: str, notes: Sequence[Note]) -> str | None:
        """Return the payload with these notes under what they are about, None when none of them fits."""
        body = annotate_body(json.loads(payload), notes)
        return None if body is None else json.dumps(body, ensure_ascii=False, sort_keys=True)

    async def find(self, post: Post) -> FindOutcome:
        """Look for the post's id in the metadata of our messages since ten minutes before its first attempt.

        Slack reads its history by its own clock: from a moment of ours that it has not come to, it would show nothing.
        """
        if post.first_at is None:
            return Unreadable(reason="the post was never sent, so there is no moment to read from")
        try:
            ours, theirs = self._now(), await self._read_their_clock()
            oldest = post.first_at + (theirs - ours) - LOOK_BACK
            if oldest > theirs:
                return Unreadable(reason="its first attempt lies in the future: the clock was set back")
            return await self._find_since(post, f"{oldest.timestamp():.6f}")
        except Exception as error:  # whatever the answer was, it proves nothing
            return Unreadable(reason=_why_unreadable(error))

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        """Replace a sent message; one that was deleted in the meantime stays deleted."""
        if not post.message_id:
            return Refused(reason="the post has no message to edit", scope="format")
        body: Json = {"link_names": False, "parse": "none", "metadata": _metadata(post), **json.loads(payload)}
        try:
            async with asyncio.timeout(self._timeout_s):
                await self._client.chat_update(channel=post.destination.channel, ts=post.message_id, **body)
        except Exception as error:
            if isinstance(error, SlackApiError) and code_of(error) == "message_not_found":
                return Posted(message_id=post.message_id, deleted=True)
            outcome = outcome_of(error)
            # Slack counts each method by itself: too many edits hold up no post.
            return replace(outcome, everywhere=False) if isinstance(outcome, Limited) else outcome
        return Posted(message_id=post.message_id)

    async def _find_since(self, post: Post, oldest: str) -> FindOutcome:
        ours_seen = False
        pages = 0
        complete = False
        async for page in self._pages(post.destination.channel, oldest=oldest):
            for message in page["messages"]:
                ours = self._is_ours(message)
                ours_seen = ours_seen or ours
                if ours and _is_this(message, post):
                    return Posted(message_id=str(message["ts"]))
            if page.get("is_limited"):
                return Unreadable(reason="the workspace's plan hides older messages")
            complete = not page.get("has_more")
            pages += 1
            if pages == MAX_PAGES:
                break
        if not complete:
            return Unreadable(reason="the history could not be read to its end")
        if not ours_seen and not await self._seen_before(post.destination.channel, latest=oldest):
            return Unreadable(reason="no earlier message of ours can be seen in the channel")
        return Absent()

    async def _seen_before(self, channel: str, *, latest: str) -> bool:
        pages = 0
        async for page in self._pages(channel, latest=latest):
            for message in page["messages"]:
                if self._is_ours(message):
                    return True
            pages += 1
            if pages == MAX_PAGES_BEFORE:
                break
        return False

    async def _pages(self, channel: str, **bounds: str) -> AsyncIterator[dict[str, Any]]:
        """Yield pages of the history; each call has its own time-out, being limited ends it by the error."""
        cursor = ""
        while True:
            arguments: dict[str, Any] = {**bounds, **({"cursor": cursor} if cursor else {})}
            async with asyncio.timeout(self._timeout_s):
                answer = await self._client.conversations_history(
                    channel=channel, include_all_metadata=True, limit=PAGE_SIZE, **arguments
                )
            page = dict(answer.data) if isinstance(answer.data, dict) else {}
            page.setdefault("messages", [])
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not page.get("has_more") or not cursor:
                return

    async def _read_their_clock(self) -> datetime:
        """Return Slack's time, ours when it does not tell; learn on the way who we are there."""
        async with asyncio.timeout(self._timeout_s):
            answer = await self._client.auth_test()
        self._identity = (str(answer["user_id"]), str(answer.get("bot_id") or ""))
        stated = next((value for name, value in answer.headers.items() if name.lower() == "date"), "")
        with contextlib.suppress(TypeError, ValueError):
            return email.utils.parsedate_to_datetime(stated).astimezone(UTC)
        return self._now()

    def _now(self) -> datetime:
        return datetime.now(UTC) if self._clock is None else self._clock.now()

    def _is_ours(self, message: dict[str, Any]) -> bool:
        user_id, bot_id = self._identity or ("", "")
        return (bool(user_id) and message.get("user") == user_id) or bool(bot_id and message.get("bot_id") == bot_id)


def posting_client(token: str, *, base_url: str | None, timeout_s: float) -> AsyncWebClient:
    """Return a Web API client that makes one request a call, whatever happens."""
    return AsyncWebClient(
        token=token,
        base_url=web_address(base_url),
        timeout=max(1, math.ceil(timeout_s)),
        retry_handlers=[],
    )


def web_address(base_url: str | None) -> str:
    """Return the address of the Web API with its closing slash, Slack's own when none is given."""
    return base_url.rstrip("/") + "/" if base_url else AsyncWebClient.BASE_URL


def _metadata(post: Post) -> Json:
    return {
        "event_type": METADATA_EVENT,
        "event_payload": {"id": post.id, "batch": post.batch, "part": post.part},
    }


def _is_this(message: Json, post: Post) -> bool:
    """Return whether one of our messages is this post: by its id, or by its marker where Slack dropped the metadata."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") == METADATA_EVENT:
        return bool((metadata.get("event_payload") or {}).get("id") == post.id)
    shown = f"{message.get('text', '')} {json.dumps(message.get('blocks', ()), ensure_ascii=False)}"
    return (
        bool(post.marker) and post.marker in shown and (post.parts == 1 or part_label(post.part, post.parts) in shown)
    )


def _why_unreadable(error: Exception) -> str:
    outcome = outcome_of(error)
    if isinstance(outcome, Limited):
        return f"Slack asks to read the history later, in {outcome.retry_after_s:.0f} s"
    return outcome.reason
