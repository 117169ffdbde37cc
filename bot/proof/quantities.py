"""Numbers and dates: each one a claim states must stand in its source, or be a fair rounding of one that does."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from bot.model import Problem
from bot.proof.dates import DateKind, DateMention
from bot.proof.lexicon import lexicon
from bot.proof.reading import Quantity
from bot.proof.source import Evidence, Scope
from bot.proof.statements import Statement
from bot.text.lazy import compile_later

_TO_NUMBER = r"\s?(?:an? )?(?:[$£€₩¥]\s?)?$"
_ABOUT = compile_later(
    rf"\b(?:about|around|some|roughly|approximately|circa|an? estimated|or so){_TO_NUMBER}", re.IGNORECASE
)
_AT_LEAST = compile_later(
    rf"\b(?:over|more than|above|exceed(?:s|ed|ing)?|at least|upwards of){_TO_NUMBER}", re.IGNORECASE
)
_AT_MOST = compile_later(
    rf"\b(?:nearly|almost|under|less than|fewer than|up to|close to|below|just short of){_TO_NUMBER}", re.IGNORECASE
)
_KOREAN_ABOUT = compile_later(r"(?:약|대략|거의)\s?$")
_LOOK_BACK_CHARS = 24
_PERCENT_UNITS = frozenset({"%", "pp", "frac"})
_CURRENCIES = frozenset({"$", "US$", "£", "€", "₩", "¥"})
# Units that say what is counted, so that the noun does not.
_SELF_EXPLAINING_UNITS = _PERCENT_UNITS | _CURRENCIES | {"ord"}
# Small numbers in words are also pronouns ("one of", "the two"): they prove nothing.
_PRONOUN_NUMBERS = frozenset({"0", "1"})
# Words that count to two without a number.
_PAIRS = frozenset({"both", "pair", "coupl", "twin", "doubl", "twice", "half"})
# Spans that news does not leave to be understood, as it does years and weeks.
_RARE_SPANS = frozenset({"summer", "winter", "spring", "autumn", "decade", "century"})
# A number differs from itself by floating point alone below this share.
_SAME = 1e-9
# Numbers under one are rounded to this.
_SMALLEST_STEP = 0.1


def check_numbers(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the numbers of the statement that its scope does not hold."""
    return [
        Problem(kind="number", text=quantity.number.text)
        for quantity in statement.quantities
        if not _number_stands(quantity, statement, evidence.scope)
    ]


def check_dates(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the weekdays, months, days and relative dates of the statement that its scope does not hold."""
    stated = {(date.kind, date.value) for date in evidence.scope.dates}
    return [
        Problem(kind="date", text=date.text)
        for date in statement.dates
        if (date.kind, date.value) not in stated and _is_wrong(date, evidence, stated)
    ]


def _is_wrong(date: DateMention, evidence: Evidence, stated: set[tuple[DateKind, int | str]]) -> bool:
    if date.kind == "relative":
        return _is_other_span(str(date.value), evidence, stated)
    if date.kind == "day":
        return any(kind == "day" for kind, _ in stated)
    return True


def _is_other_span(value: str, evidence: Evidence, stated: set[tuple[DateKind, int | str]]) -> bool:
    """Return whether a span such as "last summer" is another one in the scope, or of a kind that it never speaks of."""
    which, _, unit = value.partition(" ")
    if not unit:
        return False
    if unit in _RARE_SPANS and unit not in evidence.scope.tokens:
        return True
    others = {str(other).split()[0] for kind, other in stated if kind == "relative" and str(other).endswith(f" {unit}")}
    return which != "this" and bool(others - {"this"})


def _number_stands(quantity: Quantity, statement: Statement, scope: Scope) -> bool:
    number = quantity.number
    equals = scope.quantities.get(number.value)
    if equals:
        return not (_has_other_unit(number.unit, equals) or _counts_otherwise(quantity, equals, scope))
    is_word = not any(char.isdigit() for char in number.text)
    if is_word and number.value in _PRONOUN_NUMBERS:
        return True
    if is_word and number.value == "2" and scope.stems & _PAIRS:
        return True
    least, most = _rounded_range(float(number.value), statement.folded, number.start)
    place = bisect_left(scope.sizes, least)
    return place < len(scope.sizes) and scope.sizes[place] <= most


def _has_other_unit(unit: str | None, equals: Sequence[Quantity]) -> bool:
    """Return whether the equal numbers of the scope all have other units: no percent, or another currency."""
    units = {other.number.unit for other in equals}
    if unit == "%":
        return not units & _PERCENT_UNITS
    return unit in _CURRENCIES and None not in units and not any(_is_same_currency(unit, other) for other in units)


def _is_same_currency(one: str | None, other: str | None) -> bool:
    """Return whether two currency signs may mean one: "$" and "US$", never "$" and "£"."""
    return one is not None and other is not None and (one in other or other in one)


def _counts_otherwise(quantity: Quantity, equals: Sequence[Quantity], scope: Scope) -> bool:
    """Return whether the scope counts something else with this number, and this with other numbers."""
    noun = quantity.noun
    if noun is None or quantity.number.unit in _SELF_EXPLAINING_UNITS:
        return False
    same = lexicon().same(noun) | {noun}
    counted = {other.noun for other in equals}
    return None not in counted and not counted & same and bool(scope.counted & same)


def _rounded_range(value: float, text: str, start: int) -> tuple[float, float]:
    """Return the least and the greatest exact number that the text may round to `value` by its words before it."""
    near = (value * (1 - _SAME), value * (1 + _SAME))
    if not value:
        return near
    before = text[max(0, start - _LOOK_BACK_CHARS) : start]
    digits = str(int(value))
    step = 10.0 ** (len(digits) - len(digits.rstrip("0"))) if value >= 1 else _SMALLEST_STEP
    if _AT_LEAST.search(before):
        return value, value + step * (1 - _SAME)
    if _AT_MOST.search(before):
        return value - step * (1 - _SAME), value
    if _ABOUT.search(before) or _KOREAN_ABOUT.search(before):
        return value - step / 2, value + step / 2
    return near
