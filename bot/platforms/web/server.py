"""Serves the page: routes, start, and an end that leaves no answer half-way. One object for as long as the bot runs."""

from __future__ import annotations

import asyncio
import errno
from collections import Counter

import structlog
from aiohttp import web

from bot.model import Destination
from bot.platforms.web import chat, feeds, pages, picture_pages, probes, signing_in, status_page, stories
from bot.platforms.web.access import is_loopback, why_not_serve
from bot.platforms.web.events import STREAMS, stream_events
from bot.platforms.web.guarding import MAX_FORM_BYTES, add_headers, guard
from bot.platforms.web.house import HOUSE, House
from bot.platforms.web.posting import WebPublisher
from bot.platforms.web.rendering import STATIC
from bot.platforms.web.theming import choose_theme
from bot.ports import Publisher

log = structlog.get_logger()

SHUTDOWN_S = 5.0
"""Seconds that answers under way get when the bot stops."""

TRY_AGAIN_S = 30.0
"""Seconds until an address that was in use is tried again."""

STATIC_MAX_AGE_S = 365 * 24 * 3600
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}


class WebPlatform:
    """The web page as one of the platforms: it posts into its chats, and serves while it runs."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._publisher = WebPublisher(house.conversations)

    @property
    def publisher(self) -> Publisher:
        """What posts into the chats."""
        return self._publisher

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set. An address in use is said once and tried again; the bot goes on without it."""
        refusal = why_not_serve(self._house.access)
        if refusal is not None:
            log.error(f"The web page is not served. {refusal}")
            return
        runner = web.AppRunner(
            build_app(self._house), access_log=None, shutdown_timeout=SHUTDOWN_S, handle_signals=False
        )
        await runner.setup()
        try:
            if await self._listen(runner, stop):
                await stop.wait()
        finally:
            self._house.closing.set()
            await runner.cleanup()
            await self._end_tasks()

    async def notify_admin(self, destination: Destination, sentence: str) -> None:
        """Nothing here needs mending by anybody; the status page shows what does."""

    async def close(self) -> None:
        """Nothing stays open once `run` has ended."""

    async def _listen(self, runner: web.AppRunner, stop: asyncio.Event) -> bool:
        access = self._house.access
        complained = False
        while not stop.is_set():
            try:
                await web.TCPSite(runner, access.host, access.port).start()
            except OSError as error:
                if not complained:
                    log.error(_explain(error, access.host, access.port))
                    complained = True
                try:
                    await asyncio.wait_for(stop.wait(), TRY_AGAIN_S)
                except TimeoutError:
                    continue
                return False
            log.info(f"The web page is at {address_of(access.host, access.port)}", login=access.token is not None)
            return True
        return False

    async def _end_tasks(self) -> None:
        tasks = list(self._house.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def build_app(house: House) -> web.Application:
    """Return the application with every route."""
    app = web.Application(middlewares=[guard], client_max_size=MAX_FORM_BYTES)
    app[HOUSE] = house
    app[STREAMS] = Counter()
    app[signing_in.GUESSES] = signing_in.Guesses()
    app.on_response_prepare.append(add_headers)
    app.add_routes([
        web.get("/", pages.show_today),
        web.get("/digest/{number}", pages.show_edition),
        web.get("/archive", pages.show_archive),
        web.get("/article/{seq}", pages.show_article),
        web.get("/story/{id:.+}", stories.show_story),
        web.get("/timeline", stories.show_timeline),
        web.get("/search", pages.show_search),
        web.get("/status", status_page.show_status),
        web.post("/status/decide", status_page.decide),
        web.get("/chat", chat.show_chat),
        web.post("/chat", chat.say),
        web.post("/chat/press", chat.press_button),
        web.get("/chat/events", stream_events),
        web.get("/chat/commands", chat.show_commands),
        web.get("/chat/completions", chat.show_completions),
        web.get("/login", signing_in.show_login_page),
        web.post("/login", signing_in.sign_in),
        web.post("/logout", signing_in.sign_out),
        web.post("/theme", choose_theme),
        web.get("/feed.atom", feeds.show_atom),
        web.get("/feed.json", feeds.show_json),
        web.get("/card.png", picture_pages.show_plain_card),
        web.get("/card/digest/{number}.png", picture_pages.show_digest_card),
        web.get("/card/article/{seq}.png", picture_pages.show_article_card),
        web.get("/live", probes.show_live),
        web.get("/ready", probes.show_ready),
        web.get("/metrics", probes.show_metrics),
        web.get("/robots.txt", probes.show_robots),
        web.get("/favicon.ico", _show_favicon),
        web.get("/static/{name}", _show_static),
    ])  # fmt: skip
    return app


def address_of(host: str, port: int) -> str:
    """Return the address by which the page is opened on this machine."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _show_static(request: web.Request) -> web.Response:
    path = STATIC / request.match_info["name"]
    if path.parent != STATIC or path.suffix not in _TYPES or not path.is_file():
        raise web.HTTPNotFound
    response = web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")
    response.headers["Cache-Control"] = f"public, max-age={STATIC_MAX_AGE_S}, immutable"
    return response


async def _show_favicon(_: web.Request) -> web.Response:
    return web.Response(body=(STATIC / "favicon.svg").read_bytes(), content_type="image/svg+xml")


def _explain(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        why = f"Port {port} of {host} is in use by another program."
    elif error.errno == errno.EACCES:
        why = f"Port {port} may not be used without more rights."
    else:
        why = f"{host} is not an address of this machine, or can't be used ({error.strerror or error})."
    beyond = "" if is_loopback(host) else " NEWSBOT_WEB__HOST names the address."
    return (
        f"The web page is not served yet. {why} Set NEWSBOT_WEB__PORT to another one, or NEWSBOT_WEB__ENABLED to false."
        f"{beyond} The bot goes on without the page and tries again every {TRY_AGAIN_S:.0f} s."
    )
