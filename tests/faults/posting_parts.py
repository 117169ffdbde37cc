"""A posting process that is killed and started again over one archive, and the count of what readers got."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.model import Post, PostState
from bot.storage.archive import open_archive
from tests.fault_table import fault_row
from tests.faults.forking import ForkingProcess
from tests.faults.loopback import SPEED, Accepted, FastClock, LoopbackPlatform
from tests.faults.poster import DESTINATIONS


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
        return fault_row(fault, faults=count, tried=self.tried, survived=survived, lost=self.lost, doubled=self.doubled)


@dataclass(slots=True)
class Bench:
    """One archive, one platform server, and the process that forks posting processes."""

    folder: Path
    platform: LoopbackPlatform
    address: str
    forks: ForkingProcess

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
        return await self.forks.start(json.dumps(orders))

    async def end_of(self, pid: int) -> int:
        """Wait until this process is gone; return its exit code, negative for a signal."""
        return await self.forks.end_of(pid)

    async def kill_after(
        self, pid: int, delay_s: float, number: signal.Signals = signal.SIGKILL, *, once_ready: bool = True
    ) -> int:
        """Send a signal to a process of ours a while after it began to post (or to live); return its exit code."""
        if once_ready:
            await self.forks.until_ready(pid)
        await asyncio.sleep(delay_s)
        return await self.forks.kill(pid, number)

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


@asynccontextmanager
async def posting_bench(
    forks: ForkingProcess, folder: Path, *, seed: int, chaos: bool = True, speed: float = SPEED
) -> AsyncIterator[Bench]:
    """Serve a platform for posting processes over one archive."""
    clock = FastClock(began=time.time(), speed=speed)
    platform = LoopbackPlatform(clock=clock, random=random.Random(seed), chaos=chaos)
    async with platform.serve() as address:
        bench = Bench(folder, platform, address, forks)
        try:
            yield bench
        finally:
            await forks.clear_away()


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
