"""`newsbot run` with a Discord token, against a Discord on loopback: a digest is posted once, whoever kills the bot."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model import Destination, Schedule
from bot.storage.archive import open_archive
from tests.platforms.discord.loopback import CHANNEL, GUILD, TOKEN, LoopbackDiscord

PATIENCE_S = 60.0
HARBOUR = Destination(platform="discord", workspace=GUILD, channel=CHANNEL)


@pytest.fixture
async def discord_server() -> AsyncIterator[LoopbackDiscord]:
    server = LoopbackDiscord()
    await server.start()
    yield server
    await server.stop()


async def schedule_for_a_minute_ago(home: Path) -> None:
    """Set up a schedule whose slot has just come, in the archive that the bot will open."""
    now = datetime.now(UTC)
    at = (now - timedelta(minutes=1)).time().replace(second=0, microsecond=0)
    schedule = Schedule(
        id="test",
        destination=HARBOUR,
        times=(time(at.hour, at.minute),),
        weekdays=(),
        zone="UTC",
        created_at=now - timedelta(hours=2),
    )
    (home / "data").mkdir()
    async with open_archive(home / "data" / "newsbot.db") as archive:
        await archive.save_schedule(schedule)


async def start(home: Path, environment: dict[str, str], server: LoopbackDiscord) -> asyncio.subprocess.Process:
    with (home / "err.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=home,
            env={
                **environment,
                "DISCORD_TOKEN": TOKEN,
                "NEWSBOT_DISCORD__API_BASE": server.api_base,
                "NEWSBOT_DISCORD__GATEWAY_URL": server.gateway_url,
                "NEWSBOT_READING__SCAN_INTERVAL_S": "0.3",
                "NEWSBOT_READING__SETTLE_S": "0",
            },
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
        )


async def until(seen: Any, bot: asyncio.subprocess.Process, home: Path, what: str) -> None:
    deadline = asyncio.get_running_loop().time() + PATIENCE_S
    while not seen():
        log = (home / "err.log").read_text()
        assert bot.returncode is None, f"it ended before {what}: {log}"
        assert asyncio.get_running_loop().time() < deadline, f"no {what}: {log}"
        await asyncio.sleep(0.05)


async def test_a_due_digest_is_posted_once_and_sigterm_ends_the_bot(
    samples: Path, home: Path, environment: dict[str, str], discord_server: LoopbackDiscord
) -> None:
    await schedule_for_a_minute_ago(home)
    bot = await start(home, environment, discord_server)
    await until(lambda: discord_server.messages[CHANNEL], bot, home, "post")
    await asyncio.sleep(1.5)
    bot.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(bot.wait(), PATIENCE_S) == 0
    shown = str(discord_server.messages[CHANNEL])
    assert shown.count("Sundline carried 184,000 passengers in seven weeks") == 1
    assert TOKEN not in (home / "err.log").read_text()
    assert not discord_server.problems


async def test_killed_at_any_moment_the_bot_posts_the_digest_once(
    samples: Path, home: Path, environment: dict[str, str], discord_server: LoopbackDiscord
) -> None:
    await schedule_for_a_minute_ago(home)
    for lived_s in (0.9, 1.3, 1.7):
        bot = await start(home, environment, discord_server)
        await asyncio.sleep(lived_s)
        os.kill(bot.pid, signal.SIGKILL)
        await bot.wait()
    bot = await start(home, environment, discord_server)
    await until(lambda: discord_server.messages[CHANNEL], bot, home, "post")
    await asyncio.sleep(1.5)
    bot.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(bot.wait(), PATIENCE_S) == 0
    shown = str(discord_server.messages[CHANNEL])
    assert shown.count("Sundline carried 184,000 passengers in seven weeks") == 1
