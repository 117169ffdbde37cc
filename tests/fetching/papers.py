"""Papers of an invented town on a loopback server: feeds, pages, and everything a server can do wrong."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp import web

from bot.articles.sandbox import Sandbox
from bot.fetching.fetching import Fetcher, FetchPolicy
from bot.fetching.remembering import FeedMemory
from bot.ports import FeedReport

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
PARAGRAPH = (
    "The harbour office of Oldport said on Monday that the ferry to Eddingholm will sail four times a day from June. "
    "A single fare costs 12 crowns, one crown more than last year. The mayor called the timetable a promise kept. "
)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class LoopbackReach:
    """Lets tests reach their own server and nothing else."""

    def allows(self, address: str) -> bool:
        return address == "127.0.0.1"

    def allows_port(self, port: int) -> bool:
        return True


class StandingClock:
    """Tells the time that a test sets."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


class Papers:
    """A server of papers; `hits` counts requests by path."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}
        self.hits: Counter[str] = Counter()
        self.seen: list[web.Request] = []
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        self.port = site._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def url(self, path: str, *, host: str = "paper.example") -> str:
        return f"http://{host}:{self.port}/{path}"

    def serve(self, path: str, body: str | bytes, *, status: int = 200, **headers: str) -> str:
        """Serve a body at a path; header names take "_" for "-"."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Content-Type", "text/html; charset=utf-8")

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=data, status=status, headers=named)

        self.handlers[path] = answer
        return self.url(path)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.hits[path] += 1
        self.seen.append(request)
        handler = self.handlers.get(path)
        return web.Response(status=404) if handler is None else await handler(request)


class Desk:
    """A fetcher with its folders, over a server of papers."""

    def __init__(self, home: Path, papers: Papers, reader: Sandbox) -> None:
        self.clock = StandingClock()
        self.folder = home / "seeds" / "fetched"
        self.memory = FeedMemory(home / "data" / "feeds")
        self.papers = papers
        self._reader = reader
        self.addresses: dict[str, Sequence[str]] = {}
        self.options: dict[str, object] = {}

    async def lookup(self, host: str) -> Sequence[str]:
        return self.addresses.get(host, ["127.0.0.1"])

    async def fetch(self, *urls: str, due_only: bool = False) -> list[FeedReport]:
        settings = {"reach": LoopbackReach(), "lookup": self.lookup, "pause_s": 0.0, "timeout_s": 2.0, **self.options}
        policy = FetchPolicy(every=timedelta(minutes=30), version="test", **settings)  # type: ignore[arg-type]
        fetcher = Fetcher(folder=self.folder, memory=self.memory, reader=self._reader, clock=self.clock, policy=policy)
        return await asyncio.wait_for(fetcher.fetch(urls, due_only=due_only), 60)

    async def look(self, url: str) -> FeedReport:
        [report] = await self.fetch(url)
        return report

    @property
    def files(self) -> list[Path]:
        return sorted(path for path in self.folder.rglob("*") if path.is_file())


def rss(*items: str, title: str = "The Oldport Courier") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{"".join(items)}</channel></rss>'


def item(
    link: str, *, title: str = "Ferry sails more often", text: str = "More trips.", date: str | None = None
) -> str:
    stated = f"<pubDate>{date}</pubDate>" if date else ""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<item><title>{title}</title><link>{link}</link><description>{escaped}</description>{stated}</item>"


def page(title: str = "Ferry sails more often", *, paragraphs: int = 4) -> str:
    body = "".join(f"<p>{PARAGRAPH} Trip number {number}.</p>" for number in range(paragraphs))
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><nav>Home</nav>"
        f"<article><h1>{title}</h1>{body}</article></body></html>"
    )
