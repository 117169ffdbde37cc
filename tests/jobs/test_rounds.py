"""A round of the bot: the terminal is told by schedules like any channel, and a clock that jumps loses nothing."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.articles.sandbox import Sandbox
from bot.commands.digest import cursor_of
from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import Editor
from bot.digests.telling import digest_message
from bot.jobs.announcing import Announcer
from bot.jobs.heartbeat import MAX_INTERVAL_S
from bot.jobs.reading import FolderReading
from bot.jobs.rounds import Rounds
from bot.jobs.serving import KEEP_POSTS_DAYS, ChannelServing, Tidying
from bot.jobs.telling import TerminalTelling
from bot.messages.rendering import render_plain
from bot.model import Coverage, Destination, Digest, PostState, Schedule
from bot.pipeline import Limits, Pipeline
from bot.storage.archive import SqlArchive, open_archive
from tests.jobs.test_announcing import PlainPublisher

TERMINAL = Destination(platform="terminal", workspace="local", channel="terminal")
NEWS = Destination(platform="discord", workspace="1", channel="10")
DAILY = Schedule(id="settings", destination=TERMINAL, times=(time(8),), weekdays=(), zone="UTC")
START = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
JUMPS = 20
ARTICLES = {
    "Harl": "Fire in Harl\n\nThe mill in Harl burned down on Monday night.\n",
    "Oxmouth": "Oxmouth elects a mayor\n\nAda Quill from the harbour won 4,211 votes in Oxmouth.\n",
}


class SetClock:
    """A clock that stands where a test put it."""

    time = START

    def now(self) -> datetime:
        return self.time


class House:
    """The whole bot without its platforms' connections."""

    def __init__(self, folder: Path, archive: SqlArchive, reader: Sandbox, clock: SetClock) -> None:
        self.folder, self.archive, self.clock = folder, archive, clock
        self.printed: list[str] = []
        publishers = {"discord": PlainPublisher()}
        reading = FolderReading(
            Pipeline(
                folder=folder,
                archive=archive,
                reader=reader,
                clock=clock,
                limits=Limits(max_bytes=100_000, settle_s=0),
                bullets=3,
            ),
            settle_s=0,
            come_back=lambda seconds: None,
        )
        telling = TerminalTelling(
            archive=archive, clock=clock, schedule=DAILY, max_chars=6_000, tell=self._tell, is_still=reading.is_still
        )
        serving = ChannelServing(
            announcer=Announcer(
                archive=archive, publishers=publishers, clock=clock, max_chars=6_000, visible=lambda place: None
            ),
            deliverer=Deliverer(archive, publishers, clock),
            editor=Editor(archive, publishers, clock),
        )
        self.round = Rounds(reading, telling, serving, Tidying(archive, clock))

    async def _tell(self, digest: Digest, cursor: str) -> None:
        text = render_plain(digest_message(digest))
        self.printed.append(text)
        await self.archive.save_digest(cursor, digest, text)

    def write(self, name: str, text: str = "") -> None:
        """Put an article into the folder."""
        told = text or ARTICLES[name]
        (self.folder / f"{name}.txt").write_text(told)

    async def at(self, moment: datetime) -> None:
        """Do two rounds at this moment: a file is read when the second look finds it as the first did."""
        self.clock.time = moment
        for _ in range(2):
            await self.round()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    folder, clock = tmp_path / "seeds", SetClock()
    folder.mkdir()
    async with open_archive(tmp_path / "news.db", clock=clock) as archive, Sandbox() as reader:
        yield House(folder, archive, reader, clock)


async def test_the_first_digest_comes_at_once_and_the_next_at_the_schedules_time(house: House) -> None:
    house.write("Harl")
    await house.at(START)
    house.write("Oxmouth")
    await house.at(START + timedelta(minutes=59))
    assert len(house.printed) == 1
    await house.at(START + timedelta(hours=1))
    await house.at(START + timedelta(hours=1, seconds=15))
    assert len(house.printed) == 2
    assert "Oxmouth" in house.printed[1]
    assert "Harl" not in house.printed[1]


async def test_a_schedule_of_the_terminal_takes_the_place_of_the_settings_one(house: House) -> None:
    house.write("Harl")
    await house.at(START)
    own = replace(DAILY, id="own", times=(time(12),), created_at=START)
    await house.archive.save_schedule(own)
    house.write("Oxmouth")
    await house.at(START + timedelta(hours=2))
    assert len(house.printed) == 1
    await house.at(START + timedelta(hours=5))
    assert len(house.printed) == 2
    assert "Oxmouth" in house.printed[1]


async def test_a_schedule_of_the_terminal_keeps_to_its_topics_and_silence(house: House) -> None:
    house.write("Harl")
    await house.at(START)
    ferries = replace(DAILY, id="own", topics=("ferry",), says_quiet_days=False, created_at=START)
    await house.archive.save_schedule(ferries)
    house.write("Oxmouth")
    await house.at(START + timedelta(hours=1))
    assert len(house.printed) == 1
    house.write("ferry", "A ferry for Oldport\n\nThe ferry of Oldport sails again from Sunday.\n")
    await house.at(START + timedelta(days=1))
    await house.at(START + timedelta(days=1, hours=1))
    assert "Oldport" in house.printed[1]
    assert await house.archive.last_digest_at(cursor_of(ferries)) == house.clock.time


async def test_what_was_printed_by_hand_after_the_slot_is_not_told_again(house: House) -> None:
    house.write("Harl")
    await house.at(START)
    await house.at(START + timedelta(days=1, hours=1))
    assert len(house.printed) == 2
    house.clock.time = START + timedelta(days=2, hours=2)
    digest = Digest(
        made_at=house.clock.time,
        since_seq=0,
        until_seq=1,
        items=(),
        held_back=(),
        coverage=Coverage(read=0, quarantined=0, merged=0, shown=0, extractive=0, llm=0),
    )
    await house.archive.save_digest(TERMINAL.key, digest, "")
    await house.at(START + timedelta(days=2, hours=3))
    assert len(house.printed) == 2


async def test_a_missing_folder_holds_up_no_channel(house: House) -> None:
    house.write("Harl")
    await house.archive.save_schedule(replace(DAILY, id="news", destination=NEWS, created_at=START))
    await house.at(START)
    (house.folder / "Harl.txt").unlink()
    house.folder.rmdir()
    await house.at(START + timedelta(hours=1, seconds=5))
    [post] = await house.archive.posts_in(PostState.SENT)
    assert "Harl" in post.payload


@pytest.mark.parametrize("seed", range(3))
async def test_after_each_jump_of_the_clock_what_is_due_is_told_within_two_beats_and_nothing_twice(
    house: House, seed: int
) -> None:
    picker = random.Random(seed)
    house.write("Harl")
    await house.archive.save_schedule(replace(DAILY, id="news", destination=NEWS, created_at=START))
    moment = START
    await house.at(moment)
    for _ in range(JUMPS):
        moment += timedelta(seconds=picker.choice([-6 * 3600, -3600, 3600, 6 * 3600, 30 * 3600]))
        for _ in range(2):
            moment += timedelta(seconds=MAX_INTERVAL_S)
            await house.at(moment)
        told = await house.archive.slot_told("news", until=moment)
        today = moment.replace(hour=8, minute=0, second=0, microsecond=0)
        due = today if moment >= today else today - timedelta(days=1)
        assert due <= START or told == due
    posts = await house.archive.posts_of(NEWS, limit=99)
    assert len({post.batch for post in posts}) == len(posts)
    assert all(post.state is PostState.SENT for post in posts)


async def test_a_clock_that_was_years_ahead_for_a_while_silences_nobody(house: House) -> None:
    house.write("Harl")
    await house.archive.save_schedule(replace(DAILY, id="news", destination=NEWS, created_at=START))
    await house.at(START)
    await house.at(START + timedelta(days=3_650, hours=2))
    ahead = len(await house.archive.posts_of(NEWS, limit=99))
    await house.at(START + timedelta(minutes=5))
    await house.at(START + timedelta(hours=1, seconds=5))
    assert len(await house.archive.posts_of(NEWS, limit=99)) == ahead + 1
    assert len(house.printed) >= 2


async def test_old_messages_are_forgotten_once_a_day_and_their_slots_stay_told(house: House) -> None:
    house.write("Harl")
    await house.archive.save_schedule(replace(DAILY, id="news", destination=NEWS, created_at=START))
    await house.at(START + timedelta(hours=1))
    [first] = await house.archive.posts_of(NEWS, limit=99)
    await house.at(START + timedelta(days=KEEP_POSTS_DAYS + 1, hours=1))
    assert await house.archive.post(first.id) is None
    await house.at(START + timedelta(hours=1, seconds=30))
    assert await house.archive.post(first.id) is None, "told again after the clock was set back"
