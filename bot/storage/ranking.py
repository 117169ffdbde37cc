"""Which sections answer a query best: candidates by the rare terms they hold, then BM25 over their terms. Pure.

The same for every database. Rare terms find sections in the whole archive, terms of middling rarity tell these apart,
and frequent ones only count in the score of the few that are left, so that the cost hardly grows with the archive.
Source: Robertson and Zaragoza 2009 (BM25); Broder et al. 2003 (two-level retrieval, WAND).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate
from typing import Final

from bot.storage.index import IndexFacts, Lookup
from bot.storage.passages import Section

# Sections that the rarest terms may bring: so many, or this share of a large archive.
MAX_FOUND: Final = 1_000
FOUND_SHARE: Final = 0.002
# How many entries of further terms may be read to tell these apart, for each section that may be found.
COMPARED_SHARE: Final = 2
# Where every term is frequent: sections that hold the two or three rarest are found, of so many terms at most.
MOST_TOGETHER: Final = 3
# Candidates whose terms are read and scored: with 48, R@1 of the evaluation sets was the same.
CANDIDATES: Final = 16
# Sections looked at for each article asked for: a long one has several.
SECTIONS_PER_HIT: Final = 2
# What a term in the title counts against one in the text.
TITLE_WEIGHT: Final = 2.0
K1: Final = 1.2
B: Final = 0.75
LEAST_RARITY: Final = 1e-6
# Weights of candidates are whole numbers of such a part: their sums are the same in any order.
WEIGHT_UNITS: Final = 2**20
# Sums in another order differ in the last digits: equal rows and hits must stay equal.
SCORE_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to ask the index: lookups, and for each the weight (in WEIGHT_UNITS) that its rows hold at least.

    Rows are `finding` by the first lookups; those of the rest count only where they were found. `rarities` are the
    keys of the query's terms with what each counts in the score.
    """

    lookups: tuple[Lookup, ...]
    weights: tuple[int, ...]
    finding: int
    rarities: Mapping[str, float]
    average_terms: float


def plan_search(counts: Mapping[str, int], facts: IndexFacts) -> Plan:
    """Return how to search for terms by their keys, the rarest first, each with the number of sections that hold it."""
    budget = max(MAX_FOUND, int(FOUND_SHARE * facts.sections))
    reach = list(accumulate(counts.values()))
    found = sum(1 for sections in reach if sections <= budget)
    keys = list(counts)
    # The rare ones count twice when there are others: no question of the evaluation sets was answered worse for it.
    rare = keys[: found or 1]
    doubled = len(rare) < len(keys)
    rarities = {
        key: (2 if doubled and key in rare else 1) * _rarity(count, facts.sections) for key, count in counts.items()
    }
    if found:
        compared = sum(1 for sections in reach if sections - reach[found - 1] <= COMPARED_SHARE * budget)
        lookups = [Lookup(keys=(key,), limit=counts[key]) for key in keys[:compared]]
        weights = [rarities[key] for key in keys[:compared]]
    else:
        lookups, weights = _of_frequent_terms(keys, rarities, counts, facts, budget)
    return Plan(
        lookups=tuple(lookups),
        weights=tuple(round(WEIGHT_UNITS * weight) for weight in weights),
        finding=found or len(lookups),
        rarities=rarities,
        average_terms=facts.terms / facts.sections if facts.sections else 1.0,
    )


def _of_frequent_terms(
    keys: Sequence[str], rarities: Mapping[str, float], counts: Mapping[str, int], facts: IndexFacts, budget: int
) -> tuple[list[Lookup], list[float]]:
    """Return lookups for the latest sections that hold the rarest terms together, and those that hold the rarest."""
    lookups, weights = [], []
    for together in range(min(MOST_TOGETHER, len(keys)), 1, -1):
        held = tuple(keys[:together])
        lookups.append(Lookup(keys=held, limit=budget))
        weights.append(sum(rarities[key] for key in held))
    rarest = keys[0]
    # Eras are counted in sequence numbers: what was taken out since leaves gaps in them.
    wanted = math.ceil(facts.eras * budget / counts[rarest])
    lookups.append(Lookup(keys=(rarest,), limit=budget, eras=range(max(0, facts.eras - 1 - wanted), facts.eras)))
    weights.append(rarities[rarest])
    return lookups, weights


def pick_candidates(plan: Plan, found: Sequence[Sequence[int]], limit: int) -> list[int]:
    """Return the rows that hold most of the query by the lookups alone, the best ones first, of equals the latest.

    They are enough for `limit` articles.
    """
    held: dict[int, int] = defaultdict(int)
    for rows, weight in zip(found[: plan.finding], plan.weights, strict=False):
        for row in rows:
            held[row] += weight
    for rows, weight in zip(found[plan.finding :], plan.weights[plan.finding :], strict=True):
        for row in rows:
            if row in held:
                held[row] += weight
    best = nlargest(max(CANDIDATES, SECTIONS_PER_HIT * limit), zip(held.values(), held, strict=True))
    return [row for _, row in best]


def rank_sections(plan: Plan, sections: Iterable[Section]) -> list[tuple[Section, float]]:
    """Return the sections with their BM25 scores, best first, of equals the first."""
    scored = [(section, _score(section, plan)) for section in sections]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].row))


def _rarity(count: int, total: int) -> float:
    """Return the inverse document frequency, never quite zero."""
    return max(LEAST_RARITY, math.log((total - count + 0.5) / (count + 0.5))) if total > count else LEAST_RARITY


def _score(section: Section, plan: Plan) -> float:
    rarities = plan.rarities
    title, body = section.title.split(), section.body.split()
    counted: dict[str, float] = defaultdict(float)
    for key in [key for key in body if key in rarities]:
        counted[key] += 1.0
    for key in [key for key in title if key in rarities]:
        counted[key] += TITLE_WEIGHT
    damping = K1 * (1 - B + B * section.size / plan.average_terms)
    parts = [rarities[key] * often * (K1 + 1) / (often + damping) for key, often in counted.items()]
    return round(math.fsum(parts), SCORE_DIGITS)
