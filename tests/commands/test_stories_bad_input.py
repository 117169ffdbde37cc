"""What an archive may hold and a channel may ask that is no use: each gets a true and readable reply."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.dispatch import dispatch_text
from bot.model import Article
from bot.storage.archive import SqlArchive
from bot.stories.placing import StoryPlacer
from tests.commands.commands_parts import NOW, FixedClock, fill, make_context, make_news, shown

ODD_DATES = (None, datetime(1970, 1, 1, tzinfo=UTC), datetime(2099, 6, 1, tzinfo=UTC))
FERRY = (
    "The ferry Alma sank off Harrow Bay on Friday. Eleven people were rescued by the coast guard of Vessa. The ship of "
    "Norrland Lines was checked on 3 February 2026. Inspector Runa Falk will report on Monday."
)
BAKERS = (
    "Bakers in Lindau went on strike after talks over night work failed. Their union asks for shorter nights. Flour "
    "will last a week, spokeswoman Greta Olm of the guild said."
)
ASKING = {
    "story": "story {}",
    "why": "why {}",
    "timeline": "timeline {}",
    "ask": "ask {}",
    "search": "search {}",
    "digest": 'digest topic:"{}"',
}
QUESTIONS = {
    "a stop word": "the",
    "5,000 characters": "ferry " * 833,
    "another language": "왜 페리가 가라앉았습니까",
    "FTS syntax": '"ferry" AND (NEAR OR NOT*) -x:y ^z {a b}: col:',
    "a topic nobody wrote about": "zeppelin racing",
    "a story id of nobody": "e0123456789ab",
}


async def read(archive: SqlArchive, *articles: Article) -> None:
    await fill(archive, articles)
    await StoryPlacer(archive, FixedClock()).catch_up()


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("command", ASKING)
@pytest.mark.parametrize("articles", [0, 1])
async def test_every_useless_question_is_answered_with_a_reason(
    articles: int, command: str, question: str, empty_archive: SqlArchive
) -> None:
    if articles:
        await read(empty_archive, make_news("ferry.txt", FERRY, title="Ferry Alma sinks off Harrow Bay"))
    asked = QUESTIONS[question].replace('"', "" if command == "digest" else '"')
    text = shown(await dispatch_text(ASKING[command].format(asked), make_context(empty_archive)))
    assert 0 < len(text) < 4_000
    assert "Something broke" not in text
    if not articles:
        assert "no articles yet" in text or "characters" in text
    elif question in ("a topic nobody wrote about", "a story id of nobody", "another language"):
        assert "Eleven people" not in text


@pytest.mark.parametrize("at", ODD_DATES)
async def test_an_article_without_a_date_one_can_believe_is_told_like_any_other(
    at: datetime | None, empty_archive: SqlArchive
) -> None:
    await read(empty_archive, make_news("ferry.txt", FERRY, title="Ferry Alma sinks", published_at=at))
    context = make_context(empty_archive)
    assert "The ferry Alma sank off Harrow Bay" in shown(await dispatch_text("story #1", context))
    timeline = shown(await dispatch_text("timeline ferry", context))
    assert "3 Feb 2026 · " in timeline
    assert "sank off Harrow Bay" not in timeline
    why = shown(await dispatch_text("why #1", context))
    assert "without a date that can be true" in why
    assert "number 1 of 1" in why


@pytest.mark.parametrize("at", ODD_DATES)
async def test_a_date_nobody_can_believe_wins_nothing(at: datetime | None, empty_archive: SqlArchive) -> None:
    fresh = NOW - timedelta(hours=1)
    await read(
        empty_archive,
        make_news("ferry.txt", FERRY, title="Ferry Alma sinks", published_at=at),
        make_news("bakers.txt", BAKERS, title="Bakers strike in Lindau", published_at=fresh),
    )
    digest = shown(await dispatch_text("digest", make_context(empty_archive)))
    assert digest.index("Bakers strike in Lindau") < digest.index("Ferry Alma sinks")


async def test_undated_articles_of_one_event_are_one_story_whatever_their_clocks_said(
    empty_archive: SqlArchive,
) -> None:
    later = "The ferry Alma of Norrland Lines went down off Harrow Bay; the coast guard of Vessa rescued eleven people."
    dates = (*ODD_DATES, NOW)
    await read(
        empty_archive,
        *(
            make_news(
                f"n{number}.txt", f"{later} {FERRY if number else ''} Note {number}.", title=None, published_at=at
            )
            for number, at in enumerate(dates)
        ),
    )
    places = await empty_archive.placements([f"https://paper.example/n{number}.txt" for number in range(len(dates))])
    assert len({place.event for place in places.values()}) == 1


async def test_copies_that_contradict_each_other_are_shown_side_by_side(empty_archive: SqlArchive) -> None:
    other = FERRY.replace("Eleven people", "Nineteen people")
    await read(
        empty_archive,
        make_news("one.txt", FERRY, title="Ferry Alma sinks", source="The Vessa Post"),
        make_news("two.txt", other, title="Ferry Alma sinks", source="Quell Daily"),
    )
    story = shown(await dispatch_text("story #1", make_context(empty_archive)))
    assert "Eleven people" in story
    assert "Nineteen people" in story
    assert "Quell Daily" in story


async def test_a_story_without_a_title_is_found_by_the_headline_it_is_shown_under(empty_archive: SqlArchive) -> None:
    await read(
        empty_archive,
        make_news("ferry.txt", FERRY, title=None),
        make_news("bakers.txt", BAKERS, title="Bakers strike in Lindau"),
    )
    context = make_context(empty_archive)
    headline = (await empty_archive.summaries_of(await empty_archive.articles_between(0, 1))).popitem()[1].headline
    assert headline in shown(await dispatch_text("digest", context))
    assert "Eleven people were rescued" in shown(await dispatch_text(f"story {headline}", context))
    assert f"Why: {headline}" in shown(await dispatch_text(f"why {headline}", context))
