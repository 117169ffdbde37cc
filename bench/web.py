"""The web page under load: 200 readers on their streams, asking, while the bot reads 10,000 articles.

The bot is the real program in a process of its own; readers and page visits come from this one, over loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.figures import Figure

READERS = 200
ARTICLES = 10_000
ASKS_EVERY_S = 60.0
"""Seconds between two commands of one reader: a busy newsroom, three commands a second altogether."""
OPENING_S = 5.0
"""Seconds within which the readers open their pages."""
VISIT_EVERY_S = 0.1
COMMANDS = ("/search harbour ferry", "/help", "/status", "/article #{seq}", "When does the bridge open?")
PATHS = ("/", "/article/{seq}", "/archive", "/search?q=harbour+bridge", "/status", "/chat")
START_S, READ_S, ANSWER_S = 60.0, 1_800.0, 60.0
GOAL_P99_MS = 250.0

_WORDS = (
    *("harbour", "ferry", "bridge", "council", "mill", "baker", "strike", "school", "crown", "river", "lock", "tram"),
    *("market", "guild", "vote", "storm", "pilot", "quay", "budget", "grain", "clinic", "library", "orchard"),
    *("railway", "signal", "tower", "engine", "warden", "festival", "inquiry"),
)
_NAMES = ("Oldport", "Lindau", "Eddingholm", "Marrow", "Arvel", "Sundby", "Kestrel Bay", "Norrvik")


@dataclass(slots=True)
class Tally:
    """What the readers saw: events that came, numbers that were missing or came twice, answers that never came."""

    events: int = 0
    lost: int = 0
    answers_ms: list[float] = field(default_factory=list)
    unanswered: int = 0
    visits_ms: list[float] = field(default_factory=list)
    refused: int = 0
    read: int = 0


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of the page under load; `limit` is the number of articles."""
    articles = limit or ARTICLES
    with tempfile.TemporaryDirectory() as folder:
        tally, took_s = asyncio.run(_run(Path(folder), articles))
    data = f"{READERS} readers, {articles:,} articles"
    visits = sorted(tally.visits_ms)
    answers = sorted(tally.answers_ms)
    reading = f"{len(visits):,} visits while {tally.read:,} articles were read in {took_s:.0f} s"
    return [
        _milliseconds(data, "a page, p99", _at(visits, 0.99), GOAL_P99_MS, reading),
        _milliseconds(data, "a page, median", statistics.median(visits), None, ""),
        _milliseconds(data, "an answer in the chat, p99", _at(answers, 0.99), None, f"{len(answers):,} answers"),
        _count(data, "events lost or doubled", tally.lost, f"{tally.events:,} events"),
        _count(data, "commands without an answer", tally.unanswered + tally.refused, ""),
    ]


def _milliseconds(data: str, metric: str, ours: float, goal: float | None, note: str) -> Figure:
    return Figure(data=data, metric=metric, ours=ours, goal=goal, unit="ms", higher_is_better=False, note=note)


def _count(data: str, metric: str, ours: int, note: str) -> Figure:
    return Figure(data=data, metric=metric, ours=ours, goal=0.0, higher_is_better=False, note=note)


async def _run(folder: Path, articles: int) -> tuple[Tally, float]:
    seeds = folder / "seeds"
    await asyncio.to_thread(_write_articles, seeds, articles)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    tally, stop = Tally(), asyncio.Event()
    process = await _start_bot(folder, port)
    try:
        await _until_live(base, process)
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for number in range(READERS):
                tasks.create_task(_read_and_ask(base, number, tally, stop))
            tasks.create_task(_visit(base, tally, stop))
            await _until_read(base, articles, tally)
            stop.set()
        return tally, time.monotonic() - began
    finally:
        process.terminate()
        await process.wait()


async def _start_bot(folder: Path, port: int) -> asyncio.subprocess.Process:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSBOT_", "OPENAI_"))}
    settings = {
        "NEWSBOT_SEEDS_DIR": str(folder / "seeds"),
        "NEWSBOT_DATA_DIR": str(folder / "data"),
        "NEWSBOT_WEB__PORT": str(port),
        "NEWSBOT_READING__SETTLE_S": "0",
        "NEWSBOT_LOG__LEVEL": "error",
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", cwd=folder, env={**own, **settings}, stdout=asyncio.subprocess.DEVNULL
    )


async def _until_live(base: str, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_S), aiohttp.ClientSession(base) as client:
        while process.returncode is None:
            try:
                async with client.get("/live"):
                    return
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.1)
        raise RuntimeError("the bot did not start")


async def _until_read(base: str, articles: int, tally: Tally) -> None:
    async with asyncio.timeout(READ_S), aiohttp.ClientSession(base) as client:
        while tally.read < articles:
            await asyncio.sleep(1.0)
            async with client.get("/status") as answer:
                html = await answer.text()
            tally.read = int(html.split("<dt>Articles</dt><dd>")[1].split("<")[0].replace(",", ""))


async def _visit(base: str, tally: Tally, stop: asyncio.Event) -> None:
    chance = random.Random(7)
    async with aiohttp.ClientSession(base, cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        while not stop.is_set():
            path = chance.choice(PATHS).format(seq=chance.randint(1, max(1, tally.read)))
            began = time.perf_counter()
            async with client.get(path) as answer:
                await answer.read()
            tally.visits_ms.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(VISIT_EVERY_S)


async def _read_and_ask(base: str, number: int, tally: Tally, stop: asyncio.Event) -> None:
    """One reader: has the chat open all the time, asks now and then, and counts what comes."""
    chance = random.Random(number)
    jar, connector = aiohttp.CookieJar(unsafe=True), aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(
        base, cookie_jar=jar, connector=connector, timeout=aiohttp.ClientTimeout(total=None), read_bufsize=2**20
    ) as client:
        await _pause(stop, chance.uniform(0, OPENING_S))
        async with client.get("/chat") as answer:
            page = _Page((await answer.text()).split('data-after="')[1].split('"')[0])
        following = asyncio.create_task(page.follow(client, tally))
        await _pause(stop, chance.uniform(0, ASKS_EVERY_S))
        while not stop.is_set():
            command = chance.choice(COMMANDS).format(seq=max(1, tally.read))
            began = time.perf_counter()
            own = {"Origin": base, "Accept": "application/json"}
            page.done.clear()
            async with client.post("/chat", data={"text": command}, headers=own) as answer:
                if answer.status != 202:
                    tally.refused += 1
                    continue
            try:
                async with asyncio.timeout(ANSWER_S):
                    await page.done.wait()
                tally.answers_ms.append((time.perf_counter() - began) * 1000)
            except TimeoutError:
                tally.unanswered += 1
            await _pause(stop, chance.uniform(0.5, 1.5) * ASKS_EVERY_S)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


class _Page:
    """The stream of one reader: always open, broken off in the middle of each answer and taken up again."""

    def __init__(self, after: str) -> None:
        self.done = asyncio.Event()
        self._last = after
        self._seen = int(after.rpartition("-")[2])

    async def follow(self, client: aiohttp.ClientSession, tally: Tally) -> None:
        """Read until cancelled."""
        while True:
            async with client.get("/chat/events", headers={"Last-Event-ID": self._last}) as answer:
                await self._read(answer, tally)

    async def _read(self, answer: aiohttp.ClientResponse, tally: Tally) -> None:
        kind = ""
        async for raw in answer.content:
            line = raw.decode().rstrip("\r\n")
            if line.startswith("id: "):
                self._last = line.removeprefix("id: ")
                number = int(self._last.rpartition("-")[2])
                tally.events += 1
                tally.lost += abs(number - self._seen - 1)
                self._seen = number
            elif line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif not line and kind == "working":
                return
            elif not line and kind == "done":
                self.done.set()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _write_articles(folder: Path, count: int) -> None:
    folder.mkdir()
    for number, (title, text) in enumerate(_articles(count)):
        row = {"id": f"a{number}", "title": title, "text": text, "source": "The Oldport Courier"}
        (folder / f"{number:05}.json").write_text(json.dumps(row), encoding="utf-8")


def _articles(count: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(3)
    for number in range(count):
        name = chance.choice(_NAMES)
        paragraphs = ["\n".join(_sentence(chance, name) for _ in range(3)) for _ in range(4)]
        yield f"{name} {chance.choice(_WORDS)} and {chance.choice(_WORDS)} {number}", "\n\n".join(paragraphs)


def _sentence(chance: random.Random, name: str) -> str:
    words = chance.sample(_WORDS, 6)
    return (
        f"The {words[0]} of {name} told the {words[1]} on Monday that the {words[2]} near the {words[3]} costs"
        f" {chance.randint(2, 9_000):,} crowns and opens with the {words[4]} after the {words[5]}."
    )


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
