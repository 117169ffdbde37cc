"""Feeds into the watched folder: `newsbot fetch` by hand, and by themselves while the bot runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

import structlog

from bot.app.building import SystemClock, open_reader
from bot.errors import BotError, InUse, Misconfigured
from bot.messages.wording import count_of
from bot.ports import FeedReport
from bot.settings import Settings
from bot.text.safe import escape_visible

if TYPE_CHECKING:
    from bot.articles.sandbox import Sandbox
    from bot.fetching.fetching import Fetcher
    from bot.fetching.remembering import FeedMemory

DONE, NOTHING_FOUND = 0, 1
LOOK_EVERY_S = 30.0
"""Seconds between two looks at which feeds are due; feeds themselves are due every few minutes."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsOfSettings:
    """Implements `ports.FeedBook` over what the settings name and what is remembered of it."""

    settings: Settings

    async def feed_reports(self) -> list[FeedReport]:
        """Return the last report of every feed, in the order of the list."""
        memory = feed_memory(self.settings)
        return await asyncio.to_thread(lambda: [memory.load(url).report() for url in feeds_of(self.settings)])


async def fetch_now(settings: Settings, *, as_json: bool) -> int:
    """Look at every feed once, print a line each, and return 1 when none of them works.

    Raises: Misconfigured when no feed is named; InUse when another process is fetching.
    """
    feeds = await asyncio.to_thread(feeds_of, settings)
    if not feeds:
        raise Misconfigured(
            f"No feed is named. Put an OPML file, as every feed reader exports it, at {settings.fetch.opml}, or set"
            " NEWSBOT_FETCH__FEEDS to addresses of feeds."
        )
    tell = _print_json if as_json else _print_line
    async with open_reader(settings) as reader:
        memory = feed_memory(settings)
        with memory.alone():
            reports = await build_fetcher(settings, reader).fetch(feeds, due_only=False, tell=tell)
            await asyncio.to_thread(memory.forget_all_but, set(feeds))
    if not as_json:
        written = sum(report.written for report in reports)
        place = settings.seeds_dir / settings.fetch.folder
        print(f"{count_of(written, 'article')} written to {place}; `newsbot digest` and the running bot read them.")
    return DONE if any(report.works for report in reports) else NOTHING_FOUND


async def keep_fetching(settings: Settings, reader: Sandbox, hurry: Callable[[], None], stop: asyncio.Event) -> None:
    """Look at feeds when they are due, until `stop` is set; `hurry` is called when articles were written."""
    troubles: dict[str, str] = {}
    trouble: str | None = None
    while not stop.is_set():
        try:
            if await _fetch_due(settings, reader, troubles, stop):
                hurry()
            trouble = None
        except InUse:
            pass  # somebody fetches by hand: what was due is done by them
        except BotError as error:
            if str(error) != trouble:
                trouble = str(error)
                log.error(trouble)
        except Exception:
            log.exception("fetching feeds broke; it is tried again")
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_EVERY_S)


def feeds_of(settings: Settings) -> list[str]:
    """Return the addresses of all feeds. Raises: Misconfigured when the feeds file is wrong."""
    if not settings.fetch.feeds and not settings.fetch.opml.exists():
        return []  # nearly everybody's case: the room and its libraries need not be loaded
    from bot.fetching.opml import list_feeds

    return list_feeds(settings.fetch.opml, settings.fetch.feeds)


def feed_memory(settings: Settings) -> FeedMemory:
    """Return what remembers the feeds."""
    from bot.fetching.remembering import FeedMemory

    return FeedMemory(settings.data_dir / "feeds")


def build_fetcher(settings: Settings, reader: Sandbox) -> Fetcher:
    """Return the fetcher that writes into the watched folder."""
    from bot.fetching.fetching import Fetcher, FetchPolicy

    fetch = settings.fetch
    policy = FetchPolicy(
        every=timedelta(minutes=fetch.every_min),
        get_pages=fetch.pages,
        contact=fetch.contact,
        version=version("newsbot"),
    )
    return Fetcher(
        folder=settings.seeds_dir / fetch.folder,
        memory=feed_memory(settings),
        reader=reader,
        clock=SystemClock(),
        policy=policy,
    )


async def _fetch_due(settings: Settings, reader: Sandbox, troubles: dict[str, str], stop: asyncio.Event) -> int:
    """Look at what is due and log what is news; return how many articles were written."""
    feeds = await asyncio.to_thread(feeds_of, settings)
    if not feeds:
        return 0
    memory = feed_memory(settings)
    with memory.alone():
        fetching = asyncio.create_task(build_fetcher(settings, reader).fetch(feeds, due_only=True))
        stopping = asyncio.create_task(stop.wait())
        try:
            # Asked to stop, it ends at once: every file is written whole, and what is left is done the next time.
            await asyncio.wait({fetching, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not fetching.done():
                fetching.cancel()
        with suppress(asyncio.CancelledError):
            reports = await fetching
            await asyncio.to_thread(memory.forget_all_but, set(feeds))
            return _log_reports(reports, troubles)
    return 0


def _log_reports(reports: list[FeedReport], troubles: dict[str, str]) -> int:
    for report in reports:
        url = escape_visible(report.url)
        if report.written:
            log.info("feed fetched", feed=url, articles=report.written)
        if report.works:
            if troubles.pop(report.url, None):
                log.info("a feed works again", feed=url)
        elif troubles.get(report.url) != report.sentence:
            troubles[report.url] = report.sentence
            log.warning("a feed can't be fetched", feed=url, why=escape_visible(report.sentence))
    return sum(report.written for report in reports)


def _print_line(report: FeedReport) -> None:
    mark = "ok    " if report.works else "FAILED"
    print(f"{mark} {escape_visible(report.url)}: {escape_visible(report.sentence)}", flush=True)


def _print_json(report: FeedReport) -> None:
    fields = {
        "feed": report.url,
        "works": report.works,
        "written": report.written,
        "said": report.sentence,
        "next_at": report.next_at.isoformat() if report.next_at else None,
    }
    print(json.dumps(fields, ensure_ascii=False), flush=True)
