"""Reading shared out among workers over a real PostgreSQL: every file is read once, and the stories are the same."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.articles.raw import Articles
from bot.articles.sandbox import Sandbox
from bot.jobs.engine import JobEngine
from bot.jobs.placing import StoryPlacing
from bot.model import FileState
from bot.pipeline import FolderReader, IngestReport, Limits, Pipeline
from bot.pipeline.sharing import READ_FILES, SharedIngest, SharedReader, jobs_of, sizes_of_jobs
from bot.storage.archive import SqlArchive, open_archive
from bot.stories.placing import StoryPlacer
from tests.faults.articles import invented_article
from tests.postgres import postgres_place, shared_postgres
from tests.stories.stories_parts import BAKERS, QUAKE_AT_MARREN, QUAKE_AT_SELBY

__all__ = ["postgres_place", "shared_postgres"]

FILES = 500
WORKERS = 2
READ_WITHIN_S = 180.0
LIMITS = Limits(max_bytes=1_000_000, settle_s=0)


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class CountingReader:
    """A reader that counts how often each file is read."""

    def __init__(self, reader: Sandbox) -> None:
        self._reader = reader
        self.read_files: Counter[str] = Counter()
        self.breaks_at = ""

    async def read(self, data: bytes, *, path: str, collection: str, items_before: int = 0) -> Articles:
        if path == self.breaks_at:
            raise ValueError("a fault of ours")
        self.read_files[path] += 1
        return await self._reader.read(data, path=path, collection=collection, items_before=items_before)


@pytest.fixture
async def reader() -> AsyncIterator[CountingReader]:
    async with Sandbox() as sandbox:
        yield CountingReader(sandbox)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seeds"
    made.mkdir()
    return made


def write_articles(folder: Path, count: int) -> None:
    """Write articles of which a few tell of one event, and most of one of their own."""
    texts = [*QUAKE_AT_SELBY, *QUAKE_AT_MARREN, *BAKERS]
    texts += [invented_article(number) for number in range(count - len(texts))]
    for number, text in enumerate(texts):
        (folder / f"{number:05d}.txt").write_text(text.replace(". ", ".\n\n"))


def shared_reader(folder: Path, archive: SqlArchive, engine: JobEngine, reader: CountingReader) -> SharedReader:
    """Return what one worker does its jobs with."""
    files = FolderReader(folder=folder, archive=archive, reader=reader, max_bytes=LIMITS.max_bytes, bullets=3)
    return SharedReader(files=files, archive=archive, jobs=engine, on_stored=lambda: None)


def leader(folder: Path, archive: SqlArchive, engine: JobEngine) -> SharedIngest:
    """Return what a process that has just taken the lead looks at the folder with."""
    return SharedIngest(folder=folder, archive=archive, jobs=engine, clock=SystemClock(), limits=LIMITS)


@asynccontextmanager
async def workers(
    count: int, folder: Path, place: str, reader: CountingReader, *, placing: bool = False
) -> AsyncIterator[None]:
    """Let so many workers do jobs meanwhile, each with an archive of its own."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(count):
            tasks.create_task(_work(folder, place, reader, stop, placing=placing))
        try:
            yield
        finally:
            stop.set()


async def _work(folder: Path, place: str, reader: CountingReader, stop: asyncio.Event, *, placing: bool) -> None:
    async with open_archive(place) as archive:
        engine = JobEngine(place, {})
        jobs = shared_reader(folder, archive, engine, reader)
        works: list[Awaitable[None]] = [JobEngine(place, {READ_FILES: jobs.read}).run(stop)]
        if placing:
            # All of them place, without a leader: what one placed, another one must not place differently.
            works.append(StoryPlacing().run(StoryPlacer(archive, SystemClock()), stop))
        await asyncio.gather(*works)


async def read_all(ingest: SharedIngest) -> IngestReport:
    """Look again and again until nothing is under way; return the sum of what was seen."""
    total = IngestReport()
    async with asyncio.timeout(READ_WITHIN_S):
        while True:
            report = await ingest.ingest()
            total.read += report.read
            total.quarantined += report.quarantined
            total.article_ids += report.article_ids
            if not report.under_way:
                return total
            await asyncio.sleep(0.1)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds."""
    async with asyncio.timeout(READ_WITHIN_S):
        while not await holds():  # noqa: ASYNC110 - what is waited for lies in the database
            await asyncio.sleep(0.05)


async def stories_of(archive: SqlArchive) -> set[frozenset[str]]:
    """Return which files tell of one event."""
    articles = await archive.articles_between(0, await archive.last_seq())
    places = await archive.placements([article.id for article in articles])
    assert len(places) == len(articles)
    events: dict[str, set[str]] = {}
    for article in articles:
        events.setdefault(places[article.id].event, set()).add(article.path)
    return {frozenset(paths) for paths in events.values()}


async def test_workers_read_every_file_once_and_make_the_stories_that_one_process_makes(
    postgres_place: str, folder: Path, tmp_path: Path, reader: CountingReader
) -> None:
    write_articles(folder, FILES)
    async with open_archive(postgres_place) as archive:
        engine = JobEngine(postgres_place, {})
        await engine.install()
        async with workers(WORKERS, folder, postgres_place, reader, placing=True):
            report = await read_all(leader(folder, archive, engine))
            await until(lambda: _is(archive.count_unplaced(), 0))
        assert report.read == FILES == len(report.article_ids)
        assert reader.read_files == Counter({f"{number:05d}.txt": 1 for number in range(FILES)})
        assert await engine.sizes() == (0, 0)
        shared = await stories_of(archive)
    async with open_archive(tmp_path / "alone.db") as alone:
        await Pipeline(
            folder=folder, archive=alone, reader=reader, clock=SystemClock(), limits=LIMITS, bullets=3
        ).ingest()
        assert shared == await stories_of(alone)


async def test_a_new_leader_hands_out_what_the_old_one_did_and_nothing_is_read_twice(
    postgres_place: str, folder: Path, reader: CountingReader
) -> None:
    write_articles(folder, 70)
    async with open_archive(postgres_place) as archive:
        engine = JobEngine(postgres_place, {})
        await engine.install()
        await leader(folder, archive, engine).ingest()
        waiting = await engine.waiting()
        successor = leader(folder, archive, engine)
        await successor.ingest()
        assert await engine.waiting() == waiting == 3
        async with workers(1, folder, postgres_place, reader):
            await read_all(successor)
        assert max(reader.read_files.values()) == 1
        assert len(reader.read_files) == 70


async def test_a_job_that_is_done_twice_reads_nothing_the_second_time(
    postgres_place: str, folder: Path, reader: CountingReader
) -> None:
    write_articles(folder, 20)
    async with open_archive(postgres_place) as archive:
        engine = JobEngine(postgres_place, {})
        await engine.install()
        ingest = leader(folder, archive, engine)
        await ingest.ingest()
        [job] = jobs_of([out.read for out in ingest._outstanding.values()])
        jobs = shared_reader(folder, archive, engine, reader)
        await jobs.read(job.payload)
        await jobs.read(job.payload)
        assert set(reader.read_files.values()) == {1}
        assert await archive.last_seq() == 20


@pytest.mark.parametrize("backlog", [0, 1, 31, 500, 1_600, 20_000])
def test_jobs_are_large_while_much_is_left_and_small_at_the_end(backlog: int) -> None:
    sizes = list(sizes_of_jobs(backlog))
    assert sum(sizes) == backlog
    assert sizes == sorted(sizes, reverse=True)
    assert all(size <= 256 for size in sizes)
    assert all(size >= 32 for size in sizes[:-1])
    assert sizes[-1:] == [] or sizes[-1] <= 32
    assert (max(sizes, default=0) == 256) == (backlog >= 2_048)


async def test_one_file_that_breaks_the_program_holds_up_no_other_and_is_held(
    postgres_place: str, folder: Path, reader: CountingReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.jobs.engine.MAX_TRIES", 1)
    monkeypatch.setattr("bot.pipeline.sharing.STALLED_AFTER_S", 0.5)
    write_articles(folder, 40)
    reader.breaks_at = "00003.txt"
    async with open_archive(postgres_place) as archive:
        engine = JobEngine(postgres_place, {})
        await engine.install()
        async with workers(1, folder, postgres_place, reader):
            await read_all(leader(folder, archive, engine))
            assert await engine.sizes() == (0, 1)
            assert (await archive.count_files())[FileState.READ] == 39
            # A leader that begins anew does not hand it out for ever.
            await read_all(leader(folder, archive, engine))
            assert await engine.sizes() == (0, 1)
            reader.breaks_at = ""
            assert await engine.try_held_again() == 1
            await until(lambda: _has_read(archive, 40))


async def test_a_long_file_is_read_on_by_another_worker(
    postgres_place: str, folder: Path, reader: CountingReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.articles.folder.PART_BYTES", 2_000)
    monkeypatch.setattr("bot.pipeline.reading.PART_BYTES", 2_000)
    monkeypatch.setattr("bot.pipeline.sharing.LONG_FILE_TURN_S", 0.0)
    lines = [
        f'{{"id": "n{number}", "title": "Report {number}", "text": "The harbour office of Oldport counted {number}."}}'
        for number in range(100)
    ]
    (folder / "backlog.jsonl").write_text("\n".join(lines) + "\n")
    async with open_archive(postgres_place) as archive:
        engine = JobEngine(postgres_place, {})
        await engine.install()
        async with workers(WORKERS, folder, postgres_place, reader):
            report = await read_all(leader(folder, archive, engine))
        assert report.read == 1
        assert await archive.last_seq() == 100
        assert reader.read_files["backlog.jsonl"] > 2


async def test_a_file_that_changed_is_read_again_and_one_that_left_is_gone(
    postgres_place: str, folder: Path, reader: CountingReader
) -> None:
    write_articles(folder, 10)
    async with open_archive(postgres_place) as archive:
        engine = JobEngine(postgres_place, {})
        await engine.install()
        ingest = leader(folder, archive, engine)
        async with workers(1, folder, postgres_place, reader):
            await read_all(ingest)
            (folder / "00004.txt").write_text(invented_article(999))
            (folder / "00005.txt").unlink()
            await read_all(ingest)
        assert reader.read_files["00004.txt"] == 2
        states = await archive.count_files()
        assert (states[FileState.READ], states[FileState.GONE]) == (9, 1)


async def _is(number: Awaitable[int], wanted: int) -> bool:
    return await number == wanted


async def _has_read(archive: SqlArchive, count: int) -> bool:
    return (await archive.count_files())[FileState.READ] == count
