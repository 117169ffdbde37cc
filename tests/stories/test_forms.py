"""Two reports in the same form words about two towns are two events; one event in like words stays one."""

from __future__ import annotations

import pytest

from bot.stories.clustering import Arrival, StoryIndex
from bot.stories.features import read_features
from bot.stories.forms import fill_one_form
from bot.stories.placing import sort_into_stories
from tests.stories.stories_parts import NOW, QUAKE_AT_SELBY, groups_of, report

TOWNS = ("Eddingholm", "Oldport", "Harrow Bay", "Tolle", "Selbyhaven", "Lindau")
STREETS = ("Quay Street", "the Long Mole", "Miller's Row", "the Upper Lake", "Tower Hill", "the river Ost")
PEOPLE = ("Petra Lund", "Ines Falk", "Ole Brandt", "Runa Meir", "Greta Olm", "Tomas Reik")
FORMS = {
    "a weather warning": (
        "The Norrland Weather Service has issued a severe weather warning for {town} from {hour} pm on Tuesday. Heavy "
        "rain of up to {count} millimetres and gusts of {speed} kilometres an hour are expected. Residents are asked "
        "to stay indoors, to secure loose objects and to keep away from {street}. The fire brigade of {town} has "
        "opened a hotline. Schools stay closed until further notice, Mayor {person} said."
    ),
    "a result": (
        "In the third round of the Coastal Cup {town} beat {other} {hour}-{goals} on Saturday. On the ground of {town} "
        "{person} scored the winning goal in the {count}th minute in front of {speed} spectators. The coach of {town} "
        "praised his side after the match and spoke of a deserved victory. The fourth round will be drawn on Monday."
    ),
    "a press release": (
        "Hollow Bank opens a new branch in {town} on Monday, the company said in a statement. The branch in {street} "
        "will employ {count} people and offer advice in all questions of saving and building. The head of the branch, "
        "{person}, looks forward to welcoming customers. Hollow Bank has 140 branches and comes from Vessa."
    ),
}


def fill(form: str, number: int) -> str:
    return FORMS[form].format(
        town=TOWNS[number],
        other=TOWNS[(number + 2) % 6],
        street=STREETS[number],
        person=PEOPLE[number],
        hour=number + 2,
        goals=number % 2,
        count=(40, 65, 85, 31, 55, 72)[number],
        speed=(80, 95, 110, 70, 101, 90)[number],
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("count", [2, 3, 6])
def test_one_form_filled_in_for_several_towns_tells_of_as_many_events(form: str, count: int) -> None:
    reports = [report(f"n{number}", fill(form, number), at=NOW) for number in range(count)]
    assert len({place.event for place in sort_into_stories(reports, NOW)}) == count


@pytest.mark.parametrize("form", FORMS)
def test_forms_that_come_in_one_by_one_are_told_apart_too(form: str) -> None:
    index = StoryIndex()
    events = set()
    for number in range(len(TOWNS)):
        features = read_features(report(f"n{number}", fill(form, number), at=NOW), ingested_at=NOW)
        placing = index.place([Arrival(article_id=f"n{number}", features=features)])
        assert not placing.moved
        events.add(placing.places[0].event)
    assert len(events) == len(TOWNS)


def test_a_report_of_one_town_joins_the_form_of_that_town() -> None:
    warning = "a weather warning"
    own_words = (
        "Eddingholm braces for a storm: Mayor Petra Lund closed the schools and asked everybody to keep away from Quay "
        "Street. The Norrland Weather Service expects gusts of 80 kilometres an hour and 40 millimetres of rain."
    )
    bodies = [fill(warning, 0), fill(warning, 1), own_words]
    places = sort_into_stories([report(f"n{number}", body, at=NOW) for number, body in enumerate(bodies)], NOW)
    assert groups_of([place.event for place in places]) == [{0, 2}, {1}]


@pytest.mark.parametrize("one", QUAKE_AT_SELBY)
@pytest.mark.parametrize("other", QUAKE_AT_SELBY)
def test_reports_of_one_event_are_no_form(one: str, other: str) -> None:
    first, second = (read_features(report("n", body), ingested_at=NOW) for body in (one, other))
    assert not fill_one_form(first, second)


def test_texts_without_names_are_no_form() -> None:
    first, second = (
        read_features(report("n", f"The level of the river rose to {level} metres in the night."), ingested_at=NOW)
        for level in (4, 7)
    )
    assert not fill_one_form(first, second)
