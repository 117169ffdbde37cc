"""The ways into the catalogue from Slack: one slash command a top-level name, and `/newsbot` for all of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.commands.declaring import Command, Option, options_of

MAIN_SLASH = "/newsbot"
"""Takes every command as text, and shows the help when it is given none."""
RESERVED = frozenset((
    "active", "apps", "archive", "away", "call", "collapse", "dm", "dnd", "expand", "feed", "feedback", "help",
    "huddle", "invite", "join", "keys", "kick", "leave", "list", "me", "msg", "mute", "open", "part", "people", "prefs",
    "remind", "remove", "rename", "search", "settings", "shortcuts", "shrug", "star", "status", "topic", "unarchive",
    "who",
))  # fmt: skip
"""Names of Slack's own commands, which no app can take. Source: https://slack.com/help/articles/201259356"""
RESERVED_PREFIX = "news-"
_NAMED_RESERVED = re.compile(r"(?<![\w/.:])/(" + "|".join(sorted(RESERVED)) + r")(?![\w/-])")
MAX_HINT_CHARS = 200
"""Of a usage hint; the manifest takes 1,000, but readers see one line."""


def top_names(catalogue: Sequence[Command]) -> list[str]:
    """Return the first words of the commands' names, each once, in the catalogue's order."""
    return list(dict.fromkeys(command.name.split(" ")[0] for command in catalogue))


def slash_of(top_name: str) -> str:
    """Return the slash command of a top-level name; names that Slack keeps for itself get a prefix."""
    return f"/{RESERVED_PREFIX if top_name in RESERVED else ''}{top_name}"


def in_slacks_words(text: str) -> str:
    """Return a sentence of ours in which commands bear the names that work in Slack."""
    return _NAMED_RESERVED.sub(rf"/{RESERVED_PREFIX}\1", text)


def command_text(slash: str, text: str, catalogue: Sequence[Command]) -> str:
    """Return what a slash command and the text after it say, as one text for `dispatch_text`."""
    name = next((top for top in top_names(catalogue) if slash_of(top) == slash), "")
    return f"{name} {text.strip()}".strip()


def form_command(text: str, catalogue: Sequence[Command]) -> Command | None:
    """Return the command that the text names without any argument though it needs one: a form asks for the rest."""
    words = " ".join(text.casefold().split())
    named = next((command for command in catalogue if command.name == words), None)
    return named if named and any(option.required for option in options_of(named)) else None


def usage_hint(top_name: str, catalogue: Sequence[Command]) -> str:
    """Return what Slack shows behind the slash while somebody types; "" when there is nothing to add."""
    commands = [command for command in catalogue if command.name.split(" ")[0] == top_name]
    if [command.name for command in commands] == [top_name]:
        hint = " ".join(_hint(option) for option in options_of(commands[0]))
    else:
        hint = " | ".join(command.name.partition(" ")[2] for command in commands if " " in command.name)
    return hint if len(hint) <= MAX_HINT_CHARS else hint[:MAX_HINT_CHARS].rsplit(" ", 1)[0]


def _hint(option: Option) -> str:
    if option.required:
        return f"<{option.name}>"
    shown = "|".join(str(choice) for choice in option.choices) if option.choices else "…"
    return f"[{option.name}:{shown}]"
