"""The invite link comes from Discord's own word about the token, or from the token where Discord does not answer."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web

from bot.errors import Misconfigured, Unavailable
from bot.platforms.discord.inviting import application_in, find_application, invite_link

TOKEN = b64encode(b"123456789012345678").decode() + ".GaBcDe." + "x" * 38


async def serve(status: int, answer: object) -> tuple[str, web.AppRunner, list[str]]:
    seen: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(f"{request.path} {request.headers['Authorization']}")
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    return f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/api/v10", runner, seen


async def test_discord_says_whose_token_it_is() -> None:
    base, runner, seen = await serve(200, {"id": "42", "name": "Oldport news"})
    found = await find_application(TOKEN, api_base=base)
    await runner.cleanup()
    assert (found.id, found.name) == ("42", "Oldport news")
    assert seen == [f"/api/v10/applications/@me Bot {TOKEN}"]


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [(401, {}, Misconfigured), (500, {}, Unavailable), (200, ["odd"], Unavailable), (302, {}, Unavailable)],
)
async def test_a_refusal_is_told_apart_from_a_failure(status: int, answer: object, error: type[Exception]) -> None:
    base, runner, _ = await serve(status, answer)
    with pytest.raises(error) as caught:
        await find_application(TOKEN, api_base=base)
    await runner.cleanup()
    assert TOKEN not in str(caught.value)


def test_a_token_names_its_bot() -> None:
    assert application_in(TOKEN) == "123456789012345678"
    assert application_in("not-a-token") is None
    assert application_in("") is None


def test_the_link_asks_for_what_is_needed_and_no_more() -> None:
    asked = parse_qs(urlsplit(invite_link("42")).query)
    assert asked["client_id"] == ["42"]
    assert asked["scope"] == ["bot applications.commands"]
    bits = int(asked["permissions"][0])
    assert bits == 1 << 10 | 1 << 11 | 1 << 16 | 1 << 35 | 1 << 38
    assert not bits & 1 << 3  # administrator
