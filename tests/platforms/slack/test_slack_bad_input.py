"""Bad input through the real Bolt client: each a helpful private answer, and nothing is carried out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import time

import pytest

from bot.model import Destination, Schedule
from bot.platforms.slack.connection import SlackPlatform
from bot.storage.archive import open_archive
from tests.platforms.bad_input import BAD_INPUT, EMPTY_ARCHIVE, NO_MATCH, BadInput
from tests.platforms.slack.conftest import RealServices
from tests.platforms.slack.slack_limits import texts_of
from tests.platforms.slack.slack_loopback import ADMIN, CHANNEL, READER, SlackLoopback

FOREIGN = Destination(platform="slack", workspace="T0ELSEWHERE", channel=CHANNEL)
FOREIGN_SCHEDULE = Schedule(id="f0e1", destination=FOREIGN, times=(time(6, 15),), weekdays=(), zone="Asia/Seoul")
SLACKS_NAMES = {"/search": "/news-search", "/status": "/news-status", "/help": "/news-help"}
UNKNOWN = {
    "serch bakers": ("/news-search",),
    "frobnicate the harbour": ("/frobnicate", "/news-help"),
    "schedule": ("/schedule add",),
    "schedule ad 08:00": ("/schedule add",),
}
"""Commands that nobody knows, and what the answer offers."""


async def answers(slack: SlackLoopback, cases: Mapping[str, BadInput]) -> dict[str, str]:
    """Ask for each, one after the other, and return what the one who asked was shown, and nobody else."""
    shown = {}
    for name, case in cases.items():
        user = ADMIN if case.is_admin else READER
        answer = await slack.answer_to(await slack.type_command("/newsbot", case.text, user=user))
        assert answer["response_type"] == "ephemeral"
        shown[name] = "\n".join(texts_of(answer["blocks"]))
    return shown


def missing(cases: Mapping[str, BadInput], shown: dict[str, str]) -> dict[str, str]:
    """Return the answers that lack a word they must have, or speak of a failure of ours."""
    return {
        name: shown[name]
        for name, case in cases.items()
        if not all(SLACKS_NAMES.get(word, word) in shown[name] for word in case.says)
        or "Something broke" in shown[name]
    }


class NothingRead:
    """The tests whose archive has no article in it."""

    @pytest.fixture
    async def services(self) -> AsyncIterator[RealServices]:
        """Contexts on an empty archive."""
        async with open_archive("sqlite:///:memory:") as archive:
            yield RealServices(archive)


class TestNothingRead(NothingRead):
    """Before the first article."""

    async def test_every_command_says_that_nothing_was_read_yet(
        self, platform: SlackPlatform, slack: SlackLoopback
    ) -> None:
        shown = await answers(slack, EMPTY_ARCHIVE)
        assert missing(EMPTY_ARCHIVE, shown) == {}


async def test_what_is_typed_wrongly_is_explained_in_private_and_not_carried_out(
    platform: SlackPlatform, slack: SlackLoopback, services: RealServices
) -> None:
    await services.archive.save_schedule(FOREIGN_SCHEDULE)
    shown = await answers(slack, BAD_INPUT)
    assert missing(BAD_INPUT, shown) == {}
    assert await services.archive.schedules() == [FOREIGN_SCHEDULE]
    assert slack.posts() == []


async def test_what_nothing_was_read_about_is_said_to_be_unknown(platform: SlackPlatform, slack: SlackLoopback) -> None:
    shown = await answers(slack, NO_MATCH)
    assert missing(NO_MATCH, shown) == {}
    # There is nothing in it that anybody else would want to see.
    assert not [answer for answer in shown.values() if "Share" in answer]


async def test_a_command_that_nobody_knows_names_those_that_are_meant(
    platform: SlackPlatform, slack: SlackLoopback
) -> None:
    for text, offers in UNKNOWN.items():
        answer = await slack.answer_to(await slack.type_command("/newsbot", text, user=ADMIN))
        shown = "\n".join(texts_of(answer["blocks"]))
        assert answer["response_type"] == "ephemeral"
        assert all(offer in shown for offer in offers), f"{text}: {shown}"
