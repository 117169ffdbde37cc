"""Makes the app manifest that installs the bot in a workspace, from the catalogue of commands. Pure.

Source: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from bot.commands.declaring import Command
from bot.platforms.slack.doors import MAIN_SLASH, slash_of, top_names, usage_hint

BOT_SCOPES: dict[str, str] = {
    "app_mentions:read": "answer when mentioned",
    "assistant:write": "Slack's surface for agents: suggested questions, and a status while an answer is on its way",
    "channels:history": "find a digest again after a lost answer; follow up in threads",
    "channels:read": "show a reader their channels' digests on the home page",
    "chat:write": "post",
    "commands": "slash commands",
    "groups:history": "the same in private channels the bot was invited to",
    "groups:read": "the same in private channels the bot was invited to",
    "im:history": "answer direct messages",
    "users:read": "ask Slack who is an admin",
}
"""Every scope and what it is needed for; there are no others."""
BOT_EVENTS = ("app_home_opened", "app_mention", "message.channels", "message.groups", "message.im")

AGENT_DESCRIPTION = (
    "Answers questions from the articles it has read, each sentence with its source, or says that they do not tell."
)
SUGGESTED_PROMPTS = (
    {"title": "What is new?", "message": "digest since:24h"},
    {"title": "How are you doing?", "message": "status"},
    {"title": "What can you do?", "message": "help"},
)
"""What Slack offers whoever opens a conversation; plain messages, so that they work on every plan."""

_HEADER = """\
# The Slack app: create it from this file (api.slack.com/apps, "From a manifest"), then make an app-level token with
# the scope connections:write. Generated from the catalogue of commands; do not edit by hand:
#   python -m bot.platforms.slack.manifest > manifest.yaml
# Scopes:
"""


def app_manifest(catalogue: Sequence[Command]) -> dict[str, Any]:
    """Return the manifest as data."""
    return {
        "_metadata": {"major_version": 1},
        "display_information": {
            "name": "newsbot",
            "description": "Tells each channel once a day what is new, with proof for every line.",
            "background_color": "#1f2937",
        },
        "features": {
            "agent_view": {"agent_description": AGENT_DESCRIPTION, "suggested_prompts": list(SUGGESTED_PROMPTS)},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "newsbot", "always_online": True},
            "slash_commands": [_main_command(), *(_slash_command(name, catalogue) for name in top_names(catalogue))],
        },
        "oauth_config": {"scopes": {"bot": list(BOT_SCOPES)}},
        "settings": {
            "event_subscriptions": {"bot_events": list(BOT_EVENTS)},
            "interactivity": {"is_enabled": True},
            "org_deploy_enabled": False,
            "socket_mode_enabled": True,
            "token_rotation_enabled": False,
        },
    }


def manifest_text(catalogue: Sequence[Command]) -> str:
    """Return the manifest as the file `manifest.yaml` holds it."""
    scopes = "".join(f"#   {scope}: {reason}\n" for scope, reason in BOT_SCOPES.items())
    body: str = yaml.safe_dump(app_manifest(catalogue), sort_keys=False, allow_unicode=True, width=120)
    return _HEADER + scopes + body


def _main_command() -> dict[str, Any]:
    return {
        "command": MAIN_SLASH,
        "description": "Every command of newsbot as text; alone, the help",
        "usage_hint": "help | ask <question> | digest | ...",
        "should_escape": False,
    }


def _slash_command(name: str, catalogue: Sequence[Command]) -> dict[str, Any]:
    command = next((command for command in catalogue if command.name == name), None)
    about = command.help if command else _family_help(name, catalogue)
    hint = usage_hint(name, catalogue)
    return {
        "command": slash_of(name),
        "description": about,
        **({"usage_hint": hint} if hint else {}),
        "should_escape": False,
    }


def _family_help(name: str, catalogue: Sequence[Command]) -> str:
    parts = (command.name.partition(" ") for command in catalogue)
    return f"{name.capitalize()} of this channel: " + ", ".join(part for top, _, part in parts if top == name and part)


if __name__ == "__main__":
    from bot.commands.catalogue import CATALOGUE

    print(manifest_text(CATALOGUE), end="")
