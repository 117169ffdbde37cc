"""Serves the page: routes, start, and an end that leaves no answer half-way. One object for as long as the bot runs."""

from __future__ import annotations

import asyncio
from collections import Counter

import structlog
from aiohttp import web

from bot.courtesy import answering
from bot.model import Destination
from bot.platforms.web import chat, feeds, pages, picture_pages, probes, signing_in, status_page, stories
from bot.platforms.web.access import why_not_serve
from bot.platforms.web.events import STREAMS, stream_events
from bot.platforms.web.guarding import EVENTS_PATH, MAX_FORM_BYTES, Handler, add_headers, guard
from bot.platforms.web.house import HOUSE, PROBES, House
from bot.platforms.web.listening import Place, address_of, listen
from bot.platforms.web.posting import WebPublisher
from bot.platforms.web.rendering import STATIC
from bot.platforms.web.theming import choose_theme
from bot.ports import Publisher

log = structlog.get_logger()

SHUTDOWN_S = 5.0
"""Seconds that answers under way get when the bot stops."""

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
            access = self._house.access
            place = Place(
                host=access.host,
                port=access.port,
                what="The web page is",
                section="NEWSBOT_WEB__",
                turn_off="NEWSBOT_WEB__ENABLED to false",
            )
            if await listen(runner, place, stop):
                where = address_of(access.host, access.port)
                log.info(f"The web page is at {where}", login=access.token is not None)
                await stop.wait()
        finally:
            self._house.closing.set()
            await runner.cleanup()
            await self._end_tasks()

    async def notify_admin(self, destination: Destination, sentence: str) -> None:
        """Nothing here needs mending by anybody; the status page shows what does."""

    async def close(self) -> None:
        """Nothing stays open once `run` has ended."""

    async def _end_tasks(self) -> None:
        tasks = list(self._house.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def build_app(house: House) -> web.Application:
    """Return the application with every route."""
    app = web.Application(middlewares=[_people_first, guard], client_max_size=MAX_FORM_BYTES)
    app[HOUSE] = house
    app[PROBES] = house.probes
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
        web.get(EVENTS_PATH, stream_events),
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


@web.middleware
async def _people_first(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the bot's own work stand aside while a page is made; not for a stream, which stays open for hours."""
    if request.path == EVENTS_PATH:
        return await handler(request)
    with answering():
        return await handler(request)


async def _show_static(request: web.Request) -> web.Response:
    path = STATIC / request.match_info["name"]
    if path.parent != STATIC or path.suffix not in _TYPES or not path.is_file():
        raise web.HTTPNotFound
    response = web.Response(body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8")
    response.headers["Cache-Control"] = f"public, max-age={STATIC_MAX_AGE_S}, immutable"
    return response


async def _show_favicon(_: web.Request) -> web.Response:
    return web.Response(body=(STATIC / "favicon.svg").read_bytes(), content_type="image/svg+xml")
