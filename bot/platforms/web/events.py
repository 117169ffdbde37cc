"""The stream of one browser's conversation: events as they happen, and after a break those that were missed.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html (Last-Event-ID)
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter

from aiohttp import web
from aiohttp_sse import EventSourceResponse

from bot.errors import Unavailable
from bot.platforms.web.chat import conversation_of, session_of
from bot.platforms.web.conversations import Conversation
from bot.platforms.web.house import HOUSE

MAX_STREAMS_A_BROWSER = 6
"""As many as a browser opens to one host over HTTP/1.1."""
MAX_STREAMS = 1_000
PING_S = 20
"""Seconds between signs of life; proxies close what is silent for a minute."""
LOOK_S = 2.0
"""Seconds after which a stream looks whether its page is still there."""
RETRY_MS = 1_000
"""How soon a browser connects again."""

STREAMS: web.AppKey[Counter[str]] = web.AppKey("streams", Counter)


async def stream_events(request: web.Request) -> web.StreamResponse:
    """Send the events after the one the page names, then each new one, until either side closes."""
    house, session, streams = request.app[HOUSE], session_of(request), request.app[STREAMS]
    if streams[session.channel] >= MAX_STREAMS_A_BROWSER or streams.total() >= MAX_STREAMS:
        raise Unavailable("Too many pages of the chat are open. Close some of them.", retry_after_s=10)
    conversation = await conversation_of(house, session)
    after = request.headers.get("Last-Event-ID") or request.query.get("after", "") or conversation.last_event_id
    streams[session.channel] += 1
    response = EventSourceResponse(ping_interval=PING_S)
    try:
        await response.prepare(request)
        async with response:
            await _stream(request, response, conversation, after)
    except ConnectionResetError:
        pass  # the page was closed; what it missed it gets when it comes back
    finally:
        streams[session.channel] -= 1
        if not streams[session.channel]:
            del streams[session.channel]
    return response


async def _stream(request: web.Request, response: EventSourceResponse, conversation: Conversation, after: str) -> None:
    closing = request.app[HOUSE].closing
    first = True
    # A page that is gone is noticed here, long before a ping to it fails.
    while request.transport is not None and response.is_connected() and not closing.is_set():
        grown = conversation.grown
        for event in conversation.after(after):
            retry = RETRY_MS if first else None
            await response.send(json.dumps(event.data), id=event.id, event=event.kind, retry=retry)
            after, first = event.id, False
        await _first_of(grown, closing, timeout_s=LOOK_S)


async def _first_of(grown: asyncio.Event, closing: asyncio.Event, *, timeout_s: float) -> None:
    waits = [asyncio.ensure_future(grown.wait()), asyncio.ensure_future(closing.wait())]
    try:
        await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
