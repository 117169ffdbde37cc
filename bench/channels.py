"""A digest for 2,000 channels at the same minute, over a Discord and a Slack that keep their published rate limits.

The bot is the real program in a process of its own; the platforms are loopback servers in this one, which count every
call that comes too early, and whose channels show what readers see.
"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figures import Figure
from bench.program import LOG, running_bot, served
from bot.model import Destination, Platform, Post, PostState, Schedule
from bot.storage.archive import open_archive
from tests.faults.articles import invented_article
from tests.faults.limited_servers import DISCORD_CALLS, SLACK_POSTS, LimitedDiscord, LimitedSlack
from tests.platforms.discord.loopback import GUILD
from tests.platforms.slack.slack_loopback import TEAM

CHANNELS = 2_000
ARTICLES = 9
"""So many fill a digest of two parts: what is hardest on limits by channel."""
DIGESTS_WITHIN_S = 1_500.0
LOOK_EVERY_S = 1.0
PLATFORMS: tuple[Platform, ...] = ("discord", "slack")
_OPEN = frozenset(state.value for state in (PostState.PENDING, PostState.SENDING, PostState.UNKNOWN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What came of it: seconds until the last post of each platform, posts, and the bot's processor seconds."""

    took_s: dict[Platform, float]
    posts: list[Post]
    cpu_s: float
    announced_s: float


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of one morning with `limit` channels, half of them on each platform."""
    count = limit or CHANNELS
    on_discord = tuple(f"9000000000000{number:05d}" for number in range(count // 2))
    on_slack = tuple(f"C0TOWN{number:04d}" for number in range(count - count // 2))
    discord, slack = LimitedDiscord(on_discord), LimitedSlack()
    slack.use(on_slack)
    with tempfile.TemporaryDirectory() as folder:
        morning = asyncio.run(_run(Path(folder), discord, slack, on_discord, on_slack))
    seen = Counter(nonce for channel in on_discord for nonce in discord.nonces_in(channel))
    seen += Counter(post_id for channel in on_slack for post_id in slack.ids_in(channel))
    sent = Counter(post.nonce if post.destination.platform == "discord" else post.id for post in morning.posts)
    told = len({post.destination for post in morning.posts})
    early_discord, early_slack = sum(discord.too_many.values()), sum(slack.too_many.values())
    each_ms = 1000 * morning.cpu_s / len(morning.posts)
    posts = f"{len(morning.posts):,} posts"
    by_discord = f"{len(on_discord):,} channels, {DISCORD_CALLS} calls a second allowed"
    by_slack = f"{len(on_slack):,} channels, {SLACK_POSTS} posts a minute allowed"
    counts = (
        ("posts lost", (sent - seen).total() + count - told, posts),
        ("posts doubled", (seen - sent).total(), posts),
        ("Discord: calls that came too early (429)", early_discord, f"of {len(discord.requests):,} calls"),
        ("Slack: calls that came too early (429)", early_slack, f"of {len(slack.calls):,} calls"),
        ("malformed calls", len(discord.problems) + len(slack.problems), ""),
    )
    times = (
        ("until the last digest is ready to post", morning.announced_s, ""),
        ("until the last post, Discord", morning.took_s["discord"], by_discord),
        ("until the last post, Slack", morning.took_s["slack"], by_slack),
        ("processor time of the bot", morning.cpu_s, f"{each_ms:.0f} ms a post"),
    )
    data = f"{count:,} channels at one minute"
    return [
        *(_count(data, metric, ours, note) for metric, ours, note in counts),
        *(_seconds(data, metric, ours, note) for metric, ours, note in times),
    ]


def _count(data: str, metric: str, ours: int, note: str) -> Figure:
    return Figure(data=data, metric=metric, ours=ours, goal=0.0, higher_is_better=False, note=note)


def _seconds(data: str, metric: str, ours: float, note: str) -> Figure:
    return Figure(data=data, metric=metric, ours=ours, unit="s", higher_is_better=False, note=note)


async def _run(
    home: Path, discord: LimitedDiscord, slack: LimitedSlack, on_discord: tuple[str, ...], on_slack: tuple[str, ...]
) -> Morning:
    _write_articles(home / "seeds")
    count = len(on_discord) + len(on_slack)
    places: tuple[tuple[Platform, str, tuple[str, ...]], ...] = (
        ("discord", GUILD, on_discord),
        ("slack", TEAM, on_slack),
    )
    due = await _order_digests(home / "data", places)
    settings = {"NEWSBOT_READING__SETTLE_S": "0"}
    async with served(discord, slack), running_bot(home, discord, slack, settings) as process:
        announced_s, took_s, posts = await _until_posted(home, process, count, time.monotonic())
    assert all(post.first_at and post.first_at >= due for post in posts), "nothing is posted before its time"
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Morning(took_s=took_s, posts=posts, cpu_s=used.ru_utime + used.ru_stime, announced_s=announced_s)


async def _order_digests(folder: Path, places: tuple[tuple[Platform, str, tuple[str, ...]], ...]) -> datetime:
    """Order a digest of the minute before now for every channel; return that minute."""
    await asyncio.to_thread(folder.mkdir)
    now = datetime.now(UTC)
    due = (now - timedelta(minutes=1)).replace(second=0, microsecond=0)
    async with open_archive(folder / "newsbot.db") as archive:
        for platform, workspace, channels in places:
            for channel in channels:
                there = Destination(platform=platform, workspace=workspace, channel=channel)
                await archive.save_schedule(
                    Schedule(
                        id=f"s-{channel}", destination=there, times=(due.time(),), weekdays=(), zone="UTC",
                        created_at=due - timedelta(hours=1),
                    )
                )  # fmt: skip
    return due


async def _until_posted(
    home: Path, process: asyncio.subprocess.Process, count: int, began: float
) -> tuple[float, dict[Platform, float], list[Post]]:
    """Wait until every channel's posts are sent; return when all were in the outbox, when each platform's were sent."""
    announced_s, took_s = 0.0, dict[Platform, float]()
    async with asyncio.timeout(DIGESTS_WITHIN_S):
        while len(took_s) < 2:
            await asyncio.sleep(LOOK_EVERY_S)
            if process.returncode is not None:
                raise RuntimeError((home / LOG).read_text()[-2_000:])
            now_s = time.monotonic() - began
            told, still_open = _look(home / "data" / "newsbot.db")
            if not announced_s and told == count:
                announced_s = now_s
            for platform in PLATFORMS:
                if announced_s and not still_open[platform]:
                    took_s.setdefault(platform, now_s)
    async with open_archive(home / "data" / "newsbot.db", create=False, read_only=True) as archive:
        posts = [post for state in PostState for post in await archive.posts_in(state)]
    return announced_s, took_s, posts


def _look(archive: Path) -> tuple[int, Counter[Platform]]:
    """Return how many channels have posts, and how many posts of each platform are not there yet."""
    with closing(sqlite3.connect(f"file:{archive}?mode=ro", uri=True, timeout=10)) as connection:
        rows = connection.execute("SELECT platform, state, count(*) FROM outbox GROUP BY platform, state").fetchall()
        [(told,)] = connection.execute("SELECT count(DISTINCT channel) FROM outbox").fetchall()
    still_open = Counter[Platform]()
    for platform, state, number in rows:
        still_open[platform] += number if state in _OPEN else 0
    return told, still_open


def _write_articles(folder: Path) -> None:
    folder.mkdir()
    for number in range(1, ARTICLES + 1):
        (folder / f"{number}.txt").write_text(invented_article(number), encoding="utf-8")
