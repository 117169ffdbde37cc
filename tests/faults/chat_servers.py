"""The loopback Discord and Slack as bad as the real ones can be, on a fast clock; they kill the program on demand."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from tests.faults.loopback import FastClock
from tests.platforms.discord.loopback import LoopbackDiscord, Request
from tests.platforms.discord.rules import problems_of
from tests.platforms.slack.slack_limits import problems_of_call
from tests.platforms.slack.slack_loopback import SlackLoopback, read_arguments

POSTING = (
    ("take", 62), ("late take", 5), ("drop before", 8), ("take, then drop", 9), ("500", 5), ("take, then 500", 6),
    ("429", 5),
)  # fmt: skip
"""What a platform does with a post, and how often in a hundred."""
READING = (("take", 88), ("500", 4), ("drop before", 4), ("429", 4))
OTHER = (("take", 97), ("drop before", 3))
LATE_S = 80.0
"""Seconds of the fast clock after which a post may still be taken, when whoever sent it is gone."""
WAITS_S = (0.3, 2.0, 10.0)
_PART = re.compile(r"· (\d+)/\d+$")

Answer = tuple[int, Any]


@dataclass(slots=True)
class KillSwitch:
    """Kills a process with kill -9 when a named moment comes; `skip` of them pass first."""

    name: str = ""
    skip: int = 0
    pid: int = 0
    reached: Counter[str] = field(default_factory=Counter)

    def arm(self, name: str, *, skip: int) -> None:
        """Wait for this moment from now on."""
        self.name, self.skip = name, skip

    def reach(self, name: str) -> bool:
        """Return whether the process was killed at this moment."""
        self.reached[name] += 1
        if name != self.name or not self.pid:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.name = ""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return True


@dataclass(slots=True, kw_only=True)
class Weather:
    """What goes wrong with the requests that come in, on either platform, and how much time they take."""

    clock: FastClock
    chance: random.Random
    switch: KillSwitch
    stormy: bool = True
    posting: tuple[tuple[str, int], ...] = POSTING
    reading: tuple[tuple[str, int], ...] = READING
    other: tuple[tuple[str, int], ...] = OTHER
    delay_s: float = 0.0
    deeds: Counter[str] = field(default_factory=Counter)

    async def meet(
        self, request: web.Request, name: str, take: Callable[[], Answer], headers: dict[str, str], limited: Answer
    ) -> web.StreamResponse:
        """Answer one request, well or badly; `take` lets it take effect."""
        deed = self._deed(name)
        self.deeds[f"{name}: {deed}"] += 1
        if self.switch.reach(f"{name}: came") or deed == "drop before":
            return _drop(request)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        if deed == "late take":
            # Goes on when the one who sent it is gone, as a busy platform's queue does.
            await asyncio.shield(asyncio.sleep(LATE_S / self.clock.speed))
        if deed == "429":
            return await _answer(request, limited, headers)
        answer = take() if "take" in deed else (500, {})
        if self.switch.reach(f"{name}: taken") or deed == "take, then drop":
            return _drop(request)
        response = await _answer(request, (500, {}) if deed.endswith("500") else answer, headers)
        self.switch.reach(f"{name}: answered")
        return response

    def _deed(self, name: str) -> str:
        if not self.stormy:
            return "take"
        kind = name.rpartition(" ")[2]
        table = self.posting if kind == "post" else self.reading if kind in ("look", "thread") else self.other
        names, weights = zip(*table, strict=True)
        return str(self.chance.choices(names, weights)[0])


class BadDiscord(LoopbackDiscord):
    """A Discord whose clock is the weather's; `accepted` holds the nonces that each channel's readers see, in order."""

    def __init__(self, weather: Weather, channels: tuple[str, ...]) -> None:
        super().__init__()
        self.weather = weather
        self.accepted: dict[str, list[str]] = {channel: [] for channel in channels}
        self._late: set[asyncio.Task[Any]] = set()
        for channel in channels:
            self.messages[channel] = []

    def snowflake(self, at: datetime | None = None) -> str:
        """Return an id that tells the fast clock's time."""
        return super().snowflake(at or self.weather.clock.now())

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        text = await request.text()
        entry = Request(
            method=request.method, path=path, query=dict(request.query), body=json.loads(text) if text else None
        )
        self.requests.append(entry)
        self.problems.extend(problems_of(entry.method, path, entry.body))
        name = f"discord {_discord_kind(entry)}"
        if name == "discord post" and _part_of(entry.body) > 1 and self.weather.switch.reach("discord: between parts"):
            return _drop(request)
        wait_s = self.weather.chance.choice(WAITS_S)
        limited = (429, {"message": "You are being rate limited.", "retry_after": wait_s, "global": False})
        headers = {"Date": _http_date(self.weather.clock), "Via": "1.1 loopback"}
        work = self.weather.meet(request, name, lambda: self._take(entry), headers, limited)
        return await _to_the_end(work, self._late)

    async def _send_ready(self, socket: web.WebSocketResponse, identify: dict[str, Any]) -> None:
        if not self.weather.switch.reach("discord gateway: identified"):
            await super()._send_ready(socket, identify)

    def _take(self, entry: Request) -> Answer:
        channel = entry.path.split("/")[2] if entry.path.startswith("/channels/") else ""
        before = len(self.messages[channel]) if channel in self.accepted else 0
        answer = self._handle(entry)
        if channel in self.accepted and len(self.messages[channel]) > before:
            self.accepted[channel].append(entry.body["nonce"])
        return answer


class BadSlack(SlackLoopback):
    """A Slack whose clock is the weather's; `accepted` gives the ids of posts that each channel's readers see."""

    def use(self, weather: Weather, channels: tuple[str, ...]) -> None:
        """Have this weather, and these channels that the bot is in."""
        self.weather = weather
        self._late: set[asyncio.Task[Any]] = set()
        for channel in channels:
            self.members.setdefault(channel, set())

    @property
    def accepted(self) -> dict[str, list[str]]:
        """The ids of the posts, by channel, in order."""
        return {
            channel: [message["metadata"]["event_payload"]["id"] for message in messages if "metadata" in message]
            for channel, messages in self.channels.items()
        }

    def next_ts(self) -> str:
        """Return a timestamp of the fast clock."""
        if not hasattr(self, "weather"):
            return super().next_ts()
        return f"{self.weather.clock.now().timestamp():.3f}{next(self._ids) % 1000:03d}"

    async def _on_socket(self, request: web.Request) -> web.StreamResponse:
        self.weather.switch.reach("slack socket: asked for")
        return await super()._on_socket(request)

    async def _on_call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await read_arguments(request)
        self.calls.append((method, arguments))
        self.problems.extend(problems_of_call(method, arguments, self.schemas))
        name = f"slack {_SLACK_KINDS.get(method, 'else')}"
        part = arguments["metadata"]["event_payload"]["part"] if name == "slack post" and "metadata" in arguments else 1
        if part > 1 and self.weather.switch.reach("slack: between parts"):
            return _drop(request)
        wait_s = max(1, round(self.weather.chance.choice(WAITS_S)))
        limited = (429, {"ok": False, "error": "ratelimited"})
        headers = {"Date": _http_date(self.weather.clock), "Retry-After": str(wait_s)}
        work = self.weather.meet(request, name, lambda: (200, self._perform(method, arguments)), headers, limited)
        return await _to_the_end(work, self._late)


_SLACK_KINDS = {
    "chat.postMessage": "post",
    "chat.update": "edit",
    "conversations.history": "look",
    "auth.test": "login",
    "apps.connections.open": "connect",
}


def _http_date(clock: FastClock) -> str:
    return format_datetime(clock.now(), usegmt=True)


def _discord_kind(request: Request) -> str:
    if request.path.endswith("/messages"):
        return "post" if request.method == "POST" else "look"
    if request.path.endswith("/threads"):
        return "thread"
    if request.method == "PATCH" and request.path.startswith("/channels/"):
        return "edit"
    return {"/users/@me": "login", "/gateway/bot": "connect"}.get(request.path, "else")


def _part_of(body: dict[str, Any]) -> int:
    texts = [text for text in _texts(body.get("components") or ()) if text]
    match = _PART.search(texts[-1].strip()) if texts else None
    return int(match[1]) if match else 1


def _texts(components: Any) -> list[str]:
    found = []
    for component in components:
        found.append(str(component.get("content") or ""))
        found += _texts(component.get("components") or ())
    return found


async def _to_the_end(work: Awaitable[web.StreamResponse], kept: set[asyncio.Task[Any]]) -> web.StreamResponse:
    """Serve a request to its end also when the one who sent it hangs up: the server of a platform does not notice."""
    task = asyncio.ensure_future(work)
    kept.add(task)
    task.add_done_callback(kept.discard)
    return await asyncio.shield(task)


def _drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _answer(request: web.Request, answer: Answer, headers: dict[str, str]) -> web.StreamResponse:
    status, body = answer
    # discord.py compares the content type with "application/json": a charset would make it a text.
    given = {"Content-Type": "application/json", **headers}
    response = web.Response(status=status, body=json.dumps(body).encode(), headers=given)
    with contextlib.suppress(ConnectionError):
        await response.prepare(request)
        await response.write_eof()
    return response
