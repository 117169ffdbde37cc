"""Shows answers: privately through a response address, publicly in a channel or thread. Nothing is ever sent twice.

A private answer carries "Share" and "Keep private" when its reader may show it to the channel.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.commands.dispatch import Reply
from bot.model import Button, Message, Paragraph
from bot.platforms.slack.blocks import Json, actions_blocks
from bot.platforms.slack.outcomes import outcome_of, retry_after_s
from bot.platforms.slack.publishing import FLAGS
from bot.platforms.slack.rendering import MAX_BLOCKS, render_bodies
from bot.ports import Limited

log = structlog.get_logger()

MAX_RESPONSES = 5
"""Messages one response address takes.
Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses"""
SEND_TIMEOUT_S = 15
MAX_WAIT_S = 60.0
"""Seconds an answer waits when Slack says "later"; somebody is sitting there."""
MAX_ATTEMPTS = 3
KEEP_PREFIX = "keep:"
_MAX_KEPT = 500
_UPDATE_FLAGS: Json = {"link_names": False, "parse": "none"}
_EPHEMERAL_FLAGS: Json = {"link_names": False, "parse": "none"}
NOTE_AFTER_S = 3.0
"""Seconds after which a reader is told that the answer is being worked on."""
_CUT = "The answer goes on, but Slack takes no more here. Narrow the question, or share it."
_KEPT = "Only you can see this answer."


class Replies:
    """Sends replies with one client; remembers the private answers whose buttons may still be pressed."""

    def __init__(self, client: AsyncWebClient, *, note_after_s: float = NOTE_AFTER_S) -> None:
        self.note_after_s = note_after_s
        self._client = client
        self._kept: OrderedDict[str, Json] = OrderedDict()

    async def answer(self, reply: Reply, *, response_url: str, replace: bool = False) -> bool:
        """Show a reply to the caller alone, or to the channel when it is not private; return whether all arrived."""
        bodies = self._private_bodies(reply) if reply.private else render_bodies(reply.message)
        if len(bodies) > MAX_RESPONSES:
            bodies = [*bodies[: MAX_RESPONSES - 1], *render_bodies(_notice(_CUT))]
        shown_to = "ephemeral" if reply.private else "in_channel"
        for number, body in enumerate(bodies):
            first = number == 0
            if not await self._respond(response_url, body, shown_to=shown_to, replace=replace and first):
                return False
        return True

    async def keep_private(self, action: str, *, response_url: str) -> None:
        """Take the row of buttons away from a private answer."""
        body = self._kept.pop(action, None)
        if body is None:
            await self._respond(response_url, render_bodies(_notice(_KEPT))[0], shown_to="ephemeral", replace=False)
        else:
            await self._respond(response_url, body, shown_to="ephemeral", replace=True)

    async def take_away(self, *, response_url: str) -> None:
        """Remove the private answer that a pressed button stands in."""
        await self._send_response(response_url, {"delete_original": True})

    async def say(self, reply: Reply, *, channel: str, thread: str | None, in_place_of: str | None = None) -> bool:
        """Post a reply for everybody to see, its beginning in the place of a note; return whether all is there."""
        first, *others = render_bodies(reply.message)
        replaced = in_place_of is not None and await self._call(
            "chat.update", channel, None, {**first, **_UPDATE_FLAGS, "ts": in_place_of}
        )
        for body in others if replaced else (first, *others):
            if not await self._call("chat.postMessage", channel, thread, {**body, **FLAGS}):
                return False
        return True

    async def post_note(self, note: Reply, *, channel: str, thread: str | None) -> str | None:
        """Post a note that an answer will take the place of; return its timestamp, None when it is not there."""
        body = {**render_bodies(note.message)[0], **FLAGS}
        try:
            answer = await self._client.api_call(
                "chat.postMessage", json={"channel": channel, **body, **({"thread_ts": thread} if thread else {})}
            )
            return str(answer["ts"])
        except Exception as error:  # the answer comes without it
            log.info("a note was not posted", why=type(error).__name__)
            return None

    async def show_status(self, event: Json, status: str) -> bool:
        """Show beside the bot's name what it is doing; return False where Slack has no such surface (a paid plan)."""
        thread = str(event.get("thread_ts") or event["ts"])
        arguments = {"channel_id": event["channel"], "thread_ts": thread, "status": status}
        try:
            await self._client.api_call("assistant.threads.setStatus", json=arguments)
        except Exception as error:
            log.debug("no status is shown in Slack", why=type(error).__name__)
            return False
        return True

    async def whisper(self, reply: Reply, *, channel: str, user: str, thread: str | None = None) -> None:
        """Show a reply to one person in a channel, where there is no response address."""
        for body in self._private_bodies(reply):
            if not await self._call("chat.postEphemeral", channel, thread, {**body, **_EPHEMERAL_FLAGS, "user": user}):
                return

    def _private_bodies(self, reply: Reply) -> list[Json]:
        bodies = render_bodies(reply.message, max_blocks=MAX_BLOCKS - 1)
        if not (reply.can_share and reply.share_action):
            return bodies
        keep = KEEP_PREFIX + secrets.token_hex(8)
        last = bodies[-1]
        self._remember(keep, last)
        buttons = (
            Button(label="Share", action=reply.share_action, style="primary"),
            Button(label="Keep private", action=keep),
        )
        return [*bodies[:-1], {**last, "blocks": [*last["blocks"], *actions_blocks(buttons)]}]

    def _remember(self, keep: str, body: Json) -> None:
        self._kept[keep] = body
        while len(self._kept) > _MAX_KEPT:
            self._kept.popitem(last=False)

    async def _respond(self, response_url: str, body: Json, *, shown_to: str, replace: bool) -> bool:
        frame = {"response_type": shown_to, "replace_original": replace, "unfurl_links": False, "unfurl_media": False}
        return await self._send_response(response_url, {**body, **frame})

    async def _send_response(self, response_url: str, body: Json) -> bool:
        webhook = AsyncWebhookClient(
            response_url, timeout=SEND_TIMEOUT_S, retry_handlers=[], proxy=self._client.proxy, ssl=self._client.ssl
        )
        for _ in range(MAX_ATTEMPTS):
            try:
                answer = await webhook.send_dict(body)
            except Exception as error:  # an address that is gone, a dropped connection: the reader asks again
                log.warning("an answer did not reach Slack", why=type(error).__name__)
                return False
            if answer.status_code == 200:
                return True
            if answer.status_code != 429:
                log.warning("Slack refused an answer", status=answer.status_code)
                return False
            await asyncio.sleep(min(retry_after_s(answer.headers), MAX_WAIT_S))
        return False

    async def _call(self, method: str, channel: str, thread: str | None, body: Json) -> bool:
        """Make the call; again only after Slack said in so many words that it did not take it."""
        arguments = {"channel": channel, **body, **({"thread_ts": thread} if thread else {})}
        for _ in range(MAX_ATTEMPTS):
            try:
                await self._client.api_call(method, json=arguments)
                return True
            except Exception as error:
                outcome = outcome_of(error)
                if not isinstance(outcome, Limited) or outcome.retry_after_s > MAX_WAIT_S:
                    log.warning("an answer was not posted", channel=channel, why=getattr(outcome, "reason", "limited"))
                    return False
                await asyncio.sleep(outcome.retry_after_s)
        return False


def notice(text: str) -> Reply:
    """Return a private reply of one sentence."""
    return Reply(message=_notice(text), private=True, can_share=False)


def _notice(text: str) -> Message:
    return Message(blocks=(Paragraph(text=text),))


WORKING = notice("I am working on it. The answer comes as soon as it is there.")
"""What is said when an answer takes a while."""
