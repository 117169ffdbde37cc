"""A process that has imported everything and forks what a test kills: a kill -9 costs milliseconds, not the imports.

The forking process reads one line for each fork and writes `started <pid>`, whatever the forked one says about itself
(`ready <pid>`), and `ended <pid> <status>` when it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIFE_ENDS_WITHIN_S = 60.0
MAX_LINE_BYTES = 1 << 16


def serve_forks(live: Callable[[str], int | None]) -> None:
    """Fork for each line on standard input, until that ends; the fork calls `live` and ends with what it returns."""
    alarm_read, alarm_write = os.pipe()
    os.set_blocking(alarm_write, False)
    signal.set_wakeup_fd(alarm_write)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.buffer.raw, selectors.EVENT_READ, "orders")  # type: ignore[attr-defined]
    selector.register(alarm_read, selectors.EVENT_READ, "child")
    while True:
        for key, _ in selector.select():
            if key.data == "child":
                os.read(alarm_read, 100)
                _report_ended()
                continue
            line = os.read(0, MAX_LINE_BYTES)
            if not line:
                return
            _fork(line.decode(), live)


def say(line: str) -> None:
    """Write a line in one piece: a kill leaves it whole or not there."""
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def _fork(line: str, live: Callable[[str], int | None]) -> None:
    pid = os.fork()
    if pid:
        say(f"started {pid}")
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        status = live(line) or 0
    except BaseException:
        traceback.print_exc()
    finally:
        # Never back into the loop of the process that forked this one.
        os._exit(status)


def _report_ended() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        say(f"ended {pid} {os.waitstatus_to_exitcode(status)}")


class ForkingProcess:
    """The forking process, as a test sees it; signals go only to what it forked."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._started: set[int] = set()
        self._running: set[int] = set()
        self._ready: set[int] = set()
        self._ended: dict[int, int] = {}

    async def start(self, line: str) -> int:
        """Fork one process; return its id."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        while not self._started:
            await self._read_line()
        pid = self._started.pop()
        self._running.add(pid)
        return pid

    async def until_ready(self, pid: int) -> None:
        """Wait until this process says that it is."""
        while pid not in self._ready:
            await self._read_line()

    async def end_of(self, pid: int) -> int:
        """Wait until this process is gone; return its exit code, negative for a signal."""
        while pid not in self._ended:
            async with asyncio.timeout(LIFE_ENDS_WITHIN_S):
                await self._read_line()
        self._running.discard(pid)
        return self._ended.pop(pid)

    async def kill(self, pid: int, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to a process that was forked here; return its exit code."""
        os.kill(pid, number)
        return await self.end_of(pid)

    async def clear_away(self) -> None:
        """End what a failing test left running."""
        for pid in self._running - set(self._ended):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            await self.end_of(pid)

    async def _read_line(self) -> None:
        assert self._process.stdout is not None
        word, number, *status = (await self._process.stdout.readline()).decode().split()
        if word == "ended":
            self._ended[int(number)] = int(status[0])
        else:
            (self._started if word == "started" else self._ready).add(int(number))


@asynccontextmanager
async def forking_process(module: str) -> AsyncIterator[ForkingProcess]:
    """Start the module that calls `serve_forks`; end it afterwards."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", module, cwd=ROOT, stdin=pipe, stdout=pipe)
    try:
        yield ForkingProcess(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        # The transport closes a moment after the process is gone.
        await asyncio.sleep(0)
