"""The bot itself, whole or in parts: each process takes its roles, works until it is asked to stop, drains and closes.

On SQLite one process has every role. On PostgreSQL any number of processes share them: reading is done by all workers,
and what only one may do is done by whoever holds the role, while the others stand by.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack

from bot.app.building import pulse_file
from bot.app.chat import platform_builders
from bot.app.roles.parts import Parts, open_parts
from bot.app.roles.posting import PostingRole, serve_channels
from bot.app.roles.reading import JobsOfReading, ReadingRole
from bot.app.roles.telling import TellingRole
from bot.app.web import build_web
from bot.app.working import PLACING, READING, TELLING, posting_role, require_postgres
from bot.errors import Misconfigured
from bot.jobs.holding import Work, hold_role
from bot.jobs.pulse import keep_pulse
from bot.model import Platform
from bot.ports.leading import Leadership
from bot.settings import Settings


async def run_bot(settings: Settings) -> int:
    """Do everything until SIGTERM or Ctrl-C; return the exit code."""
    stop = _stop_on_signals()
    async with open_parts(settings, reads=True) as parts, AsyncExitStack() as closing, asyncio.TaskGroup() as tasks:
        process = _Process(parts, stop, tasks, closing)
        reading = process.read(after_look=lambda: telling.hurry())
        telling = TellingRole(parts, reading.is_still)
        process.hold(TELLING, telling.work)
        process.post(may_tell=reading.has_looked)
        process.serve_page(may_tell=reading.has_looked)
        tasks.create_task(keep_pulse(pulse_file(settings), stop))
    return 0


async def run_worker(settings: Settings) -> int:
    """Read, summarize and sort into stories, beside any number of other workers. Raises: BadRequest on SQLite."""
    require_postgres(settings, "work")
    stop = _stop_on_signals()
    async with open_parts(settings, reads=True) as parts, AsyncExitStack() as closing, asyncio.TaskGroup() as tasks:
        _Process(parts, stop, tasks, closing).read()
        tasks.create_task(keep_pulse(pulse_file(settings), stop))
    return 0


async def run_poster(settings: Settings) -> int:
    """Serve the chat platforms, or stand by for whoever does. Raises: BadRequest on SQLite, Misconfigured."""
    require_postgres(settings, "post")
    stop = _stop_on_signals()
    async with open_parts(settings, reads=False) as parts, AsyncExitStack() as closing, asyncio.TaskGroup() as tasks:
        if not platform_builders(settings, parts.services):
            raise Misconfigured("`newsbot post` has nothing to post to: set DISCORD_TOKEN, or Slack's two tokens.")
        _Process(parts, stop, tasks, closing).post()
        tasks.create_task(keep_pulse(pulse_file(settings), stop))
    return 0


async def run_page(settings: Settings) -> int:
    """Serve the web page alone. Raises: BadRequest on SQLite, Misconfigured when the page is turned off."""
    require_postgres(settings, "web")
    stop = _stop_on_signals()
    async with open_parts(settings, reads=False) as parts, AsyncExitStack() as closing, asyncio.TaskGroup() as tasks:
        if not settings.web.enabled:
            raise Misconfigured("The web page is turned off: set NEWSBOT_WEB__ENABLED to true.")
        _Process(parts, stop, tasks, closing).serve_page()
        tasks.create_task(keep_pulse(pulse_file(settings), stop))
    return 0


class _Process:
    """The roles of this process, each begun once; all of them end with `stop`."""

    def __init__(self, parts: Parts, stop: asyncio.Event, tasks: asyncio.TaskGroup, closing: AsyncExitStack) -> None:
        self._parts = parts
        self._stop = stop
        self._tasks = tasks
        self._closing = closing

    def hold(self, role: str, work: Work, leadership: Leadership | None = None) -> None:
        """Do this work whenever this process has the role."""
        held = leadership or self._parts.archive.leadership(role)
        note = self._parts.metrics.note_alive
        self._tasks.create_task(hold_role(role, held, work, self._stop, note=note))

    def read(self, *, after_look: Callable[[], object] = lambda: None) -> ReadingRole:
        """Read, and look at the folder when that is this process's role."""
        reading = ReadingRole(self._parts, after_look=after_look)
        self.hold(READING, reading.work)
        if self._parts.engine is not None:
            jobs = JobsOfReading(self._parts)
            self._tasks.create_task(jobs.work(self._stop))
            self.hold(PLACING, jobs.place)
        return reading

    def post(self, *, may_tell: Callable[[], bool] = lambda: True) -> None:
        """Serve every chat platform that has a token, when that is this process's role."""
        parts = self._parts
        for name, build in platform_builders(parts.settings, parts.services).items():
            leadership = parts.archive.leadership(posting_role(name))
            self.hold(posting_role(name), PostingRole(parts, name, leadership, build, may_tell).work, leadership)

    def serve_page(self, *, may_tell: Callable[[], bool] = lambda: True) -> None:
        """Serve the web page if it is turned on; into its chats posts one of the processes that serve it."""
        parts, name = self._parts, "web"
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
        self._closing.push_async_callback(page.close)
        self._tasks.create_task(page.run(self._stop))
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
