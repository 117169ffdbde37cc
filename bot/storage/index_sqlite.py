"""The search index in SQLite: a contentless FTS5 table over our own terms.

Terms are ours (stems, bigrams), so the tokenizer only splits at spaces; contentless because the terms can always be
made again from the article.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.index import TITLE_WEIGHT
from bot.storage.passages import Section

CREATE: Final = "CREATE VIRTUAL TABLE sections USING fts5(title, body, content='', tokenize='ascii', columnsize=1)"
# How many sections (`doc`) hold a term.
CREATE_VOCABULARY: Final = "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(sections, 'row')"

_INSERT: Final = text("INSERT INTO sections (rowid, title, body) VALUES (:row, :title, :body)")
_DELETE: Final = text("INSERT INTO sections (sections, rowid, title, body) VALUES ('delete', :row, :title, :body)")
_DELETE_ALL: Final = text("INSERT INTO sections (sections) VALUES ('delete-all')")
_LANGUAGES_AND_LAST_SEQ: Final = (
    "SELECT (SELECT value FROM facts WHERE name = 'languages'), (SELECT ifnull(max(seq), 0) FROM articles)"
)
_COUNTS: Final = "SELECT term, doc FROM vocabulary WHERE term IN (SELECT value FROM json_each(?))"
_RANK: Final = (
    "SELECT rowid, round(-bm25(sections, ?, 1.0), 9) AS score FROM sections WHERE sections MATCH ? "
    "ORDER BY score DESC, rowid LIMIT ?"
)


class SqliteIndex:
    """Implements `SectionIndex`."""

    def create(self, connection: Connection) -> None:
        """Make the tables of the index."""
        connection.exec_driver_sql(CREATE)
        connection.exec_driver_sql(CREATE_VOCABULARY)

    async def add(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Add rows."""
        if sections:
            await connection.execute(_INSERT, [_row_of(section) for section in sections])

    async def remove(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Take rows out; they must be as they were added."""
        if sections:
            await connection.execute(_DELETE, [_row_of(section) for section in sections])

    async def clear(self, connection: AsyncConnection) -> None:
        """Take every row out."""
        await connection.execute(_DELETE_ALL)

    async def languages_and_last_seq(self, connection: AsyncConnection) -> tuple[str | None, int]:
        """Return the fact `languages` and the highest sequence number."""
        [(languages, total)] = await _fetch(connection, _LANGUAGES_AND_LAST_SEQ, ())
        return languages, total

    async def counts(self, connection: AsyncConnection, terms: Sequence[str]) -> Mapping[str, int]:
        """Return in how many sections each of these terms stands."""
        return dict(await _fetch(connection, _COUNTS, (json.dumps(list(terms)),)))

    async def rank(
        self, connection: AsyncConnection, finding: Sequence[str], ranking: Sequence[str], *, count: int
    ) -> list[tuple[int, float]]:
        """Return row and score of the best sections that hold one of the finding terms, best first."""
        return await _fetch(connection, _RANK, (TITLE_WEIGHT, _match(finding, ranking), count))


def _match(finding: Sequence[str], ranking: Sequence[str]) -> str:
    """Return the FTS5 expression: found by the rarest terms, ranked by all of them.

    The right side of the AND is implied by the left and only makes frequent terms count. The rare ones stand in both
    sides and so count twice: no question of the evaluation sets was answered worse for it.
    """
    found = _any_of(finding)
    return f"({found}) AND ({found} OR {_any_of(ranking)})" if ranking else found


def _any_of(terms: Iterable[str]) -> str:
    return " OR ".join(f'"{term}"' for term in terms)


def _row_of(section: Section) -> dict[str, object]:
    return {"row": section.row, "title": section.title, "body": section.body}


async def _fetch(connection: AsyncConnection, sql: str, values: tuple[object, ...]) -> list[Any]:
    """Return all rows of a statement of SQLite's own, in one visit to the database's thread instead of three."""
    raw = await connection.get_raw_connection()
    assert raw.driver_connection is not None
    return list(await raw.driver_connection.execute_fetchall(sql, values))
