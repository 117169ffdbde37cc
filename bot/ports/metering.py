"""Who counts what happens and how long it takes; passed to where it happens, never a global."""

from __future__ import annotations

from typing import Protocol

from bot.model import Platform


class Meter(Protocol):
    """Counts; every method is cheap and never raises. Times are in seconds."""

    def read(self, seconds: float, *, quarantined: bool) -> None:
        """A file was read, or could not be."""
        ...

    def answered(self, command: str, seconds: float, *, failed: bool) -> None:
        """A command was answered; `failed` means by an error."""
        ...

    def posted(self, platform: Platform, outcome: str, seconds: float) -> None:
        """An attempt to post ended: posted, limited, refused or ambiguous."""
        ...

    def called_llm(self, outcome: str, seconds: float, *, tokens_in: int = 0, tokens_out: int = 0) -> None:
        """A call of the language model ended: complete, truncated, refused or failed."""
        ...


class Unmetered:
    """Counts nothing: for commands that answer once and end."""

    def read(self, seconds: float, *, quarantined: bool) -> None:
        """Count nothing."""

    def answered(self, command: str, seconds: float, *, failed: bool) -> None:
        """Count nothing."""

    def posted(self, platform: Platform, outcome: str, seconds: float) -> None:
        """Count nothing."""

    def called_llm(self, outcome: str, seconds: float, *, tokens_in: int = 0, tokens_out: int = 0) -> None:
        """Count nothing."""
