"""Answers that differ between articles: shown side by side, never settled silently."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.answers.candidates import Candidate
from bot.answers.evidence import Evidence
from bot.answers.questions import Kind, Question
from bot.answers.telling import citation_of
from bot.model import Article, Conflict, ConflictKind, ConflictSide
from bot.text.dates import find_dates

MAX_SIDES: Final = 4
"""Different answers that are shown."""

MIN_COMMON: Final = 5
"""Words that two sentences have in common around a value before one is held for a changed copy of the other."""
MAX_APART: Final = 6
"""Words of a value at most."""
MAX_SENTENCES: Final = 400
_AROUND = " .,;:()“”\"'’‘!?"

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


def _one_value_apart(one: str, other: str) -> tuple[str, str] | None:
    """Return the two values where sentences of at least six common words differ in one name or number only."""
    left, right = one.split(), other.split()
    shortest = min(len(left), len(right))
    if shortest < MIN_COMMON or abs(len(left) - len(right)) > MAX_APART or left == right:
        return None
    start = next((at for at in range(shortest) if left[at] != right[at]), shortest)
    end = next((at for at in range(shortest - start) if left[-1 - at] != right[-1 - at]), shortest - start)
    values = left[start : len(left) - end], right[start : len(right) - end]
    if start + end < MIN_COMMON or not all(0 < len(value) <= MAX_APART for value in values):
        return None
    texts = " ".join(values[0]).strip(_AROUND), " ".join(values[1]).strip(_AROUND)
    named = all(any(char.isdigit() or char.isupper() for char in text) for text in texts)
    return texts if named and texts[0].casefold() != texts[1].casefold() else None


def agrees(question: Question, one: Side, other: Side) -> bool:
    """Return whether two answers say the same, one of them perhaps more exactly."""
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
    if left.value == right.value or left.value in right.value or right.value in left.value:
        return True
    if kind == "when":
        return _same_days(one, other)
    if kind in ("who", "where", "country"):
        return not set(left.value.split()).isdisjoint(right.value.split())
    return False


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
