"""Caps and limits hold for all processes together: they are counted in the archive, one writer after the other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.storage.archive import open_archive
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]

DAY = "2026-03-02"
TRIES = 20


async def test_two_processes_together_spend_no_more_than_the_cap(postgres_place: str) -> None:
    async with open_archive(postgres_place) as one, open_archive(postgres_place) as two:
        tries = [
            archive.reserve(DAY, 10, 0.25, max_tokens=1_000, max_usd=2.5)
            for _ in range(TRIES)
            for archive in (one, two)
        ]
        assert sum(await asyncio.gather(*tries)) == 10
        assert await one.spent(DAY) == (100, 2.5)


async def test_two_processes_together_allow_no_more_uses_than_the_limit(postgres_place: str) -> None:
    async with open_archive(postgres_place) as one, open_archive(postgres_place) as two:
        uses = [archive.count_use("discord:1:u", DAY, limit=7) for _ in range(TRIES) for archive in (one, two)]
        assert sum(await asyncio.gather(*uses)) == 7


async def test_an_event_is_taken_by_one_of_two_processes(postgres_place: str) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    async with open_archive(postgres_place) as one, open_archive(postgres_place) as two:
        for number in range(TRIES):
            taken = await asyncio.gather(*(archive.remember_event(f"E{number}", now) for archive in (one, two)))
            assert sorted(taken) == [False, True]


async def test_a_process_with_other_prompts_is_noticed(postgres_place: str) -> None:
    async with open_archive(postgres_place) as one:
        assert not await one.is_shared_with_another("0.9 aa")
        async with open_archive(postgres_place) as two:
            assert await two.is_shared_with_another("0.9 bb")
            assert not await two.is_shared_with_another("0.9 bb")
