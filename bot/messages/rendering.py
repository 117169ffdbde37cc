"""Renders a message as plain text and as Markdown. Text from articles is escaped: it never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model import (
    Block,
    Bullets,
    Buttons,
    Footer,
    Heading,
    Line,
    Link,
    Links,
    Message,
    Paragraph,
    Quote,
    Table,
)
from bot.text.normalizing import strip_hidden

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~])")
_LIVE_URL = re.compile(r"(?i)\b(https?|ftp|www)(://|\.)")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\\]+")
_LEADING_LIST_MARK = re.compile(r"^(\s*)([-+*]|\d+[.)])(\s)")


def render_plain(message: Message) -> str:
    """Return the message as plain text, lines separated by newlines."""
    return "\n".join(line for block in message.blocks for line in _plain_lines(block)).strip("\n")


def render_markdown(message: Message) -> str:
    """Return the message as CommonMark (with tables); no link, image, HTML or mention in it is live."""
    return "\n".join(line for block in message.blocks for line in _markdown_lines(block)).strip("\n") + "\n"


def escape_markdown(text: str) -> str:
    """Return text that shows as itself in Markdown: marks escaped, hidden characters gone, addresses not live."""
    flat = " ".join(strip_hidden(text).split())
    escaped = _MARKDOWN_SPECIAL.sub(r"\\\1", flat)
    escaped = _LIVE_URL.sub(lambda match: match[1] + match[2][0] + "\u200b" + match[2][1:], escaped)
    escaped = escaped.replace("@", "@\u200b")
    return _LEADING_LIST_MARK.sub(r"\1\\\2\3", escaped)


def _plain_lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield ""
            yield f"{block.marker}  {block.text}" if block.marker else block.text
        case Paragraph():
            yield block.text
        case Bullets():
            for line in block.lines:
                yield f"  • {line.text}{_marks(line)}"
                for sentence in line.proof:
                    yield f"      {sentence}"
        case Quote():
            yield f"  “{block.text}”" + (f" — {block.source}" if block.source else "")
        case Links():
            yield from (f"  {link.text}: {link.url}" for link in block.links)
        case Table():
            yield from _plain_table(block)
        case Footer():
            yield ""
            yield from block.lines
        case Buttons():
            pass  # nothing to press here


def _plain_table(table: Table) -> Iterator[str]:
    widths = [max(len(row[i]) for row in (table.columns, *table.rows)) for i in range(len(table.columns))]
    for row in (table.columns, *table.rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _markdown_lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            marker = f"{block.marker}. " if block.marker else ""
            yield f"{'#' * block.level} {marker}{escape_markdown(block.text)}"
            yield ""
        case Paragraph():
            text = escape_markdown(block.text)
            yield f"*{text}*" if block.quiet else text
            yield ""
        case Bullets():
            for line in block.lines:
                yield f"- {escape_markdown(line.text)}{escape_markdown(_marks(line))}"
                yield from (f"  > {escape_markdown(sentence)}" for sentence in line.proof)
            yield ""
        case Quote():
            yield f"> {escape_markdown(block.text)}"
            if block.source:
                yield f"> — {escape_markdown(block.source)}"
            yield ""
        case Links():
            yield from (f"- {_markdown_link(link)}" for link in block.links)
            yield ""
        case Table():
            yield from _markdown_table(block)
        case Footer():
            yield from (f"*{escape_markdown(line)}*  " for line in block.lines)
        case Buttons():
            pass  # nothing to press here


def _markdown_link(link: Link) -> str:
    # Inside angle brackets only these characters could end the address or the line.
    if not _WEB_ADDRESS.fullmatch(link.url):
        return escape_markdown(f"{link.text}: {link.url}")
    return f"[{escape_markdown(link.text)}](<{link.url}>)"


def _markdown_table(block: Table) -> Iterator[str]:
    yield "| " + " | ".join(escape_markdown(cell) for cell in block.columns) + " |"
    yield "|" + " --- |" * len(block.columns)
    for row in block.rows:
        yield "| " + " | ".join(escape_markdown(cell) for cell in row) + " |"
    yield ""


def _marks(line: Line) -> str:
    return f" [{', '.join(line.marks)}]" if line.marks else ""
