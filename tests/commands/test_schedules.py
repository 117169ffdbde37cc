"""Schedules: what is kept, what is refused, and what their digests hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.commands.context import CommandLimits
from bot.commands.digest import channel_digest_message, cursor_of, gather_scheduled_digest
from bot.commands.dispatch import dispatch, dispatch_text, press
from bot.model import Schedule
from bot.storage.archive import SqlArchive
from tests.commands.commands_parts import FixedClock, actions, fill, make_context, make_news, shown


async def add(archive: SqlArchive, text: str, *, channel: str = "channel-1") -> Schedule:
    """Add a schedule and return it as kept."""
    context = make_context(archive, channel=channel)
    reply = await dispatch_text(f"schedule add {text}", context)
    assert not reply.failed, shown(reply)
    return (await archive.schedules(context.caller.destination))[-1]


async def test_a_schedule_is_kept_as_it_was_asked_for(archive: SqlArchive) -> None:
    schedule = await add(
        archive,
        '08:00 18:30 weekdays zone:berlin topics:"harbour, ferry" collections:board size:5 quiet:silent catch_up:skip',
    )
    assert schedule.times == (time(8), time(18, 30))
    assert schedule.weekdays == (0, 1, 2, 3, 4)
    assert schedule.zone == "Europe/Berlin"
    assert schedule.topics == ("harbour", "ferry")
    assert schedule.collections == ("board",)
    assert (schedule.max_articles, schedule.says_quiet_days, schedule.catch_up) == (5, False, "skip")
    assert schedule.created_at == make_context(archive).clock.now()


async def test_without_a_zone_the_settings_decide(archive: SqlArchive) -> None:
    context = replace(make_context(archive), zone="Asia/Seoul")
    await dispatch_text("schedule add morning", context)
    (schedule,) = await archive.schedules()
    assert schedule.zone == "Asia/Seoul"
    assert "KST" in shown(await dispatch_text("schedule list", context))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "needs at"),
        ("25:00", "Times look like"),
        ("08:00 zone:Europe/Berln", "Did you mean Europe/Berlin"),
        ("08:00 size:0", "from 1 to 25"),
        ("08:00 size:many", "whole number"),
        ("08:00 quiet:loud", "one of say, silent"),
        ("08:00 catch_up:some", "one of latest, all, skip"),
        ("08:00 collections:moon", "no collection “moon”. There are: board"),
        ("08:00 topics:" + ",".join(f"t{n}" for n in range(21)), "at most 20 topics"),
        ("08:00 topics:" + "x" * 600, "at most 500"),
    ],
)
async def test_a_wrong_schedule_is_refused_and_not_kept(text: str, sentence: str, archive: SqlArchive) -> None:
    reply = await dispatch_text(f"schedule add {text}", make_context(archive))
    assert reply.failed
    assert sentence in shown(reply)
    assert await archive.schedules() == []


async def test_the_same_schedule_twice_is_refused(archive: SqlArchive) -> None:
    await add(archive, "08:00")
    reply = await dispatch_text("schedule add 8:00", make_context(archive))
    assert "has that schedule already" in shown(reply)


async def test_a_channel_has_so_many_schedules(archive: SqlArchive) -> None:
    context = make_context(archive, limits=CommandLimits(schedules_a_channel=3))
    replies = [await dispatch_text(f"schedule add {hour:02d}:00", context) for hour in range(4)]
    assert [reply.failed for reply in replies] == [False, False, False, True]
    assert len({schedule.id for schedule in await archive.schedules()}) == 3


async def test_ids_are_short_and_unique_over_all_channels(archive: SqlArchive) -> None:
    schedules = [await add(archive, "08:00", channel=f"channel-{number}") for number in range(30)]
    assert len({schedule.id for schedule in schedules}) == 30
    assert all(len(schedule.id) == 4 for schedule in schedules)


async def test_a_schedule_is_paused_resumed_and_removed_by_its_id(archive: SqlArchive) -> None:
    schedule, context = await add(archive, "08:00"), make_context(archive)
    for _ in range(2):
        assert "paused" in shown(await dispatch("schedule pause", {"id": schedule.id.upper()}, context))
    assert await archive.schedules() == [replace(schedule, paused=True)]
    assert "paused" in shown(await dispatch_text("schedule list", context))
    assert "No digest is due in this channel (1 paused)" in shown(await dispatch_text("status", context))
    assert "goes on" in shown(await dispatch("schedule resume", {"id": schedule.id}, context))
    assert await archive.schedules() == [schedule]
    assert "is removed" in shown(await dispatch("schedule remove", {"id": schedule.id}, context))
    assert await archive.schedules() == []
    assert (await dispatch("schedule remove", {"id": schedule.id}, context)).failed


async def test_a_preview_shows_five_times_through_a_change_of_the_clocks(archive: SqlArchive) -> None:
    clock = FixedClock(datetime(2026, 3, 27, 12, tzinfo=UTC))
    context = make_context(archive, clock=clock)
    await dispatch_text("schedule add 02:30 zone:Europe/Berlin", context)
    text = shown(await dispatch_text("schedule preview", context))
    times = [line for line in text.splitlines() if "2026, 0" in line and "News" not in line]
    assert [line.split(" [")[0] for line in times[:5]] == [
        "Sat 28 Mar 2026, 02:30 CET",
        "Sun 29 Mar 2026, 03:00 CEST",
        "Mon 30 Mar 2026, 02:30 CEST",
        "Tue 31 Mar 2026, 02:30 CEST",
        "Wed 1 Apr 2026, 02:30 CEST",
    ]


async def test_a_preview_has_a_sample_that_keeps_to_the_topics(archive: SqlArchive) -> None:
    await add(archive, "08:00 topics:strike")
    preview = await dispatch_text("schedule preview", make_context(archive))
    assert "Bakers on strike in Quell" in shown(preview)
    assert "Clinic" not in shown(preview)
    assert actions(preview) == {}


async def test_a_preview_of_what_nothing_is_about_says_so(archive: SqlArchive) -> None:
    await add(archive, "08:00 topics:zeppelins")
    text = shown(await dispatch_text("schedule preview", make_context(archive)))
    assert "Nothing I have read so far is about this" in text


async def test_a_preview_on_a_quiet_day_shows_older_news(archive: SqlArchive) -> None:
    schedule = await add(archive, "08:00")
    await _tell(archive, schedule)
    text = shown(await dispatch_text("schedule preview", make_context(archive)))
    assert "Nothing is new now" in text
    assert "Bakers on strike in Quell" in text


async def test_the_status_tells_of_digests_that_were_missed(archive: SqlArchive) -> None:
    schedule = await add(archive, "06:00")
    clock = make_context(archive).clock
    await archive.mark_slot(schedule.id, clock.now() - timedelta(hours=25), missed=True)
    await archive.mark_slot(schedule.id, clock.now() - timedelta(hours=1), missed=False)
    assert "Digests missed: Tue 3 Mar 2026, 06:00 UTC." in shown(await dispatch_text("status", make_context(archive)))
    elsewhere = make_context(archive, channel="channel-2")
    assert "Digests missed" not in shown(await dispatch_text("status", elsewhere))


async def test_a_scheduled_digest_is_dated_in_the_zone_of_its_schedule(archive: SqlArchive) -> None:
    assert "Wed 4 Mar 2026, 16:00 KST" in await _tell(archive, await add(archive, "16:00 zone:Seoul"))


async def test_two_schedules_with_topics_take_nothing_from_each_other(archive: SqlArchive) -> None:
    ferries, strikes = await add(archive, "08:00 topics:ferries"), await add(archive, "09:00 topics:strike")
    assert "Harbour tunnel" in await _tell(archive, ferries)
    assert "Bakers" in await _tell(archive, strikes)
    assert "Nothing new" in await _tell(archive, strikes)


async def test_a_new_schedule_begins_where_its_channel_is(archive: SqlArchive) -> None:
    await _tell(archive, await add(archive, "08:00"))
    late = await add(archive, "09:00 topics:ferries")
    assert "Nothing new" in await _tell(archive, late)
    await fill(archive, [make_news("more.txt", "Two more ferries were bought.", title="Ferries bought")])
    assert "Ferries bought" in await _tell(archive, late)


async def test_a_scheduled_digest_keeps_to_its_collections_on_every_page(archive: SqlArchive) -> None:
    schedule = await add(archive, "08:00 collections:board")
    found = await gather_scheduled_digest(archive, archive, schedule, clock=FixedClock(), max_chars=6_000)
    message = channel_digest_message(found)
    assert "Hollow Bank" in shown(message)
    assert "Bakers" not in shown(message)
    sources = await press(actions(message)["Sources"], make_context(archive))
    assert sources is not None
    assert "Board Letter" in shown(sources)
    assert "Quell Daily" not in shown(sources)


async def _tell(archive: SqlArchive, schedule: Schedule) -> str:
    found = await gather_scheduled_digest(archive, archive, schedule, clock=FixedClock(), max_chars=6_000)
    await archive.save_digest(cursor_of(schedule), found.digest, "told")
    return shown(channel_digest_message(found))
