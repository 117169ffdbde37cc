"""How a command is declared: a frozen dataclass of arguments and a handler, from which every door derives its own form.

Discord derives typed options, Slack and the terminal parse text, `/help` and the README print the same words.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, MISSING, Field, dataclass, fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from bot.commands.context import Context
from bot.commands.wording import shorten
from bot.errors import BadRequest
from bot.model import Message

Kind = Literal["text", "integer", "flag", "choice"]
Completion = Literal["stories", "sources", "articles", "zones", "schedules", "commands"]
Handler = Callable[[Any, Context], Awaitable[Message]]

MAX_HELP_CHARS = 100
"""Characters of a description. Source: https://discord.com/developers/docs/interactions/application-commands"""

MAX_TEXT_CHARS = 300
"""Characters of a text option that says nothing else: names and lists of words, not essays."""

_YES = frozenset(("yes", "true", "on", "1", "y"))
_NO = frozenset(("no", "false", "off", "0", "n", ""))


@dataclass(frozen=True, slots=True)
class Help:
    """What an argument is for; stands in its `Annotated`. `min` and `max` bound an integer, or a text's characters.

    `rest` says that, written as text, all words without a name belong to it and none to the arguments after it.
    """

    text: str
    _: KW_ONLY
    complete: Completion | None = None
    min: int | None = None
    max: int | None = None
    rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One argument as a door sees it. `default` is None when it is required; `min` and `max` as in `Help`."""

    name: str
    help: str
    kind: Kind
    choices: tuple[str, ...]
    required: bool
    default: object
    complete: str | None
    min: int | None
    max: int | None
    rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: `name` is one word, or two for a subcommand ("schedule add"); `example` shows it being used.

    `costs` says that it may call an LLM: such uses are counted a user, a channel and a day. `changes` says that it
    changes what a channel set up, so that it needs an archive that can be written to.
    """

    name: str
    help: str
    arguments: type
    handle: Handler
    example: str
    who: Literal["all", "admin"] = "all"
    costs: bool = False
    changes: bool = False

    def __post_init__(self) -> None:
        """Check what platforms would refuse, when the program starts rather than when it registers."""
        too_long = [text for text in (self.help, *(o.help for o in options_of(self))) if len(text) > MAX_HELP_CHARS]
        if too_long:
            raise ValueError(f"/{self.name}: help texts have at most {MAX_HELP_CHARS} characters: {too_long[0]!r}")
        names = [option.required for option in options_of(self)]
        if names != sorted(names, reverse=True):
            raise ValueError(f"/{self.name}: required options come first")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArguments:
    """What commands without arguments take."""


def options_of(command: Command) -> tuple[Option, ...]:
    """Return the arguments of a command in the order of their declaration, required ones first."""
    return _options_of(command.arguments)


def bind(command: Command, values: Mapping[str, object]) -> object:
    """Return the command's arguments filled in; texts are stripped, absent ones take their default.

    Raises: BadRequest (unknown or missing argument, wrong kind, out of bounds) with a sentence that says what to do.
    """
    options = {option.name: option for option in options_of(command)}
    unknown = [name for name in values if name not in options]
    if unknown:
        known = ", ".join(options) or "none"
        raise BadRequest(f"/{command.name} has no argument “{unknown[0]}”. It takes: {known}.")
    bound: dict[str, object] = {}
    for name, option in options.items():
        value = values.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if option.required:
                raise BadRequest(f"/{command.name} needs {name}: {_lower_first(option.help)}. {_usage(command)}")
            bound[name] = option.default
        else:
            bound[name] = _convert(option, value)
    return command.arguments(**bound)


@cache
def _options_of(arguments: type) -> tuple[Option, ...]:
    hints = get_type_hints(arguments, include_extras=True)
    return tuple(_option(field, hints[field.name]) for field in fields(arguments))


def _option(field: Field[Any], hint: Any) -> Option:
    kind_of_value, *extras = get_args(hint)
    help_ = next(extra for extra in extras if isinstance(extra, Help))
    choices: tuple[str, ...] = ()
    kind: Kind
    if get_origin(kind_of_value) is Literal:
        kind, choices = "choice", get_args(kind_of_value)
    else:
        kind = {str: "text", int: "integer", bool: "flag"}[kind_of_value]  # type: ignore[assignment]
    required = field.default is MISSING
    return Option(
        name=field.name,
        help=help_.text,
        kind=kind,
        choices=choices,
        required=required,
        default=None if required else field.default,
        complete=help_.complete,
        min=help_.min,
        max=help_.max if help_.max is not None or kind != "text" else MAX_TEXT_CHARS,
        rest=help_.rest,
    )


def _convert(option: Option, value: object) -> object:
    if option.kind == "flag":
        return _flag(option, value)
    if option.kind == "integer":
        return _integer(option, value)
    text = str(value).strip()
    if option.kind == "choice":
        chosen = next((choice for choice in option.choices if choice.casefold() == text.casefold()), None)
        if chosen is None:
            raise BadRequest(f"{option.name} is one of {', '.join(option.choices)}, not “{shorten(text)}”.")
        return chosen
    if option.max is not None and len(text) > option.max:
        raise BadRequest(
            f"The {option.name} you gave has {len(text):,} characters; use at most {option.max:,}: keep what matters."
        )
    return text


def _flag(option: Option, value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise BadRequest(f"{option.name} is yes or no, not “{shorten(str(value))}”.")


def _integer(option: Option, value: object) -> int:
    try:
        number = int(str(value).strip())
    except ValueError:
        raise BadRequest(f"{option.name} is a whole number, not “{shorten(str(value))}”.") from None
    low, high = option.min, option.max
    if (low is not None and number < low) or (high is not None and number > high):
        bounds = f"from {low} to {high}" if low is not None and high is not None else f"at least {low}"
        raise BadRequest(f"{option.name} is a number {bounds}, not {shorten(str(number))}.")
    return number


def _usage(command: Command) -> str:
    return f"Example: {command.example}"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
