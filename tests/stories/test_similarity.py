"""Copies and near-copies are found; texts that merely speak of the same thing are not."""

from __future__ import annotations

import json
import random
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.similarity import MAX_CHARS, CopyFinder, containment, find_duplicates, fingerprint, is_near_copy

LADDER = Path(__file__).parents[3] / "shared" / "eval" / "dup_ladder.jsonl"


def make_text(seed: int, words: int = 300) -> str:
    """Return a text of invented words in sentences of twelve."""
    dice = random.Random(seed)
    drawn = ["".join(dice.choices("aeioubdfglmnprst", k=dice.randint(3, 9))) for _ in range(words)]
    return ". ".join(" ".join(drawn[start : start + 12]).capitalize() for start in range(0, words, 12)) + "."


@pytest.mark.parametrize(
    "edit",
    [
        str.upper,
        lambda text: text.replace(" ", "\n  "),
        lambda text: text.replace(".", " -"),
        lambda text: text[: len(text) // 3],
        lambda text: text[-len(text) // 2 :],
        lambda text: "HOME | NEWS | SPORT\n" + text + "\nAll rights reserved.",
        lambda text: ". ".join(reversed(text.split(". "))),
        lambda text: make_text(99, 36) + text,
    ],
    ids=["case", "white space", "punctuation", "first third", "second half", "boilerplate", "reordered", "new lead"],
)
def test_an_edited_copy_is_a_near_copy(edit) -> None:  # type: ignore[no-untyped-def]
    text = make_text(1)
    assert find_duplicates([text, make_text(2), edit(text)]) == [None, None, 0]


def test_copies_of_copies_point_to_the_original() -> None:
    text = make_text(1)
    assert find_duplicates([text, text + make_text(3, 40), text + make_text(4, 40)]) == [None, 0, 0]


def test_two_articles_that_share_a_quotation_are_not_copies() -> None:
    quotation = make_text(5, 24)
    assert find_duplicates([make_text(1) + quotation, make_text(2) + quotation]) == [None, None]


def test_short_texts_are_copies_only_when_they_are_equal() -> None:
    assert find_duplicates(["No news today", "no NEWS today!", "No news from Oldport today"]) == [None, 0, None]


def test_empty_texts_are_no_copies() -> None:
    assert find_duplicates(["", " ", "...", make_text(1)]) == [None, None, None, None]


def test_copies_in_a_script_without_spaces_are_found() -> None:
    characters = [chr(0x4E00 + random.Random(number).randrange(5_000)) for number in range(200)]
    text = "".join(characters)
    assert find_duplicates([text, text[:120] + "。", "".join(reversed(characters))]) == [None, 0, None]


def test_a_footer_on_every_page_does_not_slow_the_finder_down() -> None:
    footer = make_text(7, 60)
    finder: CopyFinder[int] = CopyFinder()
    for number in range(500):
        finder.add(number, fingerprint(make_text(number + 1_000, 80) + footer))
    assert max(len(keys) for keys in finder._sharing.values()) <= 32
    assert finder.find(fingerprint(make_text(1_499, 80) + " Read more.")) == 499


def test_a_ten_megabyte_line_costs_no_more_than_a_book() -> None:
    line = make_text(8, 2_000) * 800
    assert len(fingerprint(line).shingles) <= MAX_CHARS
    assert find_duplicates([line, line + " more"]) == [None, 0]


def test_containment_is_that_of_the_smaller_set() -> None:
    assert containment({1, 2}, {2, 3, 4, 5}) == 0.5
    assert containment(set(), {1}) == 0.0


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_text_has_a_fingerprint_that_is_its_own_copy(one: str, other: str) -> None:
    first, second = fingerprint(one), fingerprint(other)
    assert is_near_copy(first, first) == bool(first.shingles)
    assert is_near_copy(first, second) == is_near_copy(second, first)
    assert list(first.sample) == sorted(set(first.sample))
    assert bool(first.sample) == bool(first.shingles)
    assert all(0 <= one < 2**32 for one in first.sample)


@pytest.mark.skipif(not LADDER.exists(), reason="shared data: the evaluation sets are not here")
def test_the_ladder_of_edits_is_told_apart_as_measured() -> None:
    rows = [json.loads(line) for line in LADDER.read_text(encoding="utf-8").splitlines()]
    roots = [
        position if root is None else root
        for position, root in enumerate(find_duplicates([row["text"] for row in rows]))
    ]
    found = right = true = 0
    for one, other in combinations(range(len(rows)), 2):
        same = rows[one]["base"] == rows[other]["base"]
        said = roots[one] == roots[other]
        found, right, true = found + said, right + (said and same), true + same
    assert right / found >= 0.98
    assert right / true >= 0.95


def test_two_reports_filled_into_one_form_are_no_copies_of_each_other() -> None:
    form = (
        "The mill in {town} burned down on {day} night, the fire brigade said. {name} saw the smoke first and called "
        "for help. Nobody was hurt, and the damage is put at {sum} crowns. It had been empty since {year}."
    )
    one = form.format(town="Harl", day="Friday", name="Ada Quill", sum="40,000", year="1998")
    other = form.format(town="Oxmouth", day="Monday", name="Per Lund", sum="75,500", year="2011")
    assert find_duplicates([one, other]) == [None, None]
    assert find_duplicates([one, one.replace("Nobody was hurt, and the", "The")]) == [None, 0]


@pytest.mark.parametrize("other", ["Oxmouth", "New Selby"])
def test_the_same_report_about_another_town_is_no_copy(other: str) -> None:
    text = (
        "The mill in Harl burned down on Monday night. Nobody was hurt, the fire brigade said. The damage is put at "
        "40,000 crowns, and the owner will not build it again."
    )
    assert find_duplicates([text, text.replace("Harl", other)]) == [None, None]
    assert find_duplicates([text, text.replace("Monday", "Tuesday")]) == [None, 0]
    assert find_duplicates([text, text.replace("40,000", "60,000")]) == [None, 0]


def test_a_slip_of_the_pen_in_a_name_leaves_a_copy_a_copy() -> None:
    text = (
        "The bridge at Eddingholm was opened by mayor Petra Lundgren on Friday. Two thousand people came to see it, "
        "and the band of the guild of bakers played until night."
    )
    assert find_duplicates([text, text.replace("Lundgren", "Lundgreen")]) == [None, 0]
