"""Which articles are one event, which events one storyline; ids, copies, new versions, and memory."""

from __future__ import annotations

import random
import struct
from array import array
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Article
from bot.stories.clustering import Arrival, Place, StoryIndex
from bot.stories.features import (
    NO_FEATURES,
    SECONDS_A_DAY,
    Features,
    When,
    pack_features,
    read_features,
    unpack_features,
)
from bot.stories.vectors import AS_EVENT, MAX_VOCABULARY, Vocabulary
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
    places = StoryIndex().place(arrivals(ALL)).places
    assert groups_of([place.event for place in places]) == EVENTS


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_reading_does_not_change_the_events(seed: int) -> None:
    batch = arrivals(ALL)
    order = list(range(len(batch)))
    random.Random(seed).shuffle(order)
    places = StoryIndex().place([batch[position] for position in order]).places
    of_position = dict(zip(order, places, strict=True))
    assert groups_of([of_position[position].event for position in range(len(batch))]) == EVENTS


def test_an_event_has_one_storyline() -> None:
    places = StoryIndex().place(arrivals(ALL)).places
    for members in EVENTS:
        assert len({places[position].storyline for position in members}) == 1


def test_the_same_articles_read_anew_get_the_same_ids() -> None:
    assert StoryIndex().place(arrivals(ALL)).places == StoryIndex().place(arrivals(ALL)).places


def test_ids_come_from_the_first_article_of_a_story() -> None:
    [alone] = StoryIndex().place(arrivals(ALL[:1])).places
    assert StoryIndex().place(arrivals(ALL)).places[0] == alone


def test_a_later_batch_joins_the_events_of_earlier_ones() -> None:
    index = StoryIndex()
    batch = arrivals(ALL)
    first = index.place(batch[:4]).places
    assert index.place(batch[4:5]).places[0] == first[3]
    assert len({place.event for place in first}) == 2


def test_an_index_made_again_from_what_was_kept_goes_on_as_before() -> None:
    index, batch = StoryIndex(), arrivals(ALL)
    first = index.place(batch[:6]).places
    again = StoryIndex()
    for one, place in zip(batch, first, strict=False):
        again.remember(one.article_id, unpack_features(pack_features(one.features)), place)
    assert again.place(batch[6:]).places == index.place(batch[6:]).places


def test_a_copy_goes_where_its_original_is_in_the_batch_and_before_it() -> None:
    index, batch = StoryIndex(), arrivals(ALL[:4])
    copy = Arrival(article_id="copy", features=NO_FEATURES, original="n3")
    places = index.place([*batch, copy]).places
    assert places[4] == places[3]
    later = Arrival(article_id="later", features=NO_FEATURES, original="n0", before=places[0])
    assert index.place([later]).places == [places[0]]


def test_a_copy_whose_original_nobody_knows_stands_by_itself() -> None:
    places = (
        StoryIndex().place([*arrivals(ALL[:1]), replace(arrivals(ALL[5:6])[0], article_id="x", original="gone")]).places
    )
    assert places[0].event != places[1].event


def test_a_new_version_keeps_its_story_unless_its_content_moved() -> None:
    index = StoryIndex()
    first = index.place(arrivals(ALL)).places
    edited = arrival(report("n0", ALL[0] + " Forty tents have arrived.", at=NOW), before=first[0])
    assert index.place([edited]).places == [first[0]]
    moved = arrival(report("n0", BAKERS[0], at=NOW), before=first[0])
    assert index.place([moved]).places[0].event == first[5].event


def test_an_article_that_left_its_story_never_takes_its_id_along() -> None:
    index = StoryIndex()
    first = index.place(arrivals(ALL[:5])).places
    moved = arrival(report("n0", BAKERS[0], at=NOW), before=first[0])
    [place] = index.place([moved]).places
    assert place.event not in {one.event for one in first}


def test_the_same_event_a_year_later_is_another_one() -> None:
    index = StoryIndex()
    old = arrivals(["The regatta of Selbyhaven was won by the Heron crew. 2,000 people watched from the quay."])
    again = "The regatta of Selbyhaven was won by the Otter crew. 3,100 people watched the race."
    new = [arrival(report("later", again, at=NOW + DAY))]
    long_ago = When(day=(NOW - 365 * DAY).timestamp() / SECONDS_A_DAY)
    far = replace(old[0], features=replace(old[0].features, when=long_ago))
    before = index.place([far]).places[0]
    assert index.place(new).places[0].event != before.event


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_date_nobody_can_believe_is_no_date(year: int) -> None:
    odd = [
        read_features(report(f"n{number}", body, at=datetime(year, 1, 1, tzinfo=UTC)), ingested_at=NOW)
        for number, body in enumerate(ALL)
    ]
    assert {features.when for features in odd} == {When(day=None, arrived=NOW.timestamp() / SECONDS_A_DAY)}
    places = (
        StoryIndex()
        .place([Arrival(article_id=f"n{number}", features=features) for number, features in enumerate(odd)])
        .places
    )
    assert groups_of([place.event for place in places]) == EVENTS


def test_an_undated_report_of_a_later_year_is_no_part_of_an_old_event() -> None:
    index = StoryIndex()
    old = [read_features(report(f"n{number}", body), ingested_at=NOW) for number, body in enumerate(BAKERS)]
    now = index.place([Arrival(article_id=f"n{number}", features=one) for number, one in enumerate(old)]).places
    assert len({place.event for place in now}) == 1
    again = (
        "Bakers in Lindau went on strike over flour. Greta Olm of the guild said the union of Ole Brandt wants shops."
    )
    late = read_features(report("late", again), ingested_at=NOW + 300 * DAY)
    soon = read_features(report("late", again), ingested_at=NOW)
    assert index.place([Arrival(article_id="late", features=late)]).places[0].event != now[0].event
    assert index.place([Arrival(article_id="late", features=soon)]).places[0].event == now[0].event


def test_a_date_a_few_hours_ahead_is_believed() -> None:
    assert read_features(report("a", ALL[0], at=NOW + timedelta(hours=9)), ingested_at=NOW).when.day is not None


@pytest.mark.parametrize("body", ["", " ", ".", "1", "!!!", "\ud800", "🙂" * 5_000, "a" * 100_000, "the of and"])
def test_articles_with_nothing_in_them_stand_by_themselves(body: str) -> None:
    index = StoryIndex()
    index.place(arrivals(ALL))
    places = index.place(arrivals([body, body])).places
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
    places = StoryIndex().place([arrival(article) for article in articles]).places
    assert groups_of([place.event for place in places]) == [{0, 1}, {2}, {3, 4}]


def test_only_so_many_stories_stay_in_memory_and_every_article_is_placed() -> None:
    index = StoryIndex(max_active=5)
    bodies = [
        f"Village {number}wick elected mayor Nr{number} Zo{number}ra by {number * 7 + 3} votes." for number in range(40)
    ]
    for place in index.place(arrivals(bodies)).places:
        assert place.event
        assert place.storyline
    assert index.size <= 5


def test_features_are_kept_as_they_were() -> None:
    for article in (report("a", ALL[0], at=NOW), report("b", ""), report("c", "다리 3개가 열렸다.")):
        features = read_features(article, ingested_at=NOW)
        assert unpack_features(pack_features(features)) == features


def test_an_empty_batch_is_nothing() -> None:
    assert StoryIndex().place([]).places == []


QUAYS = (*QUAKE_AT_SELBY, *QUAKE_AT_MARREN)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_reading_a_few_at_a_time_makes_the_same_events_as_reading_all_at_once(seed: int, size: int) -> None:
    batch = arrivals(ALL)
    random.Random(seed).shuffle(batch)
    index = StoryIndex()
    event_of: dict[str, str] = {}
    for start in range(0, len(batch), size):
        placing = index.place(batch[start : start + size])
        now = dict(zip([one.article_id for one in batch[start : start + size]], placing.places, strict=True))
        event_of.update({article_id: place.event for article_id, place in now.items()})
        event_of.update({one.article_id: one.place.event for one in placing.moved})
    assert groups_of([event_of[f"n{number}"] for number in range(len(ALL))]) == EVENTS


def test_an_article_that_moves_is_told_with_its_version_and_the_rest_keeps_its_id() -> None:
    index, batch = StoryIndex(), arrivals(QUAYS)
    wrong = Place(event="e1", storyline="s1")
    for one in batch[:4]:
        # As if an earlier look had taken both quakes for one.
        index.remember(one.article_id, one.features, wrong, seq=7)
    placing = index.place(batch[4:])
    assert [(one.article_id, one.seq) for one in placing.moved] == [("n3", 7)]
    assert placing.moved[0].place == placing.places[0]
    assert placing.places[0].event != wrong.event
    assert placing.places[0].storyline == wrong.storyline


def test_articles_that_only_have_their_matter_in_common_are_events_of_their_own() -> None:
    others = [
        f"Village {number}wick chose Nr{number} Zo{number}ra by {number * 7 + 3} votes. "
        f"The {number}th well of hamlet {number}by is dry, farmer Ro{number}s said."
        for number in range(60)
    ]
    about = "Queen Ottilie of Marren and King Bertrand of Tolle"
    matter = [
        f"{about} may meet at Lake Ilm in May, envoy Otto Brandt hopes. In 1911 letters went over the Korm pass.",
        f"{about} quarrelled about salt as children. Writer Ada Quill found 14 diaries in the attic of Hallam House.",
        f"{about} sent 30 ships against the pirates of Cape Doon. Captain Ro Sand praised the Weaver signal flags.",
        f"{about} both keep falcons. Dealer Ilse Kranz of Wendmoor sold 212 hoods and bells to the Falkner guild.",
        f"{about} have ministers who write. Printer Jan Osk put 77 verses into the almanac of the Lindau fair.",
    ]
    articles = [report(f"v{number}", body) for number, body in enumerate(others)]
    articles += [report(f"m{number}", body) for number, body in enumerate(matter)]
    places = StoryIndex().place([arrival(article) for article in articles]).places[-5:]
    assert len({place.event for place in places}) == 5


def test_a_crowded_neighbourhood_places_every_article_and_keeps_few() -> None:
    index = StoryIndex(max_kept=100)
    bodies = [f"{ALL[number % 3]} Street {number * 31} was closed by officer Bo{number}k." for number in range(300)]
    for start in range(0, len(bodies), 50):
        articles = [report(f"c{start + number}", body) for number, body in enumerate(bodies[start : start + 50])]
        assert all(place.event for place in index.place([arrival(article) for article in articles]).places)
    assert len(index._home) <= 100


def test_what_many_articles_say_stays_known_when_rare_terms_are_forgotten() -> None:
    vocabulary = Vocabulary()
    common, rare = 1, 2
    for number in range(MAX_VOCABULARY // 100):
        terms = (common, *range(10 + 150 * number, 160 + 150 * number))
        vocabulary.count(features_of(terms))
    vector = vocabulary.weigh(features_of((common, rare)), AS_EVENT)
    assert vector[common] < vector[rare] / 10


def features_of(terms: tuple[int, ...]) -> Features:
    return Features(terms=terms, kinds=bytes(len(terms)), counts=bytes([1] * len(terms)), when=When(day=None))


def test_features_that_older_versions_kept_are_read_and_kept_anew() -> None:
    kept = read_features(report("a", ALL[0], at=NOW), ingested_at=NOW)
    hashes = array("I", kept.terms).tobytes()
    counts = bytes([255, *kept.counts[1:]])
    before_arrivals = struct.pack("<dI", kept.when.day, len(kept.terms)) + hashes + kept.kinds + counts
    older = unpack_features(before_arrivals)
    assert older == replace(kept, counts=counts, when=When(day=kept.when.day))
    assert kept.when.arrived is not None
    assert unpack_features(before_arrivals + struct.pack("<d", kept.when.arrived)) == replace(kept, counts=counts)
    assert unpack_features(pack_features(older)) == replace(older, counts=bytes([63, *kept.counts[1:]]))
