"""Staying connected by Socket Mode: goodbyes, dropped sockets, silent ones, refused tokens, a Slack that is down."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from bot.platforms.slack.connection import SlackPlatform
from tests.platforms.slack.conftest import RealServices
from tests.platforms.slack.slack_loopback import (
    APP_TOKEN,
    BOT_TOKEN,
    CHANNEL,
    READER,
    TEAM,
    SlackLoopback,
    hang,
    refuse,
)

PING_S = 0.25
"""A dead connection is noticed soon; a busy machine may take a living one for dead, which is built anew, too."""


@pytest.fixture
async def platform(slack: SlackLoopback, services: RealServices) -> AsyncIterator[SlackPlatform]:
    """The bot, connected, that looks at its connection often."""
    bot = make_platform(slack, services)
    async with running(bot):
        await slack.until(lambda: slack.connections)
        yield bot


@contextlib.asynccontextmanager
async def running(platform: SlackPlatform) -> AsyncIterator[asyncio.Task[None]]:
    """Run a platform until the block ends."""
    stop = asyncio.Event()
    task = asyncio.create_task(platform.run(stop))
    try:
        yield task
    finally:
        stop.set()
        async with asyncio.timeout(15):
            await task


def make_platform(slack: SlackLoopback, services, *, bot: str = BOT_TOKEN, app: str = APP_TOKEN) -> SlackPlatform:
    return SlackPlatform(bot, app, services, base_url=f"{slack.base_url}/api/", ping_interval_s=PING_S)


async def test_the_bot_says_who_it_is_and_connects(platform: SlackPlatform, slack: SlackLoopback) -> None:
    assert [method for method, _ in slack.calls] == ["auth.test", "apps.connections.open"]
    assert platform.connected


async def test_after_slacks_goodbye_the_next_command_is_answered(platform: SlackPlatform, slack: SlackLoopback) -> None:
    await slack.hang_up(say_why=True)
    await slack.until(lambda: slack.connections >= 2)
    await slack.answer_to(await slack.type_command("/news-search", "bridge"))


async def test_after_a_dropped_socket_the_next_command_is_answered(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    for number in (2, 3):
        await slack.hang_up()
        await slack.until(lambda number=number: slack.connections >= number)
        await slack.answer_to(await slack.type_command("/news-search", "bridge"))


async def test_a_silent_connection_is_built_anew(platform: SlackPlatform, slack: SlackLoopback) -> None:
    slack.answers_pings = False
    await slack.until(lambda: slack.connections >= 2)
    slack.answers_pings = True
    await slack.until(lambda: platform.connected)
    await slack.answer_to(await slack.type_command("/news-search", "bridge"))


async def test_a_silent_connection_is_built_anew_also_when_the_clock_was_set_back(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    slack.answers_pings = False
    with time_machine.travel(datetime.now(UTC), tick=True) as clock:
        clock.shift(timedelta(hours=-6))
        await slack.until(lambda: slack.connections >= 2)
        slack.answers_pings = True
        await slack.answer_to(await slack.type_command("/news-search", "bridge"))


async def test_an_address_that_has_expired_is_not_tried_for_ever(
    platform: SlackPlatform, slack: SlackLoopback, caplog: pytest.LogCaptureFixture
) -> None:
    slack.dead_tickets = 1
    await slack.hang_up()
    await slack.until(lambda: slack.connections >= 2)
    await slack.answer_to(await slack.type_command("/news-search", "bridge"))
    assert "dead-secret" not in caplog.text
    assert "Failed to connect" in caplog.text


async def test_what_was_acknowledged_before_a_drop_is_still_answered(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    address = await slack.type_command("/news-search", "bridge")
    await slack.hang_up()
    await slack.answer_to(address)
    assert len(slack.answers_to(address)) == 1


async def test_what_is_delivered_again_after_a_reconnect_is_answered_once(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    event = {"type": "app_mention", "user": READER, "text": "<@U0BOT> Who opened the bridge?", "ts": slack.next_ts(),
             "channel": CHANNEL}  # fmt: skip
    await slack.event(event, event_id="Ev-twice")
    await slack.hang_up()
    await slack.until(lambda: slack.connections >= 2)
    await slack.event(event, event_id="Ev-twice")
    await slack.until(slack.posts)
    await slack.answer_to(await slack.type_command("/news-status"))
    assert len(slack.posts()) == 1


async def test_a_slack_that_is_down_at_first_is_connected_to_later(slack: SlackLoopback, services) -> None:
    slack.fail_next("auth.test", refuse("internal_error", status=503))
    async with running(make_platform(slack, services)):
        await slack.until(lambda: slack.connections)


async def test_a_refused_token_neither_raises_nor_hammers(
    slack: SlackLoopback, services, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), capture_logs() as told:
        async with running(make_platform(slack, services, bot="xoxb-revoked-secret", app="xapp-secret")) as task:
            await asyncio.sleep(0.5)
            assert not task.done()
    assert "invalid_auth" in str(told)
    assert "revoked-secret" not in str(told) + caplog.text
    assert slack.connections == 0


async def test_a_refused_app_token_neither_raises_nor_leaks(
    slack: SlackLoopback, services, caplog: pytest.LogCaptureFixture
) -> None:
    platform = make_platform(slack, services, app="xapp-wrong-secret")
    with capture_logs() as told:
        async with running(platform) as task:
            await asyncio.sleep(0.5)
            assert not task.done()
            assert not platform.connected
    assert "wrong-secret" not in str(told) + caplog.text
    assert len(slack.calls_of("auth.test")) == 1


async def test_stopping_lets_the_answers_under_way_end(slack: SlackLoopback, services) -> None:
    async with running(make_platform(slack, services)):
        await slack.until(lambda: slack.connections)
        address = await slack.type_command("/news-search", "bridge")
    assert len(slack.answers_to(address)) == 1


async def test_stopping_does_not_wait_for_a_slack_that_hangs(slack: SlackLoopback, services) -> None:
    slack.fail_next("apps.connections.open", hang(20, accept=True))
    stop = asyncio.Event()
    task = asyncio.create_task(make_platform(slack, services).run(stop))
    await slack.until(lambda: slack.calls_of("apps.connections.open"))
    stop.set()
    async with asyncio.timeout(10):
        await task


async def test_stopping_while_slack_is_down_is_quick(unused_tcp_port: int, services) -> None:
    platform = SlackPlatform(BOT_TOKEN, APP_TOKEN, services, base_url=f"http://127.0.0.1:{unused_tcp_port}/api")
    async with running(platform) as task:
        await asyncio.sleep(0.2)
        assert not task.done()


async def test_twenty_drops_in_a_row_lose_no_later_command(platform: SlackPlatform, slack: SlackLoopback) -> None:
    for _ in range(20):
        seen = slack.connections
        await slack.hang_up(say_why=True)
        await slack.until(lambda seen=seen: slack.connections > seen)
    await slack.answer_to(await slack.type_command("/news-search", "bridge"))


def test_the_clients_of_slack_are_imported_in_this_room_only() -> None:
    code = "import sys, bot.__main__; sys.exit(any(m.startswith(('slack_sdk', 'slack_bolt')) for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


async def test_a_request_from_another_workspace_is_acknowledged_and_left_out(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    event = {"type": "app_mention", "user": READER, "text": "<@U0BOT> hi", "ts": slack.next_ts(), "channel": CHANNEL}
    await slack.event(event, team="T0ELSEWHERE")
    await slack.answer_to(await slack.type_command("/news-status", team=TEAM))
    assert slack.posts() == []
