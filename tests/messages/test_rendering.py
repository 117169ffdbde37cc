"""Messages show as themselves in plain text, Markdown and the terminal; nothing in an article becomes live."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from bot.messages.rendering import escape_markdown, render_markdown, render_plain
from bot.messages.wording import bullet_text, count_of, line_of, note_of
from bot.model import (
    Bullet,
    Bullets,
    Button,
    Buttons,
    Heading,
    Line,
    Link,
    Links,
    Message,
    Paragraph,
    Quote,
    Summary,
    Table,
)
from bot.platforms.terminal.rendering import show_message

HOSTILE = (
    "@everyone", "[click](https://evil.example)", "<b>bold</b>", "![x](http://evil.example/x.png)", "# not a heading",
    "`code`", "***loud***", "https://evil.example",
    "www.evil.example", "<!channel>", "<@123>", "a|b", "1. one", "- dash",
    "\u202egpj.exe", "[red]markup[/red]", ":smile:", "</help:1>", "~~struck~~",
)  # fmt: skip


def message_of(text: str) -> Message:
    return Message(
        blocks=(
            Heading(text=text, level=2, marker="1"),
            Paragraph(text=text, quiet=True),
            Bullets(lines=(Line(text=text, marks=("s1", "s2"), proof=(text,)),)),
            Table(columns=("a", "b"), rows=((text, "x"),)),
        )
    )


def test_the_attribution_is_always_shown() -> None:
    bullet = Bullet(text="The dam is safe.", sentences=(3,), quote="", attribution="said Mayor Ilse Varga")
    assert bullet_text(bullet) == "The dam is safe. (said Mayor Ilse Varga)"


def test_an_attribution_that_the_text_has_already_is_not_repeated() -> None:
    bullet = Bullet(text="The dam is safe, said Mayor Varga.", sentences=(3,), quote="", attribution="said Mayor Varga")
    assert bullet_text(bullet) == "The dam is safe, said Mayor Varga."


def test_a_note_says_who_wrote_the_summary() -> None:
    summary = Summary(
        article_id="a", version="v", headline="h", bullets=(), writer="extractive", note="the LLM is down"
    )
    assert note_of(summary) == "Extractive summary: the LLM is down"
    mixed = replace(summary, writer="llm", note="2 of 4 bullets are the article's own words")
    assert note_of(mixed) == "Of this summary, 2 of 4 bullets are the article's own words"


def test_a_plan_is_marked_as_planned() -> None:
    bullet = Bullet(text="The bridge opens in May.", sentences=(1,), quote="", status="planned")
    assert line_of(bullet).text == "The bridge opens in May. (planned)"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_never_live_in_markdown(text: str) -> None:
    rendered = render_markdown(message_of(text))
    for live in (
        "](http",
        "<b>",
        "![",
        "<!channel>",
        "<@123>",
        "@everyone",
        "`code`",
        "https://",
        "www.evil",
        "\u202e",
    ):
        assert live not in rendered


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_as_itself_in_the_terminal(text: str) -> None:
    stream = io.StringIO()
    show_message(message_of(text), file=stream)
    shown = stream.getvalue()
    assert "\u202e" not in shown
    if "\u202e" not in text:
        assert text in shown


def test_a_long_bullet_is_wrapped_and_never_cut() -> None:
    words = [f"word{index}" for index in range(80)]
    stream = io.StringIO()
    show_message(Message(blocks=(Bullets(lines=(Line(text=" ".join(words)),)),)), file=stream)
    assert all(word in stream.getvalue().split() for word in words)


@pytest.mark.parametrize("words", range(9, 16))
def test_a_line_of_wide_characters_is_never_cut_either(words: int) -> None:
    text = " ".join(["다시세우는"] * words) + " 밝혔다. (planned)"
    stream = io.StringIO()
    show_message(Message(blocks=(Bullets(lines=(Line(text=text, marks=("s1",)),)),)), file=stream)
    shown = "".join(stream.getvalue().split())
    assert "".join(text.split()) in shown


def test_plain_text_shows_marks_and_proof() -> None:
    shown = render_plain(message_of("The dam holds."))
    assert "• The dam holds. [s1, s2]" in shown


def test_a_leading_number_does_not_become_a_list() -> None:
    assert escape_markdown("1. May") == "1\\. May" or not escape_markdown("1. May").startswith("1. ")


def test_an_articles_own_address_is_the_only_live_link() -> None:
    links = Links(links=(Link(text="[The] Paper", url="https://paper.example/a_b"), Link(text="x", url="javascript:1")))
    rendered = render_markdown(Message(blocks=(links,)))
    assert "[\\[The\\] Paper](<https://paper.example/a_b>)" in rendered
    assert rendered.count("](") == 1


def test_a_quotation_names_its_source_and_buttons_are_left_out() -> None:
    quote = Quote(text="The dam holds.", source="Ilse Varga")
    message = Message(blocks=(quote, Buttons(buttons=(Button(label="Proof", action="proof:1"),))))
    assert render_plain(message).strip() == "“The dam holds.” — Ilse Varga"
    assert "Proof" not in render_markdown(message)


def test_counts_agree_with_their_noun() -> None:
    assert count_of(1, "article") == "1 article"
    assert count_of(12_000, "copy", "copies") == "12,000 copies"
