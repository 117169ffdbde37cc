"""The port for operators: three addresses and nothing else, figures only for whoever may have them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.errors import Unavailable
from bot.platforms.web.access import Access
from bot.platforms.web.house import Probes
from bot.platforms.web.probing import ProbeServer
from tests.platforms.web.conftest import TOKEN, free_port

FIGURES = "newsbot_articles 4\n"


async def figures() -> bytes:
    return FIGURES.encode()


async def nothing_missing() -> str | None:
    return None


@asynccontextmanager
async def operators_port(
    *, host: str = "127.0.0.1", token: str | None = None, probes: Probes | None = None
) -> AsyncIterator[aiohttp.ClientSession]:
    """Serve the port; give a client of it."""
    access = Access(host=host, port=free_port(), key=b"", token=token)
    stop = asyncio.Event()
    server = ProbeServer(access, probes or Probes(metrics=figures, ready=nothing_missing))
    running = asyncio.create_task(server.run(stop))
    async with aiohttp.ClientSession(f"http://127.0.0.1:{access.port}") as client:
        async with asyncio.timeout(10):
            while not await _answers(client):  # noqa: ASYNC110 - a port has no event
                await asyncio.sleep(0.02)
        yield client
        stop.set()
        async with asyncio.timeout(10):
            await running


async def _answers(client: aiohttp.ClientSession) -> bool:
    try:
        async with client.get("/live") as answer:
            return await answer.text() == "live\n"
    except aiohttp.ClientConnectorError:
        return False


async def asked(client: aiohttp.ClientSession, path: str, **headers: str) -> tuple[int, str]:
    async with client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}) as answer:
        return answer.status, await answer.text()


async def test_it_answers_three_addresses_and_nothing_else() -> None:
    async with operators_port() as client:
        assert await asked(client, "/live", Host="10.1.2.3:8081") == (200, "live\n")
        assert await asked(client, "/ready") == (200, "ready\n")
        assert await asked(client, "/metrics") == (200, FIGURES)
        for path in ("/", "/chat", "/status", "/static/script.js"):
            assert (await asked(client, path))[0] == 404, path
        async with client.post("/metrics") as answer:
            assert answer.status == 405


async def test_what_is_missing_makes_it_not_ready_and_stays_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    async def missing() -> str | None:
        return "the disk of /data is full"

    async with operators_port(probes=Probes(metrics=figures, ready=missing)) as client:
        assert await asked(client, "/ready") == (503, "not ready\n")
    assert "the disk of /data is full" in capsys.readouterr().out


async def test_figures_that_can_not_be_gathered_are_a_clear_line() -> None:
    async def away() -> bytes:
        raise Unavailable("The archive does not answer.")

    async with operators_port(probes=Probes(metrics=away, ready=nothing_missing)) as client:
        status, said = await asked(client, "/metrics")
    assert status == 503
    assert said == "The figures can't be gathered now; the log says why.\n"


@pytest.mark.parametrize(
    ("host", "token", "headers", "status"),
    [
        ("127.0.0.1", None, {"Host": "evil.example"}, 403),
        ("127.0.0.1", None, {"X_Forwarded_For": "203.0.113.9"}, 403),
        ("0.0.0.0", None, {}, 403),
        ("127.0.0.1", TOKEN, {}, 403),
        ("0.0.0.0", TOKEN, {"Authorization": "Bearer wrong"}, 403),
        ("0.0.0.0", TOKEN, {"Authorization": f"Bearer {TOKEN}", "Host": "news.example"}, 200),
        ("127.0.0.1", TOKEN, {"Authorization": f"Bearer {TOKEN}"}, 200),
    ],
)
async def test_figures_are_told_on_this_machine_or_to_whoever_brings_the_token(
    host: str, token: str | None, headers: dict[str, str], status: int
) -> None:
    async with operators_port(host=host, token=token) as client:
        answered, said = await asked(client, "/metrics", **headers)
    assert answered == status
    assert (said == FIGURES) == (status == 200)


async def test_a_port_in_use_is_said_with_the_settings_to_change(capsys: pytest.CaptureFixture[str]) -> None:
    taken = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = taken.sockets[0].getsockname()[1]
    stop = asyncio.Event()
    server = ProbeServer(Access(host="127.0.0.1", port=port, key=b""), Probes(metrics=figures, ready=nothing_missing))
    running = asyncio.create_task(server.run(stop))
    said = ""
    async with asyncio.timeout(5):
        while "is in use by another program" not in said:
            said += capsys.readouterr().out
            await asyncio.sleep(0.02)
    assert f"/live, /ready and /metrics are not served yet. Port {port}" in said
    assert "NEWSBOT_PROBES__PORT" in said
    stop.set()
    async with asyncio.timeout(5):
        await running
    taken.close()
