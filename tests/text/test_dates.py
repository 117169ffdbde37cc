"""Date expressions mean what their text and the day of publication make them mean, and nothing is guessed."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.dates import DateSpan, find_dates
from bot.text.dates.finding import MAX_EXPRESSIONS
from tests.text.date_cases import CASES

PUBLISHED = date(2026, 3, 4)
HOSTILE_CHARS = 100_000
MAX_CPU_S = 2.0


def meaning(span: DateSpan) -> str:
    """Return what an expression names, as the cases write it."""
    period = span.period
    if period is None:
        return "?"
    if period.unit == "year" and (period.first, period.last) == (
        date(period.first.year, 1, 1),
        _year_end(period.first),
    ):
        return f"{period.first.year} year"
    if period.unit == "month" and period.first.day == 1 and (period.last.day >= 28):
        return f"{period.first:%Y-%m} month"
    days = f"{period.first}" if period.first == period.last else f"{period.first}/{period.last}"
    return days if period.unit == "day" else f"{days} {period.unit}"


def _year_end(day: date) -> date:
    return date(day.year, 12, 31)


@pytest.mark.parametrize(("language", "published", "text", "expected"), CASES)
def test_an_expression_is_resolved_against_the_day_of_publication(
    language: str, published: str, text: str, expected: tuple[str, ...]
) -> None:
    day = date.fromisoformat(published) if published else None
    found = find_dates(text, published_at=day, language=language)
    assert tuple(meaning(span) for span in found) == expected


@pytest.mark.parametrize("published", [None, date(1970, 1, 1), date(2099, 1, 1)])
def test_without_a_credible_day_of_publication_only_absolute_dates_are_resolved(published: date | None) -> None:
    found = find_dates("On 5 May 2024 and last Friday it rained.", published_at=published)
    assert [meaning(span) for span in found] == ["2024-05-05", "?"]
    assert [span.relative for span in found] == [False, True]


def test_the_tense_of_an_expression_is_that_of_its_own_verb() -> None:
    found = find_dates("She told reporters on Friday that it will open in May.", published_at=PUBLISHED)
    assert [span.tense for span in found] == ["past", "future"]


@given(text=st.text(max_size=400), published=st.none() | st.dates(), language=st.sampled_from(["en", "de", "ko", "ja"]))
def test_any_text_gives_ordered_spans_that_do_not_overlap(text: str, published: date | None, language: str) -> None:
    end = 0
    for span in find_dates(text, published_at=published, language=language):
        assert span.start >= end
        end = span.end
        assert text[span.start : span.end] == span.text
        assert span.period is None or span.period.first <= span.period.last


PIECES = [
    "May ",
    "3 ",
    "5 May ",
    "2026 ",
    "last ",
    "Friday, ",
    "to ",
    "from ",
    "99 ",
    "in ",
    "년 ",
    "31일 ",
    "月",
    "week ",
]


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=40), published=st.none() | st.dates())
def test_any_mixture_of_date_words_is_read_without_a_fault(pieces: list[str], published: date | None) -> None:
    text = "".join(pieces)
    for language in ("en", "de", "ko", "zh"):
        for span in find_dates(text, published_at=published, language=language):
            assert span.period is None or span.period.first <= span.period.last


@pytest.mark.parametrize(
    "piece", ["May ", "5 May ", "1 ", "in ", "the ", "a couple of ", "Friday ", "1-", "3월 ", "from 3 to "]
)
@pytest.mark.parametrize("language", ["en", "de", "ko"])
def test_a_hostile_text_takes_time_linear_in_its_length(piece: str, language: str) -> None:
    text = (piece * (HOSTILE_CHARS // len(piece) + 1))[:HOSTILE_CHARS]
    find_dates(text[:200], published_at=PUBLISHED, language=language)
    started = time.process_time()
    found = find_dates(text, published_at=PUBLISHED, language=language)
    assert time.process_time() - started < MAX_CPU_S
    assert len(found) <= MAX_EXPRESSIONS
