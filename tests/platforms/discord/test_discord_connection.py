"""The gateway comes and goes; the bot comes back, and posts meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import Unavailable
from bot.model import Article, Destination, Message, Paragraph
from bot.platforms.discord.connection import MAX_IDENTIFIES_A_DAY, IdentifyBudget, Shards
from bot.ports import Limited, Posted
from tests.platforms.discord.conftest import Bot, make_post
from tests.platforms.discord.loopback import CHANNEL, GUILD, READER, Fault, limited, texts_in

GUILDS_INTENT = 1
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def _answers(bot: Bot) -> bool:
    return bool(texts_in(await bot.server.answer_to(await bot.server.use_command("help"))))


async def test_it_asks_for_no_privileged_intent(bot: Bot) -> None:
    async with bot.running():
        assert bot.server.identifies[0]["intents"] == GUILDS_INTENT


async def test_a_dropped_gateway_is_resumed(bot: Bot) -> None:
    async with bot.running() as platform:
        await bot.server.close_gateway(4000)
        await bot.server.until(lambda: bot.server.resumes == 1 and platform.connected)
        assert await _answers(bot)
    assert len(bot.server.identifies) == 1


async def test_a_request_to_reconnect_is_followed(bot: Bot) -> None:
    async with bot.running():
        await bot.server.send_op(7)
        await bot.server.until(lambda: bot.server.resumes == 1)
        assert await _answers(bot)


async def test_an_invalid_session_is_begun_anew(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    _hurry_library(monkeypatch)
    async with bot.running():
        await bot.server.send_op(9, False)
        await bot.server.until(lambda: len(bot.server.identifies) == 2)
        assert await _answers(bot)


@pytest.mark.parametrize("code", [4004, 4013, 1011])
async def test_a_gateway_that_hangs_up_for_good_is_supervised(bot: Bot, code: int) -> None:
    async with bot.running() as platform:
        await bot.server.close_gateway(code)
        await bot.server.until(lambda: len(bot.server.identifies) + bot.server.resumes == 2 and platform.connected)
        assert await _answers(bot)


async def test_a_gateway_that_closes_during_the_first_connect_is_supervised(bot: Bot) -> None:
    bot.server.close_next_hello = True
    async with bot.running():
        assert await _answers(bot)
    assert len(bot.server.sockets) >= 2


async def test_a_discord_that_is_down_at_start_is_tried_again(bot: Bot) -> None:
    bot.server.faults += [Fault(method="GET", path="/users/@me") for _ in range(4)]
    async with bot.running():
        assert await _answers(bot)


async def test_a_refused_token_keeps_the_platform_waiting_until_it_is_stopped(bot: Bot) -> None:
    bot.server.token_valid = False
    stop = asyncio.Event()
    platform = bot.platform()
    task = asyncio.create_task(platform.run(stop))
    await bot.server.until(lambda: len(bot.server.requests_to("GET", "/users/@me")) >= 2)
    await asyncio.sleep(0.1)
    assert not task.done()
    stop.set()
    await asyncio.wait_for(task, 5)
    await platform.close()
    assert bot.server.identifies == []


async def test_posts_go_out_without_a_gateway(bot: Bot) -> None:
    platform = bot.platform()
    [payload] = platform.publisher.render(Message(blocks=(Paragraph(text="News digest"),)), marker="nb-1f3a")
    assert isinstance(await platform.publisher.post(make_post(payload, bot.clock)), Posted)
    assert bot.server.sockets == []
    await platform.close()


async def test_registration_that_is_limited_holds_up_nothing(bot: Bot) -> None:
    bot.server.faults.append(limited("PUT", "/applications/.*", retry_after_s=3_600))
    async with bot.running():
        assert await _answers(bot)


async def test_registration_that_fails_is_tried_at_the_next_connection(bot: Bot) -> None:
    bot.server.faults.append(
        Fault(method="PUT", path="/applications/.*", status=403, body={"message": "no", "code": 50001})
    )
    async with bot.running() as platform:
        await bot.server.until(lambda: bot.server.requests_to("PUT", "/applications/.*"))
        await bot.server.close_gateway(4013)
        await bot.server.until(lambda: bot.server.commands and platform.connected)


async def test_commands_are_registered_once_a_process(bot: Bot) -> None:
    async with bot.running() as platform:
        await bot.server.until(lambda: bot.server.commands)
        await asyncio.sleep(0.1)  # the client takes in that they are registered
        await bot.server.close_gateway(4013)
        await bot.server.until(lambda: len(bot.server.identifies) == 2 and platform.connected)
        assert await _answers(bot)
    assert len(bot.server.requests_to("PUT", "/applications/.*")) == 1


async def test_no_session_is_begun_when_discord_has_few_left_for_today(bot: Bot) -> None:
    bot.server.session_start_limit |= {"remaining": 200, "reset_after": 60_000}
    stop = asyncio.Event()
    platform = bot.platform()
    task = asyncio.create_task(platform.run(stop))
    await bot.server.until(lambda: bot.server.requests_to("GET", "/gateway/bot"))
    await asyncio.sleep(0.1)
    assert bot.server.sockets == []
    stop.set()
    await asyncio.wait_for(task, 5)
    await platform.close()


def test_sessions_stop_at_800_in_any_24_hours() -> None:
    budget = IdentifyBudget()
    for second in range(MAX_IDENTIFIES_A_DAY):
        budget.record(NOON + timedelta(seconds=second))
    with pytest.raises(Unavailable):
        budget.record(NOON + timedelta(hours=1))
    assert budget.wait_s(NOON + timedelta(hours=1)) == 23 * 3_600
    budget.record(NOON + timedelta(hours=24))


async def test_a_client_of_several_shards_answers_too(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    _hurry_library(monkeypatch)
    async with bot.running(shards=Shards()):
        await bot.server.until(lambda: len(bot.server.identifies) == 2)
        assert [identify["shard"] for identify in bot.server.identifies] == [[0, 2], [1, 2]]
        assert await _answers(bot)


async def test_each_of_two_processes_has_its_own_shards_and_one_of_them_registers_the_commands(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hurry_library(monkeypatch)
    async with bot.running(shards=Shards(count=5, ids=(0, 2))):
        await bot.server.until(lambda: len(bot.server.identifies) == 2)
        async with bot.running(shards=Shards(count=5, ids=(1, 3, 4))):
            await bot.server.until(lambda: len(bot.server.identifies) == 5)
            await bot.server.until(lambda: bot.server.commands)
            # The last one connected is one of the second process's: interactions come to whoever has the guild.
            assert await _answers(bot)
    shards = [tuple(identify["shard"]) for identify in bot.server.identifies]
    assert sorted(shards[:2]) == [(0, 5), (2, 5)]
    assert sorted(shards[2:]) == [(1, 5), (3, 5), (4, 5)]
    assert len(bot.server.requests_to("PUT", "/applications/.*")) == 1


async def test_the_owner_of_a_server_is_told_in_a_direct_message(bot: Bot) -> None:
    platform = bot.platform()
    await platform.notify_admin(
        Destination(platform="discord", workspace=GUILD, channel=CHANNEL), "I may not post there."
    )
    [request] = bot.server.requests_to("POST", "/users/@me/channels")
    [message] = bot.server.messages["900000000000000099"]
    assert request.body == {"recipient_id": READER}
    assert "I may not post there." in texts_in(message)
    await platform.close()


async def test_an_owner_who_takes_no_messages_raises_nothing(bot: Bot) -> None:
    platform = bot.platform()
    bot.server.faults.append(Fault(method="POST", path=r"/channels/\d+/messages", status=403, body={"code": 50007}))
    await platform.notify_admin(
        Destination(platform="discord", workspace=GUILD, channel=CHANNEL), "I may not post there."
    )
    await platform.close()


async def test_an_answer_under_way_is_finished_when_the_bot_stops(bot: Bot) -> None:
    async def write_slowly(articles: Sequence[Article]) -> None:
        await asyncio.sleep(0.2)

    bot.ensure_written = write_slowly
    async with bot.running():
        token = await bot.server.use_command("digest")
        await bot.server.callback_to(token)
    assert "Bridge opens" in texts_in(bot.server.answers[token][0])


async def test_a_delivery_under_way_is_finished_after_the_gateway_is_closed(bot: Bot) -> None:
    platform = bot.platform()
    stop = asyncio.Event()
    stop.set()
    await platform.run(stop)
    [payload] = platform.publisher.render(Message(blocks=(Paragraph(text="News digest"),)), marker="nb-1f3a")
    assert isinstance(await platform.publisher.post(make_post(payload, bot.clock)), Posted)
    await platform.close()
    assert isinstance(await platform.publisher.post(make_post(payload, bot.clock)), Limited)


async def test_stopping_leaves_no_task_behind(bot: Bot) -> None:
    before = asyncio.all_tasks()
    async with bot.running():
        assert await _answers(bot)
    await asyncio.sleep(0.05)
    left = {
        task for task in asyncio.all_tasks() - before if "loopback" not in repr(task) and "aiohttp" not in repr(task)
    }
    assert left == set()


def _hurry_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out the five seconds that discord.py waits before each further session."""
    monkeypatch.setattr("discord.client.asyncio.sleep", _hurried(asyncio.sleep))


def _hurried(sleep: Callable[..., Any]) -> Callable[..., Any]:
    async def hurried(seconds: float, result: object = None) -> object:
        return await sleep(min(seconds, 0.01), result)

    return hurried
