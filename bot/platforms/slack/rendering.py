"""Turns a message into Block Kit bodies within every limit of Slack; pure, nothing is sent from here.

A message becomes small pieces (one block each), pieces that belong together form groups, and groups fill parts. A long
list is cut between its bullets. Text from articles only ever stands in plain_text and rich_text.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.model import Block, Bullets, Button, Footer, Heading, Line, Links, Message, Paragraph, Quote, Table
from bot.platforms.slack.doors import in_slacks_words
from bot.platforms.slack.neutralizing import (
    ELLIPSIS,
    escape_mrkdwn,
    live_url,
    one_line,
    shorten,
    shown,
    split_text,
    weigh,
)

Json = dict[str, Any]

MAX_BLOCKS = 50
"""Blocks of a message. Source: https://docs.slack.dev/reference/block-kit/blocks"""
MAX_HEADER_CHARS = 150
"""Source: https://docs.slack.dev/reference/block-kit/blocks/header-block"""
MAX_TEXT_WEIGHT = 2_900
"""Of one block; a section takes 3,000. Source: https://docs.slack.dev/reference/block-kit/blocks/section-block"""
MAX_ACTIONS = 25
"""Elements of an actions block. Source: https://docs.slack.dev/reference/block-kit/blocks/actions-block"""
MAX_BUTTON_CHARS = 75
"""Source: https://docs.slack.dev/reference/block-kit/block-elements/button-element"""
MAX_PAYLOAD_WEIGHT = 10_000
"""Characters of a whole body; Slack answers msg_blocks_too_long near 13,200 (undocumented)."""
MAX_FALLBACK_WEIGHT = 2_000
"""Of the fallback text: enough for notifications and screen readers, and the blocks keep most of the budget."""
FRAME_WEIGHT = 500
"""Kept free for the channel, the metadata and the flags that are sent along."""
MAX_TABLE_COLUMNS = 72
"""Character cells of a table that still fits a laptop's channel; wider ones become lists."""
MAX_GROUP = 12
"""Pieces that are kept together at most: a heading, its byline, its first bullet and that bullet's proof."""
PRESS_PREFIX = "press:"
"""Every button of a message carries an action_id that begins so; what follows is Button.action."""

_MAX_BLOCKS_WEIGHT = MAX_PAYLOAD_WEIGHT - MAX_FALLBACK_WEIGHT - FRAME_WEIGHT
_MAX_MARKER_WEIGHT = 200
_EMPTY = "Nothing to show."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """One block, its fallback lines, and whether it belongs with the piece after (`leads`) or before it (`clings`)."""

    block: Json
    text: str = ""
    leads: bool = False
    clings: bool = False

    @property
    def weight(self) -> int:
        return weigh(json.dumps(self.block, ensure_ascii=False)) + 1


def render_bodies(message: Message, *, marker: str = "", max_blocks: int = MAX_BLOCKS) -> list[Json]:
    """Return the message as bodies {"text", "blocks"}, in order; the marker, if any, stands in each of them."""
    groups = _groups([piece for block in message.blocks for piece in _pieces_of(block)])
    parts = _fill(groups, max_blocks=max_blocks - 1)
    return [_body(part, _tail(marker, number, len(parts))) for number, part in enumerate(parts, start=1)]


def render_payloads(message: Message, *, marker: str) -> list[str]:
    """Return the bodies as JSON texts, the form the outbox keeps; the same message always gives the same bytes."""
    return [json.dumps(body, ensure_ascii=False, sort_keys=True) for body in render_bodies(message, marker=marker)]


def plain_body(body: Json) -> Json:
    """Return a body with the same words and no block but plain sections: what is sent when Slack refuses the format."""
    if all(block["type"] == "section" for block in body["blocks"]):
        return body
    words = "\n".join(_words_in(body["blocks"])) or _EMPTY
    sections = [_section(piece) for piece in split_text(words, max_weight=MAX_TEXT_WEIGHT)]
    return {"text": body["text"], "blocks": sections}


def weigh_body(body: Json) -> int:
    """Return the weight of a body as it is compared with MAX_PAYLOAD_WEIGHT."""
    return weigh(json.dumps(body, ensure_ascii=False))


def actions_blocks(buttons: Sequence[Button]) -> list[Json]:
    """Return blocks with these buttons; a thumb up and a thumb down become Slack's own feedback buttons."""
    thumbs = {button.action.split(":")[1]: button for button in buttons if button.action.startswith("vote:")}
    paired = [thumbs["up"], thumbs["down"]] if set(thumbs) == {"up", "down"} else []
    rest = list({button.action: button for button in buttons if button not in paired}.values())
    blocks: list[Json] = [
        {"type": "actions", "elements": [_button(button) for button in rest[start : start + MAX_ACTIONS]]}
        for start in range(0, len(rest), MAX_ACTIONS)
    ]
    if paired:
        blocks.append({"type": "context_actions", "elements": [_feedback(paired)]})
    return blocks


def part_label(number: int, total: int) -> str:
    """Return what stands in one body of several."""
    return f"Part {number} of {total}"


def plain(text: str) -> Json:
    """Return a plain_text object; `:smile:` stays what it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _pieces_of(block: Block) -> Iterator[_Piece]:
    if isinstance(block, Heading):
        yield from _heading_pieces(block)
    elif isinstance(block, Paragraph):
        for text in split_text(shown(block.text), max_weight=MAX_TEXT_WEIGHT):
            yield _Piece(block=_context(text) if block.quiet else _section(text), text=text, leads=block.quiet)
    elif isinstance(block, Bullets):
        for line in block.lines:
            yield from _line_pieces(line)
    elif isinstance(block, Table):
        yield from _table_pieces(block)
    elif isinstance(block, Footer):
        lines = "\n".join(in_slacks_words(shown(line)) for line in block.lines)
        for text in split_text(lines, max_weight=MAX_TEXT_WEIGHT):
            yield _Piece(block=_context(text), text=text)
    elif isinstance(block, Quote):
        yield from _quote_pieces(block)
    elif isinstance(block, Links):
        for link in block.links:
            label, url = one_line(link.text) or one_line(link.url), live_url(link.url)
            label = shorten(label, max_weight=MAX_TEXT_WEIGHT // 2)
            element = {"type": "link", "url": url, "text": label} if url else _run(label)
            yield _Piece(block=_rich(_list([element])), text=f"• {label}")
    else:
        for actions in actions_blocks(block.buttons):
            yield _Piece(block=actions, clings=True)


def _heading_pieces(heading: Heading) -> Iterator[_Piece]:
    words = one_line(heading.text)
    text = f"{one_line(heading.marker)}. {words}" if heading.marker else words
    if heading.level == 1 and text and weigh(text) <= MAX_HEADER_CHARS:
        yield _Piece(block={"type": "header", "text": plain(text)}, text=text, leads=True)
        return
    if heading.marker:
        yield _Piece(block={"type": "divider"}, leads=True)
    for piece in split_text(text, max_weight=MAX_TEXT_WEIGHT):
        yield _Piece(block=_rich(_rich_section([_run(piece, bold=True)])), text=piece, leads=True)


def _line_pieces(line: Line) -> Iterator[_Piece]:
    marks = f" [{', '.join(one_line(mark) for mark in line.marks)}]" if line.marks else ""
    chunks = split_text(one_line(line.text), max_weight=MAX_TEXT_WEIGHT - weigh(marks))
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        runs = [_run(chunk), _run(marks, italic=True)] if last and marks else [_run(chunk)]
        fallback = f"• {chunk}{marks if last else ''}"
        yield _Piece(block=_rich(_list(runs, indent=min(number, 1))), text=fallback, clings=bool(number))
    for sentence in line.proof:
        for chunk in split_text(one_line(sentence), max_weight=MAX_TEXT_WEIGHT):
            yield _Piece(block=_rich(_list([_run(chunk)], indent=1)), text=f"    {chunk}", clings=True)


def _quote_pieces(quote: Quote) -> Iterator[_Piece]:
    for chunk in split_text(shown(quote.text), max_weight=MAX_TEXT_WEIGHT):
        yield _Piece(block=_rich({"type": "rich_text_quote", "elements": [_run(chunk)]}), text=f"“{chunk}”", leads=True)
    for source in split_text(one_line(quote.source), max_weight=MAX_TEXT_WEIGHT):
        yield _Piece(block=_context(source), text=f"— {source}", clings=True)


def _table_pieces(table: Table) -> Iterator[_Piece]:
    rows = [tuple(one_line(cell) for cell in row) for row in (table.columns, *table.rows)]
    widths = [max(_cells(row[index]) for row in rows) for index in range(len(table.columns))]
    if sum(widths) + 2 * len(widths) > MAX_TABLE_COLUMNS:
        for row in rows[1:]:
            yield from _row_pieces(rows[0], row)
        return
    lines = ["  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]  # fmt: skip
    for chunk in _join_lines(lines, max_weight=MAX_TEXT_WEIGHT):
        yield _Piece(block=_rich({"type": "rich_text_preformatted", "elements": [_run(chunk)]}), text=chunk)


def _row_pieces(columns: Sequence[str], row: Sequence[str]) -> Iterator[_Piece]:
    """Yield a row of a wide table as a list item: what it is about in bold, then the rest, named from the third on."""
    about = shorten(row[0], max_weight=MAX_TEXT_WEIGHT // 4) or "–"
    rest = [cell if index == 1 else f"{columns[index]}: {cell}" for index, cell in enumerate(row) if index and cell]
    first, *more = split_text(" · ".join(rest), max_weight=MAX_TEXT_WEIGHT // 2) or [""]
    runs = [_run(about, bold=True), _run(f" – {first}")] if first else [_run(about, bold=True)]
    yield _Piece(block=_rich(_list(runs)), text=f"• {about} – {first}" if first else f"• {about}")
    for chunk in more:
        yield _Piece(block=_rich(_list([_run(chunk)], indent=1)), text=f"    {chunk}", clings=True)


def _join_lines(lines: Iterable[str], *, max_weight: int) -> Iterator[str]:
    chunk = ""
    for line in lines:
        if chunk and weigh(chunk) + 1 + weigh(line) > max_weight:
            yield chunk
            chunk = line
        else:
            chunk = f"{chunk}\n{line}" if chunk else line
    if chunk.strip():
        yield chunk


def _groups(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Put pieces that must not be parted into one group, unless the group alone would burst a body."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        previous = groups[-1] if groups else []
        belongs = 0 < len(previous) < MAX_GROUP and (piece.clings or previous[-1].leads)
        if belongs and sum(other.weight for other in (*previous, piece)) <= _MAX_BLOCKS_WEIGHT:
            previous.append(piece)
        else:
            groups.append([piece])
    return groups


def _fill(groups: Sequence[list[_Piece]], *, max_blocks: int) -> list[list[_Piece]]:
    budget = _MAX_BLOCKS_WEIGHT - _MAX_MARKER_WEIGHT
    parts: list[list[_Piece]] = [[]]
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


def _body(part: Sequence[_Piece], tail: str) -> Json:
    blocks = _merge(piece.block for piece in part) or [_section(_EMPTY)]
    text = "\n".join(piece.text for piece in part if piece.text) or _EMPTY
    if tail:
        blocks.append(_context(tail))
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
            merged[-1] = _rich(*_join_lists([*merged[-1]["elements"], *block["elements"]]))
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


def _button(button: Button) -> Json:
    label = shorten(one_line(button.label), max_weight=MAX_BUTTON_CHARS) or "Open"
    element: Json = {
        "type": "button",
        "action_id": PRESS_PREFIX + button.action,
        "value": button.action,
        "text": plain(label),
    }
    return element if button.style == "plain" else {**element, "style": button.style}


def _feedback(votes: Sequence[Button]) -> Json:
    def half(button: Button, spoken: str) -> Json:
        label = shorten(one_line(button.label), max_weight=MAX_BUTTON_CHARS) or spoken
        return {"text": plain(label), "accessibility_label": spoken, "value": button.action}

    return {
        "type": "feedback_buttons",
        "action_id": PRESS_PREFIX + "vote",
        "positive_button": half(votes[0], "Useful"),
        "negative_button": half(votes[1], "Not useful"),
    }


def _section(text: str) -> Json:
    return {"type": "section", "text": plain(text)}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [plain(text)]}


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _rich_section(runs: Sequence[Json]) -> Json:
    return {"type": "rich_text_section", "elements": list(runs)}


def _list(runs: Sequence[Json], *, indent: int = 0) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": [_rich_section(runs)]}


def _run(text: str, *, bold: bool = False, italic: bool = False) -> Json:
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
