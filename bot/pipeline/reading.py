"""Reads files into the archive: the same steps in one process and for a worker among many.

A file of JSON lines may be of any length: it is read part by part, and how far is written down with each part's
articles, so that a backlog of a million goes on where it was stopped.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from bot.articles.folder import PART_BYTES, Entry, EntryKind, Read, collection_of, is_read_in_parts
from bot.articles.raw import Articles, ItemProblem
from bot.articles.scanning import FileChanged, read_file, read_part, scan_folder
from bot.errors import BadArticle, Misconfigured
from bot.model import Article, FileRecord, FileState
from bot.pipeline.preparing import gather_prepared, summaries_for
from bot.ports import Archive, StoryBook
from bot.text.safe import escape_visible

CHANGED_WHILE_READ = "changed while it was being read; it is read once it stays the same"


class Progress(Protocol):
    """Told what is done and what there is to do, in files, in MB of one long file, or in articles put into stories."""

    def __call__(self, done: int, total: int, unit: str = "files") -> None:
        """Show it, or count it."""
        ...


class NewsArchive(Archive, StoryBook, Protocol):
    """Keeps articles and the stories they tell."""


class Reader(Protocol):
    """Turns the bytes of a file into articles; the sandbox is one."""

    async def read(self, data: bytes, *, path: str, collection: str, items_before: int = 0) -> Articles:
        """Return the file's articles and the problems of its other items. Raises: BadArticle with the reason.

        `items_before` counts the items of the file's earlier parts.
        """
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
    backlog of them would fill the memory. `under_way` are files handed out to be read and not read yet."""

    read: int = 0
    waiting: int = 0
    quarantined: list[FileRecord] = field(default_factory=list)
    gone: int = 0
    article_ids: list[str] = field(default_factory=list)
    copies: int = 0
    under_way: int = 0

    def count(self, record: FileRecord) -> None:
        """Count what became of one file."""
        self.read += record.state is FileState.READ
        self.waiting += record.state is FileState.WAITING
        self.gone += record.state is FileState.GONE
        if record.state is FileState.QUARANTINED:
            self.quarantined.append(record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some files that were parsed: what becomes of each of them, and what was read from it, both in order."""

    records: list[FileRecord]
    read: list[Articles]


class FolderReader:
    """Reads files of the watched folder, has them summarized and stores them. It may be used by several tasks."""

    def __init__(self, *, folder: Path, archive: Archive, reader: Reader, max_bytes: int, bullets: int) -> None:
        self._folder = folder
        self._archive = archive
        self._reader = reader
        self._max_bytes = max_bytes
        self._bullets = bullets

    async def read_batch(self, reads: Sequence[Read], report: IngestReport) -> list[FileRecord]:
        """Read these files and store their articles in one transaction; return what became of each file."""
        return await self.store(await self.parse(reads), report)

    async def parse(self, reads: Sequence[Read]) -> Batch:
        """Return what these files hold, not stored yet: the next batch may be parsed while one is stored."""
        fetched = await asyncio.to_thread(self._fetch, reads)
        results = await asyncio.gather(*(self._read_one(read, data) for read, data in zip(reads, fetched, strict=True)))
        return Batch(records=[record for record, _ in results], read=[found for _, found in results])

    async def store(self, batch: Batch, report: IngestReport) -> list[FileRecord]:
        """Store a batch in one transaction; return what became of each of its files."""
        await self._store(batch, report)
        for record in batch.records:
            report.count(record)
        return batch.records

    async def read_next_part(self, read: Read, report: IngestReport) -> FileRecord:
        """Read the next part of a long file; return how far that came: WAITING until the last part is stored."""
        entry = read.entry
        record = FileRecord(path=entry.path, signature=entry.signature, state=FileState.WAITING)
        try:
            part = await asyncio.to_thread(
                read_part, self._folder, entry, start=read.bytes_read, part_bytes=PART_BYTES, max_bytes=self._max_bytes
            )
            articles = await self._parse_part(part.data, entry, items_before=read.items_read)
        except FileChanged:
            return await self._keep(replace(record, reason=CHANGED_WHILE_READ), report)
        except BadArticle as error:
            quarantined = replace(record, state=FileState.QUARANTINED, reason=str(error), attempts=read.attempts + 1)
            return await self._keep(quarantined, report)
        done, size = part.end, entry.signature[2]
        record = replace(
            record,
            reason=f"is long and being read in parts: {done / 1e6:,.0f} of {size / 1e6:,.0f} MB",
            bytes_read=done,
            items_read=read.items_read + part.items,
        )
        await self._store(Batch(records=[record], read=[articles]), report)
        if done < size:
            return record
        return await self._keep(replace(record, state=FileState.READ, reason=partial_reason(articles.problems)), report)

    async def _keep(self, record: FileRecord, report: IngestReport) -> FileRecord:
        await self._archive.save_files([record])
        report.count(record)
        return record

    async def _store(self, batch: Batch, report: IngestReport) -> None:
        articles = [article for found in batch.read for article in found]
        prepared = gather_prepared(batch.read)
        summaries = await summaries_for(articles, prepared, bullets=self._bullets)
        stored = await self._archive.save_articles(batch.records, articles, summaries, prepared=prepared)
        report.article_ids.extend(article.id for article in stored)
        report.copies += sum(article.duplicate_of is not None for article in stored)

    def _fetch(self, reads: Sequence[Read]) -> list[bytes | FileChanged | BadArticle]:
        return [fetch_file(self._folder, read.entry.path, max_bytes=self._max_bytes) for read in reads]

    async def _read_one(self, read: Read, data: bytes | FileChanged | BadArticle) -> tuple[FileRecord, Articles]:
        entry = read.entry
        record = FileRecord(path=entry.path, signature=entry.signature, state=FileState.READ)
        try:
            articles = await parse_file(data, entry, escape_visible(os.fsdecode(entry.path)), self._reader)
        except FileChanged:
            return replace(record, state=FileState.WAITING, reason=CHANGED_WHILE_READ), Articles()
        except BadArticle as error:
            quarantined = replace(record, state=FileState.QUARANTINED, reason=str(error), attempts=read.attempts + 1)
            return quarantined, Articles()
        ids = tuple(article.id for article in articles)
        return replace(record, reason=partial_reason(articles.problems), article_ids=ids), articles

    async def _parse_part(self, data: bytes, entry: Entry, *, items_before: int) -> Articles:
        shown = escape_visible(os.fsdecode(entry.path))
        collection = collection_of(entry.path)
        try:
            return await self._reader.read(data, path=shown, collection=collection, items_before=items_before)
        except BadArticle as error:
            if items_before == 0:
                raise
            # The file holds articles elsewhere: a part without one costs only itself.
            return Articles(problems=[ItemProblem(item=items_before + 1, reason=str(error))])


def fetch_file(root: Path, path: bytes, *, max_bytes: int) -> bytes | FileChanged | BadArticle:
    """Return the bytes of a file, or why not: one thread fetches a whole batch, whatever one of it does."""
    try:
        return read_file(root, path, max_bytes=max_bytes)
    except (FileChanged, BadArticle) as error:
        return error


async def parse_file(data: bytes | FileChanged | BadArticle, entry: Entry, shown: str, reader: Reader) -> Articles:
    """Return the articles of what was fetched. Raises: what the fetching or the reader says."""
    if not isinstance(data, bytes):
        raise data
    return await reader.read(data, path=shown, collection=collection_of(entry.path))


def partial_reason(problems: Sequence[ItemProblem]) -> str | None:
    """Return what to say of a file some of whose items could not be read."""
    if not problems:
        return None
    first = problems[0]
    rest = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
    return f"was read in part: item {first.item} {first.reason}{rest}"


async def read_paths(paths: Iterable[Path], reader: Reader, *, max_bytes: int) -> AsyncIterator[ReadOutcome]:
    """Yield what comes of each file named or lying under a folder named, in order; nothing is stored.

    A long file of JSON lines yields one outcome a part. Raises: Misconfigured when a path does not exist or can't be
    listed.
    """
    for path in paths:
        for root, entry, shown in await asyncio.to_thread(_list_path, path):
            if entry.refusal is None and is_read_in_parts(entry):
                async for outcome in _read_long(root, entry, shown, reader, max_bytes=max_bytes):
                    yield outcome
            else:
                yield await _read_listed(root, entry, shown, reader, max_bytes=max_bytes)


async def _read_listed(root: Path, entry: Entry, shown: str, reader: Reader, *, max_bytes: int) -> ReadOutcome:
    if entry.refusal is not None:
        return ReadOutcome(path=shown, reason=entry.refusal)
    try:
        data = await asyncio.to_thread(fetch_file, root, entry.path, max_bytes=max_bytes)
        articles = await parse_file(data, entry, shown, reader)
    except FileChanged:
        return ReadOutcome(path=shown, reason="changed while it was being read; try again")
    except BadArticle as error:
        return ReadOutcome(path=shown, reason=str(error))
    return ReadOutcome(path=shown, articles=tuple(articles), problems=articles.problems)


async def _read_long(
    root: Path, entry: Entry, shown: str, reader: Reader, *, max_bytes: int
) -> AsyncIterator[ReadOutcome]:
    start = items = 0
    while start < entry.signature[2]:
        try:
            part = await asyncio.to_thread(
                read_part, root, entry, start=start, part_bytes=PART_BYTES, max_bytes=max_bytes
            )
            found = await reader.read(part.data, path=shown, collection=collection_of(entry.path), items_before=items)
        except FileChanged:
            yield ReadOutcome(path=shown, reason="changed while it was being read; try again")
            return
        except BadArticle as error:
            yield ReadOutcome(path=shown, reason=str(error))
            return
        yield ReadOutcome(path=shown, articles=tuple(found), problems=found.problems)
        start, items = part.end, items + part.items


def _list_path(path: Path) -> list[tuple[Path, Entry, str]]:
    if not path.exists():
        raise Misconfigured(f"{escape_visible(str(path))} does not exist. Name a file or a folder.")
    if path.is_dir():
        return [(path, entry, escape_visible(str(path / os.fsdecode(entry.path)))) for entry in scan_folder(path)]
    # A file that the user named by hand may be a link or lie anywhere: its name is the permission.
    real = path.resolve()
    status = real.stat()
    signature = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    entry = Entry(path=os.fsencode(real.name), signature=signature, kind=EntryKind.FILE)
    return [(real.parent, entry, escape_visible(str(path)))]
