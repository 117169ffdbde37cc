"""Scores for the sentences of one article: how much each one tells, seen from its place and from what follows it.

News puts first what matters, and says again later what matters. So a sentence scores by its position, by how much the
rest of the article comes back to it (directed centrality), and by its closeness to the title; a quoted, asking or
first-person sentence loses. Everything is a sparse dot product against running sums, so the cost grows with the words
of the article and not with the square of its sentences.

Source: the position prior and the directed centrality of Zheng and Lapata, "Sentence Centrality Revisited for
Unsupervised Summarization" (ACL 2019), with weights set by hand on development data.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.text.lazy import compile_later
from bot.text.words import content_terms, terms

POSITION_DECAY = 5.0  # sentences after which the bonus of an early place has fallen to 1/e
EARLY_SENTENCES = 10  # the lead proper: within it every place counts, after it only the decaying bonus
NAMES_WEIGHT = 0.1
MAX_NAMES = 6  # names beyond this add nothing
QUOTE_WEIGHT = 0.2
QUESTION_WEIGHT = 0.3
PERSON_WEIGHT = 0.15
CAPTION_WEIGHT = 0.2
MAX_RANKED = 250  # sentences; later ones of a very long article cannot win against the position prior
MAX_FORM_SENTENCES = 60  # beyond them a sentence is so far behind that its wording no longer matters
MAX_CHARS = 1500  # of a sentence that are looked at; no sentence people wrote is longer

_CAPITALISED = compile_later(r"[^\W\d_a-z](?<![\w.].)[\w&’'-]*(?:\s+[^\W\d_a-z][\w&’'-]*)*")
_ASCII_CAPITALISED = compile_later(r"[A-Z](?<![\w.].)[\w&'-]*(?:\s+[A-Z][\w&'-]*)*", re.ASCII)
_QUOTED = compile_later(r"[\"“„«「『][^\"“”„«»「」『』]*[\"”»」』]|``[^`']*''")
_QUOTE_SIGN = compile_later('["“„«「『`]')
_FIRST_OR_SECOND_PERSON = compile_later(  # in lower case
    r"[imouwy](?<!\w.)(?:(?<=i)|(?<=w)e|(?<=m)y|(?<=y)ou|(?<=y)our|(?<=o)ur|(?<=u)s)\b"
)

_CAPTION = compile_later(r"\(\s?(?:pictured|left|right|centre|center|above|below|file photo|inset)\b", re.IGNORECASE)

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What place, centrality and closeness to the title add to a score.

    `shared_terms` measures centrality by how many places of the article share the sentence's terms, which favours
    sentences that hold much, instead of by its cosines with what follows.
    """

    position: float
    early: float
    centrality: float
    title: float
    shared_terms: bool = False


# English-style news tells it all in the lead; Korean features come back to their point late and in long sentences.
DEFAULT_WEIGHTS = Weights(position=1.0, early=1.0, centrality=0.4, title=0.15)
WEIGHTS_BY_LANGUAGE = {"ko": Weights(position=0.35, early=0.0, centrality=1.0, title=0.1, shared_terms=True)}


@dataclass(frozen=True, slots=True)
class Ranking:
    """The score of each sentence (higher is better), its unit vector over the article's terms, and its term counts."""

    scores: tuple[float, ...]
    vectors: tuple[Vector, ...]
    counts: tuple[Mapping[str, int], ...]

    def similarity(self, left: int, right: int) -> float:
        """The cosine of two sentences, 0 to 1."""
        return dot(self.vectors[left], self.vectors[right])


def rank_sentences(
    sentences: Sequence[str],
    *,
    title: str | None = None,
    language: str = "en",
    counts: Sequence[Mapping[str, int]] | None = None,
) -> Ranking:
    """The ranking of `sentences` (in the order of the article); only the first `MAX_RANKED` are ranked.

    `counts` are their term counts where an earlier ranking has them.
    Source: see the head of this file; `x = (1 + ln tf) ln(1 + n / df)` inside the document.
    """
    texts = [sentence[:MAX_CHARS] for sentence in sentences[:MAX_RANKED]]
    if not texts:
        return Ranking((), (), ())
    weights = WEIGHTS_BY_LANGUAGE.get(language, DEFAULT_WEIGHTS)
    counts = counts or [_count(text, language) for text in texts]
    vectors, title_vector = _vectors(counts, title, language)
    centrality = _shared_terms(texts, language) if weights.shared_terms else _forward_centrality(vectors)
    most_central = max(centrality) or 1.0
    closeness = [dot(vector, title_vector) for vector in vectors]
    if not title:
        closeness[0] = max(closeness[1:], default=0.0)
    scores = [
        weights.position * math.exp(-index / POSITION_DECAY)
        + weights.early * max(0.0, 1.0 - index / EARLY_SENTENCES)
        + weights.centrality * centrality[index] / most_central
        + weights.title * closeness[index]
        + (_form_score(text) if index < MAX_FORM_SENTENCES else 0.0)
        for index, text in enumerate(texts)
    ]
    return Ranking(tuple(scores), tuple(vectors), tuple(counts))


def dot(left: Vector, right: Vector) -> float:
    """The dot product of two sparse vectors."""
    if len(left) > len(right):
        left, right = right, left
    total = 0.0
    for term, weight in left.items():
        if term in right:
            total += weight * right[term]
    return total


def _vectors(
    counts: Sequence[Mapping[str, int]], title: str | None, language: str
) -> tuple[list[dict[str, float]], Vector]:
    """The unit TF-IDF vector of each text, and that of the title (of the first text, when there is no title)."""
    frequency = Counter(itertools.chain.from_iterable(counts))
    idf_of = [math.log(1.0 + len(counts) / max(1, df)) for df in range(max(frequency.values(), default=0) + 1)]
    idf = {term: idf_of[df] for term, df in frequency.items()}
    vectors = [_unit_vector(count, idf) for count in counts]
    if not title:
        return vectors, vectors[0]
    rare = math.log(1.0 + len(idf)) if idf else 1.0
    title_counts = _count(title, language)
    return vectors, _unit_vector(title_counts, {term: idf.get(term, rare) for term in title_counts})


def _count(text: str, language: str) -> Mapping[str, int]:
    """How often the text holds each of its terms; nearly always once, which needs no counting."""
    found = content_terms(text, language)
    once = dict.fromkeys(found, 1)
    return once if len(once) == len(found) else Counter(found)


def _unit_vector(counts: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    """The vector of one text with length 1."""
    weights = [idf[term] if count == 1 else (1.0 + math.log(count)) * idf[term] for term, count in counts.items()]
    length = math.hypot(*weights) or 1.0
    return {term: weight / length for term, weight in zip(counts, weights, strict=True)}


def _forward_centrality(vectors: Sequence[Vector]) -> list[float]:
    """For each sentence the sum of its cosines with all later sentences, by one running sum from the end."""
    following: dict[str, float] = {}
    centrality = [0.0] * len(vectors)
    for index in range(len(vectors) - 1, -1, -1):
        similarity = 0.0
        for term, weight in vectors[index].items():
            sum_after = following.get(term, 0.0)
            similarity += weight * sum_after
            following[term] = sum_after + weight
        centrality[index] = similarity
    return centrality


def _shared_terms(texts: Sequence[str], language: str) -> list[float]:
    """For each sentence the sum, over its distinct terms, of the other sentences that hold the term."""
    held = [set(terms(text, language)) for text in texts]
    frequency = Counter(term for each in held for term in each)
    return [float(sum(frequency[term] - 1 for term in each)) for each in held]


def _form_score(text: str) -> float:
    """What the wording alone adds or costs: names gain; quotes, questions, captions and first person lose."""
    capitalised = (_ASCII_CAPITALISED if text.isascii() else _CAPITALISED).findall(text)
    names = len(capitalised) - (bool(capitalised) and text.startswith(capitalised[0]))
    score = NAMES_WEIGHT * min(MAX_NAMES, names) / MAX_NAMES
    if _QUOTE_SIGN.search(text):
        quoted_chars = sum(match.end() - match.start() for match in _QUOTED.finditer(text))
        score -= QUOTE_WEIGHT * quoted_chars / max(1, len(text))
    if "?" in text or "？" in text:
        score -= QUESTION_WEIGHT
    if _FIRST_OR_SECOND_PERSON.search(text.lower()):
        score -= PERSON_WEIGHT
    if "(" in text and _CAPTION.search(text):
        score -= CAPTION_WEIGHT
    return score
