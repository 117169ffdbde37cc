"""Looks at the watched folder and reads what is new into the archive, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.articles.folder import Read, is_read_in_parts
from bot.model import FileState
from bot.pipeline.known import KnownFiles
from bot.pipeline.looking import BATCH_FILES, Limits, Look, batches, load_known, look_at_folder, write_down
from bot.pipeline.reading import Batch, FolderReader, IngestReport, NewsArchive, Progress, Reader
from bot.ports import Clock
from bot.stories.placing import StoryPlacer

PARTS_A_LOOK = 40
"""Parts of a long file that are read before the next look: some minutes of work; then short ones have their turn."""

BYTES_PER_MB = 1_000_000


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
        self._known: KnownFiles | None = None
        self._read_before = 0

    def stop(self) -> None:
        """Ask a running ingest to end after the batch it is at; the rest is read at the next start."""
        self._stopping = True
        self._placer.stop()

    async def ingest(self, progress: Progress | None = None) -> IngestReport:
        """Look at the folder once and store what is new; `progress` is called with what is done and to be done.

        Of a very long backlog a part is read, and `under_way` counts what is left for the next look.
        Raises: Misconfigured when the folder is missing; Unavailable when the archive can't be written.
        """
        async with self._one_at_a_time:
            known = self._known if self._known is not None else await load_known(self._archive)
            # Until this look has ended well, what was kept in step may not be: then it is read again.
            self._known = None
            # What a crash or an older program left without a story.
            await self._placer.catch_up(None if progress is None else partial(progress, unit="articles"))
            report = IngestReport()
            look = await look_at_folder(self._folder, known, self._clock, self._limits)
            await write_down(self._archive, look, known, report)
            report.under_way = look.left
            await self._read_all(look, known, report, progress)
            self._read_before = self._read_before + len(look.reads) if report.under_way else 0
            self._known = known
            return report

    async def ingest_all(self, progress: Progress | None = None) -> None:
        """Look at the folder until everything in it that can be read is read. Raises: what `ingest` raises."""
        while (await self.ingest(progress)).under_way and not self._stopping:
            pass

    async def _read_all(self, look: Look, known: KnownFiles, report: IngestReport, progress: Progress | None) -> None:
        short = [read for read in look.reads if not is_read_in_parts(read.entry)]
        done, total = self._read_before, self._read_before + len(short) + look.left
        async with aclosing(self._parse_ahead(short)) as batches_parsed:
            async for parsed in batches_parsed:
                known.note(await self._files.store(parsed, report))
                await self._placer.catch_up()
                done += len(parsed.records)
                if progress:
                    progress(done, total)
                if self._stopping:
                    return
        for read in look.reads:
            if is_read_in_parts(read.entry):
                await self._read_long(read, known, report, progress)

    async def _parse_ahead(self, reads: Sequence[Read]) -> AsyncGenerator[Batch, None]:
        """Yield what the files hold, batch by batch; the next one is parsed while its caller stores the last."""
        ahead: asyncio.Task[Batch] | None = None
        try:
            for batch in batches(reads, BATCH_FILES):
                parsed = await ahead if ahead else None
                ahead = asyncio.create_task(self._files.parse(batch))
                if parsed:
                    yield parsed
                if self._stopping:
                    return
            if ahead:
                yield await ahead
        finally:
            if ahead and not ahead.done():
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)

    async def _read_long(self, read: Read, known: KnownFiles, report: IngestReport, progress: Progress | None) -> None:
        for _ in range(PARTS_A_LOOK):
            if self._stopping:
                return
            record = await self._files.read_next_part(read, report)
            known.note([record])
            await self._placer.catch_up()
            if progress:
                progress(record.bytes_read // BYTES_PER_MB, read.entry.signature[2] // BYTES_PER_MB, "MB")
            if record.state is not FileState.WAITING or record.bytes_read <= read.bytes_read:
                return
            read = replace(read, bytes_read=record.bytes_read, items_read=record.items_read)
        report.under_way += 1
