"""Posts a schedule's digests into the chats of the web page: what the outbox holds is what a chat begins with.

There is no network in between, so a post never fails and nobody doubts it: a chat is shown from the outbox whenever it
opens, and a page that is open is told.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from bot.model import (
    Block,
    Bullets,
    Button,
    Buttons,
    Destination,
    Footer,
    Heading,
    Line,
    Link,
    Links,
    Message,
    Paragraph,
    Platform,
    Post,
    PostState,
    Quote,
    Table,
)
from bot.platforms.web.conversations import Conversations, Exchange
from bot.platforms.web.house import WORKSPACE, House
from bot.platforms.web.rendering import render_message
from bot.ports import Absent, FindOutcome, Posted, PostOutcome

POSTS_SHOWN = 10
"""Latest posts that a chat begins with."""

_BLOCKS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (Heading, Paragraph, Bullets, Table, Footer, Quote, Links, Buttons)
}


class WebPublisher:
    """The Publisher of the web page."""

    platform: Platform = "web"

    def __init__(self, conversations: Conversations) -> None:
        self._conversations = conversations

    def render(self, message: Message, *, marker: str) -> list[str]:
        """Return the message as one JSON body."""
        return [payload_of(message, marker=marker)]

    def simplify(self, payload: str) -> str:
        """Return the payload: there is nothing plainer."""
        return payload

    async def post(self, post: Post) -> PostOutcome:
        """Show the post in its chat, when that is open."""
        conversation = self._conversations.known(post.destination.channel)
        if conversation is not None and conversation.exchange(post.id) is None:
            message = message_of(post.payload)
            conversation.exchanges.append(Exchange(id=post.id, asked="", answer=message))
            conversation.tell("posted", exchange=post.id, html="".join(render_message(message)))
        return Posted(message_id=post.id)

    async def find(self, post: Post) -> FindOutcome:
        """Say that the post is there once it was tried: a chat shows what the outbox holds."""
        return Posted(message_id=post.id) if post.attempts else Absent()

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        """Show the post as it is now; pages that are open load anew."""
        conversation = self._conversations.known(post.destination.channel)
        exchange = conversation.exchange(post.id) if conversation else None
        if conversation is not None and exchange is not None:
            exchange.answer = message_of(payload)
            conversation.tell("reload")
        return Posted(message_id=post.id)


async def show_posted(house: House, channel: str) -> list[Exchange]:
    """Return what was posted to this channel, oldest first."""
    destination = Destination(platform="web", workspace=WORKSPACE, channel=channel)
    posts = await house.archive.posts_of(destination, limit=POSTS_SHOWN)
    return [
        Exchange(id=post.id, asked="", answer=message_of(post.payload))
        for post in reversed(posts)
        if post.state is PostState.SENT
    ]


def payload_of(message: Message, *, marker: str) -> str:
    """Return the message as JSON text."""
    blocks = [{"kind": type(block).__name__, **asdict(block)} for block in message.blocks]
    return json.dumps({"marker": marker, "blocks": blocks}, ensure_ascii=False)


def message_of(payload: str) -> Message:
    """Return the message of a payload made by `payload_of`; blocks of another version are left out."""
    blocks = (_block_of(block) for block in json.loads(payload)["blocks"])
    return Message(blocks=tuple(block for block in blocks if block is not None))


def _block_of(given: dict[str, Any]) -> Block | None:
    kind = _BLOCKS.get(given.pop("kind", ""))
    if kind is None:
        return None
    for name, part in (("lines", Line), ("links", Link), ("buttons", Button)):
        if name in given and kind is not Footer:
            given[name] = tuple(_with_tuples(part, each) for each in given[name])
    block: Block = _with_tuples(kind, given)
    return block


def _with_tuples(kind: type[Any], given: dict[str, Any]) -> Any:
    return kind(**{name: _frozen(value) for name, value in given.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(each) for each in value) if isinstance(value, list | tuple) else value
