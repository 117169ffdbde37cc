"""A digest on its way through the outbox, the real publisher and a Discord that fails: posted once, never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.deliveries.delivering import Deliverer
from bot.deliveries.outbox import marker_of, posts_of_message
from bot.model import Bullets, Destination, Heading, Line, Message, PostState
from bot.platforms.discord.publishing import DiscordPublisher
from tests.platforms.discord.conftest import Bot
from tests.platforms.discord.loopback import APPLICATION, CHANNEL, GUILD, Fault, limited, texts_in

POSTS = rf"/channels/{CHANNEL}/messages"
HERE = Destination(platform="discord", workspace=GUILD, channel=CHANNEL)


class Delivery:
    """The outbox of the archive with a digest of two parts in it, and who delivers it."""

    def __init__(self, bot: Bot, publisher: DiscordPublisher) -> None:
        self.bot = bot
        self.told: list[str] = []
        self.deliverer = Deliverer(bot.archive, {"discord": publisher}, bot.clock, notify_admin=self._tell)
        lines = tuple(Line(text=f"Ferry {number} " + "sails again " * 9) for number in range(50))
        message = Message(blocks=(Heading(text="News digest"), Heading(text="Ferries", level=2), Bullets(lines=lines)))
        payloads = publisher.render(message, marker=marker_of(HERE, batch="today"))
        self.posts = posts_of_message(payloads, HERE, batch="today", clock=bot.clock)

    async def _tell(self, destination: Destination, sentence: str) -> None:
        self.told.append(sentence)

    async def passes(self, count: int, *, minutes: float = 0) -> None:
        for _ in range(count):
            await self.deliverer.deliver_due()
            await asyncio.sleep(0)
            self.bot.clock.ahead += timedelta(minutes=minutes)

    async def states(self) -> list[PostState]:
        stored = [await self.bot.archive.post(post.id) for post in self.posts]
        return [post.state for post in stored if post is not None]

    def shown(self) -> list[str]:
        """Return the last line, with marker and part, of each of our messages."""
        messages = self.bot.server.messages[CHANNEL]
        return [texts_in(m).splitlines()[-1] for m in messages if m["author"]["id"] == APPLICATION]


@pytest.fixture
async def delivery(bot: Bot, publisher: DiscordPublisher) -> Delivery:
    delivery = Delivery(bot, publisher)
    assert len(delivery.posts) == 2
    assert await bot.archive.enqueue(delivery.posts, slot_key="today")
    return delivery


FAULTS = {
    "none": [],
    "dropped before it was taken": [Fault(method="POST", path=POSTS)],
    "dropped after it was taken": [Fault(method="POST", path=POSTS, after=True)],
    "server error after it was taken": [Fault(method="POST", path=POSTS, status=502, after=True)],
    "dropped three times": [Fault(method="POST", path=POSTS, after=True) for _ in range(3)],
    "rate limit": [limited("POST", POSTS, retry_after_s=2)],
    "refused layout": [Fault(method="POST", path=POSTS, status=400, body={"message": "Invalid", "code": 50035})],
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
async def test_a_digest_comes_once_and_in_order(delivery: Delivery, faults: list[Fault]) -> None:
    delivery.bot.server.faults += faults
    await delivery.passes(12, minutes=0.1)
    assert await delivery.states() == [PostState.SENT, PostState.SENT]
    marker = marker_of(HERE, batch="today")
    assert delivery.shown() == [f"-# {marker} · 1/2", f"-# {marker} · 2/2"]


async def test_a_post_whose_answer_was_lost_is_found_hours_later(delivery: Delivery) -> None:
    delivery.bot.server.add_message("yesterday's digest", author=APPLICATION)
    delivery.bot.server.faults.append(Fault(method="POST", path=POSTS, after=True))
    await delivery.passes(1, minutes=180)
    # Discord has forgotten the nonce by then: only the history tells.
    delivery.bot.server.nonces.clear()
    await delivery.passes(8, minutes=5)
    assert await delivery.states() == [PostState.SENT, PostState.SENT]
    assert len(delivery.shown()) == 3


async def test_a_lost_permission_is_told_once_and_the_digest_kept_until_it_is_back(delivery: Delivery) -> None:
    body = {"message": "Missing Access", "code": 50001}
    refusals = [Fault(method="POST", path=POSTS, status=403, body=body) for _ in range(3)]
    delivery.bot.server.faults += refusals
    await delivery.passes(6, minutes=20)
    assert len(delivery.told) == 1
    delivery.bot.server.faults.clear()
    await delivery.passes(6, minutes=400)
    assert await delivery.states() == [PostState.SENT, PostState.SENT]
