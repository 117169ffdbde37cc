"""Features as vectors: terms weighed by their rarity among the articles seen so far. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.stories.features import Features

# Terms whose frequency is known: beyond it, those seen once are forgotten.
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


class Vocabulary:
    """Counts in how many articles each term was seen."""

    def __init__(self) -> None:
        self.articles = 0
        self._with_term: dict[int, int] = {}

    def count(self, features: Features) -> None:
        """Add the terms of one more article."""
        self.articles += 1
        seen = self._with_term
        for term in features.terms:
            seen[term] = seen.get(term, 0) + 1
        if len(seen) > MAX_VOCABULARY:
            self._with_term = {term: count for term, count in seen.items() if count > 1}

    def weigh(self, features: Features, weighing: Weighing) -> Vector:
        """Return the terms by how telling they are; each kind has its share of a vector of length 1."""
        total = math.log(self.articles + weighing.prior_articles)
        seen, log, damped = self._with_term, math.log, _DAMPED
        values = [
            damped[count] * (total - log(seen.get(term, 0) + 0.5))
            for term, count in zip(features.terms, features.counts, strict=True)
        ]
        squares = [0.0, 0.0, 0.0]
        for kind, value in zip(features.kinds, values, strict=True):
            if value > 0.0:
                squares[kind] += value * value
        shares = weighing.shares
        there = sum([share for share, square in zip(shares, squares, strict=True) if square]) or 1.0
        scales = [
            math.sqrt(share / there / square) if square else 0.0 for share, square in zip(shares, squares, strict=True)
        ]
        return {
            term: value * scales[kind]
            for term, kind, value in zip(features.terms, features.kinds, values, strict=True)
            if value > 0.0 and scales[kind]
        }


def as_if_alone(articles: Sequence[Features], weighing: Weighing) -> list[Vector]:
    """Return the vectors of these articles, with terms weighed by their rarity among these alone."""
    vocabulary = Vocabulary()
    for features in articles:
        vocabulary.count(features)
    return [vocabulary.weigh(features, weighing) for features in articles]


def dot(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Return the inner product."""
    if len(one) > len(other):
        one, other = other, one
    return sum([value * other[term] for term, value in one.items() if term in other])


def key_terms(vector: Vector, count: int) -> list[int]:
    """Return the terms that tell most, first those that tell most of all."""
    return sorted(vector, key=vector.__getitem__, reverse=True)[:count]
