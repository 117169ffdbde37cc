"""The dates a page states about itself: "Published: 3 May 2026, 14:05 BST", "입력 2026.05.03 14:05", "vor 2 Stunden".

A date whose day and month cannot be told apart is no date. Years outside 1990-2100 are no publication dates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from bot.text.lazy import compile_later

# No newspaper site is older, and a later year is a typing error or an attack.
FIRST_YEAR = 1990
LAST_YEAR = 2100
_BUDDHIST_ERA = 543
# How far from its date a time of day may stand, and a time zone from its time.
_TIME_REACH_CHARS = 34
_ZONE_REACH_CHARS = 8
# Lines that state dates are short; nothing beyond this is looked at.
_MAX_CHARS = 300

_YMD = compile_later(
    r"(?<!\d)((?:19|20|21)\d\d)(?:\s?([-./])\s?(\d{1,2})\s?\2\s?(\d{1,2})"
    r"|\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?)"
    r"(?!\d)\.?"
)
_COMPACT = compile_later(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)")
_NUMERIC = compile_later(r"(?<![\d.])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?((?:19|20|21)\d\d|\d\d)(?![\d])")
_WORD_FIRST = compile_later(
    r"([^\s\d.,:|/()-]{2,12})\.?\s{1,2}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}(?:de\s)?((?:19|20|21)\d\d)(?!\d)"
)
_DAY_FIRST = compile_later(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.|º|ª)?[\s-]{1,2}(?:de\s|of\s)?"
    r"([^\s\d.,:|/()-]{2,12})\.?,?[\s-]{1,2}(?:de\s|del\s)?((?:19|20|21|2[45])\d\d)(?!\d)"
)
_CLOCK = compile_later(
    r"(?<![\d:])(\d{1,2})(?::\s?|[.h]|\s?[時时시点]\s?)(\d{2}|\d(?=\s?[分분]))(?::\s?(\d{2})(?:[.,]\d{1,9})?)?(?![\d])"
)
# A time never belongs to a date when another date or label stands between them.
_NEXT_DATE = compile_later(r"(?:19|20)\d\d|\|\s{0,3}(?:updat|modif)|수정|更新|updated|modified")
_HOUR_ONLY = compile_later(r"(?<![\d:.])(\d{1,2})(?:\s?[시時时点]|\s?(?=[ap]\.?\s?m\b))(?!\s?\d)")
_HALF_BEFORE = compile_later(r"(오전|오후|上午|下午|午前|午後|晚上)\s?$")
_HALF_AFTER = compile_later(r"\s?([ap])\s?\.?\s?m\b\.?")
_ZONE = compile_later(r"(?:\s{0,3}\(?)((?:gmt|utc)?\s?[+-]\s?\d{1,2}(?::?\s?\d{2})?|z(?![a-z])|[a-zмск]{2,5}(?![a-z]))")
_OFFSET = compile_later(r"(?:gmt|utc)?\s?([+-])\s?(\d{1,2})(?::?\s?(\d{2}))?$")
# A year, or three numbers in a row: without them a line holds no full date.
_MAY_HOLD_DATE = compile_later(r"\d(?:\d{3}|\s?[./-]\s?\d{1,2}\s?[./-]\s?\d\d)")
_NUMBER = compile_later(r"\d+")
_COMPACT_DIGITS = 8
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "0123456789" * 3)

_MODIFIED = compile_later(
    r"modif|updat|last (?:edit|chang|revis)|edited|revised|corrected|수정|최종|업데이트|更新"
    r"|最終|修改|修訂|修正|aktualisi|geändert|mis à jour|mise à jour"
    r"|màj|maj\b|actuali[sz]|editado|aggiornat|modifica|atualiz|обновл|изменен|تحديث|تعديل"
    r"|bijgewerkt|güncelle|diperbarui"
)
_PUBLISHED = compile_later(
    r"\b(?:first )?publish|\bposted|\bcreated|\bissued|\breleased|\buploaded|^date\b|^on\b"
    r"|\bpub(?:lication)? date|입력|등록|게시|승인|작성|송고|발행|기사전송"
    r"|公開|掲載|配信|投稿|発信|發布|发布|发表|發表|刊登|日期|时间|時間|veröffentlicht"
    r"|erstellt|erschienen|^stand\b|publié|paru le|publicad|publicado el"
    r"|pubblicat|опубликован|дата|نشر|نُشر|التاريخ|gepubliceerd|yayın|diterbitkan"
    r"|geschrieben am|erstveröffentlich|publicerad|publisert|udgivet|opublikowan|publikováno"
    r"|julkaistu|megjelent|δημοσιε|đăng lúc|เผยแพร่|प्रकाशित"
)
_RELATIVE = compile_later(
    r"\b(?:an?|one|two|three|\d{1,3}) (?:second|minute|min|hour|hr|day|week|month|year)s? ago|\b\d{1,3}\s?[smhdw] ago"
    r"|^just now$|\d{1,3}\s?(?:초|분|시간|일|주|개월|년) ?전"
    r"|\d{1,3}\s?(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|週間|周|か月|个月|年)\s?前"
    r"|\bvor (?:\d{1,3}|einer|einem|zwei|drei) (?:sekunde|minute|stunde|tag|woche|monat|jahr)"
    r"|\bil y a (?:\d{1,3}|une?) |\bhace (?:\d{1,3}|una?) |\bhá (?:\d{1,3}|uma?) "
    r"|\b(?:\d{1,3}|un|una|un') ?(?:ore|ora|minuti|giorni) fa\b"
    r"|\d{1,3} (?:минут|час|дн|день|недел)\S{0,4} назад|منذ "
)
# Words that mark a slashed date as day first.
_DAY_FIRST_CUES = compile_later(
    r"publi[cé]|actuali|stand\b|aktualisi|veröffentlicht|\buhr\b|mis à jour|pubblicat"
    r"|aggiornat|atualiz|\bàs\b|\bdel?\b|\ble\b|\bà\b|опубл|обновл|chủ nhật|thứ |نشر|تحديث"
)
_RELATIVE_HINTS = (" ago", "just now", "전", "前", "vor ", "il y a ", "hace ", "há ", " fa", "назад", "منذ ")

_MONTH_NAMES = (
    "january jan januar january jänner janvier janv enero ene gennaio gen janeiro января "
    "январь янв يناير كانون ocak januari มกราคม जनवरी",
    "february feb februar feber février févr fevrier febrero febbraio fevereiro fev февраля "
    "февраль фев فبراير شباط şubat februari กุมภาพันธ์ फ़रवरी फरवरी",
    "march mar märz maerz mrz mars marzo março marco марта март мар مارس آذار mart maart maret มีนาคม मार्च",
    "april apr avril avr abril abr aprile апреля апрель апр أبريل ابريل نيسان nisan เมษายน अप्रैल",
    "may mai mayo maggio mag maio мая май مايو أيار mayıs mei พฤษภาคม मई",
    "june jun juni juin junio giugno giu junho июня июнь июн يونيو حزيران haziran มิถุนายน जून",
    "july jul juli juillet juil julio luglio lug julho июля июль июл يوليو تموز temmuz กรกฎาคม जुलाई",
    "august aug août aout agosto ago августа август авг أغسطس اغسطس آب ağustos augustus agustus สิงหาคม अगस्त",
    "september sep sept septembre septiembre setiembre settembre set setembro сентября "
    "сентябрь сен سبتمبر أيلول eylül กันยายน सितंबर सितम्बर",
    "october oct oktober okt octobre octubre ottobre ott outubro out октября октябрь окт "
    "أكتوبر اكتوبر ekim ตุลาคม अक्टूबर",
    "november nov novembre noviembre novembro ноября ноябрь ноя نوفمبر kasım พฤศจิกายน नवंबर नवम्बर",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro декабря "
    "декабрь дек ديسمبر aralık desember ธันวาคม दिसंबर दिसम्बर",
)
_MONTHS = {name: month for month, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
# Fixed abbreviations, in minutes from UTC; the ones of two meanings take that of the English-language press.
_ZONE_MINUTES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "ist": 330, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "мск": 180, "gst": 240, "pkt": 300, "wib": 420, "ict": 420, "hkt": 480,
    "sgt": 480, "awst": 480, "kst": 540, "jst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180,
    "art": -180, "edt": -240, "est": -300, "cdt": -300, "cst": -360, "mdt": -360, "mst": -420, "pdt": -420, "pst": -480,
}  # fmt: skip
_ZONE_NAMES = {
    "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a line: its span of characters, time of day and time zone included; UTC when no zone is stated."""

    start: int
    end: int
    at: datetime
    day_only: bool


def find_dates(text: str) -> list[FoundDate]:
    """Return the full dates of a short line in order; overlapping readings give the first."""
    if len(text) > _MAX_CHARS:
        return []
    if not _MAY_HOLD_DATE.search(text) or not _has_numbers(text):
        return []
    lowered = text.lower() if len(text.lower()) == len(text) else text
    lowered = lowered.translate(_ARABIC_DIGITS)
    found: list[FoundDate] = []
    for start, end, day in sorted(_find_days(lowered), key=lambda candidate: candidate[:2]):
        if found and start < found[-1].end:
            continue
        found.append(_with_time(lowered, start, end, day))
    return found


def _has_numbers(text: str) -> bool:
    """Return whether there are a day's and a year's numbers, or both in one."""
    numbers = _NUMBER.findall(text)
    return len(numbers) > 1 or len(numbers[0]) == _COMPACT_DIGITS


def names_publication(folded: str) -> bool:
    """Return whether a line's words say that a publication or modification date stands there."""
    return _PUBLISHED.search(folded) is not None or _MODIFIED.search(folded) is not None


def names_modification(folded: str) -> bool:
    """Return whether words speak of an update rather than of the first publication."""
    return _MODIFIED.search(folded) is not None


def find_relative_time(folded: str) -> tuple[int, int] | None:
    """Return the span of "2 hours ago" and its like."""
    for hint in _RELATIVE_HINTS:
        if hint in folded:
            break
    else:
        return None
    found = _RELATIVE.search(folded)
    return found.span() if found else None


def _find_days(text: str) -> Iterator[tuple[int, int, datetime]]:
    for match in _YMD.finditer(text):
        month, day = (match[3], match[4]) if match[3] else (match[5], match[6])
        yield from _dated(match, int(match[1]), int(month), int(day))
    for match in _COMPACT.finditer(text):
        yield from _dated(match, int(match[1]), int(match[2]), int(match[3]))
    for match in _NUMERIC.finditer(text):
        yield from _read_numeric(match, text)
    for match in _WORD_FIRST.finditer(text):
        if match[1] in _MONTHS:
            yield from _dated(match, int(match[3]), _MONTHS[match[1]], int(match[2]))
    for match in _DAY_FIRST.finditer(text):
        if match[2] in _MONTHS:
            yield from _dated(match, _western_year(int(match[3])), _MONTHS[match[2]], int(match[1]))


def _western_year(year: int) -> int:
    """Return the year of the common era for one of the Buddhist era, as Thai papers print it."""
    return year - _BUDDHIST_ERA if year > LAST_YEAR + _BUDDHIST_ERA // 2 else year


def _dated(match: re.Match[str], year: int, month: int, day: int) -> Iterator[tuple[int, int, datetime]]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return
    try:
        yield match.start(), match.end(), datetime(year, month, day)
    except ValueError:
        return


def _read_numeric(match: re.Match[str], text: str) -> Iterator[tuple[int, int, datetime]]:
    """Yield the day of 13/05/2026 or 03.05.2026; 03/04/2026 is yielded only where its language settles the order."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if len(match[4]) == 2:
        if match[2] != "." or not _DAY_FIRST_CUES.search(text):
            return
        year += 2000
    day_first = match[2] == "." or first > 12 or first == second or _DAY_FIRST_CUES.search(text) is not None
    if day_first:
        yield from _dated(match, year, second, first)
    elif second > 12:
        yield from _dated(match, year, first, second)


def _with_time(text: str, start: int, end: int, day: datetime) -> FoundDate:
    after = _find_clock(text, end, min(len(text), end + _TIME_REACH_CHARS))
    clock = after or _find_clock_before(text, start)
    if clock is None:
        return FoundDate(start, end, day.replace(tzinfo=UTC), True)
    clock_start, clock_end, hour, minute = clock
    zone, zone_end = _find_zone(text, clock_end, day)
    at = day.replace(hour=hour, minute=minute, tzinfo=zone)
    return FoundDate(min(start, clock_start), max(end, zone_end), at, False)


def _find_clock(text: str, start: int, stop: int) -> tuple[int, int, int, int] | None:
    next_date = _NEXT_DATE.search(text, start, stop)
    reach = text[: next_date.start() if next_date else stop]
    with_minutes = _CLOCK.search(reach, start)
    match = with_minutes or _HOUR_ONLY.search(reach, start)
    if match is None:
        return None
    hour = int(match[1])
    minute = int(with_minutes[2]) if with_minutes else 0
    before = _HALF_BEFORE.search(text[start : match.start()])
    after = _HALF_AFTER.match(text, match.end())
    if before or after:
        is_afternoon = (before is not None and before[1] in ("오후", "下午", "午後", "晚上")) or (
            after is not None and after[1] == "p"
        )
        hour = hour % 12 + (12 if is_afternoon else 0)
    if hour > 23 or minute > 59:
        return None
    clock_start = start + before.start() if before else match.start()
    return clock_start, after.end() if after else match.end(), hour, minute


def _find_clock_before(text: str, date_start: int) -> tuple[int, int, int, int] | None:
    start = max(0, date_start - _TIME_REACH_CHARS // 2)
    found = _find_clock(text, start, date_start)
    if found is None or not re.fullmatch(r"[\s,·|()a-z./+-]{0,12}", text[found[1] : date_start]):
        return None
    return found


def _find_zone(text: str, start: int, day: datetime) -> tuple[tzinfo, int]:
    match = _ZONE.match(text, start, start + _ZONE_REACH_CHARS + 8)
    if match is None:
        return UTC, start
    name = match[1].strip()
    if name in _ZONE_MINUTES:
        return _fixed(_ZONE_MINUTES[name]), match.end()
    if name in _ZONE_NAMES:
        offset = _zone(_ZONE_NAMES[name]).utcoffset(day + timedelta(hours=12))
        return timezone(offset or timedelta(0)), match.end()
    offset_match = _OFFSET.match(name)
    if offset_match is None or (offset_match[3] is None and not name.startswith(("gmt", "utc", "+"))):
        return UTC, start
    minutes = int(offset_match[2]) * 60 + int(offset_match[3] or 0)
    if minutes > 14 * 60:
        return UTC, start
    return _fixed(minutes if offset_match[1] == "+" else -minutes), match.end()


@cache
def _fixed(minutes: int) -> tzinfo:
    return UTC if minutes == 0 else timezone(timedelta(minutes=minutes))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
