"""Numbers as canonical decimals, however the text writes them.

Edge cases, decided: a sign is not read (a fall of "-3%" and one of "3%" are the same number). "1,234" is 1234, "1,5"
is 1.5, "1.234,5" is 1234.5; "10.000" and "1.250" are thousands, as nobody writes a decimal so, but "1.234" is 1.234:
the reading never depends on the text around, so that a claim and its source agree. Every part of a date, a time or a
score is a number of its own, and so are the digits of "COVID-19" but not those of "G20". Vague amounts ("hundreds of")
are none; "one" is a number, "no one" is not. Of "3 to 4 million" both are millions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from bot.text.cjk_numbers import find_cjk_numbers, read_cjk_chain
from bot.text.lazy import compile_later
from bot.text.number import Number, plain_decimal
from bot.text.number_units import MAGNITUDES, SHORT_MAGNITUDES, SIGN_UNITS, UNITS
from bot.text.number_words import find_english_numbers
from bot.text.scripts import is_cjk

__all__ = ["Number", "find_numbers"]

# Digits: a longer run is an identifier; its head stands for it.
_LONGEST_NUMERAL = 40
# A number from here on is a year or an amount of its own, never the lower end of "3 to 4 million".
_LOW_END_BELOW = 1_000
# "3 won" speaks of winners; an amount in won is larger.
_FEWEST_WON = 100

_NUMERAL = compile_later(
    r"(?<![A-Za-z_\d])"
    r"(?P<sign>(?:US|CA|AU|A|C|HK|NZ|S|R|NT)?\$|[£€¥￥₩₽₹₺₴₪]|(?:USD|EUR|GBP|JPY|KRW|CHF|CNY|RMB)[ ]?)?"
    r"(?P<digits>\d{1,3}(?:[,٬’'\u00a0\u2009\u202f]\d{3}){1,9}(?:[.٫]\d{1,20})?(?![\d,.]?\d)"  # 1,234,567.8
    r"|\d{1,2}(?:,\d{2}){1,5},\d{3}(?:\.\d{1,20})?(?!\d)"  # 12,34,567
    r"|\d{1,3}(?:\.\d{3}){1,9},\d{1,20}(?!\d)"  # 1.234,5
    r"|\d{1,3}(?:\.\d{3}){2,9}(?![.,]?\d)"  # 1.234.567
    r"|\d{1,3}(?: \d{3}){2,9}(?! ?\d)"  # 1 234 567
    r"|(?<!\d[.,])\d{1,40}[.,٫]\d{1,20}(?![.,]?\d)"  # 1.5 and 1,5
    rf"|\d{{1,{_LONGEST_NUMERAL}}})"
)
_MAGNITUDE = compile_later(
    rf"[ \u00a0-]?({'|'.join(sorted(MAGNITUDES, key=len, reverse=True))})(?![^\W\d_\u3040-\u9fff\uac00-\ud7a3])",
    re.IGNORECASE,
)
_SHORT_MAGNITUDE = compile_later(r"([kK]|[mMbBtT](?=[^\w.’'-]|[.’'-]?(?:\s|$)))(?![A-Za-z0-9])")
_UNIT = compile_later(
    "[ \u00a0-]?(?:" + "|".join(f"(?P<u{index}>{pattern})" for index, (_, pattern) in enumerate(UNITS)) + ")",
    re.IGNORECASE,
)
_ORDINAL_PREFIX = compile_later(r"[제第] ?$")
_RANGE_GAP = compile_later(r" ?(?:-|–|—|~|∼|〜|to|or|bis|à|에서)? ?")
_ROUND_THOUSANDS = compile_later(r"[1-9]\d{0,2}\.\d\d0")
_SEPARATORS = str.maketrans(dict.fromkeys("٬’'\u00a0\u2009\u202f ", ",") | {"٫": "."})


def find_numbers(text: str) -> list[Number]:
    """Return the numbers of the text in order, none overlapping another."""
    found = _find_numerals(text)
    found += find_english_numbers(text)
    if is_cjk(text):
        found += find_cjk_numbers(text)
    found.sort(key=lambda number: (number.start, -number.end))
    kept: list[Number] = []
    for number in found:
        if not kept or number.start >= kept[-1].end:
            kept.append(number)
    return kept


def _find_numerals(text: str) -> list[Number]:
    found: list[Number] = []
    position = 0
    while match := _NUMERAL.search(text, position):
        number, scale = _read_numeral(text, match)
        if found and (scale != 1 or number.unit):
            found[-1] = _low_end(text, found[-1], number, scale)
        found.append(number)
        position = number.end
        while position < len(text) and text[position].isdigit():
            position += 1
    return found


def _read_numeral(text: str, match: re.Match[str]) -> tuple[Number, Decimal]:
    """Return the number that begins with this numeral and what its magnitude words multiply it by."""
    written = _decimal_of(match["digits"])
    start, end = match.span()
    unit = _sign_unit(match["sign"])
    ordinal = _ORDINAL_PREFIX.search(text, max(0, start - 2), start) is not None
    value = written
    if not ordinal:
        value, end = read_cjk_chain(text, written, end) or _with_magnitude(text, written, end, money=unit is not None)
    following = _UNIT.match(text, end)
    if following and following.lastgroup:
        name = UNITS[int(following.lastgroup[1:])][0]
        if name != "₩" or value >= _FEWEST_WON:
            end = following.end()
            unit = unit or name
    number = Number(
        value=plain_decimal(value), text=text[start:end], start=start, end=end, unit="ord" if ordinal else unit
    )
    return number, value / written if written else Decimal(1)


def _low_end(text: str, low: Number, high: Number, scale: Decimal) -> Number:
    """Return the number before a scaled one with the same scale and unit, when the two are the ends of a range."""
    gap = text[low.end : high.start]
    if not gap.strip() or not _RANGE_GAP.fullmatch(gap) or low.unit or not low.text.replace(".", "").isdigit():
        return low
    value = Decimal(low.value)
    if value >= _LOW_END_BELOW or high.unit == "ord":
        return low
    return replace(low, value=plain_decimal(value * scale), unit=high.unit)


def _decimal_of(digits: str) -> Decimal:
    """Return the value of a numeral; which separator is the decimal one is told by the digits after it."""
    plain = digits.translate(_SEPARATORS)
    comma, dot = plain.rfind(","), plain.rfind(".")
    after_comma = len(plain) - comma - 1
    if comma > dot >= 0:
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(".") > 1 or _ROUND_THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    elif comma >= 0 and dot < 0 and plain.count(",") == 1 and (after_comma != 3 or plain.startswith("0")):
        plain = plain.replace(",", ".")
    return Decimal(plain.replace(",", ""))


def _with_magnitude(text: str, value: Decimal, end: int, *, money: bool) -> tuple[Decimal, int]:
    word = _MAGNITUDE.match(text, end)
    power = MAGNITUDES.get(word[1].lower()) if word else None
    if word and power:
        return value.scaleb(power), word.end()
    short = _SHORT_MAGNITUDE.match(text, end)
    if short and (money or short[1] in "kK"):
        return value.scaleb(SHORT_MAGNITUDES[short[1].lower()]), short.end()
    return value, end


def _sign_unit(sign: str | None) -> str | None:
    if not sign:
        return None
    name = sign.strip()
    return "$" if name.endswith("$") else SIGN_UNITS.get(name, name)
