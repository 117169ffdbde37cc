"""What is said, apart from any platform: blocks of plain text and what can be pressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A title line; level 1 is the message's own, level 2 a section's. `marker` is its number in a list, or ""."""

    text: str
    level: int = 1
    marker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; `quiet` marks a remark that steps back behind the rest."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bullet as it is shown, the marks of the sentences it rests on, and those sentences when proof is asked."""

    text: str
    marks: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of lines."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under column names; every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """Closing lines that step back behind the rest: what a message rests on and what it leaves out."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A passage in the source's own words, and whose words they are."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The only live address a message may hold: an article's own stored URL."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses of articles."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something a reader can press. `action` is a verb and its arguments joined by ":", 90 characters at most.

    It is stable: a button of a message posted weeks ago, before any number of restarts, still does what it says.
    """

    label: str
    action: str
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """Buttons in a row; platforms that have none leave them out."""

    buttons: tuple[Button, ...]


Block = Heading | Paragraph | Bullets | Table | Footer | Quote | Links | Buttons


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a command answers, apart from any platform; every text in it is plain text, nothing in it is markup."""

    blocks: tuple[Block, ...]
