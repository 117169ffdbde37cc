"""Which questions ask for days, about what, and of which span."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.commands.dated_questions import read_dated_question

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def test_what_happened_on_a_day_asks_for_that_day() -> None:
    asked = read_dated_question("What happened in Oldport on 3 March 2026?", now=NOW)
    assert asked is not None
    assert (asked.span.since, asked.span.until) == (date(2026, 3, 3), date(2026, 3, 3))
    assert "Oldport" in asked.topic


def test_which_dates_asks_for_every_day_of_a_topic() -> None:
    asked = read_dated_question("Which dates are known for the Oldport ferry strike?", now=NOW)
    assert asked is not None
    assert asked.span.since is None
    assert "ferry strike" in asked.topic
    assert "dates" not in asked.topic


@pytest.mark.parametrize(
    "question",
    [
        "When will the Marl Bridge close?",
        "What happened to Ada Voss?",
        "Which articles discuss the strike, and which dates do they name?",
        "Who won the race on 3 March?",
    ],
)
def test_other_questions_are_answered_by_sentences(question: str) -> None:
    assert read_dated_question(question, now=NOW) is None
