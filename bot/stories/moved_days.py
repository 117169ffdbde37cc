"""A weekday or a month without a number that a line names otherwise than a line told before. Pure.

"Opens on Monday" and "opens on Friday" differ in no figure. The day of a statement or a meeting is no such change: the
next one has a day of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from bot.stories.facts import dates_an_act_of_speech
from bot.text.dates import find_dates
from bot.text.dates.names import ENGLISH_MONTH, ENGLISH_WEEKDAY, EUROPEAN_MONTHS, EUROPEAN_WEEKDAYS

Kind = Literal["weekday", "month"]

_WEEKDAY: Final = re.compile(rf"{ENGLISH_WEEKDAY}|[월화수목금토일]요일|[月火水木金土日]曜日?", re.IGNORECASE)
_MONTH: Final = re.compile(ENGLISH_MONTH, re.IGNORECASE)
# Letters by which two spellings of one name agree: "Sept." and "September".
_NAME_LETTERS: Final = 3
# Lines remembered with their days: one is compared with the told lines of every channel.
_REMEMBERED_LINES: Final = 4_096


def find_moved_day(before: str, after: str, language: str) -> tuple[str, str] | None:
    """Return the weekday or month that a line names, and the other one that the later line names instead of it."""
    told, now = _named(before, language), _named(after, language)
    for kind in ("weekday", "month"):
        old = {name: shown for (of, name), shown in told.items() if of == kind}
        come = {name: shown for (of, name), shown in now.items() if of == kind and name not in old}
        if len(old) == len(come) == 1:
            return next(iter(old.values())), next(iter(come.values()))
    return None


@lru_cache(maxsize=_REMEMBERED_LINES)
def _named(text: str, language: str) -> dict[tuple[Kind, str], str]:
    """Return the weekdays and months that stand alone, as the text words them."""
    found: dict[tuple[Kind, str], str] = {}
    for span in find_dates(text, published_at=None, language=language):
        if any(char.isdigit() for char in span.text) or dates_an_act_of_speech(text, span.start):
            continue
        name = span.text.split()[-1].strip(".,")
        kind = _kind_of(name)
        if kind is not None:
            found.setdefault((kind, name.casefold()[:_NAME_LETTERS]), name)
    return found


def _kind_of(name: str) -> Kind | None:
    if _WEEKDAY.fullmatch(name) or name.casefold() in EUROPEAN_WEEKDAYS:
        return "weekday"
    if _MONTH.fullmatch(name) or name.casefold() in EUROPEAN_MONTHS:
        return "month"
    return None
