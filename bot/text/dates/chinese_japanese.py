"""Dates in Chinese and Japanese: both write year, month and day with the same signs."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

from bot.text.dates.frame import Frame, Rule
from bot.text.dates.span import Period, day, join, month, one_day, week, year

_NEAR_DAYS = {
    "一昨日": -2, "昨日": -1, "昨天": -1, "昨晚": -1, "前天": -2, "今日": 0, "今天": 0, "今晚": 0, "本日": 0, "明日": 1,
    "明天": 1, "明后天": 1, "后天": 2, "後天": 2, "あす": 1, "きょう": 0, "きのう": -1,
}  # fmt: skip
_YEAR_STEPS = {"去年": -1, "昨年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1, "來年": 1, "前年": -2}
_MONTH_STEPS = {
    "上个月": -1,
    "上個月": -1,
    "上月": -1,
    "先月": -1,
    "本月": 0,
    "今月": 0,
    "这个月": 0,
    "下个月": 1,
    "下個月": 1,
    "下月": 1,
    "来月": 1,
}
_WEEK_STEPS = {"上周": -1, "上週": -1, "先週": -1, "本周": 0, "这周": 0, "今週": 0, "下周": 1, "下週": 1, "来週": 1}
_HAN_WEEKDAYS = "一二三四五六日"
_JAPANESE_WEEKDAYS = "月火水木金土日"
# Eras of Japan and the year before their first.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}


def _full(match: re.Match[str], _: Frame) -> Period | None:
    return day(int(match[1]), int(match[2]), int(match[3]))


def _of_era(match: re.Match[str], _: Frame) -> Period | None:
    of = _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))
    if match[3] and match[4]:
        return day(of, int(match[3]), int(match[4]))
    return _month_in(of, match[3]) if match[3] else year(of)


def _stepped_year(match: re.Match[str], frame: Frame) -> Period | None:
    of = frame.published.year + _YEAR_STEPS[match[1]]
    if match[2] and match[3]:
        return day(of, int(match[2]), int(match[3]))
    return _month_in(of, match[2]) if match[2] else year(of)


def _stepped_month(match: re.Match[str], frame: Frame) -> Period | None:
    found = month(frame.published.year, frame.published.month + _MONTH_STEPS[match[1]])
    return day(found.first.year, found.first.month, int(match[2])) if found and match[2] else found


def _stepped_week(match: re.Match[str], frame: Frame) -> Period | None:
    found = week(frame.published + timedelta(days=7 * _WEEK_STEPS[match[1]]))
    if not match[2]:
        return found
    days = _HAN_WEEKDAYS if match[2] in _HAN_WEEKDAYS[:-1] else _JAPANESE_WEEKDAYS
    return one_day(found.first + timedelta(days=days.index(match[2])))


def _year_month(match: re.Match[str], _: Frame) -> Period | None:
    return _month_in(int(match[1]), match[2]) if match[2] else year(int(match[1]))


def _month_days(match: re.Match[str], frame: Frame) -> Period | None:
    start = frame.day_without_year(int(match[1]), int(match[2]))
    return join(start, day(start.first.year, start.first.month, int(match[3]))) if start else None


def _month_day(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.day_without_year(int(match[1]), int(match[2]))


def _month_alone(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.month_without_year(int(match[1]))


def _day_alone(match: re.Match[str], frame: Frame) -> Period | None:
    """Return a day without its month: of this month, or of the last when that lies ahead and nothing says so."""
    now, nth = frame.published, int(match[1])
    is_future = frame.tense == "future"
    step = (1 if nth < now.day else 0) if is_future else (-1 if nth > now.day + 1 else 0)
    found = month(now.year, now.month + step)
    return day(found.first.year, found.first.month, nth) if found else None


def _near_day(match: re.Match[str], frame: Frame) -> Period | None:
    return one_day(frame.published + timedelta(days=_NEAR_DAYS[match[1]]))


def _weekday(match: re.Match[str], frame: Frame) -> Period | None:
    days, sign = (_HAN_WEEKDAYS, match[1]) if match[1] else (_JAPANESE_WEEKDAYS, match[2])
    return frame.weekday(days.index(sign))


def _month_in(of: int, number: str) -> Period | None:
    return month(of, int(number)) if 1 <= int(number) <= 12 else None


_NUMBER = r"\s?(\d{1,2})\s?"
_FORMS = (
    (rf"((?:1[5-9]|20)\d\d)\s?年{_NUMBER}月{_NUMBER}[日号號]", _full, 0.99),
    (rf"(令和|平成|昭和)\s?(\d{{1,2}}|元)年(?:{_NUMBER}月)?(?:{_NUMBER}日)?", _of_era, 0.95),
    (rf"({'|'.join(_YEAR_STEPS)})(?:の?{_NUMBER}月)?(?:{_NUMBER}[日号號])?", _stepped_year, 0.9),
    (rf"({'|'.join(_MONTH_STEPS)})(?:の?{_NUMBER}[日号號])?", _stepped_month, 0.9),
    (rf"({'|'.join(_WEEK_STEPS)})(?:の?([一二三四五六日月火水木金土])(?:曜日?)?)?", _stepped_week, 0.85),
    (rf"(?<!\d)((?:1[5-9]|20)\d\d)\s?年(?:{_NUMBER}月)?", _year_month, 0.95),
    (rf"(?<!\d){_NUMBER}月{_NUMBER}[日号號]?\s?(?:[-~～〜–—至到]|から)\s?{_NUMBER}[日号號]", _month_days, 0.9),
    (rf"(?<!\d){_NUMBER}月{_NUMBER}[日号號]", _month_day, 0.88),
    (rf"(?<!\d){_NUMBER}月(?![\d個个間])", _month_alone, 0.75),
    (rf"({'|'.join(_NEAR_DAYS)})(?!报|報|新聞|网)", _near_day, 0.85),
    (r"(?<![\d月])(\d{1,2})\s?[日号號](?![間间目\d線线])", _day_alone, 0.7),
    (r"(?:星期|周|週|礼拜)([一二三四五六日])(?![边邊])|([月火水木金土日])曜", _weekday, 0.8),
)  # fmt: skip


@cache
def chinese_japanese_rules() -> tuple[Rule, ...]:
    """Return the rules, compiled when first needed."""
    return tuple(Rule(pattern=re.compile(form), read=read, confidence=confidence) for form, read, confidence in _FORMS)
