"""The way into the catalogue from the terminal: its words become the text typed in a channel. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.commands.declaring import Command, options_of
from bot.commands.wording import shorten
from bot.errors import BadRequest
from bot.model import Block, Bullets, Destination, Footer, Heading, Message, Paragraph, Platform, Table

PROGRAM = "newsbot"
OWN_WORDS = frozenset(("help", "schedule", "filter", "status"))
"""Commands whose answers hold no text of articles: in these every name of a command is one."""

_CHANNELS: tuple[tuple[Platform, re.Pattern[str], str], ...] = (
    ("discord", re.compile(r"discord:(\d{1,20}):(\d{1,20})"), "discord:SERVER:CHANNEL"),
    ("slack", re.compile(r"slack:([TE][A-Z0-9]{1,20}):([CGD][A-Z0-9]{1,20})"), "slack:TEAM:CHANNEL"),
)
_QUOTE_PAIRS = ('""', "«»", "「」")


def top_names(catalogue: Sequence[Command]) -> list[str]:
    """Return the subcommands that the program has for the catalogue: the first words of its names, each once."""
    return list(dict.fromkeys(command.name.split(" ")[0] for command in catalogue))


def command_text(words: Sequence[str], catalogue: Sequence[Command]) -> str:
    """Return the words of a command line as typed in a channel: what the shell unquoted is quoted again."""
    keys = {option.name for command in catalogue for option in options_of(command)}
    return " ".join(_quoted(word, keys) for word in words)


def parse_channel(text: str) -> Destination:
    """Return the channel that is named by its ids. Raises: BadRequest."""
    for platform, pattern, _ in _CHANNELS:
        found = pattern.fullmatch(text.strip())
        if found:
            return Destination(platform=platform, workspace=found[1], channel=found[2])
    forms = " or ".join(form for *_, form in _CHANNELS)
    raise BadRequest(
        f"“{shorten(text)}” names no channel. Write {forms}, with the ids: Discord copies them in developer mode,"
        " Slack shows them in the channel's details."
    )


def in_terminals_words(message: Message, catalogue: Sequence[Command], *, own: bool) -> Message:
    """Return a message in which commands are named as they are typed here; `own` says that all its words are ours."""
    names = re.compile(rf"(?<![\w/.:])/({'|'.join(top_names(catalogue))})(?![\w/-])")

    def spoken(text: str) -> str:
        return names.sub(rf"{PROGRAM} \1", text)

    def reworded(block: Block) -> Block:
        if isinstance(block, Footer):
            return Footer(lines=tuple(spoken(line) for line in block.lines))
        if not own:
            return block
        if isinstance(block, Paragraph | Heading):
            return replace(block, text=spoken(block.text))
        if isinstance(block, Bullets):
            return Bullets(lines=tuple(replace(line, text=spoken(line.text)) for line in block.lines))
        if isinstance(block, Table):
            return replace(block, rows=tuple(tuple(spoken(cell) for cell in row) for row in block.rows))
        return block

    return Message(blocks=tuple(reworded(block) for block in message.blocks))


def _quoted(word: str, keys: set[str]) -> str:
    key, colon, value = word.partition(":")
    if not colon or key.casefold() not in keys or not any(character.isspace() for character in value):
        return word
    quotes = next((pair for pair in _QUOTE_PAIRS if not set(pair) & set(value)), None)
    return word if quotes is None else f"{key}:{quotes[0]}{value}{quotes[1]}"
