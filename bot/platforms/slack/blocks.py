"""What each block of a message becomes in Slack: small pieces, one block of Block Kit each. Pure.

Text from articles only ever stands in plain_text and rich_text, where Slack parses nothing.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.model import Block, Bullets, Button, Footer, Heading, Line, Links, Paragraph, Quote, Table
from bot.platforms.slack.doors import in_slacks_words
from bot.platforms.slack.neutralizing import live_url, one_line, shorten, shown, split_text, weigh

Json = dict[str, Any]

MAX_HEADER_CHARS = 150
"""Source: https://docs.slack.dev/reference/block-kit/blocks/header-block"""
MAX_TEXT_WEIGHT = 2_900
"""Of one block; a section takes 3,000. Source: https://docs.slack.dev/reference/block-kit/blocks/section-block"""
MAX_ACTIONS = 25
"""Elements of an actions block. Source: https://docs.slack.dev/reference/block-kit/blocks/actions-block"""
MAX_BUTTON_CHARS = 75
"""Source: https://docs.slack.dev/reference/block-kit/block-elements/button-element"""
MAX_TABLE_COLUMNS = 72
"""Character cells of a table that still fits a laptop's channel; wider ones become lists."""
PRESS_PREFIX = "press:"
"""Every button of a message carries an action_id that begins so; what follows is Button.action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One block, its fallback lines, and whether it belongs with the piece after (`leads`) or before it (`clings`)."""

    block: Json
    text: str = ""
    leads: bool = False
    clings: bool = False

    @property
    def weight(self) -> int:
        """How much of a body's budget the block takes, in characters as Slack may count them."""
        return weigh(json.dumps(self.block, ensure_ascii=False)) + 1


def pieces_of(block: Block) -> Iterator[Piece]:
    """Yield the pieces of one block of a message, in order; a long text becomes several."""
    if isinstance(block, Heading):
        yield from _heading_pieces(block)
    elif isinstance(block, Paragraph):
        for text in split_text(shown(block.text), max_weight=MAX_TEXT_WEIGHT):
            yield Piece(block=context(text) if block.quiet else section(text), text=text, leads=block.quiet)
    elif isinstance(block, Bullets):
        for line in block.lines:
            yield from _line_pieces(line)
    elif isinstance(block, Table):
        yield from _table_pieces(block)
    elif isinstance(block, Footer):
        lines = "\n".join(in_slacks_words(shown(line)) for line in block.lines)
        for text in split_text(lines, max_weight=MAX_TEXT_WEIGHT):
            yield Piece(block=context(text), text=text)
    elif isinstance(block, Quote):
        yield from _quote_pieces(block)
    elif isinstance(block, Links):
        for link in block.links:
            label, url = one_line(link.text) or one_line(link.url), live_url(link.url)
            label = shorten(label, max_weight=MAX_TEXT_WEIGHT // 2)
            element = {"type": "link", "url": url, "text": label} if url else _run(label)
            yield Piece(block=rich(_list([element])), text=f"• {label}")
    else:
        for actions in actions_blocks(block.buttons):
            yield Piece(block=actions, clings=True)


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


def plain(text: str) -> Json:
    """Return a plain_text object; `:smile:` stays what it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def section(text: str) -> Json:
    """Return a section of this text."""
    return {"type": "section", "text": plain(text)}


def context(text: str) -> Json:
    """Return a line in small print."""
    return {"type": "context", "elements": [plain(text)]}


def rich(*elements: Json) -> Json:
    """Return a rich_text block of these elements."""
    return {"type": "rich_text", "elements": list(elements)}


def _heading_pieces(heading: Heading) -> Iterator[Piece]:
    words = one_line(heading.text)
    text = f"{one_line(heading.marker)}. {words}" if heading.marker else words
    if heading.level == 1 and text and weigh(text) <= MAX_HEADER_CHARS:
        yield Piece(block={"type": "header", "text": plain(text)}, text=text, leads=True)
        return
    if heading.marker:
        yield Piece(block={"type": "divider"}, leads=True)
    for piece in split_text(text, max_weight=MAX_TEXT_WEIGHT):
        yield Piece(block=rich(_rich_section([_run(piece, bold=True)])), text=piece, leads=True)


def _line_pieces(line: Line) -> Iterator[Piece]:
    marks = f" [{', '.join(one_line(mark) for mark in line.marks)}]" if line.marks else ""
    chunks = split_text(one_line(line.text), max_weight=MAX_TEXT_WEIGHT - weigh(marks))
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        runs = [_run(chunk), _run(marks, italic=True)] if last and marks else [_run(chunk)]
        fallback = f"• {chunk}{marks if last else ''}"
        yield Piece(block=rich(_list(runs, indent=min(number, 1))), text=fallback, clings=bool(number))
    for sentence in line.proof:
        for chunk in split_text(one_line(sentence), max_weight=MAX_TEXT_WEIGHT):
            yield Piece(block=rich(_list([_run(chunk)], indent=1)), text=f"    {chunk}", clings=True)


def _quote_pieces(quote: Quote) -> Iterator[Piece]:
    for chunk in split_text(shown(quote.text), max_weight=MAX_TEXT_WEIGHT):
        yield Piece(block=rich({"type": "rich_text_quote", "elements": [_run(chunk)]}), text=f"“{chunk}”", leads=True)
    for source in split_text(one_line(quote.source), max_weight=MAX_TEXT_WEIGHT):
        yield Piece(block=context(source), text=f"— {source}", clings=True)


def _table_pieces(table: Table) -> Iterator[Piece]:
    rows = [tuple(one_line(cell) for cell in row) for row in (table.columns, *table.rows)]
    widths = [max(_cells(row[index]) for row in rows) for index in range(len(table.columns))]
    if sum(widths) + 2 * len(widths) > MAX_TABLE_COLUMNS:
        for row in rows[1:]:
            yield from _row_pieces(rows[0], row)
        return
    lines = ["  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]  # fmt: skip
    for chunk in _join_lines(lines, max_weight=MAX_TEXT_WEIGHT):
        yield Piece(block=rich({"type": "rich_text_preformatted", "elements": [_run(chunk)]}), text=chunk)


def _row_pieces(columns: Sequence[str], row: Sequence[str]) -> Iterator[Piece]:
    """Yield a row of a wide table as a list item: what it is about in bold, then the rest, named from the third on."""
    about = shorten(row[0], max_weight=MAX_TEXT_WEIGHT // 4) or "–"
    rest = [cell if index == 1 else f"{columns[index]}: {cell}" for index, cell in enumerate(row) if index and cell]
    first, *more = split_text(" · ".join(rest), max_weight=MAX_TEXT_WEIGHT // 2) or [""]
    runs = [_run(about, bold=True), _run(f" – {first}")] if first else [_run(about, bold=True)]
    yield Piece(block=rich(_list(runs)), text=f"• {about} – {first}" if first else f"• {about}")
    for chunk in more:
        yield Piece(block=rich(_list([_run(chunk)], indent=1)), text=f"    {chunk}", clings=True)


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


def _rich_section(runs: Sequence[Json]) -> Json:
    return {"type": "rich_text_section", "elements": list(runs)}


def _list(runs: Sequence[Json], *, indent: int = 0) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "indent": indent, "elements": [_rich_section(runs)]}


def _run(text: str, *, bold: bool = False, italic: bool = False) -> Json:
    style = {name: True for name, on in (("bold", bold), ("italic", italic)) if on}
    return {"type": "text", "text": text, "style": style} if style else {"type": "text", "text": text}


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
