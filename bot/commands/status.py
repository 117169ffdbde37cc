"""What the archive holds, what could not be read and why, what the LLM cost today, and when the next digest comes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.articles.folder import collection_of
from bot.commands.context import Context
from bot.commands.declaring import NoArguments
from bot.commands.feeds import feed_blocks
from bot.deliveries.slots import first_slot
from bot.messages.wording import count_of, minute_of
from bot.model import (
    Block,
    Bullets,
    Button,
    Buttons,
    FileRecord,
    FileState,
    Heading,
    Line,
    Message,
    Paragraph,
    Post,
    PostState,
    Schedule,
    Table,
)
from bot.ports import Archive, ArchiveFacts, Clock, Desk, EditState, LedgerOfSpend, WorkBook, WorkFacts
from bot.text.safe import escape_visible

MAX_UNDECIDED_SHOWN = 5
"""Posts shown with buttons that only a person can decide about; the rest shows up as these are settled."""

MAX_MISSED_SHOWN = 5
MAX_REASONS_SHOWN = 3
MISSED_DAYS = 7
"""Days for which a digest that was missed is mentioned."""

_UNDECIDED = {
    PostState.PARKED: "Parked: nobody could find out whether these were posted",
    PostState.DEAD: "Given up: these were not posted",
}

MAX_CHANNEL_FILES = 15
"""Files listed with their reason in a channel; the terminal lists them all."""

MAX_FILES_SHOWN = 1_000
"""Files listed with their reason; a folder of 100,000 unreadable files does not fill the screen."""

BYTES_PER_MB = 1_000_000


class StatusSource(Archive, LedgerOfSpend, Desk, Protocol):
    """What the status is taken from: one object that is the archive, the ledger of spending and the desk."""


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
    next_digest_at: datetime | None
    work: WorkFacts | None = None


async def gather_status(
    archive: StatusSource,
    *,
    clock: Clock,
    terminal: Schedule,
    max_usd_per_day: float | None,
    work: WorkBook | None = None,
) -> Status:
    """Return the status as of now; `terminal` is the schedule that holds while the terminal has none of its own."""
    now = clock.now()
    coming = first_slot(await archive.schedules(terminal.destination) or [terminal], now=now)
    tokens, usd = await archive.spent(now.date().isoformat())
    return Status(
        facts=await archive.archive_facts(),
        quarantined=tuple(await archive.files_in(FileState.QUARANTINED, limit=MAX_FILES_SHOWN)),
        waiting=tuple(await archive.files_in(FileState.WAITING, limit=MAX_FILES_SHOWN)),
        read_in_part=tuple(await archive.files_read_in_part(limit=MAX_FILES_SHOWN)),
        tokens_today=tokens,
        usd_today=usd,
        max_usd_per_day=max_usd_per_day,
        next_digest_at=coming and coming[0].at.astimezone(ZoneInfo(coming[1].zone)),
        work=await work.work_facts() if work else None,
    )


def status_message(status: Status) -> Message:
    """Return the status as a message."""
    facts = status.facts
    told_at = facts.last_digest_at
    last = f"The last digest was told on {minute_of(told_at)}." if told_at else "No digest was told yet."
    upcoming = (
        f"The next one is due on {minute_of(status.next_digest_at)}."
        if status.next_digest_at
        else "None is due: every schedule is paused."
    )
    lines = [
        _files_line(facts),
        f"{count_of(facts.articles, 'article')}, of which {facts.duplicates:,} are copies of others.",
        f"{last} {upcoming}",
        _llm_line(status),
        f"The archive is {facts.place} ({facts.size_bytes / BYTES_PER_MB:.1f} MB).",
        *(work_lines(status.work) if status.work else ()),
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


async def tell_status(_: NoArguments, context: Context) -> Message:
    """Return what this workspace may know: files, this channel's schedules, its posts on their way, and the spending.

    Parked posts come with buttons for admins: only a person can know whether they were posted.
    """
    blocks: list[Block] = [Heading(text="Status")]
    lines = [*await _archive_lines(context), *await _schedule_lines(context), await _spend_line(context)]
    posts = await _own_posts(context)
    if posts:
        counts = ", ".join(f"{len(own):,} {state.value}" for state, own in posts.items())
        lines.append(f"Posts of this workspace on their way: {counts}.")
    lines.extend(await _correction_lines(context))
    if context.work is not None and context.caller.is_admin:
        lines.extend(work_lines(await context.work.work_facts()))
    blocks.append(Bullets(lines=tuple(Line(text=line) for line in lines)))
    for state, heading in _UNDECIDED.items():
        blocks.extend(_undecided_blocks(heading, posts.get(state, []), context))
    blocks.extend(await _file_blocks(context))
    if context.caller.is_admin:
        # Addresses of feeds may hold keys of their owner.
        blocks.extend(await feed_blocks(context.feeds))
    return Message(blocks=tuple(blocks))


def shown_path(record: FileRecord) -> str:
    """Return a file's path with everything strange in it made visible."""
    return escape_visible(os.fsdecode(record.path))


def work_lines(facts: WorkFacts) -> list[str]:
    """Return how the work of several processes stands: jobs, and who does what only one may do."""
    lines = [f"Jobs: {facts.waiting:,} waiting or under way, {facts.held:,} held."]
    if facts.held:
        lines.append("Held jobs failed at every try; the log says why. They are tried again when a worker starts anew.")
    led = [f"{role} by {process}" for role, process in facts.leaders.items() if process]
    lines.append(f"Processes: {', '.join(led)}." if led else "Processes: none is at work.")
    return lines


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


async def _archive_lines(context: Context) -> list[str]:
    archive = context.archive
    if context.collections is not None:
        # Totals would tell how much lies in collections that this workspace does not see.
        seen, copies = await archive.count_articles(context.collections)
        read = [f"{count_of(seen, 'article')} read, of which {copies:,} are copies of others."]
    else:
        facts = await archive.archive_facts()
        read = [
            _files_line(facts),
            f"{count_of(facts.articles, 'article')}, of which {facts.duplicates:,} are copies of others.",
        ]
    told_at = await archive.last_digest_at(context.caller.destination.key)
    last = f"on {minute_of(told_at.astimezone(ZoneInfo(context.zone)))}" if told_at else "never"
    return [*read, f"Last digest in this channel: {last}."]


async def _schedule_lines(context: Context) -> list[str]:
    lines = [await _next_line(context)]
    here = context.caller.destination
    recently = context.clock.now() - timedelta(days=MISSED_DAYS)
    missed = [at for at in await context.desk.missed_slots(here, limit=MAX_MISSED_SHOWN) if at >= recently]
    if missed:
        shown = "; ".join(minute_of(at.astimezone(ZoneInfo(context.zone))) for at in missed)
        lines.append(f"Digests missed: {shown}. What they would have told is in the digest after them.")
    return lines


async def _next_line(context: Context) -> str:
    schedules = await context.desk.schedules(context.caller.destination)
    coming = first_slot(schedules, now=context.clock.now())
    if coming is None:
        paused = f" ({len(schedules)} paused)" if schedules else ""
        return f"No digest is due in this channel{paused}. /schedule add sets when they come."
    slot, schedule = coming
    when = minute_of(slot.at.astimezone(ZoneInfo(schedule.zone)))
    return f"Next digest in this channel: {when}, by schedule {schedule.id}."


async def _spend_line(context: Context) -> str:
    if context.max_usd_per_day is None:
        return "No LLM is configured: summaries are extractive, and nothing is ever paid."
    _, usd = await context.archive.spent(context.clock.now().date().isoformat())
    return f"The LLM cost ${usd:.2f} of ${context.max_usd_per_day:.2f} today."


async def _correction_lines(context: Context) -> list[str]:
    """Return what became of the edits of this workspace's messages that are not made, and why."""
    here = context.caller.destination
    lines: list[str] = []
    for state, said in ((EditState.PENDING, "waiting"), (EditState.GIVEN_UP, "given up")):
        if context.corrections is None:
            break
        edits = await context.corrections.edits_in(state, platform=here.platform)
        own = [edit for edit in edits if edit.post.destination.workspace == here.workspace]
        if own:
            reasons = Counter(edit.reason or "their turn has not come" for edit in own)
            why = "; ".join(f"{reason} ({count:,})" for reason, count in reasons.most_common(MAX_REASONS_SHOWN))
            lines.append(f"Corrections of posted messages {said}: {len(own):,}. Why: {why}.")
    return lines


async def _own_posts(context: Context) -> dict[PostState, list[Post]]:
    """Return the unposted posts of the caller's workspace, oldest first, by state; states without any are absent."""
    here = context.caller.destination
    posts: dict[PostState, list[Post]] = {}
    for state in (PostState.PENDING, PostState.SENDING, PostState.UNKNOWN, *_UNDECIDED):
        of_platform = await context.outbox.posts_in(state, platform=here.platform)
        own = [post for post in of_platform if post.destination.workspace == here.workspace]
        if own:
            posts[state] = own
    return posts


def _undecided_blocks(heading: str, posts: Sequence[Post], context: Context) -> list[Block]:
    if not posts:
        return []
    blocks: list[Block] = [Heading(text=heading, level=2)]
    for post in posts[:MAX_UNDECIDED_SHOWN]:
        where = "this channel" if post.destination == context.caller.destination else "another channel"
        tried = f", last tried on {minute_of(post.last_at)}" if post.last_at else ""
        part = f"part {post.part} of {post.parts}" if post.parts > 1 else "a post"
        why = f" Why: {post.reason}." if post.reason else ""
        blocks.append(Paragraph(text=f"{post.marker}: {part} for {where}{tried}.{why}"))
        if context.caller.is_admin:
            again = Button(label="Post again", action=f"again:{post.id}", style="danger")
            blocks.append(Buttons(buttons=(again, Button(label="Mark as posted", action=f"settled:{post.id}"))))
    if len(posts) > MAX_UNDECIDED_SHOWN:
        blocks.append(Paragraph(text=f"and {len(posts) - MAX_UNDECIDED_SHOWN:,} more", quiet=True))
    return blocks


async def _file_blocks(context: Context) -> list[Block]:
    blocks: list[Block] = []
    archive = context.archive
    for heading, records in (
        (
            "Quarantined: read again when the file changes",
            await archive.files_in(FileState.QUARANTINED, limit=MAX_FILES_SHOWN),
        ),
        ("Waiting: read once they stay the same", await archive.files_in(FileState.WAITING, limit=MAX_FILES_SHOWN)),
        ("Read in part", await archive.files_read_in_part(limit=MAX_FILES_SHOWN)),
    ):
        seen = [r for r in records if context.collections is None or collection_of(r.path) in context.collections]
        if seen:
            rows = tuple((shown_path(record), record.reason or "") for record in seen[:MAX_CHANNEL_FILES])
            blocks.append(Heading(text=heading, level=2))
            blocks.append(Table(columns=("file", "why"), rows=rows))
            if len(seen) > len(rows):
                blocks.append(Paragraph(text=f"and {count_of(len(seen) - len(rows), 'more file')}", quiet=True))
    return blocks
