"""Which block is what: the labels of a page, found in the order of how sure they are.

1 lines that say what they are (bylines, dates, buttons, notices); 2 repeated lines and photo credits; 3 where the
article begins and ends: from the first to the last paragraph strong enough to carry one; 4 the title, deck and key
points above it; 5 subheads and short lines inside; 6 what stands below. A text that shows no sign of a page (a note, a
list, a poem, clean paragraphs) loses nothing but a title it plainly has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from bot.articles.cleaning.blocks import STRONG_WORDS, Block, Label
from bot.articles.cleaning.bylines import is_role, names_outlet, read_bare_byline
from bot.articles.cleaning.captions import has_photo_credit, is_credit_only, is_marked_caption
from bot.articles.cleaning.furniture import Furniture, read_furniture
from bot.articles.cleaning.heading import choose_title
from bot.articles.cleaning.patterns import Pattern, match_pattern

# A marker such as "Related articles" ends the article unless this many strong paragraphs follow it ...
_STRONG_AFTER_TAIL = 3
# ... and only after this much of the article.
_STRONG_BEFORE_TAIL = 2
# Copies this close are a picture's alternative text and its caption.
_NEAR_COPY_BLOCKS = 2
_MIN_REPEATED_WORDS = 4
_MIN_CAPTION_WORDS = 5
_MAX_CAPTION_WORDS = 60
_MAX_SUBHEAD_WORDS = 14
_MAX_QUOTED_SUBHEAD_WORDS = 8
_OPENING_QUOTES = "\"'“‘«„「『"
_CLOSING_QUOTES = "\"'”’»“」』"
_MIN_KEY_POINT_WORDS = 4
_MIN_DECK_WORDS = 4
_MAX_DECK_WORDS = 50
# A paragraph without a terminator still carries an article from here on.
_LONG_WORDS = 25
# Entries of a box of links inside the article.
_MAX_BOX_LINES = 6
_MAX_INLINE_LINKS = 2
_MIN_CLOSING_WORDS = 3
# The byline or date of a page stands among this many blocks; a finished deck above it is not the lead.
_HEAD_BLOCKS = 40
# This many plain lines in a row inside an article are a list, not subheads.
_LIST_LINES = 3

# Labels of what only a whole page holds; a byline, a date or a credit may stand in a plain text as well.
_CHROME = frozenset(
    {Label.SHARE, Label.MENU, Label.RELATED, Label.COMMENT, Label.COPYRIGHT, Label.CONTACT, Label.ADVERTISEMENT}
)
# A line of these kinds may hold a date or a name that says nothing about the article.
_OVER_FACTS = frozenset({Label.COPYRIGHT, Label.CONTACT, Label.COMMENT})
_BOX_LABELS = frozenset({Label.MENU, Label.SHARE, Label.ADVERTISEMENT})
# What a text without any body gets back.
_RECOVERABLE = frozenset(
    {Label.CAPTION, Label.DECK, Label.KEY_POINT, Label.SUBHEAD, Label.BEFORE_START, Label.AFTER_END}
)
# Closing sentences may stand below these.
_PASSED_AT_END = frozenset({Label.CREDIT, Label.CAPTION, Label.REPEATED, Label.ADVERTISEMENT, Label.LINK})


class Page:
    """The blocks of a text with what is known of each; labels are set once, the surer first."""

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self.labels: list[Label | None] = [None] * len(blocks)
        self.furniture: dict[int, Furniture] = {}
        self.patterns: dict[int, Pattern] = {}
        self.sure_signs = 0
        self.has_chrome = False

    def is_open(self, index: int) -> bool:
        """Return whether the block has no label yet."""
        return self.labels[index] is None

    def set(self, index: int, label: Label) -> None:
        """Label a block unless it has a label."""
        if self.labels[index] is None:
            self.labels[index] = label

    def strong(self) -> list[int]:
        """Return the open blocks that can carry an article, in order."""
        return [index for index, block in enumerate(self.blocks) if self.is_open(index) and block.is_strong]


def label_blocks(blocks: list[Block], title_hint: str | None = None) -> Page:
    """Return the page with a label for every block."""
    page = Page(blocks)
    if len(blocks) == 1:
        page.set(0, Label.BODY)
        return page
    _mark_known_lines(page)
    is_page = page.sure_signs > 0
    if is_page:
        _mark_weak_patterns(page)
    _mark_repeated(page, is_page)
    carriers = _find_carriers(page, is_page)
    if is_page:
        carriers = _cut_tail(page, carriers)
        _mark_boxes(page, carriers)
    first = _find_first(page, carriers, is_page)
    title = choose_title(page.blocks, page.labels, first, title_hint, is_page)
    if title is not None:
        page.labels[title] = Label.TITLE
        first = max(first, title + 1)
    _mark_bare_bylines(page, title)
    _mark_head(page, first, title, is_page)
    _mark_body(page, first, carriers, is_page)
    _keep_something(page)
    return page


def _mark_known_lines(page: Page) -> None:
    has_prose = False
    for index, block in enumerate(page.blocks):
        has_prose = has_prose or block.is_strong
        facts = read_furniture(block)
        pattern = match_pattern(block)
        if facts is not None and facts.is_labelled and (pattern is None or pattern.label not in _OVER_FACTS):
            pattern = None
        if pattern is not None and pattern.is_sure:
            page.set(index, pattern.label)
            page.patterns[index] = pattern
            page.sure_signs += pattern.label is not Label.LINK
            page.has_chrome = page.has_chrome or pattern.label in _CHROME
        elif facts is not None:
            page.furniture[index] = facts
            page.set(index, facts.label)
            page.sure_signs += facts.is_labelled or not has_prose
        elif is_credit_only(block):
            page.set(index, Label.CREDIT)
            page.sure_signs += 1
        elif is_marked_caption(block):
            page.set(index, Label.CAPTION)
            page.sure_signs += 1
        elif pattern is not None:
            page.patterns[index] = pattern


def _mark_weak_patterns(page: Page) -> None:
    for index, pattern in page.patterns.items():
        page.set(index, pattern.label)


def _mark_repeated(page: Page, is_page: bool) -> None:
    """Label captions (a line and its near copy, a line with a photo credit) and later copies of any line."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, block in enumerate(page.blocks):
        if page.is_open(index):
            places[block.key].append(index)
    last_strong = max(page.strong(), default=-1)
    for index, block in enumerate(page.blocks):
        if page.is_open(index) and block.words <= _MAX_CAPTION_WORDS and has_photo_credit(block, index == last_strong):
            page.set(index, Label.CAPTION)
            page.sure_signs += 1
    for copies in places.values():
        if len(copies) < 2 or page.blocks[copies[0]].words < _MIN_REPEATED_WORDS:
            continue
        _mark_copies(page, copies, is_page)


def _mark_copies(page: Page, copies: list[int], is_page: bool) -> None:
    block = page.blocks[copies[0]]
    near = any(later - earlier <= _NEAR_COPY_BLOCKS for earlier, later in zip(copies, copies[1:], strict=False))
    below = [page.labels[index + 1] for index in copies if index + 1 < len(page.blocks)]
    captions = Label.CREDIT in below or any(page.labels[index] is Label.CAPTION for index in copies)
    above = not any(other.is_strong and other.key != block.key for other in page.blocks[: copies[0]])
    is_first = all(label is not None or other.words < _MIN_REPEATED_WORDS for label, other in _above(page, copies[0]))
    looks_like_caption = (is_page and near and not is_first and block.is_one_sentence and block.words >= _MIN_CAPTION_WORDS) and (
        above or not block.is_terminated
    )
    if captions or looks_like_caption:
        for index in copies:
            page.set(index, Label.CAPTION)
        return
    if is_page or block.is_strong:
        for index in copies[1:]:
            page.set(index, Label.REPEATED)


def _above(page: Page, index: int) -> Iterator[tuple[Label | None, Block]]:
    return zip(page.labels[: min(index, _HEAD_BLOCKS)], page.blocks[:_HEAD_BLOCKS], strict=False)


def _find_carriers(page: Page, is_page: bool) -> list[int]:
    """Return the blocks that carry the article: its strong paragraphs, or the best there is in a short text."""
    strong = page.strong()
    if strong:
        return strong
    blocks = page.blocks
    open_blocks = [index for index in range(len(blocks)) if page.is_open(index)]
    finished = [index for index in open_blocks if blocks[index].is_terminated and not blocks[index].is_question]
    long = [index for index in open_blocks if blocks[index].words >= _LONG_WORDS]
    if is_page:
        return sorted({*finished, *long}) or open_blocks
    return open_blocks


def _cut_tail(page: Page, carriers: list[int]) -> list[int]:
    """Label what follows the first marker of a page's end, and return the carriers before it."""
    for index, pattern in sorted(page.patterns.items()):
        if not pattern.is_heading:
            continue
        if pattern.is_inline and _goes_on_below(page, index):
            continue
        before = [carrier for carrier in carriers if carrier < index]
        after = [carrier for carrier in carriers if carrier > index]
        is_whole_article = len(before) == len(carriers) and before
        if not is_whole_article and (len(before) < _STRONG_BEFORE_TAIL or len(after) >= _STRONG_AFTER_TAIL):
            continue
        for later in range(index + 1, len(page.blocks)):
            if page.labels[later] in (None, Label.CAPTION, Label.BYLINE, Label.DATE):
                page.labels[later] = Label.AFTER_END
                page.furniture.pop(later, None)
        return before
    return carriers


def _goes_on_below(page: Page, heading: int) -> bool:
    """Return whether paragraphs follow one or two links below a heading, with no headline between them."""
    links = 0
    for index in range(heading + 1, len(page.blocks)):
        block = page.blocks[index]
        if not page.is_open(index):
            return False
        if block.is_strong:
            following = page.blocks[index + 1] if index + 1 < len(page.blocks) else None
            return following is None or not page.is_open(index + 1) or following.is_terminated
        links += 1
        if links > _MAX_INLINE_LINKS or block.is_terminated and not block.is_question:
            return False
    return False


def _mark_boxes(page: Page, carriers: list[int]) -> None:
    """Label the links of a box ("Read more", then headlines) that stands between paragraphs."""
    if not carriers:
        return
    for index, pattern in page.patterns.items():
        if not (pattern.is_heading and pattern.label is Label.RELATED and carriers[0] < index < carriers[-1]):
            continue
        for entry in range(index + 1, min(index + 1 + _MAX_BOX_LINES, len(page.blocks))):
            block = page.blocks[entry]
            if not page.is_open(entry) or (block.is_terminated and not block.is_question) or block.words >= _LONG_WORDS:
                break
            page.set(entry, Label.RELATED)


def _find_first(page: Page, carriers: list[int], is_page: bool) -> int:
    """Return where the body may begin: the first carrier, or the finished sentences right above it."""
    if not carriers:
        return len(page.blocks)
    first = _below_deck(page, carriers) if is_page else carriers[0]
    while first > 0 and page.is_open(first - 1):
        block = page.blocks[first - 1]
        is_inner_question = block.is_question and first > 1 and not is_page
        if not is_inner_question and not _reads_as_sentence(block, is_page):
            break
        first -= 1
    return first


def _below_deck(page: Page, carriers: list[int]) -> int:
    """Return the first carrier below the byline and date when one carrier above them is a deck, not the lead."""
    facts = [
        index for index in page.furniture if index < _HEAD_BLOCKS and page.labels[index] in (Label.BYLINE, Label.DATE)
    ]
    for index in sorted(facts, reverse=True):
        before = [carrier for carrier in carriers if carrier < index]
        after = [carrier for carrier in carriers if carrier > index]
        has_title = any(page.is_open(above) for above in range(carriers[0]))
        if len(before) == 1 and after and has_title and page.blocks[before[0]].words <= _MAX_DECK_WORDS:
            return after[0]
    return carriers[0]


def _reads_as_sentence(block: Block, is_page: bool) -> bool:
    if block.is_bullet:
        return False
    if block.is_terminated and not block.is_question:
        return True
    return not is_page and block.words >= _LONG_WORDS


def _mark_bare_bylines(page: Page, title: int | None) -> None:
    """Label a name alone, with its role or place, where a date, a byline or a role stands beside it."""
    for index, block in enumerate(page.blocks):
        if (
            not page.is_open(index)
            or block.words > _MAX_SUBHEAD_WORDS
            or block.is_terminated
            or title is None
            or index < title
        ):
            continue
        beside = [other for other in (index - 1, index + 1) if 0 <= other < len(page.blocks)]
        has_role = index + 1 < len(page.blocks) and page.is_open(index + 1) and is_role(page.blocks[index + 1].text)
        if not has_role and not any(page.labels[other] in (Label.DATE, Label.BYLINE) for other in beside):
            continue
        byline = read_bare_byline(block.text)
        if byline is None or (names_outlet(block.text) and byline.outlet is None):
            if names_outlet(block.text):
                page.furniture[index] = Furniture(Label.SOURCE, source=block.text)
                page.set(index, Label.SOURCE)
            continue
        page.furniture[index] = Furniture(Label.BYLINE, byline=byline)
        page.set(index, Label.BYLINE)
        if has_role:
            page.set(index + 1, Label.BYLINE)


def _mark_head(page: Page, first: int, title: int | None, is_page: bool) -> None:
    for index in range(first):
        if not page.is_open(index):
            continue
        block = page.blocks[index]
        if not is_page and title is None:
            page.set(index, Label.BODY)
        elif block.is_bullet and block.words >= _MIN_KEY_POINT_WORDS:
            page.set(index, Label.KEY_POINT)
        elif title is not None and index > title and _MIN_DECK_WORDS <= block.words <= _MAX_DECK_WORDS:
            page.set(index, _label_below_title(page, index, title))
        elif title is not None and index < title and block.words <= 3:
            page.set(index, Label.SECTION)
        else:
            page.set(index, Label.BEFORE_START if is_page else Label.BODY)


def _label_below_title(page: Page, index: int, title: int) -> Label:
    """Return deck for the first lines below a title; caption for a line that a photo credit follows."""
    following = page.labels[index + 1] if index + 1 < len(page.blocks) else None
    decks = [position for position in range(title + 1, index) if page.labels[position] is Label.DECK]
    if following is Label.CREDIT and (decks or page.blocks[index].is_terminated):
        return Label.CAPTION
    return Label.DECK


def _mark_body(page: Page, first: int, carriers: list[int], is_page: bool) -> None:
    last = _find_last(page, first, carriers, is_page)
    _mark_sandwiched(page, first, last)
    for index in range(first, last + 1):
        if page.is_open(index):
            page.set(index, Label.BODY)
    _mark_subheads(page, first, last)
    _keep_facts_inside(page, first, last)
    for index in range(last + 1, len(page.blocks)):
        page.set(index, Label.AFTER_END if page.has_chrome else Label.BODY)


def _mark_sandwiched(page: Page, first: int, last: int) -> None:
    """Label the one or two short lines between two sure lines of a box (an invitation to subscribe) inside the body."""
    sure = [index for index in range(first, last + 1) if page.labels[index] in _BOX_LABELS and index in page.patterns]
    for upper, lower in zip(sure, sure[1:], strict=False):
        between = range(upper + 1, lower)
        if len(between) <= _MAX_INLINE_LINKS and not any(page.blocks[index].is_terminated for index in between):
            for index in between:
                page.set(index, Label.MENU)


def _find_last(page: Page, first: int, carriers: list[int], is_page: bool) -> int:
    """Return the last block of the body: the last carrier and the finished lines right below it."""
    if not is_page:
        return len(page.blocks) - 1
    last = carriers[-1] if carriers else first - 1
    has_items = any(page.blocks[index].is_bullet for index in range(first, last + 1) if page.is_open(index))
    for index in range(last + 1, len(page.blocks)):
        block = page.blocks[index]
        if not page.is_open(index):
            if page.labels[index] in _PASSED_AT_END:
                continue
            break
        is_closing = block.is_terminated and block.words >= _MIN_CLOSING_WORDS or block.is_bullet and has_items
        if not is_closing and block.words < _LONG_WORDS:
            break
        last = index
    return last


def _mark_subheads(page: Page, first: int, last: int) -> None:
    """Label the short lines that stand alone before a paragraph; questions only among others of their kind."""
    blocks = page.blocks
    body = [index for index in range(first, last + 1) if page.labels[index] is Label.BODY]
    plain = [place for place, index in enumerate(body) if _could_be_subhead(blocks[index])]
    alone = _without_lists(plain)
    headings = [
        place
        for place in alone
        if place + 1 < len(body)
        and _is_paragraph(blocks[body[place + 1]])
        and (place > 0 or body[0] > 0 or len(alone) > 1)
    ]
    unfinished = [place for place in headings if not blocks[body[place]].is_question]
    questions = [place for place in headings if blocks[body[place]].is_question]
    paragraphs = [index for index in body if blocks[index].is_strong]
    several = sum(not blocks[index].is_one_sentence for index in paragraphs)
    if not unfinished and not (len(questions) > 1 and several * 2 >= len(paragraphs)):
        questions = []
    for place in (*unfinished, *questions):
        page.labels[body[place]] = Label.SUBHEAD


def _could_be_subhead(block: Block) -> bool:
    if block.is_bullet or block.words > _MAX_SUBHEAD_WORDS or block.is_terminated and not block.is_question:
        return False
    if block.text.endswith((":", ",", ";", "：", "，", "、", "-", "—")):
        return False
    is_quoted = block.text[:1] in _OPENING_QUOTES
    is_closed = block.text[-1:] in _CLOSING_QUOTES
    if is_quoted and not (is_closed and block.words <= _MAX_QUOTED_SUBHEAD_WORDS and not block.is_question):
        return False
    return not block.folded.startswith(("q:", "a:", "q.", "but ", "and ", "so ", "문:", "답:", "問：", "答："))


def _is_paragraph(block: Block) -> bool:
    return block.is_strong or (block.words >= STRONG_WORDS and not block.is_bullet)


def _without_lists(places: list[int]) -> list[int]:
    """Return the places without runs of three and more neighbours."""
    kept: list[int] = []
    run: list[int] = []
    for place in places:
        if run and place != run[-1] + 1:
            kept.extend(run if len(run) < _LIST_LINES else [])
            run = []
        run.append(place)
    kept.extend(run if len(run) < _LIST_LINES else [])
    return kept


def _keep_facts_inside(page: Page, first: int, last: int) -> None:
    """Give bare dates inside the article (the days of a chronicle) back to the body."""
    for index in range(first, last + 1):
        facts = page.furniture.get(index)
        if facts is not None and not facts.is_labelled and page.labels[index] is facts.label:
            page.labels[index] = Label.SUBHEAD if index < last else Label.BODY
            del page.furniture[index]


def _keep_something(page: Page) -> None:
    """Give a page without a body the longest lines that may be one: a short text must not end up empty."""
    if Label.BODY in page.labels:
        return
    for index, block in enumerate(page.blocks):
        if page.labels[index] in _RECOVERABLE and block.words >= _MIN_CLOSING_WORDS:
            page.labels[index] = Label.BODY
