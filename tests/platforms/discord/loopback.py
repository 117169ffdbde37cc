"""Discord on the loopback device: REST and gateway, as far as a bot of slash commands and buttons sees them.

Every request body is checked as it comes in; `problems` must be empty at the end. Faults are queued by the test and
strike the next request they fit.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import discord
from aiohttp import WSMsgType, web

from tests.platforms.discord.rules import problems_of

APPLICATION = "900000000000000001"
GUILD = "900000000000000010"
CHANNEL = "900000000000000020"
READER = "900000000000000030"
MANAGE_GUILD = 1 << 5
TOKEN = "loopback-token"

PREFIX = "/api/v10"
WAIT_S = 60.0
"""Seconds a test waits for what must happen; it happens within milliseconds, on a busy machine within seconds."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request that came in."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


@dataclass(kw_only=True)
class Fault:
    """What goes wrong with a request: an answer of its own, or a connection that is dropped or hangs.

    `after` lets the request take effect first.
    """

    method: str
    path: str
    status: int = 0
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    hang_s: float = 0.0


class LoopbackDiscord:
    """The server; `api_base` and `gateway_url` are its addresses once it is started."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.faults: list[Fault] = []
        self.messages: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.threads: set[str] = set()
        self.nonces: dict[str, dict[str, Any]] = {}
        self.commands: dict[str, list[dict[str, Any]]] = {}
        self.callbacks: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.readable = True
        self.token_valid = True
        self.session_start_limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        self.identifies: list[dict[str, Any]] = []
        self.resumes = 0
        self.close_next_hello = False
        self.sockets: list[web.WebSocketResponse] = []
        self._changed = asyncio.Condition()
        self._counter = itertools.count(1)
        self._sequence = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self.api_base = ""
        self.gateway_url = ""

    async def start(self, port: int = 0) -> None:
        app = web.Application()
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_route("*", PREFIX + "/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.api_base = f"http://127.0.0.1:{port}{PREFIX}"
        self.gateway_url = f"ws://127.0.0.1:{port}/gateway/"

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def requests_to(self, method: str, pattern: str) -> list[Request]:
        return [r for r in self.requests if r.method == method and re.fullmatch(pattern, r.path)]

    async def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until the condition holds, and return what it gave."""
        async with asyncio.timeout(WAIT_S):
            while not (result := condition()):
                async with self._changed:
                    # Some conditions depend on the client, whose changes nobody announces here.
                    try:
                        await asyncio.wait_for(self._changed.wait(), 0.02)
                    except TimeoutError:
                        continue
            return result

    # What people do in the client.

    async def use_command(self, name: str, options: dict[str, Any] | None = None, **more: Any) -> str:
        """Use a slash command; return the interaction's token."""
        top, _, sub = name.partition(" ")
        given = [{"name": key, "type": _type_of(value), "value": value} for key, value in (options or {}).items()]
        inner = [{"name": sub, "type": 1, "options": given}] if sub else given
        return await self.interact(2, {"id": self.snowflake(), "name": top, "type": 1, "options": inner}, **more)

    async def type_option(self, name: str, option: str, typed: str, **more: Any) -> str:
        top, _, sub = name.partition(" ")
        given = [{"name": option, "type": 3, "value": typed, "focused": True}]
        inner = [{"name": sub, "type": 1, "options": given}] if sub else given
        return await self.interact(4, {"id": self.snowflake(), "name": top, "type": 1, "options": inner}, **more)

    async def use_menu(self, name: str, message: dict[str, Any]) -> str:
        data = {
            "id": self.snowflake(),
            "name": name,
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self.interact(2, data)

    async def press(self, custom_id: str, message: dict[str, Any], **more: Any) -> str:
        return await self.interact(3, {"custom_id": custom_id, "component_type": 2}, message=message, **more)

    async def submit(self, custom_id: str, text: str, **more: Any) -> str:
        field_ = {"type": 4, "id": 2, "custom_id": "question", "value": text}
        data = {"custom_id": custom_id, "components": [{"type": 18, "id": 1, "component": field_}]}
        return await self.interact(5, data, **more)

    async def interact(
        self, kind: int, data: dict[str, Any], *, admin: bool = False, guild: str | None = GUILD, **more: Any
    ) -> str:
        token = f"interaction{next(self._counter)}"
        user = _user(READER, "reader")
        payload: dict[str, Any] = {
            "id": self.snowflake(), "application_id": APPLICATION, "type": kind, "token": token, "version": 1,
            "channel_id": CHANNEL, "data": data, "locale": "en-US", "entitlements": [], "app_permissions": "0",
            "authorizing_integration_owners": {}, "context": 0, "attachment_size_limit": 0,
            "channel": {"id": CHANNEL, "type": 0, "guild_id": GUILD, "name": "news", "permissions": "0"}, **more,
        }  # fmt: skip
        if guild is None:
            payload |= {"user": user, "channel": {"id": CHANNEL, "type": 1}}
        else:
            member = {"user": user, "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False}
            member |= {"permissions": str(MANAGE_GUILD if admin else 0), "flags": 0}
            payload |= {"guild_id": guild, "guild": {"id": guild, "locale": "en-US", "features": []}, "member": member}
        await self.dispatch("INTERACTION_CREATE", payload)
        return token

    async def answer_to(self, token: str) -> dict[str, Any]:
        """Return what took the place of the acknowledgement."""
        return (await self.until(lambda: self.answers.get(token)))[0]

    async def callback_to(self, token: str) -> dict[str, Any]:
        return await self.until(lambda: self.callbacks.get(token))

    # The gateway.

    async def dispatch(self, event: str, data: dict[str, Any]) -> None:
        await self.sockets[-1].send_json({"op": 0, "t": event, "s": next(self._sequence), "d": data})

    async def send_op(self, op: int, data: Any = None) -> None:
        await self.sockets[-1].send_json({"op": op, "d": data})

    async def close_gateway(self, code: int) -> None:
        await self.sockets[-1].close(code=code)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        if self.close_next_hello:
            self.close_next_hello = False
            await socket.close(code=1001)
            return socket
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 30_000}})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            frame = json.loads(message.data)
            if frame["op"] == 1:
                await socket.send_json({"op": 11})
            elif frame["op"] == 2:
                self.identifies.append(frame["d"])
                await self._send_ready(socket, frame["d"])
            elif frame["op"] == 6:
                self.resumes += 1
                await socket.send_json({"op": 0, "t": "RESUMED", "s": next(self._sequence), "d": {}})
            await self._announce()
        return socket

    async def _send_ready(self, socket: web.WebSocketResponse, identify: dict[str, Any]) -> None:
        ready = {
            "v": 10, "user": _user(APPLICATION, "newsbot", bot=True), "guilds": [{"id": GUILD, "unavailable": True}],
            "session_id": "session", "resume_gateway_url": self.gateway_url,
            "application": {"id": APPLICATION, "flags": 0}, "shard": identify.get("shard", [0, 1]),
        }  # fmt: skip
        await socket.send_json({"op": 0, "t": "READY", "s": next(self._sequence), "d": ready})
        guild = {
            "id": GUILD, "name": "Harbour readers", "owner_id": READER, "roles": [], "emojis": [], "features": [],
            "stickers": [],
            "channels": [{"id": CHANNEL, "type": 0, "name": "news", "position": 0, "permission_overwrites": []}],
            "threads": [], "members": [], "voice_states": [], "presences": [], "member_count": 2, "large": False,
            "unavailable": False, "preferred_locale": "en-US", "premium_tier": 0, "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0,
            "system_channel_flags": 0, "afk_timeout": 300, "stage_instances": [], "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }  # fmt: skip
        await socket.send_json({"op": 0, "t": "GUILD_CREATE", "s": next(self._sequence), "d": guild})

    # REST.

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        text = await request.text()
        body = json.loads(text) if text else None
        entry = Request(method=request.method, path=path, query=dict(request.query), body=body)
        self.requests.append(entry)
        self.problems.extend(problems_of(entry.method, entry.path, body))
        fault = self._take_fault(entry)
        if fault is not None and not fault.after:
            return await self._strike(request, fault)
        status, answer = self._handle(entry) if self.token_valid else (401, {"message": "401: Unauthorized", "code": 0})
        await self._announce()
        if fault is not None:
            return await self._strike(request, fault)
        return _json(answer, status)

    def _handle(self, request: Request) -> tuple[int, Any]:
        parts = request.path.strip("/").split("/")
        if request.path == "/users/@me":
            return 200, _user(APPLICATION, "newsbot", bot=True)
        if request.path == "/oauth2/applications/@me":
            return 200, {
                "id": APPLICATION,
                "name": "newsbot",
                "flags": 0,
                "description": "",
                "verify_key": "",
                "icon": None,
                "bot_public": True,
                "bot_require_code_grant": False,
                "owner": _user(READER, "reader"),
            }
        if request.path == "/gateway/bot":
            return 200, {"url": self.gateway_url, "shards": 2, "session_start_limit": self.session_start_limit}
        if request.path == "/users/@me/channels":
            return 200, {"id": "900000000000000099", "type": 1, "recipients": []}
        if parts[0] == "guilds" and len(parts) == 2:
            return 200, {"id": parts[1], "owner_id": READER}
        if parts[0] == "applications":
            self.commands[request.path] = request.body
            registered = [
                {"description": "", **c, "id": self.snowflake(), "application_id": APPLICATION, "version": "1"}
                for c in request.body
            ]
            return 200, registered
        if parts[0] == "interactions":
            self.callbacks[parts[2]] = request.body
            return 200, {"interaction": {"id": parts[1], "type": 2, "response_message_ephemeral": True}}
        if parts[0] == "webhooks":
            return self._handle_answer(request, parts[2])
        return self._handle_channel(request, parts)

    def _handle_answer(self, request: Request, token: str) -> tuple[int, Any]:
        message = {"deleted": True} if request.method == "DELETE" else self._message(CHANNEL, request.body)
        if request.method == "PATCH" and self.answers[token]:
            self.answers[token][0] = message
        else:
            self.answers[token].append(message)
        return 200, message

    def _handle_channel(self, request: Request, parts: list[str]) -> tuple[int, Any]:
        channel = parts[1]
        known = channel in self.threads or channel in (CHANNEL, "900000000000000099") or channel in self.messages
        if not known:
            return 404, {"message": "Unknown Channel", "code": 10003}
        if request.path.endswith("/threads"):
            message_id = parts[3]
            if not any(m["id"] == message_id for m in self.messages[channel]):
                return 404, {"message": "Unknown Message", "code": 10008}
            if message_id in self.threads:
                return 400, {"message": "A thread has already been created for this message", "code": 160004}
            self.threads.add(message_id)
            return 201, {"id": message_id, "type": 11, "name": request.body["name"], "parent_id": channel}
        if request.method == "GET":
            return 200, self._history(channel, request.query)
        if request.method == "PATCH":
            found = next((m for m in self.messages[channel] if m["id"] == parts[3]), None)
            if found is None:
                return 404, {"message": "Unknown Message", "code": 10008}
            found.update(request.body)
            return 200, found
        nonce = request.body.get("nonce")
        if nonce in self.nonces and request.body.get("enforce_nonce"):
            known_message = self.nonces[nonce]
            if known_message not in self.messages[channel]:
                return 404, {"message": "Unknown Message", "code": 10008}
            return 200, known_message
        message = self._message(channel, request.body)
        self.messages[channel].append(message)
        if nonce is not None:
            self.nonces[nonce] = message
        return 200, message

    def _history(self, channel: str, query: dict[str, str]) -> list[dict[str, Any]]:
        if not self.readable:
            return []
        before = int(query.get("before", 2**63))
        newest_first = sorted(self.messages[channel], key=lambda m: int(m["id"]), reverse=True)
        page = [m for m in newest_first if int(m["id"]) < before][: int(query.get("limit", 50))]
        return [{key: value for key, value in message.items() if key != "nonce"} for message in page]

    def add_message(self, text: str, *, author: str = READER, at: datetime | None = None) -> dict[str, Any]:
        """Put a message into the channel's history."""
        message = self._message(CHANNEL, {"content": text}, author=author, at=at)
        self.messages[CHANNEL].append(message)
        return message

    def _message(
        self, channel: str, body: dict[str, Any], *, author: str = APPLICATION, at: datetime | None = None
    ) -> dict[str, Any]:
        return {
            "id": self.snowflake(at), "channel_id": channel, "content": body.get("content", ""),
            "author": _user(author, "someone", bot=author == APPLICATION), "mentions": [], "mention_roles": [],
            "timestamp": "2026-11-21T18:00:00+00:00", "edited_timestamp": None, "attachments": [], "embeds": [],
            "tts": False, "mention_everyone": False, "pinned": False, "type": 0, "flags": body.get("flags", 0), 
            "components": body.get("components", []),
        }  # fmt: skip

    def snowflake(self, at: datetime | None = None) -> str:
        return str(discord.utils.time_snowflake(at or datetime.now(UTC)) + next(self._counter))

    def _take_fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if fault.method == request.method and re.fullmatch(fault.path, request.path):
                self.faults.remove(fault)
                return fault
        return None

    async def _strike(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.hang_s:
            await asyncio.sleep(fault.hang_s)
        if not fault.status:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return _json(fault.body, fault.status, fault.headers)

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def limited(method: str, path: str, *, retry_after_s: float, is_global: bool = False) -> Fault:
    """Return a 429 as Discord sends it."""
    body = {"message": "You are being rate limited.", "retry_after": retry_after_s, "global": is_global}
    headers = {"Via": "1.1 loopback", "Retry-After": str(max(1, round(retry_after_s)))}
    return Fault(method=method, path=path, status=429, body=body, headers=headers)


def texts_in(message: dict[str, Any]) -> str:
    """Return all that is shown of a message."""
    found = [message.get("content") or message.get("label") or ""]
    for component in message.get("components") or []:
        found.append(texts_in(component))
    return "\n".join(text for text in found if text)


def buttons_in(message: dict[str, Any]) -> dict[str, str]:
    """Return the custom_ids of a message's buttons by their labels."""
    found: dict[str, str] = {}
    for component in message.get("components") or []:
        if component["type"] == 2:
            found[component["label"]] = component["custom_id"]
        found |= buttons_in(component)
    return found


def _json(body: Any, status: int, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py compares the content type with "application/json": a charset would make it a text.
    given = {"Content-Type": "application/json", **(headers or {})}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=given)


def _type_of(value: object) -> int:
    return 5 if isinstance(value, bool) else 4 if isinstance(value, int) else 3


def _user(user_id: str, name: str, *, bot: bool = False) -> dict[str, Any]:
    return {"id": user_id, "username": name, "discriminator": "0", "avatar": None, "global_name": name, "bot": bot}
