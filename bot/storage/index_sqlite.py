"""The search index in SQLite: a contentless FTS5 table over our own terms, and beside it the terms of each section.

Terms are ours (stems, bigrams), so the tokenizer only splits at spaces. FTS5 finds rows and keeps neither positions nor
sizes: its own bm25() counts each term of a query through the whole archive, so sections are scored from their terms.
Source: sqlite.org/fts5.html, "Contentless Tables" and "The Detail Option".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.index import ROWS_PER_ERA, Entry, IndexFacts, Lookup
from bot.storage.passages import Section
from bot.storage.records import pack_text, unpack_text

CREATE: Final = (
    "CREATE VIRTUAL TABLE sections USING fts5(terms, content='', tokenize='ascii', detail='none', columnsize=0)",
    # How many sections (`doc`) hold a term.
    "CREATE VIRTUAL TABLE vocabulary USING fts5vocab(sections, 'row')",
    "CREATE TABLE section_bodies (row_number INTEGER PRIMARY KEY, terms BLOB NOT NULL)",
    "CREATE TABLE section_totals (sections INTEGER NOT NULL, terms INTEGER NOT NULL)",
    "INSERT INTO section_totals VALUES (0, 0)",
)
# A term of so many sections is counted again only when the archive has grown by this share: counting reads them all.
FREQUENT: Final = 1_000
COUNT_HOLDS_FOR: Final = 0.01
# What SQLite numbers rows up to.
MAX_ROW: Final = 2**63 - 1
# Frequent terms whose count is remembered, each about 100 bytes.
MAX_REMEMBERED: Final = 50_000

_INSERT: Final = text("INSERT INTO sections (rowid, terms) VALUES (:row, :terms)")
_DELETE: Final = text("INSERT INTO sections (sections, rowid, terms) VALUES ('delete', :row, :terms)")
_DELETE_ALL: Final = text("INSERT INTO sections (sections) VALUES ('delete-all')")
_INSERT_BODY: Final = text("INSERT INTO section_bodies (row_number, terms) VALUES (:row, :packed)")
_DELETE_BODY: Final = text("DELETE FROM section_bodies WHERE row_number = :row")
_ADD_TOTALS: Final = text("UPDATE section_totals SET sections = sections + :sections, terms = terms + :terms")
_FACTS: Final = (
    "SELECT (SELECT value FROM facts WHERE name = 'languages'), (SELECT ifnull(max(seq), 0) FROM articles), "
    "sections, terms FROM section_totals"
)
# Each of these returns one row: between two rows the driver waits for its turn among the threads that compute.
_COUNTS: Final = "SELECT json_group_object(term, doc) FROM vocabulary WHERE term IN (SELECT value FROM json_each(?))"
_FIND: Final = (
    "(SELECT group_concat(rowid) FROM (SELECT rowid FROM sections WHERE sections MATCH ? AND rowid BETWEEN ? AND ? "
    "ORDER BY rowid DESC LIMIT ?))"
)
_READ: Final = (
    "SELECT group_concat(row_number || ':' || hex(terms)) FROM section_bodies "
    "WHERE row_number IN (SELECT value FROM json_each(?))"
)

# How many sections held a frequent term, and of how many, by archive.
_remembered: MutableMapping[AsyncEngine, dict[str, tuple[int, int]]] = WeakKeyDictionary()


class SqliteIndex:
    """Implements `SectionIndex`."""

    def create(self, connection: Connection) -> None:
        """Make the tables of the index."""
        for statement in CREATE:
            connection.exec_driver_sql(statement)

    async def add(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Add rows."""
        if sections:
            packed, totals = await asyncio.to_thread(lambda: (_packed_rows(sections), _totals(sections, sign=1)))
            await connection.execute(_INSERT, [_row_of(section) for section in sections])
            await connection.execute(_INSERT_BODY, packed)
            await connection.execute(_ADD_TOTALS, totals)

    async def remove(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Take rows out; they must be as they were added."""
        if sections:
            await connection.execute(_DELETE, [_row_of(section) for section in sections])
            await connection.execute(_DELETE_BODY, [{"row": section.row} for section in sections])
            await connection.execute(_ADD_TOTALS, _totals(sections, sign=-1))

    async def clear(self, connection: AsyncConnection) -> None:
        """Take every row out."""
        await connection.execute(_DELETE_ALL)
        await connection.execute(text("DELETE FROM section_bodies"))
        await connection.execute(text("UPDATE section_totals SET sections = 0, terms = 0"))

    async def facts(self, connection: AsyncConnection) -> IndexFacts:
        """Return what the index holds in all."""
        [(languages, last_seq, sections, terms)] = await _fetch(connection, _FACTS, ())
        return IndexFacts(languages=languages, last_seq=last_seq, sections=sections, terms=terms)

    async def entries(self, connection: AsyncConnection, terms: Sequence[str], sections: int) -> Mapping[str, Entry]:
        """Return in how many sections each of these terms stands; of frequent ones as of a little while ago."""
        remembered = _remembered.setdefault(connection.engine, {})
        found = {
            term: remembered[term][0]
            for term in terms
            if term in remembered and abs(sections - remembered[term][1]) <= COUNT_HOLDS_FOR * remembered[term][1]
        }
        asked = [term for term in terms if term not in found]
        [(counts,)] = await _fetch(connection, _COUNTS, (json.dumps(asked),)) if asked else [("{}",)]
        counted: dict[str, int] = json.loads(counts)
        if len(remembered) > MAX_REMEMBERED:
            remembered.clear()
        remembered.update({term: (count, sections) for term, count in counted.items() if count >= FREQUENT})
        return {term: Entry(key=term, sections=count) for term, count in (found | counted).items()}

    async def find(self, connection: AsyncConnection, lookups: Sequence[Lookup]) -> list[list[int]]:
        """Return the row numbers that each lookup asks for."""
        if not lookups:
            return []
        values: list[object] = []
        for lookup in lookups:
            values += (_expression(lookup), *_rows_of(lookup.eras), lookup.limit)
        [found] = await _fetch(connection, "SELECT " + ", ".join([_FIND] * len(lookups)), tuple(values))
        return [[int(row) for row in rows.split(",")] if rows else [] for rows in found]

    async def read(self, connection: AsyncConnection, rows: Sequence[int]) -> list[Section]:
        """Return these sections as they were added."""
        [(found,)] = await _fetch(connection, _READ, (json.dumps(list(rows)),))
        return [_unpacked(section) for section in found.split(",")] if found else []


def _expression(lookup: Lookup) -> str:
    """Return the lookup as FTS5 writes it; keys are terms here, and hold nothing that means anything to it."""
    return " AND ".join(f'"{key}"' for key in lookup.keys)


def _rows_of(eras: range | None) -> tuple[int, int]:
    """Return the first and the last row number of the eras, or of all there may be."""
    return (0, MAX_ROW) if eras is None else (eras.start * ROWS_PER_ERA, eras.stop * ROWS_PER_ERA - 1)


def _row_of(section: Section) -> dict[str, object]:
    return {"row": section.row, "terms": f"{section.title} {section.body}"}


def _packed_rows(sections: Sequence[Section]) -> list[dict[str, object]]:
    return [
        {"row": section.row, "packed": pack_text(f"{section.size}\n{section.title}\n{section.body}")}
        for section in sections
    ]


def _unpacked(section: str) -> Section:
    row, _, packed = section.partition(":")
    size, title, body = unpack_text(bytes.fromhex(packed)).split("\n", 2)
    return Section(row=int(row), size=int(size), title=title, body=body)


def _totals(sections: Sequence[Section], *, sign: int) -> dict[str, int]:
    return {"sections": sign * len(sections), "terms": sign * sum(section.size for section in sections)}


async def _fetch(connection: AsyncConnection, sql: str, values: tuple[object, ...]) -> list[Any]:
    """Return all rows of a statement of SQLite's own, in one visit to the database's thread instead of three."""
    raw = await connection.get_raw_connection()
    assert raw.driver_connection is not None
    return list(await raw.driver_connection.execute_fetchall(sql, values))
