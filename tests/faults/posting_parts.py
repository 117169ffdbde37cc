"""A posting process that is killed and started again over one archive, and the count of what readers got."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.model import Post, PostState
from bot.storage.archive import open_archive
from tests.faults.loopback import SPEED, Accepted, FastClock, LoopbackPlatform
from tests.faults.poster import DESTINATIONS

ROOT = Path(__file__).parents[2]
LIFE_ENDS_WITHIN_S = 60.0

FAULTS = "faults survived"
"""The property of a test's report that holds its row of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of every post: `lost` never reached readers, `doubled` did more than once."""

    tried: int
    lost: int
    doubled: int
    out_of_order: int
    states: dict[PostState, int]

    @property
    def is_clean(self) -> bool:
        """Return whether every post is there once, in order, and known to be."""
        bad = self.lost + self.doubled + self.out_of_order
        return bad == 0 and self.states == {PostState.SENT: self.tried}

    def row(self, fault: str, count: int) -> dict[str, int | str]:
        """Return what the table at the end of a run shows of this."""
        survived = self.states.get(PostState.SENT, 0) - self.lost
        return {
            "fault": fault,
            "faults": count,
            "posts tried": self.tried,
            "survived": survived,
            "lost": self.lost,
            "doubled": self.doubled,
        }


@dataclass(slots=True)
class Bench:
    """One archive, one platform server, and the process that forks posting processes."""

    folder: Path
    platform: LoopbackPlatform
    address: str
    zygote: asyncio.subprocess.Process
    started: set[int] = field(default_factory=set)
    running: set[int] = field(default_factory=set)
    ready: set[int] = field(default_factory=set)
    ended: dict[int, int] = field(default_factory=dict)

    async def start(self, *, messages: int, kill_at: str = "", skip: int = 0) -> int:
        """Start a posting process; return its process id."""
        orders = {
            "archive": str(self.folder / "archive.db"),
            "address": self.address,
            "began": self.platform.clock.began,
            "speed": self.platform.clock.speed,
            "messages": messages,
            "acks": str(self.folder / "acks"),
            "kill_at": kill_at,
            "skip": skip,
        }
        assert self.zygote.stdin is not None
        self.zygote.stdin.write((json_line(orders)).encode())
        while not self.started:
            await self._read_line()
        pid = self.started.pop()
        self.running.add(pid)
        return pid

    async def end_of(self, pid: int) -> int:
        """Wait until this process is gone; return its exit code, negative for a signal."""
        while pid not in self.ended:
            async with asyncio.timeout(LIFE_ENDS_WITHIN_S):
                await self._read_line()
        self.running.discard(pid)
        return self.ended.pop(pid)

    async def kill_after(
        self, pid: int, delay_s: float, number: signal.Signals = signal.SIGKILL, *, once_ready: bool = True
    ) -> int:
        """Send a signal to a process of ours a while after it began to post (or to live); return its exit code."""
        while once_ready and pid not in self.ready:
            await self._read_line()
        await asyncio.sleep(delay_s)
        os.kill(pid, number)
        return await self.end_of(pid)

    async def clear_away(self) -> None:
        """End what a failing test left running."""
        for pid in self.running - set(self.ended):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            await self.end_of(pid)

    async def posts(self) -> list[Post]:
        """Return what the archive holds, each destination's posts newest first."""
        async with open_archive(self.folder / "archive.db") as archive:
            return [post for to in DESTINATIONS for post in await archive.posts_of(to, limit=10**6)]

    async def count(self) -> Tally:
        """Compare what the archive holds, what was acknowledged, and what readers see."""
        every = await self.posts()
        acknowledged = set((self.folder / "acks").read_text().split())
        kept = {f"{post.destination.key}/{post.batch}" for post in every}
        seen = Counter(post_id for channel in self.platform.channels.values() for post_id in _ids(channel))
        lost = [post for post in every if seen[post.id] == 0]
        return Tally(
            tried=len(every),
            lost=len(lost) + len(acknowledged - kept),
            doubled=sum(count - 1 for count in seen.values() if count > 1),
            out_of_order=_misplaced(self.platform, list(reversed(every))),
            states=dict(Counter(post.state for post in every)),
        )

    async def _read_line(self) -> None:
        assert self.zygote.stdout is not None
        word, number, *status = (await self.zygote.stdout.readline()).decode().split()
        if word == "ended":
            self.ended[int(number)] = int(status[0])
        else:
            (self.started if word == "started" else self.ready).add(int(number))


@asynccontextmanager
async def forking_process() -> AsyncIterator[asyncio.subprocess.Process]:
    """Start the process that forks posting processes; end it afterwards."""
    pipe = asyncio.subprocess.PIPE
    command = (sys.executable, "-m", "tests.faults.poster")
    zygote = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    try:
        yield zygote
    finally:
        assert zygote.stdin is not None
        zygote.stdin.close()
        await zygote.wait()
        # The transport closes a moment after the process is gone.
        await asyncio.sleep(0)


@asynccontextmanager
async def posting_bench(
    zygote: asyncio.subprocess.Process, folder: Path, *, seed: int, chaos: bool = True, speed: float = SPEED
) -> AsyncIterator[Bench]:
    """Serve a platform for posting processes over one archive."""
    clock = FastClock(began=time.time(), speed=speed)
    platform = LoopbackPlatform(clock=clock, random=random.Random(seed), chaos=chaos)
    async with platform.serve() as address:
        bench = Bench(folder, platform, address, zygote)
        try:
            yield bench
        finally:
            await bench.clear_away()


def json_line(value: object) -> str:
    """Return a value as one line of JSON."""
    return json.dumps(value) + "\n"


def _ids(channel: Sequence[Accepted]) -> list[str]:
    return [message.post_id for message in channel]


def _misplaced(platform: LoopbackPlatform, posts: list[Post]) -> int:
    """Return how many parts readers see before the part they belong behind; the posts come oldest first."""
    places = {
        message.post_id: index
        for channel in platform.channels.values()
        for index, message in reversed(list(enumerate(channel)))
    }
    return sum(
        places.get(before.id, 0) > places.get(after.id, 0)
        for before, after in itertools.pairwise(posts)
        if (before.destination, before.batch) == (after.destination, after.batch)
    )
