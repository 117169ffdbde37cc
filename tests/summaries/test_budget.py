"""Daily caps on what the LLM costs, and the token estimate they stand on."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Unavailable
from bot.model import Cost
from bot.summaries.budget import Budget, Prices, estimate_tokens
from tests.llm.written_parts import MemoryLedger, SettableClock

PRICES = Prices(usd_per_million_in=1.0, usd_per_million_out=4.0)


def budget(
    ledger: MemoryLedger, clock: SettableClock | None = None, *, tokens: int | None = None, usd: float | None = None
) -> Budget:
    return Budget(ledger, clock or SettableClock(), PRICES, max_tokens_per_day=tokens, max_usd_per_day=usd)


async def test_settling_replaces_the_reservation_by_what_was_spent() -> None:
    ledger = MemoryLedger()
    caps = budget(ledger)
    reservation = await caps.reserve(1_000, 500)
    assert ledger.days["2031-05-04"] == (1_500, pytest.approx(0.003))
    cost = await caps.settle(reservation, 800, 100)
    assert cost == Cost(tokens_in=800, tokens_out=100, usd=pytest.approx(0.0012))
    assert ledger.days["2031-05-04"] == (900, pytest.approx(0.0012))


async def test_a_call_that_would_break_the_token_cap_is_refused_and_adds_nothing() -> None:
    ledger = MemoryLedger()
    caps = budget(ledger, tokens=2_000)
    await caps.reserve(1_000, 500)
    with pytest.raises(Unavailable, match="daily limit of 2,000 LLM tokens reached"):
        await caps.reserve(400, 101)
    assert ledger.days["2031-05-04"][0] == 1_500


async def test_a_call_that_would_break_the_money_cap_is_refused_by_name() -> None:
    caps = budget(MemoryLedger(), usd=1.0)
    with pytest.raises(Unavailable, match=r"daily limit of \$1\.00 for the LLM reached"):
        await caps.reserve(600_000, 100_001)


async def test_caps_of_zero_refuse_every_call() -> None:
    with pytest.raises(Unavailable, match="daily limit of 0 LLM tokens"):
        await budget(MemoryLedger(), tokens=0).reserve(1, 1)
    with pytest.raises(Unavailable, match=r"daily limit of \$0\.00"):
        await budget(MemoryLedger(), usd=0.0).reserve(1, 1)


async def test_a_new_utc_day_starts_at_nothing_and_late_calls_settle_on_their_own_day() -> None:
    ledger, clock = MemoryLedger(), SettableClock()
    caps = budget(ledger, clock, tokens=1_000)
    reservation = await caps.reserve(500, 500)
    clock.advance(86_400)
    await caps.reserve(500, 500)
    await caps.settle(reservation, 100, 100)
    assert ledger.days == {"2031-05-04": (200, pytest.approx(0.0005)), "2031-05-05": (1_000, pytest.approx(0.0025))}


async def test_a_hundred_calls_at_once_stay_under_the_cap() -> None:
    ledger = MemoryLedger()
    caps = budget(ledger, tokens=10_500)
    outcomes = await asyncio.gather(*(caps.reserve(600, 400) for _ in range(100)), return_exceptions=True)
    assert sum(1 for outcome in outcomes if not isinstance(outcome, BaseException)) == 10
    assert ledger.days["2031-05-04"][0] == 10_000


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("The council approved the repair of the bridge on Tuesday. " * 20, 220),
        ("시의회는 화요일에 다리 보수를 승인했다. " * 20, 280),
        ("市議会は火曜日に橋の修理を承認した。" * 20, 240),
        ("Совет одобрил ремонт моста во вторник. " * 20, 180),
        ("", 0),
    ],
)
def test_the_estimate_is_no_lower_than_what_modern_tokenizers_count(text: str, least: int) -> None:
    assert estimate_tokens(text) >= least


def test_models_that_know_cjk_are_estimated_lower() -> None:
    text = "시의회는 다리 보수를 승인했다."
    assert estimate_tokens(text, known_model=True) < estimate_tokens(text)
