"""What a later article says has changed is an update; speeches, visits and repeats on two days are two events."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.stories.conflicts import find_conflicts
from tests.stories.test_conflicts import OTHER_NEWS, PUBLISHED, report

HOURS = timedelta(hours=1)

# Said early, and hours later by another paper.
UPDATES = [
    (
        "The Marrow bridge in Vessa has cost 14 million crowns.",
        "The Marrow bridge in Vessa has now cost 19 million crowns.",
    ),
    (
        "The Marrow bridge in Vessa cost 14 million crowns.",
        "The cost of the Marrow bridge in Vessa has risen to 19 million crowns.",
    ),
    (
        "The council of Vessa paid $40 million for the harbour.",
        "The council of Vessa has since paid $65 million for the harbour.",
    ),
    (
        "The bakery strike in Quell cost 3 million crowns.",
        "The bakery strike in Quell cost 5 million crowns, up from an early estimate.",
    ),
    (
        "The council of Oldport spent 84 million crowns on roads.",
        "The council of Oldport spent 76 million crowns on roads, revised accounts show.",
    ),
    ("Twelve people were killed in the Oldport fire.", "The toll of the Oldport fire rose to 15 dead."),
    ("Twelve people were killed in the Oldport fire.", "At least 15 people were killed in the Oldport fire."),
    ("The Oldport fire injured 20 people.", "More than 30 people were injured in the Oldport fire."),
    ("Nine sailors are missing off Oldport.", "Four sailors are now missing off Oldport."),
    ("Police in Quell arrested 40 people.", "Police in Quell have by now arrested 55 people."),
    (
        "A magnitude 5.1 quake shook Vessa.",
        "The quake in Vessa had a magnitude of 5.6, the survey said in an updated report.",
    ),
    ("The Vessa tunnel will open on 5 May 2026.", "The Vessa tunnel will now open on 9 May 2026."),
    ("The Vessa tunnel will open on 5 May 2026.", "Delayed by floods, the Vessa tunnel will open on 9 May 2026."),
    ("The trial of Oren Falk begins on 5 May 2026.", "Postponed once, the trial of Oren Falk begins on 9 May 2026."),
    (
        "The board of Hollow Bank rejected the Vessa merger.",
        "The board of Hollow Bank finally approved the Vessa merger.",
    ),
    ("A Vessa jury convicted Oren Falk of arson.", "A Vessa jury acquitted Oren Falk of arson on appeal."),
    ("Mira Voss refused the Quell peace offer.", "Mira Voss has since accepted the Quell peace offer."),
    ("The Tarn ministry denied the marsh fever outbreak.", "The Tarn ministry now confirmed the marsh fever outbreak."),
]

# The day after, without a word of it: states that turn by themselves.
TURNED = [
    ("The Vessa harbour tunnel closed to traffic.", "The Vessa harbour tunnel opened to traffic."),
    ("Exports of Lutish timber to Vessa rose.", "Exports of Lutish timber to Vessa fell."),
    ("Oren Falk was detained by the Quell police.", "Oren Falk was released by the Quell police."),
    ("The Oldport ferry suspended its Vessa service.", "The Oldport ferry resumed its Vessa service."),
    ("Oren Falk survived the Oldport avalanche.", "Oren Falk died in the Oldport avalanche."),
]

# Of one day, and still no disagreement: two speeches, two visits, a second time, two days named.
TWO_EVENTS = [
    (
        "Mayor Rask told the Vessa council on Monday the bridge is safe.",
        "Mayor Rask told the Vessa council on Friday the bridge is safe.",
    ),
    ("Mayor Rask addressed the Vessa council on Monday.", "Mayor Rask addressed the Vessa council on Friday."),
    ("Mayor Rask spoke to the Vessa council on 2 March.", "Mayor Rask spoke to the Vessa council on 3 March."),
    ("Ilse Brandt met the Quell ministers on Monday.", "Ilse Brandt met the Quell ministers on Tuesday."),
    ("Ilse Brandt visited the Tarn clinic on Monday.", "Ilse Brandt visited the Tarn clinic on Tuesday."),
    ("Bakers in Quell marched to the town hall on Monday.", "Bakers in Quell marched to the town hall on Tuesday."),
    ("Ilse Brandt criticised the Vessa budget on Monday.", "Ilse Brandt criticised the Vessa budget on Tuesday."),
    ("The Vessa tunnel was closed on Monday.", "The Vessa tunnel was closed again on Tuesday."),
    ("The Vessa ferry sank off Oldport on Monday.", "Another Vessa ferry sank off Oldport on Tuesday."),
    ("A Vessa court freed Oren Falk on Monday.", "A Vessa court freed his brother Jon Falk on Tuesday."),
    ("The Vessa tunnel to Tarn opened on Monday.", "The Vessa tunnel to Quell opened on Tuesday."),
    ("On Monday the Vessa harbour tunnel opened to traffic.", "On Tuesday the Vessa harbour tunnel closed to traffic."),
    ("The Oldport fire killed 12 people on Monday.", "A fire in Oldport killed 15 people on 20 February."),
    ("Police in Quell questioned Oren Falk on Monday.", "Police in Quell questioned Oren Falk on Sunday."),
]

# Days apart, and a disagreement all the same: nothing says that it changed.
STILL_CONFLICTS = [
    ("number", "Twelve people were killed in the Oldport fire.", "Seven people were killed in the Oldport fire."),
    ("number", "A magnitude 5.1 quake shook Vessa.", "The 5.6-magnitude quake in Vessa broke windows."),
    (
        "number",
        "The council of Vessa paid $40 million for the harbour.",
        "The council of Vessa paid $65 million for the harbour.",
    ),
    ("date", "The Vessa tunnel opened on 3 February 2026.", "The tunnel in Vessa opened on 5 February 2026."),
    ("date", "The Oldport ferry sank on 1 March.", "The Oldport ferry sank on 27 February."),
    (
        "date",
        "Brandt said that the Vessa tunnel opened on 1 March.",
        "Brandt said that the Vessa tunnel opened on 27 February.",
    ),
    ("date", "The earthquake struck Vessa on 1 March.", "The earthquake struck Vessa on 28 February."),
    ("outcome", "Amir Solano won the Quell mayoral election.", "Amir Solano lost the Quell mayoral election."),
    ("outcome", "A Vessa jury convicted Oren Falk of arson.", "A Vessa jury acquitted Oren Falk of arson."),
    (
        "outcome",
        "The board of Hollow Bank approved the Vessa merger.",
        "The board of Hollow Bank rejected the Vessa merger.",
    ),
]


def kinds_of(early: str, late: str, *, after: timedelta) -> list[str]:
    """Return the kinds of conflict between two papers, the second of which was printed so much later."""
    one = report("Paper 1", f"{early} {OTHER_NEWS}")
    other = report("Paper 2", f"{late} {OTHER_NEWS}", published_at=PUBLISHED + after)
    found = [conflict.kind for conflict in find_conflicts([one, other], {})]
    assert found == [conflict.kind for conflict in find_conflicts([other, one], {})]
    return found


@pytest.mark.parametrize(("early", "late"), UPDATES)
def test_what_a_later_article_says_has_changed_is_an_update(early: str, late: str) -> None:
    assert kinds_of(early, late, after=3 * HOURS) == []
    assert kinds_of(early, late, after=48 * HOURS) == []
    assert len(kinds_of(early, late, after=0 * HOURS)) == 1


@pytest.mark.parametrize(("early", "late"), TURNED)
def test_a_state_that_can_turn_has_turned_by_the_next_day(early: str, late: str) -> None:
    assert kinds_of(early, late, after=24 * HOURS) == []
    assert kinds_of(early, late, after=0 * HOURS) == ["outcome"]


@pytest.mark.parametrize(("one", "other"), TWO_EVENTS)
def test_two_events_on_two_days_are_no_disagreement(one: str, other: str) -> None:
    assert kinds_of(one, other, after=0 * HOURS) == []
    assert kinds_of(other, one, after=24 * HOURS) == []


@pytest.mark.parametrize(("kind", "early", "late"), STILL_CONFLICTS)
def test_a_later_article_that_tells_of_no_change_disagrees(kind: str, early: str, late: str) -> None:
    assert kinds_of(early, late, after=48 * HOURS) == [kind]


def test_words_of_change_in_the_earlier_article_explain_nothing() -> None:
    early = "The cost of the Marrow bridge in Vessa has risen to 14 million crowns."
    assert kinds_of(early, "The Marrow bridge in Vessa cost 19 million crowns.", after=24 * HOURS) == ["number"]


def test_articles_without_dates_are_not_put_in_order() -> None:
    texts = ("The Oldport fire killed 12 people.", "The toll of the Oldport fire rose to 15 dead.")
    undated: datetime | None = None
    articles = [report(f"Paper {n}", text, published_at=undated) for n, text in enumerate(texts)]
    assert len(find_conflicts(articles, {})) == 1
