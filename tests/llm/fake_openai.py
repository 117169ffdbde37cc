"""A server on loopback that speaks OpenAI's chat protocol, as well or as badly as a test wants it to."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Body = dict[str, Any]
Behaviour = Callable[[web.Request, Body], Awaitable[web.StreamResponse]]
Write = Callable[[Body], str]

_STOPPING = web.RequestKey("stopping", asyncio.Event)
_SENTENCE = re.compile(r"^\[s(\d+)\] (.*)$", re.MULTILINE)
_NOTE = re.compile(r"^\{.*\}$", re.MULTILINE)


class FakeOpenAI:
    """The running server: `requests` holds the JSON bodies it got, `headers` their headers.

    `arrived` is set by the first request; `most_at_once` is the largest number that were under way together.
    """

    def __init__(self, behaviour: Behaviour | Iterable[Behaviour], models: Sequence[str]) -> None:
        self.models = models
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.base_url = ""
        self.stopping = asyncio.Event()
        self.arrived = asyncio.Event()
        self.most_at_once = 0
        self._under_way = 0
        self._endless = behaviour if callable(behaviour) else None
        self._script = iter(()) if callable(behaviour) else iter(behaviour)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        behaviour = self._endless or next(self._script)
        request[_STOPPING] = self.stopping
        self.arrived.set()
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            return await behaviour(request, body)
        finally:
            self._under_way -= 1

    async def handle_models(self, request: web.Request) -> web.StreamResponse:
        """List the models, unless the server is scripted to fail: then fail in the same way."""
        self.headers.append(dict(request.headers))
        if self.models:
            data = [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in self.models]
            return web.json_response({"object": "list", "data": data})
        request[_STOPPING] = self.stopping
        return await (self._endless or next(self._script))(request, {"model": ""})


@asynccontextmanager
async def fake_openai(
    behaviour: Behaviour | Iterable[Behaviour], *, models: Sequence[str] = ("m", "fake-1")
) -> AsyncIterator[FakeOpenAI]:
    """Run a server that treats every request so, or one request after the other as the script says."""
    fake = FakeOpenAI(behaviour, models)
    app = web.Application()
    app.router.add_post("/v1/chat/completions", fake.handle)
    app.router.add_get("/v1/models", fake.handle_models)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    fake.base_url = f"http://127.0.0.1:{port}/v1"
    try:
        yield fake
    finally:
        fake.stopping.set()
        await runner.cleanup()


def ok(write: Write, *, finish: str = "stop", usage: tuple[int, int] | None = (900, 300)) -> Behaviour:
    """Answer with what `write` makes of the request."""

    async def behave(request: web.Request, body: Body) -> web.StreamResponse:
        return web.json_response(_completion(body, write(body), finish=finish, usage=usage))

    return behave


def says(text: str, *, finish: str = "stop") -> Behaviour:
    """Answer with this text, whatever was asked."""
    return ok(lambda body: text, finish=finish)


def slow(delay_s: float, then: Behaviour) -> Behaviour:
    """Think for so long, then behave."""

    async def behave(request: web.Request, body: Body) -> web.StreamResponse:
        await asyncio.sleep(delay_s)
        return await then(request, body)

    return behave


async def hang(request: web.Request, body: Body) -> web.StreamResponse:
    """Never answer."""
    await request[_STOPPING].wait()
    return web.Response(status=503)


async def hang_midway(request: web.Request, body: Body) -> web.StreamResponse:
    """Send the head and a piece of the body, then nothing more."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"choices": [')
    await request[_STOPPING].wait()
    return response


async def drop(request: web.Request, body: Body) -> web.StreamResponse:
    """Close the connection without an answer."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def fails(status: int, message: str = "no", *, code: str | None = None, retry_after: str | None = None) -> Behaviour:
    """Answer with an error as OpenAI words it."""

    async def behave(request: web.Request, body: Body) -> web.StreamResponse:
        headers = {"Retry-After": retry_after} if retry_after is not None else {}
        return web.json_response(
            {"error": {"message": message, "code": code, "type": code}}, status=status, headers=headers
        )

    return behave


async def html(request: web.Request, body: Body) -> web.StreamResponse:
    """Answer as a proxy's login page does."""
    return web.Response(text="<html><body>Please sign in</body></html>", content_type="text/html")


async def malformed(request: web.Request, body: Body) -> web.StreamResponse:
    """Answer with a body that breaks off."""
    return web.Response(text='{"choices": [{"mess', content_type="application/json")


async def empty_choices(request: web.Request, body: Body) -> web.StreamResponse:
    """Answer with no choice at all."""
    return web.json_response({**_completion(body, ""), "choices": []})


async def refusal(request: web.Request, body: Body) -> web.StreamResponse:
    """Decline, as OpenAI's safety layer does."""
    completion = _completion(body, "")
    completion["choices"][0]["message"] = {"role": "assistant", "content": None, "refusal": "I can't help with that."}
    return web.json_response(completion)


def without_json_schema(then: Behaviour, message: str = "response_format type is not supported") -> Behaviour:
    """Refuse a response_format, as many local servers do."""

    async def behave(request: web.Request, body: Body) -> web.StreamResponse:
        if "response_format" in body:
            return await fails(400, message)(request, body)
        return await then(request, body)

    return behave


def as_reasoning_model(then: Behaviour) -> Behaviour:
    """Refuse `max_tokens` and `temperature`, as OpenAI's reasoning models do."""

    async def behave(request: web.Request, body: Body) -> web.StreamResponse:
        if "max_tokens" in body:
            message = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens' instead."
            return await fails(400, message)(request, body)
        if "temperature" in body:
            return await fails(400, "Unsupported value: 'temperature' does not support 0.")(request, body)
        return await then(request, body)

    return behave


def shown_sentences(body: Body) -> list[tuple[int, str]]:
    """Return the (id, text) of every sentence in a request."""
    return [(int(index), text) for index, text in _SENTENCE.findall(_shown(body))]


def copying(body: Body, *, bullets: int = 4) -> str:
    """Write as an honest, dull model does: sentences copied from all over what it was shown, with their ids."""
    notes = [json.loads(note) for note in _NOTE.findall(_shown(body))]
    if notes:
        return json.dumps({"headline": notes[0]["text"], "bullets": notes[:bullets]})
    found = shown_sentences(body)
    step = max(1, len(found) // bullets)
    chosen = found[::step][:bullets]
    return json.dumps({"headline": chosen[0][1], "bullets": [as_bullet(index, text) for index, text in chosen]})


def as_bullet(index: int, text: str, **changes: object) -> dict[str, object]:
    """Return a bullet that copies one sentence."""
    return {"text": text, "ids": [f"s{index}"], "quote": text, "attribution": None, "status": "fact", **changes}


def _shown(body: Body) -> str:
    """Return the message that holds the data: the first one of the user."""
    return next(str(message["content"]) for message in body["messages"] if message["role"] == "user")


def _completion(
    body: Body, text: str, *, finish: str = "stop", usage: tuple[int, int] | None = (900, 300)
) -> dict[str, Any]:
    completion: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}],
    }
    if usage is not None:
        sent, written = usage
        completion["usage"] = {"prompt_tokens": sent, "completion_tokens": written, "total_tokens": sent + written}
    return completion
