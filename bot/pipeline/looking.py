"""One look at the watched folder, compared with what was written down of it: what is to be read, and what has become
of the rest. The same for one process and for the one that looks for many.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bot.articles.folder import Keep, Read, decide, gone
from bot.articles.scanning import scan_folder
from bot.model import FileRecord
from bot.pipeline.known import KnownFiles
from bot.pipeline.reading import IngestReport
from bot.ports import Archive, Clock

BATCH_FILES = 64
"""Files stored in one transaction: enough to make its cost small, few enough to show progress."""

READS_A_LOOK = 10_000
"""Files of one look that are read before the next look: what is to be read takes memory, and what changes meanwhile
wants to be seen. The others are counted."""

RECORDS_AT_ONCE = 2_000
"""What is known of so many files is loaded at a time."""

NS_PER_S = 1_000_000_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may cost, and how long it must stay unchanged before it is read."""

    max_bytes: int
    settle_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at the folder found: what to read now, how many files to read later, what to write down of others,
    and the hashes of the paths of files that are not there any more."""

    reads: list[Read]
    left: int
    keeps: list[FileRecord]
    missing: set[int]


async def load_known(archive: Archive) -> KnownFiles:
    """Return what was written down of every file."""
    known = KnownFiles()
    last = b""
    while records := await archive.files_after(last, limit=RECORDS_AT_ONCE):
        known.note(records)
        last = records[-1].path
    return known


async def look_at_folder(folder: Path, known: KnownFiles, clock: Clock, limits: Limits) -> Look:
    """Return what the folder holds that is not done with, outside the event loop.

    Raises: Misconfigured when the folder is missing.
    """
    now_ns = int(clock.now().timestamp() * NS_PER_S)
    return await asyncio.to_thread(_look, folder, known, now_ns=now_ns, limits=limits)


async def write_down(archive: Archive, look: Look, known: KnownFiles, report: IngestReport) -> None:
    """Keep what is to be said of files that are not read now."""
    for batch in batches(look.keeps, BATCH_FILES):
        before = {record.path: record for record in await archive.files_at([one.path for one in batch])}
        # A file that changes still stands for what was read from it.
        kept = [replace(one, article_ids=before[one.path].article_ids) if one.path in before else one for one in batch]
        await _keep(archive, kept, known, report)
    if not look.missing:
        return
    last = b""
    while records := await archive.files_after(last, limit=RECORDS_AT_ONCE):
        last = records[-1].path
        lost = [gone(record) for record in records if hash(record.path) in look.missing]
        for batch in batches([record for record in lost if known.is_done(record.path)], BATCH_FILES):
            await _keep(archive, batch, known, report)


def batches(items: Sequence[Item], size: int) -> Iterable[list[Item]]:
    """Yield the items in lists of at most `size`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _look(folder: Path, known: KnownFiles, *, now_ns: int, limits: Limits) -> Look:
    """Return what the folder holds that is not done with. It takes some microseconds a file.

    Raises: Misconfigured when the folder is missing.
    """
    known.begin_look()
    max_bytes = limits.max_bytes
    news = (entry for entry in scan_folder(folder) if not known.see(entry, max_bytes=max_bytes))
    look = Look(reads=[], left=0, keeps=[], missing=set())
    left = 0
    for intent in decide(known.open, news, now_ns=now_ns, settle_s=limits.settle_s, max_bytes=max_bytes):
        if isinstance(intent, Keep):
            look.keeps.append(intent.record)
        elif len(look.reads) < READS_A_LOOK:
            look.reads.append(intent)
        else:
            left += 1
    return replace(look, left=left, missing=known.missing())


async def _keep(archive: Archive, records: Sequence[FileRecord], known: KnownFiles, report: IngestReport) -> None:
    await archive.save_files(records)
    known.note(records)
    for record in records:
        report.count(record)
