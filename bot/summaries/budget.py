"""What LLM calls may cost a day: an upper bound is reserved before each call, the true figure settled after it.

Both caps, tokens and US dollars, hold under concurrency because the ledger adds or refuses in one step.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from bot.errors import Unavailable
from bot.model import Cost
from bot.ports import Clock, LedgerOfSpend
from bot.text.lazy import compile_later

# Characters a token, by class of character; an exact count would need tables that tiktoken downloads at run time.
_ASCII_CHARS_PER_TOKEN = 3.6
_OTHER_CHARS_PER_TOKEN = 1.6
_TOKENS_PER_CJK_CHAR = 0.85
# Tokenizers of models we do not know may cut a CJK character into several byte tokens.
_TOKENS_PER_CJK_CHAR_UNKNOWN = 1.5
# The estimate reserves money: it must not fall short.
_MARGIN = 1.25
_TOKENS_PER_MILLION = 1_000_000
# Stands for "no cap": any real sum stays below it, and it fits an SQL BIGINT.
_TOKENS_UNLIMITED = 2**62

_CJK = compile_later(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars for a million tokens; zero for a model of one's own."""

    usd_per_million_in: float = 0.0
    usd_per_million_out: float = 0.0

    def cost(self, tokens_in: int, tokens_out: int) -> Cost:
        """Return what so many tokens cost."""
        usd = tokens_in * self.usd_per_million_in + tokens_out * self.usd_per_million_out
        return Cost(tokens_in=tokens_in, tokens_out=tokens_out, usd=usd / _TOKENS_PER_MILLION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What was set aside for one call on one UTC day."""

    day: str
    upper_bound: Cost


class Budget:
    """The daily caps over one ledger; a cap of None is no cap."""

    def __init__(
        self,
        ledger: LedgerOfSpend,
        clock: Clock,
        prices: Prices,
        *,
        max_tokens_per_day: int | None,
        max_usd_per_day: float | None,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._prices = prices
        self._max_tokens = max_tokens_per_day
        self._max_usd = max_usd_per_day

    def now(self) -> datetime:
        """Return the moment, by the clock that the days are counted with."""
        return self._clock.now()

    async def reserve(self, tokens_in: int, max_tokens_out: int) -> Reservation:
        """Return a reservation for a call of at most so many tokens.

        Raises: Unavailable naming the cap that the call would break; nothing is reserved then.
        """
        day = self._clock.now().date().isoformat()
        bound = self._prices.cost(tokens_in, max_tokens_out)
        tokens = tokens_in + max_tokens_out
        granted = await self._ledger.reserve(
            day,
            tokens,
            bound.usd,
            max_tokens=_TOKENS_UNLIMITED if self._max_tokens is None else self._max_tokens,
            max_usd=math.inf if self._max_usd is None else self._max_usd,
        )
        if not granted:
            raise Unavailable(await self._refusal(day, tokens))
        return Reservation(day=day, upper_bound=bound)

    async def settle(self, reservation: Reservation, tokens_in: int, tokens_out: int) -> Cost:
        """Replace the reservation by what the call took, and return what it cost."""
        cost = self._prices.cost(tokens_in, tokens_out)
        bound = reservation.upper_bound
        tokens = tokens_in + tokens_out - bound.tokens_in - bound.tokens_out
        await self._ledger.settle(reservation.day, tokens, cost.usd - bound.usd)
        return cost

    async def _refusal(self, day: str, tokens: int) -> str:
        spent_tokens, _ = await self._ledger.spent(day)
        if self._max_tokens is not None and spent_tokens + tokens > self._max_tokens:
            return f"daily limit of {self._max_tokens:,} LLM tokens reached"
        return f"daily limit of ${self._max_usd or 0:.2f} for the LLM reached"


def estimate_tokens(text: str, *, known_model: bool = False) -> int:
    """Return how many tokens this text takes at most, by character classes, with a margin of a quarter.

    `known_model` says that the model's tokenizer knows CJK well (OpenAI's of 2024 and later).
    """
    cjk = sum(len(run) for run in _CJK.findall(text))
    ascii_chars = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    other = len(text) - cjk - ascii_chars
    per_cjk = _TOKENS_PER_CJK_CHAR if known_model else _TOKENS_PER_CJK_CHAR_UNKNOWN
    tokens = ascii_chars / _ASCII_CHARS_PER_TOKEN + other / _OTHER_CHARS_PER_TOKEN + cjk * per_cjk
    return math.ceil(tokens * _MARGIN)
