"""What Discord registers is what the catalogue declares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from discord import Client, Intents, Object, app_commands

from bot.commands.catalogue import CATALOGUE
from bot.commands.context import Context
from bot.commands.declaring import Command, Help, options_of
from bot.model import Message
from bot.platforms.discord.commands import MENU_NAME, build_commands
from tests.platforms.discord.conftest import Bot
from tests.platforms.discord.loopback import APPLICATION, GUILD

TEXT, INTEGER, FLAG = 3, 4, 5
SUBCOMMAND = 1
MANAGE_GUILD = str(1 << 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ferry:
    name: Annotated[str, Help(text="Which ferry", complete="stories")]
    seats: Annotated[int, Help(text="How many seats", min=1, max=90)] = 2
    deck: Annotated[Literal["upper", "lower"], Help(text="Which deck")] = "upper"
    return_trip: Annotated[bool, Help(text="There and back")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    pass


async def _handle(arguments: Any, context: Context) -> Message:
    return Message(blocks=())


def _declared(name: str, arguments: type = Nothing, **more: Any) -> Command:
    return Command(name=name, help=f"About {name}", arguments=arguments, handle=_handle, example=f"/{name}", **more)


def test_options_are_typed_with_bounds_choices_and_completion() -> None:
    [ferry, _menu] = _payloads([_declared("ferry", Ferry)])
    name, seats, deck, return_trip = ferry["options"]
    assert (name["type"], name["required"], name["autocomplete"]) == (TEXT, True, True)
    assert (seats["type"], seats["min_value"], seats["max_value"]) == (INTEGER, 1, 90)
    assert [choice["value"] for choice in deck["choices"]] == ["upper", "lower"]
    assert (return_trip["type"], return_trip["required"]) == (FLAG, False)
    assert [option["description"] for option in ferry["options"]] == [o.help for o in options_of(_declared("f", Ferry))]


def test_subcommands_stand_in_one_group() -> None:
    [group, _menu] = _payloads([_declared("timetable add", Ferry), _declared("timetable list")])
    assert group["name"] == "timetable"
    assert [(option["name"], option["type"]) for option in group["options"]] == [
        ("add", SUBCOMMAND),
        ("list", SUBCOMMAND),
    ]


def test_admin_commands_are_hidden_from_everybody_else_by_default() -> None:
    declared = [_declared("close", who="admin"), _declared("quay open", who="admin"), _declared("look")]
    by_name = {payload["name"]: payload for payload in _payloads(declared)}
    permissions = {name: payload["default_member_permissions"] for name, payload in by_name.items()}
    assert permissions == {
        "close": int(MANAGE_GUILD), "quay": int(MANAGE_GUILD), "look": None, MENU_NAME: None,
    }  # fmt: skip


def test_commands_are_for_the_channels_of_servers_only() -> None:
    for payload in _payloads(CATALOGUE):
        assert payload["contexts"] == [0]
        assert payload["integration_types"] == [0]


def test_every_command_of_the_catalogue_is_registered_with_all_its_options() -> None:
    registered: dict[str, list[str]] = {}
    for payload in _payloads(CATALOGUE):
        subcommands = [option for option in payload.get("options", []) if option["type"] == SUBCOMMAND]
        for sub in subcommands:
            registered[f"{payload['name']} {sub['name']}"] = [option["name"] for option in sub.get("options", [])]
        if not subcommands and payload["name"] != MENU_NAME:
            registered[payload["name"]] = [option["name"] for option in payload.get("options", [])]
    assert registered == {command.name: [o.name for o in options_of(command)] for command in CATALOGUE}


async def test_commands_are_registered_everywhere_for_release(bot: Bot) -> None:
    async with bot.running():
        await bot.server.until(lambda: bot.server.commands)
    assert set(bot.server.commands) == {f"/applications/{APPLICATION}/commands"}


async def test_commands_are_registered_in_one_server_for_development(bot: Bot) -> None:
    async with bot.running(guild_ids=[int(GUILD)]):
        await bot.server.until(lambda: bot.server.commands)
    assert set(bot.server.commands) == {f"/applications/{APPLICATION}/guilds/{GUILD}/commands"}


async def test_a_command_registered_in_a_server_answers_there(bot: Bot) -> None:
    async with bot.running(guild_ids=[int(GUILD)]):
        await bot.server.until(lambda: bot.server.commands)
        token = await bot.server.interact(
            2, {"id": "1", "name": "help", "type": 1, "options": [], "guild_id": GUILD}, admin=False
        )
        assert await bot.server.answer_to(token)


@pytest.mark.parametrize("name", [command.name for command in CATALOGUE])
async def test_every_command_answers_privately_even_without_its_options(bot: Bot, name: str) -> None:
    async with bot.running():
        token = await bot.server.use_command(name, _required(name), admin=True)
        assert await bot.server.answer_to(token)
    assert bot.server.callbacks[token]["data"]["flags"] == 64


def _required(name: str) -> dict[str, object]:
    command = next(command for command in CATALOGUE if command.name == name)
    values: dict[str, object] = {"text": "bridge", "integer": 1, "flag": True}
    return {
        option.name: option.choices[0] if option.kind == "choice" else values[option.kind]
        for option in options_of(command)
        if option.required
    }


def _payloads(catalogue: Any) -> list[dict[str, Any]]:
    tree = app_commands.CommandTree(Client(intents=Intents.none()))
    commands = build_commands(catalogue, door=Object(0))
    return [command.to_dict(tree) for command in commands]
