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
from bot.text.normalizing import fold_quotes

# The longest lines of this kind hold two dates with their labels, a byline and a paper.
_MAX_WORDS = 30
_MAX_FINISHED_WORDS = 16
_MAX_CHARS = 300
# A date that fills this much of a line needs no label beside it.
_DATE_SHARE = 0.55
# What may be left beside dates and bylines: weekdays, labels, reading times, papers.
_MAX_REST_WORDS = 5
_MAX_UNLABELLED_REST_WORDS = 2

_SEPARATORS = re.compile(r"\s{0,3}[|·•/]\s{0,3}|\s[-–—]\s|,\s|\s{3,}")
# "2026.05.03 15:00 수정 | ...": the label behind its date, set off from the next.
_LABEL_AFTER = re.compile(r"\s{0,2}[^\W\d]{2,12}\s{0,2}[|·•/]")
_LABEL_TAIL = re.compile(r"(?:\bon|\bat|\bin|:|：)\s{0,3}$", re.IGNORECASE)
_BY_TAIL = re.compile(
    r"(?:^|[\s|·,-])((?:posted |written |published )?by|von|par|por|автор:?)\s{1,2}(\S.*)$", re.IGNORECASE
)
_SOURCE_LABEL = re.compile(
    r"\(?\s?(?:source|출처|자료|来源|來源|稿源|文章来源|出典|quelle|fuente|fonte|источник|المصدر)\s?[:：=]\s?([^()（）|\n]{2,60}?)\s?[)）.。]?$",
    re.IGNORECASE,
)
_INNER_SOURCE = re.compile(r"(?:来源|來源|稿源|source)\s?[:：]\s?([^\s|：:]{2,30})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Furniture:
    """What one line says about the article, under the label it is removed by."""

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
    source = _SOURCE_LABEL.match(text)
    if source and not find_dates(text):
        return Furniture(Label.SOURCE, source=source[1].strip())
    byline = read_byline(block.unbulleted)
    if byline is not None and not find_dates(text):
        return Furniture(Label.BYLINE, byline=byline)
    return _read_dated(block)


def is_furniture(text: str) -> bool:
    """Return whether a single line is surely something else than running text."""
    block = Block(0, 0, text)
    pattern = match_pattern(block)
    if pattern is not None and pattern.is_sure:
        return True
    facts = read_furniture(block)
    return facts is not None and facts.is_labelled


def _read_dated(block: Block) -> Furniture | None:
    text = block.text
    folded = fold_quotes(text).lower()
    dates = find_dates(text)
    if not dates:
        return _read_undated(block, folded)
    labelled = names_publication(folded)
    covered = sum(date.end - date.start for date in dates)
    rest = _cut(text, [(date.start, date.end) for date in dates])
    byline = _read_rest_byline(rest)
    unexplained = _count_unexplained(rest, byline)
    if byline is None and not labelled and unexplained and covered < _DATE_SHARE * len(text):
        return None
    if block.is_strong and not labelled:
        return None
    if unexplained > (_MAX_REST_WORDS if labelled else _MAX_UNLABELLED_REST_WORDS):
        return None
    published, modified = _assign(dates, folded)
    source = _INNER_SOURCE.search(text)
    return Furniture(
        Label.DATE if byline is None or labelled else Label.BYLINE,
        byline,
        published,
        modified,
        source[1] if source else None,
        labelled,
    )


def _read_undated(block: Block, folded: str) -> Furniture | None:
    """Return a date line without a usable date: relative times, ambiguous or impossible dates behind a label."""
    relative = find_relative_time(folded)
    if relative is not None:
        rest = _cut(folded, [relative])
        if len(rest.split()) <= _MAX_REST_WORDS and not block.is_terminated:
            byline = _read_rest_byline(_cut(block.text, [relative]) if len(folded) == len(block.text) else rest)
            return Furniture(Label.DATE, byline)
    if not _DIGIT.search(folded):
        return None
    if _DATE_SHAPED.fullmatch(folded) and _AMBIGUOUS.search(folded):
        return Furniture(Label.DATE, is_labelled=False)
    if block.words <= 12 and not block.is_terminated and _AMBIGUOUS.search(folded) and names_publication(folded):
        return Furniture(Label.DATE)
    return None


# Nothing but numbers, weekdays, halves of the day and zones: a date that cannot be read for sure.
_DATE_SHAPED = re.compile(
    r"(?:\d{1,4}\s?[./:-]\s?\d{1,4}(?:\s?[./:-]\s?\d{1,4})?|[ap]\.?\s?m\.?|[^\W\d_]{1,9}|[\s,|()+-]){1,16}"
)
_TIME_SHAPED = re.compile(r"(?:\d{1,4}(?::\d\d)?\s?h?|[ap]\.?m\.?|gmt|utc|hkt|[ecmp][sd]?t|kst|jst|uhr|น|[\s,.()])+")
_DIGIT = re.compile(r"\d")
_AMBIGUOUS = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|[:：]\s{0,2}\S{3,12}\s\d{1,2}\b|\d{1,2}:\d{2}|\d{1,2}\s[^\W\d]{3,9}\s\d{4}")


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
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
    whole = read_byline(rest.strip(" |·•-–—,"))
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
            return bare if len(trimmed.split()) <= 4 else None
    return None


def _trim_label(text: str) -> str:
    previous = None
    while previous != text:
        previous = text
        text = _LABEL_TAIL.sub("", text).strip(" |·•-–—,:")
    return text


def _count_unexplained(rest: str, byline: Byline | None) -> int:
    """Return the words that are no label, no known phrase and no part of the byline."""
    count = 0
    for piece in _SEPARATORS.split(rest):
        is_label = names_publication(piece.lower()) and len(piece.split()) <= 4
        if not piece.strip() or is_label or (byline is not None and _is_of_byline(piece, byline)):
            continue
        words = len(piece.split())
        is_known = words <= _MAX_REST_WORDS and (
            match_pattern(Block(0, 0, piece.strip())) is not None
            or names_outlet(piece.strip())
            or _TIME_SHAPED.fullmatch(piece.strip().lower()) is not None
        )
        count += 0 if is_known else words
    return count


def _is_of_byline(piece: str, byline: Byline) -> bool:
    return (
        any(name in piece for name in byline.names)
        or any(email in piece for email in byline.emails)
        or (byline.outlet is not None and byline.outlet in piece)
        or is_role(piece)
    )


def _assign(dates: list[FoundDate], folded: str) -> tuple[FoundDate | None, FoundDate | None]:
    """Return the publication date and the modification date by the words before (else right after) each date."""
    published: FoundDate | None = None
    modified: FoundDate | None = None
    position = 0
    first_before = folded[: dates[0].start].strip(" |·:()")
    is_labelled_after = not first_before and _LABEL_AFTER.match(folded, dates[0].end) is not None
    for index, date in enumerate(dates):
        before = "" if is_labelled_after else folded[position : date.start]
        following = dates[index + 1].start if index + 1 < len(dates) else len(folded)
        after = folded[date.end : following]
        looks_behind = is_labelled_after or (not before.strip(" |·:()") and following == len(folded))
        position = date.end
        says_modified = names_modification(before) or (looks_behind and names_modification(after[:12]))
        if says_modified:
            modified = modified or date
        else:
            published = published or date
    return published, modified
