"""Roles: one process has a role at a time; another one takes over within seconds, whatever became of the first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text

from bot.jobs.holding import hold_role
from bot.ports.leading import Leadership
from bot.storage.archive import SqlArchive, open_archive
from bot.storage.leading import AlwaysLeads
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]

ROLE = "posting:discord"
TAKEN_OVER_WITHIN_S = 6.0

END_SESSIONS = """
SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND datname = current_database()
"""


class Holder:
    """Something that wants the role; it says when it works and when it was told to end."""

    def __init__(self, leadership: Leadership) -> None:
        self.leadership = leadership
        self.works = asyncio.Event()
        self.times = 0
        self._stop = asyncio.Event()

    async def work(self, ending: asyncio.Event) -> None:
        self.times += 1
        self.works.set()
        await ending.wait()
        self.works.clear()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Holder]:
        """Want the role meanwhile."""
        task = asyncio.create_task(hold_role(ROLE, self.leadership, self.work, self._stop))
        try:
            yield self
        finally:
            self._stop.set()
            await asyncio.wait_for(task, 20)


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(TAKEN_OVER_WITHIN_S):
        while not holds():  # noqa: ASYNC110 - what is waited for lies in another task
            await asyncio.sleep(0.02)


async def test_one_holder_works_and_another_one_takes_over_when_it_ends(postgres_place: str) -> None:
    async with open_archive(postgres_place) as one, open_archive(postgres_place) as two:
        second = Holder(two.leadership(ROLE))
        async with Holder(one.leadership(ROLE)).running() as first:
            await until(first.works.is_set)
            async with second.running():
                await asyncio.sleep(0.3)
                assert not second.works.is_set()
                assert await _leaders(one) == 1
                first._stop.set()
                await until(second.works.is_set)
                assert not first.works.is_set()


async def test_a_holder_whose_connection_broke_ends_its_work_before_it_asks_anew(postgres_place: str) -> None:
    async with open_archive(postgres_place) as one, Holder(one.leadership(ROLE)).running() as holder:
        await until(holder.works.is_set)
        async with one._database.engine.connect() as connection:
            await connection.execute(text(END_SESSIONS))
        await until(lambda: holder.times == 2)
        assert holder.works.is_set()


async def test_a_holder_that_hangs_loses_the_role(postgres_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.leading.SILENT_S", 1)
    async with open_archive(postgres_place) as one, open_archive(postgres_place) as two:
        hanging, other = one.leadership(ROLE), two.leadership(ROLE)
        assert await hanging.holds()
        assert not await other.holds()
        await asyncio.sleep(1.5)
        assert await other.holds()
        assert not await hanging.holds()
        await other.release()


async def test_work_that_breaks_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.holding.BROKEN_PAUSE_S", 0.01)
    stop, begun = asyncio.Event(), 0

    async def work(ending: asyncio.Event) -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise ValueError("broke")
        stop.set()
        await ending.wait()

    await asyncio.wait_for(hold_role(ROLE, AlwaysLeads(), work, stop), 10)
    assert begun == 3


async def test_work_that_does_not_end_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.jobs.holding.END_WITHIN_S", 0.1)
    stop, cancelled = asyncio.Event(), asyncio.Event()

    async def work(ending: asyncio.Event) -> None:
        stop.set()
        with suppress(TimeoutError):
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.set()
                raise

    await asyncio.wait_for(hold_role(ROLE, AlwaysLeads(), work, stop), 10)
    assert cancelled.is_set()


async def _leaders(archive: SqlArchive) -> int:
    return sum(bool(process) for process in (await archive.holders([ROLE, "reading"])).values())
