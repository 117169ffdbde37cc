"""A Slack on loopback: the Web API, response addresses and Socket Mode, as well or as badly behaved as a test wants.

It keeps channels, checks every call against the published limits (and the schemas, where they are given), and lets a
test play the people: type commands, press buttons, fill in forms, mention the bot.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.platforms.slack.slack_limits import problems_of_call, problems_of_options, problems_of_response

Json = dict[str, Any]
Fault = Callable[[web.Request, Callable[[], Json]], Awaitable[web.StreamResponse]]

TEAM, BOT_USER, BOT_ID, APP = "T0HARBOUR", "U0BOT", "B0BOT", "A0APP"
CHANNEL, PRIVATE_CHANNEL, ADMIN, READER, STRANGER = "C0NEWS", "G0BOARD", "U0ADMIN", "U0READER", "U0STRANGER"
BOT_TOKEN, APP_TOKEN = "xoxb-loopback", "xapp-loopback"
WAIT_S = 60.0
"""Seconds a test waits for what must happen; it happens within milliseconds, on a busy machine within seconds."""


@dataclass
class Ack:
    """The acknowledgement of an envelope: its payload, and seconds from sending to receiving it."""

    payload: Json
    seconds: float


@dataclass
class SlackLoopback:
    """The running server; see the module."""

    base_url: str = ""
    channels: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    members: dict[str, set[str]] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    responses: list[tuple[str, Json]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    schemas: Json | None = None
    connections: int = 0
    answers_pings: bool = True
    has_agents: bool = False
    dead_tickets: int = 0
    outside: set[str] = field(default_factory=lambda: {"C0ELSEWHERE"})

    def __post_init__(self) -> None:
        self._ids = itertools.count(1)
        self._faults: dict[str, deque[Fault]] = defaultdict(deque)
        self._sockets: list[web.WebSocketResponse] = []
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._changed = asyncio.Event()
        for user, admin in ((ADMIN, True), (READER, False)):
            self.users[user] = {"id": user, "team_id": TEAM, "is_admin": admin, "is_owner": False}
        self.users[STRANGER] = {"id": STRANGER, "team_id": "T0ELSEWHERE", "is_admin": True, "is_stranger": True}
        self.users["U0OWNER"] = {"id": "U0OWNER", "team_id": TEAM, "is_admin": True, "is_primary_owner": True}
        self.members = {CHANNEL: {ADMIN, READER}, PRIVATE_CHANNEL: {ADMIN}}
        for channel in self.members:
            joined = {"type": "message", "subtype": "channel_join", "user": BOT_USER, "text": "has joined"}
            self.channels[channel].append({**joined, "ts": self.next_ts()})

    def app(self) -> web.Application:
        """Return the web application to serve."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._on_call)
        app.router.add_get("/link", self._on_socket)
        app.router.add_post("/respond/{address}", self._on_response)
        app.on_shutdown.append(self._hang_up)
        return app

    def next_ts(self) -> str:
        """Return a new message timestamp: the time of now, never the same twice."""
        return f"{time.time():.3f}{next(self._ids):03d}"

    def fail_next(self, method: str, *faults: Fault) -> None:
        """Let the next calls of this method fail in these ways, one after the other."""
        self._faults[method].extend(faults)

    def calls_of(self, method: str) -> list[Json]:
        """Return the arguments of the calls of one method, in order."""
        return [arguments for name, arguments in self.calls if name == method]

    def posts(self, channel: str = CHANNEL) -> list[Json]:
        """Return the bot's messages in a channel, oldest first."""
        return [message for message in self.channels[channel] if message.get("bot_id") == BOT_ID]

    async def until(self, holds: Callable[[], Any], *, seconds: float = WAIT_S) -> Any:
        """Wait until something holds, and return what it is."""
        async with asyncio.timeout(seconds):
            while not (result := holds()):
                self._changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await self._changed.wait()
        return result

    async def hang_up(self, *, say_why: bool = False) -> None:
        """Close every socket, with Slack's goodbye or without."""
        for socket in list(self._sockets):
            if say_why:
                await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
            else:
                await socket.close()

    async def deliver(self, kind: str, payload: Json, *, envelope_id: str | None = None, wait_s: float = WAIT_S) -> Ack:
        """Send one envelope and return its acknowledgement; over a new connection again, when the first one broke."""
        envelope_id = envelope_id or f"envelope-{next(self._ids)}"
        acknowledged = self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        began = time.monotonic()
        async with asyncio.timeout(wait_s):
            while not acknowledged.done():
                await self.until(lambda: [socket for socket in self._sockets if not socket.closed])
                socket = next(socket for socket in reversed(self._sockets) if not socket.closed)
                with suppress(ConnectionError):
                    await socket.send_json(envelope)
                while not (acknowledged.done() or socket.closed):
                    await asyncio.wait({acknowledged}, timeout=0.2)
        answer = acknowledged.result()
        self.problems.extend(problems_of_options(answer.get("options", [])))
        return Ack(answer, time.monotonic() - began)

    async def type_command(self, command: str, text: str = "", *, user: str = READER, channel: str = CHANNEL,
                           team: str = TEAM) -> str:  # fmt: skip
        """Play somebody who types a slash command; return the name of its response address."""
        address = self.new_address()
        await self.deliver("slash_commands", {
            "command": command, "text": text, "user_id": user, "channel_id": channel, "team_id": team,
            "response_url": f"{self.base_url}/respond/{address}", "trigger_id": f"trigger-{address}", "api_app_id": APP,
        })  # fmt: skip
        return address

    async def press(self, action: str, *, user: str = READER, channel: str | None = CHANNEL, private: bool = True,
                    sort: str = "button") -> str:  # fmt: skip
        """Play somebody who presses a button; return the name of its response address."""
        address = self.new_address()
        payload: Json = {
            "type": "block_actions", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "api_app_id": APP,
            "trigger_id": f"trigger-{address}", "token": "t",
            "actions": [{"type": sort, "action_id": f"press:{action}", "block_id": "b", "value": action}],
            "container": {"type": "message", "is_ephemeral": private},
        }  # fmt: skip
        if channel:
            payload["channel"] = {"id": channel}
            payload["response_url"] = f"{self.base_url}/respond/{address}"
        else:
            payload["container"] = {"type": "view"}
        await self.deliver("interactive", payload)
        return address

    async def submit(self, view: Json, values: Json, *, user: str = READER) -> Ack:
        """Play somebody who fills in a modal and sends it."""
        filled = {**view, "id": "V1", "state": {"values": values}}
        return await self.deliver("interactive", {
            "type": "view_submission", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "view": filled,
            "api_app_id": APP, "token": "t",
        })  # fmt: skip

    async def event(self, event: Json, *, event_id: str | None = None, team: str = TEAM) -> Ack:
        """Send an event as Slack's Events API does."""
        return await self.deliver("events_api", {
            "type": "event_callback", "team_id": team, "api_app_id": APP, "event": event,
            "event_id": event_id or f"Ev{next(self._ids)}", "event_time": int(time.time()),
        })  # fmt: skip

    async def write(self, text: str, *, user: str = READER, channel: str = CHANNEL, thread: str | None = None,
                    kind: str = "message", event_id: str | None = None) -> str:  # fmt: skip
        """Play somebody who writes a message; return its timestamp."""
        ts = self.next_ts()
        message = {"type": "message", "user": user, "text": text, "ts": ts, "channel": channel}
        if thread:
            message["thread_ts"] = thread
        self.channels[channel].append(message)
        channel_type = "im" if channel.startswith("D") else "channel"
        await self.event({**message, "type": kind, "channel_type": channel_type}, event_id=event_id)
        return ts

    def new_address(self) -> str:
        """Return a new name for a response address."""
        return f"r{next(self._ids)}"

    def answers_to(self, address: str) -> list[Json]:
        """Return what was sent to a response address."""
        return [body for name, body in self.responses if name == address]

    async def answer_to(self, address: str) -> Json:
        """Wait for the first answer to a response address."""
        bodies: list[Json] = await self.until(lambda: self.answers_to(address))
        return bodies[0]

    async def _on_call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await read_arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.calls.append((method, arguments))
        # Beside the loop: a big body takes long enough to check for a busy machine to miss its pings.
        self.problems.extend(await asyncio.to_thread(problems_of_call, method, arguments, self.schemas))
        self._changed.set()
        if self._faults[method]:
            return await self._faults[method].popleft()(request, lambda: self._perform(method, arguments))
        return web.json_response(self._perform(method, arguments))

    def _perform(self, method: str, arguments: Json) -> Json:
        handler = getattr(self, "_do_" + method.replace(".", "_"), None)
        result: Json = handler(arguments) if handler else {"ok": False, "error": "unknown_method"}
        self._changed.set()
        return {"ok": True, **result}

    def _do_auth_test(self, arguments: Json) -> Json:
        return {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT_ID, "team": "Harbour", "user": "newsbot",
                "url": "https://harbour.slack.com/"}  # fmt: skip

    def _do_apps_connections_open(self, arguments: Json) -> Json:
        ticket = f"ticket-{next(self._ids)}"
        if self.dead_tickets:
            self.dead_tickets -= 1
            ticket = "dead-secret"
        return {"url": f"{self.base_url.replace('http', 'ws')}/link?ticket={ticket}"}

    def _do_users_info(self, arguments: Json) -> Json:
        user = self.users.get(arguments["user"])
        return {"user": user} if user else {"ok": False, "error": "user_not_found"}

    def _do_users_list(self, arguments: Json) -> Json:
        return {"members": list(self.users.values())}

    def _do_users_conversations(self, arguments: Json) -> Json:
        names = [channel for channel, members in self.members.items() if arguments["user"] in members]
        return {"channels": [{"id": name, "name": name.lower()} for name in names]}

    def _do_chat_postMessage(self, arguments: Json) -> Json:
        channel = arguments["channel"]
        if channel not in self.members and channel[0] not in "DU":
            return {"ok": False, "error": "channel_not_found"}
        kept = ("text", "blocks", "metadata", "thread_ts")
        message = {"type": "message", "user": BOT_USER, "bot_id": BOT_ID, "app_id": APP, "ts": self.next_ts()}
        message |= {name: arguments[name] for name in kept if name in arguments}
        self.channels[channel].append(message)
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _do_chat_postEphemeral(self, arguments: Json) -> Json:
        return {"message_ts": self.next_ts()}

    def _do_chat_update(self, arguments: Json) -> Json:
        found = [message for message in self.channels[arguments["channel"]] if message["ts"] == arguments["ts"]]
        if not found:
            return {"ok": False, "error": "message_not_found"}
        found[0].update({name: arguments[name] for name in ("text", "blocks", "metadata") if name in arguments})
        return {"channel": arguments["channel"], "ts": arguments["ts"], "text": arguments["text"]}

    def _do_conversations_info(self, arguments: Json) -> Json:
        channel = arguments["channel"]
        known = channel in self.members or channel in self.outside
        found = {"channel": {"id": channel, "is_member": channel in self.members}}
        return found if known else {"ok": False, "error": "channel_not_found"}

    def _do_conversations_history(self, arguments: Json) -> Json:
        oldest, latest = float(arguments.get("oldest", 0)), float(arguments.get("latest", "inf"))
        within = [m for m in self.channels[arguments["channel"]] if oldest < float(m["ts"]) < latest]
        newest_first = [m for m in reversed(within) if m.get("thread_ts", m["ts"]) == m["ts"]]
        if not _is_true(arguments.get("include_all_metadata")):
            newest_first = [{k: v for k, v in m.items() if k != "metadata"} for m in newest_first]
        start, size = int(arguments.get("cursor") or 0), int(arguments.get("limit", 100))
        end = start + size
        more = end < len(newest_first)
        page: Json = {"messages": newest_first[start:end], "has_more": more}
        return {**page, "response_metadata": {"next_cursor": str(end)}} if more else page

    def _do_conversations_replies(self, arguments: Json) -> Json:
        thread = arguments["ts"]
        found = [m for m in self.channels[arguments["channel"]] if thread in (m["ts"], m.get("thread_ts"))]
        return {"messages": found, "has_more": False}

    def _do_assistant_threads_setStatus(self, arguments: Json) -> Json:
        return {} if self.has_agents else {"ok": False, "error": "feature_not_enabled"}

    def _do_views_open(self, arguments: Json) -> Json:
        return {"view": {**arguments["view"], "id": "V1"}}

    def _do_views_publish(self, arguments: Json) -> Json:
        return {"view": {**arguments["view"], "id": "V2"}}

    async def _on_response(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        address = request.match_info["address"]
        uses = len(self.answers_to(address)) + 1
        self.problems.extend(await asyncio.to_thread(problems_of_response, body, uses=uses, schemas=self.schemas))
        self._changed.set()
        if self._faults["response"]:
            return await self._faults["response"].popleft()(request, lambda: self._respond(address, body))
        return web.json_response(self._respond(address, body))

    def _respond(self, address: str, body: Json) -> Json:
        self.responses.append((address, body))
        self._changed.set()
        return {"ok": True}

    async def _on_socket(self, request: web.Request) -> web.StreamResponse:
        if request.query["ticket"].startswith("dead"):
            return web.Response(status=403)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self._sockets.append(socket)
        self.connections += 1
        self._changed.set()
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": APP}})
        async for message in socket:
            if message.type == WSMsgType.PING and self.answers_pings:
                await socket.pong(message.data)
            elif message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                waiting = self._acks.get(answer.get("envelope_id", ""))
                if waiting and not waiting.done():
                    waiting.set_result(answer.get("payload") or {})
        self._sockets.remove(socket)
        return socket

    async def _hang_up(self, app: web.Application) -> None:
        await self.hang_up()


def refuse(error: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Fault:
    """Return a fault: Slack says no and does nothing."""

    async def fault(request: web.Request, perform: Callable[[], Json]) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": error}, status=status, headers=headers)

    return fault


def answer_nonsense(body: str, *, status: int = 200, content_type: str = "text/html", accept: bool = False) -> Fault:
    """Return a fault: something between us and Slack answers, whether or not Slack took the call."""

    async def fault(request: web.Request, perform: Callable[[], Json]) -> web.StreamResponse:
        if accept:
            perform()
        return web.Response(text=body, status=status, content_type=content_type)

    return fault


def drop(*, accept: bool) -> Fault:
    """Return a fault: the connection breaks before or after Slack took the call."""

    async def fault(request: web.Request, perform: Callable[[], Json]) -> web.StreamResponse:
        if accept:
            perform()
        assert request.transport is not None
        request.transport.abort()
        raise asyncio.CancelledError

    return fault


def hang(seconds: float, *, accept: bool) -> Fault:
    """Return a fault: Slack answers late."""

    async def fault(request: web.Request, perform: Callable[[], Json]) -> web.StreamResponse:
        result = perform() if accept else {"ok": False, "error": "internal_error"}
        await asyncio.sleep(seconds)
        return web.json_response(result)

    return fault


async def read_arguments(request: web.Request) -> Json:
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        arguments |= await request.json()
    elif request.can_read_body:
        arguments |= dict(await request.post())
    return {name: _decoded(value) for name, value in arguments.items()}


def _decoded(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        with suppress(ValueError):
            return json.loads(value)
    return value


def _is_true(value: Any) -> bool:
    return str(value).lower() in ("1", "true")
