"""How texts are written into a column, and that what older versions wrote is read."""

from __future__ import annotations

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.dictionary import DICTIONARY
from bot.storage.records import pack_text, unpack_text


@given(st.text() | st.characters(categories=["Cs"]))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert unpack_text(pack_text(text)) == text


def test_news_takes_less_than_without_the_dictionary() -> None:
    text = "The mayor of Oldport said on Tuesday that the bridge would be closed until the end of the week."
    assert len(pack_text(text)) < 0.8 * len(zlib.compress(text.encode()))


def test_what_was_packed_without_the_dictionary_is_read() -> None:
    assert unpack_text(zlib.compress("The bridge, die Brücke, 다리".encode(), 6)) == "The bridge, die Brücke, 다리"


def test_a_text_that_ends_too_early_is_an_error() -> None:
    packed = pack_text("The bridge of Oldport was closed. " * 20)
    with pytest.raises(zlib.error):
        unpack_text(packed[:-9])


def test_the_dictionary_is_the_one_that_archives_were_written_with() -> None:
    assert hashlib.sha256(DICTIONARY).hexdigest() == "1729d33c2ca8ecd28bf26f92b17dffbda6c2fd2e532ce1b01e47dee4aa25cb02"
