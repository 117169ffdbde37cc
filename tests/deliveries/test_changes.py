"""What an article says differently from what was told of it, and what is no change at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.deliveries.changes import AS_BEFORE, MAX_CHANGES, find_changes
from bot.deliveries.editing import compared
from bot.model import Article, Sentence
from bot.ports import Shown, ShownLine
from bot.text.sentences import split_sentences

NOW = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
TITLE = "Fire at the mill of Eddingholm"
BODY = (
    "A fire at the mill in Eddingholm killed 12 people on Monday. The mayor, Ida Lund, said the cause was not known."
    " Firefighters worked all night. The mill will reopen in May."
)


def article(body: str, title: str = TITLE) -> Article:
    sentences = tuple(
        Sentence(index=index, text=body[start:end], start=start, end=end, paragraph=0)
        for index, (start, end) in enumerate(split_sentences(body))
    )
    return Article(id="mill", version="2", path="mill.txt", title=title, body=body, sentences=sentences, language="en")


def shown(*lines: ShownLine) -> Shown:
    told = lines or tuple(ShownLine(text=one.text, quote=one.text) for one in article(BODY).sentences)
    return Shown(
        post_id="p1",
        article_id="mill",
        version="1",
        anchor="proof:1",
        about=TITLE,
        headline=TITLE,
        lines=told,
        zone="UTC",
        at=NOW,
    )


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("12 people", "15 people", "“12 people” is now “15 people”"),
        ("was not known", "was known", "“not known” is now “known”"),
        ("killed", "injured", "“killed 12” is now “injured 12”"),
        ("Ida Lund", "Ida Lunde", "“Ida Lund” is now “Ida Lunde”"),
        ("on Monday", "on Tuesday morning", "“on Monday” is now “on Tuesday morning”"),
        (" on Monday", "", "the source no longer says “on Monday”"),
        ("will reopen in May", "may reopen in June", "“will reopen” is now “may reopen”; “in May” is now “in June”"),
        ("Firefighters worked all night. ", "", "the source took this line back: “Firefighters worked all night”"),
    ],
)
def test_a_change_of_what_was_told_is_told_in_the_words_of_both_versions(before: str, after: str, change: str) -> None:
    assert find_changes(shown(), article(BODY.replace(before, after))) == (change,)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("said", "stated"),
        ("12 people", "twelve people"),
        ("worked all night", "worked all night, neighbours brought them tea"),
        ("The mill will", "The old mill, which is 200 years old, will"),
        (". Fire", ".\n\nFire"),
        ("The mayor, Ida Lund, said", "The mayor, Ida Lund , said"),
        ("in May.", "in May. A benefit concert is planned."),
    ],
)
def test_another_wording_or_an_addition_is_no_change_of_what_was_told(before: str, after: str) -> None:
    assert find_changes(shown(), article(BODY.replace(before, after) if before else BODY)) == ()


def test_a_change_in_words_that_the_line_left_out_is_none() -> None:
    line = ShownLine(text="A fire killed 12 people.", quote=article(BODY).sentences[0].text)
    assert find_changes(shown(line), article(BODY.replace("on Monday", "on Tuesday"))) == ()


def test_another_headline_is_told() -> None:
    changes = find_changes(shown(), article(BODY, title="Fire at the mill of Oldport"))
    assert changes == ("the headline is now “Fire at the mill of Oldport”",)


def test_a_headline_that_differs_in_case_and_marks_alone_is_the_same() -> None:
    assert find_changes(shown(), article(BODY, title="Fire at the Mill of Eddingholm!")) == ()


def test_another_article_in_the_same_file_takes_nothing_back() -> None:
    other = article("The council of Oldport agreed on a budget. Teachers welcome it.", title="More money for schools")
    assert find_changes(shown(), other) == ()


def test_of_very_many_changes_some_are_counted() -> None:
    before, after = (
        " ".join(f"Road {number} in the north was shut by {number + depth} cm of snow." for number in range(10))
        for depth in (20, 60)
    )
    lines = tuple(ShownLine(text=one.text, quote=one.text) for one in article(before).sentences)
    changed = article(after)
    changes = find_changes(shown(*lines), changed)
    assert len(changes) == MAX_CHANGES + 1
    assert changes[-1] == "and 6 more"


def test_an_empty_or_hostile_version_does_no_harm() -> None:
    for body in ("", "\u202e@everyone </help:1>", "a " * 5_000, "한국어 기사입니다. 12명이 다쳤다."):
        find_changes(shown(), article(body))


def test_what_is_noted_and_holds_no_more_is_said_to_be_as_before() -> None:
    noted, edits = compared(shown(), ("“12 people” is now “15 people”",), version="2", now=NOW)
    assert edits
    back, edits_again = compared(noted, (), version="1", now=NOW)
    assert edits_again
    assert back.changes == (AS_BEFORE,)
    assert compared(back, (), version="3", now=NOW)[1] is False


def test_nothing_new_to_note_asks_for_no_edit() -> None:
    same, edits = compared(shown(), (), version="2", now=NOW)
    assert not edits
    assert (same.version, same.changed_at) == ("2", None)
