"""Which articles are one event, which events one storyline; ids, copies, new versions, and memory."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Article
from bot.stories.clustering import Arrival, StoryIndex
from bot.stories.features import NO_FEATURES, pack_features, read_features, unpack_features
from tests.stories.stories_parts import (
    BAKERS,
    DAY,
    NOW,
    QUAKE_AT_MARREN,
    QUAKE_AT_SELBY,
    groups_of,
    report,
)

ALL = (*QUAKE_AT_SELBY, *QUAKE_AT_MARREN, *BAKERS)
EVENTS = [{0, 1, 2}, {3, 4}, {5, 6}]


def arrival(article: Article, **fields: object) -> Arrival:
    return replace(Arrival(article_id=article.id, features=read_features(article, ingested_at=NOW)), **fields)  # type: ignore[arg-type]


def arrivals(bodies: Sequence[str], *, at: datetime | None = NOW) -> list[Arrival]:
    return [arrival(report(f"n{number}", body, at=at)) for number, body in enumerate(bodies)]


def test_reports_of_one_event_are_one_event_and_alike_disasters_elsewhere_are_not() -> None:
    places = StoryIndex().place(arrivals(ALL))
    assert groups_of([place.event for place in places]) == EVENTS


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_reading_does_not_change_the_events(seed: int) -> None:
    batch = arrivals(ALL)
    order = list(range(len(batch)))
    random.Random(seed).shuffle(order)
    places = StoryIndex().place([batch[position] for position in order])
    of_position = dict(zip(order, places, strict=True))
    assert groups_of([of_position[position].event for position in range(len(batch))]) == EVENTS


def test_an_event_has_one_storyline() -> None:
    places = StoryIndex().place(arrivals(ALL))
    for members in EVENTS:
        assert len({places[position].storyline for position in members}) == 1


def test_the_same_articles_read_anew_get_the_same_ids() -> None:
    assert StoryIndex().place(arrivals(ALL)) == StoryIndex().place(arrivals(ALL))


def test_ids_come_from_the_first_article_of_a_story() -> None:
    [alone] = StoryIndex().place(arrivals(ALL[:1]))
    assert StoryIndex().place(arrivals(ALL))[0] == alone


def test_a_later_batch_joins_the_events_of_earlier_ones() -> None:
    index = StoryIndex()
    batch = arrivals(ALL)
    first = index.place(batch[:4])
    assert index.place(batch[4:5])[0] == first[3]
    assert len({place.event for place in first}) == 2


def test_an_index_made_again_from_what_was_kept_goes_on_as_before() -> None:
    index, batch = StoryIndex(), arrivals(ALL)
    first = index.place(batch[:6])
    again = StoryIndex()
    for one, place in zip(batch, first, strict=False):
        again.remember(unpack_features(pack_features(one.features)), place)
    assert again.place(batch[6:]) == index.place(batch[6:])


def test_a_copy_goes_where_its_original_is_in_the_batch_and_before_it() -> None:
    index, batch = StoryIndex(), arrivals(ALL[:4])
    copy = Arrival(article_id="copy", features=NO_FEATURES, original="n3")
    places = index.place([*batch, copy])
    assert places[4] == places[3]
    later = Arrival(article_id="later", features=NO_FEATURES, original="n0", before=places[0])
    assert index.place([later]) == [places[0]]


def test_a_copy_whose_original_nobody_knows_stands_by_itself() -> None:
    places = StoryIndex().place([*arrivals(ALL[:1]), replace(arrivals(ALL[5:6])[0], article_id="x", original="gone")])
    assert places[0].event != places[1].event


def test_a_new_version_keeps_its_story_unless_its_content_moved() -> None:
    index = StoryIndex()
    first = index.place(arrivals(ALL))
    edited = arrival(report("n0", ALL[0] + " Forty tents have arrived.", at=NOW), before=first[0])
    assert index.place([edited]) == [first[0]]
    moved = arrival(report("n0", BAKERS[0], at=NOW), before=first[0])
    assert index.place([moved])[0].event == first[5].event


def test_an_article_that_left_its_story_never_takes_its_id_along() -> None:
    index = StoryIndex()
    first = index.place(arrivals(ALL[:5]))
    moved = arrival(report("n0", BAKERS[0], at=NOW), before=first[0])
    [place] = index.place([moved])
    assert place.event not in {one.event for one in first}


def test_the_same_event_a_year_later_is_another_one() -> None:
    index = StoryIndex()
    old = arrivals(["The regatta of Selbyhaven was won by the Heron crew. 2,000 people watched from the quay."])
    new = arrivals(
        ["The regatta of Selbyhaven was won by the Otter crew. 3,100 people watched the race."], at=NOW + DAY
    )
    far = replace(old[0], features=replace(old[0].features, day=old[0].features.day and old[0].features.day - 365))
    before = index.place([far])[0]
    assert index.place(new)[0].event != before.event


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_date_nobody_can_believe_is_no_date(year: int) -> None:
    odd = [
        read_features(report(f"n{number}", body, at=datetime(year, 1, 1, tzinfo=UTC)), ingested_at=NOW)
        for number, body in enumerate(ALL)
    ]
    assert {features.day for features in odd} == {None}
    places = StoryIndex().place(
        [Arrival(article_id=f"n{number}", features=features) for number, features in enumerate(odd)]
    )
    assert groups_of([place.event for place in places]) == EVENTS


def test_a_date_a_few_hours_ahead_is_believed() -> None:
    assert read_features(report("a", ALL[0], at=NOW + timedelta(hours=9)), ingested_at=NOW).day is not None


@pytest.mark.parametrize("body", ["", " ", ".", "1", "!!!", "\ud800", "🙂" * 5_000, "a" * 100_000, "the of and"])
def test_articles_with_nothing_in_them_stand_by_themselves(body: str) -> None:
    index = StoryIndex()
    index.place(arrivals(ALL))
    places = index.place(arrivals([body, body]))
    assert all(place.event and place.storyline for place in places)


def test_korean_and_japanese_reports_of_one_event_are_one_event() -> None:
    bodies = [
        "에딩홀름 시장 김하람은 월요일 새 다리를 열었다. 다리 공사에는 340만 크로네가 들었다. 시민 2,000명이 모였다.",
        "새 다리가 에딩홀름에서 월요일 열렸다. 김하람 시장은 공사비가 340만 크로네라고 밝혔다. 시민 2,000명이 왔다.",
        "올드포트 빵집 노동자들이 야간 근무를 두고 파업에 들어갔다. 노조는 임금 인상을 요구했다.",
        "オールドポートの港で火曜日、漁船三隻が衝突し、十二人が救助された。港長の森田氏が発表した。",
        "漁船三隻がオールドポートの港で衝突した。森田港長によると十二人が救助された。",
    ]
    articles = [
        replace(report(f"n{number}", body), language="ko" if number < 3 else "ja") for number, body in enumerate(bodies)
    ]
    places = StoryIndex().place([arrival(article) for article in articles])
    assert groups_of([place.event for place in places]) == [{0, 1}, {2}, {3, 4}]


def test_only_so_many_stories_stay_in_memory_and_every_article_is_placed() -> None:
    index = StoryIndex(max_active=5)
    bodies = [
        f"Village {number}wick elected mayor Nr{number} Zo{number}ra by {number * 7 + 3} votes." for number in range(40)
    ]
    for place in index.place(arrivals(bodies)):
        assert place.event
        assert place.storyline
    assert index.size <= 5


def test_features_are_kept_as_they_were() -> None:
    for article in (report("a", ALL[0], at=NOW), report("b", ""), report("c", "다리 3개가 열렸다.")):
        features = read_features(article, ingested_at=NOW)
        assert unpack_features(pack_features(features)) == features


def test_an_empty_batch_is_nothing() -> None:
    assert StoryIndex().place([]) == []
