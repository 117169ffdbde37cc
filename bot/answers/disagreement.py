"""Answers that differ between articles: shown side by side, never settled silently."""

from __future__ import annotations

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


def agrees(question: Question, one: Side, other: Side) -> bool:
    """Return whether two answers say the same, one of them perhaps more exactly."""
    return _agree(question.kind, one, other)


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
