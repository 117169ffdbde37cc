"""In which order stories come, by factors one can read, and that no source floods a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests.ranking import (
    Candidate,
    Feedback,
    Ranked,
    gather_feedback,
    group_stories,
    rank_stories,
    spread_sources,
)
from bot.model import Placement
from tests.digests.digest_parts import NOW, digest_of, make_article, told_by


def story(
    number: int, *, source: str | None = None, published_at: datetime | None = None, articles: int = 1
) -> Candidate:
    heads = tuple(
        replace(
            make_article(number * 100 + at, source=f"{source} {at}" if articles > 1 else source),
            published_at=published_at,
        )
        for at in range(articles)
    )
    return Candidate(event=f"e{number}", storyline=f"s{number}", heads=heads)


def events(ranked: list[Ranked]) -> list[str]:
    return [one.candidate.event for one in ranked]


def value_of(ranked: Ranked, name: str) -> float:
    return next(factor.value for factor in ranked.factors if factor.name == name)


def test_the_newest_story_comes_first() -> None:
    old = story(1, published_at=NOW - timedelta(days=9))
    fresh = story(2, published_at=NOW - timedelta(hours=1))
    assert events(rank_stories([old, fresh], made_at=NOW)) == ["e2", "e1"]


def test_a_story_of_many_sources_comes_before_a_fresher_one_of_one() -> None:
    big = story(1, source="Paper", articles=5, published_at=NOW - timedelta(hours=20))
    small = story(2, source="Quell Daily", published_at=NOW - timedelta(hours=1))
    assert events(rank_stories([small, big], made_at=NOW)) == ["e1", "e2"]


@pytest.mark.parametrize("year", [1970, 2099])
def test_a_date_that_can_not_be_true_counts_as_none(year: int) -> None:
    odd = story(1, published_at=datetime(year, 1, 1, tzinfo=UTC))
    undated = story(2)
    ranked = rank_stories([odd, undated], made_at=NOW)
    assert {value_of(one, "recency") for one in ranked} == {0.5}
    assert events(ranked) == ["e2", "e1"]


def test_an_update_is_worth_what_it_tells_that_is_new() -> None:
    new = story(1)
    mostly = replace(story(2), novelty="update", new_share=0.9)
    hardly = replace(story(3), novelty="update", new_share=0.1)
    assert events(rank_stories([hardly, mostly, new], made_at=NOW)) == ["e1", "e2", "e3"]


def test_a_topic_in_the_headline_counts_more_than_one_in_the_text() -> None:
    named = replace(story(1), topic=1.0)
    meant = replace(story(2), topic=0.5)
    assert events(rank_stories([meant, named], made_at=NOW)) == ["e1", "e2"]


def test_the_weights_of_all_factors_are_one() -> None:
    (ranked,) = rank_stories([replace(story(1), topic=1.0)], made_at=NOW)
    assert sum(factor.weight for factor in ranked.factors) == pytest.approx(1.0)
    assert ranked.score == pytest.approx(sum(factor.weight * factor.value for factor in ranked.factors))
    assert [factor.name for factor in ranked.factors] == [
        "sources", "novelty", "size", "recency", "topic match", "feedback",
    ]  # fmt: skip


def test_votes_move_the_storyline_they_were_given_to_and_its_source() -> None:
    ranked = rank_stories(
        [story(1), story(2), story(3, source="Quell Daily")],
        made_at=NOW,
        feedback=Feedback(storylines={"s1": 2.0}, sources={"Quell Daily": -2.0}),
    )
    assert events(ranked) == ["e1", "e2", "e3"]
    assert [value_of(one, "feedback") for one in ranked] == [0.5, 0.0, -0.5]


def test_a_vote_on_a_digest_is_shared_by_its_stories_and_later_votes_wait() -> None:
    told = told_by(digest_of([make_article(1), make_article(2, source="Quell Daily")], until_seq=2))
    given = gather_feedback({"digest-2": 1, "story-2": 1, "digest-9": -5, "nonsense": 3}, told, before_seq=2)
    assert given.storylines == {"a1": 0.5, "a2": 1.5}
    assert given.sources == {"Quell Daily": 1.5 / 4}


def test_articles_of_one_event_are_one_story_and_unplaced_ones_their_own() -> None:
    articles = [
        make_article(1),
        make_article(2),
        make_article(3),
        make_article(4, copy_of=1),
        make_article(5, copy_of=9),
    ]
    placements = {f"a{n}": Placement(article_id=f"a{n}", event="e", storyline="s") for n in (1, 3)}
    found, merged = group_stories(articles, placements)
    assert [(one.event, [head.id for head in one.heads], len(one.copies)) for one in found] == [
        ("e", ["a1", "a3"], 1),
        ("a2", ["a2"], 0),
    ]
    assert merged == 2


def test_one_source_can_not_flood_a_digest() -> None:
    loud = [story(number, source="Loud", published_at=NOW) for number in range(1, 9)]
    others = [story(number, source=f"Paper {number}", published_at=NOW - timedelta(days=9)) for number in range(10, 13)]
    spread = spread_sources(rank_stories([*loud, *others], made_at=NOW))
    assert sum(one.candidate.heads[0].source == "Loud" for one in spread[:6]) == 3
    assert len(spread) == 11


@settings(deadline=None)  # the time of a busy machine
@given(st.lists(st.sampled_from(["A", "B", "C", None]), max_size=20))
def test_spreading_loses_nothing_and_holds_every_source_to_half_while_others_wait(sources: list[str | None]) -> None:
    ranked = rank_stories([story(n, source=source) for n, source in enumerate(sources, start=1)], made_at=NOW)
    spread = spread_sources(ranked)
    assert sorted(events(spread)) == sorted(events(ranked))
    names = [one.candidate.heads[0].source for one in spread]
    for end in range(2, len(names) + 1):
        name = names[end - 1]
        others_wait = any(other != name for other in names[end:])
        if name is not None and others_wait:
            assert names[:end].count(name) <= -(-end // 2)
