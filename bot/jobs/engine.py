"""Jobs for any number of processes, kept in PostgreSQL by pgqueuer; the same handlers run in one process without it.

A job is handed to one worker at a time. A worker that dies loses its jobs to the others within seconds; a job that
fails is tried again, later and later, and held where `/status` shows it after the last try. Handlers are idempotent: a
job may be begun twice when a worker is cut off without dying.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.errors import Unavailable
from bot.ports import NewJob

if TYPE_CHECKING:
    import asyncpg
    from pgqueuer import PgQueuer
    from pgqueuer.adapters.persistence.queries import Queries

# A job whose worker has been silent for so long is another's; with 5 s a killed worker's job went on 7 s later.
SILENCE: Final = timedelta(seconds=5)
# How often an idle worker looks by itself; new jobs are announced to it.
LOOK_AGAIN: Final = timedelta(seconds=2)
# How often a worker whose hands are full looks whether it may take more.
LOOK_WHEN_FULL: Final = timedelta(seconds=0.3)
# Jobs a worker takes at a time, and has under way at most.
JOBS_A_LOOK: Final = 2
MAX_UNDER_WAY: Final = 4
MAX_TRIES: Final = 6
FIRST_DELAY: Final = timedelta(seconds=2)
LONGEST_DELAY: Final = timedelta(minutes=5)
CONNECTIONS: Final = 4
# The advisory lock of whoever makes the engine's tables; it ends with the connection.
INSTALLING: Final = 0x6E657771
REACH_TIMEOUT_S: Final = 5.0
HELD_SHOWN: Final = 1_000
# What the engine's own connections are called on the server; the archive's are told apart from them.
APPLICATION: Final = {"application_name": "newsbot-jobs"}
RECONNECT_AFTER_S: Final = 2.0

Handler = Callable[[bytes], Awaitable[None]]
"""Does one job, given its payload; whatever it raises means that the job is to be tried again."""

log = structlog.get_logger()


class JobEngine:
    """Submits jobs and, while it runs, does them. `address` is a PostgreSQL address without a driver's name."""

    def __init__(self, address: str, handlers: Mapping[str, Handler]) -> None:
        self._address = address
        self._handlers = handlers

    async def install(self) -> None:
        """Make the engine's tables, or bring them up to date. Raises: Unavailable."""
        async with self._queries() as queries:
            # Several processes may start at once: the first one makes the tables.
            await queries.driver.execute(f"SELECT pg_advisory_lock({INSTALLING})")
            if await queries.schema_is_installed():
                await queries.upgrade()
            else:
                await queries.install()

    async def submit(self, jobs: Sequence[NewJob]) -> int:
        """Add jobs, leaving out those whose key waits or is under way; return how many were added.

        Raises: Unavailable when the server is away.
        """
        if not jobs:
            return 0
        async with self._queries() as queries:
            ids = await queries.enqueue(
                [job.name for job in jobs],
                [job.payload for job in jobs],
                [0] * len(jobs),
                dedupe_key=[job.key for job in jobs],
                on_conflict="skip",
            )
        return sum(one is not None for one in ids)

    async def is_reachable(self) -> bool:
        """Return whether the server answers, whatever it says."""
        import asyncpg

        try:
            connection = await asyncpg.connect(self._address, timeout=REACH_TIMEOUT_S, server_settings=APPLICATION)
        except asyncpg.CannotConnectNowError:
            return False
        except asyncpg.PostgresError:
            return True  # what it objects to is told by whoever needs it
        except (OSError, TimeoutError):
            return False
        await connection.close()
        return True

    async def waiting(self) -> int:
        """Return how many jobs wait or are under way. Raises: Unavailable."""
        return (await self.sizes())[0]

    async def held(self) -> int:
        """Return how many jobs failed at their last try and wait for a person. Raises: Unavailable."""
        return (await self.sizes())[1]

    async def sizes(self) -> tuple[int, int]:
        """Return how many jobs wait or are under way, and how many are held. Raises: Unavailable."""
        async with self._queries() as queries:
            if not await queries.schema_is_installed():
                return 0, 0
            sizes = await queries.queue_size()
        waiting = sum(size.count for size in sizes if size.status in ("queued", "picked"))
        return waiting, sum(size.count for size in sizes if size.status == "failed")

    async def held_payloads(self) -> list[bytes]:
        """Return what the held jobs were given, the latest first, a thousand at most. Raises: Unavailable."""
        async with self._queries() as queries:
            return [job.payload or b"" for job in await queries.list_failed_jobs(limit=HELD_SHOWN)]

    async def try_held_again(self) -> int:
        """Let the held jobs be tried anew, as after an update of the program; return how many. Raises: Unavailable."""
        async with self._queries() as queries:
            ids = [job.id for job in await queries.list_failed_jobs(limit=HELD_SHOWN)]
            await queries.requeue_jobs(ids)
        return len(ids)

    async def run(self, stop: asyncio.Event) -> None:
        """Do jobs until `stop` is set, then let those under way end; outlives restarts of the server."""
        while not stop.is_set():
            try:
                await self._run_connected(stop)
            except Exception as error:
                # Whatever broke, the jobs are in the database: connect again and go on.
                log.warning("the job engine lost its server and connects again", cause=repr(error))
                await _sleep_unless(stop, RECONNECT_AFTER_S)

    async def _run_connected(self, stop: asyncio.Event) -> None:
        from pgqueuer import PgQueuer

        async with self._pool() as pool:
            engine = PgQueuer.from_asyncpg_pool(pool)
            engine.qm.min_dequeue_poll_interval = LOOK_WHEN_FULL
            for name, handler in self._handlers.items():
                _register(engine, name, handler)
            ending = asyncio.create_task(_end_with(stop, engine))
            try:
                await engine.run(
                    dequeue_timeout=LOOK_AGAIN,
                    batch_size=JOBS_A_LOOK,
                    max_concurrent_tasks=MAX_UNDER_WAY,
                    heartbeat_timeout=SILENCE,
                    shutdown_on_listener_failure=True,
                )
            finally:
                ending.cancel()

    @asynccontextmanager
    async def _queries(self) -> AsyncIterator[Queries]:
        import asyncpg
        from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
        from pgqueuer.adapters.persistence.queries import Queries

        try:
            connection = await asyncpg.connect(self._address, server_settings=APPLICATION)
            try:
                yield Queries(AsyncpgDriver(connection))
            finally:
                await connection.close()
        except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
            raise Unavailable("The job engine's server does not answer.", retry_after_s=RECONNECT_AFTER_S) from error

    @asynccontextmanager
    async def _pool(self) -> AsyncIterator[asyncpg.Pool]:
        import asyncpg

        async with asyncpg.create_pool(
            self._address, min_size=2, max_size=CONNECTIONS, server_settings=APPLICATION
        ) as pool:
            yield pool


def _register(engine: PgQueuer, name: str, handler: Handler) -> None:
    from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor
    from pgqueuer.models import Job

    async def handle(job: Job) -> None:
        await handler(job.payload or b"")

    retrying = functools.partial(
        DatabaseRetryEntrypointExecutor,
        max_attempts=MAX_TRIES - 1,
        initial_delay=FIRST_DELAY,
        max_delay=LONGEST_DELAY,
    )
    engine.entrypoint(name, on_failure="hold", executor_factory=lambda parameters: retrying(parameters=parameters))(
        handle
    )


async def _end_with(stop: asyncio.Event, engine: PgQueuer) -> None:
    await stop.wait()
    engine.shutdown.set()


async def _sleep_unless(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
