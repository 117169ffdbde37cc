"""Paragraphs from the lines of printed pages, told by where the lines stand. Pure geometry; no PDF library here.

A line belongs to the paragraph of the one above it when it follows at the usual distance, in the same size, and its
first word would not have fitted above. What repeats at the top or foot of the pages, and page numbers, are taken out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.model import RemovedLine
from bot.text.lazy import compile_later

WIDE_GAP = 1.3  # of the usual distance between two lines: a paragraph ends there
OTHER_SIZE = 1.12  # lines whose heights differ by more are of different sizes: headline and text
SLACK_CHARS = 2  # a word that would just have fitted may not have, letters being of different widths
SAME_COLUMN = 3.0  # lines that begin within so many heights of each other share a right margin
FEWEST_GAPS = 3  # fewer distances tell nothing of what is usual
MIN_REPEATS = 2  # a line at the edge of so many pages, and of half of all, is a running head
FEWEST_SPACED = 3  # so many lines that end with a space, and the others' last words go on
MAX_CUT_CHARS = 40  # no word's first half is longer
EDGE_LINES = 2  # running heads have one line or two
CUT_MARK = "\x02"  # at the end of a line: its last word goes on in the next one

_PAGE_NUMBER = compile_later(
    r"(?i)[-–—\s|]*(?:page|seite|p\.|페이지)?\s*\d{1,4}\s*(?:(?:of|/|von|sur|de)\s*\d{1,4})?[-–—\s|]*$"
)
_PAGE_DIGITS = compile_later(r"^\d{1,4}\b|\b\d{1,4}$")
_ENDED = compile_later(r"[.!?。！？…:]['\"”’»)\]」』）]*$")
_CUT_WORD = compile_later(r"([^\W\d_]+)-$")
# First parts of compounds: a break after them keeps the hyphen.
_COMPOUND_FIRST = frozenset({
    "non", "self", "anti", "half", "well", "pre", "post", "co", "ex", "re", "semi", "multi", "mid", "pro", "cross",
    "high", "low", "long", "short", "full", "part", "two", "three", "four", "five", "six", "cease", "vice",
})  # fmt: skip
_HANGUL = compile_later("[가-힣]")
_UNSPACED = compile_later(r"[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Where a line stands, in points from the page's lower left corner."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        """The line's height, which is that of its font."""
        return self.top - self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; `box` is None when its place is unknown. `spaced` says that a space ends it."""

    text: str
    box: Box | None = None
    spaced: bool = False


def join_pages(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[RemovedLine, ...]]:
    """Return the text of all pages, one line a paragraph, and the running heads and page numbers not in it.

    Lines whose place is unknown stay lines: the cleaner unwraps them.
    """
    running = _running_heads(pages)
    keeps_spaces = sum(line.spaced for page in pages for line in page) >= FEWEST_SPACED
    lines: list[str] = []
    removed: list[RemovedLine] = []
    above: Line | None = None
    paragraph: list[str] = []  # the pieces of the last one, joined when it ends
    for page in pages:
        setting = _Setting.of([line for line in page if _furniture(line.text, running) is None])
        for place, line in enumerate(page):
            at_edge = place < EDGE_LINES or place >= len(page) - EDGE_LINES
            reason = _furniture(line.text, running) if at_edge else None
            if reason:
                lines.append("")
                removed.append(RemovedLine(line=len(lines), text=line.text, reason=reason))
                continue
            if above is not None and setting.continues(above, line):
                within_word = keeps_spaces and not above.spaced
                paragraph[-1] = _end_before(paragraph[-1], line.text, within_word=within_word)
                paragraph.append(line.text)
            else:
                _end_paragraph(lines, paragraph, above)
                paragraph = [line.text]
            above = line
    _end_paragraph(lines, paragraph, above)
    return "\n".join(lines).replace(CUT_MARK, "-"), tuple(removed)


def _end_paragraph(lines: list[str], paragraph: Sequence[str], last: Line | None) -> None:
    """Add a paragraph and a blank line, which a line of unknown place does not get: it may be one of many."""
    if last is not None:
        lines.append("".join(paragraph))
        if last.box is not None:
            lines.append("")


def _running_heads(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Return the lines, page numbers aside, that stand at the edge of most pages."""
    counts = Counter(
        key
        for page in pages
        for key in {_PAGE_DIGITS.sub("0", line.text) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])}
    )
    fewest = max(MIN_REPEATS, (len(pages) + 1) // 2)
    return frozenset(key for key, count in counts.items() if count >= fewest)


def _furniture(text: str, running: frozenset[str]) -> str | None:
    if _PAGE_NUMBER.match(text):
        return "page number"
    return "running head" if _PAGE_DIGITS.sub("0", text) in running else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """How the lines of one page are set: `gap` is from one line's foot to the next one's, 0 when unknown."""

    gap: float
    boxes: tuple[Box, ...]

    @staticmethod
    def of(page: Sequence[Line]) -> _Setting:
        boxes = tuple(line.box for line in page if line.box)
        gaps = [above.bottom - below.bottom for above, below in pairwise(boxes) if above.bottom > below.bottom]
        return _Setting(gap=median(gaps) if len(gaps) >= FEWEST_GAPS else 0.0, boxes=boxes)

    def continues(self, above: Line, below: Line) -> bool:
        """Tell whether a line belongs to the paragraph of the one above it."""
        if above.text.endswith(CUT_MARK):
            return True
        upper, lower = above.box, below.box
        if upper is None or lower is None:
            return False
        if max(upper.height, lower.height) > min(upper.height, lower.height) * OTHER_SIZE:
            return False
        drop = upper.bottom - lower.bottom
        ended = _ENDED.search(above.text) is not None
        on_this_page = drop > 0  # else in the next column or on the next page
        if on_this_page and self.gap and drop > max(self.gap, lower.height) * WIDE_GAP:
            return False
        if ended and (not on_this_page or lower.left - upper.left > lower.height):  # an indented first line
            return False
        if below.text[0].islower() and not ended:
            return True
        return self._is_full(upper, lower, below.text)

    def _is_full(self, upper: Box, lower: Box, text_below: str) -> bool:
        """Tell whether the first word of the line below would not have fitted at the end of the upper line."""
        reach = SAME_COLUMN * upper.height
        margin = max((box.right for box in self.boxes if abs(box.left - upper.left) < reach), default=upper.right)
        word = text_below.split(" ", 1)[0]
        width = (lower.right - lower.left) * (len(word) + SLACK_CHARS) / max(len(text_below), 1)
        return upper.right + width > margin


def _end_before(above: str, below: str, *, within_word: bool) -> str:
    """Return a line with what joins it to the next: nothing after a cut word and between Han or kana, else a space.

    Korean is broken between any two syllables; `within_word` says that no space stood there.
    """
    above = above.replace(CUT_MARK, "-")
    cut = _CUT_WORD.search(above[-MAX_CUT_CHARS:])
    if cut:
        whole = below[:1].islower() and cut.group(1).lower() not in _COMPOUND_FIRST
        return above[:-1] if whole else above
    if _UNSPACED.match(above[-1:]) and _UNSPACED.match(below[:1]):
        return above
    if within_word and _HANGUL.match(above[-1:]) and _HANGUL.match(below[:1]):
        return above
    return f"{above} "
