"""Subheads: short unfinished lines that stand alone before a paragraph. Lists, questions and lead-ins are none."""

from __future__ import annotations

from bot.articles.cleaning.blocks import STRONG_WORDS, Block, Label
from bot.articles.cleaning.page import Page

_MAX_WORDS = 14
_MAX_QUOTED_WORDS = 8
# This many plain lines in a row inside an article are a list.
_LIST_LINES = 3
_OPENING_QUOTES = "\"'“‘«„「『"
_CLOSING_QUOTES = "\"'”’»“」』"
_LEAD_IN_ENDS = (":", ",", ";", "：", "，", "、", "-", "—")
_SPOKEN_STARTS = ("q:", "a:", "q.", "but ", "and ", "so ", "문:", "답:", "問：", "答：")


def mark_subheads(page: Page, first: int, last: int) -> None:
    """Label the subheads between two blocks; questions only among other subheads or several longer paragraphs."""
    body = [index for index in range(first, last + 1) if page.labels[index] is Label.BODY]
    blocks = [page.blocks[index] for index in body]
    alone = _without_lists([place for place, block in enumerate(blocks) if _could_be_subhead(block)])
    headings = [
        place
        for place in alone
        if place + 1 < len(blocks) and _is_paragraph(blocks[place + 1]) and (place > 0 or body[0] > 0 or len(alone) > 1)
    ]
    unfinished = [place for place in headings if not blocks[place].is_question]
    questions = [place for place in headings if blocks[place].is_question]
    if not unfinished and not _are_headings(questions, blocks):
        questions = []
    for place in (*unfinished, *questions):
        page.labels[body[place]] = Label.SUBHEAD


def _could_be_subhead(block: Block) -> bool:
    if block.is_bullet or block.words > _MAX_WORDS or (block.is_terminated and not block.is_question):
        return False
    if block.text.endswith(_LEAD_IN_ENDS) or block.folded.startswith(_SPOKEN_STARTS):
        return False
    is_quoted = block.text[:1] in _OPENING_QUOTES
    is_closed = block.text[-1:] in _CLOSING_QUOTES
    return not is_quoted or (is_closed and block.words <= _MAX_QUOTED_WORDS and not block.is_question)


def _without_lists(places: list[int]) -> list[int]:
    """Return the places without runs of neighbours that make a list."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [place for run in runs if len(run) < _LIST_LINES for place in run]


def _is_paragraph(block: Block) -> bool:
    return block.is_strong or (block.words >= STRONG_WORDS and not block.is_bullet)


def _are_headings(questions: list[int], blocks: list[Block]) -> bool:
    """Return whether questions alone head sections: more than one, among paragraphs of several sentences."""
    if len(questions) < 2:
        return False
    paragraphs = [block for block in blocks if block.is_strong]
    longer = sum(not block.is_one_sentence for block in paragraphs)
    return longer * 2 >= len(paragraphs)
