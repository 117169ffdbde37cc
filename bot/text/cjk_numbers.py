"""Korean, Chinese and Japanese numbers: magnitude characters after digits, numerals in characters, native Korean."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.number import Number, plain_decimal

_DIGITS = {
    **dict.fromkeys("〇零영공", 0), **dict.fromkeys("一壱일", 1), **dict.fromkeys("二两兩弐이", 2),
    **dict.fromkeys("三参삼", 3), **dict.fromkeys("四사", 4), **dict.fromkeys("五오", 5), **dict.fromkeys("六육", 6),
    **dict.fromkeys("七칠", 7), **dict.fromkeys("八팔", 8), **dict.fromkeys("九구", 9),
}  # fmt: skip
_SMALL_UNITS = {**dict.fromkeys("十십", 10), **dict.fromkeys("百백", 100), **dict.fromkeys("千천", 1000)}
_LARGE_UNITS = {
    **dict.fromkeys("万萬만", 10**4), **dict.fromkeys("億亿억", 10**8), **dict.fromkeys("兆조", 10**12),
    **dict.fromkeys("京경", 10**16),
}  # fmt: skip
_UNIT_CHARS = "".join(_SMALL_UNITS) + "".join(_LARGE_UNITS)
# After digits: "1조 2,345억", "3천억", "2만5천", "1億2000万"; a last number needs a unit of its own or none after it.
_CHAIN_STEP = re.compile(
    rf" ?(?P<digits>\d{{1,4}}(?:,\d{{3}})?(?:\.\d{{1,4}})?)?(?P<units>[{_UNIT_CHARS}]{{1,3}})(?!년대|세대)"
)
_CHAIN_TAIL = re.compile(r" ?(\d{1,3}(?:,\d{3})|\d{1,4})(?![\d.,%년월일年月日])")
_COUNTERS = (
    r"명|개월|개국|개사|개|곳|차례|번|살|마리|대|시간|시|달|가지|건|채|주|군데|사람|권|장|잔|병|쌍|표|골|경기|승|패|위|배|년|월|일|분|초|원|달러|퍼센트|인|회|호|층|세"
)
_NATIVE = {
    "하나": 1, "한": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "석": 3, "네": 4, "넷": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7,
    "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE_TENS = {"열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90}
_NATIVE_NUMBER = re.compile(
    rf"(?<![가-힣])({'|'.join(_NATIVE_TENS)})?({'|'.join(sorted(_NATIVE, key=len, reverse=True))})?"
    rf"(?<=[가-힣]) ?(번째|{_COUNTERS})"
)
_SINO_KOREAN = re.compile(rf"(?<![가-힣])([일이삼사오육칠팔구십백천만억조]{{2,12}}) ?(?=(?:{_COUNTERS})(?![가-힣]{{4}}))")
_HAN_COUNTERS = (
    r"个|個|名|人|位|年|月|日|岁|歲|歳|件|次|回|家|所|座|辆|輛|台|只|隻|票|天|周|週|小时|小時|時間|分|秒|元|円|米|公里|点|點|倍|组|組|项|項|条|條|种|種|つ|か|ヶ|本|枚|国|國|届|屆|成"
)
_HAN_CHARS = "〇零一二两兩三四五六七八九十百千万萬億亿兆"
_HAN_NUMBER = re.compile(
    rf"(?P<ord>第)?(?P<percent>百分之)?(?P<run>[{_HAN_CHARS}]{{2,16}}|[{_HAN_CHARS[:13]}十](?=(?:{_HAN_COUNTERS})))"
)
_PREFIXED = re.compile(rf"第(?P<run>[{_HAN_CHARS}]{{1,10}})")
_PERCENT_RUN = re.compile(rf"百分之(?P<run>[{_HAN_CHARS}]{{1,8}}|\d{{1,8}}(?:\.\d{{1,4}})?)")


def read_cjk_chain(text: str, value: Decimal, end: int) -> tuple[Decimal, int] | None:
    """Return the value and end of a numeral continued by magnitude characters, None when none follow it."""
    total, section = Decimal(0), value
    position = end
    step = _CHAIN_STEP.match(text, position)
    if step is None or step["digits"]:
        return None
    while step:
        if step["digits"]:
            section += Decimal(step["digits"].replace(",", ""))
        for unit in step["units"]:
            if unit in _SMALL_UNITS:
                section = (section or Decimal(1)) * _SMALL_UNITS[unit]
            else:
                total += (section or Decimal(1)) * _LARGE_UNITS[unit]
                section = Decimal(0)
        position = step.end()
        step = _CHAIN_STEP.match(text, position)
    tail = _CHAIN_TAIL.match(text, position)
    if tail:
        section += Decimal(tail[1].replace(",", ""))
        position = tail.end()
    return total + section, position


def find_cjk_numbers(text: str) -> list[Number]:
    """Return the numbers written in characters; they may overlap."""
    found = [number for match in _NATIVE_NUMBER.finditer(text) if (number := _native(match))]
    found += [_number(match[1], match.start(1), match.end(1), None) for match in _SINO_KOREAN.finditer(text)]
    found += [_number(match["run"], match.start(), match.end(), "%") for match in _PERCENT_RUN.finditer(text)]
    found += [_number(match["run"], match.start(), match.end(), "ord") for match in _PREFIXED.finditer(text)]
    for match in _HAN_NUMBER.finditer(text):
        if not match["ord"] and not match["percent"]:
            found.append(_number(match["run"], match.start("run"), match.end("run"), None))
    return found


def _native(match: re.Match[str]) -> Number | None:
    tens, units, counter = match.groups()
    if not tens and not units:
        return None
    value = _NATIVE_TENS.get(tens or "", 0) + _NATIVE.get(units or "", 0)
    end = match.end() if counter == "번째" else match.start(3)
    shown = match.string[match.start() : end].rstrip()
    return Number(
        value=str(value),
        text=shown,
        start=match.start(),
        end=match.start() + len(shown),
        unit="ord" if counter == "번째" else None,
    )


def _number(run: str, start: int, end: int, unit: str | None) -> Number:
    return Number(value=_value_of(run), text=run if unit is None else run, start=start, end=end, unit=unit)


def _value_of(run: str) -> str:
    """Return the value of a numeral in characters: by units ("三百万"), or digit by digit ("二〇二五")."""
    if run[0].isascii():
        return plain_decimal(Decimal(run))
    if not any(char in _UNIT_CHARS for char in run):
        return str(int("".join(str(_DIGITS[char]) for char in run)))
    total = section = digit = 0
    for char in run:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SMALL_UNITS:
            section += (digit or 1) * _SMALL_UNITS[char]
            digit = 0
        else:
            total += (section + digit or 1) * _LARGE_UNITS[char]
            section = digit = 0
    return str(total + section + digit)
