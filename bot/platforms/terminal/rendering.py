"""Shows a message in the terminal with rich: text from articles is printed as it is, never read as markup."""

from __future__ import annotations

import io
import sys
from typing import TextIO

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table as RichTable
from rich.text import Text

from bot.model import Block, Bullets, Buttons, Footer, Heading, Line, Links, Message, Paragraph, Quote, Table
from bot.text.normalizing import strip_hidden

MAX_WIDTH = 110
"""Columns of running text; longer lines are tiring to read."""

PIPED_WIDTH = 100
"""Columns when standard output is no terminal."""


def show_message(message: Message, *, file: TextIO | None = None) -> None:
    """Print a message to standard output (or `file`), in colour when that is a terminal."""
    stream = file or sys.stdout
    if stream.isatty():
        console = new_console(stream, width=None)
        console.width = min(console.width, MAX_WIDTH)
        print_blocks(console, message)
    else:
        buffer = io.StringIO()
        print_blocks(new_console(buffer), message)
        # Rich fills every line up to the width; a file or a pipe has no use for that.
        stream.write("".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines()))
    stream.flush()


def new_console(stream: TextIO, *, width: int | None = PIPED_WIDTH, record: bool = False) -> Console:
    """Return a console that reads no markup in what it prints; without a width it takes the terminal's."""
    return Console(file=stream, record=record, highlight=False, markup=False, emoji=False, width=width)


def print_blocks(console: Console, message: Message) -> None:
    """Print a message's blocks to a console."""
    for block in message.blocks:
        for part in _parts(block):
            console.print(part)


def _parts(block: Block) -> list[RenderableType]:
    match block:
        case Heading():
            return _heading(block)
        case Paragraph():
            return [_indented(block.text, style="dim") if block.quiet else Text(_clean(block.text))]
        case Bullets():
            return [part for line in block.lines for part in _line(line)]
        case Quote():
            source = f" — {block.source}" if block.source else ""
            return [_indented(f"“{block.text}”{source}", style="italic")]
        case Links():
            return [_indented(f"{link.text}: {link.url}", style="blue") for link in block.links]
        case Table():
            return [_table(block)]
        case Footer():
            return [Text(), *(_indented(line, style="dim") for line in block.lines)]
        case Buttons():
            return []


def _indented(text: str, *, style: str) -> RenderableType:
    return Padding(Text(_clean(text), style=style), (0, 0, 0, 3))


def _heading(block: Heading) -> list[RenderableType]:
    text = _clean(block.text)
    if block.level == 1:
        return [Rule(Text(text, style="bold"), align="left", style="blue")]
    marker = f"{block.marker:>2} " if block.marker else "   "
    return [Text(), _hanging(Text(marker, style="bold cyan"), Text(text, style="bold"), indent=0)]


def _line(line: Line) -> list[RenderableType]:
    text = Text(_clean(line.text))
    if line.marks:
        text.append(f" [{', '.join(line.marks)}]", style="dim cyan")
    parts: list[RenderableType] = [_hanging(Text("•", style="cyan"), text, indent=3)]
    parts.extend(Padding(Text(_clean(sentence), style="dim italic"), (0, 0, 0, 7)) for sentence in line.proof)
    return parts


def _hanging(mark: Text, text: Text, *, indent: int) -> RenderableType:
    grid = RichTable.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")  # the default would cut a word that does not fit, and end it in dots
    grid.add_row(mark, text)
    return Padding(grid, (0, 0, 0, indent))


def _table(block: Table) -> RenderableType:
    table = RichTable(box=None, pad_edge=False, header_style="bold")
    for column in block.columns:
        table.add_column(column, overflow="fold")
    for row in block.rows:
        table.add_row(*(Text(_clean(cell)) for cell in row))
    return Padding(table, (0, 0, 0, 3))


def _clean(text: str) -> str:
    return " ".join(strip_hidden(text).split())
