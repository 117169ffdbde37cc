"""Notices in time that the bot is not in the channel that digests are ordered for: Slack would refuse each of them."""

from __future__ import annotations

from dataclasses import replace

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.dispatch import Reply
from bot.model import Message, Paragraph
from bot.platforms.slack.outcomes import code_of

log = structlog.get_logger()

ORDERING_COMMANDS = ("schedule add", "schedule resume")
"""Commands after which digests come to the channel."""
_NOT_THERE = ("channel_not_found", "not_in_channel")
_INVITE = "I am not in this channel yet, so no digest can arrive here. Type /invite @newsbot to let me in."


async def warn_if_outside(reply: Reply, asked: str, *, client: AsyncWebClient, channel: str) -> Reply:
    """Return the reply to `asked`, with a hint when it orders digests for a channel the bot is not in."""
    words = " ".join(asked.casefold().removeprefix("/").split())
    if reply.failed or not words.startswith(ORDERING_COMMANDS) or await _is_inside(client, channel):
        return reply
    return replace(reply, message=Message(blocks=(*reply.message.blocks, Paragraph(text=_INVITE))))


async def _is_inside(client: AsyncWebClient, channel: str) -> bool:
    """Return whether the bot may post there; in doubt it may: the first digest will tell."""
    if not channel.startswith(("C", "G")):
        return True
    try:
        answer = await client.conversations_info(channel=channel)
        return bool(answer["channel"].get("is_member", True))
    except SlackApiError as error:
        return code_of(error) not in _NOT_THERE
    except Exception as error:
        log.warning("a channel of Slack could not be looked up", why=type(error).__name__)
        return True
