"""Which block is what: the labels of a page, found in the order of how sure they are.

1 lines that say what they are (bylines, dates, buttons, notices); 2 repeated lines and photo credits; 3 where the
article begins and ends: from the first to the last paragraph strong enough to carry one; 4 the title, deck and key
points above it; 5 subheads and short lines inside; 6 what stands below. A text that shows no sign of a page (a note, a
list, a poem, clean paragraphs) loses nothing but a title it plainly has.
"""

from __future__ import annotations

from bot.articles.cleaning.blocks import MAX_DECK_WORDS, Block, Label
from bot.articles.cleaning.bylines import is_role, names_outlet, read_bare_byline
from bot.articles.cleaning.extent import find_carriers, find_first, find_last, mark_sandwiched
from bot.articles.cleaning.furniture import Furniture
from bot.articles.cleaning.heading import choose_title
from bot.articles.cleaning.known_lines import mark_known_lines, mark_repeated
from bot.articles.cleaning.page import Page
from bot.articles.cleaning.subheads import mark_subheads

_MIN_KEY_POINT_WORDS = 4
_MIN_DECK_WORDS = 4
_MAX_SECTION_WORDS = 3
# A name with its role or place is shorter.
_MAX_BARE_BYLINE_WORDS = 14
_MIN_RECOVERED_WORDS = 3
# A date below the lead stands within this many lines of the body's start.
_MAX_LEAD_BLOCKS = 3
# How far from its date or byline a bare name may stand.
_BESIDE_BLOCKS = 2

_BYLINE_NEIGHBOURS = (Label.DATE, Label.BYLINE)
_BELOW_SIGNATURE = (Label.RELATED, Label.COMMENT, Label.COPYRIGHT, Label.CONTACT, Label.SHARE)
# What a text without any body gets back.
_RECOVERABLE = frozenset(
    {Label.CAPTION, Label.DECK, Label.KEY_POINT, Label.SUBHEAD, Label.BEFORE_START, Label.AFTER_END}
)


def label_blocks(blocks: list[Block], title_hint: str | None = None) -> Page:
    """Return the page with a label for every block."""
    page = Page(blocks)
    if len(blocks) == 1:
        page.set(0, Label.BODY)
        return page
    mark_known_lines(page)
    mark_repeated(page)
    carriers = find_carriers(page)
    first = find_first(page, carriers)
    title = choose_title(blocks, page.labels, first, title_hint, page.is_page)
    if title is not None:
        _set_title(page, title)
        first = max(first, title + 1)
        _mark_bare_bylines(page, title, first)
    _mark_head(page, first, title)
    _mark_body(page, first, carriers)
    _keep_something(page)
    return page


def _set_title(page: Page, title: int) -> None:
    """Label the title, and its copies as such: they are no captions."""
    key = page.blocks[title].key
    for index, block in enumerate(page.blocks):
        if page.labels[index] is Label.CAPTION and block.key == key:
            page.labels[index] = Label.REPEATED
    page.labels[title] = Label.TITLE


def _mark_bare_bylines(page: Page, title: int, first: int) -> None:
    """Label a name alone, or with its role or place, where a date, a byline or a role stands beside it.

    A paper's name is its source only above the body, that is before `first`.
    """
    for index in range(title + 1, len(page.blocks)):
        block = page.blocks[index]
        if not page.is_open(index) or block.words > _MAX_BARE_BYLINE_WORDS or block.is_terminated:
            continue
        has_role = page.is_open(index + 1) and is_role(page.blocks[index + 1].text)
        beside = page.labels[max(0, index - _BESIDE_BLOCKS) : index + _BESIDE_BLOCKS + 1]
        if not (has_role or any(label in _BYLINE_NEIGHBOURS for label in beside) or _signs_article(page, index)):
            continue
        byline = read_bare_byline(block.text)
        is_outlet = names_outlet(block.text)
        if byline is not None and (byline.outlet is not None or not is_outlet):
            page.furniture[index] = Furniture(Label.BYLINE, byline=byline)
            page.set(index, Label.BYLINE)
            if has_role:
                page.set(index + 1, Label.BYLINE)
        elif is_outlet and index < first:
            page.furniture[index] = Furniture(Label.SOURCE, source=block.text)
            page.set(index, Label.SOURCE)


def _signs_article(page: Page, index: int) -> bool:
    """Return whether a line stands between the last sentence and the page below it, and no author is known yet."""
    has_author = any(facts.byline is not None for facts in page.furniture.values())
    follows_sentence = page.is_open(index - 1) and page.blocks[index - 1].is_terminated
    return follows_sentence and page.label_of(index + 1) in _BELOW_SIGNATURE and not has_author


def _mark_head(page: Page, first: int, title: int | None) -> None:
    for index in range(first):
        if page.is_open(index):
            page.set(index, _label_in_head(page, index, title))


def _label_in_head(page: Page, index: int, title: int | None) -> Label:
    block = page.blocks[index]
    if title is None:
        is_point = page.is_page and block.is_bullet and block.words >= _MIN_KEY_POINT_WORDS
        return Label.KEY_POINT if is_point else Label.BEFORE_START if page.is_page else Label.BODY
    if block.is_bullet and block.words >= _MIN_KEY_POINT_WORDS:
        return Label.KEY_POINT
    if index < title:
        return Label.SECTION if block.words <= _MAX_SECTION_WORDS else Label.BEFORE_START
    if _MIN_DECK_WORDS <= block.words <= MAX_DECK_WORDS:
        return Label.CAPTION if _has_credit_below(page, index, title) else Label.DECK
    return Label.BEFORE_START if page.is_page else Label.BODY


def _has_credit_below(page: Page, index: int, title: int) -> bool:
    """Return whether a photo credit follows a line that is finished, or that stands below a deck."""
    if page.label_of(index + 1) is not Label.CREDIT:
        return False
    return page.blocks[index].is_terminated or Label.DECK in page.labels[title + 1 : index]


def _mark_body(page: Page, first: int, carriers: list[int]) -> None:
    last = find_last(page, first, carriers)
    mark_sandwiched(page, first, last)
    for index in range(first, last + 1):
        page.set(index, Label.BODY)
    mark_subheads(page, first, last)
    _keep_facts_inside(page, first, last)
    for index in range(last + 1, len(page.blocks)):
        page.set(index, Label.AFTER_END if page.has_chrome else Label.BODY)


def _keep_facts_inside(page: Page, first: int, last: int) -> None:
    """Give bare dates inside the article (the days of a chronicle) back to it; a page's only one may be its date."""
    bare = [
        index
        for index in range(first, last + 1)
        if index in page.furniture and not page.furniture[index].is_labelled and page.labels[index] is Label.DATE
    ]
    is_dated = any(facts.published or facts.modified for index, facts in page.furniture.items() if index not in bare)
    is_only = len(bare) == 1 and bare[0] - first <= _MAX_LEAD_BLOCKS
    dateline = bare[0] if is_only and page.has_chrome and not is_dated else None
    for index in range(first, last + 1):
        facts = page.furniture.get(index)
        if facts is not None and not facts.is_labelled and page.labels[index] is facts.label and index != dateline:
            page.labels[index] = Label.SUBHEAD if index < last else Label.BODY
            del page.furniture[index]


def _keep_something(page: Page) -> None:
    """Give a page without a body the lines that may be one: a short text must not end up empty."""
    if Label.BODY in page.labels:
        return
    for index, block in enumerate(page.blocks):
        if page.labels[index] in _RECOVERABLE and block.words >= _MIN_RECOVERED_WORDS:
            page.labels[index] = Label.BODY
