"""What the archive holds, what could not be read and why, what the LLM cost today, and when the next digest comes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.deliveries.slots import next_slot
from bot.messages.wording import count_of, minute_of
from bot.model import Block, Bullets, FileRecord, FileState, Heading, Line, Message, Paragraph, Table
from bot.ports import Archive, ArchiveFacts, Clock, LedgerOfSpend
from bot.text.safe import escape_visible

MAX_FILES_SHOWN = 1_000
"""Files listed with their reason; a folder of 100,000 unreadable files does not fill the screen."""

BYTES_PER_MB = 1_000_000


class StatusSource(Archive, LedgerOfSpend, Protocol):
    """What the status is taken from: one object that is the archive and the ledger of spending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything `/status` says, as of one moment. `max_usd_per_day` is None when no LLM is configured."""

    facts: ArchiveFacts
    quarantined: tuple[FileRecord, ...]
    waiting: tuple[FileRecord, ...]
    read_in_part: tuple[FileRecord, ...]
    tokens_today: int
    usd_today: float
    max_usd_per_day: float | None
    next_digest_at: datetime


async def gather_status(
    archive: StatusSource,
    *,
    clock: Clock,
    times: Sequence[time],
    zone: ZoneInfo,
    max_usd_per_day: float | None,
) -> Status:
    """Return the status as of now."""
    now = clock.now()
    tokens, usd = await archive.spent(now.date().isoformat())
    return Status(
        facts=await archive.archive_facts(),
        quarantined=tuple(await archive.files_in(FileState.QUARANTINED, limit=MAX_FILES_SHOWN)),
        waiting=tuple(await archive.files_in(FileState.WAITING, limit=MAX_FILES_SHOWN)),
        read_in_part=tuple(await archive.files_read_in_part(limit=MAX_FILES_SHOWN)),
        tokens_today=tokens,
        usd_today=usd,
        max_usd_per_day=max_usd_per_day,
        next_digest_at=next_slot(times, zone, now=now).at.astimezone(zone),
    )


def status_message(status: Status) -> Message:
    """Return the status as a message."""
    facts = status.facts
    told_at = facts.last_digest_at
    last = f"The last digest was told on {minute_of(told_at)}." if told_at else "No digest was told yet."
    lines = [
        _files_line(facts),
        f"{count_of(facts.articles, 'article')}, of which {facts.duplicates:,} are copies of others.",
        f"{last} The next one is due on {minute_of(status.next_digest_at)}.",
        _llm_line(status),
        f"The archive is {facts.place} ({facts.size_bytes / BYTES_PER_MB:.1f} MB).",
    ]
    blocks: list[Block] = [Heading(text="Status"), Bullets(lines=tuple(Line(text=line) for line in lines))]
    for heading, records in (
        ("Quarantined: read again when the file changes", status.quarantined),
        ("Waiting: read once they stay the same", status.waiting),
        ("Read in part", status.read_in_part),
    ):
        if records:
            blocks.append(Heading(text=heading, level=2))
            blocks.append(Table(columns=("file", "why"), rows=tuple((shown_path(r), r.reason or "") for r in records)))
    more = facts.files[FileState.QUARANTINED] - len(status.quarantined)
    if more > 0:
        blocks.append(Paragraph(text=f"and {count_of(more, 'more file')}", quiet=True))
    return Message(blocks=tuple(blocks))


def shown_path(record: FileRecord) -> str:
    """Return a file's path with everything strange in it made visible."""
    return escape_visible(os.fsdecode(record.path))


def _files_line(facts: ArchiveFacts) -> str:
    read, quarantined = facts.files[FileState.READ], facts.files[FileState.QUARANTINED]
    waiting, gone = facts.files[FileState.WAITING], facts.files[FileState.GONE]
    return (
        f"{count_of(read, 'file')} read, {quarantined:,} quarantined, {waiting:,} waiting,"
        f" {gone:,} gone from the folder."
    )


def _llm_line(status: Status) -> str:
    if status.max_usd_per_day is None:
        return "No LLM is configured: summaries are extractive, and nothing is ever paid."
    return (
        f"The LLM cost ${status.usd_today:.2f} of ${status.max_usd_per_day:.2f} today,"
        f" {count_of(status.tokens_today, 'token')}."
    )
