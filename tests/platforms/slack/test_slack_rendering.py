"""Messages as Block Kit bodies: within every limit, cut between bullets, nothing live."""

from __future__ import annotations

import json
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
from bot.platforms.slack.neutralizing import escape_mrkdwn, live_url, split_text, weigh
from bot.platforms.slack.rendering import plain_body, render_bodies, render_payloads, weigh_body
from tests.platforms.slack.hostile_texts import HOSTILE
from tests.platforms.slack.slack_limits import links_of, problems_by_schema, problems_of_message, texts_of

pytestmark = pytest.mark.fault("hostile text and limits in Slack")

EVIL = re.compile(r"<[!@#]|<https?:|(?<!\u200b)@(?!\u200b)|https?://|www\.|:[a-z_+0-9-]+:")


def message_of(text: str) -> Message:
    """Return a message that has this text in every place where a text can stand."""
    return Message(
        blocks=(
            Heading(text=text),
            Heading(text=text, level=2, marker="1"),
            Paragraph(text=text),
            Paragraph(text=text, quiet=True),
            Bullets(lines=(Line(text=text, marks=("s1", text[:20]), proof=(text,)),)),
            Quote(text=text, source=text),
            Table(columns=("Name", text[:30]), rows=((text[:30], "1"), ("Arvel", "2"))),
            Links(links=(Link(text=text, url="https://paper.example/a"), Link(text="bad", url=text))),
            Buttons(buttons=(Button(label=text, action="proof:1"), Button(label="More", action="page:2"))),
            Footer(lines=(text, "Coverage: 3 articles")),
        )
    )


def long_digest(*, articles: int, bullets: int, words: int = 30) -> Message:
    """Return a digest of this size with distinct bullets."""
    blocks: list = [Heading(text="News digest · Sat 21 Nov 2026, 18:02 UTC")]
    for number in range(1, articles + 1):
        blocks.append(Heading(text=f"Story {number} of Oldport", level=2, marker=str(number)))
        blocks.append(Paragraph(text=f"The Courier · 21 Nov 2026 · {number}.txt", quiet=True))
        lines = (Line(text=" ".join([f"b{number}-{i}", *["harbour"] * words, "end."]), marks=("s3",))
                 for i in range(bullets))  # fmt: skip
        blocks.append(Bullets(lines=tuple(lines)))
    blocks.append(Footer(lines=("Coverage: 9 articles read.",)))
    return Message(blocks=tuple(blocks))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_is_never_live_in_any_place(text: str) -> None:
    for body in render_bodies(message_of(text), marker="ab12"):
        assert problems_of_message(body) == []
        assert set(links_of(body["blocks"])) <= {"https://paper.example/a", text}
        assert all(live_url(url) for url in links_of(body["blocks"]))
        assert not EVIL.search(body["text"])
        shown = "".join(texts_of(body["blocks"]))
        assert not re.search("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f\x00-\x08]", shown)


def test_every_kind_of_block_fits_the_published_schema(schemas: dict | None) -> None:
    if schemas is None:
        pytest.skip("shared data: the schemas of Slack's methods are not here")
    for body in render_bodies(message_of("Oldport & <Lindau>"), marker="ab12"):
        assert problems_by_schema("chat.postMessage", {"channel": "C1", **body}, schemas) == []


def test_a_long_digest_is_cut_between_its_bullets_and_nothing_is_lost() -> None:
    bodies = render_bodies(long_digest(articles=12, bullets=8), marker="ab12")
    shown = [text for body in bodies for text in texts_of(body["blocks"])]
    bullets = [text for text in shown if re.match(r"b\d+-\d", text)]
    assert len(bodies) > 2
    assert len(bullets) == len(set(bullets)) == 12 * 8
    assert all(text.endswith("end.") for text in bullets)


def test_a_heading_stays_with_its_first_bullet() -> None:
    for body in render_bodies(long_digest(articles=12, bullets=8), marker="ab12"):
        shown = list(texts_of(body["blocks"]))
        heading_at = [index for index, text in enumerate(shown) if re.match(r"\d+\. Story", text)]
        assert all(any(re.match(r"b\d", text) for text in shown[index + 1 : index + 4]) for index in heading_at)


def test_every_part_says_which_it_is_and_holds_the_marker() -> None:
    bodies = render_bodies(long_digest(articles=12, bullets=8), marker="ab12")
    tails = [list(texts_of(body["blocks"][-1]))[-1] for body in bodies]
    assert tails == [f"Part {n} of {len(bodies)} · ab12" for n in range(1, len(bodies) + 1)]
    assert all("ab12" in body["text"] for body in bodies)


def test_the_same_message_gives_the_same_bytes() -> None:
    message = long_digest(articles=9, bullets=5)
    assert render_payloads(message, marker="m") == render_payloads(message, marker="m")


def test_fifty_headings_do_not_make_more_than_fifty_blocks() -> None:
    message = Message(blocks=tuple(Heading(text=f"H{n}", level=2, marker=str(n)) for n in range(120)))
    bodies = render_bodies(message)
    assert all(len(body["blocks"]) <= 50 for body in bodies)
    assert sum("H" in text for body in bodies for text in texts_of(body["blocks"])) == 120


def test_forty_buttons_are_spread_over_actions_blocks() -> None:
    buttons = tuple(Button(label=f"B{n}", action=f"page:{n}") for n in range(40))
    [body] = render_bodies(Message(blocks=(Paragraph(text="x"), Buttons(buttons=buttons))))
    actions = [block for block in body["blocks"] if block["type"] == "actions"]
    assert [len(block["elements"]) for block in actions] == [25, 15]
    assert actions[0]["elements"][7]["value"] == "page:7"


def test_two_thumbs_become_slacks_feedback_buttons() -> None:
    buttons = (Button(label="Useful", action="vote:up:s1"), Button(label="Not useful", action="vote:down:s1"))
    [body] = render_bodies(Message(blocks=(Buttons(buttons=buttons),)))
    [element] = body["blocks"][0]["elements"]
    assert element["type"] == "feedback_buttons"
    assert element["positive_button"]["value"] == "vote:up:s1"


def test_only_a_proper_web_address_is_a_link() -> None:
    refused = ["javascript:alert(1)", "slack://open", "https://a b", "https://user@evil.example", "//x", "https://",
               "https://x.example/\u202e", "https://x.example/" + "a" * 3001, "http://[::1"]  # fmt: skip
    assert [live_url(url) for url in refused] == [None] * len(refused)
    assert live_url("https://paper.example/a?b=1&c=2") == "https://paper.example/a?b=1&c=2"


def test_a_message_of_nothing_still_says_something() -> None:
    assert problems_of_message(render_bodies(Message(blocks=()))[0]) == []
    assert problems_of_message(render_bodies(Message(blocks=(Paragraph(text="\u200b \n"),)))[0]) == []


def test_a_narrow_table_stays_a_table_and_a_wide_one_becomes_a_list() -> None:
    narrow = Table(columns=("Command", "Does"), rows=(("/ask", "answers"), ("/digest", "tells")))
    wide = Table(columns=("Command", "Does"), rows=(("/ask", "answers " * 20),))
    [body] = render_bodies(Message(blocks=(narrow,)))
    assert body["blocks"][0]["elements"][0]["type"] == "rich_text_preformatted"
    [body] = render_bodies(Message(blocks=(wide,)))
    assert body["blocks"][0]["elements"][0]["type"] == "rich_text_list"


def test_the_plain_form_has_the_same_words_and_only_sections() -> None:
    for body in render_bodies(message_of("Bakers went on strike"), marker="ab12"):
        plain = plain_body(body)
        assert {block["type"] for block in plain["blocks"]} == {"section"}
        assert problems_of_message(plain) == []
        assert "Bakers went on strike [s1, Bakers went on strik]" in plain["blocks"][0]["text"]["text"]
        assert plain_body(plain) == plain


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=6000), st.integers(60, 3000))
def test_pieces_of_a_text_are_never_too_heavy_and_lose_no_word(text: str, most: int) -> None:
    pieces = split_text(text, max_weight=most)
    assert all(weigh(piece) <= most for piece in pieces)
    assert "".join("".join(piece.split()) for piece in pieces) == "".join(text.split())


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=400), min_size=1, max_size=40))
def test_any_texts_at_all_give_proper_bodies(texts: list[str]) -> None:
    message = Message(blocks=(Heading(text=texts[0]), Bullets(lines=tuple(Line(text=text) for text in texts))))
    for body in render_bodies(message, marker="m"):
        assert problems_of_message(body) == []
        assert weigh_body(body) <= 10_000


def test_words_are_cut_only_when_one_alone_is_too_long() -> None:
    full, rest = " ".join(["harbour"] * 6), " ".join(["harbour"] * 4)
    assert split_text("harbour " * 100, max_weight=50) == [*[full] * 16, rest]
    assert split_text("x" * 120, max_weight=50) == ["x" * 50, "x" * 50, "x" * 20]


def test_escaping_leaves_nothing_for_slack_to_parse() -> None:
    assert escape_mrkdwn("<!channel> & :smile:") == "&lt;!channel&gt; &amp; :\u200bsmile:"
    assert json.loads(json.dumps(escape_mrkdwn("a.example"))) == "a\u200b.example"
