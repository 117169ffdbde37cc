"""The server of the archive is not there yet, or goes away: workers wait, and go on when it is back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio

from bot.model import FileState
from bot.storage.archive import open_archive
from tests.faults.forking import ForkingProcess, forking_process
from tests.faults.private_postgres import PrivateServer, private_postgres
from tests.faults.program_parts import Program, program
from tests.postgres import run_on_server

READ_WITHIN_S = 60.0

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def forks():
    """The process that forks the processes of the program."""
    async with forking_process("tests.faults.program") as process:
        yield process


async def test_a_worker_waits_for_the_server_at_its_start_and_outlives_its_restart(
    forks: ForkingProcess, tmp_path: Path
) -> None:
    with private_postgres() as server:
        async with program(tmp_path, forks, seed=1, stormy=False) as bot:
            bot.place = server.address
            bot.write_articles(2)
            await asyncio.to_thread(server.stop)
            pid = await bot.start(command="work")
            await until_logged(bot, "does not answer yet")
            await asyncio.to_thread(server.start)
            await until_read(bot, 2)
            await asyncio.to_thread(server.stop, "immediate")
            bot.write_articles(2)
            await asyncio.sleep(2.0)
            await asyncio.to_thread(server.start)
            await until_read(bot, 4)
            assert await bot.stop(pid) == 0, bot.log()


async def test_a_worker_refuses_what_a_person_has_to_mend_in_one_sentence(
    forks: ForkingProcess, tmp_path: Path
) -> None:
    with private_postgres() as server:
        async with program(tmp_path, forks, seed=1, stormy=False) as bot:
            bot.place = server.address
            async with open_archive(server.address):
                pass
            await run_on_server("UPDATE alembic_version SET version_num = '9999'", server.address)
            assert await ended(bot, forks, "work") == 2
            assert "newer newsbot" in bot.log()
            await run_on_server("ALTER ROLE postgres PASSWORD 'right'", server.address)
            demand_passwords(server)
            bot.place = server.address.replace("postgres@", "postgres:wrong-canary@")
            assert await ended(bot, forks, "work") == 2
            assert "user or password" in bot.log()
            assert "wrong-canary" not in bot.log()
            bot.place = ""
            assert await ended(bot, forks, "work") == 2
            assert "PostgreSQL" in bot.log().splitlines()[-1]


def demand_passwords(server: PrivateServer) -> None:
    """Let nobody in without a password any more."""
    (server.folder / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
    server.stop()
    server.start()


async def ended(bot: Program, forks: ForkingProcess, command: str) -> int:
    """Start a process that ends by itself; return its exit code."""
    return await forks.end_of(await bot.start(command=command))


async def until_logged(bot: Program, words: str) -> None:
    """Wait until the log says something."""
    async with asyncio.timeout(READ_WITHIN_S):
        while words not in bot.log():  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.1)


async def until_read(bot: Program, files: int) -> None:
    """Wait until so many files were read."""
    async with asyncio.timeout(READ_WITHIN_S), open_archive(bot.archive, create=True) as archive:
        while (await archive.count_files())[FileState.READ] < files:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.2)
