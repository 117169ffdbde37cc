"""Which questions ask for days, about what, and of which span; and the days they are answered with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.commands.dated_questions import answer_days, read_dated_question
from bot.model import Article
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import fill, make_news

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)


def test_what_happened_on_a_day_asks_for_that_day() -> None:
    asked = read_dated_question("What happened in Oldport on 3 March 2026?", now=NOW)
    assert asked is not None
    assert (asked.span.since, asked.span.until) == (date(2026, 3, 3), date(2026, 3, 3))
    assert asked.topic == "Oldport"


def test_which_dates_asks_for_every_day_of_a_topic() -> None:
    asked = read_dated_question("Which dates are known for the Oldport ferry strike?", now=NOW)
    assert asked is not None
    assert asked.span.since is None
    assert asked.topic == "Oldport ferry strike"


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


def news(name: str, text: str, *, title: str) -> Article:
    return make_news(f"{name}.txt", text, title=title, published_at=NOW - timedelta(days=2))


TOLLE = "An explosion in the gas works of Tolle killed three people on Sunday. Governor Ana Reis spoke of a leak."
BRIDGE = "The new bridge of Oldport opened on Saturday. Trams will cross it from 1 December 2026."


async def test_the_days_asked_for_are_an_answer_with_its_citations(empty_archive: SqlArchive) -> None:
    await fill(empty_archive, [news("a", TOLLE, title="Explosion in Tolle"), news("b", BRIDGE, title="Bridge opens")])
    found = await answer_days("What happened in May 2026?", archive=empty_archive, collections=None, now=NOW)
    assert found is not None
    assert [claim.day for claim in found.claims] == [date(2026, 5, 16), date(2026, 5, 17)]
    assert found.answer.text.splitlines() == [
        "16 May 2026: The new bridge of Oldport opened on Saturday.",
        "17 May 2026: An explosion in the gas works of Tolle killed three people on Sunday.",
    ]
    assert [citation.quote for citation in found.answer.citations] == [
        "The new bridge of Oldport opened on Saturday.",
        "An explosion in the gas works of Tolle killed three people on Sunday.",
    ]
    assert found.answer.confidence == 1.0
    assert await days_of("Which dates are known for the Oldport bridge?", empty_archive) == [
        date(2026, 5, 16),
        date(2026, 12, 1),
    ]


@pytest.mark.parametrize(
    "question",
    ["What happened in Harrow Bay in May 2026?", "What happened in May 1999?", "Which dates are known for Atlantis?"],
)
async def test_days_of_what_nobody_wrote_about_are_not_made_up(question: str, empty_archive: SqlArchive) -> None:
    await fill(empty_archive, [news("a", TOLLE, title="Explosion in Tolle"), news("b", BRIDGE, title="Bridge opens")])
    assert await days_of(question, empty_archive) == []


async def test_a_follow_up_asks_for_the_days_of_what_was_asked_about_before(empty_archive: SqlArchive) -> None:
    await fill(empty_archive, [news("a", TOLLE, title="Explosion in Tolle"), news("b", BRIDGE, title="Bridge opens")])
    earlier = ["Who is the mayor of Oldport?"]
    assert await days_of("What happened in May 2026?", empty_archive, earlier) == [date(2026, 5, 16)]


async def test_an_empty_archive_knows_no_days(empty_archive: SqlArchive) -> None:
    assert await days_of("What happened in May 2026?", empty_archive) == []


async def test_copies_that_contradict_each_other_are_both_told(empty_archive: SqlArchive) -> None:
    long = (
        TOLLE + " " + " ".join(f"Line {number} of the report tells of ward {number} of Tolle." for number in range(20))
    )
    texts = (long, long.replace("three people", "nine people"))
    stored = await fill(
        empty_archive, [news(f"n{number}", text, title="Explosion in Tolle") for number, text in enumerate(texts)]
    )
    assert stored[1].duplicate_of == stored[0].id
    found = await answer_days("What happened in Tolle in May 2026?", archive=empty_archive, collections=None, now=NOW)
    assert found is not None
    assert [line.partition(": ")[2].split()[9] for line in found.answer.text.splitlines()] == ["three", "nine"]
    assert {claim.day for claim in found.claims} == {date(2026, 5, 17)}


async def days_of(question: str, archive: SqlArchive, earlier: Sequence[str] = ()) -> list[date]:
    found = await answer_days(question, archive=archive, collections=None, now=NOW, earlier=earlier)
    return [] if found is None else [claim.day for claim in found.claims]
