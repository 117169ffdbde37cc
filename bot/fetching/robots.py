"""What a site's robots.txt says about its pages; feeds are there to be fetched, pages are asked about first.

Source: RFC 9309. A site without the file allows everything; one whose server fails is left alone for now.
"""

from __future__ import annotations

import asyncio
from urllib.robotparser import RobotFileParser

from yarl import URL

from bot.fetching.downloading import Asked, Downloader, NotFetched
from bot.fetching.turns import HostTurns

MAX_ROBOTS_BYTES = 500_000
"""What RFC 9309 asks to be read at least."""

ROBOT_NAME = "newsbot"


class Robots:
    """The rules of every site asked in one round, fetched once each."""

    def __init__(self, downloader: Downloader, turns: HostTurns) -> None:
        self._downloader = downloader
        self._turns = turns
        self._rules: dict[str, asyncio.Task[RobotFileParser]] = {}

    async def check(self, url: str) -> None:
        """Raise NotFetched when the site does not want this page to be fetched."""
        try:
            site = str(URL(url).origin())
        except ValueError as error:
            raise NotFetched("is not a web address") from error
        if site not in self._rules:
            self._rules[site] = asyncio.create_task(self._fetch(site))
        rules = await asyncio.shield(self._rules[site])
        if not rules.can_fetch(ROBOT_NAME, url):
            raise NotFetched("is closed to programs by its site's robots.txt")

    async def close(self) -> None:
        """End what is still asked for."""
        for task in self._rules.values():
            task.cancel()
        await asyncio.gather(*self._rules.values(), return_exceptions=True)

    async def _fetch(self, site: str) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            answer = await self._downloader.fetch(
                Asked(url=f"{site}/robots.txt", max_bytes=MAX_ROBOTS_BYTES, accept="text/plain, */*;q=0.1")
            )
        except NotFetched as error:
            # `parse` marks the rules as read; without it everything would be refused.
            rules.parse(["User-agent: *", "Disallow: /"] if error.passing else [])
            return rules
        text = (answer.data or b"").decode("utf-8", "replace")
        rules.parse(text.splitlines() if "<html" not in text[:2_000].lower() else [])
        delay = rules.crawl_delay(ROBOT_NAME)
        if delay is not None:
            self._turns.slow_down(URL(site).raw_host or "", float(delay))
        return rules
