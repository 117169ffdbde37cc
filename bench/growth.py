"""How the cost of search, answers, ingest and stories grows with the archive, on SQLite and on PostgreSQL.

One archive of invented news grows; at each size its costs are measured with nothing else going on, and search and
answers once more while articles come in. Their summaries are their first sentences: better ones cost the same at every
size. `BENCH_POSTGRES` is the address of a server and a user who may create databases on it; `BENCH_GROWTH` is the
largest size, 1000000 for who has the hours.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from bench.figures import Figure
from bench.invented_news import InventedArticle, invent_news
from bench.workers import database_on_server
from bot.answers.answering import answer_question
from bot.app.building import SystemClock, calm_collector, share_processor
from bot.app.preparing import prepare, prepare_beside
from bot.model import Article, Bullet, Prepared, Summary
from bot.storage.archive import SqlArchive, open_archive
from bot.stories.placing import StoryPlacer

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
LARGEST: Final = int(os.environ.get("BENCH_GROWTH", "100000"))
BATCH: Final = 200
BULLETS: Final = 4
HITS: Final = 5
# Questions and queries at each size; of articles spread over all that came since the last size.
ASKED: Final = 200
# The last articles before each size, whose ingest is what is reported.
TIMED_ARTICLES: Final = 1_000
# Articles that come in beside the questions, by stories no other call invents.
BESIDE_FIRST: Final = 10_000_000
# Batches that are made while others are saved.
MADE_AHEAD: Final = 4

ASK_P99_GOAL_MS: Final = 250.0
SIZE_GOAL: Final = 3.0


@dataclass(slots=True, kw_only=True)
class _Times:
    """Milliseconds of each operation, on the clock and of the processor (of this process, without the server's)."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    async def of(self, operation: Awaitable[object]) -> None:
        """Await an operation and note what it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        await operation
        self.wall.append(1000 * (time.perf_counter() - wall))
        self.cpu.append(1000 * (time.process_time() - cpu))


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the costs at each size up to `limit` articles, or BENCH_GROWTH; no evaluation data is read."""
    calm_collector()
    share_processor()
    sizes = [size for size in SIZES if size <= (limit or LARGEST)] or [limit or LARGEST]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "archive.db"
        figures = asyncio.run(_measure_growth(str(place), "SQLite", sizes))
    with database_on_server() as place_on_server:
        figures += asyncio.run(_measure_growth(place_on_server, "PostgreSQL", sizes))
    return figures


async def _measure_growth(place: str, name: str, sizes: Sequence[int]) -> list[Figure]:
    figures: list[Figure] = []
    size = text_bytes = 0
    async with _made_ahead(sizes) as batches, open_archive(place) as archive:
        placer = StoryPlacer(archive, SystemClock())
        for goal in sizes:
            saving, placing = _Times(), _Times()
            asked: list[InventedArticle] = []
            step = max(1, (goal - size) // ASKED)
            while size < goal:
                batch = await asyncio.to_thread(batches.get)
                timed = goal - size <= TIMED_ARTICLES
                await (saving if timed else _Times()).of(_save(archive, [(one.article, made) for one, made in batch]))
                await (placing if timed else _Times()).of(placer.catch_up())
                asked += [one for number, (one, _) in enumerate(batch, size) if number % step == 0]
                text_bytes += sum(_bytes_of(one) for one, _ in batch)
                size += len(batch)
            data = f"{name}, {size:,} articles"
            figures += [_ingest(data, "saved", saving), _ingest(data, "put into stories", placing)]
            facts = await archive.archive_facts()
            figures.append(Figure(
                data=data, metric="archive / text", ours=facts.size_bytes / text_bytes, goal=SIZE_GOAL,
                higher_is_better=False, note="with summaries, stories, search index",
            ))  # fmt: skip
            figures += await _latencies(archive, data, asked)
        figures += await _beside_ingest(archive, f"{name} while ingesting, {size:,} articles", asked)
    return figures


@asynccontextmanager
async def _made_ahead(sizes: Sequence[int]) -> AsyncIterator[Any]:
    """Start a process that makes batches up to each size in turn; give the queue they come through."""
    context = multiprocessing.get_context("spawn")
    batches = context.Queue(MADE_AHEAD)
    maker = context.Process(target=_make_batches, args=(batches, sizes), daemon=True)
    maker.start()
    try:
        yield batches
    finally:
        maker.kill()
        maker.join()


def _make_batches(batches: Any, sizes: Sequence[int]) -> None:
    """Put lists of invented articles, each with what is stored beside it."""
    made = invent_news(sizes[-1])
    size = 0
    for goal in sizes:
        while batch := list(islice(made, min(BATCH, goal - size))):
            batches.put([(one, _stored_beside(one.article)) for one in batch])
            size += len(batch)


def _stored_beside(article: Article) -> Prepared:
    """Return what `prepare` returns, with the first sentences as the summary."""
    bullets = tuple(
        Bullet(text=one.text, sentences=(one.index,), quote=one.text) for one in article.sentences[:BULLETS]
    )
    summary = Summary(
        article_id=article.id, version=article.version, headline=article.title or "", bullets=bullets,
        writer="extractive",
    )  # fmt: skip
    return prepare_beside(summary, article)


def _ingest(data: str, what: str, times: _Times) -> Figure:
    count = BATCH * len(times.wall)
    return Figure(
        data=data, metric=f"{what}: CPU an article", ours=sum(times.cpu) / count, unit="ms", higher_is_better=False,
        note=f"{sum(times.wall) / count:.2f} ms on the clock, batches of {BATCH}",
    )  # fmt: skip


async def _save(archive: SqlArchive, batch: Sequence[tuple[Article, Prepared]]) -> None:
    prepared = {(one.id, one.version): made for one, made in batch}
    await archive.save_articles([], [one for one, _ in batch], [made.summary for _, made in batch], prepared=prepared)


async def _latencies(archive: SqlArchive, data: str, asked: Sequence[InventedArticle]) -> list[Figure]:
    """Return what searches and answers take, after one of each that fills what is kept in memory."""
    figures: list[Figure] = []
    for what, run in _OPERATIONS.items():
        await run(archive, asked[0])
        times = _Times()
        for one in asked[1:]:
            await times.of(run(archive, one))
        figures += _percentiles(data, what, times, goal=ASK_P99_GOAL_MS if what == "ask" else None)
    return figures


async def _beside_ingest(archive: SqlArchive, data: str, asked: Sequence[InventedArticle]) -> list[Figure]:
    """Return what answers take while articles come in without a pause."""
    placer = StoryPlacer(archive, SystemClock())
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def ingest() -> None:
        # As in the program, what is made of an article is made in a process of its own.
        with ProcessPoolExecutor(max_workers=1) as pool:
            first = BESIDE_FIRST
            coming = loop.run_in_executor(pool, _prepared_batch, first)
            while not done.is_set():
                batch = await coming
                first += BATCH
                coming = loop.run_in_executor(pool, _prepared_batch, first)
                await _save(archive, batch)
                await placer.catch_up()

    running = asyncio.create_task(ingest())
    figures: list[Figure] = []
    for what, run in _OPERATIONS.items():
        times = _Times()
        for one in asked:
            await times.of(run(archive, one))
        figures += _percentiles(data, what, times, goal=ASK_P99_GOAL_MS if what == "ask" else None)
    done.set()
    await running
    return figures


def _prepared_batch(first: int) -> list[tuple[Article, Prepared]]:
    """Return one batch of invented articles with what a reader makes of them."""
    articles = [one.article for one in invent_news(BATCH, first=first)]
    return [(one, prepare(one, {"bullets": BULLETS})) for one in articles]


def _percentiles(data: str, what: str, times: _Times, *, goal: float | None) -> Iterator[Figure]:
    p99 = quantiles(times.wall, n=100)[98]
    yield Figure(
        data=data, metric=f"{what} p50", ours=median(times.wall), unit="ms", higher_is_better=False,
        note=f"CPU {median(times.cpu):.1f} ms",
    )  # fmt: skip
    yield Figure(
        data=data, metric=f"{what} p99", ours=p99, goal=goal, unit="ms", higher_is_better=False,
        note=f"CPU {quantiles(times.cpu, n=100)[98]:.1f} ms",
    )  # fmt: skip


def _bytes_of(one: InventedArticle) -> int:
    return len(one.article.body.encode()) + len((one.article.title or "").encode())


async def _search(archive: SqlArchive, one: InventedArticle) -> object:
    return await archive.search(one.sentence, limit=HITS)


async def _search_question(archive: SqlArchive, one: InventedArticle) -> object:
    return await archive.search(one.question, limit=HITS)


async def _ask(archive: SqlArchive, one: InventedArticle) -> object:
    return await answer_question(one.question, archive=archive, collections=None)


_OPERATIONS: Final[dict[str, Callable[[SqlArchive, InventedArticle], Awaitable[object]]]] = {
    "search for a sentence": _search,
    "search for a question": _search_question,
    "ask": _ask,
}
