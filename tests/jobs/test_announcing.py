"""A schedule's slot becomes posts in the outbox once, whatever dies when."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.deliveries.slots import slot_key, slot_of
from bot.jobs.announcing import Announcer
from bot.messages.rendering import render_plain
from bot.model import (
    Article,
    Bullet,
    Destination,
    FileRecord,
    FileState,
    Message,
    Platform,
    Post,
    PostState,
    Schedule,
    Sentence,
    Summary,
)
from bot.ports import Absent, FindOutcome, Posted, PostOutcome
from bot.storage.archive import SqlArchive, open_archive

HARBOUR = Destination(platform="discord", workspace="1", channel="10")
MADE_AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
FIRST_SLOT = datetime(2026, 5, 2, 8, 0, tzinfo=UTC)
SCHEDULE = Schedule(
    id="morning", destination=HARBOUR, times=(time(8),), weekdays=(), zone="UTC", created_at=MADE_AT
)  # fmt: skip


class SetClock:
    """A clock that stands where a test put it."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time


class PlainPublisher:
    """Renders messages as plain text; the announcer never posts."""

    platform: Platform = "discord"

    def render(self, message: Message, *, marker: str) -> list[str]:
        return [json.dumps({"content": f"{render_plain(message)}\n{marker}"})]

    async def post(self, post: Post) -> PostOutcome:
        return Posted(message_id=post.id)

    async def find(self, post: Post) -> FindOutcome:
        return Absent()

    async def edit(self, post: Post, payload: str) -> PostOutcome:
        return Posted(message_id=post.id)


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncIterator[SqlArchive]:
    async with open_archive(tmp_path / "news.db") as opened:
        await opened.save_schedule(SCHEDULE)
        yield opened


@pytest.fixture
def clock() -> SetClock:
    return SetClock(FIRST_SLOT + timedelta(seconds=20))


@pytest.fixture
def announcer(archive: SqlArchive, clock: SetClock) -> Announcer:
    return Announcer(
        archive=archive,
        publishers={"discord": PlainPublisher()},
        clock=clock,
        max_chars=6000,
        visible=lambda destination: None,
    )


async def store(archive: SqlArchive, town: str) -> None:
    text = f"The mill in {town} burned down."
    sentence = Sentence(index=0, text=text, start=0, end=len(text), paragraph=0)
    article = Article(
        id=town, version=town, path=f"{town}.txt", title=f"Fire in {town}", body=text, sentences=(sentence,)
    )
    bullet = Bullet(text=text, sentences=(0,), quote=text)
    summary = Summary(article_id=town, version=town, headline=f"Fire in {town}", bullets=(bullet,), writer="extractive")
    record = FileRecord(
        path=f"{town}.txt".encode(), signature=(0, 0, 0, 0, 0), state=FileState.READ, article_ids=(town,)
    )
    await archive.save_articles([record], [article], [summary])


async def pending(archive: SqlArchive) -> list[str]:
    return [json.loads(post.payload)["content"] for post in await archive.posts_in(PostState.PENDING)]


async def test_a_slot_that_came_is_enqueued_once(archive: SqlArchive, announcer: Announcer) -> None:
    await store(archive, "Harl")
    assert await announcer.announce_due() == 1
    assert await announcer.announce_due() == 0
    (text,) = await pending(archive)
    assert "Fire in Harl" in text


async def test_nothing_is_enqueued_before_the_slot(archive: SqlArchive, announcer: Announcer, clock: SetClock) -> None:
    await store(archive, "Harl")
    clock.time = FIRST_SLOT - timedelta(seconds=1)
    assert await announcer.announce_due() == 0


async def test_the_next_digest_tells_only_what_came_since(
    archive: SqlArchive, announcer: Announcer, clock: SetClock
) -> None:
    await store(archive, "Harl")
    await announcer.announce_due()
    await store(archive, "Oxmouth")
    clock.time += timedelta(days=1)
    await announcer.announce_due()
    _, second = await pending(archive)
    assert "Fire in Oxmouth" in second
    assert "Harl" not in second


async def test_after_a_crash_between_the_outbox_and_the_slots_mark_nothing_is_told_twice(
    archive: SqlArchive, announcer: Announcer
) -> None:
    await store(archive, "Harl")
    slot = slot_of(FIRST_SLOT.date(), time(8), FIRST_SLOT.tzinfo, schedule_id=SCHEDULE.id)  # type: ignore[arg-type]
    await announcer._announce_slot(SCHEDULE, slot, announcer.clock.now())
    assert await archive.slot_told(SCHEDULE.id) is None
    assert slot_key(SCHEDULE, slot)
    await store(archive, "Oxmouth")
    assert await announcer.announce_due() == 0
    assert len(await pending(archive)) == 1


async def test_a_late_digest_says_so(archive: SqlArchive, announcer: Announcer, clock: SetClock) -> None:
    await store(archive, "Harl")
    clock.time = FIRST_SLOT + timedelta(hours=3)
    await announcer.announce_due()
    (text,) = await pending(archive)
    assert "was due on Sat 2 May, 08:00" in text


@pytest.mark.parametrize(("says_so", "posts"), [(True, 1), (False, 0)])
async def test_a_quiet_day_is_told_or_not_as_the_schedule_says(
    archive: SqlArchive, announcer: Announcer, says_so: bool, posts: int
) -> None:
    await archive.save_schedule(replace(SCHEDULE, says_quiet_days=says_so))
    assert await announcer.announce_due() == posts
    assert len(await pending(archive)) == posts


async def test_a_schedule_of_a_platform_without_token_waits(archive: SqlArchive, announcer: Announcer) -> None:
    elsewhere = Destination(platform="slack", workspace="T1", channel="C1")
    await archive.save_schedule(replace(SCHEDULE, id="other", destination=elsewhere))
    await store(archive, "Harl")
    assert await announcer.announce_due() == 1
    assert await archive.slot_told("other") is None


async def test_a_schedule_that_fails_holds_up_no_other(archive: SqlArchive, announcer: Announcer) -> None:
    broken = replace(SCHEDULE, id="broken", zone="Nowhere/Land")
    await archive.save_schedule(broken)
    await store(archive, "Harl")
    assert await announcer.announce_due() == 1
