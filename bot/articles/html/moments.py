"""One date out of a short text: ISO 8601, RFC 2822, epochs, figures in any order, month names of many languages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from bot.text.lazy import compile_later

# A date stands in a short line; what follows it is no part of it.
MAX_DATE_LINE = 160

# Older pages do not exist; newer ones are a clock or an event in the future.
_FIRST_YEAR = 1991

_ISO = compile_later(
    r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:T|\s{1,3}|,\s)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2}(?!\d)|[+-]\d{2}(?!\d))?)?",
    re.I,
)
_RFC_2822 = compile_later(r"\b\d{1,2} [A-Za-z]{3} \d{4} \d{1,2}:\d{2}(?::\d{2})? (?:[+-]\d{4}|[A-Z]{2,4})\b")
_COMPACT = compile_later(
    r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:T?(\d{2})(\d{2})(\d{2})?)?(?!\d)"
)
_YEAR_FIRST = compile_later(r"(?<!\d)((?:19|20)\d{2})\s?[./年년-]\s?(\d{1,2})\s?[./月월-]\s?(\d{1,2})(?!\d)")
_DAY_FIRST = compile_later(r"(?<![\d.])(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d{2}|\d{2})(?![\d])")
# A year of two digits is only believed where nothing but a time follows.
_WORDS_DAY = compile_later(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s{0,2}(?:de\s|of\s|-|/)?\s{0,2}([^\W\d_]{3,12})\.?,?"
    r"\s{0,2}(?:de\s|del\s|-|/)?\s{0,2}((?:19|20)\d{2}(?!\d)|['’]?\d{2}(?=\s{0,3}(?:[),|;•·]|$|\d{1,2}:\d{2})))"
)
_WORDS_MONTH = compile_later(
    r"(?<![^\W\d_])([^\W\d_]{3,12})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}((?:19|20)\d{2})(?!\d)"
)
_CLOCK = compile_later(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?::\d{2})?(?!\d)\s?([ap]\.?\s?m\b)?", re.I)
_EPOCH = compile_later(r"\d{10}(?:\d{3})?")

# The months of the languages news is mostly written in, by their first letters (enough to be unambiguous).
_MONTH_NAMES = (
    "january jan januar jänner jänner janvier janv enero ene gennaio gen janeiro januari tammikuuta stycznia styczeń "
    "января янв січня ledna január ianuarie ocak sausio januára siječnja ιανουαρίου leden",
    "february feb februar feber février févr fevrier fév febrero febbraio fevereiro februari helmikuuta lutego luty "
    "февраля фев лютого února február februarie şubat vasario februára veljače φεβρουαρίου únor",
    "march mar märz mrz maerz mars marzo março maart maaliskuuta marca marzec марта мар березня března március martie "
    "mart kovo marts ožujka μαρτίου březen",
    "april apr avril avr abril aprile huhtikuuta kwietnia kwiecień апреля апр квітня dubna április aprilie nisan "
    "balandžio apríla travnja απριλίου duben",
    "may mai mayo maggio mag maio mei toukokuuta maja мая травня května május mayıs gegužės maj mája svibnja "
    "μαΐου květen",
    "june jun juni juin junio giugno giu junho kesäkuuta czerwca czerwiec июня червня června június iunie haziran "
    "birželio júna lipnja ιουνίου červen",
    "july jul juli juillet juil julio luglio lug julho heinäkuuta lipca lipiec июля липня července július iulie temmuz "
    "liepos júla srpnja ιουλίου červenec",
    "august aug août aout agosto ago elokuuta sierpnia sierpień августа авг серпня srpna augusztus ağustos rugpjūčio "
    "augustus augusti augusta kolovoza αυγούστου srpen",
    "september sept sep septembre septiembre setiembre settembre set setembro syyskuuta września wrzesień сентября сен "
    "вересня září szeptember septembrie eylül rugsėjo septembra rujna σεπτεμβρίου",
    "october oct oktober okt octobre octubre ottobre ott outubro lokakuuta października październik октября окт жовтня "
    "října október octombrie ekim spalio októbra listopada οκτωβρίου říjen",
    "november nov novembre noviembre novembro marraskuuta listopad ноября ноя листопада listopadu novembra "
    "noiembrie kasım "
    "lapkričio studenoga νοεμβρίου",
    "december dec dezember dez décembre decembre déc diciembre dicembre dic dezembro joulukuuta grudnia grudzień "
    "декабря "
    "дек грудня prosince decembra decembrie aralık gruodžio prosinca δεκεμβρίου",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}


def parse_date(text: str, *, now: datetime | None = None) -> tuple[datetime, bool] | None:
    """Return the first date written in `text` (aware) and whether it has no time of day; None when there is none.

    Numbers of two digits are day, month, year unless only month, day, year makes a date. `now` bounds the future.
    """
    text = text[:MAX_DATE_LINE]
    for read in (_read_iso, _read_epoch, _read_rfc, _read_words, _read_numbers):
        found = read(text)
        if found is not None and _plausible(found[0], now or datetime.now(UTC)):
            return found
    return None


def _plausible(moment: datetime, now: datetime) -> bool:
    return _FIRST_YEAR <= moment.year <= now.year + 1 and moment <= now + timedelta(days=2)


def _read_iso(text: str) -> tuple[datetime, bool] | None:
    found = _ISO.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if hour is None:
        return _moment(int(year), int(month), int(day))
    return _moment(
        int(year), int(month), int(day), int(hour), int(minute), int(second or 0), zone=_zone(zone), day_only=False
    )


def _read_epoch(text: str) -> tuple[datetime, bool] | None:
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text[:10]), UTC), False
    found = _COMPACT.search(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    if hour is None or int(hour) > 23:
        return _moment(int(year), int(month), int(day))
    return _moment(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), zone=UTC, day_only=False)


def _read_words(text: str) -> tuple[datetime, bool] | None:
    for found in _WORDS_DAY.finditer(text):
        month = _MONTHS.get(found[2].lower())
        if month is not None:
            return _with_clock(text, found.end(), _full_year(found[3].lstrip("'’")), month, int(found[1]))
    for found in _WORDS_MONTH.finditer(text):
        month = _MONTHS.get(found[1].lower())
        if month is not None:
            return _with_clock(text, found.end(), int(found[3]), month, int(found[2]))
    return None


def _read_rfc(text: str) -> tuple[datetime, bool] | None:
    found = _RFC_2822.search(text)
    if found is None:
        return None
    try:
        moment = parsedate_to_datetime(found[0])
    except (ValueError, TypeError, IndexError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), False


def _read_numbers(text: str) -> tuple[datetime, bool] | None:
    found = _YEAR_FIRST.search(text)
    if found is not None:
        return _with_clock(text, found.end(), int(found[1]), int(found[2]), int(found[3]))
    found = _DAY_FIRST.search(text)
    if found is None:
        return None
    first, second, year = int(found[1]), int(found[2]), _full_year(found[3])
    day, month = (first, second) if second <= 12 else (second, first)
    if "/" in found[0] and first <= 12 and _CLOCK_AMPM.search(text):
        day, month = second, first
    return _with_clock(text, found.end(), year, month, day)


_CLOCK_AMPM = compile_later(r"\d\s?[ap]\.?m\b|\b(?:EST|EDT|PST|PDT|CST|CDT)\b", re.I)


def _full_year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def _with_clock(text: str, end: int, year: int, month: int, day: int) -> tuple[datetime, bool] | None:
    clock = _CLOCK.search(text[end : end + 30])
    if clock is None or int(clock[1]) > 23 or int(clock[2]) > 59:
        return _moment(year, month, day)
    hour = int(clock[1])
    half = (clock[3] or "").lower()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return _moment(year, month, day, hour, int(clock[2]), day_only=False)


def _moment(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, *,
    zone: timezone = UTC, day_only: bool = True,
) -> tuple[datetime, bool] | None:  # fmt: skip
    try:
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone), day_only
    except ValueError:
        return None


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(sign * offset) if offset < timedelta(hours=24) else UTC
