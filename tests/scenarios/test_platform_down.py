"""`newsbot run` with one of its platforms down at start: the other is served, and this one once it is there."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from tests.platforms.discord.loopback import TOKEN, LoopbackDiscord
from tests.platforms.slack.slack_loopback import APP_TOKEN, BOT_TOKEN, SlackLoopback

PATIENCE_S = 60.0


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@asynccontextmanager
async def discord_at(port: int) -> AsyncIterator[LoopbackDiscord]:
    """Serve a Discord at this port."""
    server = LoopbackDiscord()
    await server.start(port)
    try:
        yield server
    finally:
        await server.stop()


@asynccontextmanager
async def slack_at(port: int) -> AsyncIterator[SlackLoopback]:
    """Serve a Slack at this port."""
    server = SlackLoopback(base_url=f"http://127.0.0.1:{port}")
    runner = web.AppRunner(server.app(), shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def bot_between(home: Path, environment: dict[str, str], *, discord: int, slack: int) -> AsyncIterator[Path]:
    """Run the bot until the block ends, and see that it ends well; give its log."""
    log = home / "err.log"
    (home / "seeds").mkdir()
    with log.open("ab") as file:
        bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run",
            cwd=home,
            env={
                **environment,
                "DISCORD_TOKEN": TOKEN,
                "NEWSBOT_DISCORD__API_BASE": f"http://127.0.0.1:{discord}/api/v10",
                "NEWSBOT_DISCORD__GATEWAY_URL": f"ws://127.0.0.1:{discord}/gateway/",
                "SLACK_BOT_TOKEN": BOT_TOKEN,
                "SLACK_APP_TOKEN": APP_TOKEN,
                "NEWSBOT_SLACK__BASE_URL": f"http://127.0.0.1:{slack}/api/",
            },
            stdout=asyncio.subprocess.DEVNULL,
            stderr=file,
        )  # fmt: skip
    try:
        yield log
    finally:
        bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(bot.wait(), PATIENCE_S) == 0, log.read_text()


async def until_logged(log: Path, text: str) -> None:
    """Wait until the bot says this."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            if text in log.read_text():
                return
            await asyncio.sleep(0.05)


async def test_slack_is_down_at_start(home: Path, environment: dict[str, str]) -> None:
    port = free_port()
    async with (
        discord_at(0) as discord,
        bot_between(home, environment, discord=int(discord.api_base.split(":")[2].split("/")[0]), slack=port) as log,
    ):
        await until_logged(log, "not connected to Slack")
        await until_logged(log, "connected to Discord")
        token = await discord.use_command("help")
        async with asyncio.timeout(PATIENCE_S):
            assert (await discord.answer_to(token))["components"]
        async with slack_at(port) as slack:
            await slack.until(lambda: slack.connections, seconds=PATIENCE_S)
            assert (await slack.answer_to(await slack.type_command("/newsbot", "help")))["blocks"]
        assert "Traceback" not in log.read_text()


async def test_discord_is_down_at_start(home: Path, environment: dict[str, str]) -> None:
    port, slack_port = free_port(), free_port()
    async with (
        slack_at(slack_port) as slack,
        bot_between(home, environment, discord=port, slack=slack_port) as log,
    ):
        await slack.until(lambda: slack.connections, seconds=PATIENCE_S)
        await until_logged(log, "the connection to Discord ended; trying again")
        assert (await slack.answer_to(await slack.type_command("/newsbot", "help")))["blocks"]
        async with discord_at(port) as discord:
            await until_logged(log, "connected to Discord")
            token = await discord.use_command("help")
            assert (await discord.answer_to(token))["components"]
        assert "Traceback" not in log.read_text()
