"""The title among the lines above an article, and the site's name behind it.

Titles are long enough to say something, share words with the article, are not finished like sentences, and stand near
the byline, date or share line. Where nothing fits, there is no title: a lead must never be taken for one.
"""

from __future__ import annotations

from collections import Counter

from bot.articles.cleaning.blocks import Block, Label
from bot.articles.cleaning.bylines import names_outlet
from bot.articles.cleaning.captions import has_photo_credit
from bot.text.lazy import compile_later
from bot.text.stop_words import stop_words

_MAX_TITLE_WORDS = 34
_MIN_TITLE_WORDS = 2
_MAX_SECTION_WORDS = 3
_GOOD_TITLE_WORDS = range(4, 24)
# The paragraphs a title is compared with.
_COMPARED_BLOCKS = 8
# How near a byline, date or share line must stand to speak for a title.
_NEAR_BLOCKS = 3
_ANNOUNCED_BLOCKS = 3
# In a text without any sign of a page, at least this share of what follows a title reads as prose.
_PROSE_SHARE = 0.6
# A title shares a word of this length at least with its article; its first letters survive inflection.
_MIN_SHARED_CHARS = 4
_STEM_CHARS = 5
# The share of a title's content words that its article repeats, and how far below it they are looked for.
_SHARED = 0.2
_SHARED_BY_QUESTION = 0.5
_SEARCHED_BLOCKS = 60

# A title stands within this many lines of its article.
_TITLE_REACH_BLOCKS = 60
_OVERLAP_WEIGHT = 3.0
# Pages name their article more than once: in the path above it, beside its picture.
_COPY_WEIGHT = 0.6
_DISTANCE_PENALTY = 0.04
_LENGTH_WEIGHT = 1.5
_LOWER_CASE_WEIGHT = 0.8
_NEAR_WEIGHT = 0.9
# For each earlier line of a title's length: decks stand below titles and share more words with the article.
_LATER_PENALTY = 1.3
# Lines above that share less with the article than this (menus, other headlines) are no rivals.
_RIVAL_OVERLAP = 0.3
_LONG_PENALTY = 1.2
_SHORT_PENALTY = 2.0

_TERM = compile_later(r"[^\W\d_]{3,}|\d+")
_ASCII_TERM = compile_later(r"[a-z]{3,}|[0-9]+")
_HAN_PAIR = compile_later(r"(?=([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]{2}))")
_SUFFIX = compile_later(r"\s(?:[|｜¦:•·]{1,2}|[-–—»])\s|[｜|]|[_＿](?=[\u3400-\u9fff])")
_MAX_SUFFIX_CHARS = 48
_NEIGHBOURS = (Label.BYLINE, Label.DATE, Label.SHARE)


def choose_title(
    blocks: list[Block], labels: list[Label | None], first: int, hint: str | None, is_page: bool
) -> int | None:
    """Return the index of the title's block, or None; `first` is where the body may begin."""
    if hint is not None and hint.strip():
        return _find_hint(blocks, labels, hint)
    if not is_page:
        return _choose_in_clean_text(blocks, labels, first)
    candidates = _list_candidates(blocks, labels, first)
    if not candidates:
        return None
    terms = {term for block in blocks[first : first + _COMPARED_BLOCKS] for term in _terms(block.folded)}
    copies = Counter(blocks[index].key for index in range(first))
    scores: dict[int, float] = {}
    earlier = 0
    for index in candidates:
        overlap = _measure_overlap(blocks[index], terms)
        scores[index] = _OVERLAP_WEIGHT * overlap + _score_form(blocks, labels, index) - _LATER_PENALTY * earlier
        scores[index] += _COPY_WEIGHT * (copies[blocks[index].key] > 1) - _DISTANCE_PENALTY * (first - index)
        earlier += blocks[index].words in _GOOD_TITLE_WORDS and overlap >= _RIVAL_OVERLAP
    return max(candidates, key=lambda index: scores[index])


def split_site_name(title: str) -> tuple[str, str | None]:
    """Return a title without the name of its site ("Dam fails - The Harrow Post"), and that name."""
    breaks = list(_SUFFIX.finditer(title))
    if not breaks:
        return title, None
    kept, site = title, None
    for found in reversed(breaks):
        before, after = title[: found.start()].strip(), kept[found.end() :].strip()
        sign = found.group().strip()
        if len(after) > _MAX_SUFFIX_CHARS or len(_terms(before)) < 2:
            break
        is_bar = sign[:1] in "|｜_＿•·"
        if not (names_outlet(after) or (is_bar and len(after.split()) <= 4)):
            break
        kept, site = before, after
    return kept, site


def _find_hint(blocks: list[Block], labels: list[Label | None], hint: str) -> int | None:
    """Return the block among the first ones that says the known title."""
    wanted = Block(0, 0, " ".join(hint.split()))
    for index, block in enumerate(blocks[:40]):
        if labels[index] not in (None, Label.REPEATED, Label.CAPTION):
            continue
        if block.key == wanted.key or Block(0, 0, split_site_name(block.text)[0]).key == wanted.key:
            return index if labels[index] is None else None
    return None


def _choose_in_clean_text(blocks: list[Block], labels: list[Label | None], first: int) -> int | None:
    """Return 0 when the first of otherwise plain paragraphs is plainly a headline."""
    if len(blocks) < 2 or labels[0] is not None or first == 0:
        return None
    if blocks[0].words <= _MAX_SECTION_WORDS and _is_headline(blocks, labels, 1) and not _shares_words(blocks, 0):
        return 1
    return 0 if _is_headline(blocks, labels, 0) else None


def _is_headline(blocks: list[Block], labels: list[Label | None], index: int) -> bool:
    """Return whether a line of plain text is unfinished, stands above prose and shares words with it."""
    if index + 1 >= len(blocks) or labels[index] is not None:
        return False
    title, lead = blocks[index], blocks[index + 1]
    if not _may_be_title(title) or (title.is_terminated and not title.is_question):
        return False
    if title.text.endswith((":", ",", ";", "：", "，", "、", "-", "—")) or lead.is_bullet:
        return False
    below = [block for block in blocks[index + 1 :] if not block.is_bullet]
    finished = sum(block.is_terminated for block in below)
    if finished < _PROSE_SHARE * len(below) or not any(block.is_strong for block in below):
        return False
    goes_on = lead.text[:1].islower() and any(char.isupper() for char in title.text + lead.head)
    return not goes_on and _shares_words(blocks, index)


def _shares_words(blocks: list[Block], index: int) -> bool:
    """Return whether enough of a line's content words come back below it; a question has to prove more."""
    wanted = _content_stems(blocks[index])
    if not wanted:
        return False
    needed = len(wanted) * (_SHARED_BY_QUESTION if blocks[index].is_question else _SHARED)
    found: set[str] = set()
    for block in blocks[index + 1 : index + 1 + _SEARCHED_BLOCKS]:
        found.update(wanted.intersection(map(_stem, _terms(block.folded))))
        if len(found) >= needed:
            return True
    return False


def _content_stems(block: Block) -> set[str]:
    ordinary = stop_words("en")
    terms = (term for term in _terms(block.folded) if term not in ordinary)
    return {_stem(term) for term in terms if len(term) >= _MIN_SHARED_CHARS or term > "\u2fff"}


def _list_candidates(blocks: list[Block], labels: list[Label | None], first: int) -> list[int]:
    nearest = range(max(0, first - _TITLE_REACH_BLOCKS), first)
    head = [index for index in nearest if _is_candidate(blocks[index], labels[index])]
    unfinished = [index for index in head if not blocks[index].is_terminated or _is_titled_question(blocks, index)]
    if unfinished:
        return unfinished
    finished = [index for index in head if blocks[index].words >= 3]
    return finished[:1] or _finished_before_facts(blocks, labels, first) or _announced(blocks, labels, first)


def _is_titled_question(blocks: list[Block], index: int) -> bool:
    return blocks[index].is_question and _shares_words(blocks, index)


def _is_candidate(block: Block, label: Label | None) -> bool:
    """Return whether a line above the article may be its title; one that stands there twice may be as well."""
    is_copied = (
        label in (Label.CAPTION, Label.REPEATED) and block.words in _GOOD_TITLE_WORDS and not block.is_terminated
    )
    return _may_be_title(block) and (label is None or (is_copied and not has_photo_credit(block, closes_article=False)))


def _announced(blocks: list[Block], labels: list[Label | None], first: int) -> list[int]:
    """Return a headline that begins as a link does ("Watch: ..."), when no other line can be the title."""
    head = range(min(first, _ANNOUNCED_BLOCKS))
    return [
        index
        for index in head
        if labels[index] is Label.RELATED and _may_be_title(blocks[index]) and blocks[index].words > 3
    ][:1]


def _finished_before_facts(blocks: list[Block], labels: list[Label | None], first: int) -> list[int]:
    """Return a headline that ends in a full stop: the first line of a page, right above its byline or date."""
    for index in range(len(blocks) - 1):
        if labels[index] is not None:
            continue
        above_facts = labels[index + 1] in _NEIGHBOURS
        fits = index <= first and above_facts and _may_be_title(blocks[index]) and blocks[index].words <= 24
        return [index] if fits and blocks[index].is_one_sentence and len(blocks) - index > 2 else []
    return []


def _may_be_title(block: Block) -> bool:
    return not block.is_bullet and _MIN_TITLE_WORDS <= block.words <= _MAX_TITLE_WORDS and block.has_letters


def _measure_overlap(block: Block, body: set[str]) -> float:
    """Return the share of a line's terms that the article holds as well."""
    terms = _terms(block.folded)
    return sum(term in body for term in terms) / max(1, len(terms))


def _score_form(blocks: list[Block], labels: list[Label | None], index: int) -> float:
    """Return how much a line's length, letters and neighbours are those of a title."""
    block = blocks[index]
    near = labels[max(0, index - _NEAR_BLOCKS) : index + _NEAR_BLOCKS + 1]
    score = _LENGTH_WEIGHT * (block.words in _GOOD_TITLE_WORDS)
    score += _LOWER_CASE_WEIGHT * any(
        char.islower() or (char.upper() == char.lower() and char.isalpha()) for char in block.text
    )
    score += _NEAR_WEIGHT * any(label in _NEIGHBOURS for label in near)
    score -= _LONG_PENALTY * (block.words > _GOOD_TITLE_WORDS.stop)
    return score - _SHORT_PENALTY * (block.words < 3)


def _stem(term: str) -> str:
    return term[:_STEM_CHARS]


def _terms(folded: str) -> list[str]:
    lowered = folded.lower()
    if lowered.isascii():
        return _ASCII_TERM.findall(lowered)
    return [*_TERM.findall(lowered), *_HAN_PAIR.findall(lowered)]
