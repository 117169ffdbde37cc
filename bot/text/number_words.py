"""English numbers in words: "twenty-five", "two hundred and fifty", "a dozen", "three million", "two-thirds"."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.lazy import compile_later
from bot.text.number import Number, plain_decimal
from bot.text.word_sets import any_of

_UNIT_WORDS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TEN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_WORDS = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
_UNITS = {word: value for value, word in enumerate(_UNIT_WORDS.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TEN_WORDS.split(), start=2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), start=1)} | {
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
    "hundredth": 100,
}
_DENOMINATORS = {"third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_SMALL = any_of(f"{_UNIT_WORDS} {_TEN_WORDS}")
_SCALE = "|".join(_SCALES)
_CARDINAL = compile_later(
    rf"(?<![\w.])(?:(?:{_SMALL})\b|an?[ -](?=(?:{_SCALE})\b))"
    rf"(?:(?:[ -]|[ ]and[ ])?\b(?:{_SMALL}|{_SCALE})\b){{0,12}}",
    re.IGNORECASE,
)
_ORDINAL = compile_later(rf"\b(?:({'|'.join(_TENS)})-)?({any_of(' '.join(_ORDINALS))})\b", re.IGNORECASE)
_FRACTION = compile_later(
    rf"\b(?:(an?|one|two|three|four|five|seven|nine)[ -]({'|'.join(_DENOMINATORS)})s?"
    r"(?=[ ](?:of|the)\b|[ -]majority\b|(?<=s)\b)|(half)(?=[ ](?:of|the|a|an|its|their|his|her)\b))",
    re.IGNORECASE,
)
_NOT_COUNTING_BEFORE = compile_later(r"\b(?:no|any|every|each|some|which|that|this|another|the)[ -]$", re.IGNORECASE)
_NOT_COUNTING_AFTER = compile_later(r" (?:another|day|side|thing|such|way)\b", re.IGNORECASE)
_SECOND_OF_TIME = compile_later(r"\b(?:a|per|each|every|split)[ -]$", re.IGNORECASE)
_PERCENT = compile_later(r"[ -](?:(percentage points?)|(?:per ?cent|pct)\b|%)", re.IGNORECASE)
_MONEY = compile_later(r" (?:(dollars?)|(euros?)|(yen)|(won))\b", re.IGNORECASE)
_MONEY_SIGNS = ("$", "€", "¥", "₩")
_PART = compile_later(r"[a-z]+", re.IGNORECASE)
# Characters before a number word in which the words that undo it ("no one") stand.
_LOOK_BACK = 10


def find_english_numbers(text: str) -> list[Number]:
    """Return the cardinals, ordinals and fractions written as English words; they may overlap."""
    found: list[Number] = []
    position = 0
    while match := _CARDINAL.search(text, position):
        if not match.group().isascii():  # a dotless or long letter that case-blind matching takes for a plain one
            position = match.end()
            continue
        value, position = _read_cardinal(match)
        if not _is_pronoun(text, match.start(), position):
            found.append(_with_unit(text, value, match.start(), position))
    found += [_fraction(match) for match in _FRACTION.finditer(text) if match.group().isascii()]
    for match in _ORDINAL.finditer(text):
        if not match.group().isascii():
            continue
        if match[2].lower() != "second" or not _SECOND_OF_TIME.search(text, _back(match.start()), match.start()):
            value = _TENS.get((match[1] or "").lower(), 0) + _ORDINALS[match[2].lower()]
            found.append(_number(match, str(value), "ord"))
    return found


def _read_cardinal(match: re.Match[str]) -> tuple[int, int]:
    """Return the value of the words that make one number, and where it ends ("two three-year terms" are two)."""
    total = section = 0
    end = match.start()
    for part in _PART.finditer(match.string, match.start(), match.end()):
        word = part.group().lower()
        small = _UNITS.get(word, _TENS.get(word))
        if word in {"a", "an"}:
            section = 1
        elif small is not None:
            if end > match.start() and not _combines(section, small):
                break
            # "nineteen eighty-four" and "twenty twenty-five" are years.
            section = section * 100 + small if small >= 20 and 10 <= section < 100 else section + small
        elif word != "and":
            scale = _SCALES[word]
            if scale <= 100:
                section = max(section, 1) * scale
            else:
                total, section = total + max(section, 1) * scale, 0
        if word != "and":
            end = part.end()
    return total + section, end


def _combines(section: int, small: int) -> bool:
    """Return whether a word below a hundred continues the number so far."""
    if small >= 20:
        return section % 100 == 0 or 10 <= section < 100
    return section % 100 == 0 or (small < 10 and section % 10 == 0 and section % 100 >= 20)


def _is_pronoun(text: str, start: int, end: int) -> bool:
    """Return whether the word is "one" standing for somebody ("no one", "one another")."""
    if text[start:end].lower() != "one":
        return False
    before = _NOT_COUNTING_BEFORE.search(text, _back(start), start)
    return before is not None or _NOT_COUNTING_AFTER.match(text, end) is not None


def _with_unit(text: str, value: int, start: int, end: int) -> Number:
    unit = None
    if percent := _PERCENT.match(text, end):
        unit, end = ("pp" if percent[1] else "%"), percent.end()
    elif money := _MONEY.match(text, end):
        unit, end = _MONEY_SIGNS[int(money.lastindex or 1) - 1], money.end()
    return Number(value=str(value), text=text[start:end], start=start, end=end, unit=unit)


def _fraction(match: re.Match[str]) -> Number:
    if match[3]:
        return _number(match, "0.5", "frac")
    parts = _UNITS.get(match[1].lower(), 1)
    value = (Decimal(parts) / _DENOMINATORS[match[2].lower()]).quantize(Decimal("0.0001"))
    return _number(match, plain_decimal(value), "frac")


def _number(match: re.Match[str], value: str, unit: str) -> Number:
    return Number(value=value, text=match.group(), start=match.start(), end=match.end(), unit=unit)


def _back(start: int) -> int:
    return max(0, start - _LOOK_BACK)
