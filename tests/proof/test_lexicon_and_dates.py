"""The word lists say what they should, and date words are told from other words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.proof.dates import DateMention, find_dates, resolve_dates
from bot.proof.lexicon import lexicon, stem_of


def values(text: str) -> set[tuple[str, int | str]]:
    return {(date.kind, date.value) for date in find_dates(text)}


def test_opposites_go_both_ways_and_their_sides_are_synonyms() -> None:
    rise, fall = stem_of("rise"), stem_of("fall")
    assert fall in lexicon().against(rise)
    assert rise in lexicon().against(fall)
    assert stem_of("climb") in lexicon().same(rise)


def test_no_word_is_its_own_opposite() -> None:
    words = lexicon()
    assert [stem for stem in words.opposites if stem in words.opposites[stem]] == []


def test_things_of_one_kind_shut_each_other_out() -> None:
    assert stem_of("gold") in lexicon().besides(stem_of("silver"))


def test_a_phrase_is_known_by_its_stems() -> None:
    assert stem_of("shut_down") in lexicon().phrases


def test_a_country_goes_with_its_people() -> None:
    assert stem_of("french") in lexicon().place(stem_of("france"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on Monday, 4 May 2026", {("weekday", 0), ("month", 5), ("day", 504)}),
        ("on June 3rd", {("month", 6), ("day", 603)}),
        ("on 2026-06-03", {("month", 6), ("day", 603)}),
        ("They may march in the sun", set()),
        ("in May", {("month", 5)}),
        ("am Dienstag", {("weekday", 1)}),
        ("5월 4일 월요일", {("month", 5), ("day", 504), ("weekday", 0)}),
        ("5月4日", {("month", 5), ("day", 504)}),
        ("last year and yesterday", {("relative", "last year"), ("relative", "-1")}),
        ("지난해 어제", {("relative", "last year"), ("relative", "-1")}),
        ("99-99-99 and 13월", set()),
    ],
)
def test_date_words_are_found_and_other_words_are_not(text: str, expected: set[tuple[str, int | str]]) -> None:
    assert values(text) == expected


def test_yesterday_is_the_day_before_publication() -> None:
    yesterday = DateMention(kind="relative", value="-1", text="yesterday", start=0)
    resolved = resolve_dates([yesterday], datetime(2026, 3, 1, tzinfo=UTC))
    assert {(date.kind, date.value) for date in resolved} == {("weekday", 5), ("month", 2), ("day", 228)}
