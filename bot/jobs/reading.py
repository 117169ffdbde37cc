"""The step that looks at the watched folder: what is new is read, here or by whoever does the jobs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.pipeline import IngestReport, Progress
from bot.text.safe import escape_visible

READING_PAUSE_S = 0.5
"""Seconds until the next look at what other processes have read, while they do."""

SAID_EVERY_S = 10.0
"""Seconds between two lines of the log about a folder that is being read by other processes."""

log = structlog.get_logger()


class Ingest(Protocol):
    """Looks at the folder once; the pipeline of one process, or the sharing out among several."""

    async def ingest(self, progress: Progress | None = None) -> IngestReport:
        """Return what one look did. Raises: Misconfigured, Unavailable."""
        ...


class FolderReading:
    """One look at the folder. `come_back` is called with the seconds after which another one is worth it."""

    def __init__(
        self,
        ingest: Ingest,
        *,
        settle_s: float,
        come_back: Callable[[float], object],
        progress: Progress | None = None,
    ) -> None:
        self._ingest = ingest
        self._settle_s = settle_s
        self._come_back = come_back
        self._progress = progress
        self._is_still = False
        self._unsaid = IngestReport()
        self._said_at = 0.0

    async def __call__(self) -> None:
        """Look once. Raises: Misconfigured when the folder is missing, Unavailable when the archive is away."""
        self._is_still = False
        report = await self._ingest.ingest(self._progress)
        self._say(report)
        if report.under_way:
            self._come_back(READING_PAUSE_S)
        elif report.waiting:
            self._come_back(self._settle_s)
        self._is_still = not report.waiting and not report.under_way

    async def is_still(self) -> bool:
        """Return whether the last look found everything read and nothing being written."""
        return self._is_still

    def _say(self, report: IngestReport) -> None:
        unsaid = self._unsaid
        unsaid.read += report.read
        unsaid.gone += report.gone
        unsaid.copies += report.copies
        unsaid.article_ids.extend(report.article_ids)
        for record in report.quarantined:
            log.warning("quarantined", file=escape_visible(os.fsdecode(record.path)), reason=record.reason)
        if report.under_way and time.monotonic() - self._said_at < SAID_EVERY_S:
            return
        self._said_at = time.monotonic()
        if unsaid.read or unsaid.gone:
            articles = len(unsaid.article_ids)
            log.info("folder read", files=unsaid.read, articles=articles, copies=unsaid.copies, gone=unsaid.gone)
        self._unsaid = IngestReport()
