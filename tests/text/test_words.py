"""Tokens, index terms and word counts in spaced and unspaced scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.words import content_terms, count_words, stop_words, terms, tokens


def test_forms_of_a_word_have_one_term() -> None:
    assert len(set(terms("bridge Bridges bridge's BRIDGE"))) == 1


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("de", "Brücke Brücken"),
        ("ru", "мост моста мосты"),
        ("fr", "ponts pont"),
        ("es", "puente puentes"),
    ],
)
def test_every_language_is_stemmed_its_own_way(language: str, forms: str) -> None:
    assert len(set(terms(forms, language))) == 1


def test_accents_need_not_be_typed_to_match() -> None:
    assert terms("Café Zürich") == terms("cafe zurich")


def test_a_number_is_the_same_term_with_or_without_separators() -> None:
    assert terms("1,200 boats") == terms("1200 boats")
    assert terms("3,5 km") == terms("3.5 km")


def test_the_country_and_the_organisation_are_not_taken_for_pronouns() -> None:
    assert content_terms("US and WHO told us who") == ["u.s", "w.h.o"]
    assert terms("U.S. ships") == terms("US ships")


def test_hyphenated_words_are_indexed_by_their_parts() -> None:
    assert terms("well-known") == ["well", "known"]


def test_hangul_has_the_word_its_noun_and_bigrams() -> None:
    assert terms("대통령은", "ko") == ["대통령은", "대통령", "대통", "통령", "령은"]


@pytest.mark.parametrize(
    ("text", "expected"), [("東京都", ["東京", "京都"]), ("橋", ["橋"]), ("สะพาน", ["สะ", "ะพ", "พา", "าน"])]
)
def test_scripts_without_spaces_have_bigrams(text: str, expected: list[str]) -> None:
    assert terms(text, "ja") == expected


def test_a_word_keeps_its_vowel_signs() -> None:
    assert [token.text for token in tokens("हिन्दी में पुल")] == ["हिन्दी", "में", "पुल"]


def test_content_terms_leave_out_what_fits_every_story() -> None:
    assert content_terms("He said that the bridge was not open on the first day.") == ["bridg", "open"]


def test_stop_words_of_an_unknown_language_are_none() -> None:
    assert stop_words("xx") == frozenset()
    assert "und" in stop_words("de")


@pytest.mark.parametrize(
    ("text", "words"),
    [("It's a well-known 3.5 km.", 5), ("橋が開通", 2), ("다리가 열렸다", 2), ("", 0), ("...", 0), ("पुल खुला", 2)],
)
def test_words_are_counted_and_two_cjk_characters_are_one(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text())
def test_tokens_are_exact_spans_in_order(text: str) -> None:
    end_before = 0
    for token in tokens(text):
        assert token.start >= end_before
        assert text[token.start : token.end] == token.text != ""
        end_before = token.end


@given(st.text(), st.sampled_from(["en", "ko", "ja", "ru", "und"]))
def test_terms_are_never_empty(text: str, language: str) -> None:
    assert all(terms(text, language))
