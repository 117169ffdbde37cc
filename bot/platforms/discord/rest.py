"""One attempt at one REST call through discord.py's own client, with the outcome as a value.

discord.py retries by itself (429, 5xx, resets) and sleeps inside a call; who posts once must know about each attempt.
A middleware of the HTTP session sees every answer first, keeps it, and stops the library's retry. The library's rate
limits still hold: a call waits for its bucket before anything is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import discord
import structlog

from bot.deliveries.pacing import Pace
from bot.ports import Clock

log = structlog.get_logger()

CALL_TIMEOUT_S = 20.0
"""Seconds one attempt may take, waiting for the rate limit included; below the lease of a post."""

LOGIN_TIMEOUT_S = 20.0

CALLS_A_SECOND, CALLS_AT_ONCE = 35.0, 5
"""Together 40 in any second: Discord takes 50, and what was held up on the way may arrive close together. Answers to
interactions do not count there.
Source: https://discord.com/developers/docs/topics/rate-limits#global-rate-limit"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Discord answered; `data` is the JSON, None when there is none. `retry_after_s` stands in a 429."""

    status: int
    data: Any
    retry_after_s: float | None = None

    @property
    def code(self) -> int:
        """Discord's own error code, 0 when there is none."""
        code = self.data.get("code") if isinstance(self.data, dict) else None
        return code if isinstance(code, int) else 0

    @property
    def reason(self) -> str:
        """What Discord says is wrong, for people."""
        said = self.data.get("message") if isinstance(self.data, dict) else None
        return f"Discord answered {self.status}: {said or 'no reason given'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsent:
    """Nothing left this machine."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """The call was sent, or may have been, and no whole answer came back."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BadToken:
    """Discord does not take the token."""


CallOutcome = Answered | Unsent | Lost | BadToken


class Rest:
    """Discord's REST API under one token, independent of the gateway; logs in at the first call."""

    def __init__(self, token: str, clock: Clock, *, call_timeout_s: float = CALL_TIMEOUT_S) -> None:
        self._token = token
        self._clock = clock
        self._call_timeout_s = call_timeout_s
        self._pace = Pace(per_s=CALLS_A_SECOND, burst=CALLS_AT_ONCE)
        self._http: discord.http.HTTPClient | None = None
        self._user_id: str | None = None
        self._login_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._skew = timedelta(0)
        self._closed = False

    @property
    def user_id(self) -> str | None:
        """Our own user id, None before the first login."""
        return self._user_id

    def server_time(self) -> datetime:
        """Return Discord's clock, as its last answer had it; ours before that."""
        return self._clock.now() + self._skew

    def to_server_time(self, moment: datetime) -> datetime:
        """Return a moment of our clock as Discord's clock has it."""
        return moment + self._skew

    async def call(
        self, method: str, path: str, *, json: object = None, query: dict[str, str] | None = None, **parameters: str
    ) -> CallOutcome:
        """Make one attempt; the network raises nothing. `parameters` fill in the path, and tell rate limits apart."""
        http = await self._logged_in()
        if not isinstance(http, discord.http.HTTPClient):
            return http
        attempt = _Attempt(answer=asyncio.get_running_loop().create_future())
        given: dict[str, Any] = {"middlewares": (attempt,)}
        if json is not None:
            given["json"] = json
        if query is not None:
            given["params"] = query
        async with self._pace.turn(""):
            task = self._keep(http.request(_route(method, path, parameters), **given))
            either = {task, attempt.answer}
            await asyncio.wait(either, timeout=self._call_timeout_s, return_when=asyncio.FIRST_COMPLETED)
        if attempt.answer.done():
            # The task may go on sleeping out its rate limit; the answer is here.
            answer, date = attempt.answer.result()
            self._learn_time(date)
            return BadToken() if answer.status == 401 else answer
        if not task.done():
            # Safe: the middleware never lets the library sleep inside a global rate limit.
            task.cancel()
            return Lost(reason="Discord did not answer in time") if attempt.sent else Unsent(reason="rate limited")
        return _failure(task, attempt)

    async def close(self) -> None:
        """Give up calls under way and close the session; later calls send nothing."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def _logged_in(self) -> discord.http.HTTPClient | Unsent | BadToken:
        async with self._login_lock:
            if self._closed:
                return Unsent(reason="shutting down")
            if self._http is not None:
                return self._http
            http = discord.http.HTTPClient(asyncio.get_running_loop())
            task = self._keep(http.static_login(self._token))
            await asyncio.wait({task}, timeout=LOGIN_TIMEOUT_S)
            if task.done() and not task.cancelled() and task.exception() is None:
                self._http, self._user_id = http, str(task.result()["id"])
                return http
            error = task.exception() if task.done() and not task.cancelled() else None
            task.cancel()
            await http.close()
            if isinstance(error, discord.LoginFailure):
                return BadToken()
            log.warning("Discord can't be reached", cause=repr(error))
            return Unsent(reason="Discord can't be reached")

    def _keep(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    def _learn_time(self, date: str | None) -> None:
        with contextlib.suppress(TypeError, ValueError):
            self._skew = email.utils.parsedate_to_datetime(date or "").astimezone(UTC) - self._clock.now()


def _route(method: str, path: str, parameters: Mapping[str, Any]) -> discord.http.Route:
    return discord.http.Route(method, path, **parameters)


class _StopRetrying(Exception):
    """Leaves the library's loop of retries; the answer was kept before."""


@dataclass(slots=True, kw_only=True)
class _Attempt:
    """The middleware of one call; `answer` holds what Discord said and its Date header."""

    answer: asyncio.Future[tuple[Answered, str | None]]
    sent: bool = False
    error: BaseException | None = None

    async def __call__(
        self, request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        self.sent = True
        try:
            response = await handler(request)
            text = (await response.read()).decode("utf-8", "replace")
        except (OSError, aiohttp.ClientError) as error:
            self.error = error
            raise _StopRetrying from error
        answer = _read_answer(response.status, text, response.headers.get("Retry-After"))
        if not self.answer.done():
            self.answer.set_result((answer, response.headers.get("Date")))
        if response.status >= 400:
            raise _StopRetrying
        return response


def _read_answer(status: int, text: str, retry_after: str | None) -> Answered:
    try:
        data = json.loads(text) if text else None
    except ValueError:
        data = None
    said = data.get("retry_after") if isinstance(data, dict) else None
    for value in (said, retry_after):
        with contextlib.suppress(TypeError, ValueError):
            return Answered(status=status, data=data, retry_after_s=max(0.0, float(value)))  # type: ignore[arg-type]
    return Answered(status=status, data=data)


def _failure(task: asyncio.Task[Any], attempt: _Attempt) -> Unsent | Lost:
    error = attempt.error or (None if task.cancelled() else task.exception())
    log.warning("a call to Discord failed", cause=repr(error))
    never_sent = not attempt.sent or isinstance(error, aiohttp.ClientConnectorError)
    return Unsent(reason="Discord can't be reached") if never_sent else Lost(reason="the connection broke")
