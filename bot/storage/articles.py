"""Articles and their summaries as rows: reading versions back, and summaries by version."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Result, Row, Select, func, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Article, Summary
from bot.storage.records import pack_summary, unpack_article, unpack_summary
from bot.storage.tables import articles, summaries, versions
from bot.storage.upserts import upsert

# Values in one IN list: the databases take 32,767, but the event loop writes the list and takes up the rows in one go.
MAX_IN_LIST: Final = 1_000
# Rows unpacked on the event loop: 100 articles take 10 ms.
MAX_ROWS_ON_LOOP: Final = 100

# Rows of heads fetched at a time: the event loop takes up each page's rows in one go.
HEADS_A_PAGE: Final = 1_000

# Articles kept unpacked, and the packed size up to which one is: a search and the answer to a question read the same.
REMEMBERED: Final = 512
MAX_REMEMBERED_BYTES: Final = 32_768
# Heads and summaries kept unpacked, some 2 KB each: a day's digests for all channels look at the same ones.
REMEMBERED_HEADS: Final = 2_048

Value = TypeVar("Value")
Made = TypeVar("Made")

# By the packed bytes themselves, so that what is remembered is never out of date.
_remembered = lru_cache(maxsize=REMEMBERED)(unpack_article)
_remembered_head = lru_cache(maxsize=REMEMBERED_HEADS)(unpack_article)
_remembered_summary = lru_cache(maxsize=REMEMBERED_HEADS)(unpack_summary)


async def article(connection: AsyncConnection, article_id: str) -> Article | None:
    """Return the current version of one article."""
    row = (await connection.execute(_current().where(articles.c.id == article_id))).first()
    return None if row is None else _article_of(row)


async def articles_with_ids(connection: AsyncConnection, article_ids: Sequence[str]) -> list[Article]:
    """Return the current versions of these articles, in the order asked; unknown ids are left out."""
    found: dict[str, Article] = {}
    for some in chunks(dict.fromkeys(article_ids)):
        rows = await connection.execute(_current().where(articles.c.id.in_(some)))
        found.update({one.id: one for one in await in_thread(_article_of, rows)})
    return [found[article_id] for article_id in article_ids if article_id in found]


async def heads_between(connection: AsyncConnection, since_seq: int, until_seq: int) -> list[Article]:
    """Return what `articles_between` does without bodies, sentences and removed lines."""
    wanted = select(articles, versions.c.head, null().label("text")).join(versions, versions.c.seq == articles.c.seq)
    wanted = wanted.where(articles.c.seq <= until_seq).order_by(articles.c.seq).limit(HEADS_A_PAGE)
    found: list[Article] = []
    while True:
        after = found[-1].ingested_seq if found else since_seq
        page = await in_thread(_article_of, await connection.execute(wanted.where(articles.c.seq > after)))
        found += page
        if len(page) < HEADS_A_PAGE:
            return found


async def articles_between(connection: AsyncConnection, since_seq: int, until_seq: int) -> list[Article]:
    """Return current versions with `since_seq < seq <= until_seq`, in that order."""
    wanted = _current().where(articles.c.seq > since_seq, articles.c.seq <= until_seq)
    return await in_thread(_article_of, await connection.execute(wanted.order_by(articles.c.seq)))


async def articles_at(connection: AsyncConnection, seqs: Iterable[int]) -> dict[int, Article]:
    """Return the current articles among these sequence numbers; those of old versions are left out."""
    found: dict[int, Article] = {}
    for some in chunks(seqs):
        rows = await connection.execute(_current().where(articles.c.seq.in_(some)))
        found.update({one.ingested_seq: one for one in await in_thread(_article_of, rows)})
    return found


async def keys_at(connection: AsyncConnection, seqs: Iterable[int]) -> dict[int, int]:
    """Return the row keys of the current articles among these sequence numbers, by number."""
    found: dict[int, int] = {}
    for some in chunks(seqs):
        rows = await connection.execute(select(articles.c.seq, articles.c.key).where(articles.c.seq.in_(some)))
        found.update((row.seq, row.key) for row in rows)
    return found


async def articles_with_keys(connection: AsyncConnection, keys: Iterable[int]) -> dict[int, Article]:
    """Return the current version of each of these articles, by row key."""
    found: dict[int, Article] = {}
    for some in chunks(keys):
        rows = await connection.execute(_current().where(articles.c.key.in_(some)))
        found.update(await in_thread(lambda row: (row.key, _article_of(row)), rows))
    return found


async def last_seq(connection: AsyncConnection) -> int:
    """Return the highest sequence number given so far, 0 when there is none."""
    return (await connection.execute(select(func.max(articles.c.seq)))).scalar() or 0


async def seq_at(connection: AsyncConnection, moment: datetime) -> int:
    """Return the highest sequence number given at or before this moment, 0 when there is none."""
    return (await connection.execute(last_seq_by(moment))).scalar() or 0


def last_seq_by(moment: datetime) -> Select[Any]:
    """Return the query for the highest sequence number given at or before this moment."""
    return select(func.max(versions.c.seq)).where(versions.c.ingested_at_ms <= to_milliseconds(moment))


async def summaries_of(connection: AsyncConnection, wanted: Sequence[Article]) -> dict[str, Summary]:
    """Return the summary of each of these versions, by article id."""
    current = {one.id: one.version for one in wanted}
    found: dict[str, Summary] = {}
    for some in chunks(current):
        for row in await connection.execute(select(summaries).where(summaries.c.article_id.in_(some))):
            if row.version == current[row.article_id]:
                found[row.article_id] = _remembered_summary(row.payload, article_id=row.article_id, version=row.version)
    return found


async def upsert_summaries(connection: AsyncConnection, some: Sequence[Summary]) -> None:
    """Insert or replace summaries, one an article and version."""
    if some:
        await connection.execute(upsert(connection, summaries), await asyncio.to_thread(_summary_rows, some))


async def in_thread(make: Callable[[Row[Any]], Made], result: Result[Any]) -> list[Made]:
    """Return what is made of each row; many rows are made beside the event loop."""
    rows = result.all()
    if len(rows) <= MAX_ROWS_ON_LOOP:
        return [make(row) for row in rows]
    return await asyncio.to_thread(lambda: [make(row) for row in rows])


def to_milliseconds(moment: datetime) -> int:
    """Return whole milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def chunks(values: Iterable[Value], size: int = MAX_IN_LIST) -> Iterator[list[Value]]:
    """Return the values in lists of at most `size`, none of them empty."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


def _summary_rows(some: Sequence[Summary]) -> list[dict[str, Any]]:
    return [{"article_id": one.article_id, "version": one.version, "payload": pack_summary(one)} for one in some]


def _current() -> Select[Any]:
    return select(articles, versions.c.head, versions.c.text).join(versions, versions.c.seq == articles.c.seq)


def _article_of(row: Row[Any]) -> Article:
    unpack: Callable[..., Article]
    if row.text is None:
        unpack = _remembered_head
    else:
        unpack = _remembered if len(row.text) <= MAX_REMEMBERED_BYTES else unpack_article
    return unpack(
        row.head,
        row.text,
        article_id=row.id,
        version=row.version,
        path=row.path,
        collection=row.collection,
        seq=row.seq,
        duplicate_of=row.duplicate_of,
    )
