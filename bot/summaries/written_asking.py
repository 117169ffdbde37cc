"""One question to the LLM, paid for at most once: cache, single flight, reservation, one repair.

The same question asked twice at the same time is sent once; asked again later, it is answered from the cache.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.errors import Unavailable
from bot.model import Cost
from bot.ports import ChatMessage, ChatModel, NoAnswer, PromptBook, Reply, ReplyCache
from bot.summaries.budget import Budget, Reservation, estimate_tokens
from bot.summaries.written_schema import DraftT, Form, read_draft

# What the protocol adds to each message (role, separators). Source: OpenAI cookbook, "How to count tokens": 3-4.
_TOKENS_PER_MESSAGE = 4
# A server that counts more than was estimated raises the next estimates; beyond this its counter is broken.
_MOST_UNDERESTIMATE = 8.0
# Changes when the meaning of a cached reply does.
_CACHE_FORMAT = 1

UNUSABLE_FOR: Final = timedelta(hours=6)
"""A question answered unusably twice is not paid for again so soon: a channel's digests are hours apart, a model that
errs like that errs again, and a server that was set up wrongly has been mended by then."""
_UNUSABLE: Final = "the LLM's answer could not be used, twice"

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


@dataclass(slots=True)
class Bill:
    """What the calls for one summary have cost so far, whether or not they were of use."""

    total: Cost = field(default_factory=Cost)

    def add(self, cost: Cost) -> None:
        """Add what one call cost."""
        self.total = Cost(
            tokens_in=self.total.tokens_in + cost.tokens_in,
            tokens_out=self.total.tokens_out + cost.tokens_out,
            usd=self.total.usd + cost.usd,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Generic[DraftT]):
    """A draft of the right shape and the model that wrote it."""

    model: str
    draft: DraftT


class Kept(BaseModel):
    """What the cache keeps of an answer; no draft means that the model declined, which costs as much as a summary.

    `unusable_since` says that it did not decline, but that its answer could not be used, twice.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    draft: dict[str, Any] | None
    unusable_since: datetime | None = None


Check = Callable[[DraftT], tuple[str, ...]]
"""Says what of a draft does not hold, in sentences that the model can act on; runs in a thread."""


class Asker:
    """Puts prompts to one model under one budget."""

    def __init__(
        self,
        chat: ChatModel,
        prompts: PromptBook,
        budget: Budget,
        cache: ReplyCache,
        *,
        max_output_tokens: int,
        parallel_calls: int,
    ) -> None:
        self._chat = chat
        self._prompts = prompts
        self._budget = budget
        self._cache = cache
        self._max_output_tokens = max_output_tokens
        self._turns = asyncio.Semaphore(parallel_calls)
        self._underestimate = 1.0
        self._flights: SingleFlight[Kept] = SingleFlight()

    async def ask(
        self,
        task: str,
        values: Mapping[str, object],
        *,
        form: Form[DraftT],
        identity: Sequence[str],
        bill: Bill,
        check: Check[DraftT] | None = None,
    ) -> Answered[DraftT]:
        """Return the model's draft for this task; the calls made for it are added to the bill.

        `identity` tells this question from others: everything the answer depends on but prompt and model. What `check`
        finds wrong is asked to be mended, once; the draft that comes then is returned as it is.
        Raises: Unavailable when no draft of the right shape could be had, now or in the last hours.
        """
        key = self._key(task, identity)

        async def answer() -> Kept:
            known = await self._recall(key, form)
            if known is None:
                known = await self._pay(task, values, form, check, bill)
                await self._remember(key, known)
            return known

        kept = await self._flights.run(key, answer)
        if kept.unusable_since is not None:
            raise Unavailable(_UNUSABLE)
        if kept.draft is None:
            raise Unavailable("the LLM declined to write this")
        return Answered(model=kept.model, draft=form.draft.model_validate(kept.draft))

    def overhead_tokens(self, task: str, values: Mapping[str, object], form: Form[DraftT]) -> int:
        """Return how many tokens a request of this task takes with these values, the schema included."""
        return _estimate_request(self._prompts.render(task, values), form.schema)

    async def _pay(
        self,
        task: str,
        values: Mapping[str, object],
        form: Form[DraftT],
        check: Check[DraftT] | None,
        bill: Bill,
    ) -> Kept:
        messages = self._prompts.render(task, values)
        reply = await self._call(messages, form, bill)
        draft = read_draft(reply, form)
        problems = draft if isinstance(draft, tuple) else await _checked(draft, check)
        if reply.finish != "refused" and problems:
            said = [ChatMessage(role="assistant", text=reply.text)] if reply.text.strip() else []
            repair = self._prompts.render("repair", {"problems": problems})
            reply = await self._call([*messages, *said, *repair], form, bill)
            draft = read_draft(reply, form)
        if reply.finish == "refused":
            return Kept(model=reply.model, draft=None)
        if isinstance(draft, tuple):
            _log.info("LLM answer unusable twice: %s", "; ".join(draft))
            return Kept(model=reply.model, draft=None, unusable_since=self._budget.now())
        return Kept(model=reply.model, draft=draft.model_dump(mode="json"))

    async def _call(self, messages: Sequence[ChatMessage], form: Form[DraftT], bill: Bill) -> Reply:
        """Return the reply to one call: reserved once its turn has come, settled when it ends."""
        estimated = _estimate_request(messages, form.schema)
        async with self._turns:
            estimated_in = math.ceil(estimated * self._underestimate)
            reservation = await self._budget.reserve(estimated_in, self._max_output_tokens)
            try:
                reply = await self._chat.complete(messages, schema=form.schema, max_tokens=self._max_output_tokens)
            except NoAnswer:
                raise  # the reservation stays: the provider may charge for the call
            except Unavailable:
                await self._budget.settle(reservation, 0, 0)
                raise
            if reply.tokens_in is not None:
                self._underestimate = min(max(self._underestimate, reply.tokens_in / estimated), _MOST_UNDERESTIMATE)
            bill.add(await self._settle(reservation, reply))
        return reply

    async def _settle(self, reservation: Reservation, reply: Reply) -> Cost:
        """Return what the reply cost, by the server's count where it counts."""
        tokens_in = reservation.upper_bound.tokens_in if reply.tokens_in is None else reply.tokens_in
        tokens_out = estimate_tokens(reply.text) if reply.tokens_out is None else reply.tokens_out
        try:
            return await self._budget.settle(reservation, tokens_in, tokens_out)
        except Unavailable as error:
            _log.warning("the cost of an LLM call could not be settled, its reservation stays: %s", error)
            return reservation.upper_bound

    def _key(self, task: str, identity: Sequence[str]) -> str:
        parts = [_CACHE_FORMAT, task, self._prompts.fingerprint(task), self._chat.model, *identity]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    async def _recall(self, key: str, form: Form[DraftT]) -> Kept | None:
        """Return the cached answer; a cache that fails or holds something else is no reason to go without."""
        try:
            text = await self._cache.cached_reply(key)
            kept = None if text is None else Kept.model_validate_json(text)
            if kept is not None and kept.draft is not None:
                form.draft.model_validate(kept.draft)
            return None if kept is None or self._is_worth_another_try(kept) else kept
        except (Unavailable, ValidationError) as error:
            _log.warning("a cached LLM reply could not be read: %s", type(error).__name__)
            return None

    def _is_worth_another_try(self, kept: Kept) -> bool:
        """Return whether an unusable answer lies hours back, or ahead of a clock that was set back since."""
        if kept.unusable_since is None:
            return False
        return not timedelta(0) <= self._budget.now() - kept.unusable_since < UNUSABLE_FOR

    async def _remember(self, key: str, kept: Kept) -> None:
        try:
            await self._cache.cache_reply(key, kept.model_dump_json())
        except Unavailable as error:
            _log.warning("an LLM reply could not be cached: %s", error)


class SingleFlight(Generic[_T]):
    """Runs one of several equal requests and gives all of them its result."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[_T]] = {}
        self._waiting: dict[str, int] = {}

    async def run(self, key: str, work: Callable[[], Awaitable[_T]]) -> _T:
        """Return the result of `work`, or of the work already under way for this key.

        The work is cancelled only when everybody who waits for it has been.
        """
        task = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.ensure_future(_awaited(work))
        self._waiting[key] = self._waiting.get(key, 0) + 1
        try:
            return await asyncio.shield(task)
        finally:
            self._leave(key, task)

    def _leave(self, key: str, task: asyncio.Task[_T]) -> None:
        self._waiting[key] -= 1
        if self._waiting[key] == 0:
            del self._waiting[key]
            if self._tasks.get(key) is task:
                del self._tasks[key]
            task.cancel()


async def _awaited(work: Callable[[], Awaitable[_T]]) -> _T:
    return await work()


async def _checked(draft: DraftT, check: Check[DraftT] | None) -> tuple[str, ...]:
    return () if check is None else await asyncio.to_thread(check, draft)


def _estimate_request(messages: Sequence[ChatMessage], schema: Mapping[str, object]) -> int:
    return estimate_tokens(json.dumps(schema)) + sum(
        estimate_tokens(message.text) + _TOKENS_PER_MESSAGE for message in messages
    )
