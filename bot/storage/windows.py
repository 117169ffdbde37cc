"""The news of a span of sequence numbers, read once for all channels whose digests cover it.

Before each use the database itself says, in one short statement, whether anything of it is another by now: what is
remembered is never out of date, whichever process changed the archive.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Select, String, bindparam, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports import Window
from bot.storage.articles import heads_between
from bot.storage.database import Database
from bot.storage.stories import placements_between
from bot.storage.tables import articles, placements

# Spans remembered: the channels of one minute differ in how far they were told, and in what came in meanwhile.
REMEMBERED_WINDOWS: Final = 4
# Longer spans are read anew: a day's news of a big archive, with heads of some 2 KB.
MAX_REMEMBERED_ARTICLES: Final = 2_000
# Stands between two columns. No stored text holds it: U+001A is followed by four digits there (see `SafeText`).
_BETWEEN: Final = "\x1a,"
_COLUMNS: Final = (
    articles.c.id,
    articles.c.version,
    articles.c.path,
    articles.c.collection,
    articles.c.duplicate_of,
    placements.c.event,
    placements.c.storyline,
)


class Windows:
    """The windows of one database that were asked for lately."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._remembered: OrderedDict[tuple[int, int], tuple[str, Window]] = OrderedDict()

    async def between(self, since_seq: int, until_seq: int) -> Window:
        """Return the window as it is now: the same object as before while nothing of it changed."""
        if until_seq - since_seq > MAX_REMEMBERED_ARTICLES:
            return await self._database.read_snapshot(lambda connection: _read(connection, since_seq, until_seq))
        span = since_seq, until_seq
        state = await self._database.read(lambda connection: _state_of(connection, since_seq, until_seq))
        remembered = self._remembered.get(span)
        if remembered is None or remembered[0] != state:
            remembered = await self._database.read_snapshot(
                lambda connection: _read_with_state(connection, since_seq, until_seq)
            )
            self._remembered[span] = remembered
        self._remembered.move_to_end(span)
        if len(self._remembered) > REMEMBERED_WINDOWS:
            self._remembered.popitem(last=False)
        return remembered[1]


async def _read_with_state(connection: AsyncConnection, since_seq: int, until_seq: int) -> tuple[str, Window]:
    state = await _state_of(connection, since_seq, until_seq)
    return state, await _read(connection, since_seq, until_seq)


async def _read(connection: AsyncConnection, since_seq: int, until_seq: int) -> Window:
    heads = await heads_between(connection, since_seq, until_seq)
    return Window(heads=tuple(heads), placements=await placements_between(connection, since_seq, until_seq))


async def _state_of(connection: AsyncConnection, since_seq: int, until_seq: int) -> str:
    """Return a text that is another when a window is: all that is read of it but what its versions fix."""
    rows = await connection.execute(_state_query(), {"since_seq": since_seq, "until_seq": until_seq})
    return rows.scalar() or ""


@cache
def _state_query() -> Select[str]:
    line: ColumnElement[str] = cast(articles.c.seq, String)
    for column in _COLUMNS:
        line = line.op("||")(literal(_BETWEEN, String)).op("||")(func.coalesce(column, literal("", String)))
    joined = articles.outerjoin(placements, placements.c.article_key == articles.c.key)
    lines: Select[str] = select(func.aggregate_strings(line, _BETWEEN)).select_from(joined)
    return lines.where(articles.c.seq > bindparam("since_seq"), articles.c.seq <= bindparam("until_seq"))
