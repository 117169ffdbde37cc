"""The bot itself, whole or in parts: each process takes its roles, works until it is asked to stop, drains and closes.

On SQLite one process has every role. On PostgreSQL any number of processes share them: reading is done by all workers,
and what only one may do is done by whoever holds the role, while the others stand by.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.app.building import pulse_file
from bot.app.chat import connected_apart, has_tokens, platform_builders
from bot.app.roles.parts import Parts, open_parts
from bot.app.roles.posting import ConnectingRole, PostingRole, serve_channels
from bot.app.roles.reading import JobsOfReading, ReadingRole
from bot.app.roles.telling import TellingRole
from bot.app.web import build_probes, build_web
from bot.app.working import PLACING, READING, TELLING, build_engine, posting_role, require_postgres
from bot.errors import Misconfigured
from bot.jobs.holding import Work, hold_role
from bot.jobs.pulse import keep_pulse
from bot.model import Platform
from bot.ports.leading import Leadership
from bot.settings import Settings


async def run_bot(settings: Settings) -> int:
    """Do everything until SIGTERM or Ctrl-C; return the exit code. Raises: Misconfigured."""
    if connected_apart(settings) and build_engine(settings) is None:
        raise Misconfigured(
            "NEWSBOT_DISCORD__SHARD_IDS gives this process a part of Discord's shards; the others need processes of"
            " their own, which share an archive on PostgreSQL. Set NEWSBOT_DATABASE__URL, or take the shard ids out."
        )
    async with _process(settings, reads=True) as process:
        reading = process.read(after_look=lambda: telling.hurry())
        telling = TellingRole(process.parts, reading.is_still)
        process.hold(TELLING, telling.work)
        process.post(may_tell=reading.has_looked)
        process.serve_page(may_tell=reading.has_looked)
    return 0


async def run_worker(settings: Settings) -> int:
    """Read, summarize and sort into stories, beside any number of other workers. Raises: BadRequest on SQLite."""
    require_postgres(settings, "work")
    async with _process(settings, reads=True) as process:
        process.read()
    return 0


async def run_poster(settings: Settings) -> int:
    """Serve the chat platforms, or stand by for whoever does. Raises: BadRequest on SQLite, Misconfigured."""
    require_postgres(settings, "post")
    if not has_tokens(settings):
        raise Misconfigured("`newsbot post` has nothing to post to: set DISCORD_TOKEN, or Slack's two tokens.")
    async with _process(settings, reads=False) as process:
        process.post()
    return 0


async def run_page(settings: Settings) -> int:
    """Serve the web page alone. Raises: BadRequest on SQLite, Misconfigured when the page is turned off."""
    require_postgres(settings, "web")
    if not settings.web.enabled:
        raise Misconfigured("The web page is turned off: set NEWSBOT_WEB__ENABLED to true.")
    async with _process(settings, reads=False) as process:
        process.serve_page()
    return 0


@asynccontextmanager
async def _process(settings: Settings, *, reads: bool) -> AsyncIterator[_Process]:
    """Give a process without a role; what it takes on is done until it is asked to stop, then all is closed."""
    stop = _stop_on_signals()
    async with open_parts(settings, reads=reads) as parts, AsyncExitStack() as closing, asyncio.TaskGroup() as tasks:
        instruments = parts.instruments
        probes = build_probes(settings, metrics=instruments.exposition, ready=instruments.missing)
        if probes is not None:
            tasks.create_task(probes.run(stop))
        yield _Process(parts=parts, stop=stop, tasks=tasks, closing=closing)
        tasks.create_task(keep_pulse(pulse_file(settings), stop))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Process:
    """The roles of this process, each begun once; all of them end with `stop`."""

    parts: Parts
    stop: asyncio.Event
    tasks: asyncio.TaskGroup
    closing: AsyncExitStack

    def hold(self, role: str, work: Work, leadership: Leadership | None = None) -> None:
        """Do this work whenever this process has the role."""
        held = leadership or self.parts.archive.leadership(role)
        note = self.parts.metrics.note_alive
        self.tasks.create_task(hold_role(role, held, work, self.stop, note=note))

    def read(self, *, after_look: Callable[[], object] = lambda: None) -> ReadingRole:
        """Read, and look at the folder when that is this process's role."""
        reading = ReadingRole(self.parts, after_look=after_look)
        self.hold(READING, reading.work)
        if self.parts.engine is not None:
            jobs = JobsOfReading(self.parts)
            self.tasks.create_task(jobs.work(self.stop))
            self.hold(PLACING, jobs.place)
        return reading

    def post(self, *, may_tell: Callable[[], bool] = lambda: True) -> None:
        """Serve every chat platform that has a token, when that is this process's role."""
        parts = self.parts
        apart = connected_apart(parts.settings)
        for name, build in platform_builders(parts.settings, parts.services).items():
            leadership = parts.archive.leadership(posting_role(name))
            posting = PostingRole(parts, name, leadership, build, may_tell, connects=name not in apart)
            self.hold(posting_role(name), posting.work, leadership)
            if name in apart:
                self.hold(f"{name} {apart[name]}", ConnectingRole(build).work)

    def serve_page(self, *, may_tell: Callable[[], bool] = lambda: True) -> None:
        """Serve the web page if it is turned on; into its chats posts one of the processes that serve it."""
        parts, name = self.parts, "web"
        platform: Platform = "web"
        page = build_web(
            parts.settings,
            parts.services,
            parts.archive,
            metrics=parts.instruments.exposition,
            ready=parts.instruments.missing,
        )
        if page is None:
            return
        self.closing.push_async_callback(page.close)
        self.tasks.create_task(page.run(self.stop))
        leadership = parts.archive.leadership(posting_role(name))

        async def post_into_chats(ending: asyncio.Event) -> None:
            await serve_channels(parts, platform, page, leadership, ending, connects=False, may_tell=may_tell)

        self.hold(posting_role(name), post_into_chats, leadership)


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        # Also as PID 1, where the system's default is to ignore both.
        loop.add_signal_handler(number, stop.set)
    return stop
