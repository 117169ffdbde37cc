"""Several workers on one PostgreSQL archive: how reading grows with them, and what sharing it out costs.

`BENCH_POSTGRES` is the address of a server and a user who may create databases on it. The workers are processes of the
program, started and idle before the files come; the time runs until the last article is in a story.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bench.figures import Figure
from bench.speed import PROJECT, news_texts, write_texts

ARTICLES = 2_000
ROUNDS = 3
"""Each arrangement is measured so often, in turn, and its median counts: other programs use the machine too."""

WORKER_GOAL = 1.8
OVERHEAD_GOAL = 1.10
SETTLING_S = 4.0
DONE_WITHIN_S = 900.0
LOOK_EVERY_S = 0.05
SERVER = os.environ.get("BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

_LEADERS = (
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND datname = $1"
)
_CONNECTED = (
    "SELECT count(DISTINCT application_name) FROM pg_stat_activity"
    " WHERE application_name LIKE 'newsbot %' AND datname = $1"
)
_PLACED = "SELECT count(*) FROM placements"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: seconds on the clock, and of processor time of our processes, without the server's."""

    wall_s: float
    cpu_s: float


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return how two workers compare with one, and one with a process that does all by itself."""
    texts = news_texts(eval_dir, limit or ARTICLES)
    arrangements: dict[str, Callable[[Path, str, int], Run]] = {
        "alone": _alone,
        "one": partial(_shared, workers=1),
        "one, one processor": partial(_shared, workers=1, processor_each=True),
        "two, one processor": partial(_shared, workers=2, processor_each=True),
    }
    runs: dict[str, list[Run]] = {name: [] for name in arrangements}
    for _ in range(ROUNDS):
        for name, measured in arrangements.items():
            runs[name].append(_run(texts, measured))
    alone, one, one_each, two_each = (_median(found) for found in runs.values())
    data = f"{len(texts):,} text files, PostgreSQL"
    return [
        Figure(
            data=data, metric="two workers, a processor each: articles a second", ours=len(texts) / two_each.wall_s,
            goal=WORKER_GOAL * len(texts) / one_each.wall_s, peer=len(texts) / one_each.wall_s,
            peer_name="one worker with one processor",
            note=f"{os.cpu_count()} processors, shared with the server",
        ),
        Figure(
            data=data, metric="one worker on the engine: seconds", ours=one.wall_s,
            goal=OVERHEAD_GOAL * alone.wall_s, peer=alone.wall_s, peer_name="one process without it",
            higher_is_better=False, note="from the first look to the last story",
        ),
        Figure(
            data=data, metric="one worker on the engine: CPU seconds", ours=one.cpu_s,
            goal=OVERHEAD_GOAL * alone.cpu_s, peer=alone.cpu_s, peer_name="one process without it",
            higher_is_better=False, note="without the server's",
        ),
    ]  # fmt: skip


def _median(runs: Sequence[Run]) -> Run:
    return Run(wall_s=median(run.wall_s for run in runs), cpu_s=median(run.cpu_s for run in runs))


def _run(texts: Sequence[str], measured: Callable[[Path, str, int], Run]) -> Run:
    with tempfile.TemporaryDirectory() as folder, database_on_server() as place:
        home = Path(folder)
        (home / "seeds").mkdir()
        write_texts(list(texts), home / "arriving")
        return measured(home, place, len(texts))


@contextmanager
def database_on_server() -> Iterator[str]:
    """Make a database on the server for a while; give its address."""
    name = f"newsbot_bench_{uuid.uuid4().hex[:12]}"
    asyncio.run(_ask(SERVER, f"CREATE DATABASE {name}"))
    try:
        yield f"{SERVER.rpartition('/')[0]}/{name}"
    finally:
        asyncio.run(_ask(SERVER, f"DROP DATABASE {name} WITH (FORCE)"))


def _shared(home: Path, place: str, count: int, *, workers: int, processor_each: bool = False) -> Run:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(PROJECT),
        "NEWSBOT_DATABASE__URL": place,
        "NEWSBOT_READING__SETTLE_S": "0",
    }
    processes = []
    for number in range(workers):
        command = [sys.executable, "-m", "bot", "work"]
        log = (home / f"{number}.log").open("wb")
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
        if processor_each:
            # Its parser, started later, is confined with it: as if each worker were a machine of its own.
            os.sched_setaffinity(process.pid, {number % (os.cpu_count() or 1)})
        processes.append(process)
    try:
        asyncio.run(_until_idle(place, workers))
        before = sum(_cpu_of(process.pid) for process in processes)
        began = time.perf_counter()
        (home / "arriving").rename(home / "seeds" / "arrived")
        asyncio.run(_until_placed(place, count))
        wall_s = time.perf_counter() - began
        return Run(wall_s=wall_s, cpu_s=sum(_cpu_of(process.pid) for process in processes) - before)
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def _alone(home: Path, place: str, count: int) -> Run:
    (home / "arriving").rename(home / "seeds" / "arrived")
    command = [sys.executable, "-c", f"from bench.speed import run_ours; run_ours({str(home)!r}, {place!r})"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True, timeout=DONE_WITHIN_S)
    wall_s, cpu_s = (float(number) for number in done.stdout.split()[-2:])
    return Run(wall_s=wall_s, cpu_s=cpu_s)


def _cpu_of(pid: int) -> float:
    """Return the processor seconds of a process and its children."""
    ticks = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for status in (Path(f"/proc/{pid}/stat"), *(Path(f"/proc/{child}/stat") for child in _children(pid))):
        fields = status.read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / ticks
    return total


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *_children(child)]
    return found


async def _ask(place: str, statement: str, *arguments: object) -> int:
    import asyncpg

    connection = await asyncpg.connect(place)
    try:
        return int(await connection.fetchval(statement, *arguments) or 0)
    finally:
        await connection.close()


async def _until_idle(place: str, workers: int) -> None:
    """Wait until the workers have their roles, all of them are connected, and their parsers have started."""
    name = place.rpartition("/")[2]
    await _until_at_least(place, _LEADERS, 2, name)
    await _until_at_least(place, _CONNECTED, workers, name)
    await asyncio.sleep(SETTLING_S)


async def _until_placed(place: str, count: int) -> None:
    await _until_at_least(place, _PLACED, count)


async def _until_at_least(place: str, statement: str, wanted: int, *arguments: object) -> None:
    import asyncpg

    connection = await asyncpg.connect(place)
    try:
        async with asyncio.timeout(DONE_WITHIN_S):
            while True:
                # The archive's tables are made by the first worker.
                with suppress(asyncpg.UndefinedTableError):
                    if await connection.fetchval(statement, *arguments) >= wanted:
                        return
                await asyncio.sleep(LOOK_EVERY_S)
    finally:
        await connection.close()
