"""A near-copy tells nothing again, but what it says otherwise is news."""

from __future__ import annotations

from bot.digests.copies import additions_of
from tests.digests.digest_parts import make_article, summary_of

FIRE = (
    "Twelve people were killed in the warehouse fire in Oldport.",
    "The roof fell in at midnight, the fire brigade of Vessa said.",
    "Norrland Lines stored grain and timber in the warehouse.",
)


def test_a_copy_word_for_word_adds_nothing() -> None:
    copy = make_article(2, *FIRE[:2])
    assert additions_of(copy, summary_of(copy), make_article(1, *FIRE)) is None


def test_a_copy_with_another_figure_adds_that_line_alone() -> None:
    copy = make_article(2, FIRE[0].replace("Twelve", "Fourteen"), *FIRE[1:])
    added = additions_of(copy, summary_of(copy), make_article(1, *FIRE))
    assert added is not None
    assert [bullet.text for bullet in added.bullets] == [
        "Fourteen people were killed in the warehouse fire in Oldport."
    ]


def test_a_line_that_was_only_shortened_is_no_addition() -> None:
    original = make_article(1, *FIRE)
    summary = summary_of(original)
    assert additions_of(original, summary, original) is None
