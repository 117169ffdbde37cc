"""The help, made from the declarations: a table of every command, or one command with its arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.commands.declaring import Command, Help, Option, options_of
from bot.model import Block, Footer, Heading, Message, Paragraph, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpArguments:
    """What `/help` takes."""

    command: Annotated[str, Help("The command to explain, such as schedule add", complete="commands")] = ""


def overview_message(commands: Sequence[Command], *, heading: str = "What you can ask me") -> Message:
    """Return every command with what it does, for whom, and an example."""
    rows = tuple((usage_of(command), command.help, _who(command)) for command in commands)
    return Message(
        blocks=(
            Heading(text=heading),
            Table(columns=("command", "does", "who"), rows=rows),
            Footer(
                lines=(
                    "/help command:digest explains one of them. Answers are for you alone until you post them.",
                    'Values can be named: topic:"harbour, ferry" since:7d.',
                )
            ),
        )
    )


def command_message(command: Command) -> Message:
    """Return one command with its arguments and an example."""
    blocks: list[Block] = [Heading(text=usage_of(command)), Paragraph(text=command.help)]
    options = options_of(command)
    if options:
        rows = tuple((option.name, option.help, _values(option)) for option in options)
        blocks.append(Table(columns=("argument", "is", "values"), rows=rows))
    who = " Only admins can run it." if command.who == "admin" else ""
    blocks.append(Paragraph(text=f"Example: {command.example}{who}"))
    return Message(blocks=tuple(blocks))


def markdown_table(commands: Sequence[Command]) -> str:
    """Return the commands as the Markdown table of the README."""
    rows = [
        f"| `{usage_of(command)}` | {_escape(command.help)} | {_who(command)} | `{_escape(command.example)}` |"
        for command in commands
    ]
    return "\n".join(("| command | does | who | example |", "|---|---|---|---|", *rows)) + "\n"


def usage_of(command: Command) -> str:
    """Return a command with the names of its arguments, optional ones in brackets: "/digest [since] [topic]"."""
    names = (option.name if option.required else f"[{option.name}]" for option in options_of(command))
    return " ".join((f"/{command.name}", *names))


def _who(command: Command) -> str:
    return "admins" if command.who == "admin" else "everybody"


def _values(option: Option) -> str:
    if option.choices:
        values = ", ".join(option.choices)
    elif option.kind == "flag":
        values = "yes, no"
    elif option.kind == "integer":
        values = f"{option.min} to {option.max}"
    else:
        values = "text"
    if option.required:
        return f"{values}; needed"
    if option.kind == "flag":
        return f"{values}; else {'yes' if option.default else 'no'}"
    return f"{values}; else {option.default}" if option.default != "" else values


def _escape(text: str) -> str:
    return text.replace("|", "\\|")
