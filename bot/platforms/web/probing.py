"""Answers operators on a port of its own, in every process: whether it lives and is ready, and its figures.

A process that serves no page is looked after like the one that does. The page's rules hold: beyond this machine nobody
reads figures without the login token, and on it no foreign name may lead here.
"""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import hdrs, web

from bot.errors import BotError
from bot.platforms.web.access import Access, brings_token, came_past_a_proxy, is_loopback, is_our_host
from bot.platforms.web.guarding import PROBE_PATHS, Handler, add_headers
from bot.platforms.web.house import PROBES, Probes
from bot.platforms.web.listening import Place, address_of, listen
from bot.platforms.web.probes import show_live, show_metrics, show_ready

log = structlog.get_logger()

ACCESS: web.AppKey[Access] = web.AppKey("access", Access)


class ProbeServer:
    """Serves /live, /ready and /metrics while it runs."""

    def __init__(self, access: Access, probes: Probes) -> None:
        self._access = access
        self._probes = probes

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set. An address in use is said once and tried again; the process goes on without."""
        runner = web.AppRunner(_build_app(self._access, self._probes), access_log=None, handle_signals=False)
        await runner.setup()
        host, port = self._access.host, self._access.port
        place = Place(
            host=host,
            port=port,
            what="/live, /ready and /metrics are",
            section="NEWSBOT_PROBES__",
            turn_off="to nothing, which turns them off",
        )
        try:
            if await listen(runner, place, stop):
                log.info(f"/live, /ready and /metrics are at {address_of(host, port)}")
                await stop.wait()
        finally:
            await runner.cleanup()


def _build_app(access: Access, probes: Probes) -> web.Application:
    app = web.Application(middlewares=[_guard])
    app[ACCESS] = access
    app[PROBES] = probes
    app.on_response_prepare.append(add_headers)
    app.add_routes([
        web.get("/live", show_live),
        web.get("/ready", show_ready),
        web.get("/metrics", show_metrics),
    ])  # fmt: skip
    return app


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path not in PROBE_PATHS:
        refusal = _why_not(request, request.app[ACCESS])
        if refusal is not None:
            return web.Response(status=403, text=f"{refusal}\n")
    try:
        return await handler(request)
    except BotError as error:
        log.warning("the figures could not be gathered", why=str(error))
        return web.Response(status=503, text="The figures can't be gathered now; the log says why.\n")


def _why_not(request: web.Request, access: Access) -> str | None:
    """Return why this request gets no figures; None when it gets them."""
    if access.token is not None:
        if brings_token(request.headers, access):
            return None
        return "The figures need the header Authorization: Bearer with the value of NEWSBOT_WEB__TOKEN."
    if not is_loopback(access.host) or came_past_a_proxy(request.headers):
        return "Beyond its own machine a bot tells no figures without a login: set NEWSBOT_WEB__TOKEN."
    if not is_our_host(request.headers.getall(hdrs.HOST, []), access):
        return "This server is not called that. On the same machine its address is 127.0.0.1."
    return None
