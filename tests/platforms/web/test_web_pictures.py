"""The pictures that are drawn: cards of shared links, and timelines."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from bot.model import DatedClaim
from bot.platforms.web.cards import MARGIN, MAX_LINES, WIDTH, card_svg, width_of, wrap
from bot.platforms.web.timeline_picture import LEFT, RIGHT, draw_timeline, when_of
from tests.platforms.web.hostile_web import XSS

ROOM_EM = 16.0


def claim(day: date, status: str = "fact", granularity: str = "day") -> DatedClaim:
    return DatedClaim(day=day, granularity=granularity, text="It opens.", citations=(), status=status)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["Short", "word " * 60, "x" * 500, "에딩홀름 마로교 재개통 " * 20, "\u202eback", "", "\x00\x08"]
)
def test_a_headline_of_any_length_fits_its_card(text: str) -> None:
    lines = wrap(text, width_em=ROOM_EM)
    assert len(lines) <= MAX_LINES
    assert all(width_of(line) <= ROOM_EM for line in lines)


@pytest.mark.parametrize("text", XSS)
def test_a_card_holds_nothing_but_text(text: str) -> None:
    drawn = ElementTree.fromstring(card_svg(text, above=text, below=text))
    assert {element.tag.rpartition("}")[2] for element in drawn.iter()} == {"svg", "rect", "text"}
    assert all(not name.startswith("on") and "href" not in name for element in drawn.iter() for name in element.attrib)


def test_a_line_of_a_card_ends_inside_it() -> None:
    assert 2 * MARGIN < WIDTH


def test_entries_stand_in_order_apart_and_inside_the_picture() -> None:
    days = [date(1968, 1, 1), *(date(2026, 3, 1) + timedelta(days=number) for number in range(12)), date(2026, 9, 1)]
    picture = draw_timeline([claim(day) for day in days], today=date(2026, 5, 1))
    places = [dot.x for dot in picture.dots]
    assert places == sorted(places)
    assert min(after - before for before, after in itertools.pairwise(places)) > 25
    assert (places[0], places[-1]) == (LEFT, RIGHT)
    assert picture.today_x is not None
    assert places[-2] < picture.today_x < places[-1]


def test_one_entry_stands_in_the_middle_and_plans_are_hollow() -> None:
    picture = draw_timeline([claim(date(2026, 3, 1), "planned")], today=date(2026, 5, 1))
    assert [(dot.x, dot.is_planned) for dot in picture.dots] == [((LEFT + RIGHT) / 2, True)]
    assert picture.today_x is None


@pytest.mark.parametrize(
    ("granularity", "words"),
    [
        ("day", "4 May 2026"),
        ("month", "May 2026"),
        ("quarter", "Q2 2026"),
        ("year", "2026"),
        ("week", "from 4 May 2026"),
    ],
)
def test_a_day_is_named_as_exactly_as_its_source_does(granularity: str, words: str) -> None:
    assert when_of(claim(date(2026, 5, 4), granularity=granularity)) == words
