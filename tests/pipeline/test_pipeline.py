"""The way from the folder to the archive, with the real sandbox and a real archive."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.articles.sandbox import Sandbox
from bot.model import FileState
from bot.pipeline import Limits, Pipeline
from bot.storage.archive import SqlArchive, open_archive

SLOW_WRITERS = 120
CHUNKS = 5
LONGEST_PAUSE_S = 0.25
SETTLE_S = 0.8
PATIENCE_S = 90.0
WORDS = ["harbour", "ferry", "council", "bridge", "market", "school", "garden", "letter", "winter", "engine", "signal"]


class StepClock:
    """A wall clock that tests can set."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "seeds"
    path.mkdir()
    return path


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    async with open_archive(tmp_path / "news.db") as opened:
        yield opened


@pytest.fixture
async def build(folder: Path, archive: SqlArchive) -> AsyncIterator[Callable[..., Pipeline]]:
    async with Sandbox() as reader:

        def one(*, settle_s: float = 0, clock: StepClock | None = None) -> Pipeline:
            return Pipeline(
                folder=folder,
                archive=archive,
                reader=reader,
                clock=clock or StepClock(),
                limits=Limits(max_bytes=1_000_000, settle_s=settle_s),
                bullets=3,
            )

        yield one


def article_about(subject: str, *, seed: int = 0) -> str:
    picker = random.Random(seed)
    sentences = [
        f"The {subject} {' '.join(picker.choices(WORDS, k=9))} in {picker.randint(1200, 1900)}." for _ in range(6)
    ]
    return "\n\n".join(sentences)


async def test_a_file_becomes_an_article_with_a_summary(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive
) -> None:
    (folder / "a.txt").write_text(article_about("mill"))
    report = await build().ingest()
    (article,) = await archive.articles(report.article_ids)
    summaries = await archive.summaries_of([article])
    assert len(article.sentences) == 6
    assert len(summaries[article.id].bullets) == 3


async def test_slow_writers_never_leave_half_an_article(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive
) -> None:
    def write_slowly(number: int) -> None:
        text = article_about(f"clock number {number}", seed=number).encode()
        size = len(text) // CHUNKS + 1
        with (folder / f"{number}.txt").open("wb", buffering=0) as file:
            for start in range(0, len(text), size):
                file.write(text[start : start + size])
                time.sleep(random.uniform(0, LONGEST_PAUSE_S))

    pipeline = build(settle_s=SETTLE_S)
    writers = [threading.Thread(target=write_slowly, args=(number,)) for number in range(SLOW_WRITERS)]
    for writer in writers:
        writer.start()
    deadline = time.monotonic() + PATIENCE_S
    while (await archive.count_files())[FileState.READ] < SLOW_WRITERS:
        assert time.monotonic() < deadline
        await pipeline.ingest()
        await asyncio.sleep(0.05)
    for writer in writers:
        writer.join()
    articles = await archive.articles_between(0, await archive.last_seq())
    assert await archive.last_seq() == SLOW_WRITERS
    assert {len(article.sentences) for article in articles} == {6}


async def test_nothing_is_read_twice(folder: Path, build: Callable[..., Pipeline], archive: SqlArchive) -> None:
    (folder / "a.txt").write_text(article_about("mill"))
    pipeline = build()
    await pipeline.ingest()
    assert (await pipeline.ingest()).read == 0
    assert (await build().ingest()).read == 0
    assert await archive.last_seq() == 1


async def test_a_clock_set_back_delays_a_file_and_loses_none(folder: Path, build: Callable[..., Pipeline]) -> None:
    clock = StepClock()
    clock.ahead = timedelta(hours=-6)
    (folder / "a.txt").write_text(article_about("mill"))
    pipeline = build(settle_s=2, clock=clock)
    assert (await pipeline.ingest()).waiting == 1
    assert (await pipeline.ingest()).read == 1


async def test_a_deleted_file_keeps_its_article(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive
) -> None:
    (folder / "a.txt").write_text(article_about("mill"))
    pipeline = build()
    (article,) = await archive.articles((await pipeline.ingest()).article_ids)
    (folder / "a.txt").unlink()
    assert (await pipeline.ingest()).gone == 1
    assert await archive.article(article.id) is not None


async def test_a_deleted_file_that_comes_back_is_the_same_article(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive
) -> None:
    pipeline = build()
    (folder / "a.txt").write_text(article_about("mill"))
    await pipeline.ingest()
    (folder / "a.txt").unlink()
    await pipeline.ingest()
    (folder / "a.txt").write_text(article_about("mill"))
    await pipeline.ingest()
    assert await archive.last_seq() == 1


async def test_subfolders_are_collections(folder: Path, build: Callable[..., Pipeline], archive: SqlArchive) -> None:
    (folder / "sport").mkdir()
    (folder / "sport" / "a.txt").write_text(article_about("race"))
    (article,) = await archive.articles((await build().ingest()).article_ids)
    assert article.collection == "sport"


async def test_a_stopped_ingest_goes_on_at_the_next_start(
    folder: Path, build: Callable[..., Pipeline], archive: SqlArchive
) -> None:
    for number in range(150):
        (folder / f"{number:03}.txt").write_text(article_about(f"clock number {number}", seed=number))
    pipeline = build()
    stopped = await pipeline.ingest(lambda done, total: pipeline.stop())
    assert 0 < stopped.read < 150
    assert (await build().ingest()).read == 150 - stopped.read
    assert await archive.last_seq() == 150


async def test_a_file_without_permission_is_quarantined_and_read_once_it_is_readable(
    folder: Path, build: Callable[..., Pipeline]
) -> None:
    import os

    if os.geteuid() == 0:
        os.mkfifo(folder / "a.txt")  # root may read every file: a pipe stands in for one that can't be read
    else:
        (folder / "a.txt").write_text(article_about("mill"))
        (folder / "a.txt").chmod(0)
    pipeline = build()
    (record,) = (await pipeline.ingest()).quarantined
    assert record.reason
    assert (await pipeline.ingest()).quarantined == []
    (folder / "a.txt").unlink()
    (folder / "a.txt").write_text(article_about("mill"))
    assert (await pipeline.ingest()).read == 1
