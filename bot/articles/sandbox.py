"""Files are parsed in child processes that have no network, little memory and little time: a bomb costs one child.

A child is started with its first file, serves many, and is started anew when a file ends it, when it has grown and
now and then anyway. Files are read one at a time a worker; callers wait for a free one.

What else is to be made of each article can be made there too, beside the bot instead of inside it: the bot answers
people meanwhile, and threads of one Python process take turns.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import bot
from bot.articles.raw import Articles, Feed
from bot.articles.wire import (
    FRAME_PREFIX,
    MAX_FRAME_BYTES,
    pack_request,
    unpack_article,
    unpack_feed,
    unpack_prepared,
    unpack_problem,
)
from bot.courtesy import stand_aside
from bot.errors import BadArticle

CHILD_MODULE = "bot.articles.sandbox_child"
MAX_FILES_PER_CHILD = 5_000  # what parsers leak is given back at least that often
MAX_RESIDENT_BYTES = 220 * 1024 * 1024  # a child that holds more after a file is started anew
MAX_FRAMES_PER_FILE = 200_000  # a child that answers without end is broken
START_TIMEOUT_S = 20.0  # a loaded machine takes seconds to start an interpreter
CLOSE_TIMEOUT_S = 2.0
_PROJECT = str(Path(bot.__file__).resolve().parent.parent)  # where a child finds the package, installed or not
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no secret stands in these


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxLimits:
    """What one file may cost. For a file of many articles the times hold for every few of them."""

    memory_mb: int = 512
    cpu_s: float = 10.0
    wall_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """What a child makes of each article: `function` is "module:name", called with the article and these `options`.

    It returns something `Prepared`. Where it raises, nothing is prepared: whoever needs it makes it.
    """

    function: str
    options: Mapping[str, Any]


class Sandbox:
    """Reads files in child processes. Use as `async with`; safe to share between tasks."""

    def __init__(
        self, limits: SandboxLimits | None = None, *, workers: int = 1, preparing: Preparing | None = None
    ) -> None:
        self._limits = limits or SandboxLimits()
        self._options = dict(preparing.options) if preparing else None
        function = preparing.function if preparing else ""
        self._children = [_Child(self._limits, function) for _ in range(max(1, workers))]
        self._free: asyncio.LifoQueue[_Child] = asyncio.LifoQueue()  # the last one used is warm
        for child in self._children:
            self._free.put_nowait(child)

    async def __aenter__(self) -> Sandbox:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def isolation(self) -> str | None:
        """How the network is kept from the children: "seccomp", "namespace" or "none"; None before the first starts."""
        return next((child.isolation for child in self._children if child.isolation), None)

    async def start(self) -> str:
        """Start one child if none runs; return its isolation.

        Raises: BadArticle when no child can be started.
        """
        child = await self._free.get()
        try:
            return await child.ensure_started()
        finally:
            self._free.put_nowait(child)

    async def read(self, data: bytes, *, path: str, collection: str = "", items_before: int = 0) -> Articles:
        """Return the articles of one file, with the `problems` of the items that are none.

        `items_before` counts the items of the file's earlier parts, when `data` is not its first.

        Raises: BadArticle when the file holds none, can't be parsed or goes over a limit; its message says what to do.
        """
        header: dict[str, Any] = {"path": path, "collection": collection, "items_before": items_before}
        if self._options is not None:
            header["options"] = self._options
        articles, _ = await self._ask(data, header)
        return articles

    async def list_feed(self, data: bytes, *, path: str) -> Feed:
        """Return what a feed announces. Raises: BadArticle when it is no feed or goes over a limit."""
        _, final = await self._ask(data, {"path": path, "wants": "feed"})
        try:
            return unpack_feed(final["feed"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadArticle("could not be read: its parser gave a strange answer", path=path) from error

    async def _ask(self, data: bytes, header: dict[str, Any]) -> tuple[Articles, dict[str, Any]]:
        child = await self._free.get()
        try:
            await stand_aside()
            return await child.read(data, header)
        except BadArticle as error:
            error.path = header["path"]
            raise
        finally:
            self._free.put_nowait(child)

    async def close(self) -> None:
        """End the children."""
        await asyncio.gather(*(child.close() for child in self._children))


class _Broken(Exception):
    """The child went away in the middle of an answer."""


class _Ended(Exception):
    """The child is gone; `code` is its exit code, negative for a signal."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


class _Child:
    """One child process, started when needed; used by one task at a time."""

    def __init__(self, limits: SandboxLimits, function: str) -> None:
        self.isolation: str | None = None
        self._limits = limits
        self._function = function
        self._process: asyncio.subprocess.Process | None = None
        self._served = 0

    async def ensure_started(self) -> str:
        """Start the process unless it runs."""
        if self._process is not None and self._process.returncode is None and self.isolation is not None:
            return self.isolation
        await self.close()
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                self._process = await _spawn(self._limits.memory_mb, self._function)
                hello = await _receive(self._process)
        except (TimeoutError, OSError, _Broken) as error:
            await self._kill()
            raise BadArticle("could not be read: the process that parses files does not start") from error
        except BaseException:
            await self._kill()
            raise
        self._served = 0
        self.isolation = str(hello.get("isolation", "none"))
        return self.isolation

    async def read(self, data: bytes, header: dict[str, Any]) -> tuple[Articles, dict[str, Any]]:
        """Return the articles of one file and the last frame of the answer.

        Whatever goes wrong, the next call finds a child that works. When a child that has served other files is gone,
        it may have died of them or between them: the file is given to a fresh one before it is blamed.
        """
        await self.ensure_started()
        fresh = self._served == 0
        try:
            return await self._read_once(data, header)
        except _Ended as ended:
            if fresh or ended.code == -signal.SIGXCPU:
                raise BadArticle(self._why_ended(ended.code)) from ended
        await self.ensure_started()
        try:
            return await self._read_once(data, header)
        except _Ended as ended:
            raise BadArticle(self._why_ended(ended.code)) from ended

    async def _read_once(self, data: bytes, header: dict[str, Any]) -> tuple[Articles, dict[str, Any]]:
        """Return the articles of one file and the last frame.

        Raises: BadArticle for a reason of the file's; _Ended when the child is gone.
        """
        try:
            found, final = await self._exchange(data, header)
        except TimeoutError as error:
            await self._kill()
            raise BadArticle(f"took more than {self._limits.wall_s:g} s to read: split it or save it anew") from error
        except (_Broken, OSError, ValueError, KeyError, TypeError) as error:
            raise _Ended(await self._exit_code()) from error
        except BaseException:  # cancelled in the middle of an answer: nobody will read the rest
            await self._kill()
            raise
        self._served += 1
        await self._renew_if_worn(final)
        if final.get("memory"):
            raise BadArticle(self._too_much_memory())
        if "error" in final:
            cause = RuntimeError(final["detail"]) if "detail" in final else None
            raise BadArticle(str(final["error"])) from cause
        return found, final

    async def close(self) -> None:
        """End the process by closing its input; kill it when it does not listen."""
        process = self._process
        if process is None:
            return
        if process.returncode is None and process.stdin is not None:
            process.stdin.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    await process.wait()
        await self._kill()

    async def _exchange(self, data: bytes, header: dict[str, Any]) -> tuple[Articles, dict[str, Any]]:
        """Send one file and return its articles and the last frame; each frame has the whole wall time."""
        process = self._process
        if process is None or process.stdin is None:
            raise _Broken
        articles = Articles()
        async with asyncio.timeout(self._limits.wall_s) as deadline:
            process.stdin.write(pack_request({**header, "cpu_s": self._limits.cpu_s}, data))
            await process.stdin.drain()
            for _ in range(MAX_FRAMES_PER_FILE):
                frame = await _receive(process)
                found = [unpack_article(packed) for packed in frame.get("articles", ())]
                articles.extend(found)
                articles.prepared.extend(map(unpack_prepared, found, frame.get("prepared", ())))
                if "done" in frame or "error" in frame:
                    articles.problems = tuple(unpack_problem(packed) for packed in frame.get("problems", ()))
                    return articles, frame
                deadline.reschedule(asyncio.get_running_loop().time() + self._limits.wall_s)
        raise _Broken

    async def _renew_if_worn(self, final: dict[str, Any]) -> None:
        """End a child that has used up its memory, grown or served long enough."""
        worn = self._served >= MAX_FILES_PER_CHILD or int(final.get("resident", 0)) > MAX_RESIDENT_BYTES
        if worn or final.get("memory"):
            await self.close()

    async def _exit_code(self) -> int | None:
        """Return how the child ended, once it has; None when it has not, and is killed."""
        process = self._process
        code: int | None = None
        if process is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_TIMEOUT_S):
                    code = await process.wait()
        await self._kill()
        return code

    def _why_ended(self, code: int | None) -> str:
        if code == -signal.SIGXCPU:
            return f"took more than {self._limits.cpu_s:g} s of processor time: split it or save it in a simpler form"
        if code == -signal.SIGKILL:  # the system's answer to a machine without memory
            return self._too_much_memory()
        return "crashed its parser: it may be damaged, save it anew or in another format"

    def _too_much_memory(self) -> str:
        return f"needs more than {self._limits.memory_mb} MB of memory to read: split it or save it in a simpler form"

    async def _kill(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _spawn(memory_mb: int, function: str) -> asyncio.subprocess.Process:
    """Start a child with an environment that holds no secret, in a session of its own (Ctrl-C passes it by)."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {
        "PYTHONPATH": _PROJECT,
        "PYTHONUTF8": "1",
        # Threads of a numeric library map memory each, and the filter refuses them.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    if sys.dont_write_bytecode:
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-s",
        "-P",
        "-m",
        CHILD_MODULE,
        str(memory_mb),
        str(os.getpid()),
        function,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


async def _receive(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """Return the next frame.

    Raises: _Broken when the child ends or sends something else.
    """
    if process.stdout is None:
        raise _Broken
    try:
        (length,) = FRAME_PREFIX.unpack(await process.stdout.readexactly(FRAME_PREFIX.size))
        if length > MAX_FRAME_BYTES:
            raise _Broken
        frame = json.loads(await process.stdout.readexactly(length))
    except (asyncio.IncompleteReadError, ValueError, RecursionError) as error:
        raise _Broken from error
    if not isinstance(frame, dict):
        raise _Broken
    return frame
