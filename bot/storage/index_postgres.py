"""The search index in PostgreSQL: our own terms as text, found through a GIN index over their tsvector.

The server finds the rows; BM25 is worked out here from their terms, so that both databases rank alike. How many rows
hold each term is counted in a table of its own: neither the GIN index nor `ts_stat` can say it at a bearable cost.
Source: postgresql.org/docs, "Text Search Functions" (array_to_tsvector) and "Limitations" of text search.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.index import TITLE_WEIGHT
from bot.storage.passages import Section

# Characters of a term that are kept: a lexeme has 2,046 bytes at most, a term of CJK takes 3 a character.
MAX_TERM_CHARS: Final = 500
# Terms of a section that are kept, title and body each: a tsvector has 1 MB at most.
MAX_SECTION_TERMS: Final = 40_000
# What FTS5's bm25() uses, so that both databases rank alike.
K1: Final = 1.2
B: Final = 0.75
LEAST_RARITY: Final = 1e-6
# Sums in another order differ in the last digits: equal rows must stay equal. The index in SQLite rounds alike.
SCORE_DIGITS: Final = 9

# The stored columns are joined by single spaces: as an array they are the lexemes.
_VECTOR: Final = "array_to_tsvector(string_to_array(btrim(title || ' ' || body), ' '))"
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
_LANGUAGES_AND_LAST_SEQ: Final = text(
    "SELECT (SELECT value FROM facts WHERE name = 'languages'), (SELECT coalesce(max(seq), 0) FROM articles)"
)
_COUNTS: Final = text("SELECT term, sections FROM section_terms WHERE term = ANY(CAST(:terms AS TEXT[]))")
_FIND: Final = text("SELECT row_number, title, body FROM sections WHERE " + _VECTOR + " @@ CAST(:wanted AS TSQUERY)")  # noqa: S608
_TOTALS: Final = text("SELECT sections, terms FROM section_totals")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weights:
    """What ranking needs beside the rows: the rarity of each term, and how long a row is on average."""

    rarities: Mapping[str, float]
    average_terms: float


class PostgresIndex:
    """Implements `SectionIndex`."""

    def create(self, connection: Connection) -> None:
        """Make the tables of the index."""
        for statement in CREATE:
            connection.execute(text(statement))

    async def add(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Add rows and count their terms."""
        if not sections:
            return
        titles = [_kept(section.title) for section in sections]
        bodies = [_kept(section.body) for section in sections]
        values = {
            "numbers": [section.row for section in sections],
            "titles": _joined(titles),
            "bodies": _joined(bodies),
        }
        await connection.execute(_INSERT, values)
        await _count(connection, titles, bodies, sign=1)

    async def remove(self, connection: AsyncConnection, sections: Sequence[Section]) -> None:
        """Take rows out and count their terms no longer."""
        if not sections:
            return
        await connection.execute(_DELETE, {"numbers": [section.row for section in sections]})
        titles = [_kept(section.title) for section in sections]
        await _count(connection, titles, [_kept(section.body) for section in sections], sign=-1)

    async def clear(self, connection: AsyncConnection) -> None:
        """Take every row out."""
        await connection.execute(text("TRUNCATE sections, section_terms"))
        await connection.execute(text("UPDATE section_totals SET sections = 0, terms = 0"))

    async def languages_and_last_seq(self, connection: AsyncConnection) -> tuple[str | None, int]:
        """Return the fact `languages` and the highest sequence number."""
        languages, last_seq = (await connection.execute(_LANGUAGES_AND_LAST_SEQ)).one()
        return languages, last_seq

    async def counts(self, connection: AsyncConnection, terms: Sequence[str]) -> Mapping[str, int]:
        """Return in how many sections each of these terms stands."""
        asked = {term[:MAX_TERM_CHARS]: term for term in terms}
        rows = await connection.execute(_COUNTS, {"terms": list(asked)})
        return {asked[term]: sections for term, sections in rows}

    async def rank(
        self, connection: AsyncConnection, finding: Sequence[str], ranking: Sequence[str], *, count: int
    ) -> list[tuple[int, float]]:
        """Return row and score of the best sections that hold one of the finding terms, best first."""
        wanted = " | ".join(f"'{term[:MAX_TERM_CHARS]}'" for term in finding)
        rows = (await connection.execute(_FIND, {"wanted": wanted})).all()
        sections, terms = (await connection.execute(_TOTALS)).one()
        counts = await self.counts(connection, [*finding, *ranking])
        # The rare ones count twice when there are others: see the index in SQLite.
        times = dict.fromkeys(finding, 2 if ranking else 1) | dict.fromkeys(ranking, 1)
        rarities = {term[:MAX_TERM_CHARS]: times[term] * _rarity(counts.get(term, 0), sections) for term in times}
        weights = _Weights(rarities=rarities, average_terms=terms / sections if sections else 1.0)
        scored = await asyncio.to_thread(lambda: [(row.row_number, _score(row, weights)) for row in rows])
        return sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:count]


def _kept(joined: str) -> list[str]:
    return [term[:MAX_TERM_CHARS] for term in joined.split(" ")[:MAX_SECTION_TERMS] if term]


def _joined(lists: Iterable[Sequence[str]]) -> list[str]:
    return [" ".join(terms) for terms in lists]


async def _count(
    connection: AsyncConnection, titles: Sequence[Sequence[str]], bodies: Sequence[Sequence[str]], *, sign: int
) -> None:
    counted = Counter(term for title, body in zip(titles, bodies, strict=True) for term in {*title, *body})
    # Always in one order: two processes that count the same terms must not wait for each other.
    terms = sorted(counted)
    await connection.execute(_COUNT, {"terms": terms, "sections": [sign * counted[term] for term in terms]})
    if sign < 0:
        await connection.execute(_FORGET, {"terms": terms})
    size = sum(map(len, titles)) + sum(map(len, bodies))
    await connection.execute(_ADD_TOTALS, {"sections": sign * len(titles), "terms": sign * size})


def _rarity(count: int, total: int) -> float:
    """Return the inverse document frequency as FTS5 works it out, never quite zero."""
    return max(LEAST_RARITY, math.log((total - count + 0.5) / (count + 0.5))) if total > count else LEAST_RARITY


def _score(row: Any, weights: _Weights) -> float:
    title, body = row.title.split(" ") if row.title else [], row.body.split(" ") if row.body else []
    damping = K1 * (1 - B + B * (len(title) + len(body)) / weights.average_terms)
    score = 0.0
    for term, rarity in weights.rarities.items():
        frequency = TITLE_WEIGHT * title.count(term) + body.count(term)
        score += rarity * frequency * (K1 + 1) / (frequency + damping)
    return round(score, SCORE_DIGITS)
