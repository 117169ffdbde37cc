"""The English grammar of date expressions, the more specific forms first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from itertools import groupby

from bot.text.dates.frame import Frame, Read, Rule
from bot.text.dates.names import (
    ENGLISH_MONTH,
    ENGLISH_NUMBER,
    ENGLISH_WEEKDAY,
    english_month,
    english_weekday,
    small_number,
)
from bot.text.dates.span import Part, Period, day, join, month, one_day, part_of, quarter, season, weekend, year, years

_M, _D = ENGLISH_MONTH, ENGLISH_WEEKDAY
_NTH = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"((?:1[5-9]|20)\d\d)"
_TO = r"(?:\s?[-–—]\s?|\s+(?:to|through|until|and)\s+)"
_WEEKDAY_BEFORE = rf"(?:{_D},?\s+(?:the\s+)?)?"
# "early May", "in mid-2026", "late in the year".
_PART = r"(?:(?:the\s+)?(early|late|mid|beginning|start|end|middle)(?:\s+(?:in|of)(?:\s+the)?)?[ -]+(?:of\s+)?)?"
_PARTS: dict[str, Part] = {
    "early": "early", "beginning": "early", "start": "early", "mid": "mid", "middle": "mid", "late": "late",
    "end": "late",
}  # fmt: skip
_STEPS = {
    "last": -1, "past": -1, "previous": -1, "this past": -1, "this": 0, "current": 0, "next": 1, "coming": 1,
    "this coming": 1, "following": 1, "same": 0,
}  # fmt: skip
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4}
_NO_COUNT = r"(?!\s*(?:percent|per\s+cent|%|million|billion|thousand|hundred|people|-year|-?member))(?![:.,]?\d)"
# Four digits that count something are no year.
_NO_YEAR_AFTER = (
    r"(?!\s?[만억조천개명원万萬億亿元人円])"
    r"(?![\w,]\w|\.\d|-?%|\s+(?:people|troops|soldiers|miles|km|kilomet\w+|met(?:er|re)s|feet|workers|points|tons?|tonnes"
    r"|shares|votes|employees|jobs|homes|houses|dollars|euros|pounds|years|hours|(?:square|cubic|more|other|new)\s))"
)
_NO_YEAR_BEFORE = r"(?<![\w$£€¥.,#/-])"


def _own_year(match: re.Match[str], group: int, frame: Frame, number: int, nth: int | None = None) -> int:
    return int(match[group]) if match[group] else frame.year_for(number, nth)


def _month_days(match: re.Match[str], frame: Frame) -> Period | None:
    number = english_month(match[1])
    of = _own_year(match, 4, frame, number, int(match[2]))
    return join(day(of, number, int(match[2])), day(of, number, int(match[3])))


def _days_month(match: re.Match[str], frame: Frame) -> Period | None:
    number = english_month(match[3])
    of = _own_year(match, 4, frame, number, int(match[1]))
    return join(day(of, number, int(match[1])), day(of, number, int(match[2])))


def _month_day_to_month_day(match: re.Match[str], frame: Frame) -> Period | None:
    first, last = english_month(match[1]), english_month(match[3])
    of = _own_year(match, 5, frame, last, int(match[4]))
    return join(day(of - (first > last), first, int(match[2])), day(of, last, int(match[4])))


def _day_month_to_day_month(match: re.Match[str], frame: Frame) -> Period | None:
    first, last = english_month(match[2]), english_month(match[4])
    of = _own_year(match, 5, frame, last, int(match[3]))
    return join(day(of - (first > last), first, int(match[1])), day(of, last, int(match[3])))


def _month_to_month(match: re.Match[str], frame: Frame) -> Period | None:
    first, last = english_month(match[1]), english_month(match[2])
    of = _own_year(match, 3, frame, last)
    return join(month(of - (first > last), first), month(of, last))


def _month_day(match: re.Match[str], frame: Frame) -> Period | None:
    number, nth = english_month(match[1]), int(match[2])
    return day(int(match[3]), number, nth) if match[3] else frame.day_without_year(number, nth)


def _day_month(match: re.Match[str], frame: Frame) -> Period | None:
    number, nth = english_month(match[2]), int(match[1])
    return day(int(match[3]), number, nth) if match[3] else frame.day_without_year(number, nth)


def _month_year(match: re.Match[str], _: Frame) -> Period | None:
    return _in_part(match[1], month(int(match[3]), english_month(match[2])))


def _stepped_month(match: re.Match[str], frame: Frame) -> Period | None:
    return _in_part(match[1], frame.month_of(english_month(match[3]), _STEPS[_plain(match[2])]))


def _month_of_year(match: re.Match[str], frame: Frame) -> Period | None:
    return month(frame.published.year + _STEPS[match[2].lower()], english_month(match[1]))


def _near_day(match: re.Match[str], frame: Frame) -> Period | None:
    words = _plain(match[0])
    if "after tomorrow" in words:
        days = 2
    elif "before yesterday" in words:
        days = -2
    elif "yesterday" in words or words == "last night":
        days = -1
    else:
        days = 1 if "tomorrow" in words else 0
    return one_day(frame.published + timedelta(days=days))


def _stepped_weekday(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.weekday_of(english_weekday(match[2]), _STEPS[_plain(match[1])])


def _weekday(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.weekday(english_weekday(match[1]))


def _stepped_unit(match: re.Match[str], frame: Frame) -> Period | None:
    step, unit = _STEPS[_plain(match[2])], _plain(match[3])
    if unit == "weekend":
        return _weekend(step, frame)
    if unit in ("spring", "summer", "fall", "autumn", "winter"):
        return frame.season_of(unit, step)
    return _in_part(match[1], frame.shifted(step, "year" if unit == "fiscal year" else unit))


def _weekend(step: int, frame: Frame) -> Period:
    now = frame.published
    is_weekend = now.weekday() >= 5
    return weekend(now + timedelta(days=7 * (step if not (step < 0 and is_weekend) else -1)))


def _the_weekend(_: re.Match[str], frame: Frame) -> Period | None:
    now = frame.published
    if now.weekday() >= 5 or frame.tense == "future":
        return weekend(now)
    return weekend(now - timedelta(days=7))


def _the_unit(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.shifted(-1, match[1].lower())


def _counted(match: re.Match[str], frame: Frame) -> Period | None:
    sign = 1 if _plain(match[3]) in ("from now", "from today", "hence") else -1
    return _shift(sign * small_number(match[1]), match[2].lower(), frame)


def _in_units(match: re.Match[str], frame: Frame) -> Period | None:
    # "In two weeks" without a future is how long something took.
    return _shift(small_number(match[1]), match[2].lower(), frame) if frame.tense == "future" else None


def _shift(count: int, unit: str, frame: Frame) -> Period | None:
    if unit in ("hour", "minute"):
        return frame.shifted(0, "day")
    return frame.shifted(count, unit)


def _quarter(match: re.Match[str], frame: Frame) -> Period | None:
    number = _QUARTERS[match[1].lower()]
    if match[2]:
        return quarter(int(match[2]), number)
    now = frame.published
    passed = number <= (now.month - 1) // 3 + 1
    return quarter(now.year - (0 if passed or frame.tense == "future" else 1), number)


def _short_quarter(match: re.Match[str], _: Frame) -> Period | None:
    return quarter(int(match[2]), int(match[1]))


def _season_year(match: re.Match[str], _: Frame) -> Period | None:
    return season(int(match[2]), match[1].lower())


def _decade(match: re.Match[str], _: Frame) -> Period | None:
    return years(int(match[1]) * 10, int(match[1]) * 10 + 9)


def _year_range(match: re.Match[str], _: Frame) -> Period | None:
    return years(int(match[1]), int(match[2]))


def _year(match: re.Match[str], _: Frame) -> Period | None:
    return _in_part(match[1], year(int(match[2])))


def _month_alone(match: re.Match[str], frame: Frame) -> Period | None:
    return _in_part(match[1], frame.month_without_year(english_month(match[2])))


def _in_part(part: str | None, period: Period | None) -> Period | None:
    return part_of(period, _PARTS[part.lower()]) if part else period


def _plain(text: str) -> str:
    words = text.lower().split()
    return " ".join(word for word in words if word != "the")


_STEP = (
    r"((?i:last|next|this\s+past|this\s+coming|this|past|coming|(?:the\s+)?(?:past|previous|coming|current|following)))"
)
# Case matters where a month or weekday is another word in small letters.
_FORMS: tuple[tuple[str, str, re.RegexFlag, Read, float], ...] = (
    (
        "M",
        rf"\b(?:from\s+)?({_M})\s+{_NTH}{_TO}({_M})\s+{_NTH}(?:\s?,\s*|\s+)?{_YEAR}?\b",
        re.I, _month_day_to_month_day, 0.9,
    ),
    ("M", rf"\b(?:from\s+)?{_NTH}\s+({_M}){_TO}{_NTH}\s+({_M})(?:,?\s+{_YEAR})?\b", re.I, _day_month_to_day_month, 0.9),
    ("M", rf"\b({_M})\s+{_NTH}{_TO}{_NTH}(?:(?:\s?,\s*|\s+){_YEAR})?\b{_NO_COUNT}", re.I, _month_days, 0.9),
    ("M", rf"\b(?:from\s+|between\s+)?{_NTH}{_TO}{_NTH}\s+({_M})(?:,?\s+{_YEAR})?\b", re.I, _days_month, 0.9),
    ("M", rf"\b{_WEEKDAY_BEFORE}({_M})\s+{_NTH}(?:\s?,\s*|\s+){_YEAR}\b", re.I, _month_day, 0.98),
    ("M", rf"\b{_WEEKDAY_BEFORE}{_NTH}(?:\s+of)?\s+({_M})\s?,?\s+{_YEAR}\b", re.I, _day_month, 0.98),
    ("M", rf"\b{_WEEKDAY_BEFORE}({_M})\s+{_NTH}\b()(?!\s+attacks){_NO_COUNT}", re.NOFLAG, _month_day, 0.88),
    ("M", rf"\b{_WEEKDAY_BEFORE}(?:the\s+)?{_NTH}(?:\s+of)?\s+({_M})\b()(?!\s+\d{{4}})", re.NOFLAG, _day_month, 0.85),
    ("M", rf"\b(?:from\s+|between\s+)({_M}){_TO}({_M})(?:\s+{_YEAR})?\b(?!\s+\d)", re.NOFLAG, _month_to_month, 0.85),
    ("M", rf"\b{_PART}({_M})\s?,?\s+(?:of\s+)?{_YEAR}\b", re.I, _month_year, 0.97),
    ("M", rf"\b{_PART}{_STEP}\s+({_M})\b(?!\s+\d)", re.NOFLAG, _stepped_month, 0.9),
    ("M", rf"\b({_M})\s+of\s+(last|this|next)\s+year\b", re.I, _month_of_year, 0.95),
    ("W", r"\b(?:the\s+)?day\s+(?:after\s+tomorrow|before\s+yesterday)\b", re.I, _near_day, 0.95),
    (
        "W",
        r"\b(?:yesterday|today|tomorrow|tonight|last\s+night|this\s+(?:morning|afternoon|evening)|overnight)\b(?!['’]s\b)",
        re.I, _near_day, 0.93,
    ),
    ("D", rf"\b{_STEP}\s+({_D})(?!s\b)", re.NOFLAG, _stepped_weekday, 0.85),
    ("D", rf"\b({_D})(?!s\b)\b", re.NOFLAG, _weekday, 0.85),
    (
        "U",
        rf"\b{_PART}(?:in\s+)?{_STEP}\s+(week|month|(?:fiscal\s+)?year|quarter|weekend|spring|summer|fall|autumn|winter)\b",
        re.I, _stepped_unit, 0.9,
    ),
    ("U", r"\b(?:over|at|during|on)\s+the\s+weekend\b", re.I, _the_weekend, 0.8),
    ("U", r"\b(?:the\s+)?(year|month|week|quarter)[- ]ago\b", re.I, _the_unit, 0.8),
    (
        "U",
        rf"\b({ENGLISH_NUMBER})[\s-](day|week|month|year|quarter|hour|minute)s?\s+"
        r"(ago|from\s+now|from\s+today|hence)\b",
        re.I, _counted, 0.8,
    ),
    ("U", rf"\bin\s+({ENGLISH_NUMBER})\s+(day|week|month|year)s?(?:['’]?\s+time)?\b", re.I, _in_units, 0.6),
    (
        "U",
        r"\b(?:the\s+)?(first|second|third|fourth|final|1st|2nd|3rd|4th)[-\s]quarter\b(?:(?:\s+of)?\s+((?:19|20)\d\d))?",
        re.I, _quarter, 0.75,
    ),
    ("Y", r"\bQ([1-4])\s+((?:19|20)\d\d)\b", re.NOFLAG, _short_quarter, 0.9),
    ("Y", r"\b(spring|summer|fall|autumn|winter)\s+(?:of\s+)?((?:19|20)\d\d)\b", re.I, _season_year, 0.9),
    ("Y", r"\b(?:the\s+)?((?:1[5-9]|20)\d)0['’]?s\b", re.I, _decade, 0.9),
    ("Y", rf"{_NO_YEAR_BEFORE}{_YEAR}\s?[-–—]\s?{_YEAR}{_NO_YEAR_AFTER}", re.NOFLAG, _year_range, 0.85),
    ("Y", rf"{_NO_YEAR_BEFORE}{_PART}{_YEAR}{_NO_YEAR_AFTER}", re.I, _year, 0.8),
    (
        "M",
        rf"\b(?:[Ii]n|[Ss]ince|of|[Bb]y|[Uu]ntil|[Ff]rom|to|through|[Dd]uring|for|[Bb]etween)\s+{_PART}({_M})\b"
        r"(?!\s+\d)(?!\s+[A-Z][a-z]+\s+(?:said|told))",
        re.NOFLAG, _month_alone, 0.75,
    ),
    (
        "M",
        r"(?<![.\w]\s)\b(?:(early|late|mid)[ -])?(January|February|March|April|June|July|August|September|October"
        r"|November|December)\b(?!\s+\d)(?!\s+[A-Z])",
        re.NOFLAG, _month_alone, 0.6,
    ),
)  # fmt: skip

# What a sentence must hold for the forms of a group to be looked for: most sentences hold none.
_CUES = {
    "M": r"Jan|Feb|Mar|Apr|May|Ju[nl]|Aug|Sep|Oct|Nov|Dec|JAN|FEB|MAR|APR|MAY|JU[NL]|AUG|SEP|OCT|NOV|DEC",
    "D": r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:\.|[a-z]*day|rs?\.|s\.)",
    "W": r"(?:[Yy]ester|[Tt]o)day|[Tt]o(?:morrow|night)|[Oo]vernight|[Ll]ast\s+night|[Tt]his\s+(?:morn|after|even)",
    "U": (
        r"\s(?:ago|hence)\b|[Ww]eekend|quarter|from\s+(?:now|today)|[Ii]n\s+(?:\w+\s+){1,3}(?:day|week|month|year)"
        r"|(?:ast|ext|his|evious|oming|urrent|ollowing|scal)\s+(?:fiscal|week|month|year|spring|summer|fall|autumn|winter)"
    ),
    "Y": r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)|quarter",
}


@cache
def english_groups() -> tuple[tuple[Callable[[str], object], tuple[Rule, ...]], ...]:
    """Return the rules in their order, each run of them behind what tells that none of them can match."""
    groups: list[tuple[Callable[[str], object], tuple[Rule, ...]]] = []
    for cue, forms in groupby(_FORMS, key=lambda form: form[0]):
        rules = tuple(
            Rule(pattern=re.compile(form, flags), read=read, confidence=confidence)
            for _, form, flags, read, confidence in forms
        )
        groups.append((re.compile(_CUES[cue]).search, rules))
    return tuple(groups)
