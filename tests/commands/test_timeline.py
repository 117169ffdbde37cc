"""/timeline puts the days of a topic or a story in order, marks plans, and proves each line."""

from __future__ import annotations

from datetime import date

import pytest

from bot.commands.dispatch import dispatch, dispatch_text, press
from bot.commands.timeline import shorten_sentence
from bot.messages.days import days_text
from bot.model import DatedClaim, Granularity
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import actions, fill, make_context, make_news, shown


async def test_what_is_told_of_a_plan_stands_under_the_day_of_the_plan(archive: SqlArchive) -> None:
    text = shown(await dispatch_text("timeline harbour tunnel", make_context(archive)))
    assert "14 May 2026 · (planned) The harbour tunnel of Vessa will open" in text
    assert "Jan 2026 · Engineers had found water in the eastern tube in January." in text
    assert text.index("Jan 2026 ·") < text.index("14 May 2026 ·")


async def test_the_proof_button_shows_the_sentences_with_their_sources(archive: SqlArchive) -> None:
    context = make_context(archive)
    reply = await dispatch("timeline", {"topic": "harbour tunnel", "since": "", "until": "2026-05-20"}, context)
    proof = await press(actions(reply)["Proof"], context)
    assert proof is not None
    text = shown(proof)
    assert "s0 (The Vessa Post, 3 Mar 2026): The harbour tunnel of Vessa will open on 14 May 2026, mayor" in text
    assert "Jul 2026" not in text


@pytest.mark.parametrize("action", ["days:", "days:x::tunnel", "days:2026-01-01:", "days:::", "days:2026-13-01::a"])
async def test_a_forged_proof_button_is_refused(action: str, archive: SqlArchive) -> None:
    reply = await press(action, make_context(archive))
    assert reply is not None
    assert "do not know this button" in shown(reply)


async def test_a_topic_too_long_for_a_button_has_none(archive: SqlArchive) -> None:
    reply = await dispatch("timeline", {"topic": "harbour tunnel " * 8}, make_context(archive))
    assert "14 May 2026" in shown(reply)
    assert "Proof" not in actions(reply)


async def test_a_headline_means_the_story_that_it_tells(archive: SqlArchive) -> None:
    text = shown(await dispatch_text("timeline Harbour tunnel opens in May", make_context(archive)))
    assert "14 May 2026 · (planned)" in text
    assert "Bakers" not in text


async def test_the_timeline_of_an_article_of_a_hidden_collection_is_not_told(archive: SqlArchive) -> None:
    context = make_context(archive, collections=("",))
    for topic in ("Hollow Bank to close branch", "#4", "Hollow Bank"):
        text = shown(await dispatch_text(f"timeline {topic}", context))
        assert "Jul 2026" not in text
        assert "Board Letter" not in text


async def test_articles_that_name_no_day_are_said_to_name_none(empty_archive: SqlArchive) -> None:
    body = "A clinic has tested a vaccine. It met doctors on Friday and will report next month."
    await fill(empty_archive, [make_news("v.txt", body, title="Clinic tests vaccine", published_at=None)])
    text = shown(await dispatch_text("timeline vaccine", make_context(empty_archive)))
    assert "1 article matches “vaccine”, but none of their sentences names a day." in text
    assert "undated themselves" in text


async def test_a_span_without_days_says_so(archive: SqlArchive) -> None:
    text = shown(
        await dispatch_text("timeline harbour tunnel since:2025-01-01 until:2025-02-01", make_context(archive))
    )
    assert "names a day in that span" in text


@pytest.mark.parametrize(
    ("first", "last", "unit", "expected"),
    [
        (date(2026, 5, 14), None, "day", "14 May 2026"),
        (date(2026, 5, 3), date(2026, 5, 5), "day", "3–5 May 2026"),
        (date(2026, 4, 30), date(2026, 5, 2), "day", "30 Apr – 2 May 2026"),
        (date(2025, 12, 30), date(2026, 1, 2), "day", "30 Dec 2025 – 2 Jan 2026"),
        (date(2026, 2, 23), date(2026, 3, 1), "week", "week of 23 Feb 2026"),
        (date(2026, 5, 1), date(2026, 5, 31), "month", "May 2026"),
        (date(2026, 5, 1), date(2026, 5, 10), "month", "early May 2026"),
        (date(2026, 5, 1), date(2026, 7, 31), "month", "May 2026 – Jul 2026"),
        (date(2026, 7, 1), date(2026, 9, 30), "quarter", "Q3 2026"),
        (date(2026, 1, 1), date(2026, 6, 30), "quarter", "Q1 2026 – Q2 2026"),
        (date(2025, 12, 1), date(2026, 2, 28), "season", "winter 2025/26"),
        (date(2026, 3, 1), date(2026, 5, 31), "season", "spring 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "year", "2026"),
        (date(2026, 1, 1), date(2026, 4, 30), "year", "early 2026"),
        (date(1990, 1, 1), date(1999, 12, 31), "year", "1990 – 1999"),
    ],
)
def test_days_are_shown_as_exactly_as_the_source_names_them(
    first: date, last: date | None, unit: Granularity, expected: str
) -> None:
    claim = DatedClaim(day=first, end=last, granularity=unit, text="", citations=())
    assert days_text(claim) == expected


def test_who_says_it_is_kept_when_a_sentence_is_shortened() -> None:
    short = shorten_sentence("The tunnel will open on 14 May 2026, mayor Ilse Brandt said.", "en")
    assert "Ilse Brandt" in short
    assert "14 May 2026" in short
