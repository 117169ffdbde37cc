"""Shows how far a long reading has come: a line that renews itself in a terminal, log lines elsewhere."""

from __future__ import annotations

import sys

import structlog

LOG_EVERY_FILES = 1_000
MIN_FILES = 2
"""Fewer files than this are read before anyone could wonder."""

log = structlog.get_logger()


def show_progress(done: int, total: int) -> None:
    """Show that so many of the files to read are done."""
    if total < MIN_FILES:
        return
    if sys.stderr.isatty():
        ending = "\n" if done == total else ""
        sys.stderr.write(f"\r\x1b[Kreading {done:,} of {total:,} files{ending}")
        sys.stderr.flush()
    elif done == total or done // LOG_EVERY_FILES != (done - 1) // LOG_EVERY_FILES:
        log.info("reading", done=done, files=total)
