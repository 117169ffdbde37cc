"""The bot itself: watches, summarizes and tells until it is asked to stop, then drains and closes."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.app.building import (
    SystemClock,
    build_pipeline,
    digest_size,
    ensure_written,
    open_archive,
    open_reader,
    open_writer,
    pulse_file,
)
from bot.app.chat import MAX_CHANNEL_CHARS, ChatServices, build_platforms, visible_collections
from bot.deliveries.delivering import Deliverer
from bot.jobs.announcing import Announcer
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.pulse import keep_pulse
from bot.jobs.rounds import Rounds, Timetable
from bot.jobs.watching import watch_folder
from bot.model import Destination
from bot.platforms.terminal.commands import TERMINAL, deliver_digest
from bot.platforms.terminal.progress import show_progress
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.pipeline import Pipeline
    from bot.storage.archive import SqlArchive

DRAIN_S = 20.0
"""Seconds that work under way gets after SIGTERM; container engines kill soon after."""


async def run_bot(settings: Settings) -> int:
    """Run until SIGTERM or Ctrl-C: watch the folder, summarize, serve and post; return the exit code."""
    stop = _stop_on_signals()
    async with (
        open_reader(settings) as reader,
        open_archive(settings) as archive,
        open_writer(settings, archive) as writer,
        AsyncExitStack() as closing,
    ):
        pipeline = build_pipeline(settings, archive, reader)
        write_missing = ensure_written(writer, archive, settings)
        services = ChatServices(settings=settings, archive=archive, ensure_written=write_missing)
        platforms = build_platforms(settings, services)
        for platform in platforms.values():
            closing.push_async_callback(platform.close)
        publishers = {name: platform.publisher for name, platform in platforms.items()}

        async def notify_admin(destination: Destination, sentence: str) -> None:
            await platforms[destination.platform].notify_admin(destination, sentence)

        deliverer = Deliverer(archive, publishers, SystemClock(), notify_admin=notify_admin)
        announcer = Announcer(
            archive=archive,
            publishers=publishers,
            clock=SystemClock(),
            max_chars=MAX_CHANNEL_CHARS,
            visible=lambda place: visible_collections(settings, f"{place.platform}:{place.workspace}"),
            ensure_written=write_missing,
        )
        await deliverer.recover()
        heartbeat = _build_heartbeat(settings, archive, pipeline, announcer, deliverer)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_pulse(pulse_file(settings), stop))
            tasks.create_task(watch_folder(settings.seeds_dir, heartbeat.hurry, stop))
            for platform in platforms.values():
                tasks.create_task(platform.run(stop))
            beating = tasks.create_task(heartbeat.run(stop))
            await stop.wait()
            pipeline.stop()
            await _drain(beating)
            await deliverer.drain(timeout_s=DRAIN_S)
    return 0


def _build_heartbeat(
    settings: Settings, archive: SqlArchive, pipeline: Pipeline, announcer: Announcer, deliverer: Deliverer
) -> Heartbeat:
    loop = asyncio.get_running_loop()
    digest = settings.digest
    rounds = Rounds(
        pipeline=pipeline,
        archive=archive,
        clock=SystemClock(),
        timetable=Timetable(
            destination=TERMINAL, times=digest.at, zone=ZoneInfo(digest.zone), size=digest_size(settings)
        ),
        tell=lambda told: deliver_digest(archive, told),
        ensure_written=announcer.ensure_written,
        announcer=announcer,
        deliverer=deliverer,
        come_back=lambda: loop.call_later(settings.reading.settle_s, heartbeat.hurry),
        progress=show_progress,
    )
    heartbeat = Heartbeat(rounds, interval_s=settings.reading.scan_interval_s)
    return heartbeat


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Also as PID 1, where the system's default is to ignore both.
        loop.add_signal_handler(number, stop.set)
    return stop


async def _drain(task: asyncio.Task[None]) -> None:
    _, unfinished = await asyncio.wait({task}, timeout=DRAIN_S)
    for late in unfinished:
        late.cancel()
