"""Cuts an article into the rows of the search index and picks the passage that answers a query. Pure.

A row is a section: a whole article of usual length, so that all words of a query count together, or a part of a
long one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.model import Article
from bot.text.words import terms

# Change it whenever terms or sections come out differently: an index of another version is built anew.
INDEX_VERSION: Final = "1"
# Row numbers of one version of an article: `seq * SECTIONS_PER_VERSION + section`.
SECTIONS_PER_VERSION: Final = 1024
# Sentences in a section, about 1,000 words: nearly every news article is one section.
SECTION_SENTENCES: Final = 48
# Sentences of the passage that is shown with a hit.
PASSAGE_SENTENCES: Final = 3
# What a sentence next to the best one adds to a passage, against what it holds itself.
_NEIGHBOUR: Final = 0.5

# ASCII that is neither letter nor digit would split a term in the index: it is moved to private use characters.
_WHOLE: Final = {code: chr(0xE000 + code) for code in range(128) if not chr(code).isalnum()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One row of the index: its number among all rows, and the terms of title and text, joined by spaces."""

    row: int
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The sentences shown for a hit, the best one among them, and how much of the query they hold (0 to 1)."""

    text: str
    sentence_index: int
    sentence: str
    coverage: float


def cut_sections(article: Article, seq: int) -> list[Section]:
    """Return the rows of the index for this version of an article; none when it has no words."""
    title = _joined(terms(article.title or "", article.language))
    rest = " ".join(filter(None, (article.deck, *article.key_points)))
    bodies = [_joined(terms(text, article.language)) for text in _section_texts(article)]
    if rest:
        bodies[0] = f"{bodies[0]} {_joined(terms(rest, article.language))}"
    return [
        Section(row=seq * SECTIONS_PER_VERSION + number, title=title, body=body)
        for number, body in enumerate(bodies)
        if title or body
    ]


def seq_of_row(row: int) -> int:
    """Return the sequence number of the article version a row of the index belongs to."""
    return row // SECTIONS_PER_VERSION


def index_term(term: str) -> str:
    """Return the term as the index holds it: no character in it means anything to the query language."""
    return term.translate(_WHOLE)


def pick_passage(article: Article, weights: Mapping[str, float]) -> Passage:
    """Return the sentences of an article that hold most of the weighted query terms."""
    total = sum(weights.values()) or 1.0
    found = [_found(terms(sentence.text, article.language), weights) for sentence in article.sentences]
    if not found:
        held = _found(terms(article.body or article.title or "", article.language), weights)
        coverage = _sum(held, weights) / total
        return Passage(text=article.body, sentence_index=0, sentence=article.body, coverage=coverage)
    best = max(range(len(found)), key=lambda index: (_with_neighbours(found, index, weights), -index))
    first = min(max(0, best - 1), max(0, len(found) - PASSAGE_SENTENCES))
    window = range(first, min(len(found), first + PASSAGE_SENTENCES))
    start, end = article.sentences[window[0]].start, article.sentences[window[-1]].end
    held = set().union(*(found[index] for index in window))
    return Passage(
        text=article.body[start:end],
        sentence_index=best,
        sentence=article.sentences[best].text,
        coverage=_sum(held, weights) / total,
    )


def _section_texts(article: Article) -> list[str]:
    """Return the texts of the sections in order; a very long article has longer sections, never too many."""
    count = len(article.sentences)
    size = max(SECTION_SENTENCES, -(-count // (SECTIONS_PER_VERSION - 1)))
    if count <= size:
        return [article.body]
    starts = [0, *(article.sentences[index].start for index in range(size, count, size)), len(article.body)]
    return [article.body[start:end] for start, end in pairwise(starts)]


def _joined(found: Sequence[str]) -> str:
    return " ".join(index_term(term) for term in found)


def _found(sentence_terms: Sequence[str], weights: Mapping[str, float]) -> set[str]:
    return {term for term in sentence_terms if term in weights}


def _sum(held: Collection[str], weights: Mapping[str, float]) -> float:
    return sum(weights[term] for term in held)


def _with_neighbours(found: Sequence[set[str]], index: int, weights: Mapping[str, float]) -> float:
    """Return the weight of the query terms in a sentence, plus what its neighbours add to them."""
    own = found[index]
    beside = set().union(*_neighbours(found, index)) - own
    return _sum(own, weights) + _NEIGHBOUR * _sum(beside, weights)


def _neighbours(found: Sequence[set[str]], index: int) -> Iterator[set[str]]:
    if index > 0:
        yield found[index - 1]
    if index + 1 < len(found):
        yield found[index + 1]
