"""Features as vectors: terms weighed by their rarity among the articles seen so far. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from operator import add, mul
from typing import Final

from bot.stories.features import Features

# Terms whose frequency is known. When there are more, the rarest are forgotten until half of them are left, so that
# this happens the less often the fewer terms are new.
MAX_VOCABULARY: Final = 250_000

# Log of the occurrences: what is said five times is not five times as telling.
_DAMPED: Final = (0.0, *(1.0 + math.log(count) for count in range(1, 256)))

Vector = dict[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """Share of words, names and numbers in a similarity, and the articles that are taken as seen before the first:
    the more, the more does a term weigh that all of the few articles seen so far have."""

    shares: tuple[float, float, float]
    prior_articles: int


# What tells two earthquakes apart is where, who and how many; what every article of a small archive has tells nothing.
AS_EVENT: Final = Weighing(shares=(0.35, 0.35, 0.30), prior_articles=2)
# What holds a storyline together is what all its articles have; figures change from day to day.
AS_STORYLINE: Final = Weighing(shares=(0.6, 0.4, 0.0), prior_articles=100)


class _Logs(dict[int, float]):
    """The logarithm of a count and a half, reckoned once for each count."""

    def __missing__(self, count: int) -> float:
        self[count] = log = math.log(count + 0.5)
        return log


class Vocabulary:
    """Counts in how many articles each term was seen."""

    def __init__(self) -> None:
        self.articles = 0
        self._with_term: Counter[int] = Counter()
        self._logs = _Logs()

    def count(self, features: Features) -> None:
        """Add the terms of one more article."""
        self.articles += 1
        self._with_term.update(features.terms)
        if len(self._with_term) > MAX_VOCABULARY:
            self._forget_rarest()

    def log_counts(self, features: Features) -> list[float]:
        """Return for each term the logarithm of the number of articles that have it: what `weigh` has to look up."""
        seen, logs = self._with_term, self._logs
        return [logs[seen.get(term, 0)] for term in features.terms]

    def weigh(self, features: Features, weighing: Weighing, log_counts: Sequence[float] | None = None) -> Vector:
        """Return the terms by how telling they are; each kind has its share of a vector of length 1.

        `log_counts` are those of these features, when they were looked up before.
        """
        total = math.log(self.articles + weighing.prior_articles)
        logs = self.log_counts(features) if log_counts is None else log_counts
        terms, kinds = features.terms, features.kinds
        values = [_DAMPED[count] * (total - log) for count, log in zip(features.counts, logs, strict=True)]
        squares = [0.0, 0.0, 0.0]
        for kind, value in zip(kinds, values, strict=True):
            if value > 0.0:
                squares[kind] += value * value
        shares = weighing.shares
        there = sum([share for share, square in zip(shares, squares, strict=True) if square]) or 1.0
        scales = [
            math.sqrt(share / there / square) if square else 0.0 for share, square in zip(shares, squares, strict=True)
        ]
        return {
            term: value * scales[kind]
            for term, kind, value in zip(terms, kinds, values, strict=True)
            if value > 0.0 and scales[kind]
        }

    def _forget_rarest(self) -> None:
        """Forget terms seen least often, as many as there are above half of the limit."""
        sizes = Counter(self._with_term.values())
        left, floor = len(self._with_term), 0
        for count in sorted(sizes):
            if left <= MAX_VOCABULARY // 2:
                break
            left, floor = left - sizes[count], count
        self._with_term = Counter({term: count for term, count in self._with_term.items() if count > floor})


def as_if_alone(articles: Sequence[Features], weighing: Weighing) -> list[Vector]:
    """Return the vectors of these articles, with terms weighed by their rarity among these alone."""
    vocabulary = Vocabulary()
    for features in articles:
        vocabulary.count(features)
    return [vocabulary.weigh(features, weighing) for features in articles]


def dot(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return the inner product."""
    shared = one.keys() & other.keys()
    product: float = sum(map(mul, map(one.__getitem__, shared), map(other.__getitem__, shared)))
    return product


def mutual(vectors: Sequence[Vector]) -> float:
    """Return the sum of the inner products of all pairs: half of what the square of their sum has beyond their own."""
    whole: Vector = {}
    for vector in vectors:
        whole.update(zip(vector, map(add, vector.values(), map(whole.get, vector, repeat(0.0))), strict=True))
    own = sum(_square(vector.values()) for vector in vectors)
    return (_square(whole.values()) - own) / 2.0


def _square(values: Collection[float]) -> float:
    total: float = sum(map(mul, values, values))
    return total


def key_terms(vector: Vector, count: int) -> list[int]:
    """Return the terms that tell most, first those that tell most of all."""
    return sorted(vector, key=vector.__getitem__, reverse=True)[:count]
