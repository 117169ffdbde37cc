"""Whatever the libraries log of requests, at whatever level, no token gets through: real clients, real servers."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from aiohttp import web

from bot.jobs.logging import set_up_logging

DISCORD_TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA.GaBcDe.canary-canary-canary-canary-canary-ca"
SLACK_TOKEN = "xoxb-1234567890-canarycanarycanary"
SLACK_APP_TOKEN = "xapp-1-A0CANARY-1234567890-canarycanary"
OPENAI_KEY = "sk-proj-canary0123456789canary0123456789"
ODD_KEY = "canary of a server that likes odd keys"
DISCORD_WEBHOOK = f"https://discord.com/api/webhooks/123456789012345678/{'canary_-CANARY' * 5}"
SLACK_WEBHOOK = "https://hooks.slack.com/services/T0CANARY/B0CANARY/canarycanarycanarycanary"
INTERACTION = f"https://discord.com/api/v10/interactions/123456789012345678/{'canaryToken' * 6}/callback"
DATABASE = "postgresql://newsbot:canary-of-the-database@database/newsbot"


@pytest.fixture(params=[True, False], ids=["json", "console"])
def log_of_everything(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log at its most talkative, libraries included."""
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    set_up_logging(level="debug", as_json=request.param, secrets=[ODD_KEY])
    names = ("discord", "slack_bolt", "slack_sdk", "openai", "httpx2", "httpcore2", "aiohttp", "asyncio", "sqlalchemy")
    for name in ("", *names):
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield shown
    structlog.reset_defaults()
    logging.basicConfig(force=True)
    for name in ("", *names):
        logging.getLogger(name).setLevel(logging.NOTSET if name else logging.WARNING)


@pytest.fixture
async def refusing_server() -> AsyncIterator[str]:
    """A server that says no to everything, with the request in its answer."""

    async def refuse(request: web.Request) -> web.Response:
        said = {"error": {"message": f"bad key {request.headers.get('Authorization')}"}, "ok": False}
        return web.json_response(said, status=401)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"
    await runner.cleanup()


def assert_no_canary(shown: io.StringIO) -> None:
    text = shown.getvalue().lower()
    assert "[secret]" in text
    assert "canary" not in text


@pytest.mark.parametrize("key", [OPENAI_KEY, ODD_KEY])
async def test_the_openai_client_at_debug_level_shows_no_key(
    key: str, log_of_everything: io.StringIO, refusing_server: str
) -> None:
    import openai

    client = openai.AsyncOpenAI(base_url=f"{refusing_server}/v1", api_key=key, max_retries=0)
    try:
        await client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hello"}])
    except openai.OpenAIError:
        logging.getLogger("openai").exception("the call failed")
        structlog.get_logger().exception("the call failed", headers={"Authorization": f"Bearer {key}"})
    finally:
        await client.close()
    assert_no_canary(log_of_everything)


async def test_the_slack_client_at_debug_level_shows_no_token(
    log_of_everything: io.StringIO, refusing_server: str
) -> None:
    from slack_sdk.errors import SlackApiError
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient(token=SLACK_TOKEN, base_url=f"{refusing_server}/", retry_handlers=[])
    try:
        await client.chat_postMessage(channel="C1", text="hello")
    except SlackApiError:
        logging.getLogger("slack_sdk").exception("the call failed with %s and %s", SLACK_TOKEN, SLACK_APP_TOKEN)
        structlog.get_logger().exception("the call failed", token=SLACK_APP_TOKEN)
    assert_no_canary(log_of_everything)


async def test_the_discord_client_at_debug_level_shows_no_token(
    log_of_everything: io.StringIO,
    refusing_server: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import discord

    monkeypatch.setattr("discord.http.Route.BASE", f"{refusing_server}/api/v10")
    client = discord.Client(intents=discord.Intents.none())
    try:
        await client.login(DISCORD_TOKEN)
    except discord.LoginFailure:
        logging.getLogger("discord.http").exception("login with %s failed", DISCORD_TOKEN)
    finally:
        await client.close()
    await asyncio.sleep(0)
    assert_no_canary(log_of_everything)


@pytest.mark.parametrize("address", [DISCORD_WEBHOOK, SLACK_WEBHOOK, INTERACTION, DATABASE])
def test_addresses_that_are_keys_are_blotted_out(address: str, log_of_everything: io.StringIO) -> None:
    structlog.get_logger().warning(f"posting to {address} failed", address=address, nested=[{"to": address}])
    logging.getLogger("aiohttp").debug("POST %s", address)
    try:
        raise ConnectionError(f"no answer from {address}")
    except ConnectionError:
        structlog.get_logger().exception("broken")
        logging.getLogger("discord").exception("broken")
    assert_no_canary(log_of_everything)
