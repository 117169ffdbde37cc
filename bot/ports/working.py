"""Work that is shared out among processes: jobs that wait for whoever is free, and what of it people are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be done: the handler's name, what it is given, and a key under which it waits at most once."""

    name: str
    payload: bytes
    key: str


class Jobs(Protocol):
    """The jobs that all processes of an archive share. Every method raises Unavailable when the server is away."""

    async def submit(self, jobs: Sequence[NewJob]) -> int:
        """Add jobs, leaving out those whose key waits or is under way; return how many were added."""
        ...

    async def waiting(self) -> int:
        """Return how many jobs wait or are under way."""
        ...

    async def held_payloads(self) -> list[bytes]:
        """Return what the jobs were given that failed at their last try, the latest first, a thousand at most."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFacts:
    """How the work of several processes stands: jobs, and which process has each role, "" while nobody has it."""

    waiting: int
    held: int
    leaders: Mapping[str, str]


class WorkBook(Protocol):
    """Tells how the work stands."""

    async def work_facts(self) -> WorkFacts:
        """Return how it stands now. Raises: Unavailable when the server is away."""
        ...
