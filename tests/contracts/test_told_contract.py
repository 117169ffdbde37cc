"""What the port ToldBook promises: lines are kept with the digest that told them, or not at all, channel by channel."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.digests.remembering import lines_told
from bot.model import Destination, Post
from bot.ports import Told
from bot.storage.archive import SqlArchive, open_archive
from tests.storage.archive_parts import make_article, make_digest, make_record

NEWS = Destination(platform="discord", workspace="guild-1", channel="news")
OTHER = Destination(platform="discord", workspace="guild-1", channel="other")


@pytest.fixture
async def archive(place: str) -> AsyncIterator[SqlArchive]:
    async with open_archive(place) as opened:
        yield opened


def post(batch: str, to: Destination = NEWS) -> Post:
    return Post(
        id=f"post of {batch}",
        destination=to,
        batch=batch,
        part=1,
        parts=1,
        payload="{}",
        marker=f"⟦{batch}⟧",
        nonce=batch[:25],
    )


async def test_lines_come_back_as_they_were_told_to_their_channel_alone(archive: SqlArchive) -> None:
    [stored] = await archive.save_articles([make_record("a.txt")], [make_article("a.txt")], [])
    digest = make_digest(0, 1, stored)
    await archive.save_digest(NEWS.key, digest, "text")
    assert await archive.told_lines(NEWS.key, limit=10) == lines_told(digest)
    assert await archive.told_lines(OTHER.key, limit=10) == []


async def test_what_a_schedule_of_its_own_cursor_tells_its_channel_was_told(archive: SqlArchive) -> None:
    digest = make_digest(0, 1, make_article("a.txt"))
    await archive.save_digest(f"{NEWS.key}/3f9a", digest, "text")
    assert await archive.told_lines(NEWS.key, limit=10) == lines_told(digest)


async def test_lines_are_written_with_their_posts_or_not_at_all(archive: SqlArchive) -> None:
    first, second = make_digest(0, 1, make_article("a.txt")), make_digest(1, 2, make_article("b.txt"))
    assert await archive.enqueue([post("one")], slot_key="slot", told=Told(cursor=NEWS.key, digest=first, text=""))
    assert not await archive.enqueue([post("two")], slot_key="slot", told=Told(cursor=NEWS.key, digest=second, text=""))
    assert await archive.told_lines(NEWS.key, limit=10) == lines_told(first)


async def test_lines_are_found_by_story_and_by_wording_newest_first(archive: SqlArchive) -> None:
    digests = [make_digest(number, number + 1, make_article(f"{number}.txt")) for number in range(3)]
    for digest in digests:
        await archive.save_digest(NEWS.key, digest, "text")
    lines = [lines_told(digest)[0] for digest in digests]
    assert await archive.told_lines(NEWS.key, limit=2) == [lines[2], lines[1]]
    assert await archive.told_of(NEWS.key, ["0.txt", "2.txt", "9.txt"], limit=10) == [lines[2], lines[0]]
    found = await archive.told_among(NEWS.key, [lines[0].fingerprint, "unknown"])
    assert found == {lines[0].fingerprint: (datetime(2026, 3, 2, 7, tzinfo=UTC), 1)}
    assert await archive.told_among(OTHER.key, [lines[0].fingerprint]) == {}


async def test_votes_are_summed_for_each_channel(archive: SqlArchive) -> None:
    for user, vote in (("ada", 1), ("bo", 1), ("bo", -1), ("cy", 1)):
        await archive.save_vote(NEWS, user, "story-1", vote)
    await archive.save_vote(OTHER, "ada", "story-1", -1)
    assert await archive.votes(NEWS) == {"story-1": 1}
    assert await archive.votes(OTHER) == {"story-1": -1}
