"""Dates in figures: 2026-05-03, 03.05.2026 and, where only one order is possible, 5/30/2026."""

from __future__ import annotations

import re
from functools import cache

from bot.text.dates.frame import Frame, Rule
from bot.text.dates.span import Period, day

_MONTHS = 12


def _year_first(match: re.Match[str], _: Frame) -> Period | None:
    return day(int(match[1]), int(match[3]), int(match[4]))


def _dotted(match: re.Match[str], _: Frame) -> Period | None:
    return day(int(match[3]), int(match[2]), int(match[1]))


def _slashed(match: re.Match[str], _: Frame) -> Period | None:
    """Return the day of 30/5/2026 or 5/30/2026; of 3/4/2026 nobody can tell which it is."""
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if first > _MONTHS or first == second:
        return day(year, second, first)
    return day(year, first, second) if second > _MONTHS else None


@cache
def numeric_rules() -> tuple[Rule, ...]:
    """Return the rules, compiled when first needed."""
    return (
        Rule(
            pattern=re.compile(r"(?<![\d.])((?:1[5-9]|20)\d\d)([-./])(\d{1,2})\2(\d{1,2})(?![\d-])"),
            read=_year_first,
            confidence=0.99,
        ),
        Rule(
            pattern=re.compile(r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?((?:19|20)\d\d)(?!\d)"),
            read=_dotted,
            confidence=0.95,
        ),
        Rule(
            pattern=re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-]((?:19|20)\d\d)(?![\d/-])"),
            read=_slashed,
            confidence=0.9,
        ),
    )
