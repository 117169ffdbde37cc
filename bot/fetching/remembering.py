"""What is known of each feed from the last look: one small JSON file a feed, in the data folder.

Losing these files costs a few requests and never an article: names of files follow from addresses alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.errors import InUse, Unavailable
from bot.ports import FeedReport

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """An item seen before: what it was (a hash of all that the feed said of it), and how often it failed."""

    fingerprint: str
    seen_at: datetime
    failures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What is known of one feed. `wait_until` is when its server wants to be asked again, whoever asks."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    looked_at: datetime | None = None
    next_at: datetime | None = None
    wait_until: datetime | None = None
    failures: int = 0
    gone: bool = False
    works: bool = True
    sentence: str = "was not looked at yet"
    written: int = 0
    items: Mapping[str, KnownItem] = field(default_factory=dict)

    def report(self) -> FeedReport:
        """Return what the status shows of it."""
        return FeedReport(
            url=self.url,
            works=self.works,
            sentence=self.sentence,
            written=self.written,
            looked_at=self.looked_at,
            next_at=None if self.gone else self.next_at,
        )


class FeedMemory:
    """The states of all feeds, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process from fetching meanwhile: a host is asked one thing at a time by all of us together.

        Raises: InUse when another one is fetching, Unavailable when the folder can't be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(f"The folder {self._folder} can't be written ({error.strerror}).") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise InUse("Another newsbot is fetching feeds right now: wait until it is done.") from None
        finally:
            os.close(lock)

    def load(self, url: str) -> FeedState:
        """Return what is known of a feed; a new state when there is nothing, or nothing readable."""
        try:
            return _unpack(json.loads(self._file(url).read_bytes()), url)
        except FileNotFoundError:
            return FeedState(url=url)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("what was known of a feed can't be read; it is fetched anew", feed=url, cause=repr(error))
            return FeedState(url=url)

    def save(self, state: FeedState) -> None:
        """Keep a state. Raises: Unavailable when the folder can't be written."""
        file = self._file(state.url)
        beside = file.with_suffix(".new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(_pack(state), ensure_ascii=False), encoding="utf-8")
            beside.replace(file)
        except OSError as error:
            raise Unavailable(f"The folder {self._folder} can't be written ({error.strerror}).") from error

    def forget_all_but(self, urls: set[str]) -> None:
        """Drop what is known of feeds that are listed no more."""
        kept = {self._file(url).name for url in urls}
        try:
            names = [entry.name for entry in os.scandir(self._folder) if entry.name.endswith(".json")]
        except FileNotFoundError:
            return
        for name in set(names) - kept:
            (self._folder / name).unlink(missing_ok=True)

    def _file(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.json"


def _pack(state: FeedState) -> dict[str, Any]:
    packed = asdict(replace(state, items={}))
    items = {key: [item.fingerprint, item.seen_at.isoformat(), item.failures] for key, item in state.items.items()}
    moments = {name: _stamp(packed[name]) for name in ("looked_at", "next_at", "wait_until")}
    return {**packed, **moments, "items": items}


def _unpack(packed: dict[str, Any], url: str) -> FeedState:
    items = {
        str(key): KnownItem(fingerprint=str(mark), seen_at=datetime.fromisoformat(seen), failures=int(failures))
        for key, (mark, seen, failures) in packed["items"].items()
    }
    moments = {
        name: datetime.fromisoformat(packed[name]) if packed[name] else None
        for name in ("looked_at", "next_at", "wait_until")
    }
    return FeedState(**{**packed, **moments, "url": url, "items": items})


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
