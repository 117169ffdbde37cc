"""Bodies within every limit, whatever the message; long ones split between lines."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Block,
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
from bot.platforms.discord.rendering import custom_id_of, marker_line_of, render_bodies, render_plainly, texts_of
from tests.platforms.discord.loopback import CHANNEL, buttons_in
from tests.platforms.discord.rules import has_spec, message_problems, problems_of

TEXTS = st.one_of(
    st.text(max_size=120),
    st.sampled_from(["ferry " * 900, "한국어문장" * 900, "<@1> *_" * 700, "x" * 9_000, "😀" * 3_000, "\ufdfa" * 300]),
)
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, text=TEXTS, level=st.sampled_from([1, 2]), marker=st.sampled_from(["", "7"])),
    st.builds(Paragraph, text=TEXTS, quiet=st.booleans()),
    st.builds(Bullets, lines=st.lists(st.builds(Line, text=TEXTS, marks=st.just(("s1",))), max_size=8).map(tuple)),
    st.builds(Quote, text=TEXTS, source=TEXTS),
    st.builds(Footer, lines=st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(
        Links, links=st.lists(st.builds(Link, text=TEXTS, url=st.just("https://a.example/x")), max_size=4).map(tuple)
    ),
    st.builds(
        Buttons,
        buttons=st.lists(
            st.builds(Button, label=TEXTS, action=st.integers(0, 30).map(lambda n: f"proof:{n}")), max_size=14
        ).map(tuple),
    ),
    st.just(Table(columns=("file", "why"), rows=(("a.txt", "empty"), ("", "")))),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(BLOCKS, max_size=14).map(tuple))
def test_any_message_keeps_every_limit(blocks: tuple[Block, ...]) -> None:
    for body in render_bodies(Message(blocks=blocks), marker="nb-1f3a"):
        assert message_problems(body) == []


def test_the_specification_takes_what_is_rendered() -> None:
    if not has_spec():
        pytest.skip("the shared data with Discord's specification is not here")
    for body in render_bodies(_digest(items=30), marker="nb-1f3a"):
        post = {**body, "nonce": "n", "enforce_nonce": True}
        assert problems_of("POST", f"/channels/{CHANNEL}/messages", post) == []
        assert problems_of("PATCH", f"/channels/{CHANNEL}/messages/1", body) == []


def test_the_rules_notice_what_the_specification_misses() -> None:
    text = {"type": 10, "content": "x" * 4_001}
    button = {"type": 2, "style": 2, "label": "x", "custom_id": "a"}
    wrong = {
        "content": "both",
        "flags": 1 << 15,
        "components": [
            text,
            {"type": 1, "components": [button] * 6},
            *({"type": 10, "content": "y"} for _ in range(40)),
        ],
    }
    assert len(message_problems(wrong)) == 6


def test_a_long_digest_is_split_before_an_item_never_within_a_line() -> None:
    bodies = render_bodies(_digest(items=30), marker="nb-1f3a")
    assert len(bodies) > 1
    lines = [line for body in bodies for text in texts_of(body["components"]) for line in text.split("\n")]
    assert [line for line in lines if line.startswith("- ")] == [f"- {_sentence(n)} \\[s{n % 4}\\]" for n in range(120)]
    assert all(next(texts_of(body["components"])).startswith("##") for body in bodies)


def test_a_heading_never_stands_at_the_end_of_a_part() -> None:
    blocks: list[Block] = []
    for number in range(6):
        blocks += [Heading(text=f"Story {number}", level=2), Paragraph(text="ferry " * 900)]
    for body in render_bodies(Message(blocks=tuple(blocks)), marker="nb-1"):
        *texts, _marker = texts_of(body["components"])
        assert not texts[-1].split("\n")[-1].startswith("#")


def test_every_part_ends_with_the_marker_and_its_number() -> None:
    bodies = render_bodies(_digest(items=30), marker="nb-1f3a")
    assert [marker_line_of(body) for body in bodies] == [
        f"-# nb-1f3a · {number}/{len(bodies)}" for number in range(1, len(bodies) + 1)
    ]


def test_a_short_message_has_one_part_and_the_bare_marker() -> None:
    [body] = render_bodies(Message(blocks=(Paragraph(text="Nothing new."),)), marker="nb-1f3a")
    assert list(texts_of(body["components"])) == ["Nothing new.", "-# nb-1f3a"]


def test_a_message_without_blocks_is_still_a_message() -> None:
    [body] = render_bodies(Message(blocks=()))
    assert message_problems(body) == []


def test_buttons_keep_their_action_and_the_same_one_stands_once() -> None:
    buttons = Buttons(
        buttons=(
            *(Button(label=f"B{n}", action=f"proof:{n}") for n in range(7)),
            Button(label="again", action="proof:1"),
        )
    )
    [body] = render_bodies(Message(blocks=(Paragraph(text="x"), buttons)))
    assert buttons_in(body) == {f"B{n}": f"newsbot:proof:{n}" for n in range(7)}


def test_an_action_of_ninety_characters_fits_and_a_longer_one_is_left_out() -> None:
    assert custom_id_of("a" * 90) == "newsbot:" + "a" * 90
    assert custom_id_of("a" * 93) is None


def test_the_plain_form_keeps_every_text_and_no_layout() -> None:
    [body] = render_bodies(_digest(items=2), marker="nb-1f3a")
    plain = render_plainly(body)
    assert list(texts_of(plain["components"])) == list(texts_of(body["components"]))
    assert buttons_in(plain) == {}
    assert message_problems(plain) == []


def test_mentions_and_previews_are_off_in_every_body() -> None:
    for body in render_bodies(_digest(items=30)):
        assert body["allowed_mentions"]["parse"] == []
        assert body["flags"] & 4


def _digest(*, items: int) -> Message:
    blocks: list[Block] = [Heading(text="News digest")]
    for item in range(items):
        lines = tuple(Line(text=_sentence(item * 4 + n), marks=(f"s{n}",)) for n in range(4))
        buttons: tuple[Any, ...] = (
            Button(label="Proof", action=f"proof:{item}"),
            Button(label="Up", action=f"vote:{item}"),
        )
        blocks += [Heading(text=f"Story {item}", level=2), Bullets(lines=lines), Buttons(buttons=buttons)]
    return Message(blocks=tuple(blocks))


def _sentence(number: int) -> str:
    return f"Ferry {number} left the harbour of Oldport at noon with " + "sacks and " * 6 + "letters."
