"""Sources that disagree are shown side by side; what only looks like a disagreement is not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Article, Bullet, Conflict, Sentence, Summary
from bot.stories.conflicts import MAX_CONFLICTS, MAX_SIDES, find_conflicts
from bot.text.sentences import split_sentences

PUBLISHED = datetime(2026, 3, 4, 9, tzinfo=UTC)
OTHER_NEWS = "Rain fell over the valley for the third night."

REAL_NUMBERS = [
    ("The ferry fire in Oldport killed 12 people.", "The ferry fire in Oldport killed 15 people."),
    ("At least 20 people died in the Oldport fire.", "The fire in Oldport left 14 people dead."),
    ("Twelve people were killed in Oldport.", "Police in Oldport said 15 people were killed."),
    ("The death toll in Oldport rose to 31.", "In Oldport, 28 people died, doctors said."),
    ("The quake in Vessa injured five people.", "In Vessa, three people were injured."),
    ("Police in Quell arrested 40 people.", "Police in Quell said 55 people were arrested."),
    ("A magnitude 5.1 quake shook Vessa.", "The 5.6-magnitude quake in Vessa broke windows."),
    ("Nine sailors are missing off Oldport.", "Off Oldport, four sailors are missing."),
    ("The blast in Quell wounded 17 people.", "The blast in Quell wounded 26 people, officials said."),
    ("Some 120 people were evacuated in Vessa.", "In Vessa, 450 people were evacuated."),
    ("The clinic in Tarn infected 35 people.", "In Tarn, 52 people were infected."),
    ("Divers rescued 8 people off Oldport.", "Off Oldport, 11 people were rescued."),
    (
        "Mayor Ilse Brandt said the Vessa tunnel would have cost 41 million crowns, and the tunnel has 6 lanes.",
        "Mayor Ilse Brandt said the Vessa tunnel would have cost 41 million crowns, and the tunnel has 4 lanes.",
    ),
    (
        "The council of Vessa paid $40 million for the harbour.",
        "The council of Vessa paid $65 million for the harbour.",
    ),
    ("Seven children died in the Quell mine.", "In the Quell mine, four children died."),
]
REAL_DATES = [
    ("The Vessa tunnel opened on 3 February 2026.", "The tunnel in Vessa opened on 5 February 2026."),
    ("Ilse Brandt left Oldport on Monday.", "Ilse Brandt left Oldport on Sunday."),
    ("The Vessa court ruling was issued on 2 March 2026.", "The Vessa court ruling was issued on 28 February 2026."),
    ("The Oldport ferry sank on 1 March.", "The Oldport ferry sank on 27 February."),
    (
        "The Hollow Bank branch in Quell closed on 20 February.",
        "The Hollow Bank branch in Quell closed on 23 February.",
    ),
]
REAL_OUTCOMES = [
    ("The board of Hollow Bank approved the Vessa merger.", "The board of Hollow Bank rejected the Vessa merger."),
    ("Amir Solano won the Quell mayoral election.", "Amir Solano lost the Quell mayoral election."),
    ("The Tarn ministry confirmed the marsh fever outbreak.", "The Tarn ministry denied the marsh fever outbreak."),
    ("The Vessa harbour tunnel opened to traffic.", "The Vessa harbour tunnel closed to traffic."),
    ("Mira Voss accepted the Quell peace offer.", "Mira Voss refused the Quell peace offer."),
    ("Mira Voss resigned as mayor of Quell.", "Mira Voss has not resigned as mayor of Quell."),
    ("The Oldport bridge collapsed in the storm.", "The Oldport bridge has not collapsed in the storm."),
    ("A Vessa jury convicted Oren Falk of arson.", "A Vessa jury acquitted Oren Falk of arson."),
    ("Exports of Lutish timber to Vessa rose.", "Exports of Lutish timber to Vessa fell."),
    ("Oren Falk survived the Oldport avalanche.", "Oren Falk died in the Oldport avalanche."),
]
TRAPS = [
    # Not the same thing measured.
    ("The fire in Oldport killed 12 people.", "The fire in Oldport injured 15 people."),
    ("In Oldport 12 people died and 15 were injured.", "The fire in Oldport killed 12 and injured 15."),
    ("Twelve soldiers died in Oldport.", "Seven children died in Oldport."),
    ("The fire in Oldport killed 12 people.", "The fire in Vessa killed 15 people."),
    ("The fire in Oldport killed 12 people.", "The 15-year-old from Oldport saw the fire."),
    ("The fire in Oldport killed 12 people.", "Fifteen houses in Oldport were destroyed."),
    ("Twelve of the 40 people in Oldport died.", "In Oldport 40 people were on board."),
    ("Twelve others died in Oldport.", "In Oldport 15 people died."),
    ("Three officers killed 12 rebels in Quell.", "In Quell, three officers were hurt."),
    ("The quake in Vessa had a magnitude of 5.1.", "The quake in Vessa killed 6 people."),
    ("The ferry fire in Oldport killed 12 people.", "Fires in Oldport have killed 300 people since 1990."),
    ("Twelve people died in Oldport.", "Over the past week 30 people have died in Oldport in all."),
    # The same value, or one that both can mean.
    ("The fire in Oldport killed 12 people.", "Twelve people were killed in Oldport."),
    ("The fire in Oldport killed at least 12 people.", "The fire in Oldport killed 15 people."),
    ("The fire in Oldport killed more than 10 people.", "The fire in Oldport killed 15 people."),
    ("About 300 people were evacuated in Vessa.", "In Vessa, 312 people were evacuated."),
    ("In Vessa, 300 people were evacuated.", "In Vessa, 312 people were evacuated."),
    ("Up to 20 people died in Oldport.", "In Oldport 15 people died."),
    ("A magnitude 5 quake shook Vessa.", "A magnitude 5.2 quake shook Vessa."),
    ("Between 10 and 15 people died in Oldport.", "In Oldport 12 people died."),
    # Not stated of the event.
    ("The fire in Oldport killed 12 people.", "The fire in Oldport could have killed 500 people."),
    ("The fire in Oldport killed 12 people.", "Did the fire in Oldport kill 15 people?"),
    ("The fire in Oldport killed 12 people.", "In 1999, a fire in Oldport killed 60 people."),
    ("The fire in Oldport killed 12 people.", "A fire will have killed 15 people in Oldport by May, she warned."),
    # Days of other things.
    ("The tunnel in Vessa opened on Monday.", "The tunnel in Vessa was inspected on Tuesday."),
    ("The tunnel in Vessa opened on Monday.", "Ilse Brandt said on Tuesday that the tunnel in Vessa was open."),
    ("The tunnel in Vessa opened on Monday.", "The tunnel in Vessa opened on 2 March 2026."),
    ("The tunnel in Vessa opened on 2 February 2026.", "The museum in Quell opened on 5 February 2026."),
    ("The tunnel in Vessa opened on 3 February 2026.", "The tunnel in Vessa will be opened on 5 May 2026 to lorries."),
    ("The tunnel in Vessa opened in February 2026.", "The tunnel in Vessa opened on 5 February 2026."),
    # Other outcomes.
    ("Amir Solano won the Quell election.", "Mira Voss lost the Quell election."),
    ("The board of Hollow Bank approved the merger.", "The union in Quell rejected the wage offer."),
    ("Oren Falk pleaded not guilty to arson in Vessa.", "Oren Falk was found guilty of arson in Vessa."),
    ("The Vessa tunnel opened to traffic.", "The Vessa tunnel may have closed to traffic."),
    ("Amir Solano won the Quell election.", "Amir Solano did not comment on the Quell election."),
    ("The Tarn ministry confirmed the outbreak.", "The Tarn ministry will deny the outbreak."),
    ("The Vessa tunnel opened to traffic.", "The council of Vessa closed its books for the year."),
    ("Exports of Lutish timber rose.", "Exports of Lutish wool fell."),
]


def report(
    name: str,
    text: str,
    *,
    source: str | None = None,
    published_at: datetime | None = PUBLISHED,
    copy_of: str | None = None,
) -> Article:
    """Return an article of an invented paper."""
    sentences = tuple(
        Sentence(index=index, text=text[start:end], start=start, end=end, paragraph=0)
        for index, (start, end) in enumerate(split_sentences(text, "en"))
    )
    return Article(
        id=name,
        version=name,
        path=f"{name}.txt",
        title=f"News of {name}",
        source=source or name,
        published_at=published_at,
        language="en",
        body=text,
        sentences=sentences,
        duplicate_of=copy_of,
    )


def conflicts_between(*texts: str) -> tuple[Conflict, ...]:
    """Return the conflicts of articles of different papers with these texts."""
    articles = [report(f"Paper {n}", f"{text} {OTHER_NEWS}") for n, text in enumerate(texts, start=1)]
    return find_conflicts(articles, {})


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        *(("number", *pair) for pair in REAL_NUMBERS),
        *(("date", *pair) for pair in REAL_DATES),
        *(("outcome", *pair) for pair in REAL_OUTCOMES),
    ],
)
def test_sources_that_disagree_are_shown_side_by_side(kind: str, one: str, other: str) -> None:
    found = conflicts_between(one, other)
    assert [conflict.kind for conflict in found] == [kind]
    assert [side.citation.quote for side in found[0].sides] == [one, other]
    assert [side.citation.source for side in found[0].sides] == ["Paper 1", "Paper 2"]
    assert all(side.value for side in found[0].sides)
    assert found[0].about


@pytest.mark.parametrize(("one", "other"), TRAPS)
def test_what_only_looks_like_a_disagreement_is_none(one: str, other: str) -> None:
    assert conflicts_between(one, other) == ()
    assert conflicts_between(other, one) == ()


def test_the_value_is_shown_as_the_source_words_it() -> None:
    (found,) = conflicts_between("The fire in Oldport killed at least 20 people.", "In Oldport 14 people died.")
    assert [side.value for side in found.sides] == ["killed at least 20 people", "14 people died"]
    assert found.about == "people killed"


def test_a_later_word_of_the_same_source_is_an_update() -> None:
    early = report("a", "The fire in Oldport killed 12 people.", source="Quell Daily")
    late = report("b", "The fire in Oldport killed 15 people.", source="Quell Daily")
    assert find_conflicts([early, late], {}) == ()


def test_a_toll_that_has_grown_by_the_next_day_is_an_update() -> None:
    early = report("a", "The fire in Oldport killed 12 people.")
    late = report("b", "The fire in Oldport killed 15 people.", published_at=PUBLISHED + timedelta(days=1))
    assert find_conflicts([early, late], {}) == ()
    assert find_conflicts([late, early], {}) == ()


def test_a_toll_that_shrank_by_the_next_day_is_a_conflict() -> None:
    early = report("a", "The fire in Oldport killed 15 people.")
    late = report("b", "The fire in Oldport killed 12 people.", published_at=PUBLISHED + timedelta(days=1))
    assert len(find_conflicts([early, late], {})) == 1


def test_sources_without_dates_can_disagree() -> None:
    one = report("a", "The fire in Oldport killed 12 people.", published_at=None)
    other = report("b", "The fire in Oldport killed 15 people.", published_at=None)
    (found,) = find_conflicts([one, other], {})
    assert [side.citation.published_at for side in found.sides] == [None, None]


def test_an_article_that_gives_two_values_speaks_of_two_things() -> None:
    one = "The fire in Oldport killed 12 people. The blast in Oldport killed 30 people."
    assert conflicts_between(one, "In Oldport 15 people died.") == ()


def test_a_copy_does_not_disagree_with_anybody() -> None:
    one = report("a", "The fire in Oldport killed 12 people.")
    other = report("b", "The fire in Oldport killed 15 people.")
    copy = report("c", "The fire in Oldport killed 19 people.", copy_of="b")
    (found,) = find_conflicts([one, other, copy], {})
    assert {side.citation.article_id for side in found.sides} == {"a", "b"}


def test_three_sources_with_three_numbers_have_three_sides() -> None:
    (found,) = conflicts_between(
        "The fire in Oldport killed 12 people.", "In Oldport 15 people died.", "The fire in Oldport killed 19 people."
    )
    assert [side.citation.marker for side in found.sides] == ["A", "B", "C"]


def test_what_touches_a_bullet_comes_first() -> None:
    articles = [
        report("a", "The fire in Oldport injured 5 people. The fire in Oldport killed 12 people."),
        report("b", "The fire in Oldport injured 9 people. The fire in Oldport killed 15 people."),
    ]
    assert [found.about for found in find_conflicts(articles, {})] == ["people injured", "people killed"]
    bullet = Bullet(text="", sentences=(1,), quote="")
    told = Summary(article_id="a", version="a", headline="", bullets=(bullet,), writer="extractive")
    assert [found.about for found in find_conflicts(articles, {"a": told})] == ["people killed", "people injured"]


def test_one_article_or_none_has_no_conflict() -> None:
    assert find_conflicts([], {}) == ()
    assert find_conflicts([report("a", "The fire in Oldport killed 12 people.")], {}) == ()


FRAGMENTS: Sequence[str] = (
    "killed ", "12 ", "people ", "Oldport ", "on Friday ", "not ", "won ", "lost ", "at least ", "magnitude ", "5.1 ",
    "approved ", ". ", "toll ", "1999 ", "$4 ", "%", "죽었다 ", "\n\n", "the ",
)  # fmt: skip


@given(
    texts=st.lists(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join), max_size=4),
    dated=st.booleans(),
)
def test_any_texts_are_compared_without_a_fault(texts: list[str], dated: bool) -> None:
    articles = [report(f"p{n}", text, published_at=PUBLISHED if dated else None) for n, text in enumerate(texts)]
    found = find_conflicts(articles, {})
    assert len(found) <= MAX_CONFLICTS
    for conflict in found:
        assert 2 <= len(conflict.sides) <= MAX_SIDES
        assert len({side.citation.article_id for side in conflict.sides}) >= 2


def test_a_story_of_forty_long_articles_takes_seconds_at_most() -> None:
    text = " ".join(f"The fire in Oldport killed {n} people and Amir Solano won on Friday." for n in range(40))
    articles = [report(f"p{n}", text) for n in range(40)]
    started = time.process_time()
    find_conflicts(articles, {})
    assert time.process_time() - started < 5
