"""How a timeline names its days: exactly as the sources do, never more exactly."""

from __future__ import annotations

from datetime import date

from bot.model import DatedClaim, Granularity
from bot.text.dates import part_name

_QUARTER_MONTHS = 3
_SEASONS = {3: "spring", 6: "summer", 9: "autumn", 12: "winter"}


def days_text(claim: DatedClaim) -> str:
    """Return "14 May 2026", "3-5 May 2026" (with a dash), "early 2026", "May 2026", "Q3 2026" or "winter 2025/26"."""
    first, last, unit = claim.day, claim.end or claim.day, claim.granularity
    part = part_name(first, last, unit) if unit in ("month", "year") else None
    if part is not None:
        return f"{part} {_unit_text(first, unit)}"
    if _is_whole(first, last, unit):
        return _unit_text(first, unit)
    if unit == "day":
        return _day_span(first, last)
    return f"{_unit_text(first, unit)} – {_unit_text(last, unit)}"


def _is_whole(first: date, last: date, unit: Granularity) -> bool:
    days = (last - first).days + 1
    longest = {"day": 1, "week": 7, "month": 31, "quarter": 92, "season": 92, "year": 366}[unit]
    return days <= longest


def _unit_text(day: date, unit: Granularity) -> str:
    if unit == "week":
        return f"week of {_day_text(day)}"
    if unit == "month":
        return f"{day:%b} {day.year}"
    if unit == "quarter":
        return f"Q{(day.month - 1) // _QUARTER_MONTHS + 1} {day.year}"
    if unit == "season":
        following = f"/{(day.year + 1) % 100:02}" if day.month == 12 else ""
        return f"{_SEASONS[day.month]} {day.year}{following}"
    return str(day.year) if unit == "year" else _day_text(day)


def _day_span(first: date, last: date) -> str:
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{_day_text(last)}"
    if first.year == last.year:
        return f"{first.day} {first:%b} – {_day_text(last)}"
    return f"{_day_text(first)} – {_day_text(last)}"


def _day_text(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"
