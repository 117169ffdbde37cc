"""Decides what to do about each file of the watched folder. Pure: the scan is handed in, intents come out.

The scan is the truth; file events are only a reason to scan sooner. A file is read once it has stayed the same for a
while, read again when it changed, and what can't be read is kept in view with its reason until it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model import FileRecord, FileState

MAX_ATTEMPTS = 2
"""Readings of one signature that may fail before the file is left alone until it changes."""

NS_PER_S = 1_000_000_000

PART_BYTES = 1_000_000
"""Bytes of a long file that are read at a time: about 250 articles, a second or two of work. More of them in one
transaction would keep other writers waiting, and the event loop busy for too long at a time."""

LINE_SUFFIXES = (b".jsonl", b".ndjson")
"""Files whose lines are articles: they may be of any length, each line is not."""


Signature = tuple[int, int, int, int, int]
"""Device, inode, size, and the times of the last change of content and entry, in nanoseconds since 1970."""


class EntryKind(StrEnum):
    """What the file system holds under a name."""

    FILE = "file"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing found by a scan. `refusal` is the sentence shown when it can never be read as it is."""

    path: bytes
    signature: tuple[int, int, int, int, int]
    kind: EntryKind
    refusal: str | None = None

    @property
    def changed_ns(self) -> int:
        """When its content or its entry last changed, in nanoseconds since 1970."""
        return max(self.signature[3], self.signature[4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Read this file now."""

    entry: Entry
    attempts: int
    bytes_read: int = 0
    items_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """Write down this state of a file; nothing is read."""

    record: FileRecord


Intent = Read | Keep


def decide(
    known: Mapping[bytes, FileRecord],
    entries: Iterable[Entry],
    *,
    now_ns: int,
    settle_s: float,
    max_bytes: int,
) -> Iterator[Intent]:
    """Yield what to do, one intent for each file that needs something, in the order of the scan, gone files last.

    `known` is what was written down before; `now_ns` is the wall clock in nanoseconds since 1970. A clock that was
    set back makes files wait, never lost: the next scan that finds them unchanged reads them.
    """
    seen: set[bytes] = set()
    for entry in entries:
        seen.add(entry.path)
        intent = _decide_one(known.get(entry.path), entry, now_ns=now_ns, settle_s=settle_s, max_bytes=max_bytes)
        if intent is not None:
            yield intent
    for path, record in known.items():
        if path not in seen and record.state is not FileState.GONE:
            yield Keep(record=gone(record))


def gone(record: FileRecord) -> FileRecord:
    """Return what is written down of a file that is not there any more."""
    return FileRecord(
        path=record.path,
        signature=record.signature,
        state=FileState.GONE,
        reason="was deleted or moved away; what was read from it is kept",
        article_ids=record.article_ids,
    )


def _decide_one(
    record: FileRecord | None, entry: Entry, *, now_ns: int, settle_s: float, max_bytes: int
) -> Intent | None:
    same = record is not None and is_same(record.signature, entry.signature)
    refusal = why_refused(entry, max_bytes=max_bytes)
    if refusal is not None:
        return None if same and record is not None and record.reason == refusal else _quarantine(entry, refusal)
    if same and record is not None and record.state is FileState.READ:
        return None
    if same and record is not None and record.state is FileState.QUARANTINED and record.attempts >= MAX_ATTEMPTS:
        return None
    attempts = record.attempts if same and record is not None else 0
    if now_ns - entry.changed_ns >= settle_s * NS_PER_S or (same and now_ns < entry.changed_ns):
        return _read_on(record if same else None, entry, attempts)
    if same and record is not None and record.state is FileState.WAITING:
        return None
    return Keep(
        record=FileRecord(
            path=entry.path,
            signature=entry.signature,
            state=FileState.WAITING,
            reason="changed a moment ago; it is read once it stays the same",
            article_ids=record.article_ids if record else (),
        )
    )


def _read_on(record: FileRecord | None, entry: Entry, attempts: int) -> Read:
    """Return the reading of a file, from where an earlier one of the same content was stopped."""
    if record is None or record.state is not FileState.WAITING:
        return Read(entry=entry, attempts=attempts)
    return Read(entry=entry, attempts=attempts, bytes_read=record.bytes_read, items_read=record.items_read)


def _quarantine(entry: Entry, reason: str) -> Keep:
    return Keep(
        record=FileRecord(
            path=entry.path,
            signature=entry.signature,
            state=FileState.QUARANTINED,
            reason=reason,
            attempts=MAX_ATTEMPTS,
        )
    )


def why_refused(entry: Entry, *, max_bytes: int) -> str | None:
    """Return why a file is not even opened, None when it is."""
    if entry.kind is EntryKind.REFUSED:
        return entry.refusal or "can't be read"
    size = entry.signature[2]
    if size > max_bytes and not is_read_in_parts(entry):
        return (
            f"is {size / 1e6:.1f} MB, more than the {max_bytes / 1e6:g} MB that are read; split it or raise the limit"
        )
    return None


def is_same(one: Signature, other: Signature) -> bool:
    """Return whether two signatures are of one state of a file; several machines number its device differently."""
    return one[1:] == other[1:]


def is_read_in_parts(entry: Entry) -> bool:
    """Return whether a file is so long that it is read part by part, which only files of lines can be."""
    return entry.signature[2] > PART_BYTES and entry.path.lower().endswith(LINE_SUFFIXES)


def collection_of(path: bytes) -> str:
    """Return the collection of a file: its first subfolder, or "" at the top of the folder."""
    head, separator, _ = path.partition(b"/")
    return head.decode("utf-8", "backslashreplace") if separator else ""
