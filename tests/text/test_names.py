"""Names are found as written, without titles, dates and possessives; doubt is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.names import find_names

PIECES = st.sampled_from(
    ["Mr. ", "Teal ", "of ", "the ", "May ", "5 ", "김철수 ", "장관 ", "의 ", "U.S. ", "'s ", ". ", "東京", "北京大学"]
)


def names(text: str) -> list[str]:
    return [name.text for name in find_names(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the mayor Orrin Teal spoke", ["Orrin Teal"]),
        ("when Dr. Amy L. Fenn's boat met Mrs Teal", ["Amy L. Fenn", "Teal"]),
        ("a study by the University of Vell and NATO", ["University of Vell", "NATO"]),
        ("the U.N. and Marlow & Sons", ["U.N.", "Marlow & Sons"]),
        ("with Jean-Luc van der Berg, al-Hamra and O'Dell", ["Jean-Luc van der Berg", "al-Hamra", "O'Dell"]),
        ("she left on Monday, May 5, for Vell in March 2020", ["Vell"]),
        ("when Theresa May left", ["Theresa May"]),
        ("for Republican Sen. John Orr", ["Republican", "John Orr"]),
        ("however, I met Bob", ["Bob"]),
        ("вчера Иван Седов приехал в Киров", ["Иван Седов", "Киров"]),
    ],
)
def test_capitalised_spans_are_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_lone_capitalised_word_that_opens_a_sentence_is_uncertain() -> None:
    found = find_names("Bridges rust. Orrin Teal paints them in Vell.")
    assert [(name.text, name.certain) for name in found] == [("Bridges", False), ("Orrin Teal", True), ("Vell", True)]


def test_a_noun_before_of_at_the_start_of_a_sentence_does_not_swallow_the_name() -> None:
    found = find_names("Shares of Marlow rose.")
    assert [(name.text, name.certain) for name in found] == [("Shares", False), ("Marlow", True)]


def test_function_words_that_open_a_sentence_are_no_names() -> None:
    assert names("However, the bridge held. They said so. WHO agreed.") == ["WHO"]


def test_a_shouted_headline_is_uncertain() -> None:
    assert not any(name.certain for name in find_names("BRIDGE CLOSED AFTER NIGHT STORM"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("홍길동 기자는 김철수 장관을 만났다", ["홍길동", "김철수"]),
        ("박서연(34)씨는 서울대학교에서 일한다", ["박서연", "서울대학교"]),
        ("기획재정부와 한국은행이 KBS에 밝혔다", ["기획재정부", "한국은행", "KBS"]),
        ("정부는 일부 직원의 지원 요청을 거절했다", []),
        ("배우 한지우가 부산에서 말했다", ["한지우", "부산"]),
    ],
)
def test_korean_names_are_told_by_titles_ages_and_endings(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("李明教授在北京说", ["李明", "北京"]),
        ("《长桥》上映", ["长桥"]),
        ("アンナ・ベルクは東京で", ["アンナ・ベルク", "東京"]),
    ],
)
def test_chinese_and_japanese_names_are_found_by_their_marks(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_names_are_exact_spans_in_order(text: str) -> None:
    end_before = 0
    for name in find_names(text):
        assert name.start >= end_before
        assert text[name.start : name.end] == name.text != ""
        end_before = name.end
