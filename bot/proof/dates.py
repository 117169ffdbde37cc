"""Days, months and relative days as a text names them: English and Korean first, the main European languages after.

Years are numbers and are compared as such. `May` and `March` count as months only where a date may stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.text.lazy import compile_later

DateKind = Literal["weekday", "month", "day", "relative"]

# Monday is 0; January is 1. One row a language: en, de, fr, es, it, pt, nl, ru.
_WEEKDAYS = (
    "monday mondays montag lundi lunes lunedì segunda-feira maandag понедельник",
    "tuesday tuesdays dienstag mardi martes martedì terça-feira dinsdag вторник",
    "wednesday wednesdays mittwoch mercredi miércoles mercoledì quarta-feira woensdag среда среду",
    "thursday thursdays donnerstag jeudi jueves giovedì quinta-feira donderdag четверг",
    "friday fridays freitag vendredi viernes venerdì sexta-feira vrijdag пятница пятницу",
    "saturday saturdays samstag sonnabend samedi sábado sabato zaterdag суббота субботу",
    "sunday sundays sonntag dimanche domingo domenica zondag воскресенье",
)
_MONTHS = (
    "january jan januar jänner janvier enero gennaio janeiro januari января январь январе",
    "february feb februar février febrero febbraio fevereiro februari февраля февраль феврале",
    "march märz mars marzo março maart марта март марте",
    "april apr avril abril aprile апреля апрель апреле",
    "may mai mayo maggio maio mei мая май мае",
    "june jun juni juin junio giugno junho июня июнь июне",
    "july jul juli juillet julio luglio julho июля июль июле",
    "august aug août agosto augustus августа август августе",
    "september sept sep septembre septiembre settembre setembro сентября сентябрь сентябре",
    "october oct oktober octobre octubre ottobre outubro октября октябрь октябре",
    "november nov novembre noviembre novembro ноября ноябрь ноябре",
    "december dec dezember décembre diciembre dicembre dezembro декабря декабрь декабре",
)
_WEEKDAY_OF = {word: index for index, row in enumerate(_WEEKDAYS) for word in row.split()}
_MONTH_OF = {word: index + 1 for index, row in enumerate(_MONTHS) for word in row.split()}
_HANGUL_WEEKDAYS = "월화수목금토일"
_HAN_WEEKDAYS = "一二三四五六日"
_JAPANESE_WEEKDAYS = "月火水木金土日"

_NAMES = "|".join(sorted({*_WEEKDAY_OF, *_MONTH_OF}, key=len, reverse=True))
_WORD_DATE = compile_later(
    rf"(?<![\w])(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s(?:of\s|de\s)?)?(?P<name>{_NAMES})(?![\w-])"
    r"(?:\.?\s(?P<after>\d{1,2})(?:st|nd|rd|th)?(?![\d:,.]\d|\d|%))?",
    re.IGNORECASE,
)
_CJK_DATE = compile_later(r"(?<!\d)(?P<month>\d{1,2})\s?[월月](?:\s?(?P<day>\d{1,2})\s?[일日])?")
_CJK_WEEKDAY = compile_later(
    r"(?P<hangul>[월화수목금토일])요일|(?P<japanese>[月火水木金土日])曜"
    r"|(?:星期|周|週)(?P<han>[一二三四五六日])"
)
_ISO_DATE = compile_later(r"(?<!\d)(?:19|20)\d\d-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_RELATIVE = compile_later(
    r"\b(?P<day>yesterday|today|tomorrow|tonight)\b"
    r"|\b(?P<which>last|next|this|past|coming|previous)\s"
    r"(?P<unit>week(?:end)?|month|year|summer|winter|spring|autumn|season|century|decade)\b"
    r"|(?P<korean>어제|오늘|내일|지난주|이번\s?주|다음\s?주|지난달|이번\s?달|다음\s?달|지난해|작년|올해|내년)",
    re.IGNORECASE,
)
_DAY_SHIFT = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1, "어제": -1, "오늘": 0, "내일": 1}
_KOREAN_SPAN = {
    "지난주": "last week", "이번주": "this week", "다음주": "next week", "지난달": "last month", "이번달": "this month",
    "다음달": "next month", "지난해": "last year", "작년": "last year", "올해": "this year", "내년": "next year",
}  # fmt: skip
_WHICH = {"past": "last", "previous": "last", "coming": "next"}
# Lower-case or sentence-opening "may", "march", "mars" and "sept" are other words unless a day stands beside them.
_AMBIGUOUS_MONTHS = frozenset({"may", "march", "mars", "mai", "mei", "jan", "sept", "jun", "dec", "sep", "mar"})
_BEFORE_A_MONTH = compile_later(
    r"(?:\b(?:in|since|until|till|by|of|for|from|to|early|late|last|next|this|mid|between|and|during)|[-–])\s?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """One date word: a weekday (0 = Monday), a month (1-12), a day of a month (month * 100 + day) or a relative one.

    `value` of a relative one is "last year" or, for yesterday, today and tomorrow, "-1", "0" and "1".
    """

    kind: DateKind
    value: int | str
    text: str
    start: int


def find_dates(text: str) -> list[DateMention]:
    """Return the date words of a text in no particular order."""
    found: list[DateMention] = []
    for match in _WORD_DATE.finditer(text):
        found.extend(_of_words(text, match))
    for match in _CJK_DATE.finditer(text):
        found.extend(_of_month(int(match["month"]), match["day"], match))
    for match in _ISO_DATE.finditer(text):
        found.extend(_of_month(int(match["month"]), match["day"], match))
    for match in _CJK_WEEKDAY.finditer(text):
        found.append(_mention("weekday", _cjk_weekday(match), match))
    for match in _RELATIVE.finditer(text):
        found.append(_mention("relative", _relative_value(match), match))
    return found


def resolve_dates(dates: list[DateMention], published_at: datetime) -> list[DateMention]:
    """Return what relative date words mean in an article of that day: weekdays, months and days, as more mentions.

    A weekday is the latest one before the day of publication as well as the next one after it.
    """
    resolved: list[DateMention] = []
    for date in dates:
        if date.kind == "relative" and date.value in {"-1", "0", "1"}:
            resolved.extend(_mentions_of_day(published_at + timedelta(days=int(date.value)), date))
        elif date.kind == "weekday":
            gap = (published_at.weekday() - int(date.value)) % 7
            for days in (-gap, 7 - gap):
                resolved.extend(_mentions_of_day(published_at + timedelta(days=days), date))
        elif date.kind == "day":
            month, day = divmod(int(date.value), 100)
            resolved.extend(_weekday_of_date(published_at, month, day, date))
    return resolved


def _of_words(text: str, match: re.Match[str]) -> list[DateMention]:
    name = match["name"].lower()
    if name in _WEEKDAY_OF:
        if not match["name"][0].isupper():
            return []
        return [_mention("weekday", _WEEKDAY_OF[name], match)]
    day = match["before"] or match["after"]
    if not match["name"][0].isupper() and not (day and len(name) > 3):
        return []
    if name in _AMBIGUOUS_MONTHS and not day:
        before = text[max(0, match.start() - 10) : match.start()].lower()
        followed_by_year = re.match(r"\.?,?\s(?:19|20)\d\d\b", text[match.end() : match.end() + 8])
        if not (_BEFORE_A_MONTH.search(before) or followed_by_year):
            return []
    return _of_month(_MONTH_OF[name], day, match, "name")


def _of_month(month: int, day: str | None, match: re.Match[str], group: str = "month") -> list[DateMention]:
    if not 1 <= month <= 12:
        return []
    found = [DateMention(kind="month", value=month, text=match[group], start=match.start(group))]
    if day and 1 <= int(day) <= 31:
        found.append(_mention("day", month * 100 + int(day), match))
    return found


def _cjk_weekday(match: re.Match[str]) -> int:
    if match["hangul"]:
        return _HANGUL_WEEKDAYS.index(match["hangul"])
    if match["japanese"]:
        return _JAPANESE_WEEKDAYS.index(match["japanese"])
    return _HAN_WEEKDAYS.index(match["han"])


def _relative_value(match: re.Match[str]) -> str:
    if match["korean"]:
        word = match["korean"].replace(" ", "")
        return str(_DAY_SHIFT[word]) if word in _DAY_SHIFT else _KOREAN_SPAN[word]
    if match["day"]:
        return str(_DAY_SHIFT[match["day"].lower()])
    which = match["which"].lower()
    return f"{_WHICH.get(which, which)} {match['unit'].lower()}"


def _mention(kind: DateKind, value: int | str, match: re.Match[str]) -> DateMention:
    return DateMention(kind=kind, value=value, text=match.group(), start=match.start())


def _mentions_of_day(day: datetime, date: DateMention) -> list[DateMention]:
    values: list[tuple[DateKind, int | str]] = [
        ("weekday", day.weekday()),
        ("month", day.month),
        ("day", day.month * 100 + day.day),
    ]
    return [DateMention(kind=kind, value=value, text=date.text, start=date.start) for kind, value in values]


def _weekday_of_date(published_at: datetime, month: int, day: int, date: DateMention) -> list[DateMention]:
    try:
        weekday = published_at.replace(month=month, day=day).weekday()
    except ValueError:
        return []
    return [DateMention(kind="weekday", value=weekday, text=date.text, start=date.start)]
