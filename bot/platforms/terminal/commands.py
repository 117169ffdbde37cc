"""The terminal's commands: each takes what the app built for it, prints its answer and returns the exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands.digest import gather_digest
from bot.commands.feeds import feed_blocks
from bot.commands.gathering import EnsureWritten, NewsArchive, WriteStories
from bot.commands.search import hits_message, search_archive
from bot.commands.status import StatusSource, gather_status, status_message
from bot.digests.composing import Size
from bot.digests.telling import digest_message
from bot.messages.rendering import render_plain
from bot.model import Article, Destination, Digest, FileRecord, FileState, Message, Schedule
from bot.pipeline import Reader, ReadOutcome, WriteSummary, read_paths, summarize_all
from bot.platforms.terminal.contracts import (
    article_object,
    hit_object,
    quarantined_object,
    status_object,
    summary_object,
)
from bot.platforms.terminal.json_lines import read_objects, text_field
from bot.platforms.terminal.printing import (
    DigestForm,
    article_blocks,
    print_digest,
    print_line,
    print_message,
    print_outcomes,
    summary_blocks,
)
from bot.ports import Archive, Clock, FeedBook, WorkBook
from bot.stories.placing import StoryPlacer

DONE, NOTHING_FOUND, FAILED = 0, 1, 2
TERMINAL_DESTINATION = Destination(platform="terminal", workspace="local", channel="terminal")
TERMINAL = TERMINAL_DESTINATION.key
"""The cursor of digests that are printed."""


async def show_articles(paths: Sequence[Path], reader: Reader, *, max_bytes: int, as_json: bool) -> int:
    """Print what is read of each file, and the reason for each that can't be read."""
    found = False
    async for outcome in read_paths(paths, reader, max_bytes=max_bytes):
        found = found or bool(outcome.articles)
        for article in outcome.articles:
            if as_json:
                print_line(article_object(article))
            else:
                print_outcomes(article_blocks(article))
        report_unread(outcome, as_json=as_json)
    return DONE if found else NOTHING_FOUND


async def show_summaries(
    paths: Sequence[Path], reader: Reader, *, max_bytes: int, as_json: bool, bullets: int, write: WriteSummary | None
) -> int:
    """Print the summary of each article; `write` has an LLM write it, otherwise it is extractive."""
    found = False
    async for outcome in read_paths(paths, reader, max_bytes=max_bytes):
        if write is None:
            summaries = await summarize_all(outcome.articles, bullets=bullets)
        else:
            summaries = [await write(article) for article in outcome.articles]
        for article, summary in zip(outcome.articles, summaries, strict=True):
            found = True
            if as_json:
                print_line(summary_object(outcome.path, summary))
            else:
                print_outcomes(summary_blocks(article, summary))
        report_unread(outcome, as_json=False)
    return DONE if found else NOTHING_FOUND


async def fill_archive(
    archive: NewsArchive, paths: Sequence[Path], reader: Reader, *, clock: Clock, max_bytes: int, bullets: int
) -> None:
    """Read files into an archive and into stories; what can't be read is kept there with its reason."""
    records: list[FileRecord] = []
    articles: list[Article] = []
    async for outcome in read_paths(paths, reader, max_bytes=max_bytes):
        records.append(_record_of(outcome, number=len(records)))
        articles.extend(outcome.articles)
    await archive.save_articles(records, articles, await summarize_all(articles, bullets=bullets))
    await StoryPlacer(archive, clock).catch_up()


async def show_digest(
    archive: NewsArchive,
    *,
    clock: Clock,
    size: Size,
    form: DigestForm,
    since_seq: int | None,
    ensure_written: EnsureWritten | None,
    write_stories: WriteStories | None = None,
) -> Digest:
    """Print the digest of now and return it; nothing is recorded."""
    digest = await gather_digest(
        archive,
        destination=TERMINAL,
        clock=clock,
        size=size,
        since_seq=since_seq,
        ensure_written=ensure_written,
        write_stories=write_stories,
    )
    print_digest(digest, form)
    return digest


async def deliver_digest(archive: Archive, digest: Digest, cursor: str) -> None:
    """Print a digest and write down that the terminal was told."""
    print_digest(digest, DigestForm())
    await record_digest(archive, digest, cursor)


async def record_digest(archive: Archive, digest: Digest, cursor: str = TERMINAL) -> None:
    """Write down that the terminal was told this digest."""
    await archive.save_digest(cursor, digest, render_plain(digest_message(digest)))


async def show_hits(archive: Archive, words: str, *, limit: int, as_json: bool) -> int:
    """Print the articles that match, best first."""
    hits = await search_archive(archive, words, limit=limit)
    if as_json:
        for hit in hits:
            print_line(hit_object(hit))
    else:
        print_message(hits_message(words, hits))
    return DONE if hits else NOTHING_FOUND


async def show_batch_hits(archive: Archive, file: Path, *, limit: int) -> int:
    """Print {id, hits} for each {id, query} of the file, in its order."""
    for number, row in read_objects(file):
        query = text_field(row, "query", f"{file}, line {number}")
        hits = await archive.search(query, limit=limit)
        print_line({"id": row.get("id"), "hits": [hit_object(hit) for hit in hits]})
    return DONE


async def show_status(
    archive: StatusSource,
    *,
    clock: Clock,
    schedule: Schedule,
    max_usd_per_day: float | None,
    as_json: bool,
    feeds: FeedBook | None = None,
    work: WorkBook | None = None,
) -> int:
    """Print the status."""
    status = await gather_status(archive, clock=clock, terminal=schedule, max_usd_per_day=max_usd_per_day, work=work)
    if as_json:
        print_line(status_object(status))
    else:
        told = status_message(status)
        print_message(Message(blocks=(*told.blocks, *await feed_blocks(feeds))))
    return DONE


def report_unread(outcome: ReadOutcome, *, as_json: bool) -> None:
    reasons = [outcome.reason] if outcome.reason else []
    reasons.extend(f"item {problem.item} {problem.reason}" for problem in outcome.problems)
    for reason in reasons:
        if as_json:
            print_line(quarantined_object(outcome.path, reason))
        else:
            print(f"newsbot: {outcome.path} {reason}", file=sys.stderr)


def _record_of(outcome: ReadOutcome, *, number: int) -> FileRecord:
    return FileRecord(
        path=outcome.path.encode("utf-8", "backslashreplace"),
        signature=(0, number, 0, 0, 0),
        state=FileState.QUARANTINED if outcome.reason else FileState.READ,
        reason=outcome.reason,
        article_ids=tuple(article.id for article in outcome.articles),
    )
