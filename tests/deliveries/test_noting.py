"""Notes in posted messages: they stand under what they are about, within every limit, and the message stays whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Bullets, Button, Buttons, Footer, Heading, Line, Message
from bot.platforms.discord.noting import annotate_body as annotate_discord
from bot.platforms.discord.rendering import marker_line_of, render_bodies, render_plainly
from bot.platforms.slack.noting import annotate_body as annotate_slack
from bot.platforms.slack.rendering import plain_body
from bot.platforms.slack.rendering import render_bodies as render_for_slack
from bot.ports import Note
from tests.platforms.discord.rules import message_problems
from tests.platforms.slack.slack_limits import problems_of_message

MARKER = "0a1b2c3d4e"


def note(anchor: str = "proof:1", *changes: str) -> Note:
    told = changes or ("“12 people” is now “15 people”",)
    return Note(anchor=anchor, about="Fire in Harl", when="21 Nov, 14:05", changes=told)


def digest(items: int = 2, *, line: str = "The mill burned down.") -> Message:
    blocks: list[Any] = [Heading(text="News digest")]
    for number in range(1, items + 1):
        blocks.append(Heading(text=f"Fire {number}", level=2, marker=str(number)))
        blocks.append(Bullets(lines=(Line(text=line),)))
        blocks.append(Buttons(buttons=(Button(label="Proof", action=f"proof:{number}"),)))
    blocks.append(Footer(lines=("Coverage: 2 articles read.",)))
    return Message(blocks=tuple(blocks))


def strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings_of(one)


def test_a_note_on_discord_stands_between_its_item_and_the_items_button() -> None:
    [body] = render_bodies(digest(), marker=MARKER)
    noted = annotate_discord(body, [note("proof:2")])
    assert noted is not None
    inner = noted["components"][0]["components"]
    at = next(index for index, one in enumerate(inner) if "Updated" in str(one.get("content")))
    assert inner[at]["content"].endswith("**Updated 21 Nov, 14:05**: “12 people” is now “15 people”.")
    assert "Fire 2" in inner[at]["content"]
    assert inner[at + 1]["components"][0]["custom_id"] == "newsbot:proof:2"
    assert message_problems(noted) == []


def test_a_note_on_slack_stands_between_its_item_and_the_items_button() -> None:
    [body] = render_for_slack(digest(), marker=MARKER)
    noted = annotate_slack(body, [note("proof:2")])
    assert noted is not None
    at = next(index for index, one in enumerate(noted["blocks"]) if "Updated" in json.dumps(one))
    assert noted["blocks"][at + 1]["elements"][0]["action_id"] == "press:proof:2"
    assert problems_of_message(noted) == []


@pytest.mark.parametrize("number", [1, 11, 12])
def test_an_anchor_is_found_as_a_whole(number: int) -> None:
    for body in render_bodies(digest(12), marker=MARKER):
        noted = annotate_discord(body, [note(f"proof:{number}")])
        assert noted is not None
        if f'newsbot:proof:{number}"' in json.dumps(body):
            assert f"Fire {number}\\n" in json.dumps(noted).split("Updated")[0].split("custom_id")[-1]


def test_without_its_button_a_note_stands_before_the_marker_and_says_what_it_is_about() -> None:
    [body] = render_bodies(digest(), marker=MARKER)
    simple = render_plainly(body)
    noted = annotate_discord(simple, [note()])
    assert noted is not None
    assert marker_line_of(noted) == marker_line_of(body)
    assert any("Updated 21 Nov, 14:05 · Fire in Harl" in text for text in strings_of(noted))
    [slack] = render_for_slack(digest(), marker=MARKER)
    simple_slack = plain_body(slack)
    noted_slack = annotate_slack(simple_slack, [note()])
    assert noted_slack is not None
    assert "Fire in Harl" in json.dumps(noted_slack["blocks"])


def test_annotating_twice_gives_the_same_and_leaves_the_body_alone() -> None:
    [body] = render_bodies(digest(), marker=MARKER)
    frozen = json.dumps(body)
    assert annotate_discord(body, [note()]) == annotate_discord(body, [note()])
    assert json.dumps(body) == frozen
    [slack] = render_for_slack(digest(), marker=MARKER)
    frozen = json.dumps(slack)
    assert annotate_slack(slack, [note()]) == annotate_slack(slack, [note()])
    assert json.dumps(slack) == frozen


def test_hostile_words_of_an_article_are_dead_in_a_note() -> None:
    hostile = note("proof:1", "“@everyone” is now “<@&1> [x](https://evil.example) </help:1>”")
    [body] = render_bodies(digest(), marker=MARKER)
    text = json.dumps(annotate_discord(body, [hostile]), ensure_ascii=False)
    assert "@everyone" not in text
    assert "<@&1>" not in text
    assert "[x](https" not in text
    [slack] = render_for_slack(digest(), marker=MARKER)
    noted = annotate_slack(slack, [hostile])
    assert noted is not None
    assert "mrkdwn" not in json.dumps(noted["blocks"])


WORDS = st.text(alphabet="abc éß한 <&@*_`😀\ufdfa", min_size=1, max_size=3_000)


@settings(max_examples=60, deadline=None)
@given(line=WORDS, items=st.integers(1, 14), changes=st.lists(WORDS, min_size=1, max_size=5), count=st.integers(1, 6))
def test_whatever_is_noted_the_message_keeps_its_content_and_every_limit(
    line: str, items: int, changes: list[str], count: int
) -> None:
    message = digest(items, line=line)
    notes = [note(f"proof:{number}", *changes) for number in range(1, count + 1)]
    for body in render_bodies(message, marker=MARKER):
        noted = annotate_discord(body, notes)
        if noted is not None:
            assert message_problems(noted) == []
            assert marker_line_of(noted) == marker_line_of(body)
            before, after = "\n".join(strings_of(body)), "\n".join(strings_of(noted))
            assert set(before.split("\n")) <= set(after.split("\n"))
    for slack in render_for_slack(message, marker=MARKER):
        noted = annotate_slack(slack, notes)
        if noted is not None:
            assert problems_of_message(noted) == []
            assert all(block in noted["blocks"] for block in slack["blocks"])
            assert MARKER in noted["text"]


def test_a_full_message_gets_a_shorter_note() -> None:
    long = ("“" + "old words " * 30 + "” is now “" + "new words " * 30 + "”",) * 4
    full = digest(7, line="The harbour of Oldport was shut by a storm. " * 11)
    bodies = render_bodies(full, marker=MARKER)
    noted = [annotate_discord(body, [note("proof:1", *long), note("proof:2", *long)]) for body in bodies]
    assert any(one is not None and "Updated" in json.dumps(one) for one in noted)
    for one in noted:
        if one is not None:
            assert message_problems(one) == []
