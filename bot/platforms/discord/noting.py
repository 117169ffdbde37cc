"""Notes in a message that was posted: a line under what each is about, within the limits of one message. Pure.

What the message holds stays as it is; where there is no room, the note is shortened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.deliveries.noting import fitting_text, heading_of
from bot.platforms.discord.neutralizing import neutralize, units
from bot.platforms.discord.rendering import MAX_COMPONENTS, MAX_DISPLAY_UNITS, Body, custom_id_of
from bot.ports import Note

_BUTTON, _TEXT, _CONTAINER = 2, 10, 17
_MARKS = 5
"""Units around a heading: four asterisks and the end of its line."""


def annotate_body(body: Body, notes: Sequence[Note]) -> Body | None:
    """Return the body with these notes; None when none of them fits."""
    top = list(body.get("components", ()))
    boxed = len(top) == 1 and top[0].get("type") == _CONTAINER
    inner = [dict(component) for component in (top[0]["components"] if boxed else top)]
    noted = 0
    for number, note in enumerate(notes):
        # The notes still to come keep room for their headings at least.
        reserved = sum(units(neutralize(heading_of(later, named=True))) + _MARKS for later in notes[number + 1 :])
        room = MAX_DISPLAY_UNITS - _display_units(inner)
        room = room - reserved if room > 2 * reserved else room // (len(notes) - number)
        noted += _add(inner, note, room=room, components=MAX_COMPONENTS - _count(inner) - boxed)
    if not noted:
        return None
    return {**body, "components": [{**top[0], "components": inner}] if boxed else inner}


def _add(inner: list[Body], note: Note, *, room: int, components: int) -> bool:
    at = _row_with(note.anchor, inner)
    # The last text is the one with the marker, by which the message is found again: it stays alone.
    at, named = (len(inner) - 1, True) if at is None else (at, False)
    heading = f"**{neutralize(heading_of(note, named=named))}**"
    lead = inner[at - 1] if at > 0 and inner[at - 1].get("type") == _TEXT else None
    if lead is None and components < 1:
        return False

    def line(text: str) -> str:
        return f"{heading}: {neutralize(text)}" if text else heading

    text = fitting_text(note, lambda text: units(line(text)) + 1 <= room)
    if text is None:
        return False
    if lead is None:
        inner.insert(max(at, 0), {"type": _TEXT, "content": line(text)})
    else:
        lead["content"] = f"{lead['content']}\n{line(text)}"
    return True


def _row_with(anchor: str, inner: Sequence[Body]) -> int | None:
    custom_id = custom_id_of(anchor)
    if custom_id is None:
        return None
    rows = ((index, component.get("components") or ()) for index, component in enumerate(inner))
    return next((index for index, row in rows if any(one.get("custom_id") == custom_id for one in row)), None)


def _display_units(components: Sequence[Any]) -> int:
    total = 0
    for component in components:
        if component.get("type") == _TEXT:
            total += units(str(component.get("content", ""))) + 1
        elif component.get("type") == _BUTTON:
            total += units(str(component.get("label", "")))
        total += _display_units(component.get("components") or ())
    return total


def _count(components: Sequence[Any]) -> int:
    return sum(1 + _count(component.get("components") or ()) for component in components)
