"""What the port StoryBook promises, held against every implementation."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Article, Coverage, Digest, Placement
from bot.ports import Placed
from bot.storage.archive import SqlArchive, open_archive
from bot.stories.naming import EVENT_PREFIX, STORYLINE_PREFIX, name_story
from tests.commands.commands_parts import NOW, FixedClock
from tests.storage.archive_parts import BRIDGE, STRIKE, make_article, make_record

EMPTY = Digest(
    made_at=NOW,
    since_seq=0,
    until_seq=2,
    items=(),
    held_back=(),
    coverage=Coverage(read=0, quarantined=0, merged=0, shown=0, extractive=0, llm=0),
)


@pytest.fixture
async def archive(place: str) -> AsyncIterator[SqlArchive]:
    async with open_archive(place) as opened:
        yield opened


def placed(article: Article, event: str, storyline: str = "s1") -> Placed:
    return Placed(
        article_id=article.id, seq=article.ingested_seq, event=event, storyline=storyline, features=b"\x00\xff"
    )


async def save(archive: SqlArchive, *names: str, body: str = BRIDGE) -> Sequence[Article]:
    articles = [make_article(name, f"{body} Report {name}.") for name in names]
    return await archive.save_articles([make_record(name) for name in names], articles, [])


async def test_what_is_stored_is_unplaced_until_it_is_placed(archive: SqlArchive) -> None:
    stored = await save(archive, "a", "b", "c")
    assert await archive.unplaced(limit=2) == list(stored[:2])
    assert await archive.count_unplaced() == 3
    assert await archive.place([placed(one, "e1") for one in stored[:2]], after=0) == 2
    assert await archive.unplaced(limit=9) == [stored[2]]
    assert await archive.count_unplaced() == 1


async def test_a_new_version_is_unplaced_and_keeps_its_old_place_meanwhile(archive: SqlArchive) -> None:
    [first] = await save(archive, "a")
    await archive.place([placed(first, "e1")], after=0)
    [second] = await save(archive, "a", body=STRIKE)
    assert await archive.unplaced(limit=9) == [second]
    assert await archive.placements(["a"]) == {"a": Placement(article_id="a", event="e1", storyline="s1")}
    assert await archive.place([placed(second, "e2", "s2")], after=1) == 2
    assert await archive.placements(["a"]) == {"a": Placement(article_id="a", event="e2", storyline="s2")}
    assert await archive.members("e1") == []


async def test_the_same_version_saved_again_stays_placed(archive: SqlArchive) -> None:
    [first] = await save(archive, "a")
    await archive.place([placed(first, "e1")], after=0)
    await save(archive, "a")
    assert await archive.unplaced(limit=9) == []


async def test_placing_is_refused_when_another_process_placed_meanwhile(archive: SqlArchive) -> None:
    one, other = await save(archive, "a", "b")
    assert await archive.place([placed(one, "e1")], after=0) == 1
    assert await archive.place([placed(other, "e1")], after=0) is None
    assert await archive.unplaced(limit=9) == [other]
    assert await archive.place([placed(other, "e1")], after=1) == 2


async def test_a_version_that_was_replaced_while_it_was_placed_is_passed_over(archive: SqlArchive) -> None:
    [old] = await save(archive, "a")
    await save(archive, "a", body=STRIKE)
    assert await archive.place([placed(old, "e1")], after=0) == 0
    assert await archive.placements(["a"]) == {}


async def test_placements_come_back_in_the_order_they_were_made_the_newest_of_them(archive: SqlArchive) -> None:
    stored = await save(archive, "a", "b", "c")
    await archive.place([placed(one, "e1") for one in stored], after=0)
    last, found = await archive.placed_after(0, newest=9)
    assert (last, [one.article_id for one in found]) == (3, ["a", "b", "c"])
    assert [one.revision for one in found] == [1, 2, 3]
    assert {one.features for one in found} == {b"\x00\xff"}
    assert [one.article_id for one in (await archive.placed_after(0, newest=2))[1]] == ["b", "c"]
    assert [one.article_id for one in (await archive.placed_after(2, newest=9))[1]] == ["c"]
    assert await archive.placed_after(3, newest=9) == (3, [])


async def test_members_of_an_event_and_of_a_storyline_are_in_the_order_they_came_in(archive: SqlArchive) -> None:
    a, b, c = await save(archive, "a", "b", "c")
    await archive.place([placed(a, "e1"), placed(b, "e2"), placed(c, "e1")], after=0)
    assert await archive.members("e1") == ["a", "c"]
    assert await archive.members("s1") == ["a", "b", "c"]
    assert await archive.members("unknown") == []


async def test_the_members_of_several_stories_are_those_of_each(archive: SqlArchive) -> None:
    a, b, c = await save(archive, "a", "b", "c")
    await archive.place([placed(c, "e1"), placed(b, "e2", "s2"), placed(a, "e1")], after=0)
    asked = ["e1", "e2", "s1", "unknown"]
    found = await archive.members_of(asked)
    assert found == {"e1": ["a", "c"], "e2": ["b"], "s1": ["a", "c"], "unknown": []}
    assert found == {story_id: await archive.members(story_id) for story_id in asked}
    assert await archive.members_of([]) == {}


async def test_what_is_in_no_story_is_settled_once_it_has_waited(place: str) -> None:
    clock = FixedClock(NOW)
    async with open_archive(place, clock=clock) as archive:
        assert await archive.settled_seq(NOW) == 0
        [first] = await save(archive, "a")
        assert await archive.settled_seq(NOW - timedelta(seconds=1)) == 1
        await archive.place([placed(first, "e1")], after=0)
        clock.time += timedelta(minutes=1)
        await save(archive, "b")
        assert await archive.settled_seq(NOW) == 1
        assert await archive.settled_seq(NOW + timedelta(minutes=1)) == 2


async def test_a_window_shows_what_came_in_and_where_it_was_put(archive: SqlArchive) -> None:
    a, b, c = await save(archive, "a", "b", "c")
    await archive.place([placed(b, "e1")], after=0)
    window = await archive.window(1, 3)
    assert list(window.heads) == await archive.heads_between(1, 3)
    assert window.placements == {"b": Placement(article_id="b", event="e1", storyline="s1")}
    assert (await archive.window(3, 3)).heads == ()
    assert [one.id for one in (await archive.window(0, 1_000_000)).heads] == [a.id, b.id, c.id]


async def test_a_window_is_the_same_until_anything_of_it_changes(archive: SqlArchive) -> None:
    a, b = await save(archive, "a", "b")
    seen = [await archive.window(0, 9)]
    assert await archive.window(0, 9) is seen[0]
    await archive.save_digest("discord:1:10", EMPTY, "told")
    assert await archive.window(0, 9) is seen[0]

    await archive.place([placed(a, "e1")], after=0)
    seen.append(await archive.window(0, 9))
    await archive.place([placed(a, "e1", "s2")], after=1)
    seen.append(await archive.window(0, 9))
    await archive.save_articles([make_record("a-moved")], [replace(make_article("a-moved", b.body), id="b")], [])
    seen.append(await archive.window(0, 9))
    await save(archive, "a", body=STRIKE)
    seen.append(await archive.window(0, 9))
    await save(archive, "c")
    seen.append(await archive.window(0, 9))
    assert len(set(seen)) == len(seen)
    assert list(seen[-1].heads) == await archive.heads_between(0, 9)
    assert seen[-1].placements == await archive.placements([one.id for one in seen[-1].heads])


async def test_the_story_of_the_latest_article_is_the_most_recent(archive: SqlArchive) -> None:
    names = [f"n{number:02}" for number in range(40)]
    stored = await save(archive, *names)
    events = ["old", *(["big"] * 38), "new"]
    await archive.place([placed(one, event) for one, event in zip(stored, events, strict=True)], after=0)
    assert await archive.recent_stories(limit=2) == ["new", "big"]
    assert await archive.recent_stories(limit=9) == ["new", "big", "old"]
    assert await archive.recent_stories(limit=0) == []


async def test_unknown_articles_have_no_placement(archive: SqlArchive) -> None:
    await save(archive, "a")
    assert await archive.placements(["a", "nobody"]) == {}
    assert await archive.recent_stories(limit=3) == []


async def test_the_copies_of_an_article_that_moves_go_with_it(archive: SqlArchive) -> None:
    articles = [make_article("a", BRIDGE), make_article("b", BRIDGE)]
    first, copy = await archive.save_articles([make_record("a"), make_record("b")], articles, [])
    assert copy.duplicate_of == first.id
    await archive.place([placed(first, "e1"), placed(copy, "e1")], after=0)
    await archive.place([placed(first, "e2", "s2")], after=2)
    assert {one.event for one in (await archive.placements(["a", "b"])).values()} == {"e2"}


async def test_the_id_of_an_event_that_was_joined_to_another_leads_to_that_one_also_after_a_restart(
    place: str,
) -> None:
    a_id, b_id = (name_story(EVENT_PREFIX, name, ()) for name in "ab")
    a_line, b_line = (name_story(STORYLINE_PREFIX, name, ()) for name in "ab")
    async with open_archive(place) as archive:
        a, b, c = await save(archive, "a", "b", "c")
        await archive.place([placed(a, a_id, a_line), placed(b, b_id, b_line), placed(c, b_id, b_line)], after=0)
        assert await archive.members(b_id) == ["b", "c"]
        await archive.place([placed(b, a_id, a_line), placed(c, a_id, a_line)], after=3)
        for old in (b_id, b_line, f"{b_id}-2"):
            assert await archive.members(old) == ["a", "b", "c"]
        assert await archive.members(name_story(EVENT_PREFIX, "nobody", ())) == []
    if ":memory:" not in place:
        async with open_archive(place) as again:
            assert await again.members(b_id) == ["a", "b", "c"]
