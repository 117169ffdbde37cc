"""Conversations that go on: follow-ups are understood, slow answers announced, nothing is ever answered twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.context import Context
from bot.commands.dispatch import Reply
from bot.model import Caller, Message, Paragraph
from bot.platforms.slack import conversations
from bot.platforms.slack.asking import TOO_SLOW, in_time
from bot.platforms.slack.connection import SlackPlatform
from tests.platforms.slack.conftest import PING_S
from tests.platforms.slack.slack_loopback import APP_TOKEN, BOT_TOKEN, BOT_USER, READER, SlackLoopback

DIRECT = "D0READER"
NOTE_AFTER_S = 0.2


@dataclass
class WatchedServices:
    """Real contexts on an archive that takes its time for its facts."""

    inner: Any
    slow_s: float = 0.0

    def context(self, caller: Caller) -> Context:
        """Return the context of one call."""
        given = self.inner.context(caller)
        return replace(given, archive=WatchedArchive(given.archive, self))


class WatchedArchive:
    """The archive, slow where it counts what it holds."""

    def __init__(self, inner: Any, services: WatchedServices) -> None:
        self._inner = inner
        self._services = services

    def __getattr__(self, name: str) -> Any:
        if name == "archive_facts":
            return self._slowly
        return getattr(self._inner, name)

    async def _slowly(self) -> Any:
        await asyncio.sleep(self._services.slow_s)
        return await self._inner.archive_facts()


@asynccontextmanager
async def running(slack: SlackLoopback, services: Any) -> AsyncIterator[SlackPlatform]:
    """Run the bot until the block ends."""
    bot = SlackPlatform(
        BOT_TOKEN, APP_TOKEN, services, base_url=f"{slack.base_url}/api/", ping_interval_s=PING_S,
        note_after_s=NOTE_AFTER_S,
    )  # fmt: skip
    stop = asyncio.Event()
    before = slack.connections
    task = asyncio.create_task(bot.run(stop))
    await slack.until(lambda: slack.connections > before)
    try:
        yield bot
    finally:
        stop.set()
        await asyncio.wait_for(task, 15)


async def test_an_event_delivered_again_after_a_restart_is_not_answered_again(slack: SlackLoopback, services) -> None:
    async with running(slack, services):
        ts = await slack.write(f"<@{BOT_USER}> help", kind="app_mention", event_id="Ev1")
        await slack.until(lambda: slack.posts() or slack.calls_of("chat.postEphemeral"))
    before = len(slack.posts()) + len(slack.calls_of("chat.postEphemeral"))
    async with running(slack, services):
        message = {"type": "app_mention", "user": READER, "text": f"<@{BOT_USER}> help", "ts": ts, "channel": "C0NEWS"}
        await slack.event(message, event_id="Ev1")
        await asyncio.sleep(0.5)
    assert len(slack.posts()) + len(slack.calls_of("chat.postEphemeral")) == before


async def test_a_follow_up_in_a_thread_is_understood_from_the_questions_before_it_also_after_a_restart(
    slack: SlackLoopback, services, monkeypatch
) -> None:
    seen: list[tuple[str, ...]] = []
    real = conversations.ask_freely

    async def noting(text: str, context: Context) -> Reply:
        seen.append(context.earlier)
        return await real(text, context)

    monkeypatch.setattr(conversations, "ask_freely", noting)
    async with running(slack, services):
        thread = await slack.write(f"<@{BOT_USER}> When does the bridge open?", kind="app_mention")
        await slack.until(lambda: len(seen) == 1)
    async with running(slack, services):
        await slack.write("And who paid for it?", thread=thread)
        await slack.until(lambda: len(seen) == 2)
    assert seen == [(), ("When does the bridge open?",)]


async def test_a_slow_answer_to_a_slash_command_is_announced(slack: SlackLoopback, services) -> None:
    async with running(slack, WatchedServices(services, slow_s=3 * NOTE_AFTER_S)):
        address = await slack.type_command("/newsbot", "status")
        await slack.until(lambda: len(slack.answers_to(address)) == 2)
    note, answer = slack.answers_to(address)
    assert "working on it" in note["text"]
    assert "Status" in answer["text"]


async def test_in_a_direct_conversation_the_answer_takes_the_place_of_the_note(slack: SlackLoopback, services) -> None:
    async with running(slack, WatchedServices(services, slow_s=3 * NOTE_AFTER_S)):
        await slack.write("status", channel=DIRECT)
        await slack.until(lambda: slack.calls_of("chat.update"))
    assert len(slack.posts(DIRECT)) == 1
    assert "Status" in slack.calls_of("chat.update")[0]["text"]


async def test_where_slack_has_its_surface_for_agents_a_status_is_shown_instead(slack: SlackLoopback, services) -> None:
    slack.has_agents = True
    async with running(slack, WatchedServices(services, slow_s=3 * NOTE_AFTER_S)):
        ts = await slack.write("status", channel=DIRECT)
        await slack.until(lambda: slack.posts(DIRECT))
    [status] = slack.calls_of("assistant.threads.setStatus")
    assert status["channel_id"] == DIRECT
    assert status["thread_ts"] == ts
    assert not slack.calls_of("chat.update")


async def test_an_answer_that_never_comes_is_apologized_for() -> None:
    async def answer(seconds: float) -> Reply:
        await asyncio.sleep(seconds)
        return Reply(message=Message(blocks=(Paragraph(text="here"),)))

    # A fifteenth of a second stands for a minute: at once, soon, just in time, too late.
    minute_s = 1 / 15
    for waits_min, text in ((0.0, "here"), (4 / 60, "here"), (13.0, "here"), (15.02, TOO_SLOW)):
        reply = await in_time(answer(waits_min * minute_s), places=asyncio.Semaphore(1), patience_s=14 * minute_s)
        assert reply.message.blocks == (Paragraph(text=text),)
