"""An answer is about the very thing asked about: not a part of it, a namesake, another year, or a counted word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.questions import read_question, searched_words
from bot.answers.relations import asked_thing
from bot.answers.thresholds import threshold_of
from bot.model import Answer, Article
from tests.answers.coast import answer_from, make_article, span


def undated(name: str, text: str, language: str = "en") -> Article:
    """Return an article without a title or a date."""
    return replace(make_article(name, text, language=language), title=None, published_at=None)


async def ask(question: str, *texts: str, language: str = "en") -> Answer:
    """Return the answer from an archive of these texts, one article each."""
    return await answer_from([undated(f"a{at}", text, language) for at, text in enumerate(texts)], question)


@pytest.mark.parametrize(
    ("question", "fits", "misses"),
    [
        (
            "Who won the 2024 Oldport Race?",
            "Ada Voss won the 2024 Oldport Race in a blue boat.",
            "Ada Voss won the second stage of the 2024 Oldport Race in a blue boat.",
        ),
        (
            "When was the Marl Lantern released?",
            "The Marl Lantern was released on 4 May 2021 in two ports.",
            "The Marl Lantern Songbook was released on 4 May 2021 in two ports.",
        ),
        (
            "Who won the Harrow Award in 2024?",
            "Painter Ilse Brandt won the Harrow Award in 2024.",
            "Ilse Brandt won the Tern Award in 2024, ahead of the sculptor and diver Joren Harrow.",
        ),
        (
            "Who won the Quell Regatta in 2023?",
            "Ilse Brandt won the Quell Regatta in 2023.",
            "Jul 3, 2023 ... Ilse Brandt won the 2019 Quell Regatta.",
        ),
        (
            "When was the Tern Trawler X launched?",
            "The Tern Trawler X was launched on 3 June 2020.",
            "The Tern Trawler was launched on 3 June 2018.",
        ),
        (
            "When was the Skiff 7 announced?",
            "The yard announced the Skiff 7 in March 2021.",
            "Version 2 (announced May 2020) adds sails and ropes to what buyers of the Skiff 7 know.",
        ),
        (
            "Who is the president of the Harbour League?",
            "Harbour League president Ada Voss opened the fair.",
            "Harbour League vice-presidents such as Ada Voss opened the fair.",
        ),
        (
            "Who is the director of the Tern Museum?",
            "Tern Museum director Ilse Brandt opened a hall.",
            "Tern Museum finance director Ilse Brandt opened a hall.",
        ),
        (
            "What is the opening date of the Quell Tunnel?",
            "The opening date of the Quell Tunnel is 4 May 2022.",
            "The original opening date of the Quell Tunnel was 4 May 2021.",
        ),
        (
            "When will the Quell Tunnel open?",
            "The Quell Tunnel will open on 4 May 2022.",
            "The Quell Tunnel will open on 4 May.",
        ),
    ],
)
async def test_only_a_sentence_about_the_thing_asked_about_is_given(question: str, fits: str, misses: str) -> None:
    assert (await ask(question, fits)).grounded
    answer = await ask(question, misses)
    assert not answer.grounded
    assert answer.nearest


async def test_a_sentence_that_breaks_off_before_its_main_clause_is_not_given() -> None:
    assert not (await ask("Who bought the Tern Ferry?", "While Sundline bought the Tern Ferry as it was ...")).grounded


async def test_what_is_counted_is_no_name() -> None:
    answer = await ask("Who acquired Ferrygram?", "905 Fans, 298 Posts - See Ferrygram pictures from Acquire.")
    assert not answer.grounded


async def test_whoever_is_met_meets() -> None:
    text = "The harbour master met with minister Ilse Brandt in Quell."
    assert span(await ask("Who met the harbour master in Quell?", text)).endswith("Ilse Brandt")


async def test_a_copy_with_another_value_is_shown_though_its_sentence_names_nothing() -> None:
    before = "The Marl Lantern is a game about ships. It was released on {} in Oldport and Quell. Two towns made it."
    answer = await ask("When was the Marl Lantern released?", before.format("4 May 2021"), before.format("14 May 2011"))
    sides = [f"{side.value} {side.citation.quote}" for side in answer.conflicts[0].sides]
    assert any("4 May 2021" in side for side in sides)
    assert any("14 May 2011" in side for side in sides)


async def test_articles_that_are_no_copies_make_no_conflict_of_a_changed_word() -> None:
    answer = await ask(
        "When was the Marl Lantern released?",
        "The Marl Lantern was released on 4 May 2021 in Oldport. Sailors liked it.",
        "A wholly different text tells of the tides and of the Tern Kite. It was released on 9 May 2011 by a club.",
    )
    assert answer.conflicts == ()


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("When was the Marl Bridge built in Oldport?", "the Marl Bridge"),
        ("What is the release date of Lantern 2?", "Lantern 2"),
        ("Who won the Oldport Race in 2024?", "the Oldport Race"),
        ("Why does it rain?", ""),
    ],
)
def test_what_is_asked_about_is_read_as_the_question_words_it(question: str, thing: str) -> None:
    assert asked_thing(read_question(question)) == thing


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("마로교가 완공된 해는?", "when"),
        ("새항구의 총 면적은 얼마인가?", "number"),
        ("다리를 설계한 사람은?", "who"),
        ("배가 도착한 도시는 어디인가?", "where"),
        ("그는 누구의 도움으로 다리를 지었는가?", "who"),
        ("시장은 다리를 열었습니까?", "yes_no"),
    ],
)
def test_what_a_korean_question_asks_for_stands_at_its_end(question: str, kind: str) -> None:
    assert read_question(question).kind == kind


def test_korean_words_are_looked_up_without_their_endings() -> None:
    assert searched_words("헤르만의 졸업한 학교에서는 무엇인가?").split()[:3] == ["헤르만", "졸업", "학교"]
    assert searched_words("무엇인가?").strip() != ""


async def test_a_korean_question_finds_its_sentence_among_words_with_other_endings() -> None:
    texts = (
        "헤르만은 1950년 5월 새항구에서 안나와 결혼하였다. 그 뒤로 그는 배를 지었다.",
        "그의 배는 북쪽 바다를 건넜다. 그의 선원들은 모두 새항구의 사람이었다.",
        "새항구의 시장은 다리를 열었다.",
    )
    answer = await ask("헤르만은 언제 결혼하였나?", *texts, language="ko")
    assert answer.citations[0].article_id == "a0"
    assert span(answer).startswith("1950년")


def test_every_script_has_a_threshold_of_its_own() -> None:
    languages = ("en", "de", "vi", "ru", "el", "ar", "hi", "th", "ko", "zh")
    assert len({threshold_of(language) for language in languages}) >= 7
    assert threshold_of("vi") > threshold_of("en") > threshold_of("zh")
    assert threshold_of("xx") == threshold_of("en")
