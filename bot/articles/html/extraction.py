"""The article's own text among the blocks of a page: which box holds it, and which of its blocks are not text.

The box is the deepest element that holds most of the page's running text (the idea of Readability, on whole blocks); a
box that its own names call clutter is believed unless it holds too much of that text. What is left out keeps its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from bot.articles.html.blocks import Block, Mark
from bot.articles.html.clutter import HIDDEN_ATTRIBUTE, clutter_of_line
from bot.articles.html.headline import fold
from bot.model import RemovedLine

# A block with fewer characters that are not links says nothing about where the article stands. A Chinese, Japanese or
# Korean character says about as much as two or three Latin ones.
_MIN_PARAGRAPH_CHARS = 50
_WIDE_CHAR = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# One endless paragraph must not outweigh the rest of the article.
_MAX_WEIGHT = 600
_MAX_LINK_SHARE = 0.5
# The box must hold this share of the page's running text.
_BOX_SHARE = 0.7
# The smallest element around the headline with this share of the running text holds the article.
_HEADLINE_SHARE = 0.25
# A mark of clutter is not believed when its box holds more than this share of the page's running text.
_MARK_SHARE = 0.4
_STRONG_MARK_SHARE = 0.75
_STRONG_REASONS = frozenset(("comments", "related", "cookie notice"))
_TAG_SHARE = 0.9
_TAG_REASONS = frozenset(("nav", "footer"))
# Where marks leave less than this share of the running text, boxes of one name are judged together.
_MIN_CLEAN_SHARE = 0.3
# A heading this long is a lead or a paragraph set in large letters.
_LEAD_CHARS = 80
# A lead stands at most so many blocks away from the headline or from the box: bylines, dates, share buttons between.
_LEAD_DISTANCE = 12
# A box whose own name says that it holds the article counts more.
_CONTENT_FACTOR = 2
# What a small box holds is clutter when its first line is; a box with more of the running text is a section.
_SMALL_BOX_SHARE = 0.15
_HEADING_REASONS = frozenset(("related", "newsletter", "share", "comments", "advertisement", "paywall"))
_CAPTION = "caption"
_DECK = "deck"
# A shorter heading above the text is a section's name.
_DECK_CHARS = 20
_BYLINE_CHARS = 120
_BYLINE_REST_CHARS = 12
# A second headline below this much running text begins another article.
_ARTICLE_WEIGHT = 400
# No page nests its text deeper; bounds the walk to the root on hostile pages.
_MAX_ANCESTORS = 300
# A lead above the box, or a last section below it, stands within this many levels above it.
_SCOPE_LEVELS = 6
_SENTENCE = re.compile(r"""[.!?…:。！？؟।]["'”’»)\]]*$""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The text of an article by kind, in reading order; `share` is the part of the page's running text it holds."""

    deck: str | None = None
    paragraphs: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    key_points: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    share: float = 0.0


def extract_text(
    blocks: Sequence[Block], root: etree._Element, *, title: str | None, headline: int | None, authors: Sequence[str] = ()
) -> Extraction:
    """Return the article's text among all blocks of a page; `headline` is the index of the block that is its title."""
    return _Reader(blocks, root, title or "", headline, authors).read()


def find_headline(blocks: Sequence[Block], title: str | None) -> int | None:
    """Return the index of the block that is the headline: a heading that says what the title says, else any `h1`."""
    wanted = fold(title or "")
    first: int | None = None
    for index, block in enumerate(blocks):
        if block.kind != "heading" or block.hidden is not None:
            continue
        if wanted and fold(block.text) == wanted:
            return index
        if first is None and block.tag == "h1":
            first = index
    return first


def weigh(block: Block) -> int:
    """Return how much a block says about where the article stands: 0 for headings, captions, links and short texts."""
    if block.kind == "caption" or (block.kind == "heading" and not is_long_heading(block)):
        return 0
    wide = len(_WIDE_CHAR.findall(block.text[:2_000]))
    own = block.own_chars + 2 * wide
    if own < _MIN_PARAGRAPH_CHARS or block.link_share > _MAX_LINK_SHARE:
        return 0
    return min(own, _MAX_WEIGHT)


def is_long_heading(block: Block) -> bool:
    """Return whether a heading is running text that is only set like one: a lead."""
    return block.tag != "h1" and len(block.text) >= _LEAD_CHARS


class _Reader:
    """Sorts the blocks of one page."""

    def __init__(self, blocks: Sequence[Block], root: etree._Element, title: str, headline: int | None, authors: Sequence[str]) -> None:
        self._blocks = blocks
        self._authors = [fold(author) for author in authors]
        self._title = fold(title)
        if not any(block.hidden is None and weigh(block) for block in blocks):
            _reveal(blocks)
        self._weights = [0 if block.hidden is not None else weigh(block) for block in blocks]
        self._total = sum(self._weights)
        self._believed = self._believed_marks()
        self._clean = [
            block.hidden is None and not any(mark in self._believed for mark in block.marks) for block in blocks
        ]
        self._headline = headline
        self._box = self._text_box(root)
        self._leads: set[int] = set()
        self._inside = self._blocks_inside()
        self._body_start = self._find_body_start()
        self._body_end = self._find_body_end()
        self._boxed = self._clutter_boxes()

    def read(self) -> Extraction:
        reasons = [self._reason_against(index, block) for index, block in enumerate(self._blocks)]
        deck = self._take_deck(reasons)
        self._drop_last_headings(reasons)
        kept = [index for index, reason in enumerate(reasons) if reason is None]
        texts = [self._blocks[index].text for index in kept]
        return Extraction(
            deck=deck,
            paragraphs=tuple(texts),
            subheads=tuple(self._blocks[index].text for index in kept if self._is_subhead(index)),
            captions=tuple(
                block.text for block, reason in zip(self._blocks, reasons, strict=True) if reason == _CAPTION
            ),
            removed=tuple(
                RemovedLine(line=index + 1, text=self._blocks[index].text, reason=reason)
                for index, reason in enumerate(reasons)
                if reason is not None and reason not in (_CAPTION, _DECK)
            ),
            share=sum(self._weights[index] for index in kept) / self._total if self._total else 0.0,
        )

    def _is_subhead(self, index: int) -> bool:
        block = self._blocks[index]
        return block.kind == "heading" and not is_long_heading(block)

    def _take_deck(self, reasons: list[str | None]) -> str | None:
        """Return the short heading between the headline and the text, and take such headings out of the text."""
        deck: str | None = None
        for index, reason in enumerate(reasons):
            if reason is not None:
                continue
            if not self._is_subhead(index):
                break
            text = self._blocks[index].text
            if deck is None and len(text) >= _DECK_CHARS:
                deck = text
                reasons[index] = _DECK
            else:
                reasons[index] = "heading above the text"
        return deck

    def _drop_last_headings(self, reasons: list[str | None]) -> None:
        for index in range(len(reasons) - 1, -1, -1):
            if reasons[index] is not None:
                continue
            if not self._is_subhead(index):
                return
            reasons[index] = "heading without text"

    def _believed_marks(self) -> set[Mark]:
        masses: dict[Mark, int] = {}
        for block, weight in zip(self._blocks, self._weights, strict=True):
            for mark in block.marks:
                masses[mark] = masses.get(mark, 0) + weight
        believed = {mark for mark, mass in masses.items() if mass <= _limit(mark) * self._total}
        clean = sum(
            weight
            for block, weight in zip(self._blocks, self._weights, strict=True)
            if not any(mark in believed for mark in block.marks)
        )
        if clean >= _MIN_CLEAN_SHARE * self._total:
            return believed
        # Boxes of one name stand or fall together: an article cut into many small boxes is no clutter.
        families: dict[tuple[str, str], int] = {}
        for mark, mass in masses.items():
            families[mark.names] = families.get(mark.names, 0) + mass
        return {mark for mark in believed if families[mark.names] <= _limit(mark) * self._total}

    def _text_box(self, root: etree._Element) -> etree._Element:
        masses: dict[etree._Element, int] = {}
        owners: dict[etree._Element, int] = {}
        total = 0
        for block, weight, clean in zip(self._blocks, self._weights, self._clean, strict=True):
            if not weight or not clean:
                continue
            if block.in_content:
                weight *= _CONTENT_FACTOR
            total += weight
            owners[block.element] = owners.get(block.element, 0) + weight
            element: etree._Element | None = block.element
            for _ in range(_MAX_ANCESTORS):
                if element is None:
                    break
                masses[element] = masses.get(element, 0) + weight
                element = element.getparent()
        box = self._headline_section(masses, total) if total else None
        if box is None:
            box = root
        start = box
        while total:
            best = max(box, key=lambda child: masses.get(child, 0), default=None)
            if best is None or masses.get(best, 0) < _BOX_SHARE * masses.get(start, total) or owners.get(best) == masses.get(best):
                break
            box = best
        return box

    def _headline_section(self, masses: dict[etree._Element, int], total: int) -> etree._Element | None:
        """Return the smallest element around the headline that holds a fair part of the running text."""
        if self._headline is None:
            return None
        for ancestor in self._blocks[self._headline].element.iterancestors():
            if masses.get(ancestor, 0) >= _HEADLINE_SHARE * total:
                return ancestor
        return None

    def _blocks_inside(self) -> set[int]:
        """Return the indexes of the blocks in the box, and of running text between the headline and the box."""
        elements = set(self._box.iter())
        inside = {index for index, block in enumerate(self._blocks) if block.element in elements}
        if not inside:
            return inside
        first = min(inside)
        start = max(0, first - _LEAD_DISTANCE)
        if self._headline is not None and self._headline < first:
            start = self._headline + 1
        elif self._headline is not None:
            return inside
        scope = self._scope()
        for index in range(start, first):
            if self._is_lead(index, index - start) and (self._headline is not None or self._blocks[index].element in scope):
                inside.add(index)
                self._leads.add(index)
        return inside

    def _find_body_start(self) -> int:
        """Return the index of the headline where most of the box's text follows it, else -1."""
        if self._headline is None or self._headline not in self._inside:
            return -1
        after = sum(self._weights[index] for index in self._inside if index > self._headline)
        before = sum(self._weights[index] for index in self._inside if index < self._headline)
        return self._headline if after >= min(before, _ARTICLE_WEIGHT) else -1

    def _find_body_end(self) -> int:
        """Return the index of the next article's headline on a page that loads several, else the number of blocks."""
        end = len(self._blocks)
        if self._headline is None or self._blocks[self._headline].tag != "h1":
            return end
        names = self._blocks[self._headline].element.get("class")
        seen = 0
        for index in range(self._headline + 1, end):
            block = self._blocks[index]
            is_headline = block.tag == "h1" and names and block.element.get("class") == names and block.hidden is None
            if is_headline and block.link_share < _MAX_LINK_SHARE and index in self._inside and seen >= _ARTICLE_WEIGHT:
                return index
            seen += self._weights[index]
        return end

    def _clutter_boxes(self) -> dict[int, str]:
        """Return the blocks of small boxes that a line of clutter heads ("Related:", "Sign up ..."), with its reason."""
        firsts: dict[etree._Element, int] = {}
        members: dict[etree._Element, list[int]] = {}
        for index in sorted(self._inside):
            for ancestor in islice(self._blocks[index].element.iterancestors(), _MAX_ANCESTORS):
                if ancestor is self._box:
                    break
                firsts.setdefault(ancestor, index)
                members.setdefault(ancestor, []).append(index)
        boxed: dict[int, str] = {}
        for index in sorted(self._inside):
            block = self._blocks[index]
            reason = clutter_of_line(block.text, link_share=block.link_share)
            if reason not in _HEADING_REASONS:
                continue
            for ancestor in block.element.iterancestors():
                if firsts.get(ancestor) != index:
                    break
                mass = sum(self._weights[member] for member in members[ancestor])
                if mass > _SMALL_BOX_SHARE * self._total:
                    break
                boxed.update(dict.fromkeys(members[ancestor], reason))
        return boxed

    def _is_byline(self, block: Block) -> bool:
        """Say whether a short line holds the authors' names and next to nothing else."""
        if not self._authors or len(block.text) > _BYLINE_CHARS:
            return False
        rest = fold(block.text)
        length = len(rest)
        for author in self._authors:
            rest = rest.replace(author, "")
        return len(rest) < length and len(rest) <= _BYLINE_REST_CHARS

    def _scope(self) -> set[etree._Element]:
        """Return the elements of the box's surroundings, for pages without a headline."""
        around = self._box
        for _ in range(_SCOPE_LEVELS):
            parent = around.getparent()
            if parent is None or parent.tag in ("body", "html"):
                break
            around = parent
        return set(around.iter())

    def _is_lead(self, index: int, distance: int) -> bool:
        block = self._blocks[index]
        if not self._weights[index] or block.kind not in ("text", "heading") or block.hidden is not None:
            return False
        against = [mark.reason for mark in block.marks if mark in self._believed]
        if against and set(against) == {"teaser"} and distance <= _LEAD_DISTANCE and block.link_share < 0.1:
            return True
        return not against

    def _reason_against(self, index: int, block: Block) -> str | None:
        if block.hidden is not None:
            return block.hidden
        if index not in self._inside:
            return "outside the article"
        if index not in self._leads:
            for mark in block.marks:
                if mark in self._believed and not (mark.element is block.element and block.kind == "heading"):
                    return mark.reason
        if block.kind == "caption":
            return _CAPTION
        if self._is_byline(block):
            return "byline"
        if index in self._boxed:
            return self._boxed[index]
        if index <= self._body_start:
            return "above the headline"
        if index >= self._body_end:
            return "next article"
        if fold(block.text) == self._title:
            return "headline"
        reason = clutter_of_line(block.text, link_share=block.link_share)
        if reason is not None:
            return reason
        if block.link_share > 0.8 and len(block.text) < 200:
            return "link"
        if block.kind == "cell" and block.own_chars < 80:
            return "table"
        return None


def _reveal(blocks: Sequence[Block]) -> None:
    """Show what the `hidden` attribute hides on a page that has no other text: its scripts would show it."""
    for block in blocks:
        if block.hidden == HIDDEN_ATTRIBUTE:
            block.hidden = None


def _limit(mark: Mark) -> float:
    if mark.element.tag in _TAG_REASONS:
        return _TAG_SHARE
    return _STRONG_MARK_SHARE if mark.reason in _STRONG_REASONS else _MARK_SHARE
