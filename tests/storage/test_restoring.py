"""A restored backup does not know what was posted since: it looks before it posts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.deliveries.outbox import posts_of_message
from bot.model import Destination, PostState, Schedule
from bot.storage.archive import open_archive

pytestmark = pytest.mark.fault("backups and restores")

NEWS = Destination(platform="discord", workspace="guild", channel="news")


class MorningClock:
    """Always tells the same time."""

    def __init__(self, hour: int) -> None:
        self._hour = hour

    def now(self) -> datetime:
        """Return this hour of a day in May 2026."""
        return datetime(2026, 5, 4, self._hour, tzinfo=UTC)


async def test_what_was_on_its_way_when_the_backup_was_made_is_looked_for_first(tmp_path: Path) -> None:
    clock = MorningClock(8)
    async with open_archive(tmp_path / "archive.db", clock=clock) as archive:
        first, second, third = posts_of_message(["a", "b", "c"], NEWS, batch="1", clock=clock)
        await archive.enqueue([first, second, third])
        [claimed] = await archive.claim("discord", clock.now(), limit=1)
        await archive.update(replace(claimed, state=PostState.SENT), expected=PostState.SENDING)
        await archive.claim("discord", clock.now(), limit=1)
        await archive.back_up(tmp_path / "backup.db")
    async with open_archive(tmp_path / "archive.db", clock=clock) as archive:
        assert [post.id for post in await archive.posts_in(PostState.SENDING)] == [second.id]
    async with open_archive(tmp_path / "backup.db", clock=MorningClock(10)) as restored:
        doubtful = await restored.posts_in(PostState.UNKNOWN)
        assert [post.id for post in doubtful] == [second.id, third.id]
        assert {post.first_at for post in doubtful} == {clock.now()}
        assert await restored.claim("discord", MorningClock(10).now(), limit=5) == []


async def test_slots_up_to_the_restoring_are_passed_over(tmp_path: Path) -> None:
    schedule = Schedule(id="s1", destination=NEWS, times=(time(9),), weekdays=(0,), zone="UTC")
    async with open_archive(tmp_path / "archive.db", clock=MorningClock(8)) as archive:
        await archive.save_schedule(schedule)
        await archive.back_up(tmp_path / "backup.db")
    async with open_archive(tmp_path / "backup.db", clock=MorningClock(10)) as restored:
        assert await restored.slot_told("s1") == MorningClock(10).now()


async def test_a_backup_is_another_generation_and_restored_once(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.back_up(tmp_path / "backup.db")
        generation = (await archive.archive_facts()).generation
    async with open_archive(tmp_path / "backup.db") as restored:
        assert (await restored.archive_facts()).generation != generation
        posts = posts_of_message(["a"], NEWS, batch="1", clock=MorningClock(8))
        await restored.enqueue(posts)
    async with open_archive(tmp_path / "backup.db") as again:
        assert await again.posts_in(PostState.PENDING) == posts


async def test_reading_a_backup_changes_nothing_in_it(tmp_path: Path) -> None:
    async with open_archive(tmp_path / "archive.db") as archive:
        await archive.enqueue(posts_of_message(["a"], NEWS, batch="1", clock=MorningClock(8)))
        await archive.back_up(tmp_path / "backup.db")
    async with open_archive(tmp_path / "backup.db", read_only=True) as backup:
        assert len(await backup.posts_in(PostState.PENDING)) == 1
