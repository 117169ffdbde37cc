"""English numbers in words: "twenty-five", "two hundred and fifty", "a dozen", "three million", "third", "two-thirds"."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.number import Number, plain_decimal

_UNITS = dict(
    zip(
        """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen""".split(),
        range(20),
        strict=True,
    )
)
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_ORDINALS = dict(
    zip(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
        fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split(),
        range(1, 21),
        strict=True,
    )
) | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_FRACTIONS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_SMALL = "|".join([*_TENS, *sorted(_UNITS, key=len, reverse=True)])
_SCALE = "|".join(_SCALES)
_CARDINAL = re.compile(
    rf"(?<![\w.])(?:(?:{_SMALL})|(?:an?)[ -](?=(?:{_SCALE})\b(?!s)))"
    rf"(?:(?:[ -]|[ ]and[ ])?\b(?:{_SMALL}|{_SCALE})\b){{0,12}}\b",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    rf"\b(?:({'|'.join(_TENS)})-)?({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})\b", re.IGNORECASE
)
_FRACTION = re.compile(
    r"\b(?:(an?|one|two|three|four|five|seven|nine)[ -](third|quarter|fourth|fifth|sixth|eighth|tenth)s?"
    r"(?=[ ](?:of|the)\b|[ -]?majority\b|(?<=s)\b)|(half)(?=[ ](?:of|the|a|an|its|their|his|her)\b))",
    re.IGNORECASE,
)
_NOT_COUNTING_BEFORE = re.compile(r"\b(?:no|any|every|each|some|which|that|this|another|the)[ -]$", re.IGNORECASE)
_NOT_COUNTING_AFTER = re.compile(r" (?:another|day|side|thing|such|way)\b", re.IGNORECASE)
_A_SECOND = re.compile(r"\b(?:a|per|each|every|split)[ -]$", re.IGNORECASE)
_PERCENT = re.compile(r"[ -](?:(percentage points?)|(?:per ?cent\b|pct\b|%))", re.IGNORECASE)
_MONEY = re.compile(r" (?:(dollars?)|(euros?)|(yen)|(won))\b", re.IGNORECASE)
_MONEY_SIGNS = ("$", "€", "¥", "₩")
_PART = re.compile(r"[a-z]+", re.IGNORECASE)
# How far before a number word the words that undo it ("no one") can stand.
_LOOK_BACK = 10


def find_english_numbers(text: str) -> list[Number]:
    """Return the cardinals, ordinals and fractions written as English words; they may overlap."""
    found = [number for match in _CARDINAL.finditer(text) if (number := _cardinal(text, match))]
    found += [_fraction(match) for match in _FRACTION.finditer(text)]
    for match in _ORDINAL.finditer(text):
        if match[2].lower() == "second" and _A_SECOND.search(text, max(0, match.start() - _LOOK_BACK), match.start()):
            continue
        value = _TENS.get((match[1] or "").lower(), 0) + _ORDINALS[match[2].lower()]
        found.append(
            Number(value=str(value), text=match.group(), start=match.start(), end=match.end(), unit="ord")
        )
    return found


def _cardinal(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span()
    words = [part.lower() for part in _PART.findall(match.group())]
    if words == ["one"] and (
        _NOT_COUNTING_BEFORE.search(text, max(0, start - _LOOK_BACK), start) or _NOT_COUNTING_AFTER.match(text, end)
    ):
        return None
    unit = None
    if percent := _PERCENT.match(text, end):
        unit, end = ("pp" if percent[1] else "%"), percent.end()
    elif money := _MONEY.match(text, end):
        unit, end = _MONEY_SIGNS[int(money.lastindex or 1) - 1], money.end()
    return Number(value=str(_value_of(words)), text=text[start:end], start=start, end=end, unit=unit)


def _value_of(words: list[str]) -> int:
    """Return the value of number words in the order they are spoken."""
    total = section = 0
    for word in words:
        if word in {"and"}:
            continue
        if word in {"a", "an"}:
            section = 1
        elif word in _UNITS or word in _TENS:
            section += _UNITS.get(word, _TENS.get(word, 0))
        elif _SCALES[word] <= 100:
            section = max(section, 1) * _SCALES[word]
        else:
            total += max(section, 1) * _SCALES[word]
            section = 0
    return total + section


def _fraction(match: re.Match[str]) -> Number:
    if match[3]:
        value = Decimal("0.5")
    else:
        parts = 1 if match[1].lower() in {"a", "an"} else _UNITS[match[1].lower()]
        value = (Decimal(parts) / _FRACTIONS[match[2].lower()]).quantize(Decimal("0.0001"))
    return Number(
        value=plain_decimal(value), text=match.group(), start=match.start(), end=match.end(), unit="frac"
    )
