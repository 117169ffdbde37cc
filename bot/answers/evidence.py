"""Ranks the sentences of the articles found by how well they answer a question.

A first pass takes the sentences that hold most of the question's words (BM25, Robertson and Zaragoza 2009). Among those
a weighted sum decides; its weights were fitted on the development halves of XQuAD and KorQuAD (five-fold
cross-validation over passages) and rounded: halving or doubling any one of them changes no result by more than .01.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.answers.candidates import Candidate, find_candidates
from bot.answers.questions import TYPED, Question
from bot.answers.word_groups import IN_GROUP, with_groups, word_groups
from bot.model import Article, Hit, Sentence
from bot.text.words import content_terms, remembered_terms, terms

K1: Final = 0.9
"""How soon a word that is repeated stops counting."""
B: Final = 0.4
"""How much longer sentences are held to be less to the point."""
NAME: Final = 1.1
"""What a word of a name counts against another."""
COMMON: Final = 0.25
"""What the commonest word counts against the rarest: in an archive of one story its names stand everywhere."""
ACROSS_ENDINGS: Final = 0.3
"""What a pair of syllables across a Korean ending ("그의" of "헤이그의") counts against the mean of the other words."""
CARRIED: Final = 0.4
"""What a word of an earlier question counts against one of the question itself."""
FIRST_NEIGHBOUR, FIRST_ARTICLE = 0.3, 0.6
"""In the first pass: what the better neighbour and the search's score of the article add."""
CLOSE: Final = 14
"""Sentences that are looked at closely: hardly ever another one answers."""
CLOSE_OF_SEVERAL: Final = 60
"""The same when articles are asked for, and each is to be heard."""

BEFORE, AFTER = 0.25, 0.1
"""What the sentence before holds of the question, and the one after; the sentence's own rare words count 1."""
ARTICLE: Final = 0.6
"""The search's score of the article, 0 to 1."""
IN_ARTICLE: Final = 0.3
"""The share of the question that the article holds."""
WORDS: Final = 0.4
"""The share of the question's words, each counting the same."""
BEGINNINGS: Final = 0.8
"""The share of words of which only the beginning stands there ("dissolved", "dissolution")."""
GROUPS: Final = 1.0
"""The share of words for which one of their group stands there."""
SPELLED: Final = 0.8
"""The share of the question's words, also the small ones, that stand there as they are spelled, endings aside."""
HAS_SPAN, FIGURE, SPAN_FIT = 0.06, 0.1, 0.08
"""Whether a span of the kind asked for stands there, what a date or number adds to that, and how well the span fits."""
REASON: Final = 0.3
"""Whether a reason is given when one is asked for."""
AFTER_WHAT: Final = 0.7
"""What "closed after cracks were found" counts against a reason that is called one."""
DESCRIBED, ENTITLED = 0.8, 0.3
"""Whether the sentence says who somebody is, after the name or before it, when that is asked."""
CONTINUED: Final = 0.35
"""Whether the sentence stands beside the answer before, in a conversation."""

MAX_SENTENCES: Final = 400
"""Sentences of one article that are looked at."""
MAX_CHARS: Final = 1_200
"""Characters of a sentence that are looked at: what is longer is no sentence."""
PAIR: Final = 2
"""Syllables of a Hangul term that the archive counts; whole words are no terms of it."""
_BEGINNING: Final = 5
_ENDING: Final = 2

_REASONS = re.compile(
    r"\b(?:because|due\sto|since\s(?:it|he|she|they|there|no)|so\sthat|in\sorder|as\sa\sresult|caus(?:e|ed|ing))\b|때문|因为|ため",
    re.I,
)
_AFTER_WHAT = re.compile(r"\b[a-z]+ed\b[^.;]{0,60}?\safter\s(?!\d)", re.I)
_SPELLED = re.compile(r"\w{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One sentence that may answer, with what it holds of the question.

    `coverage` (0 to 1) is the weighted share of the question's words in the sentence, for a part in its neighbours and
    article; `candidates` are spans of the kind asked for, the likeliest first.
    """

    article: Article
    index: int
    score: float
    coverage: float
    candidates: tuple[Candidate, ...] = ()

    @property
    def sentence(self) -> Sentence:
        """The sentence itself."""
        return self.article.sentences[self.index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The terms of one article, a set of counts a sentence."""

    found: Hit
    held: tuple[Counter[str], ...]
    sizes: tuple[int, ...]


def rank_evidence(
    question: Question,
    found: Sequence[Hit],
    weights: Mapping[str, float],
    *,
    near: tuple[str, int] | None = None,
) -> list[Evidence]:
    """Return the sentences that may answer, best first; `near` is where the answer before stood."""
    wanted = {one.article.language: wanted_terms(question, one.article.language, weights) for one in found}
    readings = [read_article(one, wanted[one.article.language]) for one in found]
    local = _local_weights(readings, wanted)
    close = _hold_most(readings, local, limit=CLOSE_OF_SEVERAL if question.several else CLOSE)
    judged = [_judge(question, reading, index, wanted, local, near) for reading, index in close]
    return sorted(judged, key=lambda one: -one.score)


def wanted_terms(question: Question, language: str, weights: Mapping[str, float]) -> dict[str, float]:
    """Return what each term of a question counts in articles of a language: rare terms and names more."""
    named = {term for name in question.names for term in terms(name, language)}
    rarest = max(weights.values(), default=1.0)
    across = ACROSS_ENDINGS * sum(weights.values()) / max(1, len(weights))
    found: dict[str, float] = {}
    for words, share in ((question.words, 1.0), (question.carried, CARRIED)):
        for term in content_terms(words, language):
            is_hangul = "가" <= term[0] <= "힣"
            if is_hangul and term not in weights:
                weight = across if len(term) == PAIR else 0.0
            else:
                weight = max(COMMON * rarest, weights.get(term, rarest))
            if weight:
                found.setdefault(term, share * weight * (NAME if term in named else 1.0))
    return found


def read_article(found: Hit, wanted: Mapping[str, float]) -> Reading:
    """Return which of the wanted terms, and of their groups, each sentence holds."""
    language = found.article.language
    kept = with_groups(wanted) if language == "en" else set(wanted)
    held, sizes = [], []
    for sentence in found.article.sentences[:MAX_SENTENCES]:
        made = remembered_terms(sentence.text[:MAX_CHARS], language)
        held.append(Counter([term for term in made if term in kept]))
        sizes.append(len(made))
    return Reading(found=found, held=tuple(held), sizes=tuple(sizes))


def _bm25(held: Counter[str], relative_size: float, wanted: Mapping[str, float]) -> float:
    length = K1 * (1 - B + B * relative_size)
    total = 0.0
    for term, weight in wanted.items():
        count = held.get(term, 0)
        if count:
            total += weight * count * (K1 + 1) / (count + length)
        elif held and any(other in held for other in word_groups().get(term, ())):
            total += IN_GROUP * weight
    return total


def _hold_most(
    readings: Sequence[Reading], wanted: Mapping[str, Mapping[str, float]], *, limit: int
) -> list[tuple[Reading, int]]:
    """Return the sentences that hold most of the question, with their neighbours and articles."""
    sizes = [size for reading in readings for size in reading.sizes]
    mean = max(1.0, sum(sizes) / max(1, len(sizes)))
    ranked: list[tuple[float, Reading, int]] = []
    for reading in readings:
        terms_of = wanted[reading.found.article.language]
        total = sum(terms_of.values()) or 1.0
        own = [
            _bm25(held, size / mean, terms_of) / total for held, size in zip(reading.held, reading.sizes, strict=True)
        ]
        for index, score in enumerate(own):
            beside = max(own[index - 1] if index else 0.0, own[index + 1] if index + 1 < len(own) else 0.0)
            ranked.append((score + FIRST_NEIGHBOUR * beside + FIRST_ARTICLE * reading.found.score, reading, index))
    ranked.sort(key=lambda one: -one[0])
    return [(reading, index) for _, reading, index in ranked[:limit]]


def _local_weights(
    readings: Sequence[Reading], wanted: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, float]]:
    """Return the weight of each term times its rarity among the sentences found, the sum of each language being 1."""
    held = Counter(term for reading in readings for one in reading.held for term in one)
    count = sum(len(reading.held) for reading in readings)
    found: dict[str, dict[str, float]] = {}
    for language, terms_of in wanted.items():
        raw = {
            term: weight * math.log(1 + (count - held[term] + 0.5) / (held[term] + 0.5))
            for term, weight in terms_of.items()
        }
        total = sum(raw.values()) or 1.0
        found[language] = {term: weight / total for term, weight in raw.items()}
    return found


def _judge(
    question: Question,
    reading: Reading,
    index: int,
    wanted: Mapping[str, Mapping[str, float]],
    local: Mapping[str, Mapping[str, float]],
    near: tuple[str, int] | None,
) -> Evidence:
    article = reading.found.article
    terms_of, rare = wanted[article.language], local[article.language]
    sentence = article.sentences[index].text[:MAX_CHARS]
    candidates = find_candidates(question, sentence, article.language, terms_of) if question.kind in TYPED else []
    score = _held_score(question, reading, index, terms_of, rare, sentence)
    score += _span_score(question, candidates) + _kind_score(question, sentence)
    if near is not None and article.id == near[0]:
        score += CONTINUED * (1.0 if abs(index - near[1]) <= 1 else 0.5)
    return Evidence(
        article=article,
        index=index,
        score=score,
        coverage=_coverage(reading, index, terms_of),
        candidates=tuple(candidates),
    )


def _held_score(
    question: Question,
    reading: Reading,
    index: int,
    wanted: Mapping[str, float],
    rare: Mapping[str, float],
    sentence: str,
) -> float:
    """Return what the words of the question in a sentence, beside it and in its article count."""
    held = reading.held
    total = sum(wanted.values()) or 1.0
    whole = set().union(*held)
    score = ARTICLE * reading.found.score + IN_ARTICLE * sum(w for term, w in wanted.items() if term in whole) / total
    if index:
        score += BEFORE * _bm25(held[index - 1], 1.0, wanted) / total
    if index + 1 < len(held):
        score += AFTER * _bm25(held[index + 1], 1.0, wanted) / total
    own = held[index]
    score += sum(rare[term] for term in wanted if term in own)
    score += WORDS * sum(term in own for term in wanted) / max(1, len(wanted))
    missing = [term for term in wanted if term not in own]
    begun = {
        made[:_BEGINNING]
        for made in remembered_terms(sentence, reading.found.article.language)
        if len(made) >= _BEGINNING
    }
    for term in missing:
        if len(term) >= _BEGINNING and term[:_BEGINNING] in begun:
            score += BEGINNINGS * rare[term]
        elif not word_groups().get(term, frozenset()).isdisjoint(own):
            score += GROUPS * rare[term]
    return score + SPELLED * _spelled_share(question, sentence)


def _spelled_share(question: Question, sentence: str) -> float:
    words = _SPELLED.findall(question.words.casefold())
    text = sentence.casefold()
    return sum(word[: max(_ENDING, len(word) - _ENDING)] in text for word in words) / max(1, len(words))


def _span_score(question: Question, candidates: Sequence[Candidate]) -> float:
    if question.kind not in TYPED:
        return 0.0
    sign = 1.0 if candidates else -1.0
    figure = FIGURE if question.kind in ("when", "number", "money") else 0.0
    fit = SPAN_FIT * candidates[0].strength if candidates else 0.0
    return sign * (HAS_SPAN + figure) + fit


def _kind_score(question: Question, sentence: str) -> float:
    if question.kind == "why":
        told = _REASONS.search(sentence) is not None
        return REASON * (told or AFTER_WHAT * (_AFTER_WHAT.search(sentence) is not None))
    if question.kind == "identity" and question.subject:
        return _introduction(question.subject, sentence)
    return 0.0


def _coverage(reading: Reading, index: int, wanted: Mapping[str, float]) -> float:
    own = reading.held[index]
    near = Counter[str]()
    for other in (index - 1, index + 1):
        if 0 <= other < len(reading.held):
            near += reading.held[other]
    whole = set().union(*reading.held)
    total = covered = 0.0
    for term, weight in wanted.items():
        group = word_groups().get(term, frozenset())
        total += weight
        if term in own:
            covered += weight
        elif not group.isdisjoint(own):
            covered += 0.8 * weight
        elif term in near:
            covered += 0.55 * weight
        elif not group.isdisjoint(near):
            covered += 0.4 * weight
        elif term in whole:
            covered += 0.25 * weight
    return covered / total if total else 0.0


def _introduction(name: str, sentence: str) -> float:
    """Return what it counts that a sentence says who somebody is: "Ada Marl, a painter", "the painter Ada Marl"."""
    last = re.escape(name.split()[-1])
    if re.search(
        rf"{last},\s(?:an?|the|who|[a-z]+(?:\s[a-z]+)?\s(?:of|at|for))\b|{last}\s(?:is|was)\s(?:an?|the)\b", sentence
    ):
        return DESCRIBED
    if re.search(rf"\b[\w-]{{3,}}(?<!said)(?<!with)(?<!that)\s{re.escape(name)}\b", sentence):
        return ENTITLED
    return 0.0
