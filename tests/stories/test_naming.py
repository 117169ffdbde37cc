"""The ids of stories: the same whenever their first article is, and found again once they were given up."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from bot.stories.clustering import Arrival, Place, StoryIndex
from bot.stories.features import read_features
from bot.stories.naming import EVENT_PREFIX, STORYLINE_PREFIX, find_namesake, is_story_id, name_story
from tests.stories.stories_parts import BAKERS, NOW, QUAKE_AT_MARREN, QUAKE_AT_SELBY, report


@given(article_id=st.text(), taken=st.integers(0, 3))
def test_an_article_is_the_namesake_of_the_story_it_opens(article_id: str, taken: int) -> None:
    names: list[str] = []
    for _ in range(taken + 1):
        names.append(name_story(EVENT_PREFIX, article_id, names))
    assert len(set(names)) == taken + 1
    assert all(is_story_id(name) for name in names)
    assert {find_namesake(name, ["", "another article", article_id]) for name in names} <= {article_id, ""}


def test_what_has_not_the_form_of_an_id_is_none() -> None:
    for text in ("", "e", "the quake", "e12345", "x0123456789ab", "e0123456789ab-0", "e0123456789ab and more"):
        assert not is_story_id(text)
        assert find_namesake(text, ["", "a"]) is None


def test_every_id_that_was_ever_told_leads_to_an_event_with_articles() -> None:
    bodies = [*QUAKE_AT_SELBY, *QUAKE_AT_MARREN, *BAKERS]
    picker = random.Random(3)
    articles = []
    for number in range(60):
        lines = [line for body in picker.sample(bodies, 2) for line in body.split(". ")]
        picker.shuffle(lines)
        articles.append(report(f"n{number}", ". ".join(lines[:5]) + f". Report {number}.", at=NOW))
    index = StoryIndex()
    told: set[str] = set()
    now_in: dict[str, Place] = {}
    for start in range(0, len(articles), 4):
        batch = [
            Arrival(article_id=one.id, features=read_features(one, ingested_at=NOW))
            for one in articles[start : start + 4]
        ]
        placing = index.place(batch)
        now_in.update({one.article_id: place for one, place in zip(batch, placing.places, strict=True)})
        now_in.update({one.article_id: one.place for one in placing.moved})
        told |= {place.event for place in now_in.values()}
    given_up = told - {place.event for place in now_in.values()}
    assert given_up
    for event in given_up:
        namesake = find_namesake(event, now_in)
        assert namesake is not None
        assert now_in[namesake].event not in given_up
    assert all(place.storyline.startswith(STORYLINE_PREFIX) for place in now_in.values())
