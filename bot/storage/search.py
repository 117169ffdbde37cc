"""Full-text search over our own terms: the index finds and ranks sections, their sentences decide among the best.

Words of a query are OR-ed and quoted, so no text is an invalid query. The rarest terms of a query find the sections,
frequent ones only rank what these found: the cost of a query hardly grows with the archive.
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import structlog
from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.questions import searched_words
from bot.model import Article, Hit
from bot.storage.articles import articles_at, articles_between, keys_at
from bot.storage.copies import fingerprint_of
from bot.storage.copy_index import add_rare, copy_index_of, load_sharing
from bot.storage.index import Entry, IndexFacts, SectionIndex
from bot.storage.passages import (
    SECTIONS_PER_VERSION,
    Match,
    Section,
    as_indexed,
    cut_sections,
    index_version,
    match_section,
    query_terms,
    show_passage,
)
from bot.storage.ranking import SCORE_DIGITS, pick_candidates, plan_search, rank_sections
from bot.storage.tables import articles, facts
from bot.storage.upserts import upsert

log = structlog.get_logger()

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
# Terms of a query that count, the rarest: a pasted article as a query stays cheap.
MAX_QUERY_TERMS: Final = 48
# Characters of a query that are read.
MAX_QUERY_CHARS: Final = 4_000
# Languages whose stemmers are tried on a query, which is too short to tell its language.
MAX_LANGUAGES: Final = 12
# Articles indexed at a time when an index is built anew: bounds memory.
REBUILD_BATCH: Final = 500
# Seconds between two lines of the log meanwhile: of a million articles it is made for most of an hour.
REBUILD_SAID_EVERY_S: Final = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """The terms of a query with their rarity; unknown terms count as rarest.

    `entries` are what the index holds of those that are known, rarest first.
    """

    weights: Mapping[str, float]
    entries: Mapping[str, Entry]
    facts: IndexFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """The best section of an article, with what it holds of the query."""

    score: float
    section: int
    match: Match


def index_of(connection: Connection | AsyncConnection) -> SectionIndex:
    """Return the index of the database this connection leads to."""
    if connection.dialect.name == "postgresql":
        from bot.storage.index_postgres import PostgresIndex

        return PostgresIndex()
    from bot.storage.index_sqlite import SqliteIndex

    return SqliteIndex()


async def search(connection: AsyncConnection, words: str, *, limit: int) -> list[Hit]:
    """Return articles that match, best first, of equals the first read; scores run from 0 to 1."""
    query = await _weigh(connection, words)
    if not query.entries or limit < 1:
        return []
    best = _judge(_worth_judging(await _rank(connection, query, limit), limit), query)
    shown = dict(islice(best.items(), limit))
    found = await articles_at(connection, shown)
    return [_hit_of(found[seq], judged) for seq, judged in shown.items() if seq in found]


async def term_weights(connection: AsyncConnection, words: str) -> dict[str, float]:
    """Return the rarity of each term of a question, as every language of the archive stems it."""
    return dict((await _weigh(connection, words)).weights)


async def index_sections(connection: AsyncConnection, sections: Sequence[Section]) -> None:
    """Add rows to the index."""
    await index_of(connection).add(connection, sections)


async def index_articles(connection: AsyncConnection, some: Sequence[Article]) -> None:
    """Add all that is made of stored articles to find them by: their sections and what tells their copies."""
    sections, samples = await _made_of(connection, some)
    await index_sections(connection, sections)
    await add_rare(connection, samples, await load_sharing(connection, samples.values()))


async def unindex(connection: AsyncConnection, seqs: Collection[int]) -> None:
    """Take versions that are about to be replaced out of the index."""
    old = await articles_at(connection, seqs)
    if old:
        sections, samples = await _made_of(connection, [old[seq] for seq in sorted(old)])
        await index_of(connection).remove(connection, sections)
        await copy_index_of(connection).remove(connection, samples)


async def _made_of(
    connection: AsyncConnection, some: Sequence[Article]
) -> tuple[list[Section], dict[int, tuple[int, ...]]]:
    """Return the sections of stored articles, in order, and by row key their sampled shingles; a ms an article."""
    sections, samples = await asyncio.to_thread(
        lambda: (
            [section for one in some for section in cut_sections(one, one.ingested_seq)],
            {one.ingested_seq: fingerprint_of(one).sample for one in some},
        )
    )
    keys = await keys_at(connection, samples)
    return sections, {keys[seq]: sample for seq, sample in samples.items()}


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
    await copy_index_of(connection).clear(connection)
    newest = (await connection.execute(select(func.max(articles.c.seq)))).scalar() or 0
    said_at = time.monotonic()
    for since in range(0, newest, REBUILD_BATCH):
        if time.monotonic() - said_at > REBUILD_SAID_EVERY_S:
            log.info("the search index is made anew for this version", done=since, articles=newest)
            said_at = time.monotonic()
        some = await articles_between(connection, since, since + REBUILD_BATCH)
        await index_articles(connection, some)
    await connection.execute(upsert(connection, facts), {"name": "index_version", "value": index_version()})


async def _weigh(connection: AsyncConnection, words: str) -> Query:
    """Return the terms of a query, rarest first."""
    index = index_of(connection)
    held = await index.facts(connection)
    readings = _readings(words, json.loads(held.languages) if held.languages else ["en"])
    asked = {as_indexed(term): term for reading in readings for term in reading}
    if not asked:
        return Query(weights={}, entries={}, facts=held)
    entries = await index.entries(connection, list(asked), held.sections)
    rarest = sorted(entries, key=lambda term: (entries[term].sections, term))[:MAX_QUERY_TERMS]
    likeliest = max(readings, key=lambda reading: sum(as_indexed(term) in entries for term in reading))
    unknown = [term for term in likeliest if as_indexed(term) not in entries]
    weights = {term: _rarity(0, held.last_seq) for term in unknown}
    weights |= {asked[term]: _rarity(entries[term].sections, held.last_seq) for term in rarest}
    return Query(weights=weights, entries={asked[term]: entries[term] for term in rarest}, facts=held)


def _readings(words: str, languages: Sequence[str]) -> list[list[str]]:
    """Return the distinct terms of a query as each language of the archive stems them, without stop words."""
    asked = searched_words(words[:MAX_QUERY_CHARS])
    return [list(dict.fromkeys(query_terms(asked, language))) for language in languages[:MAX_LANGUAGES]]


def _rarity(count: int, total: int) -> float:
    """Return the inverse document frequency, never negative; of few sections, that of words in general counts too.

    Source: Lucene's BM25Similarity.
    """
    unseen = max(0, PRIOR_SECTIONS - total)
    held, among = count + unseen * PRIOR_SHARE, max(total, count) + unseen
    return math.log(1 + (among - held + 0.5) / (held + 0.5))


async def _rank(connection: AsyncConnection, query: Query, limit: int) -> list[tuple[Section, float]]:
    """Return the best sections with their scores."""
    index = index_of(connection)
    plan = plan_search({entry.key: entry.sections for entry in query.entries.values()}, query.facts)
    rows = pick_candidates(plan, await index.find(connection, plan.lookups), limit)
    return rank_sections(plan, await index.read(connection, rows))


def _worth_judging(ranked: Sequence[tuple[Section, float]], limit: int) -> list[tuple[Section, float]]:
    """Return the sections of the articles that will be shown or may come to be, best first."""
    shown: set[int] = set()
    worth = []
    for place, (section, score) in enumerate(ranked):
        contends = place < MAX_JUDGED and score >= MIN_JUDGED_SHARE * ranked[0][1]
        if contends or len(shown) < limit:
            shown.add(section.row // SECTIONS_PER_VERSION)
            worth.append((section, score))
    return worth


def _judge(ranked: Iterable[tuple[Section, float]], query: Query) -> dict[int, _Judged]:
    """Return the best section of each article by its sequence number, scored with what it holds, best first."""
    ranked = list(ranked)
    top = max((score for _, score in ranked), default=0.0) or 1.0
    scale = 1.0 + COVERAGE_WEIGHT + DENSITY_WEIGHT
    weights = {entry.key: query.weights[term] for term, entry in query.entries.items()}
    total = sum(query.weights.values())
    best: dict[int, _Judged] = {}
    for section, score in ranked:
        match = match_section(section, weights, total=total)
        judged = score / top + COVERAGE_WEIGHT * match.coverage + DENSITY_WEIGHT * match.density
        seq, number = divmod(section.row, SECTIONS_PER_VERSION)
        if seq not in best or round(judged / scale, SCORE_DIGITS) > best[seq].score:
            best[seq] = _Judged(score=round(judged / scale, SCORE_DIGITS), section=number, match=match)
    return dict(sorted(best.items(), key=lambda pair: (-pair[1].score, pair[0])))


def _hit_of(article: Article, judged: _Judged) -> Hit:
    passage = show_passage(article, judged.section, judged.match.best)
    return Hit(
        article=article,
        score=judged.score,
        passage=passage.text,
        sentence_index=passage.sentence_index,
        sentence=passage.sentence,
    )


async def _fact(connection: AsyncConnection, name: str) -> str | None:
    return (await connection.execute(select(facts.c.value).where(facts.c.name == name))).scalar()
