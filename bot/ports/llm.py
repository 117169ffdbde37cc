"""A language model, its prompts, what it may spend, and the writer that uses all three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.errors import Unavailable
from bot.model import Article, Summary


class SummaryWriter(Protocol):
    """Writes a summary of one article by means that may fail (an LLM)."""

    async def write(self, article: Article, *, bullets: int) -> Summary:
        """Return a summary whose bullets cite sentences and have passed the proof.

        Raises: Unavailable when no usable summary could be had (down, slow, refused, over budget, bad JSON twice).
        """
        ...


class LedgerOfSpend(Protocol):
    """Counts what the LLM costs a day; a call is reserved before it is made, so caps hold under concurrency."""

    async def reserve(self, day: str, tokens: int, usd: float, *, max_tokens: int, max_usd: float) -> bool:
        """Add to the day (UTC, YYYY-MM-DD) and return True, or return False and add nothing if a cap would break."""
        ...

    async def settle(self, day: str, tokens: int, usd: float) -> None:
        """Add the difference between what a call cost and what was reserved for it (may be negative)."""
        ...

    async def spent(self, day: str) -> tuple[int, float]:
        """Return (tokens, US dollars) reserved or spent on that day."""
        ...


class ReplyCache(Protocol):
    """Keeps LLM replies by a key over content, prompt and model, so that nothing is paid for twice."""

    async def cached_reply(self, key: str) -> str | None:
        """Return the reply stored under this key."""
        ...

    async def cache_reply(self, key: str, reply: str) -> None:
        """Store a reply; storing the same key again replaces it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """One message of a conversation with a language model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a model answered: `data` is the JSON object found in `text`, None when there is none.

    The token counts are the server's; None when it does not count. `model` is the name that the server gives itself.
    """

    text: str
    data: dict[str, object] | None
    finish: Literal["complete", "truncated", "refused"]
    model: str
    tokens_in: int | None = None
    tokens_out: int | None = None


class NoAnswer(Unavailable):
    """The request was sent but no answer came back: the provider may still charge for it."""


class ChatModel(Protocol):
    """A language model behind some server; one call is one request, never retried."""

    @property
    def model(self) -> str:
        """The configured name of the model."""
        ...

    async def complete(
        self, messages: Sequence[ChatMessage], *, schema: Mapping[str, object], max_tokens: int
    ) -> Reply:
        """Return the model's reply, asked to fit this JSON schema; whether it does is for the caller to check.

        Ends within the model's own time-out. Raises: NoAnswer when the request may have been charged, Unavailable
        when it was not. A refused or truncated reply is returned, since it was paid for.
        """
        ...


class PromptBook(Protocol):
    """The prompt templates, checked when they were loaded."""

    def render(self, task: str, values: Mapping[str, object]) -> list[ChatMessage]:
        """Return the messages of this task with the values filled in; the values are data, never templates."""
        ...

    def fingerprint(self, *tasks: str) -> str:
        """Return a hash over the templates of these tasks; it changes whenever one of them is edited."""
        ...
