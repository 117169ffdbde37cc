"""Saves a batch of files with their articles and summaries: who they are, whose copies, then all rows at once."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Article, FileRecord, FileState, Prepared, Summary
from bot.storage.articles import articles_with_keys, chunks, last_seq, to_milliseconds, upsert_summaries
from bot.storage.copies import Copies, copied_text, decide_copies, fingerprint_of, known_fingerprint
from bot.storage.copy_index import add_rare, load_sharing
from bot.storage.files import upsert_files
from bot.storage.identity import Incoming, Known, Shelf, identify
from bot.storage.passages import cut_article, number_sections
from bot.storage.records import pack_article
from bot.storage.search import index_sections, note_languages, unindex
from bot.storage.statistics import follow_growth
from bot.storage.tables import articles, files, versions
from bot.storage.upserts import upsert
from bot.stories.similarity import Fingerprint, most_shared

# Articles that are compared in full with one batch, at most: bounds the memory of a batch of copies of everything.
MAX_CANDIDATES_OF_BATCH: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What is stored beside an article: head and text as they are written, fingerprint, and rows of the search index.

    The rows are numbered within their article.
    """

    head: bytes
    text: bytes
    print_: Fingerprint
    sections: Sequence[tuple[int, int, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """A new article or a new version: its row and what is made of it."""

    row: Known
    article: Article
    made: Made


async def make_batch(incoming: Sequence[Article], prepared: Mapping[tuple[str, str], Prepared]) -> list[Made]:
    """Return what is stored beside each article, in order, made beside the event loop: half a millisecond each.

    `prepared` is what was made of some of them before, by the id and version they came with.
    """
    return await asyncio.to_thread(
        lambda: [_make(article, prepared.get((article.id, article.version))) for article in incoming]
    )


async def save_batch(
    connection: AsyncConnection,
    records: Sequence[FileRecord],
    incoming: Sequence[Article],
    made: Sequence[Made],
    summaries: Sequence[Summary],
    *,
    now: datetime,
) -> list[Article]:
    """Store everything inside the connection's transaction; return the articles as stored, in the order given.

    `made` is what `make_batch` makes of the articles: other writers wait meanwhile, so it is made before.
    """
    placed = _place(records, incoming)
    shelf = await _load_shelf(connection, records, placed)
    rows = identify(placed, shelf)
    changes = [
        _Change(row=row, article=one.article, made=beside)
        for row, one, beside in zip(rows, placed, made, strict=True)
        if row.version != row.first_version
    ]
    replaced = [change.row.seq for change in changes if change.row.first_version is not None]
    first_seq = await last_seq(connection) + 1
    for seq, change in enumerate(changes, first_seq):
        change.row.seq = seq
    sharing = await load_sharing(connection, [change.made.print_.sample for change in changes])
    gave_way = await _find_copies(connection, changes, sharing, shelf)
    stored = [
        replace(one.article, id=row.id, ingested_seq=row.seq, duplicate_of=row.duplicate_of)
        for row, one in zip(rows, placed, strict=True)
    ]
    await unindex(connection, replaced)
    await _write_articles(connection, stored, rows, _orphans(records, shelf), gave_way)
    await _write_changes(connection, changes, sharing, now)
    await upsert_files(connection, _with_stored_ids(records, placed, rows))
    await upsert_summaries(connection, _for_stored(summaries, incoming, stored))
    await follow_growth(connection, first_seq - 1, first_seq - 1 + len(changes))
    return stored


def _make(article: Article, before: Prepared | None) -> Made:
    head, text = pack_article(article)
    if before is None:
        return Made(head=head, text=text, print_=fingerprint_of(article), sections=cut_article(article))
    print_ = known_fingerprint(copied_text(article), shingles=before.shingles, sample=before.sample)
    return Made(head=head, text=text, print_=print_, sections=before.sections)


def _place(records: Sequence[FileRecord], incoming: Sequence[Article]) -> list[Incoming]:
    """Return each article with the file it came from: that of its path, else the next one that lists its id.

    The path of an article is for people; that of a file with an odd name differs from the file's own.
    """
    by_path = {os.fsdecode(record.path): record.path for record in records}
    by_id: dict[str, deque[bytes]] = defaultdict(deque)
    for record in records:
        for article_id in record.article_ids:
            by_id[article_id].append(record.path)
    placed = []
    for one in incoming:
        listing = by_id[one.id]
        file = by_path.get(one.path)
        if file is None:
            file = listing.popleft() if listing else one.path.encode("utf-8", "surrogatepass")
        elif file in listing:
            listing.remove(file)
        placed.append(Incoming(article=one, file=file))
    return placed


async def _load_shelf(connection: AsyncConnection, records: Sequence[FileRecord], placed: Sequence[Incoming]) -> Shelf:
    """Return the stored articles that have an identity, a file or a content of the batch."""
    found: dict[int, Known] = {}
    # Of a file of a million lines not all articles are loaded for each of its parts: none of them leaves it.
    in_parts = {record.path for record in records if record.bytes_read}
    for some in chunks(placed, size=1_000):
        given = [one.article.id for one in some]
        condition = or_(
            articles.c.id.in_(given),
            articles.c.given_id.in_(given),
            articles.c.version.in_([one.article.version for one in some]),
            articles.c.file.in_({one.file for one in some} - in_parts),
        )
        for row in await connection.execute(select(articles).where(condition)):
            found.setdefault(row.key, _known_of(row))
    for paths in chunks([record.path for record in records if record.state is FileState.READ]):
        for row in await connection.execute(select(articles).where(articles.c.file.in_(paths))):
            found.setdefault(row.key, _known_of(row))
    last_key = (await connection.execute(select(func.max(articles.c.key)))).scalar() or 0
    shelf = Shelf(gone_files=await _gone_files(connection, records, found.values()), next_key=last_key + 1)
    for key in sorted(found):
        shelf.put(found[key])
    return shelf


def _known_of(row: Any) -> Known:
    return Known(
        key=row.key,
        id=row.id,
        given_id=row.given_id or row.id,
        file=row.file,
        version=row.version,
        duplicate_of=row.duplicate_of,
        seq=row.seq,
        first_version=row.version,
    )


async def _gone_files(connection: AsyncConnection, records: Iterable[FileRecord], rows: Iterable[Known]) -> set[bytes]:
    """Return which files of these articles are gone; what the batch says of a file counts before what was stored."""
    gone: set[bytes] = set()
    for paths in chunks({row.file for row in rows if row.file is not None}):
        wanted = select(files.c.path).where(files.c.path.in_(paths), files.c.state == FileState.GONE.value)
        gone.update((await connection.execute(wanted)).scalars())
    gone.difference_update(record.path for record in records)
    gone.update(record.path for record in records if record.state is FileState.GONE)
    return gone


async def _find_copies(
    connection: AsyncConnection, changes: Sequence[_Change], sharing: Mapping[int, list[int]], shelf: Shelf
) -> Mapping[str, str]:
    """Decide whose copies the changed articles are; return which stored roots gave way to which."""
    changing = {change.row.key for change in changes}
    keys: set[int] = set()
    for change in changes:
        if len(keys) < MAX_CANDIDATES_OF_BATCH:
            keys.update(most_shared((sharing.get(one, ()) for one in change.made.print_.sample), ignoring=changing))
    candidates = await articles_with_keys(connection, keys)
    for change in changes:
        if change.row.first_version is not None:
            candidates.update(await _copies_of(connection, change.row.id))
    others = [row for row in shelf.rows if row.key not in changing]
    return await asyncio.to_thread(_decide, changes, candidates, others)


async def _copies_of(connection: AsyncConnection, article_id: str) -> dict[int, Article]:
    keys = (await connection.execute(select(articles.c.key).where(articles.c.duplicate_of == article_id))).scalars()
    return await articles_with_keys(connection, keys)


def _decide(
    changes: Sequence[_Change], candidates: Mapping[int, Article], others: Sequence[Known]
) -> Mapping[str, str]:
    changing = {change.row.key for change in changes}
    copies = Copies()
    for key in sorted(candidates):
        if key not in changing:
            one = candidates[key]
            copies.put(key=key, article_id=one.id, duplicate_of=one.duplicate_of)
            copies.finder.add(key, fingerprint_of(one))
    return decide_copies([change.row for change in changes], [change.made.print_ for change in changes], copies, others)


def _orphans(records: Sequence[FileRecord], shelf: Shelf) -> list[int]:
    """Return the keys of articles whose file was read again and does not hold them any more."""
    read = {record.path for record in records if record.state is FileState.READ}
    return [row.key for row in shelf.rows if row.file in read and not row.claimed]


async def _write_articles(
    connection: AsyncConnection,
    stored: Sequence[Article],
    rows: Sequence[Known],
    orphans: Sequence[int],
    gave_way: Mapping[str, str],
) -> None:
    values = [
        {
            "key": row.key,
            "id": row.id,
            "given_id": None if row.given_id == row.id else row.given_id,
            "file": row.file,
            "path": one.path,
            "collection": one.collection,
            "version": row.version,
            "seq": row.seq,
            "duplicate_of": row.duplicate_of,
        }
        for row, one in zip(rows, stored, strict=True)
    ]
    if values:
        await connection.execute(upsert(connection, articles), values)
    for keys in chunks(orphans):
        await connection.execute(update(articles).where(articles.c.key.in_(keys)).values(file=None))
    for old, new in gave_way.items():
        await connection.execute(update(articles).where(articles.c.duplicate_of == old).values(duplicate_of=new))


async def _write_changes(
    connection: AsyncConnection, changes: Sequence[_Change], sharing: Mapping[int, list[int]], now: datetime
) -> None:
    if not changes:
        return
    await connection.execute(
        versions.insert(),
        [
            {
                "seq": change.row.seq,
                "article_key": change.row.key,
                "ingested_at_ms": to_milliseconds(now),
                "head": change.made.head,
                "text": change.made.text,
            }
            for change in changes
        ],
    )
    await add_rare(connection, {change.row.key: change.made.print_.sample for change in changes}, sharing)
    await index_sections(
        connection,
        [section for change in changes for section in number_sections(change.made.sections, change.row.seq)],
    )
    await note_languages(connection, {change.article.language for change in changes})


def _with_stored_ids(
    records: Sequence[FileRecord], placed: Sequence[Incoming], rows: Sequence[Known]
) -> list[FileRecord]:
    """Return the records with the ids their articles were stored under."""
    ids: dict[bytes, list[str]] = defaultdict(list)
    for one, row in zip(placed, rows, strict=True):
        ids[one.file].append(row.id)
    return [replace(record, article_ids=tuple(ids.get(record.path, record.article_ids))) for record in records]


def _for_stored(summaries: Sequence[Summary], incoming: Sequence[Article], stored: Sequence[Article]) -> list[Summary]:
    """Return the summaries under the ids their articles were stored under; copies in a batch share theirs."""
    ids: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one, kept in zip(incoming, stored, strict=True):
        ids[one.id, one.version].append(kept.id)
    return [
        replace(summary, article_id=article_id)
        for summary in summaries
        for article_id in ids.get((summary.article_id, summary.version), [summary.article_id])
    ]
