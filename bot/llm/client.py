"""A language model behind any server that speaks OpenAI's chat protocol: OpenAI, Ollama, vLLM, llama.cpp.

One call is one request: the library's own retries are off, since it obeys a Retry-After of two minutes on each of them.
"""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit, urlunsplit

from bot.errors import Misconfigured
from bot.llm.breaker import Breaker
from bot.llm.dialects import Dialect, adapt, build_request
from bot.ports import ChatMessage, Meter, Reply, Unmetered

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from bot.llm.failures import Failure

DEFAULT_TIMEOUT_S = 30.0
# A local server works on one call at a time anyway; more would only wait in its queue until they time out.
DEFAULT_PARALLEL_CALLS = 4
OPENAI_BASE_URL = "https://api.openai.com/v1"
# Longer than this nobody waits for a rate limit to pass: the article gets its extract at once.
_MOST_HELD_S = 5.0
# Enough to see what a local server holds; OpenAI lists dozens.
_MOST_NAMES = 8
# The library refuses an empty key; a local server ignores whatever it gets.
_NO_KEY = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """Where the server is. The HTTP library logs whole URLs, so a login never stays in one."""

    url: str
    server: str
    login: str | None = field(repr=False)


class OpenAIChat:
    """Implements `ports.ChatModel`; the library is imported and the client built by the first call."""

    def __init__(
        self,
        *,
        base_url: str | None,
        api_key: str | None,
        model: str,
        timeout_s: float = DEFAULT_TIMEOUT_S,
        parallel_calls: int = DEFAULT_PARALLEL_CALLS,
        breaker: Breaker | None = None,
        meter: Meter | None = None,
    ) -> None:
        self._meter = meter or Unmetered()
        self._address = _read_address(base_url or OPENAI_BASE_URL)
        self._api_key = api_key or None
        self._model = model
        self._timeout_s = timeout_s
        self._breaker = breaker
        self._turns = asyncio.Semaphore(parallel_calls)
        self._dialect = Dialect()
        self._building = asyncio.Lock()
        self._client: AsyncOpenAI | None = None

    def __repr__(self) -> str:
        return f"OpenAIChat(server={self._address.server!r}, model={self._model!r})"

    @property
    def breaker_state(self) -> str:
        """Whether calls go out: closed, open or probing."""
        return "closed" if self._breaker is None else self._breaker.state

    @property
    def model(self) -> str:
        """The configured name of the model."""
        return self._model

    async def complete(
        self, messages: Sequence[ChatMessage], *, schema: Mapping[str, object], max_tokens: int
    ) -> Reply:
        """Return the model's reply; waiting for a turn, or out a Retry-After, doesn't count towards the time-out.

        Raises: NoAnswer when the request may have been charged, Unavailable when it was not.
        """
        async with self._turns:
            if self._breaker is not None:
                await self._wait_out_hold(self._breaker)
                self._breaker.admit()
            began = time.perf_counter()
            outcome = await self._attempt(messages, schema, max_tokens)
        seconds = time.perf_counter() - began
        if isinstance(outcome, Reply):
            tokens_in, tokens_out = outcome.tokens_in or 0, outcome.tokens_out or 0
            self._meter.called_llm(outcome.finish, seconds, tokens_in=tokens_in, tokens_out=tokens_out)
            return outcome
        self._meter.called_llm("failed", seconds)
        raise outcome.to_error()

    async def find_model(self) -> str:
        """Return a sentence that says the server answers and has the model; costs nothing.

        Raises: Unavailable when the server can't be used, Misconfigured when it has other models only.
        """
        try:
            client = await asyncio.to_thread(_build, self._address, self._api_key, self._timeout_s)
            async with client, asyncio.timeout(self._timeout_s):
                names = [model.id async for model in client.models.list()]
        except Exception as error:  # a server may answer anything, see _attempt
            failure = self._judge(error)
        else:
            return _describe_models(self._model, names)
        raise failure.to_error()

    async def aclose(self) -> None:
        """Close the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @staticmethod
    async def _wait_out_hold(breaker: Breaker) -> None:
        """Wait while a server that works wants to be left alone for a moment: most rate limits pass within seconds."""
        waited_s = 0.0
        while breaker.state == "closed" and 0 < (wait_s := breaker.held_s) <= _MOST_HELD_S - waited_s:
            await asyncio.sleep(wait_s)
            waited_s += wait_s

    async def _built(self) -> AsyncOpenAI:
        async with self._building:
            if self._client is None:
                # Importing the library takes .4 s and reading the trust store some more: not on the event loop.
                self._client = await asyncio.to_thread(_build, self._address, self._api_key, self._timeout_s)
            return self._client

    async def _attempt(
        self, messages: Sequence[ChatMessage], schema: Mapping[str, object], max_tokens: int
    ) -> Reply | Failure:
        """Return the reply or the failure, and tell the breaker. Errors are returned, not raised: a raised one would
        drag the library's exception, with the server's words in it, along as its context."""
        try:
            client = await self._built()
            async with asyncio.timeout(self._timeout_s):
                reply = await self._request(client, messages, schema, max_tokens)
        except asyncio.CancelledError:
            self._report_abandoned()
            raise
        except Exception as error:  # a server may answer anything: the library fails on it in a dozen ways
            failure = self._judge(error)
            self._report_failure(failure)
            return failure
        self._report_reply(reply)
        return reply

    async def _request(
        self, client: AsyncOpenAI, messages: Sequence[ChatMessage], schema: Mapping[str, object], max_tokens: int
    ) -> Reply:
        """Return the reply, asking again without what the server refuses to know; a refused request costs nothing."""
        import openai

        from bot.llm.replies import read_reply

        dialect = self._dialect
        while True:
            request = build_request(dialect, messages, model=self._model, schema=schema, max_tokens=max_tokens)
            try:
                completion: Any = await client.chat.completions.create(**request)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                adapted = adapt(dialect, error.message)
                if adapted is None:
                    raise
                dialect = adapted
                continue
            self._dialect = dialect
            return read_reply(completion, model=self._model)

    def _judge(self, error: Exception) -> Failure:
        from bot.llm.failures import judge

        secrets = [secret for secret in (self._api_key, self._address.login) if secret]
        return judge(error, server=self._address.server, model=self._model, timeout_s=self._timeout_s, secrets=secrets)

    def _report_reply(self, reply: Reply) -> None:
        if self._breaker is None:
            return
        if reply.finish == "complete" and reply.data is not None:
            self._breaker.succeeded()
        else:
            self._breaker.failed()

    def _report_failure(self, failure: Failure) -> None:
        if self._breaker is None:
            return
        if failure.counts:
            self._breaker.failed(retry_after_s=failure.retry_after_s)
        else:
            self._breaker.abandoned()

    def _report_abandoned(self) -> None:
        if self._breaker is not None:
            self._breaker.abandoned()


def _describe_models(model: str, names: Sequence[str]) -> str:
    if not names:
        return f"answers, but does not tell whether it has '{model}'"
    # Ollama calls "llama3.2" by its full name "llama3.2:latest".
    if any(name == model or name.startswith(f"{model}:") for name in names):
        return f"answers and has '{model}'"
    known = ", ".join(sorted(names)[:_MOST_NAMES])
    raise Misconfigured(f"the LLM server has no model '{model}'; it has {known}")


def _read_address(address: str) -> _Address:
    """Return a server's address with the user name and password that it may hold kept apart."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname and not parts.query and not parts.fragment:
            host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
            server = f"{host}:{parts.port}" if parts.port else host
            login = f"{unquote(parts.username or '')}:{unquote(parts.password or '')}" if parts.username else None
            return _Address(url=urlunsplit((parts.scheme, server, parts.path, "", "")), server=server, login=login)
    except ValueError:
        pass
    raise Misconfigured("the LLM's base_url is no address: it must look like http://localhost:11434/v1")


def _build(address: _Address, api_key: str | None, timeout_s: float) -> AsyncOpenAI:
    from openai import AsyncOpenAI

    headers = {}
    if address.login is not None:
        headers["Authorization"] = f"Basic {b64encode(address.login.encode()).decode()}"
    return AsyncOpenAI(
        base_url=address.url, api_key=api_key or _NO_KEY, max_retries=0, timeout=timeout_s, default_headers=headers
    )
