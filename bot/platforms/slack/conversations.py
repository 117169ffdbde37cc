"""Answers mentions, direct messages, and follow-ups in a thread that somebody began with the bot.

In a thread the bot speaks when it is mentioned, or when somebody who mentioned it there asks on without naming anybody
else: two readers who talk with each other are left alone.
"""

from __future__ import annotations

import re
from collections import OrderedDict

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.context import Services
from bot.platforms.slack.asking import ask_freely
from bot.platforms.slack.callers import Callers, Identity
from bot.platforms.slack.neutralizing import unescape_mrkdwn
from bot.platforms.slack.recent import RecentIds
from bot.platforms.slack.rendering import Json
from bot.platforms.slack.replying import Replies
from bot.platforms.slack.tasks import Work

log = structlog.get_logger()

MAX_THREADS = 2_000
"""Threads whose askers are remembered; others are looked up again."""
MAX_THREAD_MESSAGES = 100
"""Messages of a thread that are read to learn who began to talk with the bot."""
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
        self._answered = RecentIds()
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
        if not self._answered.is_new(f"{event['channel']}:{event['ts']}"):
            return
        caller = await self._callers.caller(
            team=str(body["team_id"]), user=str(event["user"]), channel=str(event["channel"])
        )
        reply = await ask_freely(readable(str(event.get("text", ""))), self._services.context(caller))
        in_public = event.get("channel_type") == "im" or (reply.can_share and not reply.failed)
        if in_public:
            await self._replies.say(reply, channel=event["channel"], thread=thread)
        else:
            await self._replies.whisper(reply, channel=event["channel"], user=event["user"], thread=thread)

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
