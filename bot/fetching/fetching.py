"""One round over the feeds: each is looked at, what is new in it is fetched and written into the watched folder.

A feed that fails costs only itself. Addresses come from the operator's list and from the feeds on it, never from the
text of an article.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from bot.articles.raw import Feed
from bot.errors import BadArticle, BotError
from bot.fetching.addresses import PublicInternet, Reach
from bot.fetching.connecting import Lookup, look_up, open_session
from bot.fetching.deciding import (
    LEAST_TEXT_CHARS,
    MAX_NEW_ITEMS,
    Item,
    after_failure,
    after_success,
    is_due,
    must_wait,
    pick_items,
    with_items,
)
from bot.fetching.downloading import TIMEOUT_S, Asked, Downloader, Fetched, NotFetched
from bot.fetching.remembering import FeedMemory, FeedState, KnownItem
from bot.fetching.robots import ROBOT_NAME, Robots
from bot.fetching.turns import PAUSE_S, HostTurns
from bot.fetching.writing import entry_file, file_stem, host_folder, page_file, write_article
from bot.ports import Clock, FeedReport

MAX_FEED_BYTES = 10_000_000
MAX_PAGE_BYTES = 5_000_000
PARALLEL_FEEDS = 8
"""Feeds looked at side by side; one host still gets one request at a time."""

FEED_TYPES = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"
PAGE_TYPES = "text/html, application/xhtml+xml"

log = structlog.get_logger()


class FeedReader(Protocol):
    """Reads the bytes of a feed where they can do no harm; the sandbox is one."""

    async def list_feed(self, data: bytes, *, path: str) -> Feed:
        """Return what a feed announces. Raises: BadArticle when it is none."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How feeds are fetched: how often, whether articles' pages too, and how far requests may go."""

    every: timedelta
    get_pages: bool = True
    contact: str | None = None
    version: str = "0"
    reach: Reach = field(default_factory=PublicInternet)
    lookup: Lookup = look_up
    pause_s: float = PAUSE_S
    timeout_s: float = TIMEOUT_S

    @property
    def user_agent(self) -> str:
        """Return what servers are told: who asks, and where to complain."""
        contact = f"; +{self.contact}" if self.contact else ""
        return f"{ROBOT_NAME}/{self.version} (news digests from feeds{contact})"


@dataclass(slots=True, kw_only=True)
class _Tally:
    """What became of the items of one feed."""

    new: int = 0
    changed: int = 0
    incomplete: int = 0
    problems: list[str] = field(default_factory=list)
    items: dict[str, KnownItem] = field(default_factory=dict)


class Fetcher:
    """Fetches feeds into `folder`. One round at a time is the caller's to keep."""

    def __init__(
        self, *, folder: Path, memory: FeedMemory, reader: FeedReader, clock: Clock, policy: FetchPolicy
    ) -> None:
        self._folder = folder
        self._memory = memory
        self._reader = reader
        self._clock = clock
        self._policy = policy

    async def fetch(
        self, urls: Sequence[str], *, due_only: bool, tell: Callable[[FeedReport], None] | None = None
    ) -> list[FeedReport]:
        """Look at these feeds, those that are due or all of them; return and `tell` what came of each looked at.

        A feed whose server asked to be left alone is not asked before that time, whoever wants it.
        Raises: Unavailable when the data folder can't be written.
        """
        policy = self._policy
        turns = HostTurns(pause_s=policy.pause_s)
        places = asyncio.Semaphore(PARALLEL_FEEDS)
        async with open_session(policy.reach, user_agent=policy.user_agent, lookup=policy.lookup) as session:
            downloader = Downloader(session, policy.reach, turns, timeout_s=policy.timeout_s)
            robots = Robots(downloader, turns)

            async def look(url: str) -> FeedReport | None:
                async with places:
                    report = await self._look(url, downloader, robots, due_only=due_only)
                if report is not None and tell is not None:
                    tell(report)
                return report

            try:
                reports = await asyncio.gather(*map(look, urls))
            finally:
                await robots.close()
        return [report for report in reports if report is not None]

    async def _look(self, url: str, downloader: Downloader, robots: Robots, *, due_only: bool) -> FeedReport | None:
        now = self._clock.now()
        state = await asyncio.to_thread(self._memory.load, url)
        if due_only and not is_due(state, now):
            return None
        if must_wait(state, now):
            return replace(state.report(), sentence=f"{state.sentence}; it is asked again when its server allows it")
        try:
            state = await self._read(state, downloader, robots)
        except NotFetched as error:
            state = after_failure(state, error, now, every=self._policy.every)
        except BotError as error:
            # The folder is full or closed: nothing is marked as seen, the next look tries again.
            state = after_failure(state, NotFetched(str(error), passing=True), now, every=self._policy.every)
        except Exception as error:
            log.exception("looking at a feed broke", feed=url)
            broke = NotFetched(f"could not be looked at ({type(error).__name__}; the log has more)", passing=True)
            state = after_failure(state, broke, now, every=self._policy.every)
        await asyncio.to_thread(self._memory.save, state)
        return state.report()

    async def _read(self, state: FeedState, downloader: Downloader, robots: Robots) -> FeedState:
        asked = Asked(
            url=state.url,
            max_bytes=MAX_FEED_BYTES,
            accept=FEED_TYPES,
            etag=state.etag,
            last_modified=state.last_modified,
        )
        answer = await downloader.fetch(asked)
        now = self._clock.now()
        done = after_success(state, now, every=self._policy.every)
        if answer.data is None:
            return replace(done, sentence="has not changed since the last look")
        try:
            feed = await self._reader.list_feed(answer.data, path=state.url)
        except BadArticle as error:
            raise NotFetched(str(error)) from error
        tally = await self._take_items(feed, state, downloader, robots)
        # With something left to do the feed has to come whole the next time.
        remembered = answer if tally.incomplete == 0 else replace(answer, etag=None, last_modified=None)
        return replace(
            done,
            etag=remembered.etag,
            last_modified=remembered.last_modified,
            sentence=_sentence(feed, tally, answer),
            written=tally.new + tally.changed,
            items=with_items(state, feed, tally.items, now),
        )

    async def _take_items(self, feed: Feed, state: FeedState, downloader: Downloader, robots: Robots) -> _Tally:
        tally = _Tally()
        picked = list(pick_items(feed, state, get_pages=self._policy.get_pages))
        tally.incomplete = max(0, len(picked) - MAX_NEW_ITEMS)
        for item in picked[:MAX_NEW_ITEMS]:
            await self._take_item(item, feed, state, downloader, robots, tally)
        return tally

    async def _take_item(
        self, item: Item, feed: Feed, state: FeedState, downloader: Downloader, robots: Robots, tally: _Tally
    ) -> None:
        now = self._clock.now()
        known = state.items.get(item.key)
        failures = known.failures if known is not None else 0
        try:
            ending, data = await self._content(item, feed, downloader, robots)
        except NotFetched as error:
            failures += 1
            tally.problems.append(f"{item.link or item.key} {error}")
            if error.passing or len(item.entry.text) < LEAST_TEXT_CHARS:
                tally.incomplete += error.passing
                mark = KnownItem(fingerprint=item.fingerprint, seen_at=now, failures=failures if error.passing else 0)
                tally.items[item.key] = mark
                return
            ending, data = ".json", self._entry_file(item, feed)
        folder = self._folder / host_folder(state.url)
        stem = file_stem(item.key, item.link)
        is_written = await asyncio.to_thread(write_article, folder, stem, ending, data)
        tally.new += is_written and item.is_new
        tally.changed += is_written and not item.is_new
        tally.items[item.key] = KnownItem(fingerprint=item.fingerprint, seen_at=now)

    async def _content(self, item: Item, feed: Feed, downloader: Downloader, robots: Robots) -> tuple[str, bytes]:
        """Return the ending and the bytes of an item's file. Raises: NotFetched when its page is not to be had."""
        if item.way == "entry" or item.link is None:
            return ".json", self._entry_file(item, feed)
        await robots.check(item.link)
        page = await downloader.fetch(Asked(url=item.link, max_bytes=MAX_PAGE_BYTES, accept=PAGE_TYPES))
        if page.content_type not in ("text/html", "application/xhtml+xml"):
            raise NotFetched(f"is {page.content_type or 'of no stated kind'}, not a web page")
        return ".html", await asyncio.to_thread(lambda: page_file(page, item.entry, now=self._clock.now()))

    def _entry_file(self, item: Item, feed: Feed) -> bytes:
        return entry_file(item.entry, key=item.key, link=item.link, source=feed.title, now=self._clock.now())


def _sentence(feed: Feed, tally: _Tally, answer: Fetched) -> str:
    """Return what a look brought, as the end of a sentence about the feed."""
    if not feed.entries:
        return "has no entries at the moment"
    said = [f"{tally.new:,} new", f"{tally.changed:,} changed"]
    said.append(f"{len(feed.entries):,} {'entry' if len(feed.entries) == 1 else 'entries'} in all")
    sentence = ", ".join(said)
    if feed.left_out:
        sentence += f" ({feed.left_out:,} more are not looked at)"
    if tally.incomplete:
        sentence += f"; {tally.incomplete:,} left for the next look"
    if answer.moved_to:
        sentence += f"; it has moved to {answer.moved_to}: change it in your list"
    if tally.problems:
        more = f" (and {len(tally.problems) - 1:,} more)" if len(tally.problems) > 1 else ""
        sentence += f"; {tally.problems[0]}{more}"
    return sentence
