"""The server of the archive goes away: under load nothing acknowledged is lost, nothing is written twice."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable

import pytest

from bot.errors import BotError, Misconfigured, NotFound, Unavailable
from bot.storage.archive import open_archive
from bot.storage.connecting import connect
from bot.storage.moving import move_archive
from bot.storage.postgres import PostgresDatabase
from bot.storage.schema import prepare_schema
from tests.fault_table import FAULTS, fault_row
from tests.faults.private_postgres import PrivateServer, private_postgres
from tests.postgres import run_on_server
from tests.storage.archive_parts import make_article, make_record

pytestmark = pytest.mark.fault("PostgreSQL away, wrong or foreign")

RESTARTS = int(os.environ.get("TESTS_RESTARTS", "5"))
"""How often the server is stopped; every other time as in a crash."""

GOES_ON_WITHIN_S = 60.0

DAY = "2026-03-02"


async def test_nothing_is_lost_or_doubled_while_the_server_restarts(
    record_property: Callable[[str, object], None],
) -> None:
    with private_postgres() as server:
        async with open_archive(server.address) as archive:
            stop = asyncio.Event()
            saved: list[str] = []
            spent = 0

            async def save() -> None:
                number = 0
                while not stop.is_set():
                    number += 1
                    one = make_article(f"{number}.txt", f"Report {number} of the harbour office. It has two lines.")
                    [stored] = await archive.save_articles([make_record(one.path)], [one], [])
                    saved.append(stored.id)

            async def spend() -> None:
                nonlocal spent
                while not stop.is_set():
                    # Adding is not idempotent: done twice, the sum tells.
                    await archive.settle(DAY, 1, 0.0)
                    spent += 1

            async def search() -> None:
                while not stop.is_set():
                    await archive.search("harbour report", limit=3)

            work = [asyncio.create_task(job()) for job in (save, spend, spend, search)]
            for number in range(RESTARTS):
                await until_both_go_on(saved, lambda: spent)
                await asyncio.sleep(0.02 * number)  # another moment of their work each time
                await asyncio.to_thread(server.stop, "immediate" if number % 2 else "fast")
                await asyncio.to_thread(server.start)
            await until_both_go_on(saved, lambda: spent)
            stop.set()
            await asyncio.gather(*work)
            tried, kept = len(saved) + spent, await archive.last_seq() + (await archive.spent(DAY))[0]
            lost, doubled = max(0, tried - kept), max(0, kept - tried)
            row = fault_row(
                "PostgreSQL restarts", faults=RESTARTS, tried=tried, survived=kept, lost=lost, doubled=doubled
            )
            record_property(FAULTS, row)
            assert len(saved) == await archive.last_seq() == (await archive.archive_facts()).articles
            assert (await archive.spent(DAY))[0] == spent
            assert min(len(saved), spent) > RESTARTS


async def until_both_go_on(saved: list[str], spent: Callable[[], int]) -> None:
    """Wait until something more was saved and something more was spent."""
    before = len(saved), spent()
    until = time.monotonic() + GOES_ON_WITHIN_S
    while True:
        if len(saved) > before[0] and spent() > before[1]:
            return
        assert time.monotonic() < until, "nothing was written any more"
        await asyncio.sleep(0.02)


async def test_a_transaction_whose_number_was_lost_in_a_crash_was_not_committed() -> None:
    with private_postgres() as server:
        database = connect(server.address, create=True, read_only=False)
        assert isinstance(database, PostgresDatabase)
        await prepare_schema(database)
        assert not await database._was_committed(2**31, "write of which nothing was kept")
        await database.close()


async def test_a_server_that_stays_away_is_told_and_its_return_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.postgres.OUTLIVED_S", 0.5)
    with private_postgres() as server:
        async with open_archive(server.address) as archive:
            await asyncio.to_thread(server.stop)
            with pytest.raises(Unavailable, match="does not answer"):
                await archive.settle(DAY, 1, 0.0)
            await asyncio.to_thread(server.start)
            await archive.settle(DAY, 1, 0.0)
            assert (await archive.spent(DAY))[0] == 1


async def test_what_can_be_mended_about_a_server_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.postgres.OUTLIVED_S", 0.2)
    with private_postgres() as server:
        base = server.address.rpartition("/")[0]
        await run_on_server(
            "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0", server.address
        )
        await run_on_server(
            "CREATE DATABASE plain ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0", server.address
        )
        await run_on_server("CREATE ROLE reader LOGIN", server.address)
        assert "createdb" in await _refusal(f"{base}/nothing")
        assert "encoding" in await _refusal(f"{base}/ascii")
        assert "may not create" in await _refusal(server.address.replace("postgres@", "reader@"))
        assert "does not answer" in await _refusal("postgresql://postgres@127.0.0.1:1/postgres")
        with pytest.raises(NotFound, match=r"no archive at .*plain yet"):
            async with open_archive(f"{base}/plain", create=False, read_only=True):
                raise AssertionError
        with pytest.raises(NotFound, match=r"no archive at .*plain yet"):
            await move_archive(f"{base}/plain", "sqlite:///:memory:")
        assert "names no database" in await _refusal("postgresql://postgres@127.0.0.1")
        async with open_archive(f"{base}/plain") as archive:
            one = make_article("ü.txt", "Ärger im Hafen. Zwölf Boote, drei Ämter.")
            await archive.save_articles([make_record(one.path)], [one], [])
            assert [hit.article.id for hit in await archive.search("ärger ämter", limit=3)] == ["ü.txt"]


async def test_a_wrong_password_is_said_without_repeating_it() -> None:
    with private_postgres() as server:
        await run_on_server("ALTER ROLE postgres PASSWORD 'right'", server.address)
        _demand_passwords(server)
        refusal = await _refusal(server.address.replace("postgres@", "postgres:wrong-canary@"))
        assert "user or password" in refusal
        assert "wrong-canary" not in refusal


async def test_an_archive_of_a_newer_program_is_refused() -> None:
    with private_postgres() as server:
        async with open_archive(server.address):
            pass
        await run_on_server("UPDATE alembic_version SET version_num = '9999'", server.address)
        assert "newer newsbot" in await _refusal(server.address)


async def test_two_programs_starting_on_an_empty_database_make_one_archive() -> None:
    with private_postgres() as server:

        async def start(number: int) -> None:
            async with open_archive(server.address) as archive:
                one = make_article(f"{number}.txt", f"Report {number} of the harbour office. It has two lines.")
                await archive.save_articles([make_record(one.path)], [one], [])

        await asyncio.gather(*(start(number) for number in range(4)))
        async with open_archive(server.address) as archive:
            assert await archive.last_seq() == 4


def _demand_passwords(server: PrivateServer) -> None:
    rules = server.folder / "pg_hba.conf"
    rules.write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    server.stop()
    server.start()


async def _refusal(address: str) -> str:
    with pytest.raises(BotError) as caught:
        async with open_archive(address):
            pass
    assert isinstance(caught.value, Misconfigured | Unavailable)
    return str(caught.value)
