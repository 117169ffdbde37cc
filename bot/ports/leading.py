"""Which one of several processes does what only one may do."""

from __future__ import annotations

from typing import Protocol


class Leadership(Protocol):
    """One role, such as looking at the folder; at most one process of an archive has it at a time."""

    async def holds(self) -> bool:
        """Return whether this process has the role now, taking it when nobody has it.

        Ask before each piece of work: a process whose connection broke has lost it, and another one may have it.
        """
        ...

    async def release(self) -> None:
        """Give the role up; another process has it at its next question."""
        ...
