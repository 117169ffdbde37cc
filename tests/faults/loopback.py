"""A chat platform on loopback that fails in every way a real one does, the publisher for it, and a fast clock."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import aiohttp
from aiohttp import web

from bot.model import Message, Platform, Post
from bot.ports import Absent, Ambiguous, FindOutcome, Limited, Posted, PostOutcome, Refused, Unreadable

SPEED = 150.0
"""Seconds of the fast clock in one real second: the 180 s until absence counts take 1.2 s."""

EPOCH = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
ATTEMPT_TIMEOUT_S = 30.0
DEDUPE_S = 180.0
HANG_S = 2 * ATTEMPT_TIMEOUT_S
LATE_S = ATTEMPT_TIMEOUT_S + 50.0
"""A platform may take a post this long after it came in, when whoever sent it has given up on it."""

CHAOS = (
    ("take", 55),
    ("late take", 5),
    ("drop before", 7),
    ("take, then drop", 9),
    ("take, then hang", 5),
    ("hang", 5),
    ("500", 5),
    ("take, then 500", 5),
    ("429", 4),
)
"""What the platform does with a post, and how often in a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FastClock:
    """Tells a time that began at `epoch` when the real clock showed `began` and runs `speed` times as fast."""

    began: float
    speed: float = SPEED
    epoch: datetime = EPOCH

    def now(self) -> datetime:
        """Return the time of the fast clock."""
        return self.epoch + timedelta(seconds=(time.time() - self.began) * self.speed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One message that readers see."""

    message_id: str
    post_id: str
    nonce: str
    payload: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class LoopbackPlatform:
    """Discord (knows nonces for a while) or Slack (does not), by the platform in the address; records what it took."""

    clock: FastClock
    random: random.Random
    chaos: bool = True
    delay_s: float = 0.0
    channels: dict[tuple[str, str], list[Accepted]] = field(default_factory=lambda: defaultdict(list))
    requests: int = 0

    def taken(self, platform: Platform, channel: str) -> list[str]:
        """Return the ids of the posts that readers of this channel see, in order."""
        return [message.post_id for message in self.channels[platform, channel]]

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Serve on a free port; give the address."""
        app = web.Application()
        app.router.add_post("/{platform}/{channel}", self._post)
        app.router.add_get("/{platform}/{channel}", self._history)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    async def _post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests += 1
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        names, weights = zip(*CHAOS, strict=True)
        deed = self.random.choices(names, weights)[0] if self.chaos else "take"
        if deed == "late take":
            await asyncio.sleep(LATE_S / SPEED)
        message_id = self._take(request, body) if "take" in deed else None
        if deed.endswith("hang"):
            await asyncio.sleep(HANG_S / SPEED)
        if deed in ("drop before", "take, then drop") or deed.endswith("hang"):
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if deed.endswith("500"):
            return web.json_response({}, status=500)
        if deed == "429":
            return web.json_response({"retry_after": self.random.choice((0.0, 2.0, 10.0))}, status=429)
        return web.json_response({"id": message_id})

    def _take(self, request: web.Request, body: dict[str, str]) -> str:
        platform, channel = request.match_info["platform"], request.match_info["channel"]
        messages = self.channels[platform, channel]
        now = self.clock.now()
        if platform == "discord":
            for message in messages:
                if message.nonce == body["nonce"] and (now - message.at).total_seconds() < DEDUPE_S:
                    return message.message_id
        message_id = f"{channel}-{len(messages) + 1}"
        messages.append(Accepted(message_id=message_id, at=now, **body))
        return message_id

    async def _history(self, request: web.Request) -> web.Response:
        if self.chaos and self.random.random() < 0.1:
            return web.json_response({}, status=500)
        messages = self.channels[request.match_info["platform"], request.match_info["channel"]]
        since = datetime.fromisoformat(request.query["since"])
        rows = [(one.message_id, one.post_id) for one in messages if one.at >= since]
        return web.json_response(rows)


class LoopbackPublisher:
    """Posts to a loopback platform and maps its answers to outcomes, as the real publishers do."""

    def __init__(self, platform: Platform, address: str, session: aiohttp.ClientSession) -> None:
        self._platform = platform
        self._address = address
        self._session = session

    @property
    def platform(self) -> Platform:
        """Which platform this is."""
        return self._platform

    def render(self, message: Message, *, marker: str) -> list[str]:
        """Return one body that holds the marker."""
        return [json.dumps({"text": str(message), "marker": marker})]

    async def post(self, post: Post) -> PostOutcome:
        """Make one attempt."""
        body = {"post_id": post.id, "nonce": post.nonce, "payload": post.payload}
        try:
            async with self._session.post(self._url(post), json=body, timeout=self._timeout()) as response:
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            return Ambiguous(reason=type(error).__name__)
        if response.status == 429:
            return Limited(retry_after_s=answer["retry_after"])
        if response.status >= 500:
            return Ambiguous(reason=f"status {response.status}")
        if response.status >= 400:
            return Refused(reason=f"status {response.status}", scope="channel")
        return Posted(message_id=answer["id"])

    async def find(self, post: Post) -> FindOutcome:
        """Read the history from ten minutes before the first attempt on."""
        assert post.first_at is not None
        since = {"since": (post.first_at - timedelta(minutes=10)).isoformat()}
        try:
            async with self._session.get(self._url(post), params=since, timeout=self._timeout()) as response:
                rows = await response.json()
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unreadable(reason=type(error).__name__)
        if response.status != 200:
            return Unreadable(reason=f"status {response.status}")
        found = [message_id for message_id, post_id in rows if post_id == post.id]
        return Posted(message_id=found[0]) if found else Absent()

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        """Refuse: nothing is edited here."""
        return Refused(reason="not here", scope="format")

    def _url(self, post: Post) -> str:
        return f"{self._address}/{self._platform}/{post.destination.channel}"

    def _timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=ATTEMPT_TIMEOUT_S / SPEED)
