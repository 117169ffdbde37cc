"""Prints what commands answer: as messages for people, or as JSON lines for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.digests.telling import digest_message
from bot.messages.rendering import render_markdown
from bot.messages.wording import byline_of, count_of, line_of, note_of
from bot.model import Article, Block, Bullets, Digest, Heading, Line, Message, Paragraph, Summary, Table
from bot.platforms.terminal.contracts import digest_object, to_line

MAX_CELL_CHARS = 90
"""Characters of a removed line that are shown in the terminal; the JSON has all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestForm:
    """How a digest is printed: for people by default."""

    json: bool = False
    markdown: bool = False
    proof: bool = False


def print_line(value: Mapping[str, Any]) -> None:
    """Print one JSON line and hand it on at once, so that a reader can work on it."""
    sys.stdout.write(to_line(value) + "\n")
    sys.stdout.flush()


def print_message(message: Message) -> None:
    """Print a message for people."""
    from bot.platforms.terminal.rendering import show_message

    show_message(message)


def print_digest(digest: Digest, form: DigestForm) -> None:
    """Print a digest in the form asked for."""
    if form.json:
        print_line(digest_object(digest))
    elif form.markdown:
        sys.stdout.write(render_markdown(digest_message(digest, with_proof=form.proof)))
        sys.stdout.flush()
    else:
        print_message(digest_message(digest, with_proof=form.proof))


def print_outcomes(blocks: Iterable[Block]) -> None:
    """Print some blocks as one message."""
    print_message(Message(blocks=tuple(blocks)))


def article_blocks(article: Article) -> list[Block]:
    """Return what was read of an article: where it comes from, its sentences, and every line taken out."""
    blocks: list[Block] = [
        Heading(text=article.title or "(no headline)"),
        Paragraph(text=byline_of(article), quiet=True),
    ]
    if article.deck:
        blocks.append(Paragraph(text=article.deck))
    if article.key_points:
        blocks.append(Heading(text="Key points", level=2))
        blocks.append(Bullets(lines=tuple(Line(text=point) for point in article.key_points)))
    blocks.append(Heading(text=count_of(len(article.sentences), "sentence"), level=2))
    blocks.append(
        Bullets(lines=tuple(Line(text=sentence.text, marks=(f"s{sentence.index}",)) for sentence in article.sentences))
    )
    if article.removed:
        blocks.append(Heading(text=f"{count_of(len(article.removed), 'line')} taken out", level=2))
        rows = tuple((str(line.line), line.reason, shortened(line.text)) for line in article.removed)
        blocks.append(Table(columns=("line", "reason", "text"), rows=rows))
    return blocks


def summary_blocks(article: Article, summary: Summary) -> list[Block]:
    """Return a summary with where its article comes from."""
    blocks: list[Block] = [
        Heading(text=summary.headline, level=2),
        Paragraph(text=byline_of(article), quiet=True),
        Bullets(lines=tuple(line_of(bullet) for bullet in summary.bullets)),
    ]
    if summary.note:
        blocks.append(Paragraph(text=note_of(summary), quiet=True))
    return blocks


def shortened(text: str) -> str:
    """Return a text cut to what a table cell shows, with an ellipsis when something is missing."""
    return text if len(text) <= MAX_CELL_CHARS else text[: MAX_CELL_CHARS - 1].rstrip() + "…"
