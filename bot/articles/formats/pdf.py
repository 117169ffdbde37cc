"""PDF: the text of its pages by PDFium, with paragraphs told by the space between lines.

PDFium gives lines, not paragraphs; where a line stands further below the one before than lines of its page do, a
blank line goes in. What repeats at the top or foot of the pages, and page numbers, are taken out. The rest is
wrapped text like any other and goes to the cleaner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from bot.articles.formats.stated import read_line, read_moment
from bot.articles.raw import RawArticle, RawArticles
from bot.errors import BadArticle
from bot.model import RemovedLine

MAX_PAGES = 1_000
MAX_CHARS = 3_000_000  # a little more than an article may have, so that the reason given is the same
WIDE_GAP = 1.35  # of the usual distance between two lines of the page: a paragraph ends there
MIN_REPEATS = 3  # a line at the edge of so many pages is a running head
EDGE_LINES = 2  # running heads have one line or two
_BREAK_HYPHEN = re.compile("[\x02\ufffe\u00ad]\\s*\n?")  # how PDFium marks a hyphen at the end of a line
_PAGE_NUMBER = re.compile(
    r"(?i)[-–—\s|]*(?:page|seite|p\.|페이지)?\s*\d{1,4}\s*(?:(?:of|/|von|sur|de)\s*\d{1,4})?[-–—\s|]*$"
)
_DIGITS = re.compile(r"\d+")
_NO_TITLE = re.compile(
    r"(?i)(?:untitled|microsoft word|powerpoint|document\d*$|\(?anonymous\)?|.*\.(?:docx?|pdf|indd|qxd|pages|odt|tex)$)"
)
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?(\d{2})?(Z|[+-]\d{2})?'?(\d{2})?")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a page; `top` and `bottom` are in points from the foot of the page, None when unknown."""

    text: str
    top: float | None = None
    bottom: float | None = None


def read_pdf(data: bytes, path: str) -> RawArticles:
    """Return the article of a PDF.

    Raises: BadArticle when it is protected, damaged or has no text.
    """
    import pypdfium2  # loads a shared library

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadArticle("is protected by a password: save it without one", path=path) from error
        raise BadArticle("is a damaged PDF: save or download it again", path=path) from error
    try:
        if len(document) > MAX_PAGES:
            raise BadArticle(f"has {len(document)} pages, more than {MAX_PAGES}: save the article's pages", path=path)
        pages = _read_pages(document, path)
        properties = document.get_metadata_dict()
    except pypdfium2.PdfiumError as error:
        raise BadArticle("is a damaged PDF: save or download it again", path=path) from error
    finally:
        document.close()
    text, removed = _join_pages(pages)
    if not text.strip():
        raise BadArticle("has no text in it, only pictures: save it with recognised text (OCR)", path=path)
    title = _title(properties.get("Title"), text)
    return RawArticles(
        [
            RawArticle(
                text=text,
                title_hint=title,
                modified_at=_pdf_moment(properties.get("ModDate") or properties.get("CreationDate")),
                removed=removed,
            )
        ]
    )


def _read_pages(document: Any, path: str) -> list[list[_Line]]:
    pages: list[list[_Line]] = []
    chars = 0
    for page in document:
        text_page = page.get_textpage()
        lines = _page_lines(text_page)
        text_page.close()
        page.close()
        chars += sum(len(line.text) for line in lines)
        if chars > MAX_CHARS:
            raise BadArticle(f"has more than {MAX_CHARS:,} characters: save the article's pages", path=path)
        pages.append(lines)
    return pages


def _page_lines(text_page: Any) -> list[_Line]:
    """Return the lines of a page; their places are only known when PDFium counts characters as Python does."""
    text = text_page.get_text_range()
    placed = len(text) == text_page.count_chars()
    lines: list[_Line] = []
    start = 0
    for part in text.split("\n"):
        shown = part.rstrip("\r")
        if shown.strip():
            lines.append(_placed(text_page, shown, start) if placed else _Line(shown.strip()))
        start += len(part) + 1
    return lines


def _placed(text_page: Any, shown: str, start: int) -> _Line:
    first = start + len(shown) - len(shown.lstrip())
    _, bottom, _, top = text_page.get_charbox(first, loose=True)
    return _Line(shown.strip(), top, bottom)


def _join_pages(pages: Sequence[Sequence[_Line]]) -> tuple[str, tuple[RemovedLine, ...]]:
    """Return the text of all pages, and the running heads and page numbers that are not in it."""
    running = _running_heads(pages)
    lines: list[str] = []
    removed: list[RemovedLine] = []
    for page in pages:
        gap = _usual_gap(page)
        before: _Line | None = None
        for place, line in enumerate(page):
            at_edge = place < EDGE_LINES or place >= len(page) - EDGE_LINES
            reason = _furniture(line.text, running) if at_edge else None
            if before is not None and _starts_paragraph(before, line, gap):
                lines.append("")
            before = line
            lines.append("" if reason else line.text)
            if reason:
                removed.append(RemovedLine(line=len(lines), text=line.text, reason=reason))
    return _BREAK_HYPHEN.sub("", "\n".join(lines)), tuple(removed)


def _running_heads(pages: Sequence[Sequence[_Line]]) -> frozenset[str]:
    """Return the lines, digits aside, that stand at the edge of most pages."""
    counts = Counter(
        key
        for page in pages
        for key in {_DIGITS.sub("0", line.text) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])}
    )
    fewest = max(MIN_REPEATS, len(pages) // 2)
    return frozenset(key for key, count in counts.items() if count >= fewest)


def _furniture(text: str, running: frozenset[str]) -> str | None:
    if _PAGE_NUMBER.match(text):
        return "page number"
    return "running head" if _DIGITS.sub("0", text) in running else None


def _usual_gap(page: Sequence[_Line]) -> float:
    """Return the distance between the feet of two lines of a paragraph, in points; 0 when unknown."""
    gaps = [
        above.bottom - below.bottom
        for above, below in pairwise(page)
        if above.bottom is not None and below.bottom is not None and above.bottom > below.bottom
    ]
    return median(gaps) if len(gaps) >= 3 else 0.0


def _starts_paragraph(above: _Line, below: _Line, gap: float) -> bool:
    """Tell whether a line stands apart from the one above it: further down, or at the top of another column."""
    if not gap or above.bottom is None or below.bottom is None:
        return False
    return above.bottom - below.bottom > gap * WIDE_GAP


def _title(stated: object, text: str) -> str | None:
    """Return the document's stated title when it is one: programs fill in the file's name or their own."""
    title = read_line(stated)
    if not title or len(title.split()) < 2 or _NO_TITLE.match(title):
        return None
    return title


def _pdf_moment(stamp: object) -> Any:
    match = _PDF_DATE.match(stamp) if isinstance(stamp, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second, zone, zone_minutes = match.groups()
    offset = f"{zone}:{zone_minutes or '00'}" if zone and zone != "Z" else "Z"
    return read_moment(f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{offset}")[0]
