"""What a scheduled digest asks of the database: no more for thirty stories than for three, and nothing out of date."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.commands.digest import gather_scheduled_digest
from bot.jobs.announcing import Announcer
from bot.model import Article, Destination, Digest, Schedule
from bot.ports import Placed
from bot.storage.archive import SqlArchive, open_archive
from tests.commands.commands_parts import FixedClock, fill, make_news
from tests.jobs.test_announcing import PlainPublisher
from tests.postgres import postgres_place, shared_postgres

__all__ = ["postgres_place", "shared_postgres"]

NOW = datetime(2026, 5, 2, 8, 0, 20, tzinfo=UTC)
FEW, MANY = 3, 30
ARTICLES_A_STORY = 3
MOST_STATEMENTS = 13
"""Cursor, filter, votes, how far to tell, the state of the news and the news in one snapshot, what was told, the
members, articles and summaries of the stories, and what the folder holds."""


@pytest.fixture(params=["file", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return request.getfixturevalue("postgres_place")
    return str(tmp_path / "news.db")


@pytest.fixture
async def archive(place: str) -> AsyncIterator[SqlArchive]:
    async with open_archive(place, clock=FixedClock(NOW - timedelta(hours=1))) as opened:
        yield opened


def channel(number: int) -> Schedule:
    there = Destination(platform="slack", workspace="T1", channel=f"C{number}")
    return Schedule(
        id=f"morning {number}", destination=there, times=(time(8),), weekdays=(), zone="UTC", max_articles=MANY
    )


async def digest_for(archive: SqlArchive, schedule: Schedule, *, at: datetime = NOW) -> Digest:
    clock = FixedClock(at)
    return (await gather_scheduled_digest(archive, archive, schedule, clock=clock, max_chars=100_000)).digest


async def store_stories(archive: SqlArchive, count: int, *, first: int = 0) -> None:
    """Store so many stories of three articles each, all placed."""
    for story in range(first, first + count):
        told = [
            f"The {tool} number {story} of Vessa was sold for {100 + 7 * story} crowns, the guild of {town}s said."
            for tool, town in (("plough", "smith"), ("anvil", "baker"), ("loom", "weaver"))
        ]
        names = [f"{story}-{part}.txt" for part in range(ARTICLES_A_STORY)]
        news = [make_news(name, text, title=f"Sale of {name}") for name, text in zip(names, told, strict=True)]
        await put(archive, await fill(archive, news), story)


async def put(archive: SqlArchive, articles: Sequence[Article], story: int) -> None:
    """Put articles into a story."""
    revision, _ = await archive.placed_after(0, newest=1)
    placed = [
        Placed(article_id=one.id, seq=one.ingested_seq, event=f"e{story}", storyline=f"s{story}", features=b"")
        for one in articles
    ]
    await archive.place(placed, after=revision)


@contextmanager
def counted(archive: SqlArchive) -> Iterator[list[str]]:
    """Give the list of the statements that are run meanwhile."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = archive._database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_a_digest_asks_as_little_for_many_stories_as_for_few(archive: SqlArchive) -> None:
    await store_stories(archive, FEW)
    with counted(archive) as for_few:
        assert len((await digest_for(archive, channel(1))).items) == FEW
    await store_stories(archive, MANY - FEW, first=FEW)
    with counted(archive) as for_many:
        digest = await digest_for(archive, channel(2))
    assert len(digest.items) == MANY
    assert {len(item.articles) for item in digest.items} == {ARTICLES_A_STORY}
    assert len(for_many) == len(for_few) <= MOST_STATEMENTS


async def test_the_news_of_a_minute_are_read_for_the_first_channel_alone(archive: SqlArchive) -> None:
    await store_stories(archive, FEW)
    with counted(archive) as for_first:
        first = await digest_for(archive, channel(1))
    with counted(archive) as for_second:
        second = await digest_for(archive, channel(2))
    assert second == first
    assert len(for_second) < len(for_first)


async def test_a_digest_of_updates_asks_for_one_thing_more(archive: SqlArchive) -> None:
    await store_stories(archive, FEW)
    schedule = channel(1)
    await archive.save_digest(schedule.destination.key, await digest_for(archive, schedule), "told")
    news = [
        make_news(f"later-{story}.txt", f"The {made} of street {story} fell down.", title=f"The {made} falls")
        for story, made in enumerate(("bridge", "tower", "chimney"))
    ]
    for story, one in enumerate(await fill(archive, news)):
        await put(archive, [one], story)
    with counted(archive) as statements:
        digest = await digest_for(archive, schedule, at=NOW + timedelta(days=1))
    assert [item.novelty for item in digest.items] == ["update"] * FEW
    assert len(statements) <= MOST_STATEMENTS + 1


async def test_schedules_that_are_not_due_cost_a_beat_nothing_of_their_own(archive: SqlArchive) -> None:
    announcer = Announcer(
        archive=archive,
        publishers={"slack": PlainPublisher()},
        clock=FixedClock(NOW - timedelta(minutes=5)),
        max_chars=6_000,
        visible=lambda destination: None,
    )
    counts = []
    for count in (FEW, MANY):
        for number in range(count):
            await archive.save_schedule(replace(channel(number), created_at=NOW - timedelta(hours=1)))
        with counted(archive) as statements:
            assert await announcer.announce_due() == 0
        counts.append(len(statements))
    assert counts[0] == counts[1]


async def test_what_changed_since_another_channels_digest_is_told_as_it_is_now(archive: SqlArchive, place: str) -> None:
    await store_stories(archive, FEW)
    before = await digest_for(archive, channel(1))
    await put(archive, before.items[1].articles[:1], 0)
    await fill(archive, [make_news("2-0.txt", "The plough of Vessa was never sold.", title="No sale in Vessa")])
    after = await digest_for(archive, channel(2))
    assert [len(item.articles) for item in before.items] == [3, 3, 3]
    assert {item.story.id: len(item.articles) for item in after.items}["e0"] == 4
    assert "No sale in Vessa" in {article.title for item in after.items for article in item.articles}
    async with open_archive(place, read_only=True) as anew:
        assert after == await digest_for(anew, channel(2))


async def test_a_channel_sees_no_collection_that_another_one_saw_in_the_same_minute(archive: SqlArchive) -> None:
    await fill(archive, [make_news("open.txt", "A mill in Tarn burned down.", title="Mill burns")])
    await fill(archive, [make_news("bank.txt", "A bank in Vessa closes.", title="Bank closes", collection="board")])
    assert len((await digest_for(archive, channel(1))).items) == 2
    narrowed = await gather_scheduled_digest(
        archive, archive, channel(2), clock=FixedClock(NOW), max_chars=100_000, collections=("",)
    )
    assert [item.headline for item in narrowed.digest.items] == ["Mill burns"]
    assert narrowed.digest.coverage.read == 1
