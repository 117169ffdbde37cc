"""Numbers and dates: each one a claim states must stand in its source, or be a fair rounding of one that does."""

from __future__ import annotations

import math
import re

from bot.model import Problem
from bot.proof.dates import DateKind, DateMention
from bot.proof.lexicon import lexicon
from bot.proof.reading import Quantity
from bot.proof.source import Evidence
from bot.proof.statements import Statement

_TO_NUMBER = r"\s?(?:an? )?(?:[$£€₩¥]\s?)?$"
_ABOUT = re.compile(
    rf"\b(?:about|around|some|roughly|approximately|circa|an? estimated|or so){_TO_NUMBER}", re.IGNORECASE
)
_AT_LEAST = re.compile(
    rf"\b(?:over|more than|above|exceed(?:s|ed|ing)?|at least|upwards of){_TO_NUMBER}", re.IGNORECASE
)
_AT_MOST = re.compile(
    rf"\b(?:nearly|almost|under|less than|fewer than|up to|close to|below|just short of){_TO_NUMBER}", re.IGNORECASE
)
_KOREAN_ABOUT = re.compile(r"(?:약|대략|거의)\s?$")
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


def check_numbers(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the numbers of the statement that its scope does not hold."""
    if not statement.quantities:
        return []
    values = {quantity.number.value for quantity in evidence.scope.quantities}
    return [
        Problem(kind="number", text=quantity.number.text)
        for quantity in statement.quantities
        if not _number_stands(quantity, statement, evidence, values)
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


def _number_stands(quantity: Quantity, statement: Statement, evidence: Evidence, values: set[str]) -> bool:
    number = quantity.number
    if number.value in values:
        return not (_has_other_unit(quantity, evidence) or _counts_otherwise(quantity, evidence))
    is_word = not any(char.isdigit() for char in number.text)
    if is_word and number.value in _PRONOUN_NUMBERS:
        return True
    if is_word and number.value == "2" and evidence.scope.stems & _PAIRS:
        return True
    value = float(number.value)
    others = [float(other) for other in values]
    if any(_is_same(value, other) for other in others):
        return True
    return any(_rounds_to(other, value, statement.folded, number.start) for other in others)


def _has_other_unit(quantity: Quantity, evidence: Evidence) -> bool:
    """Return whether the scope holds the number with other units only: percent, or another currency."""
    value, unit = quantity.number.value, quantity.number.unit
    units = {other.number.unit for other in evidence.scope.quantities if other.number.value == value}
    if unit == "%":
        return not units & _PERCENT_UNITS
    return unit in _CURRENCIES and None not in units and not any(_is_same_currency(unit, other) for other in units)


def _is_same_currency(one: str | None, other: str | None) -> bool:
    """Return whether two currency signs may mean one: "$" and "US$", never "$" and "£"."""
    return one is not None and other is not None and (one in other or other in one)


def _counts_otherwise(quantity: Quantity, evidence: Evidence) -> bool:
    """Return whether the scope holds the number, but counts with it something else, and this with other numbers."""
    noun = quantity.noun
    if noun is None or quantity.number.unit in _SELF_EXPLAINING_UNITS:
        return False
    same = lexicon().same(noun) | {noun}
    counted = {other.noun for other in evidence.scope.quantities if other.number.value == quantity.number.value}
    if None in counted or counted & same:
        return False
    return any(other.noun in same for other in evidence.scope.quantities)


def _is_same(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=_SAME)


def _rounds_to(exact: float, value: float, text: str, start: int) -> bool:
    """Return whether the text says about, over or nearly `value`, and `exact` is that at its precision."""
    if not exact or not value:
        return False
    before = text[max(0, start - _LOOK_BACK_CHARS) : start]
    step = 10.0 ** (len(str(int(value)).rstrip("0")) * -1 + len(str(int(value)))) if value >= 1 else 0.1
    if _AT_LEAST.search(before):
        return value <= exact < value + step
    if _AT_MOST.search(before):
        return value - step < exact <= value
    if _ABOUT.search(before) or _KOREAN_ABOUT.search(before):
        return abs(exact - value) <= step / 2
    return False
