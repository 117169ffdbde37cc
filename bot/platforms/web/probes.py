"""What machines ask: whether the bot lives, whether it is ready, its figures, and whether it may be indexed (no)."""

from __future__ import annotations

import structlog
from aiohttp import web

from bot.platforms.web.house import PROBES

log = structlog.get_logger()

EXPOSITION_TYPE = "text/plain; version=1.0.0; charset=utf-8"
"""Source: https://prometheus.io/docs/instrumenting/exposition_formats/"""


async def show_live(_: web.Request) -> web.Response:
    """Say that the process answers."""
    return web.Response(text="live\n")


async def show_ready(request: web.Request) -> web.Response:
    """Say whether the bot can do its work: 503 when it can't."""
    ready = request.app[PROBES].ready
    missing = await ready() if ready else None
    if missing:
        # The reason may name a path of the machine: it is for the log, the answer is for anybody.
        log.warning("not ready", why=missing)
    return web.Response(text="not ready\n" if missing else "ready\n", status=503 if missing else 200)


async def show_metrics(request: web.Request) -> web.Response:
    """Return the figures in Prometheus' format; beyond this machine only with the login token as bearer."""
    metrics = request.app[PROBES].metrics
    if metrics is None:
        raise web.HTTPNotFound
    return web.Response(body=await metrics(), headers={"Content-Type": EXPOSITION_TYPE})


async def show_robots(_: web.Request) -> web.Response:
    """Ask to be left out of every index."""
    return web.Response(text="User-agent: *\nDisallow: /\n")
