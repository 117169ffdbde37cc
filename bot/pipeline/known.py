"""What is known of the files of the watched folder, small enough for millions of them.

Of a file that is done with (read, or left alone until it changes) two or three hashes of eight bytes are kept; a whole
record only of those that still wait. Two of a million files share a 64-bit hash once in 30 million folders; then one
of them would not be noticed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import chain

from bot.articles.folder import MAX_ATTEMPTS, Entry, why_refused
from bot.model import FileRecord, FileState

HASH = "q"
"""Array type of a hash: signed, 64 bits, as `hash` returns it."""


class KnownFiles:
    """What was written down of each file. `open` are the records of files that are not done with."""

    def __init__(self) -> None:
        self.open: dict[bytes, FileRecord] = {}
        self._paths = _Hashes()
        self._states = _Hashes()

    def note(self, records: Iterable[FileRecord]) -> None:
        """Take in what has become of some files."""
        for record in records:
            path = hash(record.path)
            if record.state is FileState.READ or _is_left_alone(record):
                self.open.pop(record.path, None)
                self._paths.add(path)
                self._states.add(_state_of(record.path, record.signature, None))
                if record.state is FileState.QUARANTINED:
                    self._states.add(_state_of(record.path, record.signature, record.reason))
                continue
            self._paths.drop(path)
            if record.state is FileState.GONE:
                self.open.pop(record.path, None)
            else:
                self.open[record.path] = record

    def is_done(self, path: bytes) -> bool:
        """Return whether this file was done with when it was noted last, in whatever state it is now."""
        return hash(path) in self._paths

    def begin_look(self) -> None:
        """Begin to note which files are still there."""
        self._paths.compact()
        self._states.compact()

    def see(self, entry: Entry, *, max_bytes: int) -> bool:
        """Note that a file is there; return whether it is done with, as it is now."""
        refusal = why_refused(entry, max_bytes=max_bytes)
        return self._paths.see(hash(entry.path)) and _state_of(entry.path, entry.signature, refusal) in self._states

    def missing(self) -> set[int]:
        """Return the hashes of the paths of files done with that were not seen since `begin_look`."""
        return self._paths.unseen()


def _is_left_alone(record: FileRecord) -> bool:
    return record.state is FileState.QUARANTINED and record.attempts >= MAX_ATTEMPTS


def _state_of(path: bytes, signature: tuple[int, int, int, int, int], reason: str | None) -> int:
    # The device counts as little as in `is_same`.
    return hash((path, signature[1:], reason))


class _Hashes:
    """A set of hashes: a sorted array, and what came and went since it was sorted."""

    def __init__(self) -> None:
        self._sorted = array(HASH)
        self._seen = bytearray()
        self._added: set[int] = set()
        self._dropped: set[int] = set()

    def __contains__(self, value: int) -> bool:
        return value in self._added or (value not in self._dropped and self._place(value) is not None)

    def add(self, value: int) -> None:
        self._dropped.discard(value)
        self._added.add(value)

    def drop(self, value: int) -> None:
        self._added.discard(value)
        if self._place(value) is not None:
            self._dropped.add(value)

    def compact(self) -> None:
        """Sort in what was added, take out what was dropped, and forget what was seen."""
        if self._added or self._dropped:
            dropped = self._dropped
            added = [value for value in self._added if self._place(value) is None]
            # Two rows that are sorted already: this sort only merges them.
            merged = sorted(chain(self._sorted, sorted(added)))
            self._sorted = array(HASH, [value for value in merged if value not in dropped] if dropped else merged)
            self._added, self._dropped = set(), set()
        self._seen = bytearray(len(self._sorted))

    def see(self, value: int) -> bool:
        """Note that a value of the last compaction is there; return whether it is one."""
        place = self._place(value)
        if place is None or place >= len(self._seen):
            return False
        self._seen[place] = 1
        return value not in self._dropped

    def unseen(self) -> set[int]:
        return {value for value, seen in zip(self._sorted, self._seen, strict=False) if not seen} - self._dropped

    def _place(self, value: int) -> int | None:
        place = bisect_left(self._sorted, value)
        return place if place < len(self._sorted) and self._sorted[place] == value else None
