"""A Discord and a Slack that keep their published rate limits, count whoever does not, and take their time to answer.

Source: https://discord.com/developers/docs/topics/rate-limits, https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web

from tests.platforms.discord.loopback import LoopbackDiscord, Request
from tests.platforms.discord.rules import problems_of
from tests.platforms.slack.slack_limits import problems_of_call
from tests.platforms.slack.slack_loopback import BOT_ID, SlackLoopback, read_arguments

DISCORD_CALLS, DISCORD_WITHIN_S = 50, 1.0
"""Of one bot, answers to interactions left out."""
CHANNEL_CALLS, CHANNEL_WITHIN_S = 5, 5.0
"""Messages of one Discord channel; told in headers, as Discord does."""
SLACK_CHANNEL_S = 1.0
SLACK_POSTS, SLACK_WITHIN_S = 300, 60.0
""""Several hundred" a minute and workspace."""
ANSWER_S = 0.05
"""What a call takes on the way to a platform and back."""


@dataclass
class Window:
    """Lets so many calls through within so many seconds, whichever second one begins to count at."""

    calls: int
    within_s: float
    moments: deque[float] = field(default_factory=deque)

    def wait_s(self, now: float) -> float:
        """Return 0 and count the call, or the seconds after which it may come again."""
        while self.moments and now - self.moments[0] >= self.within_s:
            self.moments.popleft()
        if len(self.moments) >= self.calls:
            return self.moments[0] + self.within_s - now
        self.moments.append(now)
        return 0.0


class LimitedDiscord(LoopbackDiscord):
    """`too_many` counts answers of 429 by whether they were for all of the bot or for one channel."""

    def __init__(self, channels: tuple[str, ...]) -> None:
        super().__init__()
        self.too_many: dict[str, int] = {"global": 0, "channel": 0}
        self._all = Window(DISCORD_CALLS, DISCORD_WITHIN_S)
        self._channels = defaultdict[str, Window](lambda: Window(CHANNEL_CALLS, CHANNEL_WITHIN_S))
        for channel in channels:
            self.messages[channel] = []

    def nonces_in(self, channel: str) -> list[str]:
        """Return the nonces of the messages that a channel's readers see, in order."""
        nonce_of = {message["id"]: nonce for nonce, message in self.nonces.items()}
        return [nonce_of[message["id"]] for message in self.messages[channel]]

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        text = await request.text()
        path = "/" + request.match_info["path"]
        entry = Request(
            method=request.method, path=path, query=dict(request.query), body=json.loads(text) if text else None
        )
        self.requests.append(entry)
        self.problems.extend(problems_of(entry.method, path, entry.body))
        headers = {"Date": formatdate(usegmt=True), "Via": "1.1 loopback", "Content-Type": "application/json"}
        now = time.monotonic()
        wait_s, is_global = self._all.wait_s(now), True
        is_post = entry.method == "POST" and path.endswith("/messages")
        if not wait_s and is_post:
            window = self._channels[path]
            wait_s, is_global = window.wait_s(now), False
            headers |= {
                "X-RateLimit-Bucket": "messages",
                "X-RateLimit-Limit": str(window.calls),
                "X-RateLimit-Remaining": str(window.calls - len(window.moments)),
                "X-RateLimit-Reset-After": f"{window.moments[0] + window.within_s - now:.3f}",
            }
        status, answer = 429, {"message": "You are being rate limited.", "retry_after": wait_s, "global": is_global}
        if wait_s:
            self.too_many["global" if is_global else "channel"] += 1
            headers["Retry-After"] = f"{wait_s:.3f}"
        else:
            status, answer = self._handle(entry)
        await asyncio.sleep(ANSWER_S)
        return web.Response(status=status, body=json.dumps(answer).encode(), headers=headers)


class LimitedSlack(SlackLoopback):
    """`too_many` counts answers of 429 by whether they were for the whole workspace or for one channel."""

    def use(self, channels: tuple[str, ...]) -> None:
        """Have these channels, which the bot is in."""
        self.too_many = {"workspace": 0, "channel": 0}
        self._all = Window(SLACK_POSTS, SLACK_WITHIN_S)
        self._channels = defaultdict[str, Window](lambda: Window(1, SLACK_CHANNEL_S))
        for channel in channels:
            self.members.setdefault(channel, set())

    def ids_in(self, channel: str) -> list[str]:
        """Return the ids of the posts that a channel's readers see, in order."""
        ours = [message for message in self.channels[channel] if message.get("bot_id") == BOT_ID]
        return [message["metadata"]["event_payload"]["id"] for message in ours]

    async def _on_call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await read_arguments(request)
        self.calls.append((method, arguments))
        self.problems.extend(problems_of_call(method, arguments, self.schemas))
        refusal = self._refusal(arguments["channel"]) if method == "chat.postMessage" else None
        await asyncio.sleep(ANSWER_S)
        return refusal or web.json_response(self._perform(method, arguments))

    def _refusal(self, channel: str) -> web.Response | None:
        now = time.monotonic()
        which, wait_s = "workspace", self._all.wait_s(now)
        if not wait_s:
            which, wait_s = "channel", self._channels[channel].wait_s(now)
        if not wait_s:
            return None
        self.too_many[which] += 1
        headers = {"Retry-After": str(int(wait_s) + 1)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
