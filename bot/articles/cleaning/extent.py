"""Where the article begins and ends: from the first to the last paragraph that can carry one.

A marker such as "Related articles" or a comment form ends it, unless enough of the article follows.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left

from bot.articles.cleaning.blocks import LONG_WORDS, MAX_DECK_WORDS, Block, Label
from bot.articles.cleaning.page import Page

# A marker of the page's end ends the article unless this many strong paragraphs follow it ...
_STRONG_AFTER_TAIL = 3
# ... and only once this much of the article stands above it.
_STRONG_BEFORE_TAIL = 2
# A box of links between two paragraphs has one or two; one with more ends the article or has been cut out by hand.
_MAX_INLINE_LINKS = 2
_MAX_BOX_LINES = 6
# A closing sentence has at least this many words; less is a fragment.
_MIN_CLOSING_WORDS = 3
# The byline or date of a page stands among this many blocks; a finished deck above it is not the lead.
_HEAD_BLOCKS = 40

# A stretch is chosen among this many paragraphs; fewer are all kept.
_MIN_CARRIERS_TO_CHOOSE = 4
# Weights in words: a paragraph counts its words, other lines count against the stretch they stand in.
_MAX_WEIGHT = 60
_SENTENCE_WEIGHT = 2
_LINE_WEIGHT = -7
_CHROME_WEIGHT = -7
_FACTS_WEIGHT = -20
_INLINE_HEADING_WEIGHT = -8
_HEADING_WEIGHT = -60

_FACTS = (Label.BYLINE, Label.DATE)
_AFTER_TAIL = (None, Label.CAPTION, Label.BYLINE, Label.DATE)
# Closing sentences may stand below these.
_PASSED_AT_END = frozenset(
    {Label.CREDIT, Label.CAPTION, Label.REPEATED, Label.ADVERTISEMENT, Label.LINK, Label.SEPARATOR}
)
_BOX_LABELS = frozenset({Label.MENU, Label.SHARE, Label.ADVERTISEMENT})


def find_carriers(page: Page) -> list[int]:
    """Return the blocks that carry the article, in order; what follows the end of a page is labelled on the way."""
    carriers = _list_carriers(page)
    if not page.is_page:
        return carriers
    carriers = _cut_tail(page, carriers)
    carriers = _keep_densest(page, carriers)
    _mark_boxes(page, carriers)
    return carriers


def find_first(page: Page, carriers: list[int]) -> int:
    """Return where the body may begin: the first carrier, or the finished sentences right above it."""
    if not carriers:
        return len(page.blocks)
    first = _below_deck(page, carriers) if page.is_page else carriers[0]
    while first > 0 and page.is_open(first - 1):
        block = page.blocks[first - 1]
        is_inner_question = block.is_question and first > 1 and not page.is_page
        if not is_inner_question and not _reads_as_sentence(block, page.is_page):
            break
        first -= 1
    return first


def find_last(page: Page, first: int, carriers: list[int]) -> int:
    """Return the last block of the body: the last carrier and the finished lines right below it."""
    if not page.is_page:
        return len(page.blocks) - 1
    last = carriers[-1] if carriers else first - 1
    has_items = any(page.is_open(index) and page.blocks[index].is_bullet for index in range(first, last + 1))
    for index in range(last + 1, len(page.blocks)):
        block = page.blocks[index]
        if not page.is_open(index):
            if page.labels[index] in _PASSED_AT_END:
                continue
            break
        is_closing = (block.is_terminated and block.words >= _MIN_CLOSING_WORDS) or (block.is_bullet and has_items)
        if not is_closing and block.words < LONG_WORDS:
            break
        last = index
    return last


def mark_sandwiched(page: Page, first: int, last: int) -> None:
    """Label the one or two short lines between two sure lines of a box (an invitation to subscribe) in the body."""
    sure = [index for index in range(first, last + 1) if page.labels[index] in _BOX_LABELS and index in page.patterns]
    for upper, lower in itertools.pairwise(sure):
        between = range(upper + 1, lower)
        if len(between) <= _MAX_INLINE_LINKS and not any(page.blocks[index].is_terminated for index in between):
            for index in between:
                page.set(index, Label.MENU)


def _list_carriers(page: Page) -> list[int]:
    """Return the strong paragraphs, or the best there is in a short text."""
    strong = page.list_strong()
    if strong:
        return strong
    open_blocks = [index for index in range(len(page.blocks)) if page.is_open(index)]
    if not page.is_page:
        return open_blocks
    return [index for index in open_blocks if _carries_short_text(page.blocks[index])] or open_blocks


def _carries_short_text(block: Block) -> bool:
    return (block.is_terminated and not block.is_question) or block.words >= LONG_WORDS


def _cut_tail(page: Page, carriers: list[int]) -> list[int]:
    """Label what follows the first marker of the page's end, and return the carriers above it."""
    for index, pattern in sorted(page.patterns.items()):
        if not pattern.is_heading or (pattern.is_inline and _goes_on_below(page, index)):
            continue
        before = bisect_left(carriers, index)
        after = len(carriers) - before
        ends_article = (before and not after) or (before >= _STRONG_BEFORE_TAIL and after < _STRONG_AFTER_TAIL)
        if not ends_article:
            continue
        for later in range(index + 1, len(page.blocks)):
            if page.labels[later] in _AFTER_TAIL:
                page.labels[later] = Label.AFTER_END
                page.furniture.pop(later, None)
        return carriers[:before]
    return carriers


def _keep_densest(page: Page, carriers: list[int]) -> list[int]:
    """Return the carriers of the stretch that holds most prose and fewest other lines.

    Source: Kadane's maximum subarray (Bentley, Programming Pearls, column 8) over the weights of the blocks, as in
    Pasternack and Roth, "Extracting article text from the web with maximum subsequence segmentation", WWW 2009.
    """
    if len(carriers) < _MIN_CARRIERS_TO_CHOOSE or not page.has_chrome:
        return carriers
    best = current = 0
    best_span = (carriers[0], carriers[-1])
    start = carriers[0]
    for index in range(carriers[0], carriers[-1] + 1):
        if current <= 0:
            start, current = index, 0
        current += _weigh(page, index)
        if current > best:
            best, best_span = current, (start, index)
    return [index for index in carriers if best_span[0] <= index <= best_span[1]]


def _weigh(page: Page, index: int) -> int:
    """Return what a block says for (in words) or against standing inside the article."""
    block, label, pattern = page.blocks[index], page.labels[index], page.patterns.get(index)
    if label is None:
        if block.is_strong:
            return min(block.words, _MAX_WEIGHT)
        return _SENTENCE_WEIGHT if block.is_terminated else _LINE_WEIGHT
    if label in (Label.CAPTION, Label.CREDIT, Label.LINK, Label.REPEATED):
        return 0
    if pattern is not None and pattern.is_heading:
        return _INLINE_HEADING_WEIGHT if pattern.is_inline else _HEADING_WEIGHT
    return _FACTS_WEIGHT if index in page.furniture else _CHROME_WEIGHT


def _goes_on_below(page: Page, heading: int) -> bool:
    """Return whether a paragraph follows one or two links below a heading, with no other headline after it."""
    for index in range(heading + 1, heading + _MAX_INLINE_LINKS + 2):
        if not page.is_open(index):
            return False
        block = page.blocks[index]
        if block.is_strong:
            return not page.is_open(index + 1) or page.blocks[index + 1].is_terminated
        if block.is_terminated and not block.is_question:
            return False
    return False


def _mark_boxes(page: Page, carriers: list[int]) -> None:
    """Label the links of a box ("Read more", then headlines) that stands between paragraphs."""
    for index, pattern in page.patterns.items():
        is_inside = bool(carriers) and carriers[0] < index < carriers[-1]
        if not (pattern.is_heading and pattern.label is Label.RELATED and is_inside):
            continue
        for entry in range(index + 1, min(index + 1 + _MAX_BOX_LINES, len(page.blocks))):
            block = page.blocks[entry]
            is_sentence = block.is_terminated and not block.is_question
            if not page.is_open(entry) or is_sentence or block.words >= LONG_WORDS:
                break
            page.set(entry, Label.RELATED)


def _below_deck(page: Page, carriers: list[int]) -> int:
    """Return the first carrier below the byline and date when one carrier above them is a deck, not the lead."""
    has_title = any(page.is_open(above) for above in range(carriers[0]))
    is_deck = has_title and len(carriers) > 1 and page.blocks[carriers[0]].words <= MAX_DECK_WORDS
    between = range(carriers[0] + 1, min(carriers[1], _HEAD_BLOCKS)) if is_deck else ()
    has_facts_below = any(index in page.furniture and page.labels[index] in _FACTS for index in between)
    return carriers[1] if has_facts_below else carriers[0]


def _reads_as_sentence(block: Block, is_page: bool) -> bool:
    if block.is_bullet:
        return False
    if block.is_terminated and not block.is_question:
        return True
    return not is_page and block.words >= LONG_WORDS
