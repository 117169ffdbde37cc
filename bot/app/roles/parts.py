"""What the roles of one process share, opened once, and how work is ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import structlog

from bot.app.building import (
    SystemClock,
    ensure_written,
    open_archive,
    open_reader,
    open_writer,
    write_answer,
    write_stories,
)
from bot.app.chat import ChatServices
from bot.app.metering import Instruments, new_metrics
from bot.app.working import WorkOfArchive, build_engine, program_of
from bot.errors import Unavailable
from bot.jobs.heartbeat import Heartbeat
from bot.jobs.metrics import Metrics
from bot.llm.breaker import Breaker
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.articles.sandbox import Sandbox
    from bot.commands.gathering import EnsureWritten, WriteStories
    from bot.jobs.engine import JobEngine
    from bot.storage.archive import SqlArchive

DRAIN_S: Final = 20.0
"""Seconds that work under way gets after SIGTERM; container engines kill soon after."""

SERVER_WAIT_S: Final = 30.0
"""Seconds for which a server that does not answer yet is waited for: both may have been started by one command."""

SERVER_PAUSE_S: Final = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of one process. `engine` shares work among processes; None where one process does all."""

    settings: Settings
    archive: SqlArchive
    reader: Sandbox | None
    metrics: Metrics
    instruments: Instruments
    services: ChatServices
    ensure_written: EnsureWritten | None
    write_stories: WriteStories | None
    engine: JobEngine | None

    def heartbeat(self, beat: Callable[[], Awaitable[None]]) -> Heartbeat:
        """Return a heartbeat of the pace of the settings, whose beats are counted."""
        return Heartbeat(self.metrics.measured(beat), interval_s=self.settings.reading.scan_interval_s)


@asynccontextmanager
async def open_parts(settings: Settings, *, reads: bool) -> AsyncIterator[Parts]:
    """Open what a process needs and close it afterwards; `reads` says whether it reads files.

    Raises: Unavailable when the server of the archive stays away, Misconfigured when something has to be mended.
    """
    metrics = new_metrics()
    breaker = Breaker(SystemClock()) if settings.llm.is_on else None
    async with AsyncExitStack() as opened:
        reader = await opened.enter_async_context(open_reader(settings, prepares=True)) if reads else None
        engine = await asyncio.to_thread(build_engine, settings)
        if engine is not None:
            await _wait_for_server(engine, settings)
        archive = await opened.enter_async_context(open_archive(settings))
        if engine is not None:
            await engine.install()
            if await archive.is_shared_with_another(await asyncio.to_thread(program_of, settings)):
                log.warning(
                    "other processes use this archive with another version of newsbot or other prompts;"
                    " start all of them with the same"
                )
        writer = await opened.enter_async_context(open_writer(settings, archive, breaker=breaker, meter=metrics))
        work = WorkOfArchive(archive=archive, engine=engine) if engine else None
        write_missing, story_writer = ensure_written(writer, archive, settings), write_stories(writer, settings)
        yield Parts(
            settings=settings,
            archive=archive,
            reader=reader,
            metrics=metrics,
            instruments=Instruments(settings=settings, archive=archive, metrics=metrics, breaker=breaker, work=work),
            services=ChatServices(
                settings=settings,
                archive=archive,
                ensure_written=write_missing,
                write_stories=story_writer,
                write_answer=write_answer(writer, settings),
                meter=metrics,
                work=work,
            ),
            ensure_written=write_missing,
            write_stories=story_writer,
            engine=engine,
        )


async def drain(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Wait until these tasks have ended, for a while; those that do not are cancelled."""
    _, unfinished = await asyncio.wait(tasks, timeout=DRAIN_S)
    for late in unfinished:
        late.cancel()


async def _wait_for_server(engine: JobEngine, settings: Settings) -> None:
    until = time.monotonic() + SERVER_WAIT_S
    said = False
    while not await engine.is_reachable():
        if time.monotonic() > until:
            raise Unavailable(
                f"The archive's server did not answer for {SERVER_WAIT_S:.0f} s: is it running, and the address in "
                "NEWSBOT_DATABASE__URL right?"
            )
        if not said:
            log.warning("the archive's server does not answer yet; waiting", seconds=round(SERVER_WAIT_S))
            said = True
        await asyncio.sleep(SERVER_PAUSE_S)
