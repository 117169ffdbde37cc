"""Hands text to the catalogue and words the answer for Slack, where some commands bear another name.

Slack keeps `/search`, `/status` and `/help` for itself; sentences of ours that name them must name what works here.
What articles say is never reworded: in `/article` only the closing lines are ours.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.commands.catalogue import CATALOGUE
from bot.commands.context import Context
from bot.commands.dispatch import Reply, dispatch, dispatch_text
from bot.model import Block, Heading, Message, Paragraph, Table
from bot.platforms.slack.doors import in_slacks_words, top_names

log = structlog.get_logger()

PATIENCE_S = 14 * 60.0
"""Seconds a command may take: a response address lives 30 minutes, but nobody waits so long."""
TOO_SLOW = "This took longer than anybody waits for an answer. Please ask again, or ask for less."
OWN_WORDS = frozenset(("", "help", "status", "schedule", "filter"))
"""Commands whose answers hold no word of an article."""
ARTICLE_TEXT = frozenset(("article",))
"""Commands whose paragraphs are an article's."""


async def ask_text(text: str, context: Context) -> Reply:
    """Return the answer to a command written as text. Never raises."""
    first = text.strip().removeprefix("/").split(" ", 1)[0].casefold()
    return reworded(await dispatch_text(text, context), first)


async def ask_freely(text: str, context: Context) -> Reply:
    """Return the answer to what somebody wrote: a command when it begins with one's name, else a question."""
    first = text.split(" ", 1)[0].casefold().removeprefix("/")
    if not text or first in top_names(CATALOGUE):
        return await ask_text(text, context)
    return reworded(await dispatch("ask", {"question": text}, context), "ask")


async def ask_values(name: str, values: Mapping[str, object], context: Context) -> Reply:
    """Return the answer to a command and its values. Never raises."""
    return reworded(await dispatch(name, values, context), name.split(" ", 1)[0])


async def in_time(
    work: Coroutine[Any, Any, Reply], *, places: asyncio.Semaphore, patience_s: float = PATIENCE_S
) -> Reply:
    """Return the reply, once there is a place for its work, or an apology when it does not come in time."""

    async def in_turn() -> Reply:
        async with places:
            return await work

    try:
        return await asyncio.wait_for(in_turn(), patience_s)
    except TimeoutError:
        log.warning("a command took too long for Slack", patience_s=patience_s)
        return Reply(message=Message(blocks=(Paragraph(text=TOO_SLOW),)), can_share=False, failed=True)


def reworded(reply: Reply, top_name: str) -> Reply:
    """Return the reply with our own sentences naming commands as Slack knows them."""
    ours = reply.failed or top_name in OWN_WORDS
    if not ours and top_name in ARTICLE_TEXT:
        return reply
    blocks = tuple(_reworded_block(block, ours=ours) for block in reply.message.blocks)
    return replace(reply, message=Message(blocks=blocks))


def _reworded_block(block: Block, *, ours: bool) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=in_slacks_words(block.text))
    if ours and isinstance(block, Heading):
        return replace(block, text=in_slacks_words(block.text))
    if ours and isinstance(block, Table):
        rows = tuple(tuple(in_slacks_words(cell) for cell in row) for row in block.rows)
        return replace(block, rows=rows)
    return block
