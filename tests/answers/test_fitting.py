"""A sentence that answers a neighbouring question is not given: another order, holder, actor or time."""

from __future__ import annotations

import pytest

from bot.model import Answer
from tests.answers.coast import answer_from, make_article, span


async def ask_of(question: str, *texts: str) -> Answer:
    """Return the answer from an archive of these texts, one article each."""
    return await answer_from([make_article(f"a{at}", text, title="") for at, text in enumerate(texts)], question)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Who won the Oldport Regatta in 2019?", "Ada Voss won the Oldport Regatta in 2017."),
        ("Who is the harbour master of Quell?", "Joren Pell, the former harbour master of Quell, retired."),
        ("Who founded Tern Airlines?", "Tern Airlines was founded near Quell in spring."),
        ("Who is the director of the Tern Museum?", "The Tern Museum shows the director's cut, Ilse Brandt said."),
    ],
)
async def test_a_sentence_that_answers_a_neighbouring_question_is_not_given(question: str, text: str) -> None:
    answer = await ask_of(question, text)
    assert not answer.grounded
    assert answer.confidence < 0.5
    assert answer.nearest


async def test_the_role_before_a_name_is_no_part_of_the_answer() -> None:
    answer = await ask_of("Who is the director of the Tern Museum?", "Tern Museum director Ilse Brandt opened a hall.")
    assert answer.grounded
    assert answer.confidence >= 0.5
    assert span(answer) == "Ilse Brandt"


async def test_of_dates_that_agree_the_most_exact_one_is_given() -> None:
    answer = await ask_of(
        "When was the Quell Observatory founded?",
        "The Quell Observatory was founded in 1984.",
        "Records show that the Quell Observatory was founded in March 1984 by two teachers.",
    )
    assert span(answer) == "March 1984"
    assert answer.conflicts == ()


async def test_a_copy_with_another_name_in_it_is_shown_as_a_conflict() -> None:
    answer = await ask_of(
        "Who won the Eddingholm chess final?",
        "After six hours Ada Voss won the Eddingholm chess final on a rainy evening.",
        "After six hours Joren Pell won the Eddingholm chess final on a rainy evening.",
    )
    assert [side.value for side in answer.conflicts[0].sides] == ["Ada Voss", "Joren Pell"]


async def test_a_condition_alone_is_no_reason_for_a_caveat() -> None:
    answer = await ask_of("When does the Quell ferry leave?", "The Quell ferry leaves at noon on 3 June if you book.")
    assert answer.grounded
    assert answer.caveat is None


async def test_in_a_tiny_archive_a_word_that_stands_everywhere_still_counts() -> None:
    texts = [f"The Quell observatory counted {number} stars in field {number}." for number in (12, 15, 19, 24)]
    answer = await ask_of("Who leads the Quell observatory?", *texts, "Ada Voss leads the Quell observatory.")
    assert span(answer) == "Ada Voss"
