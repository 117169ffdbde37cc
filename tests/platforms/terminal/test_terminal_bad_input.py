"""Bad input in the terminal: one helpful answer, exit code 2 where it is refused, and nothing is carried out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from bot.commands.context import Context
from bot.model import Caller
from bot.platforms.terminal.chatting import show_reply
from bot.platforms.terminal.commands import DONE, FAILED, TERMINAL_DESTINATION
from bot.storage.archive import SqlArchive, open_archive
from bot.summaries.extractive import summarize_article
from tests.platforms.bad_input import BAD_INPUT, EMPTY_ARCHIVE, NO_MATCH, BadInput
from tests.platforms.discord.conftest import StepClock
from tests.storage.archive_parts import BRIDGE, make_article

ASKED_OF_READERS = ("a schedule by a reader", "a filter by a reader")
"""In the terminal everybody is an admin."""
AS_TYPED_HERE = {"/digest since:7d": "newsbot digest since:7d"}


def context_on(archive: SqlArchive) -> Context:
    """Return the context of a command in the terminal."""
    caller = Caller(destination=TERMINAL_DESTINATION, user="me", is_admin=True)
    return Context(caller=caller, archive=archive, desk=archive, outbox=archive, clock=StepClock())


@pytest.fixture
async def archive() -> AsyncIterator[SqlArchive]:
    async with open_archive("sqlite:///:memory:") as opened:
        yield opened


async def answers(
    cases: Mapping[str, BadInput], archive: SqlArchive, capsys: pytest.CaptureFixture[str]
) -> dict[str, tuple[int, str]]:
    """Return exit code and output of each."""
    shown = {}
    for name, case in cases.items():
        code = await show_reply(case.text, context_on(archive))
        shown[name] = (code, " ".join(capsys.readouterr().out.split()))
    return shown


def missing(cases: Mapping[str, BadInput], shown: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Return the answers that lack a word they must have, or speak of a failure of ours."""
    return {
        name: (code, text)
        for name, (code, text) in shown.items()
        if not all(word in text or AS_TYPED_HERE.get(word, "\0") in text for word in cases[name].says)
        or "Something broke" in text
    }


async def test_what_is_typed_wrongly_is_explained_and_not_carried_out(
    archive: SqlArchive, capsys: pytest.CaptureFixture[str]
) -> None:
    article = make_article("bridge.txt", BRIDGE, title="Bridge opens")
    await archive.save_articles([], [article], [summarize_article(article)])
    cases = {name: case for name, case in BAD_INPUT.items() if name not in ASKED_OF_READERS}
    shown = await answers(cases, archive, capsys)
    assert missing(cases, shown) == {}
    assert {code for code, _ in shown.values()} == {FAILED}
    assert await archive.schedules() == []


async def test_before_the_first_article_every_command_says_so(
    archive: SqlArchive, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = {name: case for name, case in EMPTY_ARCHIVE.items() if name != "schedule preview"}
    assert missing(cases, await answers(cases, archive, capsys)) == {}
    code, text = (await answers({"preview": EMPTY_ARCHIVE["schedule preview"]}, archive, capsys))["preview"]
    assert code == DONE
    assert "NEWSBOT_DIGEST__AT" in text


async def test_what_nothing_was_read_about_is_said_to_be_unknown(
    archive: SqlArchive, capsys: pytest.CaptureFixture[str]
) -> None:
    article = make_article("bridge.txt", BRIDGE, title="Bridge opens")
    await archive.save_articles([], [article], [summarize_article(article)])
    shown = await answers(NO_MATCH, archive, capsys)
    assert missing(NO_MATCH, shown) == {}
