"""One family tree of errors; each carries the sentence the user reads, its cause is chained for the log.

BotError
    BadRequest        the user asked for something that can't be: says what to do
    NotFound          nothing of that name
    NotAllowed        the caller may not do this here
    Unavailable       something outside is down; `retry_after_s` says when to try again
    BadArticle        a file or an article in it can't be read; `path` says which
    Misconfigured     a setting, prompt or folder is wrong: says which and what to do
        InUse         another newsbot holds the archive
"""

from __future__ import annotations

import os

REFERENCE_BYTES = 2


class BotError(Exception):
    """The root; `str(error)` is one sentence, safe to show to anybody."""


class BadRequest(BotError):
    """The request can't be carried out as it stands."""


class NotFound(BotError):
    """Nothing of that name exists."""


class NotAllowed(BotError):
    """The caller lacks the permission."""


class Unavailable(BotError):
    """A service outside does not answer; `retry_after_s` is in seconds when it is known."""

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class BadArticle(BotError):
    """A file can't be read as an article; the message is the reason shown in the status."""

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.path = path


class Misconfigured(BotError):
    """A setting, a prompt file, a folder or the database is wrong."""


class InUse(Misconfigured):
    """Another process of ours holds what this one needs for itself."""


def new_reference() -> str:
    """Return four hexadecimal digits that tie what a user saw of an unforeseen error to a line of the log."""
    return os.urandom(REFERENCE_BYTES).hex()
