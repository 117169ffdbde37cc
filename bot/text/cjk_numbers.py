"""Korean, Chinese and Japanese numbers: magnitude characters after digits, numerals in characters, native Korean."""

from __future__ import annotations

import re
from decimal import Decimal

from bot.text.lazy import compile_later
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
# After digits: "1조 2,345억", "3천억", "2만5천", "1億2000万".
_CHAIN_STEP = compile_later(
    rf" ?(?P<digits>\d{{1,4}}(?:,\d{{3}})?(?:\.\d{{1,4}})?)?(?<!\s)(?P<units>[{_UNIT_CHARS}]{{1,3}})"
)
# The rest below the last magnitude: not what is a number of its own ("3만 5월", "2만 10명" is 20010).
_CHAIN_TAIL = compile_later(r"(?:(?<=[만万萬억億亿]) ?)(\d{1,3},\d{3}|\d{1,4})(?![\d.,%월년일年月日시분])")
_COUNTERS = (
    r"번째|명|개월|개국|개사|개|곳|차례|번|살|마리|대|시간|시|달|가지|건|채|주|군데|사람|권|장|잔|병|쌍|표|골|경기|승|패|위|배|년|월|일|분|초"
    r"|원|달러|퍼센트|인|회|호|층|세"
)
# A counter is a word of its own: "한 시" counts, "한 시민" does not.
_COUNTER_ENDS = r"(?=[은는이가을를의에도만로와과씩째쯤간당까]|[^가-힣]|$)"
_NATIVE = {
    "하나": 1, "한": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "석": 3, "네": 4, "넷": 4, "넉": 4, "다섯": 5, "여섯": 6,
    "일곱": 7, "여덟": 8, "아홉": 9,
}  # fmt: skip
_NATIVE_TENS = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90,
}  # fmt: skip
_NATIVE_NUMBER = compile_later(
    rf"(?<![가-힣])(?:(?P<tens>{'|'.join(_NATIVE_TENS)})(?P<units>{'|'.join(_NATIVE)})?|(?P<only>{'|'.join(_NATIVE)}))"
    rf" ?(?P<counter>{_COUNTERS}){_COUNTER_ENDS}"
)
_SINO_KOREAN = compile_later(
    rf"(?<![가-힣])(?P<run>[일이삼사오육칠팔구십백천만억조]{{2,12}}) ?(?=(?:{_COUNTERS}){_COUNTER_ENDS})"
)
_HAN_DIGITS = "〇零一二两兩三四五六七八九"
_HAN_CHARS = _HAN_DIGITS + "十百千万萬億亿兆"
_HAN_COUNTERS = (
    r"个|個|名|人|位|年|月|日|岁|歲|歳|件|次|回|家|所|座|辆|輛|台|只|隻|票|天|周|週|小时|小時|時間|秒|元|円|米|公里|倍|组|組|项|項"
    r"|条|條|种|種|つ|か|ヶ|本|枚|国|國|届|屆|成"
)
_HAN_RUN = compile_later(rf"(?P<run>[{_HAN_CHARS}]{{2,16}}|[二两兩三四五六七八九十百千](?={_HAN_COUNTERS}))")
_HAN_ORDINAL = compile_later(rf"第(?P<run>[{_HAN_CHARS}]{{1,10}})")
_HAN_PERCENT = compile_later(rf"百分之(?P<run>[{_HAN_CHARS}]{{1,8}}|\d{{1,8}}(?:\.\d{{1,4}})?)")


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
    """Return the numbers written in characters; they may overlap, the longer one is meant."""
    found = [_native(match) for match in _NATIVE_NUMBER.finditer(text)]
    found += [_number(match, match.start("run"), None) for match in _SINO_KOREAN.finditer(text)]
    found += [_number(match, match.start(), "%") for match in _HAN_PERCENT.finditer(text)]
    found += [_number(match, match.start(), "ord") for match in _HAN_ORDINAL.finditer(text)]
    found += [_number(match, match.start(), None) for match in _HAN_RUN.finditer(text)]
    return found


def _native(match: re.Match[str]) -> Number:
    value = _NATIVE_TENS.get(match["tens"] or "", 0) + _NATIVE.get(match["units"] or match["only"] or "", 0)
    ordinal = match["counter"] == "번째"
    shown = match.string[match.start() : match.end() if ordinal else match.start("counter")].rstrip()
    end = match.start() + len(shown)
    return Number(value=str(value), text=shown, start=match.start(), end=end, unit="ord" if ordinal else None)


def _number(match: re.Match[str], start: int, unit: str | None) -> Number:
    end = match.end("run")
    return Number(value=_value_of(match["run"]), text=match.string[start:end], start=start, end=end, unit=unit)


def _value_of(run: str) -> str:
    """Return the value of a numeral in characters: by units ("三百万"), or digit by digit ("二〇二五")."""
    if run[0].isdecimal():
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
