"""Notes in a message that was posted: a block under what each is about, within the limits of one message. Pure.

What the message shows stays as it is. Room is made in the notification text, which nobody is sent for an edit; where
that is not enough the note is shortened.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.deliveries.noting import fitting_text, heading_of
from bot.platforms.slack.blocks import MAX_TEXT_WEIGHT, PRESS_PREFIX, Json, plain
from bot.platforms.slack.neutralizing import one_line, weigh
from bot.platforms.slack.rendering import FRAME_WEIGHT, MAX_BLOCKS, MAX_PAYLOAD_WEIGHT, weigh_body
from bot.ports import Note

MIN_FALLBACK_WEIGHT = 300
"""Characters of the notification text that stay."""


def annotate_body(body: Json, notes: Sequence[Note]) -> Json | None:
    """Return the body with these notes; None when none of them fits."""
    noted = {"text": body["text"], "blocks": list(body["blocks"])}
    before = noted
    for number, note in enumerate(notes):
        noted = _add(noted, note, notes_left=len(notes) - number) or noted
    return None if noted is before else noted


def _add(body: Json, note: Note, *, notes_left: int) -> Json | None:
    at = _actions_with(note.anchor, body["blocks"])
    heading = one_line(heading_of(note, named=at is None))
    simple = all(block["type"] == "section" for block in body["blocks"])
    limit = MAX_PAYLOAD_WEIGHT - FRAME_WEIGHT
    spare = limit - weigh_body(body) + max(0, weigh(body["text"]) - MIN_FALLBACK_WEIGHT)
    if len(body["blocks"]) >= MAX_BLOCKS:
        return None

    def block(text: str) -> Json:
        words = f": {one_line(text)}" if text else ""
        if simple:
            return {"type": "section", "text": plain(f"{heading}{words}")}
        runs: list[Json] = [{"type": "text", "text": heading, "style": {"bold": True}}]
        runs.extend([{"type": "text", "text": words}] if words else [])
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": runs}]}

    def fits(text: str) -> bool:
        weight = weigh_body(block(text)) + 2
        # The notes still to come keep room for their headings at least.
        reserved = (notes_left - 1) * (weigh_body(block("")) + 2)
        room = spare - reserved if spare > 2 * reserved else spare // notes_left
        return weight <= min(room, MAX_TEXT_WEIGHT)

    text = fitting_text(note, fits)
    if text is None:
        return None
    # The last block is the one with the marker.
    place = len(body["blocks"]) - 1 if at is None else at
    blocks = [*body["blocks"][:place], block(text), *body["blocks"][place:]]
    return _with_shorter_fallback({"text": body["text"], "blocks": blocks}, limit)


def _with_shorter_fallback(body: Json, limit: int) -> Json:
    """Return the body with lines of its notification text taken out, before the last one, until it fits."""
    lines = body["text"].split("\n")
    while len(lines) > 1 and weigh_body(body) > limit:
        del lines[-2]
        body = {**body, "text": "\n".join(lines)}
    return body


def _actions_with(anchor: str, blocks: Sequence[Json]) -> int | None:
    action_id = PRESS_PREFIX + anchor
    rows = ((index, block.get("elements", ())) for index, block in enumerate(blocks) if block["type"] == "actions")
    return next((index for index, row in rows if any(one.get("action_id") == action_id for one in row)), None)
