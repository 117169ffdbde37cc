"""What a number in a sentence measures (people killed, hurt or missing, a magnitude, a counted thing), how exactly.

Two numbers can only disagree when they measure the same: "12 dead" and "15 injured" do not, "12 dead" and "15 people
were killed" do, "at least 12" and "15" do not.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from bot.proof.reading import Quantity
from bot.proof.statements import Statement
from bot.proof.words import Word
from bot.text.word_sets import word_set
from bot.text.words import terms

# Words after a number within which its fate stands ("12 people, two of them children, were killed" does not count).
_FATE_WORDS_AFTER: Final = 7
# Words before a number within which its verb stands ("killed at least 12").
_VERB_WORDS_BEFORE: Final = 4
# From here on round numbers are rounded ones: "300" may be 312.
_ROUNDED_FROM: Final = 100
# "About 300" may be this much more or less.
_ABOUT_SHARE: Final = 0.15

_FATES: Final = {
    "killed": "dead dies died killed kills killing fatalities deaths dead. perished lives",
    "injured": "injured injures injuring wounded wounding wounds hurt injuries hospitalized hospitalised",
    "missing": "missing unaccounted",
    "arrested": "arrested arrests arresting detained detaining detains detentions",
    "evacuated": "evacuated evacuates evacuating displaced homeless",
    "rescued": "rescued rescues rescuing",
    "infected": "infected infections cases",
}  # fmt: skip
_FATE_OF: Final = {word: fate for fate, listing in _FATES.items() for word in listing.split()}
_PLURAL: Final = {
    "killed": "people killed", "injured": "people injured", "missing": "people missing", "arrested": "people arrested",
    "evacuated": "people who lost or left their homes", "rescued": "people rescued", "infected": "people infected",
}  # fmt: skip
# What a verb before its number does to people ("killed 12"); "died 12" is no English.
_TRANSITIVE: Final = word_set(
    "kills killed killing injures injured injuring wounds wounded wounding arrests arrested arresting detained detains"
    " detaining rescued rescues rescuing evacuated evacuating infected toll"
)
# Whom a number counts when it says no more than that they are people.
_ANYBODY: Final = (
    "people person persons dead killed injured wounded missing lives victims fatalities deaths arrested detained"
    " casualties"
)
_NO_PEOPLE: Final = (
    "year month week day hour minute second mile kilometre kilometer km metre meter foot house home building car"
    " percent magnitude time village town city province county school shot bullet count floor"
)
_MONEY: Final = frozenset({"$", "€", "£", "¥", "₩", "元", "₽", "₹"})
_MAGNITUDE_BEFORE: Final = re.compile(
    r"magnitude(?:[\s-]+of)?[\s-]+$|measur(?:ed|ing)\s+(?:about\s+)?(?:a\s+)?$", re.IGNORECASE
)
_MAGNITUDE_AFTER: Final = re.compile(r"^\s?[-\s]\s?magnitude\b|^\s+on\s+the\s+(?:open-ended\s+)?Richter", re.IGNORECASE)
# Magnitudes of quakes that are news; whole ones are rounded.
_WEAKEST: Final = 2.0
_STRONGEST: Final = 10.0
_HALF: Final = 0.5
# "One was killed" may speak of anybody; a number from here on is a count.
_FEWEST_NAMELESS: Final = 2
_CLOCK_BEFORE: Final = re.compile(r"\d\s?:\s?$")
_CLOCK_AFTER: Final = re.compile(r"^\s?:\s?\d|^\s?(?:[ap]\.?m\b|GMT|o'clock)", re.IGNORECASE)
_MODAL: Final = re.compile(r"\b(?:might|may|could|would|if|fears?|feared|possibly)\b")
# A toll of many days is not that of one.
_CUMULATIVE: Final = re.compile(
    r"\b(?:since|so far|in all|in total|total of|overall|altogether|this year|over the past)\b", re.I
)
_OBJECT: Final = re.compile(r"(?:at\s+least\s+|about\s+|some\s+)?(?:\d|an?\b|the\b|their\b|his\b|her\b)", re.IGNORECASE)
_PASSIVE: Final = re.compile(r"\b(?:was|were|been|are|is|be|left)\s+(?:\w+ly\s+)?$")
_PREPOSITION: Final = re.compile(r"\b(?:in|on|by|at(?!\s+least)|from|near|since|during|and|after|with)\b")
_OTHERS: Final = re.compile(
    r"^\s+(?:\w+\s+)?(?:others?|more|of\s+(?:the|them|those|whom|its|his|their))\b|^\s*[-–]?\s*year", re.IGNORECASE
)
_MORE: Final = re.compile(
    r"\b(?:at\s+least|more\s+than|over|above|exceed(?:s|ed|ing)?|upwards\s+of|no\s+(?:fewer|less)\s+than|surpass(?:ed|es))\s+$",
    re.IGNORECASE,
)
_LESS: Final = re.compile(
    r"\b(?:up\s+to|nearly|almost|under|less\s+than|fewer\s+than|as\s+many\s+as|at\s+most|close\s+to)\s+$", re.I
)
_ABOUT: Final = re.compile(
    r"\b(?:about|around|some|roughly|approximately|an?\s+estimated|nearly|almost)\s+$", re.IGNORECASE
)
_RANGE_BEFORE: Final = re.compile(r"\d\s?(?:-|–|to|and|or)\s?$")
_RANGE_AFTER: Final = re.compile(r"^\s?(?:-|–|to|or)\s?\d")
_CLAUSE_END: Final = re.compile(r"[,;:.()]\s|\s(?:and|but|while|as|after|when)\s")
_LOOK_BACK: Final = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number: what it measures (`thing`, with its words in `about`), and between which values it lies.

    `shown` is the number with its words as the sentence has them. `is_toll` says that it only ever grows.
    """

    thing: tuple[str, ...]
    about: str
    low: float
    high: float
    value: float
    shown: str
    start: int
    is_toll: bool = False


def read_measures(statement: Statement) -> tuple[Measure, ...]:
    """Return what the numbers of a sentence measure; those of which it is not plain are left out."""
    found = []
    for quantity in statement.quantities:
        measure = _read(statement, quantity)
        if measure is not None:
            found.append(measure)
    return tuple(found)


def agree(one: Measure, other: Measure) -> bool:
    """Return whether both can be true: their bounds meet, or one is a rounding of the other."""
    if one.low <= other.high and other.low <= one.high:
        return True
    return abs(one.value - other.value) <= max(_rounding(one.value), _rounding(other.value))


def _read(statement: Statement, quantity: Quantity) -> Measure | None:
    number, text = quantity.number, statement.folded
    before, after = text[max(0, number.start - _LOOK_BACK) : number.start], text[number.end : number.end + _LOOK_BACK]
    if _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(after) or number.unit in ("ord", "frac"):
        return None
    if _CLOCK_BEFORE.search(before) or _CLOCK_AFTER.match(after):
        return None
    magnitude = _magnitude(quantity, before, after, text)
    if magnitude is not None:
        return magnitude
    if number.unit in _MONEY or number.unit in ("%", "pp"):
        return _measure(("amount", number.unit, quantity.noun or ""), "the amount", quantity, text)
    if _OTHERS.match(after) or number.unit is not None:
        return None
    return _toll(statement, quantity) or _count(statement, quantity)


def _magnitude(quantity: Quantity, before: str, after: str, text: str) -> Measure | None:
    prefix, suffix = _MAGNITUDE_BEFORE.search(before), _MAGNITUDE_AFTER.match(after)
    number = quantity.number
    # At the very start of a sentence stands the second half of a number that was cut in two.
    if not (prefix or suffix) or number.start == 0 or not _WEAKEST <= float(number.value) <= _STRONGEST:
        return None
    start = number.start - len(prefix[0]) if prefix else number.start
    end = number.end + len(suffix[0]) if suffix else number.end
    measure = _measure(("magnitude",), "magnitude", quantity, text, start=start, end=end)
    if "." not in number.value:
        return replace(measure, low=measure.low - _HALF, high=measure.high + _HALF)
    return measure


def _toll(statement: Statement, quantity: Quantity) -> Measure | None:
    text, number = statement.folded, quantity.number
    after = _fate_after(statement, quantity)
    before = None if after else _fate_before(statement, quantity)
    found = after or before
    if found is None or _MODAL.search(text) or quantity.noun in _stems(_NO_PEOPLE):
        return None
    fate = _FATE_OF.get(found.text, "killed")
    noun = (
        quantity.noun
        if quantity.noun and quantity.noun not in _stems(_ANYBODY) and _is_group(statement, quantity)
        else ""
    )
    if not noun and float(number.value) < _FEWEST_NAMELESS:
        return None
    about = _PLURAL[fate] if not noun else f"{_noun_text(statement, quantity)} {fate}"
    scope = "so far" if _CUMULATIVE.search(text) else ""
    if after:
        return _measure((fate, noun, scope), about, quantity, text, end=after.start + len(after.text), is_toll=True)
    return _measure((fate, noun, scope), about, quantity, text, start=found.start, is_toll=True)


def _count(statement: Statement, quantity: Quantity) -> Measure | None:
    noun = quantity.noun
    if noun is None or noun in _stems(_NO_PEOPLE) | _stems(_ANYBODY) or not _is_group(statement, quantity):
        return None
    return _measure(("count", noun), _noun_text(statement, quantity), quantity, statement.folded)


def _measure(
    thing: tuple[str, ...],
    about: str,
    quantity: Quantity,
    text: str,
    *,
    start: int | None = None,
    end: int | None = None,
    is_toll: bool = False,
) -> Measure:
    number = quantity.number
    value = float(number.value)
    before = text[max(0, number.start - _LOOK_BACK) : number.start]
    low, high = value, value
    if _MORE.search(before):
        high = math.inf
    elif _LESS.search(before):
        low = 0.0
    bound = _MORE.search(before) or _LESS.search(before) or _ABOUT.search(before)
    if _ABOUT.search(before):
        low, high = min(low, value * (1 - _ABOUT_SHARE)), max(high, value * (1 + _ABOUT_SHARE))
    first = start if start is not None else number.start - (len(bound[0]) if bound else 0)
    return Measure(
        thing=thing,
        about=about,
        low=low,
        high=high,
        value=value,
        shown=text[first:end].strip() if end else f"{text[first : number.end]}{_words_right_after(text, number.end)}",
        start=number.start,
        is_toll=is_toll,
    )


def _words_right_after(text: str, end: int) -> str:
    """Return the one or two words after a number in its clause: what it counts."""
    rest = text[end : end + 2 * _LOOK_BACK]
    border = _CLAUSE_END.search(rest)
    return re.match(r"(?:[\s-]?[^\s.,;:()]+){0,1}", rest[: border.start()] if border else rest)[0]  # type: ignore[index]


def _fate_after(statement: Statement, quantity: Quantity) -> Word | None:
    text, number = statement.folded, quantity.number
    for seen, word in enumerate(_words_after(statement, number.end)):
        between = text[number.end : word.start]
        if seen >= _FATE_WORDS_AFTER or _CLAUSE_END.search(between + " ") or word.text[0].isdigit():
            return None
        if word.text in _FATE_OF:
            # "12 soldiers killed 40": the killers are counted, not the killed.
            following = text[word.start + len(word.text) :].lstrip()
            is_active = word.text in _TRANSITIVE and _OBJECT.match(following)
            return None if is_active and not _PASSIVE.search(between) else word
    return None


def _fate_before(statement: Statement, quantity: Quantity) -> Word | None:
    text, number = statement.folded, quantity.number
    before = [word for word in statement.words if word.start < number.start][-_VERB_WORDS_BEFORE - 2 :]
    for distance, word in enumerate(reversed(before)):
        between = text[word.start + len(word.text) : number.start]
        if word.text[0].isdigit() or re.search(r"[,;:.]\s", between):
            return None
        if word.text == "toll":
            return word
        if word.text in _TRANSITIVE and distance < _VERB_WORDS_BEFORE:
            return None if _PREPOSITION.search(between) else word
    return None


def _words_after(statement: Statement, end: int) -> tuple[Word, ...]:
    return tuple(word for word in statement.words if word.start >= end)


def _is_group(statement: Statement, quantity: Quantity) -> bool:
    """Return whether the number's noun stands right after it, so that it says who is counted."""
    following = _words_after(statement, quantity.number.end)[:2]
    return any(word.stem == quantity.noun for word in following) and not any(
        word.text in _FATE_OF for word in following[:1]
    )


def _noun_text(statement: Statement, quantity: Quantity) -> str:
    for word in _words_after(statement, quantity.number.end):
        if word.stem == quantity.noun:
            return statement.folded[word.start : word.start + len(word.text)]
    return quantity.noun or ""


@cache
def _stems(words: str) -> frozenset[str]:
    return frozenset(term for word in words.split() for term in terms(word))


def _rounding(value: float) -> float:
    """Return half a step of the last figure of a round number that is not a zero."""
    if value < _ROUNDED_FROM or value != int(value):
        return 0.0
    step = 1
    while int(value) % (step * 10) == 0:
        step *= 10
    return step / 2 if step > 1 else 0.0
