"""The search index in PostgreSQL: our own terms as text, found through a GIN index over their tsvector.

The server finds the rows; they are scored from their terms as in SQLite. How many rows hold each term is counted in a
table of its own: neither the GIN index nor `ts_stat` can say it at a bearable cost.
Source: postgresql.org/docs, "Text Search Functions" (array_to_tsvector) and "Limitations" of text search.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.index import ROWS_PER_ERA, IndexFacts, Lookup
from bot.storage.passages import Section

# Characters of a term that are kept: a lexeme has 2,046 bytes at most, a term of CJK takes 3 a character.
MAX_TERM_CHARS: Final = 500
# Terms of a section that are kept, title and body each: a tsvector has 1 MB at most.
MAX_SECTION_TERMS: Final = 40_000

# The stored columns are joined by spaces and line ends: as an array they are the lexemes. The era is one more, so that
# frequent terms of the latest rows are found without a look at the others; no term begins with "#".
_VECTOR: Final = (
    "array_to_tsvector(array_remove(string_to_array(translate(title || ' ' || body, E'\\n', ' ') "
    f"|| ' #' || (row_number / {ROWS_PER_ERA}), ' '), ''))"
)
CREATE: Final = (
    "CREATE TABLE sections (row_number BIGINT PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL)",
    # Without a pending list: it would be read through by every query until it is emptied.
    f"CREATE INDEX ix_sections_terms ON sections USING gin ({_VECTOR}) WITH (fastupdate = off)",
    "CREATE TABLE section_terms (term TEXT PRIMARY KEY, sections INTEGER NOT NULL) WITH (fillfactor = 70)",
    "CREATE TABLE section_totals (sections BIGINT NOT NULL, terms BIGINT NOT NULL)",
    "INSERT INTO section_totals VALUES (0, 0)",
)

_INSERT: Final = text(
    "INSERT INTO sections SELECT * FROM unnest(CAST(:numbers AS BIGINT[]), CAST(:titles AS TEXT[]), "
    "CAST(:bodies AS TEXT[]))"
)
_DELETE: Final = text("DELETE FROM sections WHERE row_number = ANY(CAST(:numbers AS BIGINT[]))")
_COUNT: Final = text(
    "INSERT INTO section_terms SELECT * FROM unnest(CAST(:terms AS TEXT[]), CAST(:sections AS INTEGER[])) "
    "ON CONFLICT (term) DO UPDATE SET sections = section_terms.sections + excluded.sections"
)
_FORGET: Final = text("DELETE FROM section_terms WHERE term = ANY(CAST(:terms AS TEXT[])) AND sections <= 0")
_ADD_TOTALS: Final = text("UPDATE section_totals SET sections = sections + :sections, terms = terms + :terms")
_FACTS: Final = text(
    "SELECT (SELECT value FROM facts WHERE name = 'languages') AS languages, "
    "(SELECT coalesce(max(seq), 0) FROM articles) AS last_seq, sections, terms FROM section_totals"
)
_COUNTS: Final = text("SELECT term, sections FROM section_terms WHERE term = ANY(CAST(:terms AS TEXT[]))")
# The sum keeps the server from walking the rows in their order and making the vector of each of them.
_FIND: Final = text(
    "SELECT ARRAY(SELECT row_number FROM sections "  # noqa: S608
    f"WHERE {_VECTOR} @@ CAST(asked.wanted AS TSQUERY) ORDER BY row_number + 0 DESC LIMIT asked.most) "
    "FROM unnest(CAST(:wanted AS TEXT[]), CAST(:limits AS INTEGER[])) WITH ORDINALITY AS asked (wanted, most, number) "
    "ORDER BY asked.number"
)
_READ: Final = text("SELECT row_number, title, body FROM sections WHERE row_number = ANY(CAST(:rows AS BIGINT[]))")


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
        kept = await asyncio.to_thread(_kept_sections, sections)
        values = {
            "numbers": [section.row for section in kept],
            "titles": [section.title for section in kept],
            "bodies": [section.body for section in kept],
        }
        await connection.execute(_INSERT, values)
        await _count(connection, kept, sign=1)

    async def remove(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Take rows out and count their terms no longer."""
        if not sections:
            return
        await connection.execute(_DELETE, {"numbers": [section.row for section in sections]})
        await _count(connection, await asyncio.to_thread(_kept_sections, sections), sign=-1)

    async def clear(self, connection: AsyncConnection) -> None:
        """Take every row out."""
        await connection.execute(text("TRUNCATE sections, section_terms"))
        await connection.execute(text("UPDATE section_totals SET sections = 0, terms = 0"))

    async def facts(self, connection: AsyncConnection) -> IndexFacts:
        """Return what the index holds in all."""
        row = (await connection.execute(_FACTS)).one()
        return IndexFacts(languages=row.languages, last_seq=row.last_seq, sections=row.sections, terms=row.terms)

    async def counts(self, connection: AsyncConnection, terms: Sequence[str], sections: int) -> Mapping[str, int]:
        """Return in how many sections each of these terms stands."""
        asked = {term[:MAX_TERM_CHARS]: term for term in terms}
        rows = await connection.execute(_COUNTS, {"terms": list(asked)})
        return {asked[term]: count for term, count in rows}

    async def find(self, connection: AsyncConnection, lookups: Sequence[Lookup]) -> list[list[int]]:
        """Return the row numbers that each lookup asks for."""
        wanted = [_expression(lookup) for lookup in lookups]
        values = {"wanted": wanted, "limits": [lookup.limit for lookup in lookups]}
        return list((await connection.execute(_FIND, values)).scalars()) if lookups else []

    async def read(self, connection: AsyncConnection, rows: Sequence[int]) -> list[Section]:
        """Return these sections as they were added."""
        found = await connection.execute(_READ, {"rows": list(rows)})
        return [Section(row=row, title=title, body=body) for row, title, body in found]


def _expression(lookup: Lookup) -> str:
    """Return the lookup as a tsquery; terms hold nothing that means anything to it."""
    held = " & ".join(f"'{term[:MAX_TERM_CHARS]}'" for term in lookup.terms)
    if lookup.eras is None:
        return held
    eras = " | ".join(f"'#{era}'" for era in lookup.eras)
    return f"{held} & ({eras})"


def _kept_sections(sections: Sequence[Section]) -> list[Section]:
    return [Section(row=one.row, title=_kept(one.title), body=_kept(one.body)) for one in sections]


def _kept(joined: str) -> str:
    """Return the terms that the database takes, each shortened, in the lines they came in."""
    if len(joined) <= MAX_TERM_CHARS:
        return joined
    lines = (line.split(" ") if line else [] for line in joined.split("\n"))
    left = MAX_SECTION_TERMS
    kept = []
    for line in lines:
        some = [term[:MAX_TERM_CHARS] for term in islice(line, left)]
        left -= len(some)
        kept.append(" ".join(some))
    return "\n".join(kept)


async def _count(connection: AsyncConnection, sections: Sequence[Section], *, sign: int) -> None:
    counted, size = await asyncio.to_thread(_counted, sections)
    # Always in one order: two processes that count the same terms must not wait for each other.
    terms = sorted(counted)
    await connection.execute(_COUNT, {"terms": terms, "sections": [sign * counted[term] for term in terms]})
    if sign < 0:
        await connection.execute(_FORGET, {"terms": terms})
    await connection.execute(_ADD_TOTALS, {"sections": sign * len(sections), "terms": sign * size})


def _counted(sections: Sequence[Section]) -> tuple[Counter[str], int]:
    """Return in how many of the sections each term stands, and how many terms they have in all."""
    split = [[*section.title.split(), *section.body.split()] for section in sections]
    return Counter(term for terms in split for term in set(terms)), sum(map(len, split))
