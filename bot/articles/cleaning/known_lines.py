"""Lines that show what they are by themselves or by their copies: facts, page furniture, credits, captions, repeats."""

from __future__ import annotations

import itertools
from collections import defaultdict

from bot.articles.cleaning.blocks import Label
from bot.articles.cleaning.captions import has_photo_credit, is_credit_only, is_marked_caption
from bot.articles.cleaning.furniture import read_furniture
from bot.articles.cleaning.page import Page
from bot.articles.cleaning.patterns import Parts, find_parts, match_pattern

# Copies this close are a picture's alternative text and its caption.
_NEAR_COPY_BLOCKS = 2
# "No." and "Yes." come back in an article; longer lines are pasted twice.
_MIN_REPEATED_WORDS = 4
_MIN_CAPTION_WORDS = 5
_MAX_CAPTION_WORDS = 60
# A title stands among the first blocks.
_HEAD_BLOCKS = 40

# Labels of what only a whole page holds; a byline, a date or a credit may stand in a plain text as well.
_CHROME = frozenset(
    {Label.SHARE, Label.MENU, Label.RELATED, Label.COMMENT, Label.COPYRIGHT, Label.CONTACT, Label.ADVERTISEMENT}
)
# A plain text may hold links and rows of asterisks.
_NO_SIGN = frozenset({Label.LINK, Label.SEPARATOR})
# A line of these kinds may hold a date or a name that says nothing about the article.
_OVER_FACTS = frozenset({Label.COPYRIGHT, Label.CONTACT, Label.COMMENT})


def mark_known_lines(page: Page) -> None:
    """Label bylines, dates, sources, page furniture, credits and marked captions; words of two meanings come last."""
    parts = find_parts("\n".join([block.folded for block in page.blocks]))
    has_prose = False
    for index, block in enumerate(page.blocks):
        has_prose = has_prose or block.is_strong
        _mark_line(page, index, has_prose, parts)
    if page.is_page:
        for index, pattern in page.patterns.items():
            page.set(index, pattern.label)


def _mark_line(page: Page, index: int, has_prose: bool, parts: Parts) -> None:
    block = page.blocks[index]
    facts = read_furniture(block)
    pattern = match_pattern(block, parts)
    if facts is not None and facts.is_labelled and (pattern is None or pattern.label not in _OVER_FACTS):
        pattern = None
    if pattern is not None and pattern.is_sure:
        page.patterns[index] = pattern
        page.set(index, pattern.label)
        page.is_page = page.is_page or pattern.label not in _NO_SIGN
        page.has_chrome = page.has_chrome or pattern.label in _CHROME
    elif facts is not None:
        page.furniture[index] = facts
        page.set(index, facts.label)
        page.is_page = page.is_page or facts.is_labelled or not has_prose
    elif is_credit_only(block) or is_marked_caption(block):
        page.set(index, Label.CREDIT if is_credit_only(block) else Label.CAPTION)
        page.is_page = True
    elif pattern is not None:
        page.patterns[index] = pattern


def mark_repeated(page: Page) -> None:
    """Label captions (a line with a photo credit, a line and its near copy) and later copies of any line."""
    repeated = _find_copies(page)
    strong = page.list_strong()
    last_strong = strong[-1] if strong else -1
    for index, block in enumerate(page.blocks):
        if page.is_open(index) and block.words <= _MAX_CAPTION_WORDS and has_photo_credit(block, index == last_strong):
            page.set(index, Label.CAPTION)
            page.is_page = True
    first_strong = strong[0] if strong else len(page.blocks)
    for copies in repeated:
        if page.blocks[copies[0]].words >= _MIN_REPEATED_WORDS:
            _mark_copies(page, copies, first_strong)


def _find_copies(page: Page) -> list[list[int]]:
    """Return the places of each open line that stands there more than once, in the order of the first ones."""
    alike: dict[str, list[int]] = defaultdict(list)
    for index, block in enumerate(page.blocks):
        if page.is_open(index):
            alike[block.rough_key].append(index)
    places: dict[str, list[int]] = defaultdict(list)
    for index in sorted(index for indexes in alike.values() if len(indexes) > 1 for index in indexes):
        places[page.blocks[index].key].append(index)
    return [copies for copies in places.values() if len(copies) > 1]


def _mark_copies(page: Page, copies: list[int], first_strong: int) -> None:
    block = page.blocks[copies[0]]
    has_credit = any(
        page.labels[index] is Label.CAPTION or page.label_of(index + 1) is Label.CREDIT for index in copies
    )
    if has_credit or _looks_like_caption(page, copies, first_strong):
        for index in copies:
            page.set(index, Label.CAPTION)
    elif page.is_page or block.is_strong:
        for index in copies[1:]:
            page.set(index, Label.REPEATED)


def _looks_like_caption(page: Page, copies: list[int], first_strong: int) -> bool:
    """Return whether near copies without a credit are a caption: one sentence, unfinished or above the article."""
    block = page.blocks[copies[0]]
    near = any(later - earlier <= _NEAR_COPY_BLOCKS for earlier, later in itertools.pairwise(copies))
    if not (page.is_page and near and block.is_one_sentence and block.words >= _MIN_CAPTION_WORDS):
        return False
    above_article = copies[0] <= first_strong
    return (above_article or not block.is_terminated) and not _is_first_line(page, copies[0])


def _is_first_line(page: Page, index: int) -> bool:
    """Return whether nothing but known or very short lines stands above: a title pasted twice."""
    return index < _HEAD_BLOCKS and all(
        not page.is_open(above) or page.blocks[above].words < _MIN_REPEATED_WORDS for above in range(index)
    )
