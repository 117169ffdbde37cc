"""Declarations: every command is one that each platform accepts, and its arguments are checked before it runs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

from bot.commands.catalogue import CATALOGUE, find_command, readme_table
from bot.commands.declaring import Command, Help, bind, options_of
from bot.errors import BadRequest, NotFound
from bot.model import Message

NAMES = [command.name for command in CATALOGUE]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleArguments:
    """One argument of each kind."""

    title: Annotated[str, Help("A title", max=10)]
    size: Annotated[int, Help("How many", min=1, max=9)] = 3
    loud: Annotated[bool, Help("Loud or not")] = False
    view: Annotated[Literal["clean", "raw"], Help("Which view")] = "clean"


async def _nothing(_: object, __: object) -> Message:
    return Message(blocks=())


SAMPLE = Command(name="sample", help="Tries", arguments=SampleArguments, handle=_nothing, example="/sample x")


@pytest.mark.parametrize("name", NAMES)
def test_a_command_keeps_to_the_limits_of_every_platform(name: str) -> None:
    command = find_command(name)
    assert re.fullmatch(r"[a-z]{1,32}( [a-z]{1,32})?", command.name)
    assert 1 <= len(command.help) <= 100
    options = options_of(command)
    assert len(options) <= 25
    assert all(re.fullmatch(r"[a-z_]{1,32}", option.name) and 1 <= len(option.help) <= 100 for option in options)
    assert all(len(option.choices) <= 25 for option in options)
    assert [option.required for option in options] == sorted((o.required for o in options), reverse=True)


def test_a_group_of_subcommands_is_no_command_itself() -> None:
    assert {"schedule", "filter"}.isdisjoint(NAMES)
    assert len(set(NAMES)) == len(NAMES)


def test_what_changes_a_channel_is_for_admins_only() -> None:
    admin = {command.name for command in CATALOGUE if command.who == "admin"}
    assert admin == {name for name in NAMES if name.startswith(("schedule ", "filter "))}


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_table_has_every_command_once(name: str) -> None:
    rows = [row for row in readme_table().splitlines() if re.match(rf"\| `/{name}[ `]", row)]
    assert len(rows) == 1
    assert rows[0].count(" | ") == 3


def test_options_tell_their_kind_choices_and_bounds() -> None:
    title, size, loud, view = options_of(SAMPLE)
    assert (title.kind, title.required, title.max) == ("text", True, 10)
    assert (size.kind, size.default, size.min, size.max) == ("integer", 3, 1, 9)
    assert (loud.kind, loud.default) == ("flag", False)
    assert (view.kind, view.choices, view.default) == ("choice", ("clean", "raw"), "clean")


def test_values_are_converted_and_defaults_filled_in() -> None:
    bound = bind(SAMPLE, {"title": "  Tunnel ", "size": "7", "loud": "yes", "view": "RAW"})
    assert bound == SampleArguments(title="Tunnel", size=7, loud=True, view="raw")
    assert bind(SAMPLE, {"title": "x", "size": None, "view": ""}) == SampleArguments(title="x")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "needs title: a title. Example: /sample x"),
        ({"title": "   "}, "needs title"),
        ({"title": "x" * 11}, "has 11 characters; use at most 10"),
        ({"title": "x", "size": "ten"}, "size is a whole number, not “ten”"),
        ({"title": "x", "size": 10}, "size is a number from 1 to 9, not 10"),
        ({"title": "x", "loud": "maybe"}, "loud is yes or no"),
        ({"title": "x", "view": "blurred"}, "view is one of clean, raw, not “blurred”"),
        ({"title": "x", "colour": "red"}, "has no argument “colour”. It takes: title, size, loud, view"),
        ({"title": "x", "size": "9" * 5_000}, "size is a whole number"),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_do(values: dict[str, object], sentence: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        bind(SAMPLE, values)
    assert sentence in str(refusal.value)
    assert len(str(refusal.value)) < 300


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("digset", "/digest"), ("serch", "/search"), ("shedule", "/schedule"), ("schedule ad", "/schedule add")],
)
def test_an_unknown_command_names_the_nearest(name: str, nearest: str) -> None:
    with pytest.raises(NotFound, match=nearest):
        find_command(name)


def test_an_option_that_no_platform_would_take_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="at most 100 characters"):
        Command(name="long", help="x" * 101, arguments=SampleArguments, handle=_nothing, example="/long")
