"""Reading: one process looks at the folder; on PostgreSQL all of them read what it finds, and one places stories."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial

from bot.app.building import SystemClock, build_limits, build_pipeline
from bot.app.fetching import keep_fetching
from bot.app.roles.parts import Parts, drain
from bot.app.working import build_engine
from bot.jobs.engine import JobEngine
from bot.jobs.metrics import MeteredReader
from bot.jobs.placing import StoryPlacing
from bot.jobs.reading import FolderReading
from bot.jobs.retaining import keep_retention
from bot.jobs.rounds import Rounds
from bot.jobs.serving import Tidying
from bot.jobs.watching import watch_folder
from bot.pipeline import FolderReader, Pipeline
from bot.pipeline.sharing import READ_FILES, SharedIngest, SharedReader
from bot.platforms.terminal.progress import ARTICLES, show_progress
from bot.stories.placing import StoryPlacer

FIRST_LOOK_S = 60.0
"""Seconds after the start from which digests are told although the folder is still being read for the first time."""


class ReadingRole:
    """Looks at the folder, fetches feeds, and lets what is old leave; `after_look` is called after each look."""

    def __init__(self, parts: Parts, *, after_look: Callable[[], object] = lambda: None) -> None:
        self._parts = parts
        self._after_look = after_look
        self._reading: FolderReading | None = None
        self._begun_s = time.monotonic()
        self._has_looked = False

    def has_looked(self) -> bool:
        """Return whether the folder was looked at since the start; a long backlog holds digests up for a while only."""
        return self._has_looked or time.monotonic() - self._begun_s > FIRST_LOOK_S

    async def is_still(self) -> bool:
        """Return whether everything in the folder is read, as far as this process or the archive knows."""
        parts = self._parts
        if parts.engine is None:
            return self._reading is not None and await self._reading.is_still()
        if await parts.engine.waiting() > 0 or await parts.archive.count_unplaced() > 0:
            return False
        return self._reading is None or await self._reading.is_still()

    async def work(self, ending: asyncio.Event) -> None:
        """Look, fetch and tidy until told to end."""
        parts, settings, clock = self._parts, self._parts.settings, SystemClock()
        assert parts.reader is not None, "only processes that read have this role"
        loop = asyncio.get_running_loop()
        ingest = await self._ingest()
        self._reading = FolderReading(
            ingest,
            settle_s=settings.reading.settle_s,
            come_back=lambda seconds: loop.call_later(seconds, heartbeat.hurry),
            progress=show_progress,
        )
        heartbeat = parts.heartbeat(Rounds(self._look, Tidying(parts.archive, clock)))
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(watch_folder(settings.seeds_dir, heartbeat.hurry, ending))
                tasks.create_task(keep_fetching(settings, parts.reader, heartbeat.hurry, ending))
                tasks.create_task(keep_retention(parts.archive, clock, days=settings.retention.days, stop=ending))
                beating = tasks.create_task(heartbeat.run(ending))
                await ending.wait()
                ingest.stop()
                await drain([beating])
        finally:
            self._reading = None

    async def _look(self) -> None:
        if self._reading is not None:
            await self._reading()
            self._has_looked = True
            self._after_look()

    async def _ingest(self) -> Pipeline | SharedIngest:
        parts = self._parts
        assert parts.reader is not None, "only processes that read have this role"
        if parts.engine is None:
            return build_pipeline(parts.settings, parts.archive, MeteredReader(parts.reader, parts.metrics))
        await parts.engine.try_held_again()
        return SharedIngest(
            folder=parts.settings.seeds_dir,
            archive=parts.archive,
            jobs=parts.engine,
            clock=SystemClock(),
            limits=build_limits(parts.settings),
        )


class JobsOfReading:
    """Reads what the leader found, beside the other workers, and places stories when that is this process's role."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._placing = StoryPlacing(partial(show_progress, unit=ARTICLES))

    async def work(self, stop: asyncio.Event) -> None:
        """Do jobs until told to stop; those under way end first."""
        reader = self._shared_reader()
        engine = build_engine(self._parts.settings, {READ_FILES: reader.read})
        assert isinstance(engine, JobEngine), "jobs are shared on PostgreSQL alone"
        running = asyncio.create_task(engine.run(stop))
        await stop.wait()
        reader.stop()
        await drain([running])

    async def place(self, ending: asyncio.Event) -> None:
        """Place what was stored, until told to end."""
        await self._placing.run(StoryPlacer(self._parts.archive, SystemClock()), ending)

    def _shared_reader(self) -> SharedReader:
        parts = self._parts
        assert parts.reader is not None, "workers read"
        assert parts.engine is not None, "workers share what they read"
        limits = build_limits(parts.settings)
        files = FolderReader(
            folder=parts.settings.seeds_dir,
            archive=parts.archive,
            reader=MeteredReader(parts.reader, parts.metrics),
            max_bytes=limits.max_bytes,
            bullets=parts.settings.summary.bullets,
        )
        return SharedReader(files=files, archive=parts.archive, jobs=parts.engine, on_stored=self._placing.hurry)
