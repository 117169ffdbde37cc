"""Full-text search over our own terms: FTS5 finds and ranks sections, the articles themselves decide among the best.

Words of a query are OR-ed and quoted, so no text is an invalid query. The rarest terms of a query find the sections,
frequent ones only rank what these found: the cost of a query hardly grows with the archive.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.questions import without_asking
from bot.model import Article, Hit
from bot.storage.articles import articles_at, articles_between
from bot.storage.index import index_of
from bot.storage.passages import (
    SECTIONS_PER_VERSION,
    Passage,
    Section,
    as_indexed,
    cut_sections,
    index_version,
    pick_passage,
    query_terms,
)
from bot.storage.tables import articles, facts
from bot.storage.upserts import upsert

# The best sections by BM25 are judged again by how much of the query the article and its best sentence hold: R@1 of
# known news items rose from .927 to .938. Their weights, against 1 for the share of the best BM25 score.
COVERAGE_WEIGHT: Final = 0.7
DENSITY_WEIGHT: Final = 0.7
# An archive of fewer sections does not tell which words are rare: as many as are missing are thought of, of which each
# word stands in a hundredth.
PRIOR_SECTIONS: Final = 50
PRIOR_SHARE: Final = 0.01
# Sections that are judged again: those among the first six with three quarters of the best score; more changed nothing.
MAX_JUDGED: Final = 6
MIN_JUDGED_SHARE: Final = 0.75
# Sections looked at for each article asked for: a long one has several.
SECTIONS_PER_HIT: Final = 2
# Sections that the rarest terms of a query may bring before further terms only rank: 3 ms at 20,000 articles.
MAX_FOUND: Final = 1_000
# Terms of a query that count, the rarest: a pasted article as a query stays cheap.
MAX_QUERY_TERMS: Final = 48
# Characters of a query that are read.
MAX_QUERY_CHARS: Final = 4_000
# Languages whose stemmers are tried on a query, which is too short to tell its language.
MAX_LANGUAGES: Final = 12
# Articles indexed at a time when an index is built anew: bounds memory.
REBUILD_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The terms of a query with their rarity, and how many sections hold each; unknown terms count as rarest."""

    weights: Mapping[str, float]
    counts: Mapping[str, int]


async def search(connection: AsyncConnection, words: str, *, limit: int) -> list[Hit]:
    """Return articles that match, best first, of equals the first read; scores run from 0 to 1."""
    query = await _weigh(connection, words)
    if not query.counts or limit < 1:
        return []
    ranked = _worth_judging(await _rank(connection, query, count=max(MAX_JUDGED, SECTIONS_PER_HIT * limit)), limit)
    found = await articles_at(connection, {row // SECTIONS_PER_VERSION for row, _ in ranked})
    best: dict[int, Hit] = {}
    for seq, hit in _judge(ranked, found, query):
        if seq not in best or hit.score > best[seq].score:
            best[seq] = hit
    return [best[seq] for seq in sorted(best, key=lambda seq: (-best[seq].score, seq))][:limit]


async def term_weights(connection: AsyncConnection, words: str) -> dict[str, float]:
    """Return the rarity of each term of a question, as every language of the archive stems it."""
    return dict((await _weigh(connection, words)).weights)


async def index_sections(connection: AsyncConnection, sections: Sequence[Section]) -> None:
    """Add rows to the index."""
    await index_of(connection).add(connection, sections)


async def unindex(connection: AsyncConnection, seqs: Collection[int]) -> None:
    """Take versions that are about to be replaced out of the index."""
    old = await articles_at(connection, seqs)
    sections = [section for seq in sorted(old) for section in cut_sections(old[seq], seq)]
    await index_of(connection).remove(connection, sections)


async def note_languages(connection: AsyncConnection, languages: Collection[str]) -> None:
    """Remember which languages the archive holds, for the stems of queries."""
    known = await _fact(connection, "languages")
    before: list[str] = json.loads(known) if known else []
    after = [*before, *sorted(set(languages) - set(before) - {"und"})]
    if after != before:
        await connection.execute(upsert(connection, facts), {"name": "languages", "value": json.dumps(after)})


async def index_is_current(connection: AsyncConnection) -> bool:
    """Return whether the index was made as this program makes it."""
    return await _fact(connection, "index_version") == index_version()


async def rebuild_index(connection: AsyncConnection) -> None:
    """Index every article anew, the way this program does."""
    await index_of(connection).clear(connection)
    newest = (await connection.execute(select(func.max(articles.c.seq)))).scalar() or 0
    for since in range(0, newest, REBUILD_BATCH):
        some = await articles_between(connection, since, since + REBUILD_BATCH)
        await index_sections(connection, [section for one in some for section in cut_sections(one, one.ingested_seq)])
    await connection.execute(upsert(connection, facts), {"name": "index_version", "value": index_version()})


async def _weigh(connection: AsyncConnection, words: str) -> Query:
    """Return the terms of a query, rarest first."""
    index = index_of(connection)
    languages, total = await index.languages_and_last_seq(connection)
    readings = _readings(words, json.loads(languages) if languages else ["en"])
    asked = {as_indexed(term): term for reading in readings for term in reading}
    if not asked:
        return Query(weights={}, counts={})
    found = await index.counts(connection, list(asked))
    counts = {asked[term]: doc for term, doc in found.items()}
    kept = sorted(counts, key=lambda term: counts[term])[:MAX_QUERY_TERMS]
    likeliest = max(readings, key=lambda reading: sum(term in counts for term in reading))
    unknown = [term for term in likeliest if term not in counts]
    return Query(
        weights={term: _rarity(counts.get(term, 0), total) for term in (*unknown, *kept)},
        counts={term: counts[term] for term in kept},
    )


def _readings(words: str, languages: Sequence[str]) -> list[list[str]]:
    """Return the distinct terms of a query as each language of the archive stems them, without stop words."""
    asked = words[:MAX_QUERY_CHARS]
    # "무엇인가" and its like match by chance; a query of nothing else keeps them.
    asked = without_asking(asked) if without_asking(asked).strip() else asked
    return [list(dict.fromkeys(query_terms(asked, language))) for language in languages[:MAX_LANGUAGES]]


def _rarity(count: int, total: int) -> float:
    """Return the inverse document frequency, never negative; of few sections, that of words in general counts too.

    Source: Lucene's BM25Similarity.
    """
    unseen = max(0, PRIOR_SECTIONS - total)
    held, among = count + unseen * PRIOR_SHARE, max(total, count) + unseen
    return math.log(1 + (among - held + 0.5) / (held + 0.5))


async def _rank(connection: AsyncConnection, query: Query, *, count: int) -> list[tuple[int, float]]:
    """Return row and score of the best sections: found by the rarest terms, ranked by all of them."""
    rarest_first = list(query.counts)
    reach = accumulate(query.counts[term] for term in rarest_first)
    finding = sum(1 for sections in reach if sections <= MAX_FOUND) or 1
    terms = [as_indexed(term) for term in rarest_first]
    return await index_of(connection).rank(connection, terms[:finding], terms[finding:], count=count)


def _worth_judging(ranked: Sequence[tuple[int, float]], limit: int) -> list[tuple[int, float]]:
    """Return the sections of the articles that will be shown or may come to be, best first."""
    shown: set[int] = set()
    worth = []
    for place, (row, score) in enumerate(ranked):
        contends = place < MAX_JUDGED and score >= MIN_JUDGED_SHARE * ranked[0][1]
        if contends or len(shown) < limit:
            shown.add(row // SECTIONS_PER_VERSION)
            worth.append((row, score))
    return worth


def _judge(
    ranked: Sequence[tuple[int, float]], found: Mapping[int, Article], query: Query
) -> Iterator[tuple[int, Hit]]:
    """Return seq and hit for each section of a current article, scored with what its text holds of the query."""
    top = max((score for _, score in ranked), default=0.0) or 1.0
    scale = 1.0 + COVERAGE_WEIGHT + DENSITY_WEIGHT
    for row, score in ranked:
        seq, section = divmod(row, SECTIONS_PER_VERSION)
        if seq in found:
            passage = pick_passage(found[seq], section, query.weights)
            judged = score / top + COVERAGE_WEIGHT * passage.coverage + DENSITY_WEIGHT * passage.density
            yield seq, _hit_of(found[seq], passage, judged / scale)


def _hit_of(article: Article, passage: Passage, score: float) -> Hit:
    return Hit(
        article_id=article.id,
        path=article.path,
        title=article.title or "",
        score=score,
        passage=passage.text,
        sentence_index=passage.sentence_index,
        sentence=passage.sentence,
    )


async def _fact(connection: AsyncConnection, name: str) -> str | None:
    return (await connection.execute(select(facts.c.value).where(facts.c.name == name))).scalar()
