"""PDF: the text of its pages by PDFium, with paragraphs told by where the lines stand.

PDFium gives lines, not paragraphs. A line belongs to the paragraph of the one above it when it follows at the usual
distance, in the same size, and its first word would not have fitted above. What repeats at the top or foot of the
pages, and page numbers, are taken out; the rest goes to the cleaner.
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
WIDE_GAP = 1.3  # of the usual distance between two lines: a paragraph ends there
OTHER_SIZE = 1.12  # lines whose heights differ by more are of different sizes: headline and text
SLACK_CHARS = 2  # a word that would just have fitted may not have, letters being of different widths
SAME_COLUMN = 3.0  # lines that begin within so many heights of each other share a right margin
FEWEST_GAPS = 3  # fewer distances tell nothing of what is usual
MIN_REPEATS = 2  # a line at the edge of so many pages, and of half of all, is a running head
EDGE_LINES = 2  # running heads have one line or two
_BREAK_HYPHEN = re.compile("[\x02\ufffe\u00ad]\\s*\n?")  # how PDFium marks a hyphen at the end of a line
_PAGE_NUMBER = re.compile(
    r"(?i)[-–—\s|]*(?:page|seite|p\.|페이지)?\s*\d{1,4}\s*(?:(?:of|/|von|sur|de)\s*\d{1,4})?[-–—\s|]*$"
)
_ENDED = re.compile(r"[.!?。！？…:]['\"”’»)\]」』）]*$")
# First parts of compounds keep their hyphen ("non-", "co-"); other short words before one may be a compound as well.
_CUT_WORD = re.compile(
    r"(?i)[a-zà-ÿ]{2}-$(?<!\bnon-)(?<!\bself-)(?<!\banti-)(?<!\bhalf-)(?<!\bwell-)(?<!\bpre-)(?<!\bre-)"
)
_UNSPACED = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")
_DIGITS = re.compile(r"\d+")
_NO_TITLE = re.compile(
    r"(?i)(?:untitled|microsoft word|powerpoint|document\d*$|\(?anonymous\)?|.*\.(?:docx?|pdf|indd|qxd|pages|odt|tex)$)"
)
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})(\d{2})?(\d{2})?(\d{2})?(Z|[+-]\d{2})?'?(\d{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Box:
    """Where a line stands, in points from the page's lower left corner."""

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a page; `box` is None when its place is unknown."""

    text: str
    box: _Box | None = None


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
    text = shown.strip()
    first = start + shown.index(text)
    left, bottom, _, top = text_page.get_charbox(first, loose=True)
    _, _, right, _ = text_page.get_charbox(first + len(text) - 1, loose=True)
    return _Line(text, _Box(left=left, right=right, bottom=bottom, top=top))


def _join_pages(pages: Sequence[Sequence[_Line]]) -> tuple[str, tuple[RemovedLine, ...]]:
    """Return the text of all pages, one line a paragraph, and the running heads and page numbers not in it."""
    running = _running_heads(pages)
    lines: list[str] = []
    removed: list[RemovedLine] = []
    above: _Line | None = None
    for page in pages:
        column = _Column.of([line for line in page if _furniture(line.text, running) is None])
        for place, line in enumerate(page):
            at_edge = place < EDGE_LINES or place >= len(page) - EDGE_LINES
            reason = _furniture(line.text, running) if at_edge else None
            if reason:
                lines.append("")
                removed.append(RemovedLine(line=len(lines), text=line.text, reason=reason))
                continue
            if above is not None and column.continues(above, line):
                last = next(number for number in range(len(lines) - 1, -1, -1) if lines[number])
                lines[last] = _joined(lines[last], line.text)
            else:
                lines.extend(["", line.text] if line.box else [line.text])
            above = line
    return _BREAK_HYPHEN.sub("", "\n".join(lines)), tuple(removed)


def _running_heads(pages: Sequence[Sequence[_Line]]) -> frozenset[str]:
    """Return the lines, digits aside, that stand at the edge of most pages."""
    counts = Counter(
        key
        for page in pages
        for key in {_DIGITS.sub("0", line.text) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])}
    )
    fewest = max(MIN_REPEATS, (len(pages) + 1) // 2)
    return frozenset(key for key, count in counts.items() if count >= fewest)


def _furniture(text: str, running: frozenset[str]) -> str | None:
    if _PAGE_NUMBER.match(text):
        return "page number"
    return "running head" if _DIGITS.sub("0", text) in running else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """How the lines of one page are set: `gap` is from one line's foot to the next one's, 0 when unknown."""

    gap: float
    boxes: tuple[_Box, ...]

    @staticmethod
    def of(page: Sequence[_Line]) -> _Column:
        boxes = tuple(line.box for line in page if line.box)
        gaps = [above.bottom - below.bottom for above, below in pairwise(boxes) if above.bottom > below.bottom]
        return _Column(gap=median(gaps) if len(gaps) >= FEWEST_GAPS else 0.0, boxes=boxes)

    def continues(self, above: _Line, below: _Line) -> bool:
        """Tell whether a line belongs to the paragraph of the one above it."""
        if above.box is None or below.box is None:
            return False
        height, height_below = above.box.top - above.box.bottom, below.box.top - below.box.bottom
        if max(height, height_below) > min(height, height_below) * OTHER_SIZE:
            return False
        drop = above.box.bottom - below.box.bottom
        if drop <= 0:  # the next page or column
            return self._is_full(above, below) and not _ENDED.search(above.text)
        if self.gap and drop > max(self.gap * WIDE_GAP, height_below * WIDE_GAP):
            return False
        if below.box.left - above.box.left > height_below and _ENDED.search(above.text):  # an indented first line
            return False
        return self._is_full(above, below)

    def _is_full(self, above: _Line, below: _Line) -> bool:
        """Tell whether the first word of `below` would not have fitted at the end of `above`."""
        assert above.box is not None
        assert below.box is not None
        if below.text[0].islower() and not _ENDED.search(above.text):
            return True
        reach = SAME_COLUMN * (above.box.top - above.box.bottom)
        margin = max(
            (box.right for box in self.boxes if abs(box.left - above.box.left) < reach), default=above.box.right
        )
        word = below.text.split(" ", 1)[0]
        width = (below.box.right - below.box.left) * (len(word) + SLACK_CHARS) / max(len(below.text), 1)
        return above.box.right + width > margin


def _joined(above: str, below: str) -> str:
    """Return two lines of a paragraph as one: a word cut by a hyphen whole, Han and kana without a space."""
    if _BREAK_HYPHEN.search(above[-1:]):
        return above[:-1] + below
    if _CUT_WORD.search(above) and below[:1].islower():
        return above[:-1] + below
    if _UNSPACED.match(above[-1:]) and _UNSPACED.match(below[:1]):
        return above + below
    return f"{above} {below}"


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
