"""The whole program between a loopback Discord and a loopback Slack, killed and started again; counts its posts."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

from aiohttp import web

from bot.model import Destination, Platform, Post, PostState, Schedule
from bot.storage.archive import open_archive
from tests.fault_table import KILLS
from tests.faults.articles import invented_article
from tests.faults.chat_servers import BadDiscord, BadSlack, KillSwitch, Weather
from tests.faults.forking import ForkingProcess
from tests.faults.loopback import FastClock
from tests.faults.posting_parts import Tally
from tests.faults.program import Orders
from tests.platforms.discord.loopback import GUILD
from tests.platforms.discord.loopback import TOKEN as DISCORD_TOKEN
from tests.platforms.slack.slack_loopback import APP_TOKEN, BOT_TOKEN, TEAM

SPEED = 100.0
"""Seconds of the fast clock in one real second: a nonce is repeated for 0.6 s, absence counts after 1.8 s."""
SLOT_EVERY_MIN = 2
SLOTS_AHEAD = timedelta(hours=8 if KILLS <= 200 else 20)
"""Of the fast clock: five minutes of the machine's, or twelve."""
CHANNELS: Mapping[Platform, tuple[str, ...]] = {
    "discord": ("900000000000000021", "900000000000000022"),
    "slack": ("C0HARBOUR", "C0MARKET"),
}
DESTINATIONS = tuple(
    Destination(platform=platform, workspace=GUILD if platform == "discord" else TEAM, channel=channel)
    for platform, channels in CHANNELS.items()
    for channel in channels
)
SETTLES_WITHIN_S = 60.0
REACHED_WITHIN_S = 30.0
LOOK_EVERY_S = 0.05
OPEN = (PostState.PENDING, PostState.SENDING, PostState.UNKNOWN)
ARTICLES_A_DIGEST = 5
"""So many fill two posts, and all of them fit into one digest."""


class Program:
    """One home of the program, its two platforms, and whoever forks it."""

    def __init__(
        self, home: Path, forks: ForkingProcess, weather: Weather, discord: BadDiscord, slack: BadSlack
    ) -> None:
        self.home = home
        self.forks = forks
        self.weather = weather
        self.discord = discord
        self.slack = slack
        self.articles = 0
        self.place = ""
        self._chance = random.Random(7)

    @property
    def archive(self) -> Path | str:
        """The archive's file, or the address of its database when the test has given a `place`."""
        return self.place or self.home / "data" / "newsbot.db"

    @property
    def environment(self) -> dict[str, str]:
        """The settings that the program runs with."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "LANG": "C.UTF-8",
            "DISCORD_TOKEN": DISCORD_TOKEN,
            "NEWSBOT_DISCORD__API_BASE": self.discord.api_base,
            "NEWSBOT_DISCORD__GATEWAY_URL": self.discord.gateway_url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "NEWSBOT_SLACK__BASE_URL": f"{self.slack.base_url}/api/",
            "NEWSBOT_READING__SCAN_INTERVAL_S": "0.2",
            "NEWSBOT_READING__SETTLE_S": "0",
            **({"NEWSBOT_DATABASE__URL": self.place} if self.place else {}),
        }

    def log(self) -> str:
        """Return what the program logged so far."""
        return (self.home / "err.log").read_text() if (self.home / "err.log").exists() else ""

    async def schedule_digests(self, *, every_min: int = SLOT_EVERY_MIN, since: datetime | None = None) -> None:
        """Order a digest every few minutes for every channel, as an admin would with `/schedule add`.

        Of a day's minutes only those that a test can live to see: looking through all of them takes its time.
        """
        now = self.weather.clock.now()
        ahead = timedelta(days=1) if every_min >= 60 else SLOTS_AHEAD
        minutes = sorted({
            (now.hour * 60 + now.minute) // every_min * every_min + minute
            for minute in range(0, int(ahead.total_seconds() // 60), every_min)
        })  # fmt: skip
        (self.home / "data").mkdir(exist_ok=True)
        async with open_archive(self.archive, clock=self.weather.clock) as archive:
            for number, destination in enumerate(DESTINATIONS):
                schedule = Schedule(
                    id=f"s{number}",
                    destination=destination,
                    times=tuple(time_of_day(minute // 60 % 24, minute % 60) for minute in minutes),
                    weekdays=(),
                    zone="UTC",
                    created_at=since or self.weather.clock.now(),
                )
                await archive.save_schedule(schedule)

    def write_articles(self, count: int) -> None:
        """Put new articles into the watched folder, all at once, about things that no other article names."""
        (self.home / "seeds").mkdir(exist_ok=True)
        draft = self.home / "draft"
        draft.mkdir()
        first = self.articles + 1
        for _ in range(count):
            self.articles += 1
            (draft / f"{self.articles:05d}.txt").write_text(invented_article(self.articles), encoding="utf-8")
        # One after the other they might be told one after the other, and none of their digests would have two parts.
        draft.rename(self.home / "seeds" / f"from-{first:05d}")

    async def feed(self) -> None:
        """Write the next articles whenever every channel has been told the ones before, for ever."""
        while True:
            if all(len(self.shown_articles(to)) == self.articles for to in DESTINATIONS):
                self.write_articles(ARTICLES_A_DIGEST)
            await asyncio.sleep(LOOK_EVERY_S)

    async def start(
        self, *, kill_at: str = "", skip: int = 0, settings: Mapping[str, str] | None = None, **more: object
    ) -> int:
        """Start the program; return its process id. `kill_at` names a point of its database."""
        clock = self.weather.clock
        given = {
            "began": clock.began, "epoch": clock.epoch.timestamp(), "speed": clock.speed, "kill_at": kill_at,
            "skip": skip, **more,
        }  # fmt: skip
        environment = {**self.environment, **(settings or {})}
        orders = Orders(home=str(self.home), log=str(self.home / "err.log"), environment=environment, **given)  # type: ignore[arg-type]
        pid = await self.forks.start(json.dumps(asdict(orders)))
        self.weather.switch.pid = pid
        return pid

    async def kill_after(self, pid: int, seconds: float, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal after a while; return the exit code."""
        await asyncio.sleep(seconds)
        return await self.stop(pid, number)

    async def stop(self, pid: int, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal; return the exit code."""
        code = await self.forks.kill(pid, number)
        self.weather.switch.pid = 0
        return code

    async def die_at(self, point: str) -> None:
        """Run the program until it is killed at this point of its database or of what the platforms see."""
        in_database = " commit" in point
        if not in_database:
            self.weather.switch.arm(point, skip=0)
        pid = await self.start(kill_at=point if in_database else "")
        async with asyncio.timeout(REACHED_WITHIN_S):
            code = await self.forks.end_of(pid)
        self.weather.switch.pid = 0
        assert code == -signal.SIGKILL, f"{point}: it ended with {code}: {self.log()[-2_000:]}"

    async def settle(self) -> None:
        """Let the program say everything that is left, undisturbed, and end."""
        self.weather.stormy, self.weather.delay_s = False, 0.0
        self.weather.switch.name = ""
        pid = await self.start()
        async with asyncio.timeout(SETTLES_WITHIN_S):
            while True:
                await asyncio.sleep(0.5)
                posts = await self.posts()
                told = all(len(self.shown_articles(to)) == self.articles for to in DESTINATIONS)
                if told and not any(post.state in OPEN for post in posts):
                    break
        assert await self.stop(pid) == 0, self.log()

    async def posts(self) -> list[Post]:
        """Return what the outbox holds, each destination's posts oldest first."""
        async with open_archive(self.archive, create=False, read_only=True) as archive:
            return [post for to in DESTINATIONS for post in reversed(await archive.posts_of(to, limit=10**6))]

    def accepted(self, destination: Destination) -> list[str]:
        """Return the ids of the posts that readers of a channel see, in order."""
        server = self.discord if destination.platform == "discord" else self.slack
        return server.accepted.get(destination.channel, [])

    def shown_articles(self, destination: Destination) -> Counter[str]:
        """Return how many messages of a channel have each article as their headline."""
        messages = (self.discord.messages if destination.platform == "discord" else self.slack.channels)[
            destination.channel
        ]
        shown = Counter[str]()
        for message in messages:
            layout = message.get("components") or message.get("blocks") or ()
            shown.update(set(re.findall(r"Case (\d{5})", json.dumps(layout))))
        return shown

    async def count(self) -> Tally:
        """Compare what the outbox holds with what readers see."""
        posts = await self.posts()
        seen = {to: self.accepted(to) for to in DESTINATIONS}
        counted = Counter(post_id for ids in seen.values() for post_id in ids)
        missing = sum(self.articles - len(self.shown_articles(to)) for to in DESTINATIONS)
        told_again = sum(count - 1 for to in DESTINATIONS for count in self.shown_articles(to).values())
        return Tally(
            tried=len(posts),
            lost=sum(counted[post.id] == 0 for post in posts) + missing,
            doubled=sum(count - 1 for count in counted.values()) + told_again,
            out_of_order=sum(_misplaced(seen[to], _of(posts, to)) for to in DESTINATIONS),
            states=dict(Counter(post.state for post in posts)),
        )


@asynccontextmanager
async def program(
    home: Path, forks: ForkingProcess, *, seed: int, stormy: bool = True, speed: float = SPEED
) -> AsyncIterator[Program]:
    """Serve both platforms for a program that lives in `home`."""
    clock = FastClock(began=time.time(), speed=speed, epoch=datetime.now(UTC))
    weather = Weather(clock=clock, chance=random.Random(seed), switch=KillSwitch(), stormy=stormy)
    discord, slack = BadDiscord(weather, CHANNELS["discord"]), BadSlack()
    slack.use(weather, CHANNELS["slack"])
    await discord.start()
    runner = web.AppRunner(slack.app(), access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield Program(home, forks, weather, discord, slack)
        assert discord.problems == []
        assert slack.problems == []
    finally:
        await forks.clear_away()
        await discord.stop()
        await runner.cleanup()


def _of(posts: Iterable[Post], destination: Destination) -> list[Post]:
    return [post for post in posts if post.destination == destination]


def _misplaced(seen: list[str], posts: list[Post]) -> int:
    """Return how many parts readers see before the part they belong behind."""
    places = {post_id: index for index, post_id in reversed(list(enumerate(seen)))}
    return sum(
        places.get(before.id, 0) > places.get(after.id, 0)
        for before, after in itertools.pairwise(posts)
        if before.batch == after.batch
    )


@asynccontextmanager
async def feeding(bot: Program) -> AsyncIterator[None]:
    """Keep articles coming while the block runs."""
    task = asyncio.create_task(bot.feed())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
