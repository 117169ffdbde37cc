"""Connects to Slack by Socket Mode and keeps connected, whatever happens; nothing raised here stops the program.

slack-sdk reconnects by itself, but it may believe in a connection that is dead, and it may try an expired address for
ever: a supervisor looks at the last answered ping and builds the whole client anew when that is stale.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.context import Services
from bot.model import Destination
from bot.platforms.slack.blocks import Json
from bot.platforms.slack.callers import Callers, Identity
from bot.platforms.slack.commands import CommandDoor
from bot.platforms.slack.conversations import ConversationDoor
from bot.platforms.slack.home import HomeDoor
from bot.platforms.slack.outcomes import code_of, outcome_of
from bot.platforms.slack.publishing import SlackPublisher, posting_client
from bot.platforms.slack.recent import RecentIds
from bot.platforms.slack.replying import NOTE_AFTER_S, Replies, notice
from bot.platforms.slack.tasks import Work
from bot.ports import Clock, Limited, Refused

log = structlog.get_logger()

CALL_TIMEOUT_S = 15
"""Seconds of one call of the Web API that answers a reader."""
CONNECT_TIMEOUT_S = 30.0
PING_INTERVAL_S = 10.0
STALE_PINGS = 4
"""Pings without an answer after which a connection counts as dead."""
FIRST_BACKOFF_S = 1.0
MAX_BACKOFF_S = 300.0
REFUSED_BACKOFF_S = 300.0
"""Seconds until tokens that Slack refuses are tried again: somebody may have renewed the installation."""
HEALTHY_AFTER_S = 60.0
"""A connection that held this long makes the next wait short again."""
MEMBERS_A_PAGE = 200
"""Source: https://docs.slack.dev/reference/methods/users.list (recommended)"""
MAX_MEMBER_PAGES = 15
"""Pages searched for the owner: the method takes 20 calls a minute."""
DRAIN_S = 10.0
"""Seconds that answers under way get when the program stops."""
_TICKET = re.compile(r"(ticket=)[^&\s'\"]+")


class SlackPlatform:
    """The bot in one Slack workspace. `publisher` posts whether or not Socket Mode is connected."""

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        services: Services,
        *,
        base_url: str | None = None,
        ping_interval_s: float = PING_INTERVAL_S,
        clock: Clock | None = None,
        note_after_s: float = NOTE_AFTER_S,
    ) -> None:
        self._app_token = app_token
        self._bot_token = bot_token
        self._services = services
        self._ping_interval_s = ping_interval_s
        self._client = posting_client(bot_token, base_url=base_url, timeout_s=CALL_TIMEOUT_S)
        self._replies = Replies(self._client, note_after_s=note_after_s)
        self._work = Work()
        self._envelopes = RecentIds()
        self._events = RecentIds()
        self._handler: _Handler | None = None
        self._app: AsyncApp | None = None
        self._owner: str | None = None
        self.publisher = SlackPublisher(bot_token, base_url=base_url, clock=clock)

    @property
    def connected(self) -> bool:
        """Whether Slack answered a ping lately."""
        return self._handler is not None and self._handler.is_alive()

    async def close(self) -> None:
        """Nothing stays open after `run`: each post has an HTTP session of its own."""

    async def run(self, stop: asyncio.Event) -> None:
        """Stay connected until `stop` is set; then let answers under way end, and close."""
        backoff_s = FIRST_BACKOFF_S
        while not stop.is_set():
            began = time.monotonic()
            failure: Exception | None = None
            try:
                await _run_unless(stop, self._serve())
            except Exception as error:
                failure = error
            if time.monotonic() - began > HEALTHY_AFTER_S:
                backoff_s = FIRST_BACKOFF_S
            wait_s = _wait_after(failure, backoff_s)
            if failure is not None:
                log.warning("not connected to Slack", why=_sentence(failure), again_in_s=round(wait_s))
            await _sleep_unless(stop, wait_s)
            backoff_s = min(backoff_s * 2, MAX_BACKOFF_S)
        await self._work.finish(timeout_s=DRAIN_S)

    async def notify_admin(self, destination: Destination, sentence: str) -> None:
        """Tell the workspace's primary owner, in a direct message, what a person has to know. Never raises."""
        try:
            self._owner = self._owner or await self._primary_owner()
        except Exception as error:
            log.warning("nobody in Slack could be told", channel=destination.key, why=_sentence(error))
            return
        about = notice(f"About the digests in channel {destination.channel}: {sentence}")
        if self._owner is None or not await self._replies.say(about, channel=self._owner, thread=None):
            log.warning("the owner in Slack could not be told", channel=destination.key)

    async def _serve(self) -> None:
        """Connect once and return when the connection is dead."""
        app = self._app or await self._build_app()
        handler = _Handler(app, self._app_token, self._envelopes, self._ping_interval_s)
        self._handler = handler
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                handler.client.wss_uri = await handler.client.issue_new_wss_url()
                await handler.connect_async()  # type: ignore[no-untyped-call]
            log.info("connected to Slack")
            while handler.is_alive():  # noqa: ASYNC110  the age of a ping is nothing that tells by itself
                await asyncio.sleep(self._ping_interval_s)
            log.warning("the connection to Slack does not answer; building a new one")
        finally:
            self._handler = None
            await handler.close_async()  # type: ignore[no-untyped-call]

    async def _build_app(self) -> AsyncApp:
        answer = await self._client.auth_test()
        identity = Identity(
            team=str(answer["team_id"]), user=str(answer["user_id"]), bot=str(answer.get("bot_id") or "")
        )

        async def authorize() -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None,
                team_id=identity.team,
                bot_token=self._bot_token,
                bot_id=identity.bot,
                bot_user_id=identity.user,
            )

        # Bolt's own client stays without a token: answers go through ours, which never sends anything twice.
        bare_client = AsyncWebClient(base_url=self._client.base_url, timeout=CALL_TIMEOUT_S, retry_handlers=[])
        app = AsyncApp(name="newsbot", client=bare_client, authorize=authorize)
        app.middleware(_Gate(identity, self._events).check)
        callers = Callers(self._client)
        shared = (self._services, self._client, callers)
        home = HomeDoor(*shared, self._work)
        CommandDoor(*shared, self._replies, self._work, self.publisher, show_home=home.show).register(app)
        ConversationDoor(*shared, self._replies, self._work, identity).register(app)
        home.register(app)
        app.event(re.compile(""))(_acknowledge_only)
        self._app = app
        return app

    async def _primary_owner(self) -> str | None:
        cursor = ""
        for _ in range(MAX_MEMBER_PAGES):
            answer = await self._client.users_list(limit=MEMBERS_A_PAGE, cursor=cursor or None)
            members: list[Json] = answer["members"]
            owner = next((member["id"] for member in members if member.get("is_primary_owner")), None)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if owner:
                return str(owner)
            if not cursor:
                break
        return None


class _Handler(AsyncSocketModeHandler):
    """Acknowledges every envelope, known or not, and hands each one on once."""

    def __init__(self, app: AsyncApp, app_token: str, envelopes: RecentIds, ping_interval_s: float) -> None:
        super().__init__(app, app_token, logger=_socket_log(), ping_interval=ping_interval_s)
        self._envelopes = envelopes
        self._made_at = time.time()

    def is_alive(self) -> bool:
        """Return whether a ping was answered lately; slack-sdk's own `is_connected` can be wrong for ever."""
        last = self.client.last_ping_pong_time or self._made_at
        # An answer that lies ahead is of before the clock was set back: nobody knows how old it is.
        return not self.client.closed and abs(time.time() - last) < STALE_PINGS * self.client.ping_interval

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Answer one envelope; one that comes again is acknowledged again and goes no further."""
        began = time.time()
        if not self._envelopes.is_new(req.envelope_id):
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        response = await run_async_bolt_app(self.app, req)
        # Slack sends what is not acknowledged again and again; what nobody here wants is acknowledged too.
        taken = response if response.status == 200 else BoltResponse(status=200)
        await send_async_response(client, req, taken, began)


class _Gate:
    """Bolt middleware: lets through what comes from our workspace, and each event once."""

    def __init__(self, identity: Identity, events: RecentIds) -> None:
        self._identity = identity
        self._events = events

    async def check(self, body: Json, next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse | None:
        """Pass a request on, or answer it with an empty acknowledgement."""
        team = str(body.get("team_id") or (body.get("team") or {}).get("id") or "")
        if team != self._identity.team:
            log.warning("a request from another Slack workspace was left out")
            return BoltResponse(status=200)
        event_id = body.get("event_id")
        if event_id and not self._events.is_new(str(event_id)):
            return BoltResponse(status=200)
        await next_()
        return None


class _WithoutTickets(logging.Filter):
    """Takes the tickets out of what slack-sdk logs: they stand in the addresses of its errors."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; its traceback would show the address again."""
        record.msg = _TICKET.sub(r"\1…", record.getMessage())
        record.args = ()
        record.exc_info = None
        return True


def _socket_log() -> logging.Logger:
    logger = logging.getLogger(f"{__name__}.socket")
    if not logger.filters:
        logger.addFilter(_WithoutTickets())
    return logger


async def _acknowledge_only() -> None:
    """Take an event that nobody listens to; Bolt acknowledges it."""


def _wait_after(failure: Exception | None, backoff_s: float) -> float:
    if failure is None:
        return backoff_s
    outcome = outcome_of(failure)
    if isinstance(outcome, Refused):
        return REFUSED_BACKOFF_S
    return max(backoff_s, outcome.retry_after_s) if isinstance(outcome, Limited) else backoff_s


def _sentence(error: Exception) -> str:
    """Return what went wrong without any token: Slack's own word, or the kind of failure."""
    code = code_of(error) if isinstance(error, SlackApiError) else ""
    return f"Slack says {code}" if code else f"no connection ({type(error).__name__})"


async def _run_unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Run until the work ends, whose error is raised, or cancel it once `stop` is set."""
    working, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    finally:
        stopping.cancel()
        working.cancel()
        await asyncio.wait((working, stopping))


async def _sleep_unless(stop: asyncio.Event, seconds: float) -> None:
    await _run_unless(stop, asyncio.sleep(seconds))
