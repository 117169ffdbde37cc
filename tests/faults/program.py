"""The whole program, or one of its processes, to be killed: forked, it runs from its command line to its exit code.

What a test changes about it, it changes from outside: settings in the environment, a clock in the place of the wall
clock, and kill points on SQLAlchemy's public events. Each fork is told by one line, a JSON object, see `Orders`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from bot.app.building import SystemClock
from bot.deliveries.pacing import Pace
from tests.faults.articles import invented_article
from tests.faults.forking import serve_forks
from tests.faults.loopback import FastClock

IMPORTED_WHEN_NEEDED = (
    "bot.__main__", "bot.app.running", "bot.jobs.logging", "bot.pipeline", "bot.platforms.discord.connection",
    "bot.platforms.slack.connection", "bot.storage.archive", "apscheduler.schedulers.asyncio", "watchfiles",
    "aiosqlite", "alembic.command", "asyncpg", "bot.jobs.engine", "pgqueuer", "bot.storage.postgres", "bot.app.web",
    "bot.platforms.web.server", "aiohttp_sse", "apscheduler.executors.asyncio", "anyio._backends._asyncio",
)  # fmt: skip

STEP = signal.SIGUSR1
"""Makes the program's wall clock jump: to so many seconds ahead as stand in the file `Orders.steps`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What one fork is to do.

    With a `speed` its clock began at `epoch` when the real one showed `began`; without, it is the wall clock, which
    jumps when `steps` names a file. It kills itself at the point of its database named `kill_at`, after passing it
    `skip` times.
    """

    home: str
    log: str
    environment: dict[str, str] = field(default_factory=dict)
    began: float = 0.0
    epoch: float = 0.0
    speed: float = 0.0
    kill_at: str = ""
    skip: int = 0
    steps: str = ""
    command: str = "run"


class DatabaseKillPoints:
    """Kills this very process, as kill -9 does, before or after a commit of the kind that is named."""

    def __init__(self, name: str, skip: int) -> None:
        self._name = name
        self._skip = skip

    def watch(self) -> None:
        """Listen to every database that is opened from now on."""
        event.listen(Engine, "before_cursor_execute", self._note)
        event.listen(Engine, "commit", self._before_commit)
        event.listen(Pool, "checkin", self._after_commit)

    def _note(self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        kind = kind_of(statement, parameters)
        if kind:
            connection.info.setdefault("written", []).append(kind)

    def _before_commit(self, connection: Any) -> None:
        connection.info["committed"] = connection.info.pop("written", [])
        for kind in connection.info["committed"]:
            self._reach(f"{kind}: before commit")

    def _after_commit(self, _: Any, record: Any) -> None:
        for kind in record.info.pop("committed", []):
            self._reach(f"{kind}: after commit")

    def _reach(self, name: str) -> None:
        if name != self._name:
            return
        if self._skip == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._skip -= 1


def kind_of(statement: str, parameters: Any) -> str:
    """Return what a statement writes, "" when that is nothing a test speaks of."""
    if statement.startswith("INSERT INTO outbox"):
        return "enqueue"
    if statement.startswith("INSERT INTO articles"):
        return "articles"
    if statement.startswith("INSERT INTO slots"):
        return "slot"
    if statement.startswith("INSERT INTO edits"):
        return "edit wanted"
    if statement.startswith("UPDATE edits"):
        return "edit noted down"
    if statement.startswith("UPDATE outbox"):
        states = [value for value in parameters if value in ("pending", "sending", "sent", "unknown")]
        return " from ".join(states)
    return ""


def live(line: str) -> int:
    """Run the program as one line of orders says; return its exit code."""
    orders = Orders(**json.loads(line))
    log = os.open(orders.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(log, 2)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(orders.home)
    os.environ.clear()
    os.environ.update(orders.environment)
    DatabaseKillPoints(orders.kill_at, orders.skip).watch()
    if orders.speed:
        clock = FastClock(began=orders.began, speed=orders.speed, epoch=datetime.fromtimestamp(orders.epoch, UTC))
        SystemClock.now = lambda _: clock.now()  # type: ignore[method-assign]
        # Rate limits are the machine's time, which runs as ever.
        Pace.turn = _at_once  # type: ignore[method-assign]
    if orders.steps:
        _let_the_clock_jump(orders.steps)
    return run_program(orders.command)


@asynccontextmanager
async def _at_once(_: Pace, place: str) -> AsyncIterator[None]:
    yield


def run_program(*arguments: str) -> int:
    """Run the command line with these arguments; return its exit code."""
    main = importlib.import_module("bot.__main__").main
    sys.argv = ["newsbot", *arguments]
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


def warm_up() -> None:
    """Let the word lists and rules be loaded here, once, that the first article of each life would load anew."""
    output, home = os.dup(1), os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.chdir(folder)
        os.mkdir("seeds")
        for number in (1, 2):
            with open(f"seeds/{number}.txt", "w", encoding="utf-8") as file:
                file.write(invented_article(number))
        code = run_program("digest", "--seeds", "seeds")
        os.chdir(home)
        os.dup2(output, 1)
    assert code == 0, "the warm-up told no digest"


def _let_the_clock_jump(steps: str) -> None:
    # Reaches everything in the process that asks for the time of day, also the scheduler's own timers.
    began, began_at = datetime.now(UTC), time.monotonic()
    traveller = time_machine.travel(began, tick=True).start()

    asked = moving = False

    def jump(*_: Any) -> None:
        # A second signal runs this within itself, where the clock must not be moved: the first call does it once more.
        nonlocal asked, moving
        asked = True
        while asked and not moving:
            asked, moving = False, True
            traveller.move_to(began + timedelta(seconds=time.monotonic() - began_at + _read(steps)))
            moving = False

    signal.signal(STEP, jump)


def _read(steps: str) -> float:
    with open(steps, encoding="ascii") as file:
        return float(file.read())


if __name__ == "__main__":
    for module in IMPORTED_WHEN_NEEDED:
        importlib.import_module(module)
    warm_up()
    serve_forks(live)
