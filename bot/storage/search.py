"""Full-text search over our own terms: FTS5 finds and ranks sections, the best passage of each article is picked here.

Words of a query are OR-ed and quoted, so no text is an invalid query. Frequent terms of a query only rank what rarer
ones found: a query costs as much as its rarest terms, however many articles there are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import Article, Hit
from bot.storage.articles import articles_at
from bot.storage.passages import Passage, Section, index_term, pick_passage, seq_of_row
from bot.storage.tables import facts, vocabulary
from bot.storage.upserts import upsert
from bot.text.words import content_terms

# What a term in the title counts against one in the text.
TITLE_WEIGHT: Final = 2.0
# Sections ranked by the database for each hit asked for, and at least: some are of one article, or of old versions.
SECTIONS_PER_HIT: Final = 2
MIN_SECTIONS: Final = 12
# Terms of a query that count: a pasted article as a query stays cheap; the rarest are kept.
MAX_QUERY_TERMS: Final = 64
# Characters of a query that are read.
MAX_QUERY_CHARS: Final = 4_000
# Languages whose stemmers are tried on a query, which is too short to tell its language.
MAX_LANGUAGES: Final = 6


async def index_sections(connection: AsyncConnection, sections: Sequence[Section]) -> None:
    """Add rows to the index."""
    if sections:
        rows = [{"row": one.row, "title": one.title, "body": one.body} for one in sections]
        await connection.execute(text("INSERT INTO sections (rowid, title, body) VALUES (:row, :title, :body)"), rows)


async def note_languages(connection: AsyncConnection, languages: Collection[str]) -> None:
    """Remember which languages the archive holds, for the stems of queries."""
    known = await _languages(connection)
    new = [*known, *sorted(set(languages) - set(known) - {"und"})]
    if new != known:
        await connection.execute(upsert(connection, facts), {"name": "languages", "value": json.dumps(new)})


async def search(connection: AsyncConnection, words: str, *, limit: int) -> list[Hit]:
    """Return articles that match, best first, each with its best passage."""
    weights = await _weigh(connection, _query_terms(words, await _languages(connection)))
    if not weights or limit < 1:
        return []
    ranked = await _rank(connection, weights, count=max(MIN_SECTIONS, limit * SECTIONS_PER_HIT))
    scores: dict[int, float] = {}
    for row, score in ranked:
        seq = seq_of_row(row)
        scores[seq] = max(scores.get(seq, 0.0), score)
    found = await articles_at(connection, scores)
    best = sorted(found, key=lambda seq: (-scores[seq], seq))[:limit]
    return [_hit_of(found[seq], scores[seq], weights) for seq in best]


async def _languages(connection: AsyncConnection) -> list[str]:
    value = (await connection.execute(select(facts.c.value).where(facts.c.name == "languages"))).scalar()
    return [] if value is None else list(json.loads(value))


def _query_terms(words: str, languages: Iterable[str]) -> list[str]:
    """Return the distinct terms of a query, stemmed as each language of the archive stems them."""
    asked = words[:MAX_QUERY_CHARS]
    found: dict[str, None] = {}
    for language in list(languages)[:MAX_LANGUAGES] or ["en"]:
        found.update(dict.fromkeys(content_terms(asked, language)))
    return list(found)


async def _weigh(connection: AsyncConnection, query: Sequence[str]) -> dict[str, float]:
    """Return the rarity (inverse document frequency) of each term the archive holds, rarest first."""
    if not query:
        return {}
    named = {index_term(term): term for term in query}
    wanted = select(vocabulary.c.term, vocabulary.c.doc).where(vocabulary.c.term.in_(named))
    counts = {named[term]: doc for term, doc in await connection.execute(wanted)}
    total = (await connection.execute(text("SELECT count(*) FROM sections_docsize"))).scalar() or 0
    rarest = sorted(counts, key=lambda term: counts[term])[:MAX_QUERY_TERMS]
    return {term: math.log(1 + (total - counts[term] + 0.5) / (counts[term] + 0.5)) for term in rarest}


async def _rank(connection: AsyncConnection, weights: Mapping[str, float], *, count: int) -> list[tuple[int, float]]:
    """Return row and score of the best sections."""
    match = " OR ".join(f'"{index_term(term)}"' for term in weights)
    statement = text(
        "SELECT rowid, -bm25(sections, :title_weight, 1.0) AS score FROM sections WHERE sections MATCH :match "
        "ORDER BY score DESC LIMIT :count"
    )
    rows = await connection.execute(statement, {"match": match, "title_weight": TITLE_WEIGHT, "count": count})
    return [(row.rowid, row.score) for row in rows]


def _hit_of(article: Article, score: float, weights: Mapping[str, float]) -> Hit:
    passage: Passage = pick_passage(article, weights)
    return Hit(
        article_id=article.id,
        path=article.path,
        title=article.title or "",
        score=score,
        passage=passage.text,
        sentence_index=passage.sentence_index,
        sentence=passage.sentence,
    )
