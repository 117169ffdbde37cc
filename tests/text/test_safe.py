"""A name shown in a log or a table hides nothing and stays on its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.safe import escape_visible


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("bridge.txt", "bridge.txt"),
        ("다리.txt", "다리.txt"),
        ("a\nb", "a\\x0ab"),
        ("a\udcffb", "a\\xffb"),
        ("txt\u202egpj", "txt\\u202egpj"),
        ("a\U000e0041", "a\\U000e0041"),
        ("\x1b[31m", "\\x1b[31m"),
    ],
)
def test_odd_characters_are_escaped(name: str, shown: str) -> None:
    assert escape_visible(name) == shown


@given(st.text(alphabet=st.characters(codec=None)))
def test_what_is_shown_is_one_line_that_can_be_encoded(name: str) -> None:
    shown = escape_visible(name)
    shown.encode()
    assert len(shown.splitlines()) <= 1
