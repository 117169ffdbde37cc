"""200 files are edited and 200 deleted after their digests were posted, through the whole loop and both real clients.

Every message that told of an edited file gets its note, no file is told as new a second time, and a deleted file takes
nothing away.
"""

from __future__ import annotations

import random
import re
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", message="'audioop' is deprecated", category=DeprecationWarning)
    import discord

from bot.articles.sandbox import Sandbox
from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import Editor
from bot.deliveries.pacing import Pace
from bot.jobs.announcing import Announcer
from bot.model import Destination, Platform, Schedule
from bot.pipeline import Limits, Pipeline
from bot.platforms.discord.publishing import DiscordPublisher
from bot.platforms.discord.rest import Rest
from bot.platforms.slack.publishing import SlackPublisher
from bot.ports import EditState, Publisher
from bot.storage.archive import SqlArchive, open_archive
from tests.platforms.discord import loopback as discord_loopback
from tests.platforms.discord.loopback import Fault, LoopbackDiscord, limited, texts_in
from tests.platforms.slack import slack_loopback
from tests.platforms.slack.slack_loopback import SlackLoopback, drop, refuse

pytestmark = pytest.mark.fault("files edited and deleted after posting")

FILES = 200
A_DIGEST = 25
"""Files of one digest: the most that a schedule shows with bullets."""

SYLLABLES = ("ba", "do", "fi", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vo", "ki", "wo", "zy")
DISCORD = Destination(platform="discord", workspace=discord_loopback.GUILD, channel=discord_loopback.CHANNEL)
SLACK = Destination(platform="slack", workspace=slack_loopback.TEAM, channel=slack_loopback.CHANNEL)


class StepClock:
    """The time of the machine, plus what the test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Loop:
    """Everything between the folder and the channels."""

    folder: Path
    clock: StepClock
    archive: SqlArchive
    pipeline: Pipeline
    announcer: Announcer
    deliverer: Deliverer
    editor: Editor
    on_discord: LoopbackDiscord
    on_slack: SlackLoopback

    async def turn(self) -> None:
        """Do what a round does, until nothing is left to do."""
        await self.pipeline.ingest()
        await self.announcer.announce_due()
        for _ in range(40):
            posted = await self.deliverer.deliver_due()
            compared = await self.editor.compare_all()
            edited = await self.editor.edit_due()
            if not (posted.sent or posted.waiting or posted.under_way or compared or edited.made or edited.waiting):
                break
            self.clock.ahead += timedelta(seconds=20)

    async def next_day(self) -> None:
        """Let the next slot come."""
        self.clock.ahead += timedelta(days=1)
        await self.turn()

    def messages(self) -> dict[Platform, list[str]]:
        """Return the texts that stand in both channels."""
        return {
            "discord": [texts_in(message) for message in self.on_discord.messages[DISCORD.channel]],
            "slack": [" ".join(words_in(message["blocks"])) for message in self.on_slack.posts()],
        }


def words_in(value: Any) -> list[str]:
    """Return every text of some blocks."""
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for child in value.values() for text in words_in(child)]
    return [text for child in value for text in words_in(child)] if isinstance(value, list) else []


def word(picker: random.Random) -> str:
    return "".join(picker.choices(SYLLABLES, k=3))


def text_of(number: int, *, count: int) -> str:
    """Return an article of words of its own; `count` is the number that an edit changes."""
    picker = random.Random(number)
    town = f"{word(picker).title()}{word(picker)}"
    first, *rest = ([word(picker) for _ in range(6)] for _ in range(2))
    lead = f"The {' '.join(first[:3])} of {town} counted {count} {first[3]} on the {first[4]}."
    others = [f"A {' '.join(words[:3])} was {words[3]} near the {words[4]} of {town}." for words in rest]
    return "\n\n".join((f"{town} counts its {first[3]}", lead, *others)) + "\n"


@pytest.fixture
async def loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Loop]:
    folder, clock = tmp_path / "seeds", StepClock()
    folder.mkdir()
    on_discord, on_slack = LoopbackDiscord(), SlackLoopback(schemas=None)
    await on_discord.start()
    monkeypatch.setattr(discord.http.Route, "BASE", on_discord.api_base)
    runner = web.AppRunner(on_slack.app(), shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    rest = Rest(discord_loopback.TOKEN, clock)
    publisher = DiscordPublisher(rest, opens_threads=False)
    publishers: dict[Platform, Publisher] = {
        "discord": publisher,
        "slack": SlackPublisher(slack_loopback.BOT_TOKEN, base_url=address, pace=Pace(per_s=1_000, burst=1_000)),
    }
    async with open_archive(tmp_path / "news.db", clock=clock) as archive, Sandbox() as reader:
        slot = (clock.now() - timedelta(minutes=2)).time().replace(second=0, microsecond=0)
        for destination in (DISCORD, SLACK):
            await archive.save_schedule(
                Schedule(
                    id=f"daily-{destination.platform}", destination=destination, times=(slot,), weekdays=(),
                    zone="UTC", max_articles=A_DIGEST, created_at=clock.now() - timedelta(days=1),
                )
            )  # fmt: skip
        yield Loop(
            folder=folder,
            clock=clock,
            archive=archive,
            pipeline=Pipeline(
                folder=folder, archive=archive, reader=reader, clock=clock,
                limits=Limits(max_bytes=1_000_000, settle_s=0), bullets=3,
            ),
            announcer=Announcer(
                archive=archive, publishers=publishers, clock=clock, max_chars=50_000, visible=lambda place: None
            ),
            deliverer=Deliverer(archive, publishers, clock),
            editor=Editor(archive, publishers, clock),
            on_discord=on_discord,
            on_slack=on_slack,
        )  # fmt: skip
    await publisher.close()
    await rest.close()
    await on_discord.stop()
    await runner.cleanup()
    assert on_discord.problems == []
    assert on_slack.problems == []


async def test_edited_files_are_noted_and_deleted_ones_take_nothing_away(loop: Loop) -> None:
    for start in range(0, FILES, A_DIGEST):
        for number in range(start, start + A_DIGEST):
            (loop.folder / f"{number}.txt").write_text(text_of(number, count=1_000 + number))
        await loop.next_day()
    told = loop.messages()
    shown = {
        platform: {number for number in range(FILES) if any(f"counted {1_000 + number} " in text for text in texts)}
        for platform, texts in told.items()
    }  # fmt: skip
    assert {platform: len(numbers) for platform, numbers in shown.items()} == {"discord": FILES, "slack": FILES}

    for number in range(FILES):
        (loop.folder / f"{number}.txt").write_text(text_of(number, count=5_000 + number))
    await loop.turn()
    after = loop.messages()
    for platform, texts in after.items():
        assert len(texts) == len(told[platform])
        notes = [
            match
            for text in texts
            for match in re.findall(r"“(?:counted )?(\d+) \w+” is now “(?:counted )?(\d+)", text)
        ]
        assert sorted(notes) == sorted((str(1_000 + number), str(5_000 + number)) for number in shown[platform])
        for before, now in zip(told[platform], texts, strict=True):
            assert set(before.split("\n")) <= set(now.split("\n")) or platform == "slack"
    assert await loop.archive.edits_in(EditState.PENDING, platform="discord") == []

    # A later digest may tell of it as an update, never as if it were new.
    await loop.next_day()
    for platform, texts in loop.messages().items():
        later = " ".join(texts[len(after[platform]) :])
        headings = re.findall(r"\d+\. (Update: )?\w+ counts its", later)
        assert headings
        assert all(headings)

    for number in range(FILES):
        (loop.folder / f"{number}.txt").unlink()
    before_deletes = loop.messages()
    await loop.turn()
    assert loop.messages() == before_deletes
    await loop.next_day()
    for platform, texts in loop.messages().items():
        assert texts[: len(before_deletes[platform])] == before_deletes[platform]


async def tell_and_edit(loop: Loop) -> None:
    """Post a digest of one article to both channels, then edit its file and read it again."""
    file = loop.folder / "1.txt"
    file.write_text(text_of(1, count=1_001))
    await loop.next_day()
    file.write_text(text_of(1, count=5_001))
    await loop.pipeline.ingest()


PATCHED = rf"/channels/{DISCORD.channel}/messages/\d+"
ON_DISCORD = {
    "limited": limited("PATCH", PATCHED, retry_after_s=2),
    "server error": Fault(method="PATCH", path=PATCHED, status=502),
    "lost before it was taken": Fault(method="PATCH", path=PATCHED),
    "lost after it was taken": Fault(method="PATCH", path=PATCHED, after=True),
}
ON_SLACK = {
    "limited": refuse("ratelimited", status=429, headers={"Retry-After": "3"}),
    "server error": refuse("internal_error"),
    "lost before it was taken": drop(accept=False),
    "lost after it was taken": drop(accept=True),
}


@pytest.mark.parametrize("fault", ON_DISCORD)
async def test_an_edit_that_fails_on_the_way_is_there_in_the_end(loop: Loop, fault: str) -> None:
    await tell_and_edit(loop)
    loop.on_discord.faults.append(ON_DISCORD[fault])
    loop.on_slack.fail_next("chat.update", ON_SLACK[fault])
    await loop.turn()
    for texts in loop.messages().values():
        assert [text.count("is now") for text in texts] == [1]
    assert len(loop.on_discord.requests_to("PATCH", PATCHED)) == 2
    assert len(loop.on_slack.calls_of("chat.update")) == 2


async def test_an_edit_of_a_deleted_message_is_given_up_on_both_platforms(loop: Loop) -> None:
    await tell_and_edit(loop)
    loop.on_discord.messages[DISCORD.channel].clear()
    loop.on_slack.channels[SLACK.channel].clear()
    for _ in range(3):
        await loop.turn()
    for platform in ("discord", "slack"):
        [edit] = await loop.archive.edits_in(EditState.GIVEN_UP, platform=platform)  # type: ignore[arg-type]
        assert edit.reason == "the message was deleted there"
    assert loop.messages() == {"discord": [], "slack": []}
    assert len(loop.on_discord.requests_to("PATCH", PATCHED)) == 1
    assert len(loop.on_slack.calls_of("chat.update")) == 1
