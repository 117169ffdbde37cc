"""The way from a file to a stored summary, step by step; jobs, commands and the terminal call it.

Reading a file never stops at another file's fault: what can't be read is written down with its reason, and the rest
goes on. Work that takes processor time leaves the event loop: parsing in the sandbox's child, summarizing in a thread.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar

from bot.articles.folder import Entry, EntryKind, Keep, Read, collection_of, decide
from bot.articles.raw import Articles, ItemProblem
from bot.articles.scanning import FileChanged, read_file, scan_folder
from bot.errors import BadArticle, Misconfigured
from bot.model import Article, FileRecord, FileState, Summary
from bot.ports import Archive, Clock
from bot.summaries.extractive import summarize_article
from bot.text.safe import escape_visible

BATCH_FILES = 64
"""Files stored in one transaction: enough to make its cost small, few enough to show progress."""

CHANGED_WHILE_READ = "changed while it was being read; it is read once it stays the same"
NS_PER_S = 1_000_000_000

Progress = Callable[[int, int], None]
WriteSummary = Callable[[Article], Awaitable[Summary]]
Item = TypeVar("Item")


class Reader(Protocol):
    """Turns the bytes of a file into articles; the sandbox is one."""

    async def read(self, data: bytes, *, path: str, collection: str) -> Articles:
        """Return the file's articles and the problems of its other items. Raises: BadArticle with the reason."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOutcome:
    """What came of one file: its articles and the items that are not among them, or why the file is quarantined."""

    path: str
    articles: tuple[Article, ...] = ()
    problems: tuple[ItemProblem, ...] = ()
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class IngestReport:
    """What one look at the folder did: counts, and the ids under which articles were stored, not the articles: a
    backlog of them would fill the memory."""

    read: int = 0
    waiting: int = 0
    quarantined: list[FileRecord] = field(default_factory=list)
    gone: int = 0
    article_ids: list[str] = field(default_factory=list)
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost, and how long it must stay unchanged before it is read."""

    max_bytes: int
    settle_s: float


class Pipeline:
    """Reads the watched folder into the archive. One call at a time; a second one waits for the first."""

    def __init__(
        self, *, folder: Path, archive: Archive, reader: Reader, clock: Clock, limits: Limits, bullets: int
    ) -> None:
        self._folder = folder
        self._archive = archive
        self._reader = reader
        self._clock = clock
        self._limits = limits
        self._bullets = bullets
        self._one_at_a_time = asyncio.Lock()
        self._stopping = False
        # What the archive knows of the folder: read once, then kept in step, because this process alone writes it.
        self._known: dict[bytes, FileRecord] | None = None

    def stop(self) -> None:
        """Ask a running ingest to end after the batch it is at; the rest is read at the next start."""
        self._stopping = True

    async def ingest(self, progress: Progress | None = None) -> IngestReport:
        """Look at the folder once and store what is new; `progress` is called with files done and files to do.

        Raises: Misconfigured when the folder is missing; Unavailable when the archive can't be written.
        """
        async with self._one_at_a_time:
            known = self._known if self._known is not None else await self._archive.known_files()
            # Until this look has ended well, what was kept in step may not be: then it is read again.
            self._known = None
            report = IngestReport()
            reads, keeps = await self._look(known, report)
            for batch in _batches(keeps):
                await self._archive.save_files(batch)
                _keep_in_step(known, batch)
            done = 0
            for reads_now in _batches(reads):
                if self._stopping:
                    break
                _keep_in_step(known, await self._read_batch(reads_now, report))
                done += len(reads_now)
                if progress:
                    progress(done, len(reads))
            self._known = known
            return report

    async def _look(
        self, known: Mapping[bytes, FileRecord], report: IngestReport
    ) -> tuple[list[Read], list[FileRecord]]:
        now_ns = int(self._clock.now().timestamp() * NS_PER_S)

        def scan() -> list[Read | Keep]:
            entries = scan_folder(self._folder)
            limits = self._limits
            return list(decide(known, entries, now_ns=now_ns, settle_s=limits.settle_s, max_bytes=limits.max_bytes))

        reads: list[Read] = []
        keeps: list[FileRecord] = []
        for intent in await asyncio.to_thread(scan):
            if isinstance(intent, Read):
                reads.append(intent)
                continue
            keeps.append(intent.record)
            if intent.record.state is FileState.QUARANTINED:
                report.quarantined.append(intent.record)
            report.gone += intent.record.state is FileState.GONE
            report.waiting += intent.record.state is FileState.WAITING
        return reads, keeps

    async def _read_batch(self, reads: Sequence[Read], report: IngestReport) -> list[FileRecord]:
        fetched = await asyncio.to_thread(self._fetch, reads)
        results = await asyncio.gather(*(self._read_one(read, data) for read, data in zip(reads, fetched, strict=True)))
        records = [record for record, _ in results]
        articles = [article for _, found in results for article in found]
        summaries = await summarize_all(articles, bullets=self._bullets)
        stored = await self._archive.save_articles(records, articles, summaries)
        report.article_ids.extend(article.id for article in stored)
        report.copies += sum(article.duplicate_of is not None for article in stored)
        for record in records:
            report.read += record.state is FileState.READ
            report.waiting += record.state is FileState.WAITING
            if record.state is FileState.QUARANTINED:
                report.quarantined.append(record)
        return records

    def _fetch(self, reads: Sequence[Read]) -> list[bytes | FileChanged | BadArticle]:
        return [_fetch_one(self._folder, read.entry.path, max_bytes=self._limits.max_bytes) for read in reads]

    async def _read_one(self, read: Read, data: bytes | FileChanged | BadArticle) -> tuple[FileRecord, list[Article]]:
        entry = read.entry
        record = FileRecord(path=entry.path, signature=entry.signature, state=FileState.READ)
        try:
            articles = await _parse(data, entry, escape_visible(os.fsdecode(entry.path)), self._reader)
        except FileChanged:
            return replace(record, state=FileState.WAITING, reason=CHANGED_WHILE_READ), []
        except BadArticle as error:
            quarantined = replace(record, state=FileState.QUARANTINED, reason=str(error), attempts=read.attempts + 1)
            return quarantined, []
        ids = tuple(article.id for article in articles)
        return replace(record, reason=_partial_reason(articles.problems), article_ids=ids), articles


def _fetch_one(root: Path, path: bytes, *, max_bytes: int) -> bytes | FileChanged | BadArticle:
    # Errors are returned, so that one thread can fetch a whole batch.
    try:
        return read_file(root, path, max_bytes=max_bytes)
    except (FileChanged, BadArticle) as error:
        return error


async def _parse(data: bytes | FileChanged | BadArticle, entry: Entry, shown: str, reader: Reader) -> Articles:
    if not isinstance(data, bytes):
        raise data
    return await reader.read(data, path=shown, collection=collection_of(entry.path))


def _partial_reason(problems: Sequence[ItemProblem]) -> str | None:
    if not problems:
        return None
    first = problems[0]
    rest = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
    return f"was read in part: item {first.item} {first.reason}{rest}"


async def summarize_all(articles: Sequence[Article], *, bullets: int) -> list[Summary]:
    """Return the extractive summary of each article, in order, made outside the event loop."""
    return await asyncio.to_thread(lambda: [summarize_article(article, bullets=bullets) for article in articles])


async def write_missing(articles: Sequence[Article], write: WriteSummary, archive: Archive, *, parallel: int) -> None:
    """Have the LLM write each summary that is extractive so far, and store it; a failure is a labelled extract."""
    places = asyncio.Semaphore(parallel)
    stored = await archive.summaries_of(articles)

    async def write_one(article: Article) -> None:
        async with places:
            await archive.save_summaries([await write(article)])

    missing = [article for article in articles if article.id not in stored or stored[article.id].writer != "llm"]
    await asyncio.gather(*(write_one(article) for article in missing))


async def read_paths(paths: Iterable[Path], reader: Reader, *, max_bytes: int) -> AsyncIterator[ReadOutcome]:
    """Yield what comes of each file named or lying under a folder named, in order; nothing is stored.

    Raises: Misconfigured when a path does not exist or can't be listed.
    """
    for path in paths:
        for root, entry, shown in await asyncio.to_thread(_list_path, path):
            yield await _read_listed(root, entry, shown, reader, max_bytes=max_bytes)


async def _read_listed(root: Path, entry: Entry, shown: str, reader: Reader, *, max_bytes: int) -> ReadOutcome:
    if entry.refusal is not None:
        return ReadOutcome(path=shown, reason=entry.refusal)
    try:
        data = await asyncio.to_thread(_fetch_one, root, entry.path, max_bytes=max_bytes)
        articles = await _parse(data, entry, shown, reader)
    except FileChanged:
        return ReadOutcome(path=shown, reason="changed while it was being read; try again")
    except BadArticle as error:
        return ReadOutcome(path=shown, reason=str(error))
    return ReadOutcome(path=shown, articles=tuple(articles), problems=articles.problems)


def _list_path(path: Path) -> list[tuple[Path, Entry, str]]:
    if not path.exists():
        raise Misconfigured(f"{escape_visible(str(path))} does not exist. Name a file or a folder.")
    if path.is_dir():
        return [(path, entry, escape_visible(str(path / os.fsdecode(entry.path)))) for entry in scan_folder(path)]
    # A file that the user named by hand may be a link or lie anywhere: its name is the permission.
    real = path.resolve()
    entry = Entry(path=os.fsencode(real.name), signature=(0, 0, 0, 0, 0), kind=EntryKind.FILE)
    return [(real.parent, entry, escape_visible(str(path)))]


def _keep_in_step(known: dict[bytes, FileRecord], records: Iterable[FileRecord]) -> None:
    for record in records:
        if record.state is FileState.GONE:
            known.pop(record.path, None)
        else:
            known[record.path] = record


def _batches(items: Sequence[Item]) -> Iterable[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH_FILES)):
        yield batch
