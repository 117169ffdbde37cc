"""Discord's commands, derived from the catalogue: typed options, choices, completion, groups and permissions.

What a command takes and does is declared once, in the commands' room; nothing here knows any of them by name.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Literal

import discord
import structlog
from discord import app_commands

from bot.commands.declaring import Command, Option, options_of
from bot.platforms.discord.answering import Door
from bot.platforms.discord.neutralizing import clip
from bot.platforms.discord.rendering import CUSTOM_ID_PREFIX, texts_of
from bot.text.normalizing import strip_hidden

log = structlog.get_logger()

MAX_DESCRIPTION_UNITS = 100
MAX_ABOUT_UNITS = 300
"""UTF-16 units of a message that a question is asked about, put into the form to be edited."""

MENU_NAME = "Ask about this"

Interaction = discord.Interaction[Any]

_GUILDS_ONLY = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
_SERVER_INSTALL = app_commands.AppInstallationType(guild=True, user=False)
_ADMIN = discord.Permissions(manage_guild=True)
_TYPES: dict[str, Any] = {"text": str, "integer": int, "flag": bool}


def build_commands(
    catalogue: Sequence[Command], door: Door
) -> list[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu]:
    """Return what Discord registers: a command each, subcommands gathered in groups, and the menu on messages."""
    alone = [command for command in catalogue if " " not in command.name]
    grouped: dict[str, list[Command]] = defaultdict(list)
    for command in catalogue:
        if " " in command.name:
            grouped[command.name.split(" ", 1)[0]].append(command)
    return [
        *(_command(command, door) for command in alone),
        *(_group(name, members, door) for name, members in grouped.items()),
        _menu(door),
    ]


def button_class(door: Door) -> type[discord.ui.DynamicItem[discord.ui.Button[Any]]]:
    """Return the class of every button of ours, of any message ever posted: its custom_id says all there is to know."""

    class ActionButton(
        discord.ui.DynamicItem[discord.ui.Button[Any]], template=rf"(?s:{CUSTOM_ID_PREFIX}(?P<action>.+))"
    ):
        def __init__(self, item: discord.ui.Button[Any], action: str) -> None:
            super().__init__(item)
            self.action = action

        @classmethod
        async def from_custom_id(cls, interaction: Interaction, item: Any, match: Any, /) -> ActionButton:
            return cls(item, match["action"])

        async def callback(self, interaction: Interaction) -> Any:
            await door.press_button(interaction, self.action)

    return ActionButton


def _command(command: Command, door: Door) -> app_commands.Command[Any, ..., Any]:
    alone = " " not in command.name
    built: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=command.name.rsplit(" ", 1)[-1],
        description=clip(command.help, MAX_DESCRIPTION_UNITS),
        callback=_callback(command, door),
        allowed_contexts=_GUILDS_ONLY if alone else None,
        allowed_installs=_SERVER_INSTALL if alone else None,
    )
    if alone and command.who == "admin":
        built.default_permissions = _ADMIN
    for option in options_of(command):
        if option.complete is not None and option.kind == "text":
            built.autocomplete(option.name)(_completion(command.name, option.name, door))
    return built


def _group(name: str, members: Sequence[Command], door: Door) -> app_commands.Group:
    subcommands = ", ".join(member.name.split(" ", 1)[1] for member in members)
    group = app_commands.Group(
        name=name,
        description=clip(f"{name.capitalize()}: {subcommands}", MAX_DESCRIPTION_UNITS),
        allowed_contexts=_GUILDS_ONLY,
        allowed_installs=_SERVER_INSTALL,
        default_permissions=_ADMIN if all(member.who == "admin" for member in members) else None,
    )
    for member in members:
        group.add_command(_command(member, door))
    return group


def _callback(command: Command, door: Door) -> Any:
    """Return a coroutine function with the signature that discord.py reads the options from."""

    async def callback(interaction: Interaction, **values: Any) -> None:
        given = {name: value for name, value in values.items() if value is not None}
        await door.run_command(interaction, command.name, given)

    options = options_of(command)
    parameters = [
        inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction),
        *(_parameter(option) for option in options),
    ]
    callback.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    if options:
        described = {option.name: clip(option.help, MAX_DESCRIPTION_UNITS) for option in options}
        app_commands.describe(**described)(callback)
    return callback


def _parameter(option: Option) -> inspect.Parameter:
    annotation = _TYPES.get(option.kind)
    if option.kind == "choice":
        annotation = Literal[option.choices]
    elif option.kind == "integer" and (option.min is not None or option.max is not None):
        annotation = app_commands.Range[int, option.min, option.max]
    # A text that is too long gets our own answer, which says what to do; Discord's would not.
    return inspect.Parameter(
        option.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        annotation=annotation,
        default=inspect.Parameter.empty if option.required else None,
    )


def _completion(command: str, option: str, door: Door) -> Any:
    async def suggest(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return await door.suggest(interaction, command, option, typed)

    return suggest


def _menu(door: Door) -> app_commands.ContextMenu:
    async def ask_about(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await door.open_question(interaction, about=_about(message))

    return app_commands.ContextMenu(
        name=MENU_NAME,
        callback=ask_about,
        allowed_contexts=_GUILDS_ONLY,
        allowed_installs=_SERVER_INSTALL,
    )


def _about(message: discord.Message) -> str:
    texts = [message.content, *texts_of(_raw(message.components))]
    plain = discord.utils.remove_markdown(" ".join(strip_hidden(" ".join(texts)).split())).strip()
    return f"What else is known about this: {clip(plain, MAX_ABOUT_UNITS)}" if plain else ""


def _raw(components: Sequence[Any]) -> list[dict[str, Any]]:
    return [dict(component.to_dict()) for component in components]
