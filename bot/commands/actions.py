"""What stands in a button: a verb and its arguments in at most 90 characters, understood weeks and restarts later.

Articles are named by their ingest sequence number, which is never given twice; ids may be addresses, too long here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import BadRequest

MAX_ACTION_CHARS = 90
"""UTF-16 units of an action; `bot.model.Button` promises no more (Discord takes 100, a prefix is a door's own)."""

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_COLLECTION = "in:"
_AGAIN = "again:"
_MS_PER_S = 1_000
_FIRST_MS = 10**11
"""Moments above are milliseconds since 1970: as seconds they would lie in the year 5138."""

_UNKNOWN = "I do not know this button any more. Run the command again for a fresh one."


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPart:
    """Which articles of which digest: those wanted between two sequence numbers, ordered as of then, from `offset` on.

    `collections` are those a schedule is limited to; empty: all that may be seen. `again` tells what was told after
    `since_seq` once more; otherwise nothing is told twice. `made_at` is exact to the millisecond.
    """

    since_seq: int
    until_seq: int
    made_at: datetime
    topics: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    offset: int = 0
    again: bool = False


def action_of_part(verb: str, part: DigestPart) -> str | None:
    """Return the action that shows this part, None when its topics are too long for a button."""
    made_at_ms = round(part.made_at.timestamp() * _MS_PER_S)
    numbers = (part.since_seq, part.until_seq, made_at_ms, part.offset)
    again = (_AGAIN,) if part.again else ()
    limits = ",".join((*again, *part.topics, *(f"{_COLLECTION}{name}" for name in part.collections)))
    action = ":".join((verb, *(_in_base_36(number) for number in numbers), *([limits] if limits else [])))
    return action if utf16_length(action) <= MAX_ACTION_CHARS else None


def read_digest_part(arguments: str) -> DigestPart:
    """Return what an action made by `action_of_part` names. Raises: BadRequest when it is none of ours."""
    *numbers, limits = [*arguments.split(":", 4), ""][:5]
    try:
        since, until, made_at, offset = (int(number, 36) for number in numbers)
        # Buttons of earlier versions hold seconds.
        made = datetime.fromtimestamp(made_at / _MS_PER_S if made_at >= _FIRST_MS else made_at, UTC)
    except (ValueError, OverflowError, OSError):
        raise unknown_action() from None
    if not 0 <= since <= until < 2**60 or not 0 <= offset < 2**60:
        raise unknown_action()
    entries = [entry for entry in limits.split(",") if entry]
    return DigestPart(
        since_seq=since,
        until_seq=until,
        made_at=made,
        topics=tuple(entry for entry in entries if entry != _AGAIN and not entry.startswith(_COLLECTION)),
        collections=tuple(entry.removeprefix(_COLLECTION) for entry in entries if entry.startswith(_COLLECTION)),
        offset=offset,
        again=_AGAIN in entries,
    )


def read_number(text: str) -> int:
    """Return a sequence number or an offset. Raises: BadRequest when it is none."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise unknown_action()
    return int(text)


def unknown_action() -> BadRequest:
    """Return the error of an action that nobody knows."""
    return BadRequest(_UNKNOWN)


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, as Discord counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _in_base_36(number: int) -> str:
    digits = ""
    while True:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
        if not number:
            return digits
