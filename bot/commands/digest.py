"""The digest of now: what came in since the last digest that this destination was told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.digests.composing import FolderCounts, Size, compose_digest, select_for_digest
from bot.model import Article, Digest, FileState
from bot.ports import Archive, Clock

EnsureWritten = Callable[[Sequence[Article]], Awaitable[None]]


async def gather_digest(
    archive: Archive,
    *,
    destination: str,
    clock: Clock,
    size: Size,
    since_seq: int | None = None,
    ensure_written: EnsureWritten | None = None,
) -> Digest:
    """Return the digest of everything ingested since this destination's last one; nothing is recorded.

    `since_seq` asks for everything after that ingest sequence number instead. `ensure_written` is called with the
    articles that will be shown, before their summaries are taken (to have an LLM write them first).
    """
    since = await archive.digest_cursor(destination) if since_seq is None else since_seq
    until = await archive.last_seq()
    made_at = clock.now()
    heads = await archive.heads_between(since, until)
    selection = select_for_digest(heads, made_at=made_at, max_articles=size.max_articles)
    articles = await archive.articles([head.id for head in selection.shown])
    if ensure_written is not None and articles:
        await ensure_written(articles)
    return compose_digest(
        articles,
        await archive.summaries_of(articles),
        selection=selection,
        since_seq=since,
        until_seq=until,
        folder=await _count_folder(archive),
        made_at=made_at,
        size=size,
    )


async def _count_folder(archive: Archive) -> FolderCounts:
    counts = await archive.count_files()
    return FolderCounts(
        quarantined=counts.get(FileState.QUARANTINED, 0),
        waiting=counts.get(FileState.WAITING, 0),
    )
