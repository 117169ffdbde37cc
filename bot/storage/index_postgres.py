"""The search index in PostgreSQL: our own terms, each as a short key, found through a GIN index over their tsvector.

The server finds the rows; they are scored from their terms as in SQLite. How many rows hold each term is counted in a
table of its own: neither the GIN index nor `ts_stat` can say it at a bearable cost. That table also numbers the terms,
and rows hold these numbers: the server compresses no row below 2 kB, and words take three times as many letters.
Source: postgresql.org/docs, "Text Search Functions" (array_to_tsvector) and "Limitations" of text search.
"""

from __future__ import annotations

import asyncio
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.index import ROWS_PER_ERA, Entry, IndexFacts, Lookup
from bot.storage.passages import Section

# Characters of a term that are kept: a lexeme has 2,046 bytes at most, a term of CJK takes 3 a character.
MAX_TERM_CHARS: Final = 500
# Terms of a section that are kept, title and body each: a tsvector has 1 MB at most.
MAX_SECTION_TERMS: Final = 40_000

# Keys that are remembered, those of the most frequent terms among them.
_REMEMBERED_KEYS: Final = 65_536
# What keys are made of: no letter of them means anything to a tsquery.
_DIGITS: Final = string.digits + string.ascii_letters

# The stored columns are joined by spaces and line ends: as an array they are the lexemes. The era is one more, so that
# frequent terms of the latest rows are found without a look at the others; no key holds a "#".
_VECTOR: Final = (
    "array_to_tsvector(array_remove(string_to_array(translate(title || ' ' || body, E'\\n', ' ') "
    f"|| ' #' || (row_number / {ROWS_PER_ERA}), ' '), ''))"
)
CREATE: Final = (
    "CREATE TABLE sections (row_number BIGINT PRIMARY KEY, size INTEGER NOT NULL, title TEXT NOT NULL, "
    "body TEXT NOT NULL)",
    # New rows wait in a pending list, until the end of their transaction at most (`_MERGE`).
    f"CREATE INDEX ix_sections_terms ON sections USING gin ({_VECTOR})",
    "CREATE TABLE section_terms (term TEXT PRIMARY KEY, number BIGINT NOT NULL, sections INTEGER NOT NULL) "
    "WITH (fillfactor = 70)",
    # `last_number` is the highest number that a term was offered: none is given twice.
    "CREATE TABLE section_totals (sections BIGINT NOT NULL, terms BIGINT NOT NULL, last_number BIGINT NOT NULL)",
    "INSERT INTO section_totals VALUES (0, 0, 0)",
)

_INSERT: Final = text(
    "INSERT INTO sections SELECT * FROM unnest(CAST(:numbers AS BIGINT[]), CAST(:sizes AS INTEGER[]), "
    "CAST(:titles AS TEXT[]), CAST(:bodies AS TEXT[]))"
)
# Each word of a batch is looked for in the index once, not once a row: a third of the time, a fifth of the log. Left to
# itself the list would be read through by every query until the server merges it.
_MERGE: Final = text("SELECT gin_clean_pending_list('ix_sections_terms')")
_DELETE: Final = text("DELETE FROM sections WHERE row_number = ANY(CAST(:numbers AS BIGINT[]))")
# A term that has a number keeps it, and the one it was offered is lost.
_COUNT: Final = text(
    "WITH counted AS (INSERT INTO section_terms (term, number, sections) "
    "SELECT * FROM unnest(CAST(:terms AS TEXT[]), CAST(:numbers AS BIGINT[]), CAST(:sections AS INTEGER[])) "
    "ON CONFLICT (term) DO UPDATE SET sections = section_terms.sections + excluded.sections RETURNING term, number) "
    "SELECT array_agg(term), array_agg(number) FROM counted"
)
_DISCOUNT: Final = text(
    "UPDATE section_terms SET sections = section_terms.sections - gone.sections "
    "FROM unnest(CAST(:terms AS TEXT[]), CAST(:sections AS INTEGER[])) AS gone (term, sections) "
    "WHERE section_terms.term = gone.term"
)
_FORGET: Final = text("DELETE FROM section_terms WHERE term = ANY(CAST(:terms AS TEXT[])) AND sections <= 0")
_ADD_TOTALS: Final = text(
    "UPDATE section_totals SET sections = sections + :sections, terms = terms + :terms, "
    "last_number = last_number + :offered RETURNING last_number"
)
_FACTS: Final = text(
    "SELECT (SELECT value FROM facts WHERE name = 'languages') AS languages, "
    "(SELECT coalesce(max(seq), 0) FROM articles) AS last_seq, sections, terms FROM section_totals"
)
_ENTRIES: Final = text("SELECT term, number, sections FROM section_terms WHERE term = ANY(CAST(:terms AS TEXT[]))")
# The sum keeps the server from walking the rows in their order and making the vector of each of them.
_FIND: Final = text(
    "SELECT ARRAY(SELECT row_number FROM sections "  # noqa: S608
    f"WHERE {_VECTOR} @@ CAST(asked.wanted AS TSQUERY) ORDER BY row_number + 0 DESC LIMIT asked.most) "
    "FROM unnest(CAST(:wanted AS TEXT[]), CAST(:limits AS INTEGER[])) WITH ORDINALITY AS asked (wanted, most, number) "
    "ORDER BY asked.number"
)
_READ: Final = text(
    "SELECT row_number, size, title, body FROM sections WHERE row_number = ANY(CAST(:rows AS BIGINT[]))"
)


_Lines = list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Split:
    """The terms of sections, line by line, and in how many of these sections each term stands."""

    titles: list[_Lines]
    bodies: list[_Lines]
    counts: Counter[str]


class PostgresIndex:
    """Implements `SectionIndex`."""

    def create(self, connection: Connection) -> None:
        """Make the tables of the index."""
        for statement in CREATE:
            connection.exec_driver_sql(statement)

    async def add(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Add rows and count their terms."""
        if not sections:
            return
        split = await asyncio.to_thread(_split, sections)
        last_number = await _add_totals(connection, sections, sign=1, offered=len(split.counts))
        keys = await _count(connection, split.counts, last_number - len(split.counts) + 1)
        titles, bodies = await asyncio.to_thread(
            lambda: ([_joined(lines, keys) for lines in split.titles], [_joined(lines, keys) for lines in split.bodies])
        )
        numbers, sizes = [section.row for section in sections], [section.size for section in sections]
        values = {"numbers": numbers, "sizes": sizes, "titles": titles, "bodies": bodies}
        await connection.execute(_INSERT, values)
        await connection.execute(_MERGE)

    async def remove(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Take rows out and count their terms no longer."""
        if not sections:
            return
        await connection.execute(_DELETE, {"numbers": [section.row for section in sections]})
        split = await asyncio.to_thread(_split, sections)
        terms = list(split.counts)
        await connection.execute(_DISCOUNT, {"terms": terms, "sections": list(split.counts.values())})
        await connection.execute(_FORGET, {"terms": terms})
        await _add_totals(connection, sections, sign=-1)

    async def clear(self, connection: AsyncConnection) -> None:
        """Take every row out."""
        await connection.execute(text("TRUNCATE sections, section_terms"))
        await connection.execute(text("UPDATE section_totals SET sections = 0, terms = 0"))

    async def facts(self, connection: AsyncConnection) -> IndexFacts:
        """Return what the index holds in all."""
        row = (await connection.execute(_FACTS)).one()
        return IndexFacts(languages=row.languages, last_seq=row.last_seq, sections=row.sections, terms=row.terms)

    async def entries(self, connection: AsyncConnection, terms: Sequence[str], sections: int) -> Mapping[str, Entry]:
        """Return under which key each of these terms stands, and in how many sections."""
        asked = {term[:MAX_TERM_CHARS]: term for term in terms}
        rows = await connection.execute(_ENTRIES, {"terms": list(asked)})
        return {asked[term]: Entry(key=_key_of(number), sections=count) for term, number, count in rows}

    async def find(self, connection: AsyncConnection, lookups: Sequence[Lookup]) -> list[list[int]]:
        """Return the row numbers that each lookup asks for."""
        wanted = [_expression(lookup) for lookup in lookups]
        values = {"wanted": wanted, "limits": [lookup.limit for lookup in lookups]}
        return list((await connection.execute(_FIND, values)).scalars()) if lookups else []

    async def read(self, connection: AsyncConnection, rows: Sequence[int]) -> list[Section]:
        """Return these sections, their terms as keys."""
        found = await connection.execute(_READ, {"rows": list(rows)})
        return [Section(row=row, size=size, title=title, body=body) for row, size, title, body in found]


def _expression(lookup: Lookup) -> str:
    """Return the lookup as a tsquery."""
    held = " & ".join(f"'{key}'" for key in lookup.keys)
    if lookup.eras is None:
        return held
    eras = " | ".join(f"'#{era}'" for era in lookup.eras)
    return f"{held} & ({eras})"


def _split(sections: Sequence[Section]) -> _Split:
    titles = [_kept_lines(section.title) for section in sections]
    bodies = [_kept_lines(section.body) for section in sections]
    counts: Counter[str] = Counter()
    for title, body in zip(titles, bodies, strict=True):
        counts.update(set().union(*title, *body))
    return _Split(titles=titles, bodies=bodies, counts=counts)


def _kept_lines(joined: str) -> _Lines:
    """Return the terms that the database takes, each shortened, in the lines they came in."""
    lines = [line.split() for line in joined.split("\n")]
    # Nearly no text is so long that one of the limits may be reached.
    if len(joined) > MAX_SECTION_TERMS or max(map(len, joined.split(" "))) > MAX_TERM_CHARS:
        left = MAX_SECTION_TERMS
        for number, line in enumerate(lines):
            lines[number] = [term[:MAX_TERM_CHARS] for term in islice(line, left)]
            left -= len(lines[number])
    return lines


async def _count(connection: AsyncConnection, counted: Counter[str], first_number: int) -> dict[str, str]:
    """Count terms in so many more sections; return their keys. New ones are numbered, the most frequent first."""
    numbers = {term: number for number, (term, _) in enumerate(counted.most_common(), first_number)}
    # Always in one order: two processes that count the same terms must not wait for each other.
    terms = sorted(counted)
    values = {
        "terms": terms,
        "numbers": [numbers[term] for term in terms],
        "sections": [counted[term] for term in terms],
    }
    names, given = (await connection.execute(_COUNT, values)).one()
    return dict(zip(names or (), map(_key_of, given or ()), strict=True))


async def _add_totals(connection: AsyncConnection, sections: Sequence[Section], *, sign: int, offered: int = 0) -> int:
    """Count sections and their terms in or out; return the last of the numbers that are offered to terms."""
    size = sum(section.size for section in sections)
    values = {"sections": sign * len(sections), "terms": sign * size, "offered": offered}
    return int((await connection.execute(_ADD_TOTALS, values)).scalar_one())


@lru_cache(maxsize=_REMEMBERED_KEYS)
def _key_of(number: int) -> str:
    """Return a number in as few letters as may be: those of the words that came first, which are the frequent ones."""
    key = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        key = _DIGITS[digit] + key
    return key


def _joined(lines: _Lines, keys: Mapping[str, str]) -> str:
    """Return terms as their keys, in the lines they came in."""
    return "\n".join([" ".join(map(keys.__getitem__, line)) for line in lines])
