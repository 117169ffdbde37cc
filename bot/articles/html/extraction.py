"""The article's own text among the blocks of a page, sorted by kind; what is left out keeps its reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from bot.articles.html.blocks import STYLED_AWAY, Block, Mark
from bot.articles.html.clutter import SCREEN_READER
from bot.articles.html.framing import Frame, frame_article, is_subhead
from bot.articles.html.headline import fold
from bot.articles.html.lines import clutter_of_line
from bot.model import RemovedLine
from bot.text.lazy import compile_later

_CAPTION = "caption"
_DECK = "deck"
_KEY_POINT = "key point"
_OUTSIDE = "outside the article"
_KEPT_REASONS = frozenset((_CAPTION, _DECK, _KEY_POINT))

# What a small box holds is clutter when its first line is; a box with more of the running text is a section.
_SMALL_BOX_SHARE = 0.15
_HEADING_REASONS = frozenset(("related", "newsletter", "share", "comments", "advertisement", "paywall"))
# "Advertisement" and "Share" only name what stands beside them: running text in their box is the article's.
_LABEL_REASONS = frozenset(("share", "advertisement"))
_MAX_ANCESTORS = 300
# A subhead may carry names of menus and the like (it is a jump target), but not names that hide it.
_HIDING_REASONS = frozenset((STYLED_AWAY, SCREEN_READER))

# A shorter heading above the text is a section's name.
_DECK_CHARS = 20
# A byline is short, and holds next to nothing but names ("By", "and").
_BYLINE_CHARS = 120
_BYLINE_REST_CHARS = 12
# A short line that is nearly all link leads elsewhere.
_LINK_SHARE = 0.8
_LINK_CHARS = 200
# So does an item of a list that is half link and no sentence.
_ITEM_LINK_SHARE = 0.5
_STOPS = (".", "!", "?", "…", "。", ":", "”", '"')
# A table cell with less text holds data.
_CELL_CHARS = 40

_KEY_NAMES = compile_later(
    r"(?:key[-_]?(?:points|takeaways|facts|highlights)|take-?aways|story-?highlights|article-?highlights|"
    r"at-a-glance|bullet-?summary|summary-?(?:list|bullets|points))",
    re.I,
)
_KEY_HEADING = compile_later(
    r"(?:key (?:points|takeaways|facts)|(?:story )?highlights|takeaways|at a glance|in brief|"
    r"what (?:you need )?to know|"
    r"the essentials|das wichtigste(?: in kürze)?|auf einen blick|kurz gesagt|l['’]essentiel|en bref|las claves|"
    r"lo más importante|en resumen|in breve|punti chiave|pontos-chave|핵심 ?요약|세 줄 요약|要点|ポイント)\W{0,3}",
    re.I,
)
_KEY_LEVELS = 4
# A key point is a statement, not a word.
_KEY_CHARS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """The text of an article by kind, in reading order; `removed` is every other block of its page."""

    deck: str | None = None
    paragraphs: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    key_points: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()


def extract_text(
    blocks: Sequence[Block],
    root: etree._Element,
    *,
    title: str | None,
    headline: int | None,
    authors: Sequence[str] = (),
) -> Extraction:
    """Return the article's text among all blocks of a page; `headline` is the index of the block that is its title."""
    frame = frame_article(blocks, root, headline)
    boxed = _clutter_boxes(blocks, frame)
    folded_title = fold(title or "")
    folded_authors = [fold(author) for author in authors]
    reasons: list[str | None] = []
    for index, block in enumerate(blocks):
        reason = _place_against(index, block, frame)
        if reason is None and _is_byline(block, folded_authors):
            reason = "byline"
        reasons.append(reason or boxed.get(index) or _text_against(block, folded_title))
    _take_key_points(blocks, reasons)
    _take_deck(blocks, reasons)
    _drop_last_headings(blocks, reasons)
    return _sorted(blocks, reasons)


def _sorted(blocks: Sequence[Block], reasons: Sequence[str | None]) -> Extraction:
    def of(wanted: str | None) -> tuple[Block, ...]:
        return tuple(block for block, reason in zip(blocks, reasons, strict=True) if reason == wanted)

    kept = of(None)
    return Extraction(
        deck=next((block.text for block in of(_DECK)), None),
        paragraphs=tuple(block.text for block in kept),
        subheads=tuple(block.text for block in kept if is_subhead(block)),
        captions=tuple(block.text for block in of(_CAPTION)),
        key_points=tuple(block.text for block in of(_KEY_POINT)),
        removed=tuple(
            RemovedLine(line=line, text=block.text, reason=reason)
            for line, (block, reason) in enumerate(zip(blocks, reasons, strict=True), 1)
            if reason is not None and reason not in _KEPT_REASONS
        ),
    )


def _clutter_boxes(blocks: Sequence[Block], frame: Frame) -> dict[int, str]:
    """Return the blocks of small boxes that a line of clutter heads ("Related:", "Sign up ..."), with its reason."""
    firsts: dict[etree._Element, int] = {}
    members: dict[etree._Element, list[int]] = {}
    inside = sorted(frame.inside)
    for index in inside:
        for ancestor in islice(blocks[index].element.iterancestors(), _MAX_ANCESTORS):
            if ancestor is frame.box:
                break
            firsts.setdefault(ancestor, index)
            members.setdefault(ancestor, []).append(index)
    boxed: dict[int, str] = {}
    for index in inside:
        reason = clutter_of_line(blocks[index].text, link_share=blocks[index].link_share)
        if reason not in _HEADING_REASONS:
            continue
        for ancestor in blocks[index].element.iterancestors():
            if firsts.get(ancestor) != index:
                break
            share = 0.0 if reason in _LABEL_REASONS else _SMALL_BOX_SHARE
            if sum(frame.weights[member] for member in members[ancestor]) > share * frame.total:
                break
            boxed.update(dict.fromkeys(members[ancestor], reason))
    return boxed


def _place_against(index: int, block: Block, frame: Frame) -> str | None:
    """Return why a block is no text of the article because of where it stands, or None."""
    if block.hidden is not None:
        return block.hidden
    if index not in frame.inside:
        return _OUTSIDE
    for mark in () if index in frame.leads else block.marks:
        if mark in frame.believed and not (block.kind == "heading" and _is_own(mark, block)):
            return mark.reason
    if index <= frame.start:
        return "above the headline"
    if index >= frame.end:
        return "next article"
    return _CAPTION if block.kind == "caption" else None


def _is_own(mark: Mark, block: Block) -> bool:
    """Say whether it is the block itself, or a part of it, that carries the mark, not a box around it."""
    if mark.reason in _HIDING_REASONS:
        return False
    return mark.element is block.element or block.element in islice(mark.element.iterancestors(), _MAX_ANCESTORS)


def _is_byline(block: Block, authors: Sequence[str]) -> bool:
    """Say whether a short line holds the authors' names and next to nothing else."""
    if not authors or len(block.text) > _BYLINE_CHARS:
        return False
    line = fold(block.text)
    rest = line
    for author in authors:
        rest = rest.replace(author, "")
    return len(rest) < len(line) and len(rest) <= _BYLINE_REST_CHARS


def _text_against(block: Block, title: str) -> str | None:
    """Return why a block is no text of the article because of what it says, or None."""
    if fold(block.text) == title:
        return "headline"
    reason = clutter_of_line(block.text, link_share=block.link_share)
    if reason is not None:
        return reason
    limit = _ITEM_LINK_SHARE if block.kind == "item" and not block.text.endswith(_STOPS) else _LINK_SHARE
    if block.link_share > limit and len(block.text) < _LINK_CHARS:
        return "link"
    if block.kind == "cell" and block.own_chars < _CELL_CHARS:
        return "table"
    return None


def _take_key_points(blocks: Sequence[Block], reasons: list[str | None]) -> None:
    """Take the lists that sum the article up out of the text: their boxes are named so, or their headings say so."""
    heading: int | None = None
    for index, (block, reason) in enumerate(zip(blocks, reasons, strict=True)):
        if reason not in (None, _OUTSIDE):
            continue
        if _KEY_HEADING.fullmatch(block.text):
            heading = index
        elif block.kind != "item":
            heading = None
        elif (heading is not None and reason is None) or _is_key_list(block):
            reasons[index] = _KEY_POINT
            if heading is not None:
                reasons[heading] = "heading of key points"


def _is_key_list(block: Block) -> bool:
    if len(block.text) < _KEY_CHARS or block.link_share > _ITEM_LINK_SHARE:
        return False
    for element in (block.element, *islice(block.element.iterancestors(), _KEY_LEVELS)):
        if _KEY_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            return True
    return False


def _take_deck(blocks: Sequence[Block], reasons: list[str | None]) -> None:
    """Take the headings above the text out of it: the first that is long enough is the deck."""
    has_deck = False
    for index, (block, reason) in enumerate(zip(blocks, reasons, strict=True)):
        if reason is not None:
            continue
        if not is_subhead(block):
            return
        is_deck = not has_deck and len(block.text) >= _DECK_CHARS
        reasons[index] = _DECK if is_deck else "heading above the text"
        has_deck = has_deck or is_deck


def _drop_last_headings(blocks: Sequence[Block], reasons: list[str | None]) -> None:
    for index in range(len(blocks) - 1, -1, -1):
        if reasons[index] is not None:
            continue
        if not is_subhead(blocks[index]):
            return
        reasons[index] = "heading without text"
