"""What the port Outbox promises, held against every implementation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.deliveries.outbox import posts_of_message
from bot.model import Destination, Post, PostState
from bot.ports import Told
from bot.storage.archive import SqlArchive, open_archive
from tests.storage.archive_parts import make_digest

NOW = datetime(2026, 5, 4, 8, 0, 0, 123456, tzinfo=UTC)
NEWS = Destination(platform="discord", workspace="guild", channel="news")
SPORT = replace(NEWS, channel="sport")
SLACK = Destination(platform="slack", workspace="team", channel="news")


class StillClock:
    """Always tells the same time."""

    def now(self) -> datetime:
        """Return NOW."""
        return NOW


def message(batch: str, *, to: Destination = NEWS, parts: int = 1) -> list[Post]:
    payloads = [f'{{"text": "{batch}, part {part}"}}' for part in range(1, parts + 1)]
    return posts_of_message(payloads, to, batch=batch, clock=StillClock())


@pytest.fixture
async def outbox(place: str) -> AsyncIterator[SqlArchive]:
    async with open_archive(place) as opened:
        yield opened


async def finish(outbox: SqlArchive, post: Post, state: PostState = PostState.SENT) -> None:
    assert await outbox.update(replace(post, state=state), expected=PostState.SENDING)


async def test_a_post_comes_back_as_it_was_enqueued(outbox: SqlArchive) -> None:
    posts = message("one", parts=2)
    odd = replace(posts[0], payload='{"text": "\\u0000 \u0000 and \udcff"}', not_before=NOW)
    assert await outbox.enqueue([odd, posts[1]])
    assert await outbox.post(odd.id) == odd
    assert await outbox.post("unknown") is None
    assert await outbox.posts_in(PostState.PENDING) == [odd, posts[1]]


async def test_every_field_that_changes_is_kept(outbox: SqlArchive) -> None:
    [post] = message("one")
    await outbox.enqueue([post])
    changed = replace(
        post,
        payload="{}",
        state=PostState.PARKED,
        attempts=3,
        first_at=NOW,
        last_at=NOW + timedelta(microseconds=1),
        not_before=None,
        message_id="42",
        reason="nobody knows\x00",
    )
    assert await outbox.update(changed, expected=PostState.PENDING)
    assert await outbox.post(post.id) == changed


async def test_a_slot_is_enqueued_once(outbox: SqlArchive) -> None:
    assert await outbox.enqueue(message("one"), slot_key="slot")
    assert not await outbox.enqueue(message("two"), slot_key="slot")
    assert [post.batch for post in await outbox.posts_in(PostState.PENDING)] == ["one"]


async def test_a_slot_without_anything_to_post_is_used_up_too(outbox: SqlArchive) -> None:
    assert await outbox.enqueue([], slot_key="slot")
    assert not await outbox.enqueue(message("one"), slot_key="slot")


async def test_the_same_message_is_enqueued_once_even_without_a_slot(outbox: SqlArchive) -> None:
    assert await outbox.enqueue(message("one", parts=2))
    assert not await outbox.enqueue(message("one", parts=2))
    assert len(await outbox.posts_in(PostState.PENDING)) == 2


async def test_enqueueing_the_same_slot_at_the_same_time_adds_one_message(outbox: SqlArchive) -> None:
    answers = await asyncio.gather(*(outbox.enqueue(message(str(n)), slot_key="slot") for n in range(8)))
    assert sum(answers) == 1
    assert len(await outbox.posts_in(PostState.PENDING)) == 1


async def test_a_claim_counts_the_attempt_and_moves_the_post_to_sending(outbox: SqlArchive) -> None:
    [post] = message("one")
    await outbox.enqueue([post])
    later = NOW + timedelta(seconds=3)
    [claimed] = await outbox.claim("discord", later, limit=5)
    assert (claimed.state, claimed.attempts, claimed.last_at) == (PostState.SENDING, 1, later)
    assert claimed.first_at == NOW
    assert await outbox.posts_in(PostState.SENDING) == [claimed]
    assert await outbox.claim("discord", later, limit=5) == []


async def test_a_claim_takes_only_what_is_due_on_its_platform(outbox: SqlArchive) -> None:
    await outbox.enqueue(message("one", to=SLACK))
    [waiting] = message("two")
    await outbox.enqueue([replace(waiting, not_before=NOW + timedelta(seconds=10))])
    assert await outbox.claim("discord", NOW + timedelta(seconds=9), limit=5) == []
    assert len(await outbox.claim("discord", NOW + timedelta(seconds=10), limit=5)) == 1
    assert [post.destination for post in await outbox.claim("slack", NOW, limit=5)] == [SLACK]


async def test_a_part_is_claimed_when_those_before_it_are_sent(outbox: SqlArchive) -> None:
    await outbox.enqueue(message("one", parts=3))
    for part in (1, 2, 3):
        [claimed] = await outbox.claim("discord", NOW, limit=5)
        assert claimed.part == part
        assert await outbox.claim("discord", NOW, limit=5) == []
        await finish(outbox, claimed)


@pytest.mark.parametrize("state", [PostState.UNKNOWN, PostState.PARKED])
async def test_a_part_of_unknown_fate_holds_up_its_message_but_no_other(outbox: SqlArchive, state: PostState) -> None:
    await outbox.enqueue(message("one", parts=2))
    await outbox.enqueue(message("two"))
    [first] = await outbox.claim("discord", NOW, limit=5)
    await finish(outbox, first, state)
    [other] = await outbox.claim("discord", NOW, limit=5)
    assert other.batch == "two"
    await finish(outbox, other)
    assert await outbox.claim("discord", NOW, limit=5) == []


async def test_a_part_that_no_platform_takes_does_not_keep_the_rest_from_its_readers(outbox: SqlArchive) -> None:
    await outbox.enqueue(message("one", parts=2))
    [first] = await outbox.claim("discord", NOW, limit=5)
    await finish(outbox, first, PostState.DEAD)
    assert [post.part for post in await outbox.claim("discord", NOW, limit=5)] == [2]


async def test_one_post_of_a_destination_is_claimed_at_a_time_and_destinations_do_not_wait_for_each_other(
    outbox: SqlArchive,
) -> None:
    for batch in ("one", "two"):
        await outbox.enqueue(message(batch))
        await outbox.enqueue(message(batch, to=SPORT))
    claimed = await outbox.claim("discord", NOW, limit=5)
    assert [(post.batch, post.destination) for post in claimed] == [("one", NEWS), ("one", SPORT)]
    await finish(outbox, claimed[1])
    assert [post.batch for post in await outbox.claim("discord", NOW, limit=5)] == ["two"]


async def test_a_post_that_waits_holds_up_the_queue_of_its_channel_only(outbox: SqlArchive) -> None:
    await outbox.enqueue(message("one"))
    await outbox.enqueue(message("two"))
    await outbox.enqueue(message("three", to=SPORT))
    [first] = await outbox.claim("discord", NOW, limit=1)
    limited = replace(first, state=PostState.PENDING, not_before=NOW + timedelta(seconds=30))
    await outbox.update(limited, expected=PostState.SENDING)
    assert [post.batch for post in await outbox.claim("discord", NOW, limit=5)] == ["three"]


async def test_a_claim_returns_at_most_its_limit_oldest_first(outbox: SqlArchive) -> None:
    for number in range(6):
        await outbox.enqueue(message(str(number), to=replace(NEWS, channel=f"channel{number}")))
    assert [post.batch for post in await outbox.claim("discord", NOW, limit=4)] == ["0", "1", "2", "3"]


async def test_claims_at_the_same_time_never_share_a_post(outbox: SqlArchive) -> None:
    for number in range(20):
        await outbox.enqueue(message(str(number), to=replace(NEWS, channel=f"channel{number}")))
    claims = await asyncio.gather(*(outbox.claim("discord", NOW, limit=3) for _ in range(10)))
    ids = [post.id for claim in claims for post in claim]
    assert (len(ids), len(set(ids))) == (20, 20)


async def test_an_update_needs_the_expected_state(outbox: SqlArchive) -> None:
    [post] = message("one")
    await outbox.enqueue([post])
    assert not await outbox.update(replace(post, state=PostState.SENT), expected=PostState.SENDING)
    assert not await outbox.update(replace(post, id="unknown"), expected=PostState.PENDING)
    assert await outbox.post(post.id) == post


@pytest.mark.parametrize("state", [PostState.SENDING, PostState.UNKNOWN])
async def test_news_of_an_earlier_attempt_changes_nothing_about_a_later_one(
    outbox: SqlArchive, state: PostState
) -> None:
    [post] = message("one")
    second = replace(post, state=state, attempts=2)
    await outbox.enqueue([second])
    assert not await outbox.update(replace(post, state=PostState.PENDING, attempts=1), expected=state)
    assert await outbox.post(post.id) == second
    assert await outbox.update(replace(second, state=PostState.SENT), expected=state)


async def test_of_updates_at_the_same_time_one_wins(outbox: SqlArchive) -> None:
    [post] = message("one")
    await outbox.enqueue([post])
    settled = [replace(post, state=PostState.SENT, message_id=str(number)) for number in range(8)]
    assert sum(await asyncio.gather(*(outbox.update(one, expected=PostState.PENDING) for one in settled))) == 1


async def test_posts_are_listed_by_state_platform_and_destination(outbox: SqlArchive) -> None:
    for batch in ("one", "two", "three"):
        await outbox.enqueue(message(batch))
    await outbox.enqueue(message("four", to=SLACK))
    assert [post.batch for post in await outbox.posts_of(NEWS, limit=2)] == ["three", "two"]
    assert await outbox.posts_of(replace(NEWS, workspace="other"), limit=2) == []
    assert [post.batch for post in await outbox.posts_in(PostState.PENDING, platform="slack")] == ["four"]
    assert len(await outbox.posts_in(PostState.PENDING)) == 4


async def test_what_a_message_tells_is_written_down_with_its_posts_or_not_at_all(outbox: SqlArchive) -> None:
    def told(until_seq: int) -> Told:
        return Told(cursor=NEWS.key, digest=make_digest(0, until_seq), text="news")

    assert await outbox.enqueue(message("one"), slot_key="slot", told=told(5))
    assert not await outbox.enqueue(message("two"), slot_key="slot", told=told(9))
    assert await outbox.digest_cursor(NEWS.key) == 5
