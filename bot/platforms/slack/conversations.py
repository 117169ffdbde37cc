"""Answers mentions, direct messages, and follow-ups in a thread that somebody began with the bot.

In a thread the bot speaks when it is mentioned, or when somebody who mentioned it there asks on without naming anybody
else: two readers who talk with each other are left alone. What was asked before in the same conversation is read from
Slack, so that a follow-up is understood also after a restart.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.context import Context, Services
from bot.commands.dispatch import Reply
from bot.platforms.slack.asking import ask_freely, in_time
from bot.platforms.slack.blocks import Json
from bot.platforms.slack.callers import Callers, Identity
from bot.platforms.slack.neutralizing import unescape_mrkdwn
from bot.platforms.slack.replying import WORKING, Replies
from bot.platforms.slack.tasks import Work

log = structlog.get_logger()

MAX_THREADS = 2_000
"""Threads whose askers are remembered; others are looked up again."""
MAX_THREAD_MESSAGES = 100
"""Messages of a thread that are read to learn who began to talk with the bot."""
MAX_EARLIER = 5
"""Questions before this one that a follow-up may refer to."""
MAX_DIRECT_MESSAGES = 20
"""Messages of a direct conversation that are read to find them."""
SAME_TALK_S = 1_800.0
"""Seconds after which a direct message begins a new conversation, where Slack opens no thread for it."""
LOOKING = "is looking through the articles…"
"""The status beside the bot's name while it works, on plans that have Slack's surface for agents."""
_ENTITY = re.compile(r"<([@#!])?([^<>|]{0,300})(?:\|([^<>]{0,300}))?>")


class ConversationDoor:
    """Mentions, direct messages and threads of one workspace."""

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        callers: Callers,
        replies: Replies,
        work: Work,
        identity: Identity,
    ) -> None:
        self._services = services
        self._client = client
        self._callers = callers
        self._replies = replies
        self._work = work
        self._identity = identity
        self._askers: OrderedDict[tuple[str, str], set[str]] = OrderedDict()

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt to bring mentions and messages here."""
        app.event("app_mention")(self._on_mention)
        app.event("message")(self._on_message)

    async def _on_mention(self, body: Json, event: Json) -> None:
        if _is_from_a_person(event):
            self._work.start(self._answer_mention(body, event), name="slack mention")

    async def _on_message(self, body: Json, event: Json) -> None:
        if not _is_from_a_person(event):
            return
        if event.get("channel_type") == "im":
            self._work.start(self._answer(body, event, thread=event.get("thread_ts")), name="slack direct message")
        elif event.get("thread_ts") and "<@" not in event.get("text", ""):
            self._work.start(self._answer_follow_up(body, event), name="slack follow-up")

    async def _answer_mention(self, body: Json, event: Json) -> None:
        thread = str(event.get("thread_ts") or event["ts"])
        self._remember((event["channel"], thread)).add(event["user"])
        await self._answer(body, event, thread=thread)

    async def _answer_follow_up(self, body: Json, event: Json) -> None:
        key = (str(event["channel"]), str(event["thread_ts"]))
        if key not in self._askers:
            self._remember(key).update(await self._askers_in(*key))
        if event["user"] in self._askers[key]:
            await self._answer(body, event, thread=key[1])

    async def _answer(self, body: Json, event: Json, *, thread: str | None) -> None:
        team, channel, user = str(body["team_id"]), str(event["channel"]), str(event["user"])
        caller = await self._callers.caller(team=team, user=user, channel=channel)
        context = self._services.context(caller)
        # Written down for good: what Slack delivers again after a restart is not answered again.
        if not await context.desk.remember_event(f"slack:{team}:{channel}:{event['ts']}", context.clock.now()):
            return
        is_direct = event.get("channel_type") == "im"
        context = replace(context, earlier=tuple(await self._earlier_questions(event)))
        working = asyncio.create_task(self._ask(event, context))
        note = await self._note_while(working, event, thread=thread, is_direct=is_direct)
        reply = await working
        if is_direct or (reply.can_share and not reply.failed and not reply.is_news):
            await self._replies.say(reply, channel=channel, thread=thread, in_place_of=note)
        else:
            await self._replies.whisper(reply, channel=channel, user=user, thread=thread)

    async def _ask(self, event: Json, context: Context) -> Reply:
        question = readable(str(event.get("text", "")))
        return await in_time(ask_freely(question, context), places=self._work.places)

    async def _note_while(
        self, working: asyncio.Task[Reply], event: Json, *, thread: str | None, is_direct: bool
    ) -> str | None:
        """Show that an answer is on its way, where Slack's own status does not; return the message that says so."""
        if is_direct and await self._replies.show_status(event, LOOKING):
            return None
        await asyncio.wait({working}, timeout=self._replies.note_after_s)
        if working.done():
            return None
        channel, user = str(event["channel"]), str(event["user"])
        if is_direct:
            return await self._replies.post_note(WORKING, channel=channel, thread=thread)
        await self._replies.whisper(WORKING, channel=channel, user=user, thread=thread)
        return None

    async def _earlier_questions(self, event: Json) -> Sequence[str]:
        """Return what the same reader asked before in this conversation, oldest first; nothing when Slack is silent."""
        try:
            messages = await self._messages_before(event)
        except Exception as error:  # without them the question is answered as it stands
            log.warning("earlier questions of Slack could not be read", why=type(error).__name__)
            return ()
        asked = [
            readable(str(message.get("text", "")))
            for message in sorted(messages, key=lambda message: float(message["ts"]))
            if _is_from_a_person(message)
            and message.get("user") == event["user"]
            and float(message["ts"]) < float(event["ts"])
        ]
        return [question for question in asked if question][-MAX_EARLIER:]

    async def _messages_before(self, event: Json) -> list[Json]:
        channel = str(event["channel"])
        if event.get("thread_ts"):
            answer = await self._client.conversations_replies(
                channel=channel, ts=str(event["thread_ts"]), limit=MAX_THREAD_MESSAGES
            )
        elif event.get("channel_type") == "im":
            oldest = f"{float(event['ts']) - SAME_TALK_S:.6f}"
            answer = await self._client.conversations_history(channel=channel, oldest=oldest, limit=MAX_DIRECT_MESSAGES)
        else:
            return []
        messages: list[Json] = answer["messages"]
        return messages

    async def _askers_in(self, channel: str, thread: str) -> set[str]:
        """Return who mentioned the bot in this thread; nobody when Slack does not say."""
        try:
            answer = await self._client.conversations_replies(channel=channel, ts=thread, limit=MAX_THREAD_MESSAGES)
            messages: list[Json] = answer["messages"]
        except Exception as error:  # a thread that can't be read is nobody's: nothing is answered in it
            log.warning("a thread of Slack could not be read", why=type(error).__name__)
            return set()
        mention = f"<@{self._identity.user}"
        return {str(message.get("user")) for message in messages if mention in message.get("text", "")}

    def _remember(self, key: tuple[str, str]) -> set[str]:
        askers = self._askers.setdefault(key, set())
        self._askers.move_to_end(key)
        while len(self._askers) > MAX_THREADS:
            self._askers.popitem(last=False)
        return askers


def readable(text: str) -> str:
    """Return what somebody wrote, with mentions of people left out and links and channels by their names."""

    def name_of(match: re.Match[str]) -> str:
        sort, target, label = match.groups()
        if sort == "@":
            return ""
        if sort is None:
            return label or target
        return label or ""

    return " ".join(unescape_mrkdwn(_ENTITY.sub(name_of, text)).split())


def _is_from_a_person(event: Json) -> bool:
    """Return whether somebody wrote this: no bot (us included), no edit, no "has joined"."""
    wrote = event.get("subtype") in (None, "thread_broadcast", "file_share")
    return wrote and bool(event.get("user")) and not event.get("bot_id")
