"""The bot itself: watches, summarizes and tells until it is asked to stop, then drains and closes."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot.app.building import (
    SystemClock,
    build_pipeline,
    ensure_written,
    open_archive,
    open_reader,
    open_writer,
    pulse_file,
    terminal_schedule,
    write_stories,
)
from bot.app.chat import MAX_CHANNEL_CHARS, ChatServices, build_platforms, visible_collections
from bot.app.fetching import keep_fetching
from bot.app.metering import Instruments, new_metrics
from bot.app.web import build_web
from bot.deliveries.delivering import Deliverer
from bot.deliveries.editing import Editor
from bot.deliveries.refusals import Refusals
from bot.jobs.announcing import Announcer
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.metrics import MeteredReader, Metrics
from bot.jobs.pulse import keep_pulse
from bot.jobs.retaining import keep_retention
from bot.jobs.rounds import Rounds
from bot.jobs.watching import watch_folder
from bot.llm.breaker import Breaker
from bot.model import Destination
from bot.platforms.terminal.commands import deliver_digest
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
    metrics = new_metrics()
    breaker = Breaker(SystemClock()) if settings.llm.is_on else None
    async with (
        open_reader(settings) as reader,
        open_archive(settings) as archive,
        open_writer(settings, archive, breaker=breaker, meter=metrics) as writer,
        AsyncExitStack() as closing,
    ):
        instruments = Instruments(settings=settings, archive=archive, metrics=metrics, breaker=breaker)
        pipeline = build_pipeline(settings, archive, MeteredReader(reader, metrics))
        write_missing = ensure_written(writer, archive, settings)
        story_writer = write_stories(writer, settings)
        services = ChatServices(
            settings=settings,
            archive=archive,
            ensure_written=write_missing,
            write_stories=story_writer,
            meter=metrics,
        )
        platforms = dict(build_platforms(settings, services))
        page = build_web(settings, services, archive, metrics=instruments.exposition, ready=instruments.missing)
        if page is not None:
            platforms["web"] = page
        for platform in platforms.values():
            closing.push_async_callback(platform.close)
        publishers = {name: platform.publisher for name, platform in platforms.items()}

        async def notify_admin(destination: Destination, sentence: str) -> None:
            await platforms[destination.platform].notify_admin(destination, sentence)

        refusals = Refusals()
        deliverer = Deliverer(
            archive, publishers, SystemClock(), refusals=refusals, notify_admin=notify_admin, meter=metrics
        )
        editor = Editor(archive, publishers, SystemClock(), refusals=refusals, notify_admin=notify_admin)
        announcer = Announcer(
            archive=archive,
            publishers=publishers,
            clock=SystemClock(),
            max_chars=MAX_CHANNEL_CHARS,
            visible=lambda place: visible_collections(settings, f"{place.platform}:{place.workspace}"),
            ensure_written=write_missing,
            write_stories=story_writer,
        )
        await deliverer.recover()
        heartbeat = _build_heartbeat(settings, archive, pipeline, announcer, deliverer, editor, metrics)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(keep_pulse(pulse_file(settings), stop))
            tasks.create_task(watch_folder(settings.seeds_dir, heartbeat.hurry, stop))
            tasks.create_task(keep_fetching(settings, reader, heartbeat.hurry, stop))
            tasks.create_task(keep_retention(archive, SystemClock(), days=settings.retention.days, stop=stop))
            for platform in platforms.values():
                tasks.create_task(platform.run(stop))
            beating = tasks.create_task(heartbeat.run(stop))
            await stop.wait()
            pipeline.stop()
            await _drain(beating)
            await asyncio.gather(deliverer.drain(timeout_s=DRAIN_S), editor.drain(timeout_s=DRAIN_S))
    return 0


def _build_heartbeat(
    settings: Settings,
    archive: SqlArchive,
    pipeline: Pipeline,
    announcer: Announcer,
    deliverer: Deliverer,
    editor: Editor,
    metrics: Metrics,
) -> Heartbeat:
    loop = asyncio.get_running_loop()
    rounds = Rounds(
        pipeline=pipeline,
        archive=archive,
        clock=SystemClock(),
        terminal=terminal_schedule(settings),
        max_chars=settings.digest.max_chars,
        tell=lambda told, cursor: deliver_digest(archive, told, cursor),
        ensure_written=announcer.ensure_written,
        write_stories=announcer.write_stories,
        announcer=announcer,
        deliverer=deliverer,
        editor=editor,
        come_back=lambda: loop.call_later(settings.reading.settle_s, heartbeat.hurry),
        progress=show_progress,
    )
    heartbeat = Heartbeat(metrics.measured(rounds), interval_s=settings.reading.scan_interval_s)
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
