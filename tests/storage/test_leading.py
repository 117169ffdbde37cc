"""Of several processes on one archive exactly one leads, and another one follows when it is gone."""

from __future__ import annotations

import asyncio

from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage.connecting import url_of
from bot.storage.leading import ROLES, PostgresLeadership
from tests.postgres import postgres_place, run_on_server, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]


async def test_one_leads_and_its_successor_follows_when_it_resigns(postgres_place: str) -> None:
    engine = create_async_engine(url_of(postgres_place))
    first, second = PostgresLeadership(engine, "reading"), PostgresLeadership(engine, "reading")
    assert await first.holds()
    assert not await second.holds()
    assert await first.holds()
    await first.release()
    assert await second.holds()
    assert not await first.holds()
    await second.release()
    await engine.dispose()


async def test_roles_do_not_exclude_each_other(postgres_place: str) -> None:
    engine = create_async_engine(url_of(postgres_place))
    roles = [PostgresLeadership(engine, role) for role in ("reading", "posting")]
    assert [await role.holds() for role in roles] == [True, True]
    for role in roles:
        await role.release()
    await engine.dispose()


async def test_who_loses_its_connection_loses_the_role(postgres_place: str) -> None:
    engines = [create_async_engine(url_of(postgres_place)) for _ in range(2)]
    first, second = (PostgresLeadership(engine, "reading") for engine in engines)
    assert await first.holds()
    await run_on_server(
        f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = {ROLES}",
        postgres_place,
    )
    await asyncio.sleep(0.2)
    assert await second.holds()
    assert not await first.holds()
    await second.release()
    for engine in engines:
        await engine.dispose()
