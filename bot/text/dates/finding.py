"""Finds the date expressions of a text and resolves them against the day it was published.

An ordered grammar: of overlapping matches the rule that stands first wins. What is relative to the day of publication
stays unresolved when that is not known, it is never guessed; absolute dates hold.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from bot.text.dates.chinese_japanese import chinese_japanese_rules
from bot.text.dates.english import english_groups
from bot.text.dates.european import european_rules, may_be_european
from bot.text.dates.frame import Frame, NeedsPublicationError, Rule
from bot.text.dates.korean import korean_rules
from bot.text.dates.numeric import numeric_rules
from bot.text.dates.span import DateSpan
from bot.text.lazy import compile_later

# Expressions read in one text: a text that names more is a calendar, and reading it must not take its square.
MAX_EXPRESSIONS = 1_000
# Characters of a text that are read: no sentence and hardly an article is longer.
MAX_CHARS = 50_000
# A publication day outside is a broken clock (the epoch, a year of 9999): nothing is resolved against it.
FIRST_PUBLICATION = date(1971, 1, 1)
LAST_PUBLICATION = date(2098, 12, 31)

_EUROPEAN = frozenset({"de", "fr", "es", "it", "pt", "nl"})
_DIGITS = compile_later(r"\d[-./]\s?\d")
_HANGUL = compile_later(r"[년월일]|[가-힣](?:제|늘|일|레|달|주|해)")
_HAN = compile_later(r"[年月日号號曜周週天]|[あきのう]{2}|期|晚")


def find_dates(text: str, *, published_at: datetime | date | None, language: str = "en") -> list[DateSpan]:
    """Return the date expressions in order of the text, none overlapping another.

    `published_at` is the day the text speaks from, in its own zone; None: relative expressions stay unresolved.
    """
    text = text[:MAX_CHARS]
    publication = publication_day(published_at)
    taken: list[tuple[int, int]] = []
    found: list[DateSpan] = []
    for rule, match in _matches(text, language):
        if _overlaps(taken, *match.span()):
            continue
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        span = _read(rule, match, text, start, publication, language)
        if span is None:
            continue
        insort(taken, match.span())
        found.append(span)
        if len(found) >= MAX_EXPRESSIONS:
            break
    return sorted(found, key=lambda each: each.start)


def publication_day(published_at: datetime | date | None) -> date | None:
    """Return the day that relative dates are resolved against, None when it is missing or plainly wrong."""
    if published_at is None:
        return None
    own_day = published_at.date() if isinstance(published_at, datetime) else published_at
    return own_day if FIRST_PUBLICATION <= own_day <= LAST_PUBLICATION else None


def _matches(text: str, language: str) -> Iterator[tuple[Rule, re.Match[str]]]:
    for rule in _rules(text, language):
        for match in rule.pattern.finditer(text):
            yield rule, match


def _rules(text: str, language: str) -> Iterable[Rule]:
    if _DIGITS.search(text):
        yield from numeric_rules()
    if not text.isascii():
        if _HANGUL.search(text):
            yield from korean_rules()
        elif _HAN.search(text):
            yield from chinese_japanese_rules()
    if language in _EUROPEAN:
        if may_be_european()(text):
            yield from european_rules()
    else:
        for may_match, rules in english_groups():
            if may_match(text):
                yield from rules


def _read(
    rule: Rule, match: re.Match[str], text: str, start: int, publication: date | None, language: str
) -> DateSpan | None:
    end = match.end()
    english = language not in _EUROPEAN and text[start:end].isascii()
    frame = Frame(text=text, start=start, end=end, publication=publication, english=english)
    try:
        period = rule.read(match, frame)
        if period is None:
            return None
    except NeedsPublicationError:
        period = None
    except OverflowError:
        return None
    return DateSpan(
        text=text[start:end],
        start=start,
        end=end,
        period=period,
        confidence=rule.confidence,
        relative=frame.relative,
        tense=frame.tense,
    )


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    place = bisect_left(taken, (start, end))
    if place < len(taken) and taken[place][0] < end:
        return True
    return place > 0 and taken[place - 1][1] > start
