"""What structured formats state about an article, read with care: names, links and moments as people type them.

Shared by the readers of front matter, JSON, e-mail, feeds and document properties.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.articles.cleaning.dates import find_dates
from bot.text.lazy import compile_later

MAX_AUTHORS = 20  # more names than that are no byline
_EARLIEST_EPOCH_S = 315_532_800  # 1980: smaller numbers are years or days, not seconds
_LATEST_EPOCH_S = 4_102_444_800  # 2100
_ISO_LIKE = compile_later(
    r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})"
    r"(?:[T ]?(\d{2}):?(\d{2})(?::?(\d{2}))?(?:[.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?",
    re.IGNORECASE,
)
_MAIL_DATE = compile_later(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:\d{2}")
_BY = compile_later(r"(?i)^by[:\s]\s*")
_BETWEEN_NAMES = compile_later(r"\s*(?:;|\s&\s|\sand\s|/|\n)\s*|,\s+(?![JS]r\b)", re.IGNORECASE)
_ADDRESS = compile_later(r"\s*[<(]?[\w.+-]{1,64}@[\w.-]{1,255}[>)]?\s*")
_WEB_URL = compile_later(r"https?://[^\s<>\"]{3,2000}$", re.IGNORECASE)


def read_moment(value: object) -> tuple[datetime | None, bool]:
    """Return the moment a value states and whether it names a day only; (None, False) when it states none.

    The stated offset is kept; UTC is assumed where there is none. Takes ISO 8601, RFC 2822, seconds or milliseconds
    since 1970, and dates as newspapers print them.
    """
    if isinstance(value, bool) or value is None:
        return None, False
    if isinstance(value, int | float):
        return _from_epoch(float(value)), False
    text = str(value)[:100].strip()
    match = _ISO_LIKE.fullmatch(text)
    if match:
        return _from_iso(match)
    if text.isdigit():
        return _from_epoch(float(text)), False
    moment = _from_mail_date(text) if _MAIL_DATE.match(text) else None
    if moment is not None:
        return moment, False
    found = find_dates(text)
    return (found[0].at, found[0].day_only) if found else (None, False)


def read_names(value: object) -> tuple[str, ...]:
    """Return the people named by a string, a mapping with a name, or a list of these, each once, without "By"."""
    names = [name for part in _name_parts(value) for name in _split_names(part)]
    return tuple(dict.fromkeys(names))[:MAX_AUTHORS]


def read_line(value: object) -> str | None:
    """Return the value as one line of text, None when it is no text or empty."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return None
    return " ".join(value.split()) or None


def read_url(value: object) -> str | None:
    """Return the value when it is the address of a web page."""
    line = read_line(value)
    return line if line and _WEB_URL.match(line) else None


def _from_epoch(seconds: float) -> datetime | None:
    if seconds > _LATEST_EPOCH_S:
        seconds /= 1000
    if not _EARLIEST_EPOCH_S <= seconds <= _LATEST_EPOCH_S:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _from_mail_date(text: str) -> datetime | None:
    """Return an RFC 2822 date with an offset; "KST" and its like are none to the mail library."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else None


def _from_iso(match: re.Match[str]) -> tuple[datetime | None, bool]:
    year, month, day, hour, minute, second, zone = match.groups()
    offset = "+00:00" if not zone or zone[0] not in "+-" else _offset(zone)
    text = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{offset}"
    try:
        return datetime.fromisoformat(text), hour is None
    except ValueError:
        return None, False


def _offset(zone: str) -> str:
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _name_parts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value[:500]
    elif isinstance(value, dict):
        name = value.get("name")
        if isinstance(name, str):
            yield name[:500]
    elif isinstance(value, list | tuple):
        for item in value[:MAX_AUTHORS]:
            if isinstance(item, str | dict):
                yield from _name_parts(item)


def _split_names(text: str) -> Iterable[str]:
    bare = _BY.sub("", _ADDRESS.sub(" ", text).strip())
    for name in _BETWEEN_NAMES.split(bare):
        line = " ".join(name.split()).strip(" ,;")
        if line:
            yield line
