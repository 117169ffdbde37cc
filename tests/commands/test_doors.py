"""Every command of the catalogue through every door: Discord, Slack, the terminal and the web page."""

from __future__ import annotations

import json
import shlex
import warnings
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    from bot.platforms.discord.commands import build_commands

from bot.__main__ import cli
from bot.commands.catalogue import CATALOGUE
from bot.commands.declaring import Command, bind, options_of
from bot.commands.dispatch import dispatch_text
from bot.commands.parsing import parse_command
from bot.errors import BadRequest
from bot.model import Destination
from bot.platforms.slack import doors as slack
from bot.platforms.slack.manifest import manifest_text
from bot.platforms.terminal import doors as terminal
from bot.platforms.terminal.chatting import writes
from bot.platforms.terminal.commands import TERMINAL_DESTINATION
from bot.platforms.web.chat import show_commands
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import make_context, shown

NAMES = [command.name for command in CATALOGUE]


@pytest.fixture(params=CATALOGUE, ids=NAMES)
def command(request: pytest.FixtureRequest) -> Command:
    """Each command in turn."""
    found: Command = request.param
    return found


class NobodysDoor:
    """Stands in a declaration; nobody calls through it."""


def test_discord_has_the_command_with_each_of_its_options(command: Command) -> None:
    declared = {one.name: one for one in build_commands(CATALOGUE, NobodysDoor())}  # type: ignore[arg-type]
    group, _, name = command.name.partition(" ")
    one: Any = declared[group].get_command(name) if name else declared[group]
    assert [parameter.name for parameter in one.parameters] == [option.name for option in options_of(command)]
    assert [parameter.required for parameter in one.parameters] == [option.required for option in options_of(command)]


def test_slack_has_a_slash_command_that_leads_to_it(command: Command) -> None:
    top, _, rest = command.name.partition(" ")
    slash = slack.slash_of(top)
    assert slash in manifest_text(CATALOGUE)
    assert slack.command_text(slash, rest, CATALOGUE) == command.name


def test_the_terminal_has_a_subcommand_that_leads_to_it(command: Command) -> None:
    names = {one.name or one.callback.__name__ for one in cli.registered_commands if one.callback}
    assert command.name.partition(" ")[0] in names
    # As a shell splits the example, and as the program gets it.
    words = shlex.split(command.example.removeprefix("/"))
    parsed, values = parse_command(terminal.command_text(words, CATALOGUE))
    assert parsed is command
    assert bind(command, values) == bind(command, parse_command(command.example)[1])
    assert writes(command.name) is command.changes


async def test_the_web_page_declares_it_with_each_of_its_options(command: Command) -> None:
    declared = json.loads((await show_commands(None)).text or "")  # type: ignore[arg-type]
    [one] = [entry for entry in declared if entry["name"] == command.name]
    assert [option["name"] for option in one["options"]] == [option.name for option in options_of(command)]


def test_only_commands_for_admins_change_a_channel(command: Command) -> None:
    assert command.who == "admin" or not command.changes


async def test_its_help_can_be_read_in_the_terminals_words(command: Command, archive: SqlArchive) -> None:
    context = make_context(archive, platform="terminal", workspace="local", channel="terminal")
    reply = await dispatch_text(f"help {command.name}", context)
    assert not reply.failed
    text = shown(terminal.in_terminals_words(reply.message, CATALOGUE, own=True))
    assert f"newsbot {command.name}" in text
    assert f"/{command.name}" not in text


def test_a_value_of_several_words_survives_the_shell() -> None:
    words = ["schedule", "add", "08:00", "weekdays", "topics:harbour, ferry", "zone:Europe/Berlin"]
    _, values = parse_command(terminal.command_text(words, CATALOGUE))
    assert values == {"at": "08:00 weekdays", "topics": "harbour, ferry", "zone": "Europe/Berlin"}


def test_a_question_with_a_colon_stays_a_question() -> None:
    words = ["ask", "Ferry: when does it sail?"]
    assert terminal.command_text(words, CATALOGUE) == "ask Ferry: when does it sail?"


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("discord:1:22", Destination(platform="discord", workspace="1", channel="22")),
        ("slack:T01:C02", Destination(platform="slack", workspace="T01", channel="C02")),
    ],
)
def test_a_channel_is_named_by_its_ids(text: str, channel: Destination) -> None:
    assert terminal.parse_channel(text) == channel


@pytest.mark.parametrize(
    "text", ["", "news", "discord:news:general", "slack:1:2", "discord:1", "irc:1:2", "discord:1:2:3"]
)
def test_what_names_no_channel_is_refused_with_the_forms_that_do(text: str) -> None:
    with pytest.raises(BadRequest, match="discord:SERVER:CHANNEL or slack:TEAM:CHANNEL"):
        terminal.parse_channel(text)


async def test_the_terminal_without_a_schedule_is_told_where_its_times_come_from(archive: SqlArchive) -> None:
    here = TERMINAL_DESTINATION
    context = make_context(archive, platform=here.platform, workspace=here.workspace, channel=here.channel)
    assert "NEWSBOT_DIGEST__AT" in shown(await dispatch_text("schedule list", context))
