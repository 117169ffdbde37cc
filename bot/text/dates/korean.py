"""The Korean grammar of date expressions."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

from bot.text.dates.frame import Frame, Rule
from bot.text.dates.span import Period, day, join, month, one_day, part_of, quarter, season, week, year

_NEAR_DAYS = {"그저께": -2, "그제": -2, "어제": -1, "전날": -1, "오늘": 0, "내일": 1, "모레": 2}
_YEAR_STEPS = {"재작년": -2, "지난해": -1, "작년": -1, "올해": 0, "금년": 0, "내년": 1}
_WEEKDAYS = "월화수목금토일"
_SEASONS = {"봄": "spring", "여름": "summer", "가을": "autumn", "겨울": "winter"}
_PARTS = {"초": "early", "초순": "early", "상순": "early", "중순": "mid", "하순": "late", "말": "late"}
_PART = r"\s?(초순|상순|중순|하순|초(?![가-힣])|말(?![가-힣])|초(?=에|부터|까지)|말(?=에|부터|까지))?"


def _full(match: re.Match[str], _: Frame) -> Period | None:
    return day(int(match[1]), int(match[2]), int(match[3]))


def _near_day(match: re.Match[str], frame: Frame) -> Period | None:
    # "전날" is the day before what the text tells of, which the day of publication is only by default.
    return one_day(frame.published + timedelta(days=_NEAR_DAYS[match[1]]))


def _stepped_year(match: re.Match[str], frame: Frame) -> Period | None:
    number = frame.published.year + _YEAR_STEPS[match[1]]
    if match[2] and match[3]:
        return day(number, int(match[2]), int(match[3]))
    if match[2]:
        return _in_part(month(number, int(match[2])) if 1 <= int(match[2]) <= 12 else None, match[4])
    if match[5]:
        return season(number - (1 if match[5] == "겨울" and match[1] == "올해" else 0), _SEASONS[match[5]])
    if match[6]:
        return quarter(number, int(match[6]))
    if match[7]:
        half = 1 if match[7].startswith("상") else 3
        return join(quarter(number, half), quarter(number, half + 1))
    return _in_part(year(number), match[4])


def _stepped_month(match: re.Match[str], frame: Frame) -> Period | None:
    step = {"지": -1, "이": 0, "다": 1, "내": 1}[match[1][0]]
    found = month(frame.published.year, frame.published.month + step)
    if found is not None and match[2]:
        return day(found.first.year, found.first.month, int(match[2]))
    return _in_part(found, match[3])


def _stepped_week(match: re.Match[str], frame: Frame) -> Period | None:
    step = {"지": -1, "이": 0, "다": 1}[match[1][0]]
    found = week(frame.published + timedelta(days=7 * step))
    if match[2]:
        return one_day(found.first + timedelta(days=_WEEKDAYS.index(match[2])))
    return found


def _year_month(match: re.Match[str], _: Frame) -> Period | None:
    number = int(match[1])
    if match[2]:
        return _in_part(month(number, int(match[2])) if 1 <= int(match[2]) <= 12 else None, match[3])
    if match[4]:
        return quarter(number, int(match[4]))
    return _in_part(year(number), match[3])


def _month_days(match: re.Match[str], frame: Frame) -> Period | None:
    number, first, last = int(match[1]), int(match[2]), int(match[3])
    start = frame.day_without_year(number, first)
    return join(start, day(start.first.year, number, last)) if start else None


def _month_day(match: re.Match[str], frame: Frame) -> Period | None:
    number, nth = int(match[2]), int(match[3]) if match[3] else None
    if not 1 <= number <= 12:
        return None
    now = frame.published
    if match[1] in ("오는", "다음"):
        of = now.year if (number, nth or 31) >= (now.month, now.day) else now.year + 1
    elif match[1] == "지난":
        of = now.year if (number, nth or 1) <= (now.month, now.day) else now.year - 1
    else:
        of = frame.year_for(number, nth)
    return day(of, number, nth) if nth else _in_part(month(of, number), match[4])


def _day_alone(match: re.Match[str], frame: Frame) -> Period | None:
    """Return a day without its month: of this month, or the last when that lies ahead and nothing says so."""
    now, nth = frame.published, int(match[2])
    step = 0
    if match[1] == "오는" or frame.tense == "future":
        step = 1 if nth < now.day else 0
    elif nth > now.day + (0 if match[1] == "지난" else 1):
        step = -1
    found = month(now.year, now.month + step)
    return day(found.first.year, found.first.month, nth) if found else None


def _weekday(match: re.Match[str], frame: Frame) -> Period | None:
    number = _WEEKDAYS.index(match[2])
    if match[1] is None:
        return frame.weekday(number)
    return frame.weekday_of(number, -1 if match[1] == "지난" else 1)


def _ago(match: re.Match[str], frame: Frame) -> Period | None:
    unit = {"일": "day", "주": "week", "개월": "month", "달": "month", "년": "year"}[match[2]]
    return frame.shifted(int(match[1]) * (-1 if match[3] == "전" else 1), unit)


def _in_part(period: Period | None, part: str | None) -> Period | None:
    if part is None:
        return period
    name = _PARTS[part]
    return part_of(period, "early" if name == "early" else "mid" if name == "mid" else "late")


_NUMBER = r"(\d{1,2})"
_FORMS = (
    (rf"((?:1[5-9]|20)\d\d)\s?년\s?{_NUMBER}\s?월\s?{_NUMBER}\s?일", _full, 0.99),
    (rf"(?<!\d){_NUMBER}월\s?{_NUMBER}일?\s?(?:[-~∼〜–]|일?부터)\s?{_NUMBER}일(?:까지)?", _month_days, 0.9),
    (r"(그저께|그제|어제|오늘|내일|모레)", _near_day, 0.9),
    (
        rf"(지난해|작년|올해|내년|재작년|금년)(?:\s?{_NUMBER}월)?(?:\s?{_NUMBER}일)?{_PART}"
        r"(?:\s?(봄|여름|가을|겨울)|\s?([1-4])분기|\s?(상반기|하반기))?",
        _stepped_year, 0.92,
    ),
    (rf"(지난달|지난\s달|이달|이번\s?달|다음\s?달|내달)(?:\s?{_NUMBER}일)?{_PART}", _stepped_month, 0.92),
    (r"(지난주|지난\s주|이번\s?주|다음\s?주)(?:\s?([월화수목금토일])요일)?", _stepped_week, 0.9),
    (r"(?<!\d)(\d{1,3})\s?(일|주|개월|달|년)\s?(전|후|뒤)(?![가-힣]{2})", _ago, 0.75),
    (rf"(?<!\d)((?:1[5-9]|20)\d\d)년(?:\s?{_NUMBER}월)?{_PART}(?:\s?([1-4])분기)?", _year_month, 0.95),
    (rf"(오는|지난|다음)?\s?(?<!\d){_NUMBER}월(?:\s?{_NUMBER}일)?{_PART}(?!\d)", _month_day, 0.85),
    (
        rf"(오는|지난)?\s?(?<![\d월])(?<!월 ){_NUMBER}일(?=[\s,.()은는이에과와까부오저밤새]|$)"
        r"(?!\s?(?:간|동안|째|만에))",
        _day_alone, 0.7,
    ),
    (r"(지난|오는|다음)?\s?([월화수목금토일])요일", _weekday, 0.85),
)  # fmt: skip


@cache
def korean_rules() -> tuple[Rule, ...]:
    """Return the rules, compiled when first needed."""
    return tuple(Rule(pattern=re.compile(form), read=read, confidence=confidence) for form, read, confidence in _FORMS)
