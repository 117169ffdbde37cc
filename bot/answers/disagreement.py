"""Answers that differ between articles: shown side by side, never settled silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.answers.candidates import Candidate
from bot.answers.evidence import Evidence
from bot.answers.fitting import holds, terms_around
from bot.answers.questions import Kind, Question
from bot.answers.telling import citation_of
from bot.model import Article, Conflict, ConflictKind, ConflictSide
from bot.text.dates import find_dates
from bot.text.words import content_terms

MAX_SIDES: Final = 4
"""Different answers that are shown."""

MIN_COMMON: Final = 5
"""Words that two sentences have in common around a value before one is held for a changed copy of the other."""
MIN_COMMON_OF_COPIES: Final = 2
"""The same where the articles around them are copies: then a value alone is what was changed."""
SHARED_BY_COPIES: Final = 0.5
"""Share of their words together that two articles have in common before one is held for a copy of the other."""
MAX_APART: Final = 6
"""Words of a value at most."""
MAX_SENTENCES: Final = 400
_AROUND = " .,;:()“”\"'’‘!?"

_AGREEING = re.compile(r"\s(?:is|are|was|were|has|have)$", re.IGNORECASE)

_KIND: dict[Kind, ConflictKind] = {"number": "number", "money": "number", "when": "date"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One answer with the evidence it comes from."""

    candidate: Candidate
    evidence: Evidence


def find_disagreement(question: Question, sides: Sequence[Side]) -> tuple[Conflict, ...]:
    """Return the conflict between answers of different articles, none when they agree; the first side leads."""
    distinct: list[Side] = []
    for side in sides:
        if all(not _agree(question.kind, side, other) for other in distinct):
            distinct.append(side)
    if len(distinct) < 2 or len({side.evidence.article.id for side in distinct}) < 2:
        return ()
    return (
        Conflict(
            kind=_KIND.get(question.kind, "outcome"),
            about=question.text.strip(),
            sides=tuple(
                ConflictSide(
                    value=side.candidate.text,
                    citation=citation_of(
                        side.evidence.article, (side.evidence.index,), side.evidence.sentence.text, marker=number
                    ),
                )
                for number, side in enumerate(distinct[:MAX_SIDES], start=1)
            ),
        ),
    )


def find_altered_copy(
    question: Question, asked_of: Sequence[Evidence], found: Sequence[Article]
) -> tuple[Conflict, ...]:
    """Return the conflict between a sentence and a copy of it in another article that differs in one value only."""
    for evidence in asked_of:
        for article in found:
            if article.id == evidence.article.id:
                continue
            for sentence in article.sentences[:MAX_SENTENCES]:
                values = _one_value_apart(evidence.sentence.text, sentence.text)
                if values is not None:
                    texts = (evidence.sentence.text, sentence.text)
                    places = ((evidence.article, evidence.index), (article, sentence.index))
                    return (_conflict_of(question, values, texts, places),)
    return ()


def find_altered_article(
    question: Question, nearest: Sequence[Evidence], found: Sequence[Article]
) -> tuple[Conflict, ...]:
    """Return the conflict between articles that are copies but for a value that bears on the question.

    The value need not stand in the sentence that answers best: "It was released on 3 June" names nothing by itself.
    """
    words = {article.id: _words_of(article) for article in found}
    articles = {one.article.id: one.article for one in nearest}
    for article in articles.values():
        for other in found:
            if other.id == article.id or not _are_copies(words[article.id], words.get(other.id, frozenset())):
                continue
            changed = _changed_value(question, article, other)
            if changed is not None:
                return (changed,)
    return ()


def _changed_value(question: Question, article: Article, other: Article) -> Conflict | None:
    """Return the conflict of the first sentence near the question's words that was changed in the other article."""
    asked = set(content_terms(question.words, article.language))
    for sentence in article.sentences[:MAX_SENTENCES]:
        around = terms_around(article, sentence.index)
        if not any(holds(around, term) for term in asked):
            continue
        for copy in other.sentences[:MAX_SENTENCES]:
            values = _one_value_apart(sentence.text, copy.text, common=MIN_COMMON_OF_COPIES)
            if values is not None and all(_is_of_kind(question.kind, value) for value in values):
                places = ((article, sentence.index), (other, copy.index))
                return _conflict_of(question, values, (sentence.text, copy.text), places)
    return None


def _words_of(article: Article) -> frozenset[str]:
    return frozenset(word for one in article.sentences[:MAX_SENTENCES] for word in one.text.split())


def _are_copies(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= SHARED_BY_COPIES * len(one | other) > 0


def _is_of_kind(kind: Kind, value: str) -> bool:
    """Return whether a changed value may be what was asked for: one with digits for a number or a date."""
    has_digits = any(char.isdigit() for char in value)
    return has_digits if kind in ("when", "number", "money") else kind not in ("who", "country") or not has_digits


def _conflict_of(
    question: Question,
    values: Sequence[str],
    texts: Sequence[str],
    places: Sequence[tuple[Article, int]],
) -> Conflict:
    return Conflict(
        kind=_KIND.get(question.kind, "outcome"),
        about=question.text.strip(),
        sides=tuple(
            ConflictSide(value=value, citation=citation_of(article, (index,), text, marker=number))
            for number, (value, text, (article, index)) in enumerate(zip(values, texts, places, strict=True), start=1)
        ),
    )


def _one_value_apart(one: str, other: str, *, common: int = MIN_COMMON) -> tuple[str, str] | None:
    """Return the two values where sentences of so many common words differ in one name or number only."""
    # Most sentences have nothing in common, which shows before they are taken apart.
    if one.split(None, 1)[:1] != other.split(None, 1)[:1] and one.rsplit(None, 1)[-1:] != other.rsplit(None, 1)[-1:]:
        return None
    left, right = one.split(), other.split()
    shortest = min(len(left), len(right))
    if shortest < common or abs(len(left) - len(right)) > MAX_APART or left == right:
        return None
    start = next((at for at in range(shortest) if left[at] != right[at]), shortest)
    end = next((at for at in range(shortest - start) if left[-1 - at] != right[-1 - at]), shortest - start)
    values = left[start : len(left) - end], right[start : len(right) - end]
    if start + end < common or not all(0 < len(value) <= MAX_APART for value in values):
        return None
    texts = _bare(values[0]), _bare(values[1])
    named = all(any(char.isdigit() or char.isupper() for char in text) for text in texts)
    return texts if named and not _is_within(*texts) and not _is_within(*reversed(texts)) else None


def _bare(words: Sequence[str]) -> str:
    """Return a value without the verb that agrees with it ("Two people were", "Nobody was")."""
    return _AGREEING.sub("", " ".join(words)).strip(_AROUND)


def _is_within(one: str, other: str) -> bool:
    """Return whether the words of one value stand in the other, which then says the same more exactly."""
    return f" {one.casefold()} " in f" {other.casefold()} "


def agrees(question: Question, one: Side, other: Side) -> bool:
    """Return whether two answers say the same, one of them perhaps more exactly; dates, when both can be placed."""
    if question.kind == "when" and one.candidate.value != other.candidate.value:
        return _days(one) is not None and _days(other) is not None and _same_days(one, other)
    return _agree(question.kind, one, other)


def is_finer(one: Side, other: Side) -> bool:
    """Return whether the other date lies within the first and is more exact, with a year to it."""
    left, right = _days(one), _days(other)
    if right is None or not any(len(digits) == 4 for digits in re.findall(r"\d+", other.candidate.text)):
        return False
    if left is None or not re.search(r"\d{4}", one.candidate.text):
        day = re.search(r"\d{1,2}", one.candidate.text)
        return day is not None and _agree("when", one, other) and _without_year(one) <= _without_year(other)
    inside = left[0] <= right[0] and right[1] <= left[1]
    return inside and (right[1] - right[0]) < (left[1] - left[0])


def _without_year(side: Side) -> set[str]:
    """Return the words of a date that name month and day."""
    words = re.findall(r"[a-z]{3}|\d{1,2}(?!\d)", re.sub(r"\d{4}", " ", side.candidate.text.casefold()))
    return {word for word in words if not word.startswith(("the", "of"))}


def _agree(kind: Kind, one: Side, other: Side) -> bool:
    left, right = one.candidate, other.candidate
    if left.value == right.value:
        return True
    if kind in ("number", "money"):
        return False
    if left.value in right.value or right.value in left.value:
        return True
    if kind == "when":
        return _same_days(one, other)
    if kind in ("who", "where", "country"):
        named = _names_too(one, other) or _names_too(other, one)
        return named or not set(left.value.split()).isdisjoint(right.value.split())
    return False


def _names_too(one: Side, other: Side) -> bool:
    """Return whether a sentence also names what the other says: which of its names is meant is not sure enough."""
    return one.candidate.value in other.evidence.sentence.text.casefold()


def _same_days(one: Side, other: Side) -> bool:
    """Return whether two dates may be the same: the days of one lie within those of the other."""
    left, right = _days(one), _days(other)
    if left is None or right is None:
        return True  # a weekday without a year says nothing against a date
    return (left[0] <= right[0] and right[1] <= left[1]) or (right[0] <= left[0] and left[1] <= right[1])


def _days(side: Side) -> tuple[date, date] | None:
    article: Article = side.evidence.article
    spans = find_dates(side.candidate.text, published_at=article.published_at, language=article.language)
    period = next((span.period for span in spans if span.period is not None), None)
    return None if period is None else (period.first, period.last)
