"""Lines that carry facts about the article: who wrote it, when it came out, where it comes from.

Such a line is often a mix ("By Jane Doe | 3 May 2026 14:05 BST | 4 min read"): the dates are cut out first, then the
rest must be explained piece by piece, or the line is prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.articles.cleaning.blocks import Block, Label
from bot.articles.cleaning.bylines import EMAIL, Byline, is_role, names_outlet, read_bare_byline, read_byline
from bot.articles.cleaning.dates import FoundDate, find_dates, find_relative_time, names_modification, names_publication
from bot.articles.cleaning.patterns import match_pattern
from bot.text.lazy import compile_later
from bot.text.normalizing import fold_quotes

# The longest lines of this kind hold two dates with their labels, a byline and a paper; finished ones are shorter.
_MAX_WORDS = 30
_MAX_FINISHED_WORDS = 16
_MAX_CHARS = 300
# A date that fills this much of a line needs no label beside it.
_DATE_SHARE = 0.55
# What may be left beside dates and bylines: weekdays, labels, reading times, places.
_MAX_REST_WORDS = 5
_MAX_UNLABELLED_REST_WORDS = 2
# A label without a usable date stands in a short line.
_MAX_UNDATED_WORDS = 12
_MAX_LABEL_WORDS = 4
_MAX_BARE_NAME_WORDS = 4
# A line that is only a date names a weekday, a month, half of the day and a zone at most.
_MAX_DATE_NAMES = 4

_SEPARATORS = compile_later(r"\s{0,3}[|·•/]\s{0,3}|\s[-–—]\s|,\s|\s{3,}")
# "2026.05.03 15:00 수정 | ...": the label behind its date, set off from the next.
_LABEL_AFTER = compile_later(r"\s{0,2}[^\W\d]{2,12}\s{0,2}[|·•/]")
_LABEL_TAIL = compile_later(r"(?:\bon|\bat|\bin|:|：)\s{0,3}$", re.IGNORECASE)
_LABEL_AFTER_CHARS = 12
_BY_TAIL = compile_later(
    r"(?:^|[\s|·,-])((?:posted |written |published )?by|von|par|por|автор:?)\s{1,2}(\S.*)$", re.IGNORECASE
)
_SOURCE_LABEL = compile_later(
    r"\(?\s?(?:source|출처|자료|来源|來源|稿源|文章来源|出典|quelle|fuente|fonte|источник|المصدر)\s?[:：=]\s?"
    r"([^()（）|\n]{2,60}?)\s?[)）.。]?$",
    re.IGNORECASE,
)
_INNER_SOURCE = compile_later(r"(?:来源|來源|稿源|source)\s?[:：]\s?([^\s|：:]{2,30})", re.IGNORECASE)
_AMBIGUOUS = compile_later(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|[:：]\s{0,2}\S{3,12}\s\d{1,2}\b|\d{1,2}:\d{2}|\d{1,2}\s[^\W\d]{3,9}\s\d{4}"
)
_DATE_TOKEN = compile_later(r"\d{1,4}(?:[./:-]\d{1,4}){0,2}|[^\W\d_]{1,9}\.?|[ap]\.m\.?")
_TIME_TOKEN = compile_later(r"\d{1,4}(?::\d\d)?h?|\d{1,2}h\d\d|[ap]\.?m\.?|gmt|utc|hkt|[ecmp][sd]?t|kst|jst|uhr|น\.?")
_TOKEN_BREAK = compile_later(r"[\s,|()+]+")
_SPACED_SIGN = compile_later(r"(?<=\d)\s?([./:-])\s?(?=\d)")


@dataclass(frozen=True, slots=True)
class Furniture:
    """What one line says about the article, under the label it is removed by.

    `is_labelled` is false for a date whose line says nothing of a publication: its place has to prove it.
    """

    label: Label
    byline: Byline | None = None
    published: FoundDate | None = None
    modified: FoundDate | None = None
    source: str | None = None
    is_labelled: bool = True


def read_furniture(block: Block) -> Furniture | None:
    """Return the facts of a byline, date or source line, or None when the block is anything else."""
    text = block.text
    if len(text) > _MAX_CHARS or block.words > (_MAX_FINISHED_WORDS if block.is_terminated else _MAX_WORDS):
        return None
    dates = find_dates(text) if block.has_digits else []
    if dates:
        return _read_dated(block, dates)
    source = _SOURCE_LABEL.match(text) if ":" in text or "：" in text or "=" in text else None
    if source:
        return Furniture(Label.SOURCE, source=source[1].strip())
    byline = read_byline(block.unbulleted)
    if byline is not None:
        return Furniture(Label.BYLINE, byline=byline)
    return _read_undated(block)


def is_furniture(text: str) -> bool:
    """Return whether a single line is surely something else than running text."""
    block = Block(0, 0, text)
    pattern = match_pattern(block)
    if pattern is not None and pattern.is_sure:
        return True
    facts = read_furniture(block)
    return facts is not None and facts.is_labelled


def _read_dated(block: Block, dates: list[FoundDate]) -> Furniture | None:
    text = block.text
    folded = fold_quotes(text).lower()
    is_labelled = names_publication(folded)
    if block.is_strong and not is_labelled:
        return None
    rest = _cut(text, [(date.start, date.end) for date in dates])
    byline = _read_rest_byline(rest)
    unexplained = _count_unexplained(rest, byline)
    covered = sum(date.end - date.start for date in dates)
    if byline is None and not is_labelled and unexplained and covered < _DATE_SHARE * len(text):
        return None
    if unexplained > (_MAX_REST_WORDS if is_labelled else _MAX_UNLABELLED_REST_WORDS):
        return None
    published, modified = _assign(dates, folded)
    source = _INNER_SOURCE.search(text)
    return Furniture(
        label=Label.DATE if byline is None or is_labelled else Label.BYLINE,
        byline=byline,
        published=published,
        modified=modified,
        source=source[1] if source else None,
        is_labelled=is_labelled,
    )


def _read_undated(block: Block) -> Furniture | None:
    """Return a date line without a usable date: relative times, ambiguous or impossible dates behind a label."""
    folded = block.folded
    relative = None if block.is_terminated else find_relative_time(folded)
    if relative is not None:
        rest = _cut(block.text if len(folded) == len(block.text) else folded, [relative])
        if len(rest.split()) <= _MAX_REST_WORDS:
            return Furniture(Label.DATE, _read_rest_byline(rest))
    if not block.has_digits or not _AMBIGUOUS.search(folded):
        return None
    if _is_date_shaped(folded):
        return Furniture(Label.DATE, is_labelled=names_publication(folded))
    if block.words <= _MAX_UNDATED_WORDS and not block.is_terminated and names_publication(folded):
        return Furniture(Label.DATE)
    return None


def _is_date_shaped(folded: str) -> bool:
    """Return whether a line is nothing but numbers and a few short words: a date that cannot be read for sure."""
    tokens = [token for token in _TOKEN_BREAK.split(_SPACED_SIGN.sub(r"\1", folded)) if token]
    names = sum(token[0].isalpha() for token in tokens)
    return names <= _MAX_DATE_NAMES and all(_DATE_TOKEN.fullmatch(token) for token in tokens)


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    """Return what stands outside the spans, set apart by bars."""
    pieces = []
    position = 0
    for start, end in spans:
        pieces.append(text[position:start])
        position = end
    pieces.append(text[position:])
    return " | ".join(piece.strip() for piece in pieces if piece.strip())


def _read_rest_byline(rest: str) -> Byline | None:
    """Return the byline among the pieces that stand around the dates."""
    rest = _trim_label(rest)
    if not rest:
        return None
    whole = read_byline(rest)
    if whole is not None:
        return whole
    marked = _BY_TAIL.search(rest)
    if marked:
        return read_byline(f"By {_trim_label(marked[2])}")
    for piece in _SEPARATORS.split(rest):
        trimmed = _trim_label(piece)
        found = read_byline(trimmed)
        if found is not None:
            return found
        bare = read_bare_byline(trimmed)
        if bare is not None and not names_publication(trimmed.lower()) and EMAIL.search(trimmed) is None:
            return bare if len(trimmed.split()) <= _MAX_BARE_NAME_WORDS else None
    return None


def _trim_label(text: str) -> str:
    previous = None
    while previous != text:
        previous = text
        text = _LABEL_TAIL.sub("", text).strip(" |·•-–—,:")
    return text


def _count_unexplained(rest: str, byline: Byline | None) -> int:
    """Return the words that are no label, no known phrase, no paper, no time and no part of the byline."""
    count = 0
    for piece in map(str.strip, _SEPARATORS.split(rest)):
        words = len(piece.split())
        is_label = words <= _MAX_LABEL_WORDS and names_publication(piece.lower())
        is_named = byline is not None and _is_of_byline(piece, byline)
        if is_label or is_named or (words <= _MAX_REST_WORDS and _is_known(piece)):
            continue
        count += words
    return count


def _is_of_byline(piece: str, byline: Byline) -> bool:
    named = (*byline.names, *byline.emails, *((byline.outlet,) if byline.outlet else ()))
    return any(name in piece for name in named) or is_role(piece)


def _is_known(piece: str) -> bool:
    tokens = [token for token in _TOKEN_BREAK.split(piece.lower()) if token]
    is_time = all(_TIME_TOKEN.fullmatch(token) for token in tokens)
    return is_time or names_outlet(piece) or match_pattern(Block(0, 0, piece)) is not None


def _assign(dates: list[FoundDate], folded: str) -> tuple[FoundDate | None, FoundDate | None]:
    """Return the publication date and the modification date by the words before (else right after) each date."""
    published: FoundDate | None = None
    modified: FoundDate | None = None
    labels_follow = (
        not folded[: dates[0].start].strip(" |·:()") and _LABEL_AFTER.match(folded, dates[0].end) is not None
    )
    position = 0
    for index, date in enumerate(dates):
        before = "" if labels_follow else folded[position : date.start]
        is_last = index + 1 == len(dates)
        after = folded[date.end : len(folded) if is_last else dates[index + 1].start]
        looks_behind = labels_follow or (is_last and not before.strip(" |·:()"))
        position = date.end
        if names_modification(before) or (looks_behind and names_modification(after[:_LABEL_AFTER_CHARS])):
            modified = modified or date
        else:
            published = published or date
    return published, modified
