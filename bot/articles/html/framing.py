"""Where on a page the article stands: which blocks lie in its box, which lead it in, where it begins and ends.

The box is the deepest element that holds most of the running text around the headline (the idea of Readability, on
whole blocks). A box that its own names call clutter is believed unless it holds too much of the page's running text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from bot.articles.html.blocks import STYLED_AWAY, Block, Mark
from bot.articles.html.clutter import HIDDEN_ATTRIBUTE
from bot.articles.html.headline import fold
from bot.text.lazy import compile_later

# A block with fewer characters that are not links says nothing about where the article stands. A Chinese, Japanese or
# Korean character says about as much as two or three Latin ones.
_MIN_PARAGRAPH_CHARS = 50
_WIDE_CHAR = compile_later(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# One endless paragraph must not outweigh the rest of the article.
_MAX_WEIGHT = 600
_SIZED_CHARS = 2_000
_MAX_LINK_SHARE = 0.5
# A heading this long is a lead, or a paragraph set in large letters.
_LEAD_CHARS = 80

# The smallest element around the headline with this share of the running text holds the article.
_HEADLINE_SHARE = 0.25
# The box holds this share of the running text there.
_BOX_SHARE = 0.7
# What stands under a name of article text counts more.
_CONTENT_FACTOR = 2

# A mark of clutter is not believed when its box holds more than this share of the page's running text. `nav` and
# `footer` say it plainly, comments and lists of other articles can be longer than the article.
_MARK_SHARE = 0.4
_STRONG_MARK_SHARE = 0.75
_STRONG_REASONS = frozenset(("comments", "related", "cookie notice", STYLED_AWAY))
_TAG_SHARE = 0.9
_PLAIN_TAGS = frozenset(("nav", "footer"))
# Where marks leave less than this share of the running text, boxes of one name are judged together.
_MIN_CLEAN_SHARE = 0.3

# No page nests its text deeper; bounds the walk to the root on hostile pages.
_MAX_ANCESTORS = 300
# Without a headline, a lead stands at most so many blocks above the box, within so many levels around it.
_LEAD_DISTANCE = 12
_SCOPE_LEVELS = 6
_LEAD_LINK_SHARE = 0.1
# A second headline below this much running text begins another article.
_ARTICLE_WEIGHT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where the article stands among the blocks of its page, by their indexes.

    `inside` are the blocks of the box and the leads, `leads` the running text between the headline and the box; the
    article's text lies in `inside`, above -1 or the headline's index `start`, below `end`.
    """

    box: etree._Element
    weights: list[int]
    total: int
    believed: set[Mark]
    inside: set[int]
    leads: set[int]
    start: int
    end: int


def frame_article(blocks: Sequence[Block], root: etree._Element, headline: int | None) -> Frame:
    """Return where the article stands; `headline` is the index of the block that is its title, if there is one."""
    if not any(block.hidden is None and weigh(block) for block in blocks):
        _reveal(blocks)
    weights = [0 if block.hidden is not None else weigh(block) for block in blocks]
    total = sum(weights)
    believed = _believed_marks(blocks, weights, total)
    heading = blocks[headline].element if headline is not None else None
    box = _text_box(blocks, weights, believed, root, heading)
    elements = set(box.iter())
    inside = {index for index, block in enumerate(blocks) if block.element in elements}
    leads = _leads(blocks, weights, believed, box, min(inside, default=0), headline)
    inside |= leads
    return Frame(
        box=box,
        weights=weights,
        total=total,
        believed=believed,
        inside=inside,
        leads=leads,
        start=_start(weights, inside, headline),
        end=_end(blocks, weights, inside, headline),
    )


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
    if block.kind == "caption" or is_subhead(block):
        return 0
    start = block.text[:_SIZED_CHARS]
    own = block.own_chars + size_text(start) - len(start)
    if own < _MIN_PARAGRAPH_CHARS or block.link_share > _MAX_LINK_SHARE:
        return 0
    return min(own, _MAX_WEIGHT)


def size_text(text: str) -> int:
    """Return the length of a text in Latin characters: one of Chinese, Japanese or Korean counts as three."""
    return len(text) + 2 * len(_WIDE_CHAR.findall(text))


def is_subhead(block: Block) -> bool:
    """Return whether a block is a heading, not running text that is only set like one."""
    return block.kind == "heading" and (block.tag == "h1" or len(block.text) < _LEAD_CHARS)


def _reveal(blocks: Sequence[Block]) -> None:
    """Show what the `hidden` attribute hides on a page that has no other text: its scripts would show it."""
    for block in blocks:
        if block.hidden == HIDDEN_ATTRIBUTE:
            block.hidden = None


def _believed_marks(blocks: Sequence[Block], weights: Sequence[int], total: int) -> set[Mark]:
    masses: dict[Mark, int] = {}
    for block, weight in zip(blocks, weights, strict=True):
        for mark in block.marks:
            masses[mark] = masses.get(mark, 0) + weight
    believed = {mark for mark, mass in masses.items() if mass <= _limit(mark) * total}
    clean = sum(weight for block, weight in zip(blocks, weights, strict=True) if believed.isdisjoint(block.marks))
    if clean >= _MIN_CLEAN_SHARE * total:
        return believed
    # Boxes of one name stand or fall together: an article cut into many small boxes is no clutter.
    families: dict[tuple[str, str], int] = {}
    for mark, mass in masses.items():
        families[mark.names] = families.get(mark.names, 0) + mass
    return {mark for mark in believed if families[mark.names] <= _limit(mark) * total}


def _limit(mark: Mark) -> float:
    if mark.element.tag in _PLAIN_TAGS:
        return _TAG_SHARE
    return _STRONG_MARK_SHARE if mark.reason in _STRONG_REASONS else _MARK_SHARE


def _text_box(
    blocks: Sequence[Block], weights: Sequence[int], believed: set[Mark], root: etree._Element,
    heading: etree._Element | None,
) -> etree._Element:  # fmt: skip
    masses: dict[etree._Element, int] = {}
    owners: dict[etree._Element, int] = {}
    total = 0
    for block, weight in zip(blocks, weights, strict=True):
        if not weight or not believed.isdisjoint(block.marks):
            continue
        if block.in_content:
            weight *= _CONTENT_FACTOR
        total += weight
        owners[block.element] = owners.get(block.element, 0) + weight
        masses[block.element] = masses.get(block.element, 0) + weight
        for ancestor in islice(block.element.iterancestors(), _MAX_ANCESTORS):
            masses[ancestor] = masses.get(ancestor, 0) + weight
    box = root
    if heading is not None and total:
        around = (element for element in heading.iterancestors() if masses.get(element, 0) >= _HEADLINE_SHARE * total)
        box = next(around, root)
    wanted = _BOX_SHARE * masses.get(box, total)
    while total:
        best = max(box, key=lambda child: masses.get(child, 0), default=None)
        mass = 0 if best is None else masses.get(best, 0)
        if best is None or mass < wanted or owners.get(best) == mass:
            break
        box = best
    return box


def _leads(
    blocks: Sequence[Block], weights: Sequence[int], believed: set[Mark], box: etree._Element, first: int,
    headline: int | None,
) -> set[int]:  # fmt: skip
    """Return the running text between the headline and the box, or close above the box where there is no headline."""
    if headline is not None and headline >= first:
        return set()
    start = max(0, first - _LEAD_DISTANCE) if headline is None else headline + 1
    scope = _surroundings(box) if headline is None else None
    found = set()
    for index in range(start, first):
        block = blocks[index]
        if not weights[index] or block.kind not in ("text", "heading"):
            continue
        against = {mark.reason for mark in block.marks if mark in believed}
        is_teaser = against == {"teaser"} and index - start < _LEAD_DISTANCE and block.link_share < _LEAD_LINK_SHARE
        if (not against or is_teaser) and (scope is None or block.element in scope):
            found.add(index)
    return found


def _surroundings(box: etree._Element) -> set[etree._Element]:
    around = box
    for _ in range(_SCOPE_LEVELS):
        parent = around.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        around = parent
    return set(around.iter())


def _start(weights: Sequence[int], inside: set[int], headline: int | None) -> int:
    """Return the index of the headline in the box when enough of the box's text follows it, else -1."""
    if headline is None or headline not in inside:
        return -1
    after = sum(weights[index] for index in inside if index > headline)
    before = sum(weights[index] for index in inside if index < headline)
    return headline if after >= min(before, _ARTICLE_WEIGHT) else -1


def _end(blocks: Sequence[Block], weights: Sequence[int], inside: set[int], headline: int | None) -> int:
    """Return the index of the next article's headline on a page that loads several, else the number of blocks."""
    end = len(blocks)
    names = blocks[headline].element.get("class") if headline is not None else None
    if headline is None or not names or blocks[headline].tag != "h1":
        return end
    seen = 0
    for index in range(headline + 1, end):
        block = blocks[index]
        is_headline = block.tag == "h1" and block.hidden is None and block.element.get("class") == names
        if is_headline and block.link_share < _MAX_LINK_SHARE and index in inside and seen >= _ARTICLE_WEIGHT:
            return index
        seen += weights[index]
    return end
