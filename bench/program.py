"""The bot as a program of its own, between a Discord and a Slack that are loopback servers of the bench's process."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from bench.speed import PROJECT
from tests.platforms.discord.loopback import TOKEN as DISCORD_TOKEN
from tests.platforms.discord.loopback import LoopbackDiscord
from tests.platforms.slack.slack_loopback import APP_TOKEN, BOT_TOKEN, SlackLoopback

ENDS_WITHIN_S = 60.0
LOG = "err.log"
"""The file in the bot's folder that keeps its log."""


@asynccontextmanager
async def served(discord: LoopbackDiscord, slack: SlackLoopback) -> AsyncIterator[None]:
    """Serve both platforms on ports of their own."""
    await discord.start()
    runner = web.AppRunner(slack.app(), access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await discord.stop()
        await runner.cleanup()


@asynccontextmanager
async def running_bot(
    home: Path, discord: LoopbackDiscord, slack: SlackLoopback, settings: Mapping[str, str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the bot in this folder, with these settings too; afterwards it is asked to end, and killed if it does not."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PYTHONPATH": str(PROJECT),
        "NEWSBOT_WEB__ENABLED": "false",  # its port may be in use
        "DISCORD_TOKEN": DISCORD_TOKEN,
        "NEWSBOT_DISCORD__API_BASE": discord.api_base,
        "NEWSBOT_DISCORD__GATEWAY_URL": discord.gateway_url,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "NEWSBOT_SLACK__BASE_URL": f"{slack.base_url}/api/",
        **settings,
    }
    command = (sys.executable, "-m", "bot", "run")
    with (home / LOG).open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=home, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), ENDS_WITHIN_S)
        except TimeoutError:
            process.kill()
            await process.wait()
