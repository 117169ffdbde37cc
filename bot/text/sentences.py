"""Sentence spans of a text (first version)."""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen col lt sgt capt cmdr adm maj rep sen gov pres rev hon st jr sr inc ltd co corp jan feb mar
    apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri u.s u.k u.n u.s.a e.u d.c p.m a.m no vs
    etc e.g i.e approx dept vol ph.d m.d b.a m.a ave blvd rd mt calif fla ariz conn va md tex""".split()
)
_MAY_END = frozenset("u.s u.k u.n u.s.a e.u d.c p.m a.m inc ltd co corp etc jr sr".split())
_STARTERS = frozenset(
    """the a an he she it they we i you this that these those in on at but and however meanwhile as for if when while
    after before with since from by his her its their our there what who why how although though despite according also
    still now yet one two no not some many most more both each all another other last next officials police""".split()
)
_END = re.compile(r"(?:[.!?…]+)[\"'”’»)\]]*(?=\s|$)|[。！？｡।॥؟۔][」』”’)]*|\n\s*\n")
_WORD_BEFORE = re.compile(r"[\w.&'’-]{1,40}$")
_NEXT_WORD = re.compile(r"[\"'“‘«(\[]*([\w'’]+)?")


def split_sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Return the spans of the sentences in order, stripped of surrounding space."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if _ends(text, match):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, len(text)))
    return [span for span in (_strip(text, *span) for span in spans) if span[0] < span[1]]


def _ends(text: str, match: re.Match[str]) -> bool:
    mark = match.group()
    if mark[0] not in ".!?…":
        return True
    following = text[match.end() : match.end() + 80].lstrip()
    after = _NEXT_WORD.match(following)
    word = (after.group(1) or "") if after else ""
    if word[:1].islower():
        return False
    if mark != ".":
        return True
    before = _WORD_BEFORE.search(text, max(0, match.start() - 40), match.start())
    last = before.group().lower() if before else ""
    if len(last) == 1 and last.isalpha() and text[match.start() - 1].isupper():
        return False
    if last in _MAY_END:
        return word.lower() in _STARTERS or following[:1] in "\"“"
    if last == "no":
        return not word[:1].isdigit()
    return last not in _ABBREVIATIONS


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
