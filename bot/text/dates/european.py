"""Dates with the names of months in German, French, Spanish, Italian, Portuguese and Dutch, and their nearest days."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from bot.text.dates.frame import Frame, Rule
from bot.text.dates.names import EUROPEAN_MONTH, EUROPEAN_WEEKDAY, EUROPEAN_WEEKDAYS, european_month
from bot.text.dates.span import Period, day, join, month, one_day, year

_NEAR_DAYS = {
    "vorgestern": -2, "gestern": -1, "heute": 0, "morgen": 1, "übermorgen": 2, "avant-hier": -2, "hier": -1,
    "aujourd'hui": 0, "aujourd’hui": 0, "demain": 1, "après-demain": 2, "anteayer": -2, "ayer": -1, "hoy": 0,
    "mañana": 1, "ieri": -1, "oggi": 0, "domani": 1, "ontem": -1, "hoje": 0, "amanhã": 1, "gisteren": -1,
    "vandaag": 0,
}  # fmt: skip
# "Morgen" and "mañana" are also mornings: only small letters and no article before them make them tomorrow.
_NTH = r"(?<!\d)(\d{1,2})(?:\.|er|º|ª)?"
_JOIN = r"\s+(?:de\s+|d['’])?"
_YEAR = r"((?:1[5-9]|20)\d\d)"
_YEAR_JOIN = r"\s+(?:de\s+|del\s+(?:año\s+)?)?"
_WEEKDAY_BEFORE = rf"(?:{EUROPEAN_WEEKDAY},?\s+(?:den\s+|dem\s+|el\s+|le\s+)?)?"
_LAST = r"(?:vergangene[nrs]?|letzte[nrs]?|vorige[nrs]?|dernier|dernière|pasado|pasada|scorso|passado)"
_NEXT = r"(?:kommende[nrs]?|nächste[nrs]?|prochain|prochaine|próximo|próxima|prossimo)"
_UNITS = {
    "woche": "week", "monat": "month", "jahr": "year", "jahres": "year", "monats": "month", "semaine": "week",
    "mois": "month",
    "année": "year", "an": "year", "semana": "week", "mes": "month", "año": "year",
}  # fmt: skip
_UNIT = r"(Woche|Monats?|Jahr(?:es)?|semaine|mois|année|an|semana|mes|año)"


def _full(match: re.Match[str], _: Frame) -> Period | None:
    return day(int(match[3]), european_month(match[2]), int(match[1]))


def _days(match: re.Match[str], frame: Frame) -> Period | None:
    number, first, last = european_month(match[3]), int(match[1]), int(match[2])
    of = int(match[4]) if match[4] else frame.year_for(number, last)
    return join(day(of, number, first), day(of, number, last))


def _without_year(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.day_without_year(european_month(match[2]), int(match[1]))


def _month_year(match: re.Match[str], _: Frame) -> Period | None:
    return month(int(match[2]), european_month(match[1]))


def _month_alone(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.month_without_year(european_month(match[1]))


def _near_day(match: re.Match[str], frame: Frame) -> Period | None:
    return one_day(frame.published + timedelta(days=_NEAR_DAYS[match[1].lower()]))


def _weekday(match: re.Match[str], frame: Frame) -> Period | None:
    number = EUROPEAN_WEEKDAYS[match[2].lower()]
    if match[1] or match[3]:
        word = match[1] or match[3]
        return frame.weekday_of(number, -1 if re.fullmatch(_LAST, word, re.IGNORECASE) else 1)
    return frame.weekday(number)


def _unit_after(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.shifted(-1 if re.fullmatch(_LAST, match[1], re.I) else 1, _UNITS[match[2].lower()])


def _unit_before(match: re.Match[str], frame: Frame) -> Period | None:
    return frame.shifted(-1 if re.fullmatch(_LAST, match[2], re.I) else 1, _UNITS[match[1].lower()])


def _year(match: re.Match[str], _: Frame) -> Period | None:
    return year(int(match[1]))


_FORMS = (
    (
        rf"\b(?:vom\s+|du\s+|del\s+)?{_NTH}\s?(?:-|–|bis(?:\s+zum)?|au|al|y|und|et)\s?{_NTH}{_JOIN}({EUROPEAN_MONTH})"
        rf"(?:{_YEAR_JOIN}{_YEAR})?\b",
        _days, 0.9,
    ),
    (rf"\b{_WEEKDAY_BEFORE}{_NTH}{_JOIN}({EUROPEAN_MONTH}){_YEAR_JOIN}{_YEAR}\b", _full, 0.98),
    (rf"\b{_WEEKDAY_BEFORE}{_NTH}{_JOIN}({EUROPEAN_MONTH})(?!\w)", _without_year, 0.85),
    (rf"\b({EUROPEAN_MONTH}){_YEAR_JOIN}{_YEAR}\b", _month_year, 0.95),
    (
        rf"\b(?:im|seit|bis|anfang|mitte|ende|en|depuis|début|mi-|fin|desde|hasta|in|em|nel)\s?({EUROPEAN_MONTH})(?!\w)",
        _month_alone, 0.75,
    ),
    (rf"(?<!\w)({'|'.join(_NEAR_DAYS)})(?!\w)", _near_day, 0.85),
    (rf"(?:({_LAST}|{_NEXT})\s+)?\b({EUROPEAN_WEEKDAY})\b(?:\s+({_LAST}|{_NEXT}))?", _weekday, 0.8),
    (rf"\b({_LAST}|{_NEXT})\s+{_UNIT}\b", _unit_after, 0.85),
    (rf"\b{_UNIT}\s+({_LAST}|{_NEXT})\b", _unit_before, 0.85),
    (
        r"(?<![\w$£€.,-])((?:19|20)\d\d)(?![\w%]|[.,]\d|\s?(?:€|Euro|euros|Menschen|personnes|personas|Meter|mètres|metros"
        r"|Kilo))",
        _year, 0.7,
    ),
)  # fmt: skip


@cache
def may_be_european() -> Callable[[str], object]:
    """Return what tells quickly that a text holds none of these expressions."""
    words = "|".join((*_NEAR_DAYS, EUROPEAN_MONTH, EUROPEAN_WEEKDAY, _LAST, _NEXT, r"(?:19|20)\d\d"))
    return re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE).search


@cache
def european_rules() -> tuple[Rule, ...]:
    """Return the rules, compiled when first needed."""
    return tuple(
        Rule(pattern=re.compile(form, re.IGNORECASE), read=read, confidence=confidence)
        for form, read, confidence in _FORMS
    )
