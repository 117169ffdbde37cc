"""Looks at the watched folder and reads what is new into the archive, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bot.articles.folder import Keep, Read, decide, is_read_in_parts
from bot.articles.scanning import scan_folder
from bot.model import FileRecord, FileState
from bot.pipeline.reading import FolderReader, IngestReport, NewsArchive, Progress, Reader
from bot.ports import Clock
from bot.stories.placing import StoryPlacer

BATCH_FILES = 64
"""Files stored in one transaction: enough to make its cost small, few enough to show progress."""

NS_PER_S = 1_000_000_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost, and how long it must stay unchanged before it is read."""

    max_bytes: int
    settle_s: float


class Pipeline:
    """Reads the watched folder into the archive. One call at a time; a second one waits for the first."""

    def __init__(
        self, *, folder: Path, archive: NewsArchive, reader: Reader, clock: Clock, limits: Limits, bullets: int
    ) -> None:
        self._folder = folder
        self._archive = archive
        self._placer = StoryPlacer(archive, clock)
        self._files = FolderReader(
            folder=folder, archive=archive, reader=reader, max_bytes=limits.max_bytes, bullets=bullets
        )
        self._clock = clock
        self._limits = limits
        self._one_at_a_time = asyncio.Lock()
        self._stopping = False
        # What the archive knows of the folder: read once, then kept in step, because this process alone writes it.
        self._known: dict[bytes, FileRecord] | None = None

    def stop(self) -> None:
        """Ask a running ingest to end after the batch it is at; the rest is read at the next start."""
        self._stopping = True
        self._placer.stop()

    async def ingest(self, progress: Progress | None = None) -> IngestReport:
        """Look at the folder once and store what is new; `progress` is called with what is done and to be done.

        Raises: Misconfigured when the folder is missing; Unavailable when the archive can't be written.
        """
        async with self._one_at_a_time:
            known = self._known if self._known is not None else await self._archive.known_files()
            # Until this look has ended well, what was kept in step may not be: then it is read again.
            self._known = None
            # What a crash or an older program left without a story.
            await self._placer.catch_up()
            report = IngestReport()
            reads, keeps = await look_at_folder(self._folder, known, self._clock, self._limits)
            for batch in batches(keeps, BATCH_FILES):
                await self._archive.save_files(batch)
                keep_in_step(known, batch)
            for record in keeps:
                report.count(record)
            await self._read_all(reads, known, report, progress)
            self._known = known
            return report

    async def _read_all(
        self, reads: Sequence[Read], known: dict[bytes, FileRecord], report: IngestReport, progress: Progress | None
    ) -> None:
        short = [read for read in reads if not is_read_in_parts(read.entry)]
        done = 0
        for batch in batches(short, BATCH_FILES):
            if self._stopping:
                return
            keep_in_step(known, await self._files.read_batch(batch, report))
            await self._placer.catch_up()
            done += len(batch)
            if progress:
                progress(done, len(short))
        for read in reads:
            if is_read_in_parts(read.entry):
                await self._read_long(read, known, report, progress)

    async def _read_long(
        self, read: Read, known: dict[bytes, FileRecord], report: IngestReport, progress: Progress | None
    ) -> None:
        while not self._stopping:
            record = await self._files.read_next_part(read, report)
            keep_in_step(known, [record])
            await self._placer.catch_up()
            if progress:
                progress(record.bytes_read, read.entry.signature[2])
            if record.state is not FileState.WAITING or record.bytes_read <= read.bytes_read:
                return
            read = replace(read, bytes_read=record.bytes_read, items_read=record.items_read)


async def look_at_folder(
    folder: Path, known: Mapping[bytes, FileRecord], clock: Clock, limits: Limits
) -> tuple[list[Read], list[FileRecord]]:
    """Return what is to be read, and what has become of the other files, outside the event loop.

    Raises: Misconfigured when the folder is missing.
    """
    now_ns = int(clock.now().timestamp() * NS_PER_S)

    def scan() -> tuple[list[Read], list[FileRecord]]:
        reads: list[Read] = []
        keeps: list[FileRecord] = []
        entries = scan_folder(folder)
        for intent in decide(known, entries, now_ns=now_ns, settle_s=limits.settle_s, max_bytes=limits.max_bytes):
            if isinstance(intent, Keep):
                keeps.append(intent.record)
            else:
                reads.append(intent)
        return reads, keeps

    return await asyncio.to_thread(scan)


def keep_in_step(known: dict[bytes, FileRecord], records: Iterable[FileRecord]) -> None:
    """Write into what is known of the folder what has become of some files."""
    for record in records:
        if record.state is FileState.GONE:
            known.pop(record.path, None)
        else:
            known[record.path] = record


def batches(items: Sequence[Item], size: int) -> Iterable[list[Item]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
