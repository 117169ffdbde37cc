"""The Deliverer over a real outbox: order, isolation, refusals told once, limits honoured, draining."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.deliveries.delivering import LEASE_S, Deliverer
from bot.deliveries.outbox import posts_of_message
from bot.deliveries.reconciling import PATIENCE_S
from bot.errors import Unavailable
from bot.model import Destination, Message, Platform, Post, PostState
from bot.ports import (
    Absent,
    Ambiguous,
    FindOutcome,
    Limited,
    Posted,
    PostOutcome,
    Refused,
    Unreadable,
)
from bot.storage.archive import SqlArchive, open_archive

NEWS = Destination(platform="discord", workspace="guild", channel="news")
SPORT = replace(NEWS, channel="sport")
FAR = replace(NEWS, workspace="other", channel="far")
SLACK = Destination(platform="slack", workspace="team", channel="news")
NO_TOKEN = Refused(reason="token revoked", scope="workspace")


@dataclass
class HandClock:
    """Stands still until it is moved."""

    time: datetime = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the time."""
        return self.time

    def move(self, seconds: float) -> None:
        """Let this much time pass."""
        self.time += timedelta(seconds=seconds)


@dataclass
class ScriptedPublisher:
    """Answers what it is told to, and remembers who asked when."""

    platform: Platform
    clock: HandClock
    answer: Callable[[Post], PostOutcome] | None = None
    found: FindOutcome | None = None
    attempts: list[tuple[Post, datetime]] = field(default_factory=list)
    looks: int = 0
    hanging: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def render(self, message: Message, *, marker: str) -> list[str]:
        """Return a body."""
        return [marker]

    def simplify(self, payload: str) -> str:
        """Return the plain form."""
        return f"plain {payload.removeprefix('plain ')}"

    async def post(self, post: Post) -> PostOutcome:
        """Answer as scripted; hang until released if it is to hang there."""
        self.attempts.append((post, self.clock.now()))
        self.arrived.set()
        if self.hanging is not None and post.destination == NEWS:
            await self.hanging.wait()
        return Posted(message_id=f"m{len(self.attempts)}") if self.answer is None else self.answer(post)

    async def find(self, post: Post) -> FindOutcome:
        """Answer as scripted."""
        self.looks += 1
        return self.found or Absent()

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        """Take the edit."""
        return Posted(message_id="edited")


@dataclass
class Stand:
    """An archive, two platforms, a clock and the deliverer over them."""

    archive: SqlArchive
    clock: HandClock
    discord: ScriptedPublisher
    slack: ScriptedPublisher
    told: list[tuple[Destination, str]]
    deliverer: Deliverer

    async def enqueue(self, batch: str, to: Destination = NEWS, *, parts: int = 1) -> list[Post]:
        """Enqueue a message."""
        posts = posts_of_message([f"{batch}{part}" for part in range(1, parts + 1)], to, batch=batch, clock=self.clock)
        assert await self.archive.enqueue(posts)
        return posts

    async def states(self, to: Destination = NEWS) -> list[PostState]:
        """Return the states of a destination's posts, oldest first."""
        return [post.state for post in reversed(await self.archive.posts_of(to, limit=99))]

    async def deliver_after(self, seconds: float) -> None:
        """Let time pass, then make a pass."""
        self.clock.move(seconds)
        await self.deliverer.deliver_due()
        await asyncio.sleep(0)


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    async with open_archive("sqlite:///:memory:") as archive:
        clock = HandClock()
        told: list[tuple[Destination, str]] = []

        async def notify(destination: Destination, text: str) -> None:
            told.append((destination, text))

        discord, slack = ScriptedPublisher("discord", clock), ScriptedPublisher("slack", clock)
        publishers = {"discord": discord, "slack": slack}
        yield Stand(archive, clock, discord, slack, told, Deliverer(archive, publishers, clock, notify_admin=notify))


async def test_all_parts_go_out_in_order_in_one_pass(stand: Stand) -> None:
    posts = await stand.enqueue("a", parts=3) + await stand.enqueue("b", parts=2)
    report = await stand.deliverer.deliver_due()
    assert [post.id for post, _ in stand.discord.attempts] == [post.id for post in posts]
    assert (report.sent, report.under_way) == (5, 0)


async def test_a_pass_without_anything_due_does_nothing(stand: Stand) -> None:
    report = await stand.deliverer.deliver_due()
    assert (report.sent, stand.discord.attempts) == (0, [])


async def test_a_channel_that_hangs_holds_up_no_other(stand: Stand) -> None:
    stand.discord.hanging = asyncio.Event()
    for to in (NEWS, SPORT, SLACK):
        await stand.enqueue("a", to, parts=2)
    passing = asyncio.create_task(stand.deliverer.deliver_due())
    for _ in range(500):
        others = await stand.states(SPORT) + await stand.states(SLACK)
        if others == 4 * [PostState.SENT]:
            break
        await asyncio.sleep(0.01)
    assert others == 4 * [PostState.SENT]
    assert (await stand.states())[0] is PostState.SENDING
    stand.discord.hanging.set()
    assert (await passing).sent == 6


async def test_a_claim_that_another_process_found_left_behind_is_not_acted_upon(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = stand.archive.claim

    async def claim_and_sleep(platform: Platform, now: datetime, *, limit: int) -> list[Post]:
        posts = await claim(platform, now, limit=limit)
        if posts:
            stand.clock.move(LEASE_S)
            await Deliverer(stand.archive, {"slack": stand.slack}, stand.clock).recover()
        return posts

    monkeypatch.setattr(stand.archive, "claim", claim_and_sleep)
    await stand.enqueue("a", SLACK)
    await stand.deliverer.deliver_due()
    assert stand.slack.attempts == []
    assert await stand.states(SLACK) == [PostState.UNKNOWN]


async def test_a_claim_that_lay_for_long_is_renewed_and_posted_once(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = stand.archive.claim

    async def claim_and_sleep(platform: Platform, now: datetime, *, limit: int) -> list[Post]:
        posts = await claim(platform, now, limit=limit)
        stand.clock.move(LEASE_S if posts else 0)
        return posts

    monkeypatch.setattr(stand.archive, "claim", claim_and_sleep)
    await stand.enqueue("a", SLACK)
    await stand.deliverer.deliver_due()
    assert len(stand.slack.attempts) == 1
    assert await stand.states(SLACK) == [PostState.SENT]


async def test_recovering_leaves_the_posts_of_platforms_that_another_process_has(stand: Stand) -> None:
    await stand.enqueue("a")
    await stand.enqueue("a", SLACK)
    for platform in ("discord", "slack"):
        await stand.archive.claim(platform, stand.clock.now(), limit=9)
    await Deliverer(stand.archive, {"slack": stand.slack}, stand.clock).recover()
    assert (await stand.states(), await stand.states(SLACK)) == ([PostState.SENDING], [PostState.UNKNOWN])


async def test_a_publisher_that_fails_unforeseen_leaves_the_outcome_unknown(stand: Stand) -> None:
    def fail(post: Post) -> PostOutcome:
        raise ValueError("broken answer")

    stand.discord.answer = fail
    await stand.enqueue("a")
    await stand.enqueue("a", SLACK)
    await stand.deliverer.deliver_due()
    assert (await stand.states(), await stand.states(SLACK)) == ([PostState.UNKNOWN], [PostState.SENT])


async def test_a_hundred_limits_are_each_waited_out(stand: Stand) -> None:
    stand.discord.answer = lambda post: Limited(retry_after_s=5)
    await stand.enqueue("a")
    await stand.enqueue("b")
    for _ in range(300):
        await stand.deliver_after(2)
    moments = [moment for _, moment in stand.discord.attempts]
    assert len(moments) == 100
    assert min(late - early for early, late in pairwise(moments)) >= timedelta(seconds=5)
    assert {post.batch for post, _ in stand.discord.attempts} == {"a"}


async def test_an_unknown_post_on_discord_repeats_its_nonce_while_that_is_safe(stand: Stand) -> None:
    stand.discord.answer = lambda post: Ambiguous(reason="reset")
    await stand.enqueue("a")
    await stand.deliverer.deliver_due()
    stand.discord.answer = None
    await stand.deliver_after(10)
    assert [post.nonce for post, _ in stand.discord.attempts] == 2 * [stand.discord.attempts[0][0].nonce]
    assert (await stand.states(), stand.discord.looks) == ([PostState.SENT], 0)


async def test_an_unknown_post_on_slack_is_only_looked_for_until_its_absence_counts(stand: Stand) -> None:
    stand.slack.answer = lambda post: Ambiguous(reason="reset")
    await stand.enqueue("a", SLACK)
    await stand.deliverer.deliver_due()
    stand.slack.answer = None
    for _ in range(16):
        await stand.deliver_after(10)
        assert len(stand.slack.attempts) == 1
    assert stand.slack.looks > 3
    await stand.deliver_after(25)
    assert (await stand.states(SLACK), len(stand.slack.attempts)) == ([PostState.SENT], 2)


async def test_another_part_found_in_its_place_does_not_pass_for_the_post(stand: Stand) -> None:
    await stand.enqueue("a", SLACK, parts=2)
    answers = iter([Posted(message_id="first"), Ambiguous(reason="reset")])
    stand.slack.answer = lambda post: next(answers)
    await stand.deliverer.deliver_due()
    stand.slack.found = Posted(message_id="first")
    await stand.deliver_after(10)
    assert await stand.states(SLACK) == [PostState.SENT, PostState.UNKNOWN]


async def test_a_refused_format_goes_out_plain(stand: Stand) -> None:
    bad = Refused(reason="bad layout", scope="format")
    stand.discord.answer = lambda post: Posted(message_id="1") if post.payload.startswith("plain") else bad
    await stand.enqueue("a", parts=2)
    await stand.deliverer.deliver_due()
    assert [post.payload for post, _ in stand.discord.attempts] == ["a1", "plain a1", "a2", "plain a2"]
    assert (await stand.states(), stand.told) == ([PostState.SENT, PostState.SENT], [])


async def test_a_post_that_is_dead_is_told_once_and_the_rest_goes_on(stand: Stand) -> None:
    bad = Refused(reason="bad layout", scope="format")
    stand.discord.answer = lambda post: bad if post.part == 1 else Posted(message_id="1")
    await stand.enqueue("a", parts=2)
    await stand.deliver_after(0)
    await stand.deliver_after(3600)
    assert await stand.states() == [PostState.DEAD, PostState.SENT]
    assert len(stand.told) == 1
    assert "bad layout" in stand.told[0][1]


async def test_a_channel_that_refuses_is_told_once_and_gets_its_posts_when_it_takes_them_again(stand: Stand) -> None:
    stand.discord.answer = lambda post: Refused(reason="no permission", scope="channel")
    await stand.enqueue("a")
    await stand.enqueue("b")
    for _ in range(20):
        await stand.deliver_after(3600)
    assert len(stand.told) == 1
    assert "no permission" in stand.told[0][1]
    assert 3 < len(stand.discord.attempts) < 12
    stand.discord.answer = None
    await stand.deliver_after(6 * 3600)
    assert await stand.states() == [PostState.SENT, PostState.SENT]


async def test_a_workspace_that_refuses_is_stopped_told_once_and_no_other_is(stand: Stand) -> None:
    stand.discord.answer = lambda post: NO_TOKEN if post.destination.workspace == "guild" else Posted(message_id="1")
    await stand.enqueue("a")
    await stand.deliver_after(0)
    for to in (SPORT, NEWS, FAR):
        await stand.enqueue("b", to)
    for _ in range(5):
        await stand.deliver_after(60)
    assert [post.destination for post, _ in stand.discord.attempts] == [NEWS, FAR]
    assert len(stand.told) == 1
    stand.discord.answer = None
    await stand.deliver_after(24 * 3600)
    await stand.deliver_after(0)
    assert set(await stand.states() + await stand.states(SPORT)) == {PostState.SENT}
    assert len(stand.told) == 1


async def test_a_post_nobody_can_find_out_about_is_parked_and_told_once(stand: Stand) -> None:
    stand.slack.answer = lambda post: Ambiguous(reason="reset")
    stand.slack.found = Unreadable(reason="the history may not be read")
    await stand.enqueue("a", SLACK)
    for _ in range(int(PATIENCE_S / 60) + 10):
        await stand.deliver_after(60)
    assert await stand.states(SLACK) == [PostState.PARKED]
    assert len(stand.told) == 1
    assert "the history may not be read" in stand.told[0][1]


async def test_a_history_unreadable_for_a_moment_after_a_long_downtime_parks_nothing(stand: Stand) -> None:
    stand.slack.answer = lambda post: Ambiguous(reason="reset")
    await stand.enqueue("a", SLACK)
    await stand.deliver_after(0)
    stand.slack.found = Unreadable(reason="status 500")
    await stand.deliver_after(24 * 3600)
    assert await stand.states(SLACK) == [PostState.UNKNOWN]
    stand.slack.found = Posted(message_id="1")
    await stand.deliver_after(3600)
    assert (await stand.states(SLACK), stand.told) == ([PostState.SENT], [])


async def test_an_admin_who_can_not_be_told_holds_up_nothing(stand: Stand) -> None:
    async def fail(destination: Destination, text: str) -> None:
        raise RuntimeError("no such user")

    stand.discord.answer = lambda post: Refused(reason="no permission", scope="channel")
    deliverer = Deliverer(stand.archive, {"discord": stand.discord}, stand.clock, notify_admin=fail)
    await stand.enqueue("a")
    assert (await deliverer.deliver_due()).waiting == 1
    assert await deliverer.drain()


async def test_after_a_start_what_was_being_sent_is_looked_for(stand: Stand) -> None:
    [post] = await stand.enqueue("a", SLACK)
    await stand.archive.claim("slack", stand.clock.now(), limit=1)
    stand.clock.move(3600)
    await stand.deliverer.recover()
    stand.slack.found = Posted(message_id="42")
    await stand.deliverer.deliver_due()
    stored = await stand.archive.post(post.id)
    assert stored is not None
    assert (stored.state, stored.message_id, stand.slack.attempts) == (PostState.SENT, "42", [])


class FullDisk:
    """An outbox that can't write what became of an attempt."""

    def __init__(self, archive: SqlArchive) -> None:
        self._archive = archive
        self.is_full = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._archive, name)

    async def update(self, post: Post, *, expected: PostState) -> bool:
        """Fail while the disk is full."""
        if self.is_full:
            raise Unavailable("The disk is full.")
        return await self._archive.update(post, expected=expected)


async def test_a_disk_that_fills_after_a_post_was_taken_doubles_nothing(stand: Stand) -> None:
    disk = FullDisk(stand.archive)
    deliverer = Deliverer(disk, {"slack": stand.slack}, stand.clock)  # type: ignore[arg-type]
    await stand.enqueue("a", SLACK)
    await deliverer.deliver_due()
    assert await stand.states(SLACK) == [PostState.SENDING]
    disk.is_full = False
    stand.slack.found = Posted(message_id="1")
    stand.clock.move(LEASE_S + 1)
    await deliverer.deliver_due()
    assert (await stand.states(SLACK), len(stand.slack.attempts)) == ([PostState.SENT], 1)


async def test_draining_begins_nothing_and_lets_what_is_under_way_end(stand: Stand) -> None:
    stand.discord.hanging = asyncio.Event()
    await stand.enqueue("a", parts=2)
    passing = asyncio.create_task(stand.deliverer.deliver_due())
    await stand.discord.arrived.wait()
    assert not await stand.deliverer.drain(timeout_s=0.01)
    stand.discord.hanging.set()
    assert await stand.deliverer.drain(timeout_s=5)
    await passing
    assert await stand.states() == [PostState.SENT, PostState.PENDING]


async def test_passes_at_the_same_time_post_everything_once(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "archive.db") as archive:
        clock = HandClock()
        publisher = ScriptedPublisher("discord", clock)
        deliverers = [Deliverer(archive, {"discord": publisher}, clock) for _ in range(3)]
        for number in range(12):
            to = replace(NEWS, channel=f"c{number % 4}")
            posts = posts_of_message(["x", "y"], to, batch=str(number), clock=clock)
            await archive.enqueue(posts)
        await asyncio.gather(*(deliverer.deliver_due() for deliverer in deliverers * 2))
        ids = [post.id for post, _ in publisher.attempts]
        assert (len(ids), len(set(ids))) == (24, 24)
        assert len(await archive.posts_in(PostState.SENT)) == 24
