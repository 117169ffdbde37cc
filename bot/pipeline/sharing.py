"""Reading shared out among processes: one looks at the folder and hands out jobs, all of them read.

The one that looks never reads, those that read never look. A job may be done twice, when a worker was cut off without
dying: what another one has stored is passed over, and storing the same again changes nothing.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path

import structlog

from bot.articles.folder import Entry, EntryKind, Read, Signature, is_read_in_parts, is_same
from bot.errors import BotError
from bot.model import FileRecord, FileState
from bot.pipeline.known import KnownFiles
from bot.pipeline.looking import Limits, batches, load_known, look_at_folder, write_down
from bot.pipeline.reading import FolderReader, IngestReport, NewsArchive, Progress
from bot.ports import Clock, Jobs, NewJob

READ_FILES = "read files"
"""The name of the jobs; their payload is what `pack_reads` makes."""

FILES_A_JOB = (32, 256)
"""Fewest and most: large jobs take a fifth less time a file (one transaction, each word counted once), but where few
files are left only small ones let all workers end together."""

SHARE_OF_A_BACKLOG = 8
"""A job gets this part of the files that are left, so that jobs become smaller as the end comes nearer.
Source: Polychronopoulos and Kuck 1987 (guided self-scheduling)."""

MAX_OUTSTANDING = 8_192
"""Files handed out and not read yet: minutes of work for several workers. The rest waits in the leader's memory."""

RECORDS_AT_ONCE = 512
STALLED_AFTER_S = 10.0
"""After so long without a file being done the jobs themselves are looked at: some may be held, or lost."""

SEEN_A_SECOND = 1_000
"""Files under way that are asked after in a second, on the average: more would cost the workers their time."""

LOOK_WHILE_READING_S = 5.0
"""Seconds between two looks at the folder while files are being read: a look at a million files takes as long."""

LONG_FILE_TURN_S = 15.0
"""Seconds that one job reads on in a long file; then short ones have their turn, and a job of its own goes on."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outstanding:
    """A file that was handed out: what was asked for, and what was known of it then."""

    read: Read
    before: FileRecord | None


class SharedIngest:
    """Looks at the folder and hands out what is to be read. Made anew whenever this process takes the lead."""

    def __init__(self, *, folder: Path, archive: NewsArchive, jobs: Jobs, clock: Clock, limits: Limits) -> None:
        self._folder = folder
        self._archive = archive
        self._jobs = jobs
        self._clock = clock
        self._limits = limits
        self._stopping = False
        # What is known of the folder: read once, then kept in step by asking for what was handed out alone.
        self._known: KnownFiles | None = None
        self._outstanding: dict[bytes, Outstanding] = {}
        self._backlog: deque[Read] = deque()
        self._left = 0
        self._held: dict[bytes, Signature] = {}
        self._done = 0
        self._moved_at = self._see_again_at = time.monotonic()
        self._looked_at = -LOOK_WHILE_READING_S

    def stop(self) -> None:
        """Ask a running look to end soon; who leads next looks for itself."""
        self._stopping = True

    async def ingest(self, progress: Progress | None = None) -> IngestReport:
        """See what was read since, look at the folder once everything found before is handed out, and hand out more.

        Raises: Misconfigured when the folder is missing; Unavailable when the archive or the jobs can't be reached.
        """
        report = IngestReport()
        if self._known is None:
            await self._note_held()
            self._known = await load_known(self._archive)
        if time.monotonic() >= self._see_again_at:
            self._see_again_at = time.monotonic() + len(self._outstanding) / SEEN_A_SECOND
            await self._see_what_was_read(self._known, report)
        if not self._backlog and (not self._outstanding or self._is_time_to_look()):
            await self._look(self._known, report)
            self._looked_at = time.monotonic()
        await self._hand_out(self._known)
        report.under_way = len(self._outstanding) + len(self._backlog) + self._left
        if progress and (report.under_way or self._done):
            progress(self._done, self._done + report.under_way)
        if not report.under_way:
            self._done = 0
        return report

    async def _see_what_was_read(self, known: KnownFiles, report: IngestReport) -> None:
        before = self._done
        for paths in batches(list(self._outstanding), RECORDS_AT_ONCE):
            records = await self._archive.files_at(paths)
            known.note(records)
            for record in records:
                if is_done(record, self._outstanding[record.path]):
                    del self._outstanding[record.path]
                    self._done += 1
                    report.count(record)
                    report.article_ids.extend(record.article_ids)
        if self._done > before or not self._outstanding:
            self._moved_at = time.monotonic()
        elif time.monotonic() - self._moved_at > STALLED_AFTER_S:
            await self._look_at_jobs()

    async def _look_at_jobs(self) -> None:
        """Forget what was handed out when no job is left: those files are found, and handed out, anew."""
        self._moved_at = time.monotonic()
        if await self._jobs.waiting() == 0:
            await self._note_held()
            self._outstanding.clear()

    async def _note_held(self) -> None:
        reads = [read for payload in await self._jobs.held_payloads() for read in unpack_reads(payload)]
        self._held = {read.entry.path: read.entry.signature for read in reads}

    async def _look(self, known: KnownFiles, report: IngestReport) -> None:
        look = await look_at_folder(self._folder, known, self._clock, self._limits)
        if self._stopping:
            return
        await write_down(self._archive, look, known, report)
        for record in look.keeps:
            self._outstanding.pop(record.path, None)
        self._left = look.left
        self._backlog.extend(read for read in look.reads if not self._is_handed_out(read) and not self._is_held(read))

    def _is_time_to_look(self) -> bool:
        return time.monotonic() - self._looked_at >= LOOK_WHILE_READING_S

    def _is_handed_out(self, read: Read) -> bool:
        out = self._outstanding.get(read.entry.path)
        return out is not None and is_same(out.read.entry.signature, read.entry.signature)

    def _is_held(self, read: Read) -> bool:
        held = self._held.get(read.entry.path)
        return held is not None and is_same(held, read.entry.signature)

    async def _hand_out(self, known: KnownFiles) -> None:
        if self._stopping:
            return
        free = max(MAX_OUTSTANDING - len(self._outstanding), 0)
        left = iter(self._backlog)
        reads: list[Read] = []
        jobs: list[NewJob] = []
        for size in sizes_of_jobs(len(self._backlog)):
            if len(reads) + size > free:
                break
            some = list(islice(left, size))
            reads += some
            jobs += jobs_of(some)
        await self._jobs.submit(jobs)
        for read in reads:
            self._backlog.popleft()
            self._outstanding[read.entry.path] = Outstanding(read=read, before=known.open.get(read.entry.path))


class SharedReader:
    """Does the jobs that `SharedIngest` hands out; `on_stored` is called when articles came in."""

    def __init__(
        self, *, files: FolderReader, archive: NewsArchive, jobs: Jobs, on_stored: Callable[[], object]
    ) -> None:
        self._files = files
        self._archive = archive
        self._jobs = jobs
        self._on_stored = on_stored
        self._stopping = False

    def stop(self) -> None:
        """Ask a long file to be left after the part it is at; another worker goes on."""
        self._stopping = True

    async def read(self, payload: bytes) -> None:
        """Read the files of one job that nobody has read meanwhile. Raises: what makes another try worth it."""
        reads = await self._still_to_do(unpack_reads(payload))
        if not reads:
            return
        report = IngestReport()
        try:
            if is_read_in_parts(reads[0].entry):
                await self._read_long(reads[0], report)
            else:
                await self._files.read_batch(reads, report)
        except BotError:
            raise
        except Exception:
            if len(reads) == 1:
                raise
            # One file that breaks the program must not hold up those that happen to be beside it.
            log.exception("a batch of files broke; each of them is tried by itself", files=len(reads))
            await self._jobs.submit([job_of([read]) for read in reads])
            return
        if report.article_ids:
            self._on_stored()

    async def _still_to_do(self, reads: Sequence[Read]) -> list[Read]:
        known = {record.path: record for record in await self._archive.files_at([one.entry.path for one in reads])}
        left = []
        for read in reads:
            record = known.get(read.entry.path)
            if record is None or not is_same(record.signature, read.entry.signature):
                left.append(read)
            elif record.state is FileState.WAITING:
                left.append(replace(read, bytes_read=record.bytes_read, items_read=record.items_read))
            elif record.state is FileState.QUARANTINED and record.attempts <= read.attempts:
                left.append(read)
        return left

    async def _read_long(self, read: Read, report: IngestReport) -> None:
        ends_at = time.monotonic() + LONG_FILE_TURN_S
        while True:
            record = await self._files.read_next_part(read, report)
            if record.state is not FileState.WAITING or record.bytes_read <= read.bytes_read:
                return
            read = replace(read, bytes_read=record.bytes_read, items_read=record.items_read)
            if self._stopping or time.monotonic() > ends_at:
                await self._jobs.submit([job_of([read])])
                return
            self._on_stored()


def is_done(record: FileRecord, out: Outstanding) -> bool:
    """Return whether what is known of a file now is what came of its being handed out."""
    if record == out.before or not is_same(record.signature, out.read.entry.signature):
        return False
    # A long file waits, read in part, until its last part is stored.
    return record.state is not FileState.WAITING or not record.bytes_read


def sizes_of_jobs(backlog: int) -> Iterator[int]:
    """Yield how many files the next job of a backlog of so many gets, until all of them are in jobs."""
    fewest, most = FILES_A_JOB
    while backlog > 0:
        size = min(max(backlog // SHARE_OF_A_BACKLOG, fewest), most, backlog)
        yield size
        backlog -= size


def jobs_of(reads: Sequence[Read]) -> list[NewJob]:
    """Return the jobs of reading these files: one for each long file, and one for all short ones."""
    short = [read for read in reads if not is_read_in_parts(read.entry)]
    long = [read for read in reads if is_read_in_parts(read.entry)]
    return [job_of(some) for some in (*([read] for read in long), short) if some]


def job_of(reads: Sequence[Read]) -> NewJob:
    """Return one job; its key is the same for the same files in the same state."""
    payload = pack_reads(reads)
    return NewJob(name=READ_FILES, payload=payload, key=blake2b(payload, digest_size=16).hexdigest())


def pack_reads(reads: Sequence[Read]) -> bytes:
    """Return what a job is given, as JSON: paths are bytes, and may be no text."""
    rows = [[read.entry.path.hex(), read.entry.signature, read.attempts, read.bytes_read] for read in reads]
    return json.dumps(rows, separators=(",", ":")).encode()


def unpack_reads(payload: bytes) -> list[Read]:
    """Return what `pack_reads` was given; how far a long file was read is asked of the archive."""
    return [
        Read(
            entry=Entry(path=bytes.fromhex(path), signature=_signature_of(signature), kind=EntryKind.FILE),
            attempts=attempts,
        )
        for path, signature, attempts, *_ in json.loads(payload)
    ]


def _signature_of(numbers: Sequence[int]) -> Signature:
    device, inode, size, mtime_ns, ctime_ns = numbers
    return (device, inode, size, mtime_ns, ctime_ns)
