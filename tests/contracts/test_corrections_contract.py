"""What the port Corrections promises, held against the archive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.deliveries.outbox import claimed, posts_of_message, sent
from bot.model import Coverage, Destination, Digest, Post, PostState
from bot.ports import Edit, EditState, Posted, Shown, ShownLine, Told
from bot.storage.archive import SqlArchive, open_archive
from tests.storage.archive_parts import make_article

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
NEWS = Destination(platform="discord", workspace="1", channel="10")


class SetClock:
    """A clock that stands where a test put it."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    async with open_archive(tmp_path / "news.db") as opened:
        yield opened


def showing(post: Post, article_id: str, version: str = "old", at: datetime = NOW) -> Shown:
    return Shown(
        post_id=post.id,
        article_id=article_id,
        version=version,
        anchor="proof:1",
        about="Fire",
        headline="Fire",
        lines=(ShownLine(text="It burns “a lot”.", quote="It burns.", attribution="Ida"),),
        zone="Asia/Seoul",
        at=at,
    )


async def enqueue(archive: SqlArchive, batch: str, *ids: str, at: datetime = NOW, to: Destination = NEWS) -> Post:
    [post] = posts_of_message(["{}"], to, batch=batch, clock=SetClock())
    digest = Digest(
        made_at=at, since_seq=0, until_seq=0, items=(), held_back=(),
        coverage=Coverage(read=0, quarantined=0, merged=0, shown=0, extractive=0, llm=0),
    )  # fmt: skip
    told = Told(cursor=to.key, digest=digest, text="", shown=tuple(showing(post, one, at=at) for one in ids))
    assert await archive.enqueue([post], slot_key=batch, told=told)
    return post


async def send(archive: SqlArchive, post: Post, *, at: datetime = NOW) -> Post:
    begun = claimed(post, at)
    assert await archive.update(begun, expected=PostState.PENDING)
    there = sent(begun, Posted(message_id=f"m-{post.id}"))
    assert await archive.update(there, expected=PostState.SENDING)
    return there


async def test_what_a_post_shows_comes_back_as_it_was(archive: SqlArchive) -> None:
    post = await enqueue(archive, "b1", "a")
    assert await archive.shown_in(post.id) == [showing(post, "a")]


async def test_only_articles_of_another_version_are_outdated(archive: SqlArchive) -> None:
    stored = await archive.save_articles([], [make_article("a"), make_article("b")], [])
    post = await enqueue(archive, "b1", "a", "b", "gone")
    [known] = [one for one in await archive.shown_in(post.id) if one.article_id == "b"]
    await archive.compare(replace(known, version=stored[1].version), edits=False)
    assert [one.article_id for one in await archive.outdated(since=NOW, limit=9)] == ["a"]
    assert await archive.outdated(since=NOW + timedelta(seconds=1), limit=9) == []


async def test_a_slot_used_before_leaves_what_is_shown_alone(archive: SqlArchive) -> None:
    post = await enqueue(archive, "b1", "a")
    again = Told(cursor="x", digest=Digest(made_at=NOW, since_seq=0, until_seq=0, items=(), held_back=(),
        coverage=Coverage(read=0, quarantined=0, merged=0, shown=0, extractive=0, llm=0)), text="",
        shown=(showing(post, "other"),))  # fmt: skip
    assert not await archive.enqueue([post], slot_key="b1", told=again)
    assert [one.article_id for one in await archive.shown_in(post.id)] == ["a"]


async def test_an_edit_is_due_once_its_post_is_there_and_never_before(archive: SqlArchive) -> None:
    post = await enqueue(archive, "b1", "a")
    await archive.compare(replace(showing(post, "a"), changes=("x",), changed_at=NOW), edits=True)
    assert await archive.edits_due("discord", NOW, limit=9) == []
    there = await send(archive, post)
    assert await archive.edits_due("discord", NOW, limit=9) == [Edit(post=there)]
    assert await archive.edits_due("slack", NOW, limit=9) == []


async def test_several_changes_of_one_post_are_one_edit(archive: SqlArchive) -> None:
    post = await enqueue(archive, "b1", "a", "b")
    await send(archive, post)
    for article_id in ("a", "b", "a"):
        await archive.compare(replace(showing(post, article_id), changes=("x",), changed_at=NOW), edits=True)
    [edit] = await archive.edits_due("discord", NOW, limit=9)
    assert edit.revision == 3


async def test_a_result_is_stale_when_more_is_to_be_noted(archive: SqlArchive) -> None:
    post = await enqueue(archive, "b1", "a")
    await send(archive, post)
    await archive.compare(replace(showing(post, "a"), changes=("x",)), edits=True)
    [edit] = await archive.edits_due("discord", NOW, limit=9)
    await archive.compare(replace(showing(post, "a"), changes=("y",)), edits=True)
    assert not await archive.update_edit(replace(edit, state=EditState.MADE))
    assert len(await archive.edits_due("discord", NOW, limit=9)) == 1


async def test_an_edit_that_waits_is_due_at_its_moment_whatever_the_clock_did(archive: SqlArchive) -> None:
    post = await enqueue(archive, "b1", "a")
    await send(archive, post)
    await archive.compare(replace(showing(post, "a"), changes=("x",)), edits=True)
    [edit] = await archive.edits_due("discord", NOW, limit=9)
    assert await archive.update_edit(replace(edit, not_before=NOW + timedelta(minutes=5), attempts=1, reason="no"))
    assert await archive.edits_due("discord", NOW, limit=9) == []
    assert len(await archive.edits_due("discord", NOW + timedelta(minutes=5), limit=9)) == 1
    assert len(await archive.edits_due("discord", NOW - timedelta(days=700), limit=9)) == 1


async def test_old_sent_messages_are_forgotten_and_their_slots_stay_used(archive: SqlArchive) -> None:
    old = await enqueue(archive, "old", "a")
    await send(archive, old)
    waiting = await enqueue(archive, "waiting", "a")
    young = await enqueue(archive, "young", "a")
    await send(archive, young, at=NOW + timedelta(days=50))
    assert await archive.prune_posts(before=NOW + timedelta(days=42)) == 1
    assert [await archive.post(one.id) is None for one in (old, waiting, young)] == [True, False, False]
    assert not await archive.enqueue([old], slot_key="old")
    assert await archive.post(old.id) is None


@pytest.mark.parametrize("state", [PostState.PARKED, PostState.UNKNOWN, PostState.DEAD, PostState.SENDING])
async def test_a_message_with_an_open_part_is_never_forgotten(archive: SqlArchive, state: PostState) -> None:
    first, second = posts_of_message(["{}", "{}"], NEWS, batch="b1", clock=SetClock())
    await archive.enqueue([first, second], slot_key="b1")
    await send(archive, first)
    assert await archive.update(replace(second, state=state, last_at=NOW), expected=PostState.PENDING)
    assert await archive.prune_posts(before=NOW + timedelta(days=400)) == 0


async def test_what_was_shown_long_ago_is_edited_no_more(archive: SqlArchive) -> None:
    await archive.save_articles([], [make_article("a")], [])
    post = await enqueue(archive, "b1", "a")
    await send(archive, post)
    await archive.compare(replace(showing(post, "a"), changes=("x",)), edits=True)
    await archive.prune_shown(before=NOW + timedelta(seconds=1))
    assert await archive.shown_in(post.id) == []
    assert await archive.edits_in(EditState.PENDING, platform="discord") == []
