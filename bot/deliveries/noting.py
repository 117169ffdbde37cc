"""Words what is noted in a posted message, ever shorter until it fits: the message itself never gives way. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

from bot.messages.wording import cut_at_word
from bot.ports import Note, Shown

MAX_ABOUT_CHARS = 150
"""Characters of a headline that say what a note is about; the rest of the room is for what changed."""


def notes_of(shown: Sequence[Shown]) -> list[Note]:
    """Return what has to be noted in a post: a note for each article that says something else now."""
    return [
        Note(anchor=one.anchor, about=one.about, when=_when(one), changes=one.changes) for one in shown if one.changes
    ]


def heading_of(note: Note, *, named: bool) -> str:
    """Return what a note begins with; `named` says what it is about, for where it does not stand under that."""
    return f"Updated {note.when} · {_shortened(note.about)}" if named else f"Updated {note.when}"


def fitting_text(note: Note, fits: Callable[[str], bool]) -> str | None:
    """Return the longest wording of what changed, without its heading, that fits; None when not even "" does."""
    return next((text for text in _wordings(note) if fits(text)), None)


def _shortened(headline: str) -> str:
    if len(headline) <= MAX_ABOUT_CHARS:
        return headline
    return cut_at_word(headline, kept=MAX_ABOUT_CHARS)


def _wordings(note: Note) -> Iterator[str]:
    for count in range(len(note.changes), 0, -1):
        left = len(note.changes) - count
        more = f"; and {left} more" if left else ""
        yield f"{'; '.join(note.changes[:count])}{more}."
    yield "its source has changed."
    yield ""


def _when(shown: Shown) -> str:
    local = (shown.changed_at or shown.at).astimezone(ZoneInfo(shown.zone))
    return f"{local.day} {local:%b}, {local:%H:%M}"
