"""Bad input through the real Discord client: each a helpful private answer, and nothing is carried out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import time

import pytest

from bot.model import Destination, PostState, Schedule
from bot.storage.archive import open_archive
from tests.platforms.bad_input import BAD_INPUT, EMPTY_ARCHIVE, NO_MATCH, BadInput
from tests.platforms.discord.conftest import Bot, StepClock, make_post
from tests.platforms.discord.loopback import CHANNEL, GUILD, LoopbackDiscord, buttons_in, texts_in

EPHEMERAL = 64
HERE = Destination(platform="discord", workspace=GUILD, channel=CHANNEL)
FOREIGN = Destination(platform="discord", workspace="900000000000000011", channel="900000000000000012")
FOREIGN_SCHEDULE = Schedule(id="f0e1", destination=FOREIGN, times=(time(6, 15),), weekdays=(), zone="Asia/Seoul")


async def answers(bot: Bot, cases: Mapping[str, BadInput]) -> dict[str, str]:
    """Ask for each, one after the other, and return what the one who asked was shown, and nobody else."""
    shown = {}
    for name, case in cases.items():
        token = await bot.server.use_command(case.name, dict(case.values), admin=case.is_admin)
        shown[name] = texts_in(await bot.server.answer_to(token)).replace("\\", "").replace("\u200b", "")
        assert bot.server.callbacks[token] == {"type": 5, "data": {"flags": EPHEMERAL}}
    return shown


def missing(cases: Mapping[str, BadInput], shown: dict[str, str]) -> dict[str, str]:
    """Return the answers that lack a word they must have, or speak of a failure of ours."""
    return {
        name: shown[name]
        for name, case in cases.items()
        if not all(word in shown[name] for word in case.says) or "Something broke" in shown[name]
    }


@pytest.fixture
async def empty_bot(server: LoopbackDiscord, clock: StepClock) -> AsyncIterator[Bot]:
    """A bot that has read nothing yet."""
    async with open_archive("sqlite:///:memory:", clock=clock) as archive:
        yield Bot(server, archive, clock)


async def test_what_is_typed_wrongly_is_explained_in_private_and_not_carried_out(bot: Bot) -> None:
    await bot.archive.save_schedule(FOREIGN_SCHEDULE)
    async with bot.running():
        shown = await answers(bot, BAD_INPUT)
        assert texts_in(await bot.server.answer_to(await bot.server.use_command("help")))
    assert missing(BAD_INPUT, shown) == {}
    assert await bot.archive.schedules() == [FOREIGN_SCHEDULE]
    assert bot.server.messages[CHANNEL] == []


async def test_before_the_first_article_every_command_says_so(empty_bot: Bot) -> None:
    async with empty_bot.running():
        shown = await answers(empty_bot, EMPTY_ARCHIVE)
    assert missing(EMPTY_ARCHIVE, shown) == {}
    assert not [answer for answer in shown.values() if "Post to channel" in answer]


async def test_what_nothing_was_read_about_is_said_to_be_unknown(bot: Bot) -> None:
    async with bot.running():
        shown = await answers(bot, NO_MATCH)
    assert missing(NO_MATCH, shown) == {}
    # There is nothing in it that anybody else would want to see.
    assert not [answer for answer in shown.values() if "Post to channel" in answer]


async def test_posts_and_schedules_of_another_server_are_out_of_reach(bot: Bot) -> None:
    await bot.archive.save_schedule(FOREIGN_SCHEDULE)
    post = replace(make_post('{"components": []}', bot.clock, state=PostState.PARKED), destination=FOREIGN)
    await bot.archive.enqueue([post])
    await bot.archive.update(post, expected=PostState.PENDING)
    async with bot.running():
        status = await bot.server.answer_to(await bot.server.use_command("status", admin=True))
        assert "Post again" not in buttons_in(status)
        assert post.marker not in texts_in(status)
        for verb in ("again", "settled"):
            forged = {"type": 2, "style": 2, "label": "x", "custom_id": f"newsbot:{verb}:{post.id}"}
            message = {**status, "components": [{"type": 1, "components": [forged]}]}
            pressed = await bot.server.press(forged["custom_id"], message, admin=True)
            assert "no such post" in texts_in(await bot.server.answer_to(pressed))
        for verb in ("pause", "resume", "remove", "preview"):
            token = await bot.server.use_command(f"schedule {verb}", {"id": "f0e1"}, admin=True)
            assert "no schedule" in texts_in(await bot.server.answer_to(token))
        callback = await bot.server.callback_to(await bot.server.type_option("schedule pause", "id", "", admin=True))
        assert callback["data"]["choices"] == []
    assert (await bot.archive.post(post.id)).state is PostState.PARKED
    assert await bot.archive.schedules() == [FOREIGN_SCHEDULE]
