"""Deletion-only shortening: what goes, what never goes, and what is left."""

from __future__ import annotations

import re

import pytest

from bot.summaries.compression import MAX_WORDS, compress_sentence, cut_to_fit
from bot.text.words import count_words


def shortened(text: str, target_words: int = 12) -> str:
    return compress_sentence(text, target_words=target_words).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("VELMORA (Reuters) - The eastern pier was closed on Monday.", "The eastern pier was closed on Monday."),
        ("However, the eastern pier was closed on Monday.", "The eastern pier was closed on Monday."),
        ("But the eastern pier was closed on Monday.", "The eastern pier was closed on Monday."),
        ("Scroll down for video The eastern pier was closed on Monday.", "The eastern pier was closed on Monday."),
        ("The mayor (pictured) closed the eastern pier on Monday.", "The mayor closed the eastern pier on Monday."),
        ("The eastern pier, however, was closed on Monday.", "The eastern pier was closed on Monday."),
    ],
)
def test_what_is_no_statement_goes_from_any_sentence(source: str, expected: str) -> None:
    assert compress_sentence(source, target_words=40).text == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "The mayor, a former captain of the coast guard, opened the new dock on Friday morning.",
            "The mayor opened the new dock on Friday morning.",
        ),
        (
            "The mayor opened the new dock on Friday morning, which pleased the fishermen of the town.",
            "The mayor opened the new dock on Friday morning.",
        ),
        (
            "The mayor opened the new dock on Friday morning, raising hopes among the fishermen of the town.",
            "The mayor opened the new dock on Friday morning.",
        ),
        (
            "The mayor opened the new dock on Friday morning, while the fishermen watched from their boats.",
            "The mayor opened the new dock on Friday morning.",
        ),
    ],
)
def test_a_sentence_over_its_budget_loses_what_hurts_least(source: str, expected: str) -> None:
    assert shortened(source) == expected


@pytest.mark.parametrize(
    "kept",
    [
        "The mayor opened the new dock on Friday morning, raising 400 crowns for the fishermen of the town.",
        "The mayor opened the new dock on Friday morning, which did not please the fishermen of the town.",
        "The mayor opened the new dock on Friday morning, which may please the fishermen of the town.",
        "The mayor opened several new docks on Friday morning, including the old one at the fish market.",
        "The mayor opened the new dock on Friday morning, although the fishermen stayed in their boats.",
    ],
)
def test_numbers_negations_hedges_and_conditions_are_never_cut(kept: str) -> None:
    assert shortened(kept) == kept


@pytest.mark.parametrize(
    ("source", "text", "attribution"),
    [
        (
            "The pier will be closed for nine months, the port authority said.",
            "The pier will be closed for nine months.",
            "the port authority said",
        ),
        (
            "According to the council, the pier will be closed for nine months.",
            "The pier will be closed for nine months.",
            "According to the council",
        ),
        (
            "The pier may be closed for nine months, analysts suggest, as the pillars have cracks.",
            "The pier may be closed for nine months as the pillars have cracks.",
            "analysts suggest",
        ),
        (
            "The pier will be closed for nine months, said Ilse Brandvold, the mayor of Velmora.",
            "The pier will be closed for nine months.",
            "said Ilse Brandvold, the mayor of Velmora",
        ),
        (
            "The pier will be closed for nine months according to the town council.",
            "The pier will be closed for nine months.",
            "according to the town council",
        ),
    ],
)
def test_the_source_is_lifted_as_it_stands(source: str, text: str, attribution: str) -> None:
    short = compress_sentence(source)
    assert (short.text, short.attribution, short.lifted) == (text, attribution, True)


@pytest.mark.parametrize(
    ("source", "attribution"),
    [
        ("The port authority said that it will close the pier for nine months.", "The port authority said"),
        ("“The pier is old and tired,” Ilse Brandvold said.", "Ilse Brandvold said"),
    ],
)
def test_a_source_the_sentence_needs_is_named_and_stays(source: str, attribution: str) -> None:
    short = compress_sentence(source)
    assert (short.text, short.attribution, short.lifted) == (source, attribution, False)


@pytest.mark.parametrize(
    "source",
    [
        "The pier was closed after talks between the United States and the island of Ostra in the spring.",
        "The fishermen laid their claims before the council of Velmora in the spring of that year.",
    ],
)
def test_a_noun_that_looks_like_a_verb_of_saying_names_no_source(source: str) -> None:
    assert compress_sentence(source).attribution is None


def test_a_korean_speaker_with_two_quotations_keeps_the_first() -> None:
    second = "배는 옛 어시장에서 떠나고 " * 9 + "가게는 그대로 연다"
    source = f"브란볼 시장은 “부두는 아홉 달 동안 문을 닫고 기둥 열네 개를 모두 새로 세운다”며 “{second}”고 말했다."
    short = compress_sentence(source, language="ko")
    assert short.text == "브란볼 시장은 “부두는 아홉 달 동안 문을 닫고 기둥 열네 개를 모두 새로 세운다”고 말했다."


def test_a_sentence_far_too_long_ends_at_a_clause_and_is_marked_fit() -> None:
    source = (
        "The port authority of Velmora closed the eastern pier on Monday after a long survey of all pillars, and the "
        "ferries to the island, where 900 people live through the winter, now leave from the old fish market on the "
        "other side of the bay."
    )
    short = compress_sentence(source)
    assert short.fits
    assert count_words(short.text) <= MAX_WORDS
    assert source.startswith(short.text.rstrip("."))


def test_a_clause_that_takes_the_first_back_is_not_cut_off() -> None:
    source = (
        "The port authority of Velmora closed the eastern pier on Monday after a long survey of all its old pillars in "
        "the bay, but a judge in the county seat overturned the closing on Tuesday after a complaint by shop owners."
    )
    assert not compress_sentence(source).fits


def test_nothing_is_cut_inside_quotation_marks() -> None:
    source = (
        "The mayor said “the pier, which our fathers built, while others slept, is ours” at the meeting in the hall."
    )
    assert compress_sentence(source, target_words=8).text == source


def test_cutting_to_fit_keeps_marks_in_pairs() -> None:
    table = "Dock (north 12 14 18 “crane " + "pillar 7 " * 60
    piece = cut_to_fit(table)
    assert 0 < count_words(piece) <= MAX_WORDS
    assert piece.count("(") == piece.count(")")
    assert piece.count("“") == piece.count("”")


def test_text_of_one_long_run_without_spaces_is_cut_too() -> None:
    assert 0 < count_words(cut_to_fit("桟橋" * 400)) <= MAX_WORDS


def test_tokenised_text_is_shortened_like_any_other() -> None:
    source = "( cnn ) the mayor , a former captain of the coast guard , opened the new dock on friday morning ."
    assert re.sub(r"\s+", " ", shortened(source)) == "The mayor opened the new dock on friday morning ."


@pytest.mark.parametrize(
    "source",
    [
        "Officials suggested that Eddingholm and Oldport — which had been on bad terms since the council closed the"
        " ferry line on Sept. 30, 1990 — might be not only talking again but moving towards a joint harbour authority.",
        "The bridge - which had been closed since the ship hit it in March, when two of its piers were damaged - will"
        " be repaired by a company from Oldport that has built four other bridges on the same river.",
        "Oldport – the county's largest harbour, which had lost half of its trade since the strike of 1990 – may not"
        " only open a new pier but also take over the yard of its smaller neighbour Quell next spring.",
    ],
)
def test_no_sentence_ends_in_an_aside_that_it_comes_back_from(source: str) -> None:
    short = compress_sentence(source)
    assert not short.fits
    assert short.text == source


def test_an_aside_between_dashes_goes_and_the_statement_stays() -> None:
    source = (
        "The mayor of Eddingholm — who had opposed the tunnel since the flood and had asked the ministry for another"
        " study — told the council on Tuesday that work would begin in May with money from the county."
    )
    expected = (
        "The mayor of Eddingholm told the council on Tuesday that work would begin in May with money from the county."
    )
    assert compress_sentence(source).text == expected


def test_a_sentence_ended_at_a_dash_leaves_no_space_before_its_full_stop() -> None:
    source = (
        "The council wants a ferry and a bridge for the villages on the northern shore of the lake — it has money for"
        " one of them only, and the county has said that it will not give more before the election in autumn next year."
    )
    short = compress_sentence(source)
    assert short.fits
    assert " ." not in short.text
