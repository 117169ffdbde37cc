"""Whether one statement is what became of another: then the two are an update, and their sources do not disagree. Pure.

A source may replace its own word at any time. Of other sources only a later article does, and only when it says so
("now", "has risen to", "postponed"), or when what it tells of turns by itself in time, such as a toll, a price that
rose and then fell, or a road that was closed and opened again.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from bot.stories.facts import Stated
from bot.stories.measures import Measure

# A toll that is higher so much later has grown, and a state that is another so much later has changed.
_CHANGES_AFTER: Final = timedelta(hours=12)
_UPDATE: Final = re.compile(
    r"\b(?:now|so far|by (?:then|now)|already|meanwhile|instead(?: of)?|no longer|any ?more|updated?|latest"
    r"|new(?:ly)? (?:figures?|counts?|estimates?|toll|date|tally)|at last|finally|eventually|later|after all|again"
    r"|(?:has|have) since|initially|originally|earlier (?:count|estimate|figure|report|toll)s?|previous(?:ly)?"
    r"|first (?:put|said|reported|thought)|(?:up|down) (?:from|to)"
    r"|(?:ros|ris|increas|climb|grow|jump|soar|surg|mount|swell|fall|drop|declin|lower|cut|adjust|upgrad|downgrad)"
    r"(?:e|es|ed|en|ing|s)?\b(?:\s+\w+){0,3}?\s+(?:to|from|by|up|down)|grew|fell (?:to|by|from)"
    r"|(?:rais|revis|postpon)(?:ed|es|ing)|corrected|recount|delay(?:ed|s)|reschedul(?:ed|es)"
    r"|(?:put|pushed|brought|moved) (?:off|back|forward|up|to|from)|revers(?:ed|es|al)|overturn(?:ed|s)|overruled"
    r"|on appeal|re-?opened|resumed|changed (?:its|his|her|their|the))\b",
    re.IGNORECASE,
)
# "At least 20" of a later article counts on where an earlier one stopped.
_STILL_COUNTING: Final = re.compile(r"\b(?:at least|more than|no fewer than|over)\s+(?:\w+\s+)?$", re.IGNORECASE)
_COUNT_REACH: Final = 24
# What happens to the same thing a second time is no other report of the first.
_REPEATED: Final = re.compile(
    r"\b(?:again|another|also|once more|twice"
    r"|(?:the|a|his|her|its|their) (?:second|third|fourth|fifth|next|other|last|latest)|earlier|previous|further"
    r"|for the (?:first|second|third|last) time|anew|every|each|daily|weekly)\b",
    re.IGNORECASE,
)


def replaces(one: Stated, other: Stated) -> bool:
    """Return whether either is a later word on the other: of the same source, or one that says that it changed."""
    if is_same_source(one, other):
        return True
    late = _later_of(one, other)
    return late is not None and _UPDATE.search(late.statement.folded) is not None


def outgrows(one: Stated, other: Stated, measure: Measure, counter: Measure) -> bool:
    """Return whether a toll is what became of the other: higher and half a day later, or later and still counted."""
    late = _later_of(one, other)
    if late is None or not measure.is_toll:
        return False
    new, old = (counter, measure) if late is other else (measure, counter)
    if new.value <= old.value:
        return False
    before = late.statement.folded[max(0, new.start - _COUNT_REACH) : new.start]
    return _STILL_COUNTING.search(before) is not None or has_had_time(one, other)


def has_had_time(one: Stated, other: Stated) -> bool:
    """Return whether so much time lies between their articles that what is told of can have changed."""
    times = _times(one, other)
    return times is not None and abs(times[1] - times[0]) >= _CHANGES_AFTER


def is_same_source(one: Stated, other: Stated) -> bool:
    """Return whether both are one article's, or one named source's."""
    if one.place == other.place:
        return True
    return one.article.source is not None and one.article.source == other.article.source


def tells_a_repeat(stated: Stated) -> bool:
    """Return whether a sentence says that what it tells happens more than once."""
    return _REPEATED.search(stated.statement.folded) is not None


def _later_of(one: Stated, other: Stated) -> Stated | None:
    times = _times(one, other)
    if times is None or times[0] == times[1]:
        return None
    return other if times[1] > times[0] else one


def _times(one: Stated, other: Stated) -> tuple[datetime, datetime] | None:
    early, late = one.article.published_at, other.article.published_at
    return None if early is None or late is None else (early, late)
