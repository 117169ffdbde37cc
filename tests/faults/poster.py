"""A posting process to be killed: enqueues messages, posts them through the real outbox, ends when all is said.

Started once as a subprocess, it forks one posting process for each line it reads (a JSON object, see `Orders`), which
says `ready <pid>` when it begins to post; see `tests.faults.forking`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from sqlalchemy import event

from bot.deliveries.delivering import Deliverer
from bot.deliveries.outbox import marker_of, posts_of_message
from bot.model import Destination, Platform, Post, PostState
from bot.ports import FindOutcome, PostOutcome, Told
from bot.storage.archive import SqlArchive, open_archive
from tests.faults.forking import say, serve_forks
from tests.faults.loopback import FastClock, LoopbackPublisher

PLATFORMS: tuple[Platform, ...] = ("discord", "slack")
DESTINATIONS = tuple(
    Destination(platform=platform, workspace=f"{platform}-w", channel=f"{platform}-{number}")
    for platform in PLATFORMS
    for number in (1, 2)
)
PARTS = (1, 3, 2)
OPEN_AT_MOST = 4
PAUSE_S = 0.005
OPEN = (PostState.PENDING, PostState.SENDING, PostState.UNKNOWN)

_transaction: ContextVar[str] = ContextVar("transaction", default="claim")
"""What is being written; the writes of several tasks overlap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What a posting process is to do.

    `messages` is how many messages each destination gets (0: no new ones). `kill_at` names the point at which the
    process kills itself; `skip` is how often it lets that point pass first.
    """

    archive: str
    address: str
    began: float
    speed: float
    messages: int
    acks: str
    kill_at: str = ""
    skip: int = 0


class KillPoints:
    """Kills this very process, as kill -9 does, at the named point."""

    def __init__(self, orders: Orders) -> None:
        self._name = orders.kill_at
        self._skip = orders.skip

    def reach(self, name: str) -> None:
        """Die if this is the point."""
        if self.is_next(name):
            os.kill(os.getpid(), signal.SIGKILL)
        self._skip -= name == self._name

    def is_next(self, name: str) -> bool:
        """Return whether the process dies when it reaches this point."""
        return name == self._name and self._skip == 0

    def watch_commits(self, archive: SqlArchive) -> None:
        """Reach `<transaction>: before commit` whenever a write is about to be committed."""
        engine = archive._database.engine.sync_engine
        event.listen(engine, "commit", lambda _: self.reach(f"{_transaction.get()}: before commit"))


class MortalOutbox:
    """The real outbox, with a kill point before, inside and after every write."""

    def __init__(self, archive: SqlArchive, points: KillPoints) -> None:
        self._archive = archive
        self._points = points

    async def enqueue(self, posts: Sequence[Post], *, slot_key: str | None = None, told: Told | None = None) -> bool:
        """Add posts."""
        return await self._between("enqueue", self._archive.enqueue(posts, slot_key=slot_key, told=told))

    async def claim(self, platform: Platform, now: datetime, *, limit: int) -> list[Post]:
        """Claim posts; the points are reached only when there were any."""
        posts = await self._archive.claim(platform, now, limit=limit)
        if posts:
            self._points.reach("claim: after commit")
            if posts[0].part > 1:
                self._points.reach("between parts")
        return posts

    async def update(self, post: Post, *, expected: PostState) -> bool:
        """Change a post; the name of the points says from which state to which."""
        return await self._between(
            f"{expected.value} to {post.state.value}", self._archive.update(post, expected=expected)
        )

    async def posts_in(self, state: PostState, *, platform: Platform | None = None) -> list[Post]:
        """Return the posts in this state."""
        return await self._archive.posts_in(state, platform=platform)

    async def posts_of(self, destination: Destination, *, limit: int) -> list[Post]:
        """Return the latest posts of a destination."""
        return await self._archive.posts_of(destination, limit=limit)

    async def post(self, post_id: str) -> Post | None:
        """Return one post."""
        return await self._archive.post(post_id)

    async def _between(self, name: str, work: Any) -> Any:
        self._points.reach(f"{name}: before")
        _transaction.set(name)
        answer = await work
        _transaction.set("claim")
        self._points.reach(f"{name}: after commit")
        return answer


class MortalPublisher(LoopbackPublisher):
    """The publisher for the loopback platform, with kill points around every request."""

    def __init__(self, *arguments: Any, points: KillPoints) -> None:
        super().__init__(*arguments)
        self._points = points

    async def post(self, post: Post) -> PostOutcome:
        """Make one attempt, or die in the middle of it."""
        self._points.reach(f"{self.platform} post: before any byte")
        if self._points.is_next(unread := f"{self.platform} post: answer not read"):
            attempt = asyncio.create_task(super().post(post))
            # Long enough for the server on this machine to take it; nobody reads the answer.
            await asyncio.wait({attempt}, timeout=0.05)
        self._points.reach(unread)
        outcome = await super().post(post)
        self._points.reach(f"{self.platform} post: answered")
        return outcome

    async def find(self, post: Post) -> FindOutcome:
        """Read the history, or die before or after."""
        self._points.reach(f"{self.platform} look: before")
        found = await super().find(post)
        self._points.reach(f"{self.platform} look: after")
        return found


async def post_until_done(orders: Orders) -> None:
    """Enqueue and post until every message of these orders is out, or until SIGTERM has drained what is under way."""
    clock, points = FastClock(began=orders.began, speed=orders.speed), KillPoints(orders)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with open_archive(orders.archive, clock=clock) as archive, aiohttp.ClientSession() as session:
        points.watch_commits(archive)
        outbox = MortalOutbox(archive, points)
        publishers = {
            platform: MortalPublisher(platform, orders.address, session, points=points) for platform in PLATFORMS
        }
        deliverer = Deliverer(outbox, publishers, clock)
        await deliverer.recover()
        say(f"ready {os.getpid()}")
        delivering = asyncio.create_task(deliver(deliverer, stop))
        while not stop.is_set():
            done = True
            for destination in DESTINATIONS:
                done &= await enqueue_next(outbox, destination, clock, orders)
            if done and not [state for state in OPEN if await archive.posts_in(state)]:
                stop.set()
            await asyncio.sleep(PAUSE_S)
        await deliverer.drain()
        await delivering


async def deliver(deliverer: Deliverer, stop: asyncio.Event) -> None:
    """Make one pass after the other."""
    while not stop.is_set():
        await deliverer.deliver_due()
        await asyncio.sleep(PAUSE_S)


async def enqueue_next(outbox: MortalOutbox, destination: Destination, clock: FastClock, orders: Orders) -> bool:
    """Enqueue the next message of this destination unless enough are open; return whether it has all of them."""
    latest = await outbox.posts_of(destination, limit=2 * OPEN_AT_MOST)
    number = int(latest[0].batch) + 1 if latest else 1
    if number > orders.messages:
        return True
    if sum(post.state in OPEN for post in latest) < OPEN_AT_MOST:
        key = f"{destination.key}/{number}"
        batch = str(number)
        parts = [f"{marker_of(destination, batch=batch)} {part}" for part in range(1, PARTS[number % len(PARTS)] + 1)]
        posts = posts_of_message(parts, destination, batch=batch, clock=clock)
        if await outbox.enqueue(posts, slot_key=key):
            append_line(orders.acks, key)
    return False


def append_line(place: str, line: str) -> None:
    """Append a line in one write, so that a kill leaves it whole or not there."""
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def live(line: str) -> None:
    """Post as one line of orders says."""
    asyncio.run(post_until_done(Orders(**json.loads(line))))


if __name__ == "__main__":
    # Standard output is for what the tests read.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    serve_forks(live)
