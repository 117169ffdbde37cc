"""Turns a message into Block Kit bodies within every limit of Slack; pure, nothing is sent from here.

A message becomes small pieces (one block each), pieces that belong together form groups, and groups fill parts. A long
list is cut between its bullets.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.model import Message
from bot.platforms.slack.blocks import MAX_TEXT_WEIGHT, Json, Piece, context, pieces_of, rich, section
from bot.platforms.slack.neutralizing import ELLIPSIS, escape_mrkdwn, one_line, shorten, split_text, weigh

MAX_BLOCKS = 50
"""Blocks of a message. Source: https://docs.slack.dev/reference/block-kit/blocks"""
MAX_VIEW_BLOCKS = 100
"""Of a modal or a home page. Source: https://docs.slack.dev/reference/views"""
MAX_PAYLOAD_WEIGHT = 10_000
"""Characters of a whole body; Slack answers msg_blocks_too_long near 13,200 (undocumented)."""
MAX_FALLBACK_WEIGHT = 2_000
"""Of the fallback text: enough for notifications and screen readers, and the blocks keep most of the budget."""
FRAME_WEIGHT = 500
"""Kept free for the channel, the metadata and the flags that are sent along."""
MAX_GROUP = 12
"""Pieces that are kept together at most: a heading, its byline, its first bullet and that bullet's proof."""

_MAX_BLOCKS_WEIGHT = MAX_PAYLOAD_WEIGHT - MAX_FALLBACK_WEIGHT - FRAME_WEIGHT
_MAX_MARKER_WEIGHT = 200
_EMPTY = "Nothing to show."
_GOES_ON = "It goes on, but Slack shows no more here."


def render_bodies(message: Message, *, marker: str = "", max_blocks: int = MAX_BLOCKS) -> list[Json]:
    """Return the message as bodies {"text", "blocks"}, in order; the marker, if any, stands in each of them."""
    groups = _groups([piece for block in message.blocks for piece in pieces_of(block)])
    parts = _fill(groups, max_blocks=max_blocks - 1)
    return [_body(part, _tail(marker, number, len(parts))) for number, part in enumerate(parts, start=1)]


def render_view_blocks(message: Message) -> list[Json]:
    """Return the message as the blocks of a modal or a home page, which has no parts: what is beyond its limit goes.

    Slack takes thumbs in messages only.
    """
    pieces = [piece.block for block in message.blocks for piece in pieces_of(block)]
    blocks = _merge(block for block in pieces if block["type"] != "context_actions") or [section(_EMPTY)]
    if len(blocks) > MAX_VIEW_BLOCKS:
        blocks = [*blocks[: MAX_VIEW_BLOCKS - 1], context(_GOES_ON)]
    return blocks


def render_payloads(message: Message, *, marker: str) -> list[str]:
    """Return the bodies as JSON texts, the form the outbox keeps; the same message always gives the same bytes."""
    return [json.dumps(body, ensure_ascii=False, sort_keys=True) for body in render_bodies(message, marker=marker)]


def plain_body(body: Json) -> Json:
    """Return a body with the same words and no block but plain sections: what is sent when Slack refuses the format."""
    if all(block["type"] == "section" for block in body["blocks"]):
        return body
    words = "\n".join(_words_in(body["blocks"])) or _EMPTY
    sections = [section(piece) for piece in split_text(words, max_weight=MAX_TEXT_WEIGHT)]
    return {"text": body["text"], "blocks": sections}


def weigh_body(body: Json) -> int:
    """Return the weight of a body as it is compared with MAX_PAYLOAD_WEIGHT."""
    return weigh(json.dumps(body, ensure_ascii=False))


def part_label(number: int, total: int) -> str:
    """Return what stands in one body of several."""
    return f"Part {number} of {total}"


def _groups(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Put pieces that must not be parted into one group, unless the group alone would burst a body."""
    groups: list[list[Piece]] = []
    for piece in pieces:
        previous = groups[-1] if groups else []
        belongs = 0 < len(previous) < MAX_GROUP and (piece.clings or previous[-1].leads)
        if belongs and sum(other.weight for other in (*previous, piece)) <= _MAX_BLOCKS_WEIGHT:
            previous.append(piece)
        else:
            groups.append([piece])
    return groups


def _fill(groups: Sequence[list[Piece]], *, max_blocks: int) -> list[list[Piece]]:
    budget = _MAX_BLOCKS_WEIGHT - _MAX_MARKER_WEIGHT
    parts: list[list[Piece]] = [[]]
    weight = 0
    for group in groups:
        group_weight = sum(piece.weight for piece in group)
        too_many = len(_merge(piece.block for piece in (*parts[-1], *group))) > max_blocks
        if parts[-1] and (weight + group_weight > budget or too_many):
            parts.append([])
            weight = 0
        parts[-1].extend(group)
        weight += group_weight
    return [part[1:] if part and part[0].block["type"] == "divider" else part for part in parts]


def _body(part: Sequence[Piece], tail: str) -> Json:
    blocks = _merge(piece.block for piece in part) or [section(_EMPTY)]
    text = "\n".join(piece.text for piece in part if piece.text) or _EMPTY
    if tail:
        blocks.append(context(tail))
    return {"text": _fallback(text, tail), "blocks": blocks}


def _fallback(text: str, tail: str) -> str:
    """Return the notification text; the zero-width spaces that escaping adds are paid for from the same budget."""
    ending = f"\n{tail}" if tail else ""
    budget = MAX_FALLBACK_WEIGHT - weigh(escape_mrkdwn(ending))
    kept = text
    while weigh(escape_mrkdwn(kept)) > budget:
        growth = max(1.0, weigh(escape_mrkdwn(kept)) / max(1, weigh(kept)))
        target = min(int(budget / growth) - 10, weigh(kept) * 9 // 10)
        kept = shorten(kept.removesuffix(ELLIPSIS), max_weight=max(20, target))
    return escape_mrkdwn(kept + ending)


def _tail(marker: str, number: int, total: int) -> str:
    part = part_label(number, total) if total > 1 else ""
    return " · ".join(text for text in (part, shorten(one_line(marker), max_weight=100)) if text)


def _merge(blocks: Iterable[Json]) -> list[Json]:
    """Join neighbouring rich_text blocks while they stay short, and neighbouring list items into one list."""
    merged: list[Json] = []
    weight = 0
    for block in blocks:
        size = weigh(json.dumps(block, ensure_ascii=False))
        joins = bool(merged) and block["type"] == merged[-1]["type"] == "rich_text"
        if joins and weight + size <= MAX_TEXT_WEIGHT:
            merged[-1] = rich(*_join_lists([*merged[-1]["elements"], *block["elements"]]))
            weight += size
        else:
            merged.append(block)
            weight = size
    return merged


def _join_lists(elements: Sequence[Json]) -> list[Json]:
    joined: list[Json] = []
    for element in elements:
        last = joined[-1] if joined else {}
        if element["type"] == last.get("type") == "rich_text_list" and element["indent"] == last["indent"]:
            joined[-1] = {**last, "elements": [*last["elements"], *element["elements"]]}
        else:
            joined.append(element)
    return joined


def _words_in(value: Any) -> Iterator[str]:
    """Yield every text that readers see, in order; what stands in one list item stays on one line."""
    if isinstance(value, dict):
        if value.get("type") == "rich_text_section":
            yield "".join(str(run.get("text", "")) for run in value["elements"])
        elif value.get("type") not in ("actions", "context_actions"):
            text = value.get("text")
            if isinstance(text, str):
                yield text
            for child in (text, value.get("elements")):
                yield from _words_in(child)
    elif isinstance(value, list | tuple):
        for child in value:
            yield from _words_in(child)
