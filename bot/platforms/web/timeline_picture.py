"""Draws a timeline as SVG: when things happened, numbered like the list below it; plans are hollow. Pure.

A longer time between two entries is a longer way, but not to scale: one old year would push all the rest together.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from bot.model import DatedClaim

WIDTH, HEIGHT = 1000, 116
LEFT, RIGHT = 40, 960
AXIS_Y = 62
DOT_R = 13
LABEL_GAP = 108
"""Between the middles of two labels; a label that finds no room is left out, its date stands in the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One entry on the axis. `label` is empty where its date finds no room; `label_x` keeps it in the picture."""

    number: int
    x: float
    label: str
    label_x: float
    is_planned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A timeline ready to be drawn; `today_x` is where today lies, if that is between its ends."""

    dots: tuple[Dot, ...]
    today_x: float | None


def draw_timeline(claims: Sequence[DatedClaim], *, today: date) -> Picture:
    """Return where the dots of these claims (by day) stand, and where today lies between them."""
    days = [claim.day for claim in claims]
    has_today = days[0] < today < days[-1]
    places = _spread(sorted([*days, today]) if has_today else days)
    today_at = bisect_right(days, today)
    today_x = round(places.pop(today_at), 1) if has_today else None
    dots: list[Dot] = []
    label_end = float("-inf")
    for number, (claim, x) in enumerate(zip(claims, places, strict=True), start=1):
        fits = x - label_end >= LABEL_GAP
        label_end = x if fits else label_end
        dots.append(
            Dot(
                number=number,
                x=round(x, 1),
                label=when_of(claim, short=True) if fits else "",
                label_x=round(min(max(x, LEFT + 8), RIGHT - 8), 1),
                is_planned=claim.status == "planned",
            )
        )
    return Picture(dots=tuple(dots), today_x=today_x)


def when_of(claim: DatedClaim, *, short: bool = False) -> str:
    """Return when a claim says it was, as exactly as its sources say."""
    day = claim.day
    if claim.granularity == "year":
        return str(day.year)
    if claim.granularity == "quarter":
        return f"Q{(day.month + 2) // 3} {day.year}"
    if claim.granularity == "month":
        return f"{day:%b %Y}"
    if claim.granularity in ("week", "season") and claim.end and not short:
        return f"{day.day} {day:%b %Y} – {claim.end.day} {claim.end:%b %Y}"
    text = f"{day.day} {day:%b %Y}"
    return f"from {text}" if claim.granularity in ("week", "season") else text


def _spread(days: Sequence[date]) -> list[float]:
    """Return a place for each day: one step, and more the longer the time before it."""
    steps = [1.0 + math.log10(1.0 + (after - before).days) for before, after in pairwise(days)]
    whole = sum(steps)
    places = [(LEFT + RIGHT) / 2 if not steps else float(LEFT)]
    for step in steps:
        places.append(places[-1] + (RIGHT - LEFT) * step / whole)
    return places
