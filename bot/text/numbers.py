"""Numbers as canonical decimals, however the text writes them.

Edge cases, decided: a sign is not read (a fall "of -3%" and "of 3%" are one number); "1.234" is 1.234, "1.234,5"
1234.5 and "1,234" 1234; of a date or score every part is a number of its own; vague amounts ("hundreds of", 수백) are
none; "one" is a number, "no one" is not; fractions in words have the unit "frac", ordinals "ord", percentage points
"pp", percent "%", money its sign.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.text.number_words import (
    CJK_DIGITS,
    CJK_LARGE_UNITS,
    CJK_SMALL_UNITS,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    ENGLISH_FRACTIONS,
    ENGLISH_MAGNITUDES,
    ENGLISH_ORDINALS,
    ENGLISH_TENS,
    ENGLISH_UNITS,
    KOREAN_COUNTERS,
    KOREAN_NATIVE,
    MAGNITUDES,
    SHORT_MAGNITUDES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number: `text[start:end]`; `value` is a plain decimal without exponent or trailing zeros ("1200", "0.5")."""

    value: str
    text: str
    start: int
    end: int
    unit: str | None = None


# Digits beyond which a run of them is an identifier: its first digits would say nothing.
_LONGEST_NUMERAL = 40

_GROUPED = r"\d{1,3}(?:,\d{3}){1,10}(?:\.\d+)?(?![\d,]*\d)"
_DIGITS = (
    r"(?P<digits>\d{1,3}(?:[,٬’'\u00a0\u2009\u202f]\d{3}){1,10}(?:[.٫]\d{1,20})?(?!\d)"  # 1,234,567.8
    r"|\d{1,2}(?:,\d{2}){1,5},\d{3}(?:\.\d{1,20})?(?!\d)"  # 12,34,567
    r"|\d{1,3}(?:\.\d{3}){1,10},\d{1,20}(?!\d)"  # 1.234,5
    r"|\d{1,3}(?:\.\d{3}){2,10}(?![\d.]*\d)"  # 1.234.567
    r"|\d{1,3}(?: \d{3}){2,10}(?![ \d]\d)"  # 1 234 567
    r"|\d{1,40}[.,٫]\d{1,20}(?![.,]?\d)"  # 1.5 and 1,5
    r"|\d{1,40})"
)
_SIGN = r"(?P<sign>(?:US|CA|A|C|HK|NZ|S|R|NT)?\$|[£€¥￥₩₽₹₺₴₪]|(?:USD|EUR|GBP|JPY|KRW|CHF|CNY|RMB)[ ]?)?"
_MAGNITUDE = rf"(?:[ -]?(?P<magnitude>{'|'.join(sorted(MAGNITUDES, key=len, reverse=True))})(?![A-Za-zÀ-žА-я]))?"
_SHORT = rf"(?:[ ]?(?P<short>{'|'.join(sorted(SHORT_MAGNITUDES, key=len, reverse=True))})(?![A-Za-z0-9]))?"
_PERCENT = (
    r"[ ]?(?:%p|%포인트|퍼센트포인트|percentage[ -]points?|Prozentpunkte?n?)(?P<points>)"
    r"|[ ]?(?:[%％٪]|퍼센트|パーセント|프로(?![가-힣])|per[ ]?cent\b|pct\b|Prozent\b|pour[ ]cent\b|por[ ]c(?:iento|ento)\b|per[ ]cento\b|процент\w{0,3})(?P<percent>)"
)
_MONEY = rf"[ -]?(?P<money>{'|'.join(sorted(CURRENCY_WORDS, key=len, reverse=True))})(?![A-Za-zÀ-ž])"
_ORDINAL = r"(?P<ordinal>(?:st|nd|rd|th|º|ª|er|ère|e)(?![\w])|[ ]?번째|[ ]?번째|번지?째)"
_NUMERAL = re.compile(
    rf"(?<![A-Za-z_\d])(?<!\d[.,]){_SIGN}(?P<prefix>제|第)?{_DIGITS}(?!\d)"
    rf"(?P<cjk>(?:[ ]?[\d.,]{{0,12}}[십백천만억조경十百千万萬億亿兆]){{1,8}}(?:[ ]?\d{{1,4}}(?![\d.,]))?)?{_MAGNITUDE}{_SHORT}(?:{_PERCENT}|{_MONEY}|{_ORDINAL})?"
)
