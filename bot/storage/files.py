"""What is known of the files of the watched folder, as rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import FileRecord, FileState
from bot.storage.articles import chunks, in_thread
from bot.storage.tables import files, long_files
from bot.storage.upserts import upsert


async def files_after(connection: AsyncConnection, path: bytes, *, limit: int) -> list[FileRecord]:
    """Return the files that are not gone and come after this path, by path, at most `limit`."""
    wanted = _files().where(files.c.state != FileState.GONE.value, files.c.path > path)
    return await in_thread(_record_of, await connection.execute(wanted.order_by(files.c.path).limit(limit)))


async def upsert_files(connection: AsyncConnection, records: Sequence[FileRecord]) -> None:
    """Insert or replace these files; the last of several records of one path counts."""
    if not records:
        return
    await connection.execute(upsert(connection, files), [_row_of(record) for record in records])
    long = [
        {"path": record.path, "bytes_read": record.bytes_read, "items_read": record.items_read}
        for record in records
        if record.bytes_read
    ]
    if long:
        await connection.execute(upsert(connection, long_files), long)


async def count_files(connection: AsyncConnection) -> dict[FileState, int]:
    """Return how many files are in each state."""
    counts = dict.fromkeys(FileState, 0)
    for state, count in await connection.execute(select(files.c.state, func.count()).group_by(files.c.state)):
        counts[FileState(state)] = count
    return counts


async def files_in(connection: AsyncConnection, state: FileState, *, limit: int) -> list[FileRecord]:
    """Return files in this state, by path, at most `limit`."""
    wanted = _files().where(files.c.state == state.value).order_by(files.c.path).limit(limit)
    return [_record_of(row) for row in await connection.execute(wanted)]


async def files_read_in_part(connection: AsyncConnection, *, limit: int) -> list[FileRecord]:
    """Return files that were read except for some of their items, by path, at most `limit`."""
    partly = files.c.reason.is_not(None) & (files.c.state == FileState.READ.value)
    wanted = _files().where(partly).order_by(files.c.path).limit(limit)
    return [_record_of(row) for row in await connection.execute(wanted)]


async def files_at(connection: AsyncConnection, paths: Sequence[bytes]) -> list[FileRecord]:
    """Return what is known of these files; those never seen are left out."""
    found: list[FileRecord] = []
    for some in chunks(paths):
        found.extend(_record_of(row) for row in await connection.execute(_files().where(files.c.path.in_(some))))
    return found


def _files() -> Select[Any]:
    return select(files, long_files.c.bytes_read, long_files.c.items_read).outerjoin(
        long_files, long_files.c.path == files.c.path
    )


def _row_of(record: FileRecord) -> dict[str, Any]:
    return {
        "path": record.path,
        "signature": ":".join(str(number) for number in record.signature),
        "state": record.state.value,
        "reason": record.reason,
        "attempts": record.attempts,
        "article_ids": json.dumps(record.article_ids, ensure_ascii=False),
    }


def _record_of(row: Row[Any]) -> FileRecord:
    device, inode, size, mtime_ns, ctime_ns = (int(number) for number in row.signature.split(":"))
    return FileRecord(
        path=row.path,
        signature=(device, inode, size, mtime_ns, ctime_ns),
        state=FileState(row.state),
        reason=row.reason,
        attempts=row.attempts,
        article_ids=tuple(json.loads(row.article_ids)),
        bytes_read=row.bytes_read or 0,
        items_read=row.items_read or 0,
    )
