"""Text written by others comes out dead: 200 hostile strings, none live, and every one still reads as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Bullets,
    Button,
    Buttons,
    Footer,
    Heading,
    Line,
    Link,
    Links,
    Message,
    Paragraph,
    Quote,
    Table,
)
from bot.platforms.discord.neutralizing import clip, linkable, neutralize, neutralize_label, split_units, units
from bot.platforms.discord.rendering import render_bodies, texts_of
from bot.text.normalizing import strip_hidden
from tests.platforms.discord.hostile_texts import HOSTILE

pytestmark = pytest.mark.fault("hostile text in Discord")

LIVE = re.compile(
    r"<(?!\u200b)|@(?!\u200b)|:/|(?i:discord(?:app)?\.\w)|(?i:\.gg\b)|\]\("
    r"|^(?:#|>|-#?\s|\d+[.)]\s)"
)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*[*_~`|\[\]<>#]")
SHORTCODE = re.compile(r"(?<!\\)(?:\\\\)*:[\w+~-]+:")
HIDDEN = re.compile(r"[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff\x00-\x09\x0b-\x1f]")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_hostile_string_is_live(text: str) -> None:
    shown = neutralize(text)
    for pattern in (LIVE, UNESCAPED, SHORTCODE, HIDDEN):
        assert not pattern.search(shown), shown


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_string_reads_as_it_was(text: str) -> None:
    assert _as_shown(neutralize(text)) == " ".join(strip_hidden(text).split())


def test_no_hostile_string_is_live_in_any_place_of_a_message() -> None:
    for text in HOSTILE:
        link = Link(text=text, url="https://paper.example/a")
        message = Message(
            blocks=(
                Heading(text=text),
                Heading(text=text, level=2, marker=text[:20]),
                Paragraph(text=text),
                Bullets(lines=(Line(text=text, marks=(text,), proof=(text,)),)),
                Table(columns=(text,), rows=((text,),)),
                Quote(text=text, source=text),
                Footer(lines=(text,)),
                Links(links=(link, Link(text=text, url="javascript:" + text))),
                Buttons(buttons=(Button(label=text, action="proof:1"),)),
            )
        )
        for body in render_bodies(message, marker="nb-1"):
            content = "\n".join(texts_of(body["components"]))
            assert content.count("](<https://paper.example/a>)") == content.count("](")
            rest = content.replace("](<https://paper.example/a>)", "")
            assert not re.search(r"<(?!\u200b)|@(?!\u200b)|:/|(?i:discord(?:app)?\.\w)|```", rest), rest


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab1 .:/<>@#[]()*_`|~\\-+\u200b\u202e한😀discordg"), max_size=60))
def test_any_text_is_dead_and_reads_as_it_was(text: str) -> None:
    shown = neutralize(text)
    assert not LIVE.search(shown)
    assert not UNESCAPED.search(shown)
    assert _as_shown(shown) == " ".join(strip_hidden(text).split())


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example/x", "https://", "/a", ""])
def test_only_web_addresses_are_links(url: str) -> None:
    assert linkable(url) is None


def test_an_address_with_somebody_elses_name_before_an_at_is_no_link() -> None:
    assert linkable("https://paper.example@evil.example/") is None


def test_an_address_can_not_end_its_link() -> None:
    assert linkable("https://a.example/x>)@everyone[y](z\u202e") == "https://a.example/x%3E%29%40everyone%5By%5D%28z"


def test_lengths_are_utf_16_units_also_after_nfkc() -> None:
    assert units("a한😀") == 4
    assert units("\ufdfa") == 18


def test_a_text_is_clipped_at_a_word() -> None:
    assert clip("harbour ferries return", 18) == "harbour ferries…"


def test_a_label_has_no_live_mention_and_fits() -> None:
    label = neutralize_label("@everyone 😀 " * 30, limit=80)
    assert units(label) <= 80
    assert "@everyone" not in label


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=1, max_size=200).map(neutralize), st.integers(min_value=20, max_value=60))
def test_pieces_of_a_text_fit_and_lose_nothing(text: str, limit: int) -> None:
    pieces = list(split_units(text, limit))
    assert all(units(piece) <= limit for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


def test_words_are_never_cut() -> None:
    words = [f"word{number}" for number in range(500)]
    pieces = list(split_units(" ".join(words), 97))
    assert " ".join(pieces).split() == words


def test_a_line_of_ten_megabytes_is_split_in_linear_time() -> None:
    assert sum(len(piece) for piece in split_units("x" * 2_000_000, 3_000)) == 2_000_000


def _as_shown(text: str) -> str:
    """Return what a reader sees: escapes and zero-width spaces gone."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", text.replace("\u200b", ""))
