"""The sentences of a day in the order of their worth: what tells most of what all of them say, and reads well. Pure."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.model import Article
from bot.stories.dating import OFF_TOPIC, Mention
from bot.text.dates import Period
from bot.text.numbers import find_numbers
from bot.text.words import content_terms, count_words

# What becomes of the worth of a sentence whose date is that of a statement.
SAYING: Final = 0.5
# Sentences of one period that are compared.
_MAX_COMPARED: Final = 60
# Words of an entry that reads well; longer and shorter ones are taken when there is nothing else.
_LONGEST_WORDS: Final = 45
_FEWEST_WORDS: Final = 6
# What becomes of the likeness to what is said of the day when a sentence reads badly, asks, or dates a statement.
_BAD_LENGTH: Final = 0.6
_QUESTION: Final = 0.3
# A sentence that opens with a pronoun: of whom it speaks stands elsewhere.
_PRONOUN: Final = 0.7
_OPENS_WITH_PRONOUN: Final = re.compile(r"\W*(?:he|she|it|they|this|that|these|those)\b", re.IGNORECASE)
# A sentence written when its day lay ahead, where others tell what came of it.
_OUTDATED: Final = 0.7
# A sentence that names other days too, for each of them.
_OTHER_DAYS: Final = 0.8
_MAX_OTHER_DAYS: Final = 4

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One sentence under one period, with its terms as a vector of length 1."""

    mention: Mention
    vector: Vector
    value: float


class Weights:
    """How much each term tells apart the articles (idf), and the sentences of a period in the order of their worth."""

    def __init__(
        self, articles: Sequence[Article], copies: Sequence[Article], periods: Mapping[Period, Sequence[Mention]]
    ) -> None:
        """`copies` weigh nothing; their sentences, numbered behind those of the articles, can be compared."""
        self._articles = [*articles, *copies]
        self._named = Counter(
            (mention.article, mention.sentence.index) for named in periods.values() for mention in named
        )
        self._vectors: dict[tuple[int, int], Vector] = {}
        self._count = len(articles)
        self._holding: Counter[str] = Counter()
        for article in articles:
            self._holding.update(set(content_terms(article.body, article.language)))

    def tell(self, named: Sequence[Mention]) -> list[Told]:
        """Return the sentences, the one that tells most of what all of them say first."""
        compared = sorted(named, key=lambda mention: -mention.weight)[:_MAX_COMPARED]
        if any(mention.weight > OFF_TOPIC for mention in compared):
            compared = [mention for mention in compared if mention.weight > OFF_TOPIC]
        vectors = [self._vector(mention) for mention in compared]
        centre: Counter[str] = Counter()
        for vector in vectors:
            centre.update(dict(vector))
        length = math.sqrt(sum(weight * weight for weight in centre.values())) or 1.0
        has_news = any(not mention.is_ahead for mention in compared)
        told = [
            Told(
                mention=mention,
                vector=vector,
                value=cosine(vector, centre) / length * _form(mention, has_news=has_news) * self._focus(mention),
            )
            for mention, vector in zip(compared, vectors, strict=True)
        ]
        return sorted(told, key=lambda one: -one.value)

    def _focus(self, mention: Mention) -> float:
        """Return what a sentence keeps of its worth when it names other days too."""
        others = self._named[mention.article, mention.sentence.index] - 1
        return _OTHER_DAYS ** min(others, _MAX_OTHER_DAYS)

    def _vector(self, mention: Mention) -> Vector:
        key = (mention.article, mention.sentence.index)
        if key not in self._vectors:
            language = self._articles[mention.article].language
            counts = Counter(content_terms(mention.sentence.text, language))
            weights = {
                term: (1 + math.log(count)) * math.log(1 + self._count / max(1, self._holding[term]))
                for term, count in counts.items()
            }
            length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            self._vectors[key] = {term: weight / length for term, weight in weights.items()}
        return self._vectors[key]


def disagree(one: Told, other: Told) -> bool:
    """Return whether each of two sentences gives a figure that the other does not; days are no figures."""
    figures, others = _figures(one.mention), _figures(other.mention)
    return bool(figures - others and others - figures)


def _figures(mention: Mention) -> frozenset[str]:
    text, span = mention.sentence.text, mention.span
    return frozenset(
        number.value for number in find_numbers(text) if number.end <= span.start or span.end <= number.start
    )


def _form(mention: Mention, *, has_news: bool) -> float:
    """Return what a sentence keeps of its worth by its form: its length, its mood, what its date belongs to."""
    text = mention.sentence.text
    worth = mention.span.confidence * mention.weight
    if not _FEWEST_WORDS <= count_words(text) <= _LONGEST_WORDS:
        worth *= _BAD_LENGTH
    if text.rstrip("\"'”’ ").endswith(("?", "？")):
        worth *= _QUESTION
    if mention.of_saying:
        worth *= SAYING
    if _OPENS_WITH_PRONOUN.match(text):
        worth *= _PRONOUN
    if has_news and mention.is_ahead:
        worth *= _OUTDATED
    return worth


def cosine(one: Vector, other: Vector) -> float:
    """Return the inner product of two vectors of length 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
