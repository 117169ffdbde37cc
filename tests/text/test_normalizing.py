"""One form of each character and nothing hidden, without breaking the scripts that need their joiners."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalizing import fold_quotes, normalize, strip_hidden

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    "hidden",
    list("\u200b\u200c\u200d\u202e\u2060\u2066\ufeff\xad\x00\x1b\x90\u034f\u3164\ufff9\U000e0041\U000e0101"),
)
def test_a_hidden_character_inside_a_latin_word_goes(hidden: str) -> None:
    assert strip_hidden(f"bri{hidden}dge") == "bridge"


@pytest.mark.parametrize(
    "word", ["می\u200cخواهم", "क्\u200dष", "ന്\u200d", FAMILY, "❤\ufe0f\u200d\U0001f525", "葛\U000e0100"]
)
def test_joiners_and_selectors_a_script_needs_stay(word: str) -> None:
    assert normalize(word) == unicodedata.normalize("NFC", word)


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\u2028b", "a\x0bb", "a\x85b"])
def test_every_line_break_becomes_one_line_feed(text: str) -> None:
    assert normalize(text) == "a\nb"


@pytest.mark.parametrize("space", ["\t", "\xa0", "\u2009", "\u3000", "\u202f"])
def test_every_space_becomes_a_plain_space(space: str) -> None:
    assert normalize(f"a{space}b") == "a b"


def test_composed_and_decomposed_letters_become_the_same() -> None:
    assert normalize("cafe\u0301") == normalize("café") == "café"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert normalize("a\udcffb") == "a\ufffdb"


def test_bytes_smuggled_in_selectors_are_removed() -> None:
    assert strip_hidden("ok" + "".join(map(chr, range(0xE0100, 0xE0110)))) == "ok"


@given(st.text())
def test_normalizing_twice_changes_nothing_more(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(st.text())
def test_nothing_hidden_is_left_but_joiners_and_selectors(text: str) -> None:
    kept = {"\u200c", "\u200d", "\n"} | {chr(code) for code in range(0x600, 0x606)}
    visible = {"\u06dd", "\u070f", "\u08e2", "\u0890", "\u0891", "\U000110bd", "\U000110cd"}
    left = [char for char in normalize(text) if unicodedata.category(char) in {"Cf", "Cc", "Cs"}]
    assert set(left) <= kept | visible


@given(st.text())
def test_folding_quotes_keeps_the_length(text: str) -> None:
    assert len(fold_quotes(text)) == len(text)


def test_quotes_and_dashes_fold_to_ascii() -> None:
    assert fold_quotes("“Yes” – ‘no’ — «oui» ‹si›") == "\"Yes\" - 'no' - \"oui\" 'si'"
