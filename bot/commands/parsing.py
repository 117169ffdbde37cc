"""Reads the text after a slash: `schedule add 08:00 zone:Europe/Berlin topics:"harbour, ferry"`. Pure.

Values are named (`zone:Europe/Berlin`) or positional. Positional words go to the required argument, which takes all of
them (a question, a title, times), or one by one to optional ones, the last of which takes the rest.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.commands.catalogue import CATALOGUE, find_command
from bot.commands.declaring import Command, Option, options_of
from bot.commands.wording import shorten
from bot.errors import BadRequest

MAX_COMMAND_CHARS = 6_000
"""Characters of a command that are read; Slack and Discord allow no longer ones."""

MIN_LIKENESS = 0.75
"""How like an option's name a word before a colon must be to be taken for a slip rather than for text."""

_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of a command; `key` stands before its colon; a quoted word is never looked into for one."""

    text: str
    key: str = ""
    quoted: bool = False


def parse_command(text: str) -> tuple[Command, dict[str, object]]:
    """Return the command and its values by option name, not yet checked.

    Raises: NotFound (no such command: names the nearest), BadRequest (too long, an argument given twice or misspelt).
    """
    if len(text) > MAX_COMMAND_CHARS:
        raise BadRequest(f"The command has {len(text):,} characters; use at most {MAX_COMMAND_CHARS:,}.")
    name, rest = split_name(text.strip().removeprefix("/"))
    command = find_command(name)
    return command, read_values(rest, command)


def split_name(text: str) -> tuple[str, str]:
    """Return the command's name and the text after it; a name has two words where there is such a subcommand."""
    first, rest = _cut_word(text)
    groups = {command.name.partition(" ")[0] for command in CATALOGUE if " " in command.name}
    if first not in groups:
        return first, rest
    second, after = _cut_word(rest)
    return f"{first} {second}".strip(), after


def _cut_word(text: str) -> tuple[str, str]:
    word, *rest = text.split(maxsplit=1) or [""]
    return word.casefold(), rest[0] if rest else ""


def read_values(text: str, command: Command) -> dict[str, object]:
    """Return the values by option name. Raises: BadRequest."""
    options = {option.name: option for option in options_of(command)}
    values: dict[str, object] = {}
    positional: list[str] = []
    for word in split_words(text, tuple(options)):
        if word.key:
            if word.key in values:
                raise BadRequest(f'{word.key} is given twice. Put several values into one: {word.key}:"one, two".')
            values[word.key] = word.text
        else:
            _refuse_slip(word, options)
            positional.append(word.text)
    values.update(_place(positional, [option for option in options.values() if option.name not in values], command))
    return values


def split_words(text: str, keys: Sequence[str]) -> Iterator[Word]:
    """Yield the words in order; a quote that is never closed is a character like any other. Linear in the text."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key = _key_at(text, at, keys)
        start = at + len(key) + 1 if key else at
        # "since: 7d" is meant as "since:7d".
        while key and start < len(text) and text[start].isspace():
            start += 1
        value, at, quoted = _value_at(text, start)
        yield Word(text=value, key=key, quoted=quoted)


def _key_at(text: str, at: int, keys: Sequence[str]) -> str:
    return next((key for key in keys if text[at : at + len(key) + 1].casefold() == f"{key}:"), "")


def _value_at(text: str, start: int) -> tuple[str, int, bool]:
    closing = _QUOTES.get(text[start : start + 1])
    if closing:
        end = text.find(closing, start + 1)
        if end == -1 and closing == "”":
            end = text.find("“", start + 1)
        if end != -1 and (end + 1 == len(text) or text[end + 1].isspace()):
            return text[start + 1 : end], end + 1, True
    end = start
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end], end, False


def _refuse_slip(word: Word, options: dict[str, Option]) -> None:
    key, colon, value = word.text.partition(":")
    if word.quoted or not colon or not value or not key.isascii() or not key.replace("_", "").isalpha():
        return
    near = difflib.get_close_matches(key.casefold(), options, n=1, cutoff=MIN_LIKENESS)
    if near:
        raise BadRequest(f"There is no argument “{key}”. Did you mean {near[0]}:{value}?")


def _place(words: list[str], options: list[Option], command: Command) -> dict[str, object]:
    if not words:
        return {}
    required = [option for option in options if option.required]
    takers = required or options[: next((i + 1 for i, option in enumerate(options) if option.rest), len(options))]
    if not takers:
        known = ", ".join(option.name for option in options_of(command))
        takes = f"It takes {known}, each once" if known else "It takes no arguments"
        raise BadRequest(f"/{command.name} has nothing to do with “{shorten(words[0])}”. {takes}: {command.example}")
    placed: dict[str, object] = {}
    for option in takers[:-1]:
        if words:
            placed[option.name] = words.pop(0)
    if words:
        placed[takers[-1].name] = " ".join(words)
    return placed
