"""Where sentences begin and end, in any script.

A text is cut into paragraphs, those into lines that were ended on purpose (lists, headings; not wrapped lines), and
each of these is scanned once for the ends of its sentences.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.text.lazy import compile_later
from bot.text.sentence_ends import EndFinder, find_mark

if TYPE_CHECKING:
    from collections.abc import Iterator

# A line shorter than this share of the longest of its paragraph was ended on purpose, not wrapped.
_ENDED_LINE_SHARE = 0.6
# Characters: lines of a list are shorter than those of wrapped text.
_LIST_LINE = 60
# Characters: Arabic runs sentences on with commas; one longer than this is read clause by clause.
_LONG_ARABIC = 160
# Characters of an Arabic lead-in that ends with a colon ("Agency: ...").
_LONGEST_LEAD = 60
# Characters of a usual Thai sentence.
_THAI_SENTENCE = 60
# Characters read to see whether a text has capitals at all.
_CASE_SAMPLE = 4_000
# Sentences begun with a small letter that are no accident any more.
_FEWEST_SMALL_STARTS = 2

_PARAGRAPH = compile_later(r"\S[^\n]*(?:\n(?![^\S\n]*(?:\n|$))[^\n]*)*")
_LIST_MARK = compile_later(
    r"\s*(?P<bullet>[•⁃‣▪◦●]\s?)?(?P<label>\d{1,3}|[a-z])(?P<close>\.\)|\.|\))\s+(?=\S)|\s*(?P<only>[•⁃‣▪◦●])\s"
)
_LINE_OPENING = compile_later(r"[^\S\n]*(?:[•⁃‣▪◦●*·-]\s*\S|\d{1,3}[.)]{1,2}\s|[a-z]\)\s)")
_TERMINATOR = compile_later(r"[.!?…。！？؟۔।:;]")
_UPPER = compile_later(r"[A-ZÀ-ÖØ-ÞΑ-ΩА-ЯԱ-Ֆ]")
_LOWER = compile_later(r"[a-zß-öø-ÿα-ωа-яա-ֆ]")
_SMALL_START = compile_later(rf"\. (?<={_LOWER.pattern}{{4}}\. ){_LOWER.pattern}")
_CAPITAL_START = compile_later(rf"\. (?<={_LOWER.pattern}{{4}}\. ){_UPPER.pattern}")
_ARABIC_CLAUSE = compile_later(r"،(?!\s*\S+\s*،)(?=\s)")
_THAI_GAP = compile_later(r"(?<=[\u0e00-\u0eff]) +(?=[\u0e00-\u0eff])")
_ARABIC_LEAD = compile_later(
    rf"[^:.،؟!\n]{{2,{_LONGEST_LEAD}}}(?:\d:\d\d[^:.؟!\n]{{0,{_LONGEST_LEAD}}})?:(?=\s+[^\s\"«“])"
)


def split_sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Return the (start, end) spans of the sentences in order, without surrounding space.

    Every character that is not white space is in exactly one span. Blank lines always end a sentence; a single line
    break does where the line was ended on purpose, not where it was wrapped, so a span may contain line breaks.
    """
    clauses = _CLAUSES.get(language)
    if clauses is None and _is_single(text):
        return [_stripped(text, 0, len(text))]
    finder = EndFinder(text=text, language=language, cased=_is_cased(text))
    spans: list[tuple[int, int]] = []
    for paragraph in _PARAGRAPH.finditer(text):
        for line_start, line_end in _lines(text, paragraph.start(), paragraph.end()):
            for start, end, label_end in _items(text, line_start, line_end):
                bounds = [start, *finder.ends(start, end, label_end), end]
                spans += [(bounds[i], bounds[i + 1]) for i in range(len(bounds) - 1)]
    if clauses:
        spans = [clause for span in spans for clause in clauses(text, *span)]
    stripped = (_stripped(text, start, end) for start, end in spans)
    return [span for span in stripped if span[0] < span[1]]


def _is_single(text: str) -> bool:
    """Return whether a line plainly is one sentence: nothing that could end one stands before its last character.

    A shortcut: what it answers no to is read in full.
    """
    mark = find_mark(text)
    is_unbroken = "\n" not in text and not text.isspace() and text != ""
    return is_unbroken and (mark is None or mark == len(text) - 1) and _LIST_MARK.match(text) is None


def _is_cased(text: str) -> bool:
    """Return whether small letters mean anything: not in a text whose sentences were lower-cased."""
    sample = text[:_CASE_SAMPLE]
    if _UPPER.search(sample) is None:
        return _LOWER.search(sample) is None
    if sample.count(". ") < _FEWEST_SMALL_STARTS:
        return True
    small = len(_SMALL_START.findall(sample))
    return small < _FEWEST_SMALL_STARTS or small <= len(_CAPITAL_START.findall(sample))


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a paragraph between line breaks that end a sentence."""
    if text.find("\n", start, end) < 0:
        yield start, end
        return
    lines = text[start:end].split("\n")
    longest = max(map(len, lines))
    is_list = longest <= _LIST_LINE and _TERMINATOR.search(text, start, end) is None
    begin = position = start
    for line, following in pairwise(lines):
        position += len(line) + 1
        if is_list or _is_ended_line(line, following, longest):
            yield begin, position
            begin = position
    yield begin, end


def _is_ended_line(line: str, following: str, longest: int) -> bool:
    if _LINE_OPENING.match(following):
        return True
    first = following.lstrip()[:1]
    wrapped = line[-1:].isspace() or line.endswith((",", ";", "-", "–", "—")) or first.islower()
    return not wrapped and len(line) < _ENDED_LINE_SHARE * longest


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield the (start, end, end of label) of the items of an inline list ("1. One 2. Two"), or the line as it is."""
    mark = _LIST_MARK.match(text, start, end)
    while mark:
        following = text.find(_next_mark(mark), mark.end(), end)
        if following < 0:
            break
        yield start, following, mark.end()
        start = following
        mark = _LIST_MARK.match(text, start, end)
    yield start, end, mark.end() if mark else start


def _next_mark(mark: re.Match[str]) -> str:
    """Return how the label after this one is written, with the space before it."""
    if mark["only"]:
        return f" {mark['only']} "
    label = mark["label"]
    successor = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
    return f" {mark['bullet'] or ''}{successor}{mark['close']} "


def _arabic_clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a long Arabic sentence clause by clause, and a lead-in before a colon by itself."""
    lead = _ARABIC_LEAD.match(text, start, end)
    if lead:
        yield start, lead.end()
        start = lead.end()
    if end - start > _LONG_ARABIC:
        for comma in _ARABIC_CLAUSE.finditer(text, start, end):
            yield start, comma.end()
            start = comma.end()
    yield start, end


def _thai_clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a Thai or Lao passage, which has no full stops, cut at spaces into pieces of a sentence's length."""
    for gap in _THAI_GAP.finditer(text, start, end):
        if min(gap.start() - start, end - gap.end()) >= _THAI_SENTENCE:
            yield start, gap.start()
            start = gap.end()
    yield start, end


_CLAUSES = {"ar": _arabic_clauses, "th": _thai_clauses, "lo": _thai_clauses}


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
