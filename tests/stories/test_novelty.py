"""How new a line is to a channel, and what it says otherwise than a line told before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Citation
from bot.ports import ToldLine
from bot.stories.novelty import History, fingerprint_of

AT = datetime(2026, 3, 3, 7, tzinfo=UTC)


def told(text: str, *, event: str = "fire", storyline: str = "fires", language: str = "en") -> ToldLine:
    citation = Citation(
        marker="1", article_id=f"{event}.txt", seq=1, path=f"{event}.txt", title="Fire", sentences=(0,), quote=text
    )
    return ToldLine(
        fingerprint=fingerprint_of(text),
        text=text,
        language=language,
        event=event,
        storyline=storyline,
        headline="Fire in Oldport",
        citation=citation,
        at=AT,
        seq=1,
    )


FIRE = told("Twelve people were killed in the warehouse fire in Oldport, the fire brigade said.")
CAUSE = told("The cause of the warehouse fire is not known.")
DATE = told("The inquiry into the warehouse fire begins on 4 May in Eddingholm.")


@pytest.mark.parametrize(
    "text",
    [
        FIRE.text,
        "twelve people were killed, in the warehouse fire in Oldport: the fire brigade said",
        "Twelve people were killed in the Oldport warehouse fire.",
    ],
)
def test_what_was_told_is_not_new_in_other_letters_or_fewer_words(text: str) -> None:
    assert not History([FIRE, CAUSE]).judge(text, "en", stories=("fire",)).is_new


def test_a_line_told_of_another_story_is_not_told_again_in_this_one() -> None:
    assert not History([FIRE]).judge(FIRE.text, "en", stories=("merged",)).is_new
    shorter = "Twelve people were killed in the warehouse fire in Oldport."
    assert not History([FIRE]).judge(shorter, "en", stories=("merged",)).is_new


def test_a_line_too_old_to_be_compared_is_known_by_its_wording() -> None:
    history = History([], fingerprints=[FIRE.fingerprint])
    assert not history.judge(FIRE.text.upper(), "en").is_new


@pytest.mark.parametrize(
    "text",
    [
        "Fourteen people were killed in the warehouse fire in Oldport, the fire brigade said.",
        "The cause of the warehouse fire is known.",
        "A faulty cable set the roof alight, inspectors from Eddingholm found.",
        "The owner of the warehouse, Norrland Lines, had been warned twice about its exits.",
    ],
)
def test_another_figure_a_lifted_denial_and_new_facts_are_new(text: str) -> None:
    assert History([FIRE, CAUSE]).judge(text, "en", stories=("fire",)).is_new


def test_a_day_of_another_matter_tells_nothing_of_a_count() -> None:
    history = History([FIRE, told("The tunnel of Vessa opens on 14 May, the mayor said.")])
    text = "Fourteen people were killed in the warehouse fire in Oldport, the fire brigade said."
    assert history.judge(text, "en", stories=("fire",)).is_new


def test_everything_is_new_to_a_channel_that_was_told_nothing() -> None:
    judged = History([]).judge(FIRE.text, "en")
    assert (judged.is_new, judged.score) == (True, 1.0)


def test_korean_lines_are_compared_too() -> None:
    known = told("화재로 창고 직원 12명이 숨졌다고 소방서가 밝혔다.", language="ko")
    history = History([known])
    assert not history.judge("화재로 창고 직원 12명이 숨졌다고 소방서가 밝혔다", "ko", stories=("fire",)).is_new
    assert history.judge("항만 터널은 5월에 개통된다고 시장이 말했다.", "ko", stories=("fire",)).is_new


def test_a_changed_figure_is_named_with_what_it_counts() -> None:
    changed = History([CAUSE, FIRE]).find_difference(
        "14 people were killed in the warehouse fire in Oldport.", "en", stories=("fire",)
    )
    assert changed is not None
    assert (changed.kind, changed.before, changed.after, changed.told) == ("number", "Twelve people", "14 people", FIRE)


def test_of_several_figures_those_in_the_same_words_are_compared() -> None:
    known = told("The bridge in Harl will cost 19 million crowns instead of 14 million, the council said.")
    text = "The bridge in Harl will cost 21 million crowns instead of 19 million, the council said."
    changed = History([known]).find_difference(text, "en", stories=("fire",))
    assert changed is not None
    assert (changed.before, changed.after) == ("19 million crowns", "21 million crowns")


def test_a_changed_day_is_a_changed_date() -> None:
    changed = History([FIRE, DATE]).find_difference(
        "The inquiry into the warehouse fire begins on 11 May in Eddingholm.", "en", stories=("fire",)
    )
    assert changed is not None
    assert (changed.kind, changed.before, changed.after) == ("date", "4 May", "11 May")


@pytest.mark.parametrize(
    ("known", "text", "before", "after"),
    [
        ("The Harl bridge opens to cars on Monday.", "The Harl bridge opens to cars on Friday.", "Monday", "Friday"),
        (
            "The Harl bridge opens to cars on Monday.",
            "The opening of the Harl bridge to cars was moved from Monday to Friday, the council said.",
            "Monday",
            "Friday",
        ),
        ("The trial of the Harl baker begins in May.", "The trial of the Harl baker begins in June.", "May", "June"),
        (
            "The Harl bridge opens to cars on Thursday.",
            "The Harl bridge opens to cars on Sunday.",
            "Thursday",
            "Sunday",
        ),
    ],
)
def test_a_weekday_or_a_month_that_moved_is_new_and_a_changed_date(
    known: str, text: str, before: str, after: str
) -> None:
    history = History([FIRE, told(known)])
    assert history.judge(text, "en", stories=("fire",)).is_new
    changed = history.find_difference(text, "en", stories=("fire",))
    assert changed is not None
    assert (changed.kind, changed.before, changed.after) == ("date", before, after)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        # Said twice, met twice: two events.
        (
            "Mayor Rask told the council on Monday the bridge is safe.",
            "Mayor Rask told the council on Friday the bridge is safe.",
        ),
        ("Mayor Rask met the Harl bakers on Monday.", "Mayor Rask met the Harl bakers on Friday."),
        # The same day, in another place of the line or shorter.
        ("The Harl bridge opens to cars on Monday.", "On Monday the Harl bridge opens to cars."),
        ("The trial of the Harl baker begins in September.", "The trial of the Harl baker begins in Sept."),
        # Another matter.
        ("The Harl bridge opens to cars on Monday.", "The market of Oldport is closed on Friday."),
    ],
)
def test_a_speech_on_another_day_or_the_same_day_is_no_change(known: str, text: str) -> None:
    assert History([told(known)]).find_difference(text, "en", stories=("fire",)) is None


def test_a_lifted_denial_is_a_changed_claim() -> None:
    changed = History([CAUSE]).find_difference("The cause of the warehouse fire is known.", "en", stories=("fire",))
    assert changed is not None
    assert (changed.kind, changed.told) == ("claim", CAUSE)


@pytest.mark.parametrize(
    "text",
    ["The harbour tunnel cost 41 million crowns.", "The warehouse in Oldport stored grain.", FIRE.text],
)
def test_another_matter_changes_nothing(text: str) -> None:
    assert History([FIRE, CAUSE, DATE]).find_difference(text, "en", stories=("fire",)) is None


def test_a_figure_of_another_story_is_no_change() -> None:
    other = told("Twelve people were killed in the mill fire in Harl.", event="mill")
    text = "Fourteen people were killed in the mill fire in Harl."
    assert History([other]).find_difference(text, "en", stories=("fire",)) is None


@settings(deadline=None)  # the time of a busy machine
@given(st.lists(st.text(max_size=60), max_size=8), st.text(max_size=60))
def test_any_text_can_be_judged_and_what_was_told_is_never_new(lines: list[str], text: str) -> None:
    history = History([told(line) for line in [*lines, text]])
    assert not history.judge(text, "en", stories=("fire",)).is_new
    assert 0.0 <= history.judge(text + " zeppelin", "und", stories=("fire",)).score <= 1.0
    history.find_difference(text, "en", stories=("fire",))


def test_channels_that_were_told_the_same_at_different_times_each_get_their_own_line_back() -> None:
    later = replace(FIRE, at=AT + timedelta(days=1), seq=9, headline="Fire again")
    line = "Fourteen people were killed in the warehouse fire in Oldport, the fire brigade said."
    for told_line in (FIRE, later):
        history = History([told_line])
        assert history.judge(line, "en", stories=("fire",)).nearest is told_line
        difference = history.find_difference(line, "en", stories=("fire",))
        assert difference is not None
        assert (difference.before, difference.after) == ("Twelve people", "Fourteen people")
        assert difference.told is told_line


def test_a_line_too_old_to_be_remembered_is_known_to_its_own_channel_alone() -> None:
    forgetful = History([FIRE], fingerprints=[CAUSE.fingerprint])
    assert not forgetful.judge(CAUSE.text, "en").is_new
    assert History([FIRE]).judge(CAUSE.text, "en").is_new
