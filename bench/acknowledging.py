"""How fast interactions are acknowledged while the same process reads a backlog: both platforms, on loopback servers.

Discord and Slack drop whatever is not acknowledged within 3 s. The readers' commands come at a steady pace, whether or
not the ones before were answered, as on a real morning after a big delivery.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from bench.figures import Figure
from bench.program import LOG, running_bot, served
from tests.platforms.discord.loopback import LoopbackDiscord, Request
from tests.platforms.slack.slack_loopback import SlackLoopback

ARTICLES = 10_000
WORDS = 4_000
"""Different words of all articles together; few of them are frequent, as in a language."""
PARAGRAPHS = 9
PAUSE_S = 0.4
"""Seconds between two commands on each platform."""
GOAL_S = 1.0
UNANSWERED_S = 60.0
"""What counts for a command that is never acknowledged."""
STARTS_WITHIN_S = 60.0
READS_WITHIN_S = 1_800.0
COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("help", {}),
    ("search", {"words": "harbour council"}),
    ("ask", {"question": "What did the harbour council decide?"}),
    ("digest", {"since": "7d"}),
    ("status", {}),
)
_SYLLABLES = ("ba", "dre", "fol", "gim", "hu", "ke", "lor", "mi", "nat", "pe", "qua", "ril", "sto", "tu", "vex", "zan")


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return how long acknowledgements take while `limit` articles (10,000 by default) are read."""
    return asyncio.run(_measure(limit or ARTICLES))


class Discord(LoopbackDiscord):
    """Notes when a callback comes in, before anything is done with it."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, float] = {}

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        parts = request.match_info["path"].split("/")
        if parts[0] == "interactions":
            self.came[parts[2]] = time.perf_counter()
        text = await request.text()
        status, answer = self._handle(
            Request(
                method=request.method,
                path="/" + request.match_info["path"],
                query=dict(request.query),
                body=json.loads(text) if text else None,
            )
        )
        body = json.dumps(answer).encode()
        return web.Response(status=status, body=body, headers={"Content-Type": "application/json"})


async def _measure(articles: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        discord, slack = Discord(), SlackLoopback()
        async with served(discord, slack), _program(home, discord, slack):
            async with asyncio.timeout(STARTS_WITHIN_S):
                while True:
                    if discord.identifies and slack.connections:
                        break
                    await asyncio.sleep(0.05)
            idle = await _ask_for(discord, slack, lambda: False, seconds=5.0)
            await asyncio.to_thread(_write_articles, home / "drafts", articles)
            began = time.perf_counter()
            shutil.move(str(home / "drafts"), str(home / "seeds" / "backlog"))
            log = home / LOG
            busy = await _ask_for(discord, slack, lambda: _articles_read(log) >= articles, seconds=READS_WITHIN_S)
            took_s = time.perf_counter() - began
    note = f"{articles / took_s:.0f} articles a second meanwhile"
    figures = []
    for platform in ("discord", "slack"):
        waits = busy[platform]
        figures += [
            _figure(platform, f"acknowledged, p99 of {len(waits):,}", _percentile(waits, 99), goal=GOAL_S, note=note),
            _figure(platform, "acknowledged, longest", max(waits), goal=1.0, note="Discord and Slack wait 3 s"),
            _figure(platform, "acknowledged, median", statistics.median(waits), note="all of it on a busy machine"),
            _figure(platform, "acknowledged, p99, nothing to read", _percentile(idle[platform], 99)),
        ]
    return figures


async def _ask_for(discord: Discord, slack: SlackLoopback, done: Any, *, seconds: float) -> dict[str, list[float]]:
    """Use commands on both platforms until it is done or the time is over; return the seconds to each answer."""
    waits: dict[str, list[float]] = {"discord": [], "slack": []}
    sent: dict[str, float] = {}
    tasks: set[asyncio.Task[None]] = set()

    async def ask_slack(name: str, values: dict[str, Any]) -> None:
        text = " ".join(str(value) for value in values.values())
        address = slack.new_address()
        payload = {
            "command": "/newsbot", "text": f"{name} {text}", "user_id": "U0READER", "channel_id": "C0NEWS",
            "team_id": "T0HARBOUR", "response_url": f"{slack.base_url}/respond/{address}", "trigger_id": address,
            "api_app_id": "A0APP",
        }  # fmt: skip
        began = time.perf_counter()
        try:
            await slack.deliver("slash_commands", payload, wait_s=UNANSWERED_S)
        except (TimeoutError, ConnectionError):
            waits["slack"].append(UNANSWERED_S)
        else:
            waits["slack"].append(time.perf_counter() - began)

    ends_at = time.perf_counter() + seconds
    number = 0
    while time.perf_counter() < ends_at and not done():
        name, values = COMMANDS[number % len(COMMANDS)]
        number += 1
        began = time.perf_counter()
        sent[await discord.use_command(name, values)] = began
        task = asyncio.create_task(ask_slack(name, values))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await asyncio.sleep(PAUSE_S)
    await asyncio.sleep(1.0)
    await asyncio.gather(*tasks)
    now = time.perf_counter()
    waits["discord"] = [discord.came.get(token, now) - began for token, began in sent.items()]
    return waits


@asynccontextmanager
async def _program(home: Path, discord: Discord, slack: SlackLoopback) -> AsyncIterator[None]:
    """Run the bot; BENCH_STALLS names a file for its log, in which asyncio then says what held the event loop."""
    stalls = os.environ.get("BENCH_STALLS")
    (home / "seeds").mkdir()
    try:
        async with running_bot(home, discord, slack, {"PYTHONASYNCIODEBUG": "1"} if stalls else {}):
            yield
    finally:
        if stalls:
            shutil.copy(home / LOG, stalls)


def _articles_read(log: Path) -> int:
    """Return how many articles the bot says it has read, in however many looks at the folder."""
    return sum(int(count) for count in re.findall(r"folder read.*?articles=(\d+)", log.read_text()))


def _write_articles(folder: Path, count: int) -> None:
    """Write articles in an invented language with frequent and rare words."""
    chance = random.Random(17)
    vocabulary = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(WORDS)]
    weights = [1 / (rank + 3) for rank in range(WORDS)]
    folder.mkdir()
    for number in range(count):
        words = iter(chance.choices(vocabulary, weights, k=PARAGRAPHS * 60))
        names = [word.capitalize() for word in chance.choices(vocabulary, k=12)]
        lines = [f"{names[0]} harbour council {next(words)} {next(words)} {names[1]}", ""]
        for _ in range(PARAGRAPHS):
            sentences = [
                f"{chance.choice(names)} " + " ".join(next(words) for _ in range(14))
                + f" {chance.randint(2, 9_000):,} {next(words)} in {chance.choice(names)}."
                for _ in range(3)
            ]  # fmt: skip
            lines += [" ".join(sentences), ""]
        (folder / f"{number:06d}.txt").write_text("\n".join(lines), encoding="utf-8")


def _figure(platform: str, metric: str, seconds: float, *, goal: float | None = None, note: str = "") -> Figure:
    return Figure(data=platform, metric=metric, ours=seconds, goal=goal, unit="s", higher_is_better=False, note=note)


def _percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
