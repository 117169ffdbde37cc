"""Numbers as canonical decimals, however the text writes them.

Edge cases, decided: a sign is not read (a fall of "-3%" and one of "3%" are the same number); "1.234" is 1.234,
"1.234,5" is 1234.5, "1,234" is 1234, "1,5" is 1.5; every part of a date, a time or a score is a number of its own;
vague amounts ("hundreds of") are none; "one" is a number, "no one" is not; of "3 to 4 million" both are millions.
"""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.cjk_numbers import find_cjk_numbers, read_cjk_chain
from bot.text.number import Number, plain_decimal
from bot.text.number_words import find_english_numbers
from bot.text.scripts import is_cjk

__all__ = ["Number", "find_numbers"]

# A longer run of digits is an identifier; its head stands for it.
_LONGEST_NUMERAL = 40

_NUMERAL = re.compile(
    r"(?<![A-Za-z_\d])"
    r"(?P<sign>(?:US|CA|AU|A|C|HK|NZ|S|R|NT)?\$|[£€¥￥₩₽₹₺₴₪]|(?:USD|EUR|GBP|JPY|KRW|CHF|CNY|RMB)[ ]?)?"
    r"(?P<digits>\d{1,3}(?:[,٬’'\u00a0\u2009\u202f]\d{3}){1,9}(?:[.٫]\d{1,20})?(?![\d,.]?\d)"  # 1,234,567.8
    r"|\d{1,2}(?:,\d{2}){1,5},\d{3}(?:\.\d{1,20})?(?!\d)"  # 12,34,567
    r"|\d{1,3}(?:\.\d{3}){1,9},\d{1,20}(?!\d)"  # 1.234,5
    r"|\d{1,3}(?:\.\d{3}){2,9}(?![.,]?\d)"  # 1.234.567
    r"|\d{1,3}(?: \d{3}){2,9}(?! ?\d)"  # 1 234 567
    r"|\d{1,40}[.,٫]\d{1,20}(?![.,]?\d)"  # 1.5 and 1,5
    rf"|\d{{1,{_LONGEST_NUMERAL}}})"
)
_MAGNITUDES = {
    "thousand": 3, "mille": 3, "tausend": 3, "mil": 3, "mila": 3, "тыс": 3, "тысяч": 3, "тысячи": 3, "тысяча": 3,
    "million": 6, "millions": 6, "mln": 6, "mn": 6, "millionen": 6, "mio": 6, "millón": 6, "millones": 6, "milhão": 6,
    "milhões": 6, "milione": 6, "milioni": 6, "miljoen": 6, "млн": 6, "миллион": 6, "миллиона": 6, "миллионов": 6,
    "billion": 9, "billions": 9, "bn": 9, "bln": 9, "milliard": 9, "milliards": 9, "milliarde": 9, "milliarden": 9,
    "mrd": 9, "miliardo": 9, "miliardi": 9, "bilhão": 9, "bilhões": 9, "miljard": 9, "млрд": 9, "миллиард": 9,
    "миллиарда": 9, "миллиардов": 9, "mil millones": 9, "billionen": 12, "billones": 12,
    "trillion": 12, "trillions": 12, "tn": 12, "trn": 12, "трлн": 12, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
}  # fmt: skip
_MAGNITUDE = re.compile(
    rf"[ \u00a0-]?({'|'.join(sorted(_MAGNITUDES, key=len, reverse=True))})(?![^\W\d_])\.?", re.IGNORECASE
)
_SHORT_MAGNITUDES = {"k": 3, "m": 6, "b": 9, "t": 12}
_SHORT_MAGNITUDE = re.compile(r"([kK]|[mMbBtT](?=[^\w.’'-]|[.’'-]?(?:\s|$)))(?![A-Za-z0-9])")
_UNITS = {
    "%": r"[%％٪]|퍼센트|パーセント|프로(?![가-힣])|per ?cent\b|pct\b|prozent\b|pour cent\b|por ciento\b|por cento\b|per cento\b"
    r"|процент\w{0,3}",
    "pp": r"%p\b|%포인트|퍼센트포인트|percentage[ -]points?\b|prozentpunkte?n?\b",
    "$": r"달러|ドル|美元|美金|(?:US[ -])?dollars?\b|USD\b|доллар\w{0,3}|dólares\b",
    "€": r"유로|ユーロ|欧元|歐元|euros?\b|EUR\b|евро\b|€",
    "£": r"파운드|英镑|英鎊|pounds? sterling\b|GBP\b",
    "¥": r"엔(?![가-힣]{2})|円|日元|日圓|yen\b|JPY\b",
    "₩": r"원(?!(?:장|내|생|고|인|유|전|래|칙|하|정))|韩元|韓元|ウォン|won\b|KRW\b",
    "元": r"위안|人民币|人民幣|元|yuan\b|renminbi\b|CNY\b|RMB\b",
    "₽": r"루블|рубл\w{0,3}|roubles?\b|rubles?\b",
    "₹": r"루피|rupees?\b",
    "ord": r"(?:st|nd|rd|th)(?![\w])|[ºª](?!\w)|번째",
}
_UNIT = re.compile(
    "[ \u00a0-]?(?:"
    + "|".join(f"(?P<u{index}>{pattern})" for index, pattern in enumerate(_UNITS[name] for name in ("pp", *_UNITS)))
    + ")",
    re.IGNORECASE,
)
_UNIT_NAMES = ("pp", *_UNITS)
_SIGN_UNITS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "KRW": "₩", "CNY": "元", "RMB": "元", "￥": "¥"}
_ORDINAL_PREFIX = re.compile(r"[제第] ?$")
_RANGE_GAP = re.compile(r" ?(?:-|–|~|∼|to|or|and|bis|à|a|에서)? ?")
_SEPARATORS = str.maketrans({"٫": ".", "٬": ",", "’": ",", "'": ",", "\u00a0": ",", "\u2009": ",", "\u202f": ",", " ": ","})


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
        number = _read_numeral(text, match)
        found.append(number)
        position = _end_of_digits(text, max(number.end, match.end()))
    return found


def _end_of_digits(text: str, position: int) -> int:
    while position < len(text) and text[position].isdigit():
        position += 1
    return position


def _read_numeral(text: str, match: re.Match[str]) -> Number:
    value = _decimal_of(match["digits"])
    start, end = match.span()
    unit = _sign_unit(match["sign"])
    ordinal = _ORDINAL_PREFIX.search(text, max(0, start - 2), start) is not None
    if not ordinal:
        chain = read_cjk_chain(text, value, end)
        if chain is not None:
            value, end = chain
        else:
            value, end = _with_magnitude(text, value, end, money=unit is not None)
    following = _UNIT.match(text, end)
    if following and following.lastgroup:
        end = following.end()
        unit = unit or _UNIT_NAMES[int(following.lastgroup[1:])]
    return Number(
        value=plain_decimal(value), text=text[start:end], start=start, end=end, unit="ord" if ordinal else unit
    )


def _decimal_of(digits: str) -> Decimal:
    """Return the value of a numeral; which separator is the decimal one is told by the digits after it."""
    plain = digits.translate(_SEPARATORS)
    comma, dot = plain.rfind(","), plain.rfind(".")
    after_comma = len(plain) - comma - 1
    if comma > dot >= 0:
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(".") > 1:
        plain = plain.replace(".", "")
    elif comma >= 0 and dot < 0 and plain.count(",") == 1 and (after_comma != 3 or plain.startswith("0")):
        plain = plain.replace(",", ".")
    return Decimal(plain.replace(",", ""))


def _with_magnitude(text: str, value: Decimal, end: int, *, money: bool) -> tuple[Decimal, int]:
    word = _MAGNITUDE.match(text, end)
    if word:
        return value * 10 ** _MAGNITUDES[word[1].lower()], end + len(word.group().rstrip("."))
    short = _SHORT_MAGNITUDE.match(text, end)
    if short and (money or short[1] in "kK"):
        return value * 10 ** _SHORT_MAGNITUDES[short[1].lower()], short.end()
    return value, end


def _sign_unit(sign: str | None) -> str | None:
    if not sign:
        return None
    name = sign.strip()
    return "$" if name.endswith("$") else _SIGN_UNITS.get(name, name)
