"""What a sentence commits to besides its words: quantities, denials, hedges, and who is said to say it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.proof.words import Word
from bot.text.cues import find_hedges, find_negations, find_reporting
from bot.text.lazy import compile_later
from bot.text.names import Name
from bot.text.numbers import Number

# A denial or hedge reaches this many content words on, and this many words in all, inside its clause.
_REACH_CONTENT_WORDS = 3
_REACH_WORDS = 7
# A speaker stands at most this many characters from the verb of saying.
_SPEAKER_CHARS = 64

_CLAUSE_END = compile_later(r"[,;:.!?()，、。；]")
# "Not only", "not just", "if not": no denial of what follows.
_NO_DENIAL = compile_later(r"\s(?:only|just|least|merely|to mention|withstanding)\b", re.IGNORECASE)
# What stands before the month of May; any other "May" is a hedge.
_LONGEST_BEFORE_MAY = 8
_BEFORE_MAY = compile_later(
    r"\b(?:in|last|next|this|since|until|by|of|early|late|mid|from|on|\d{1,2}(?:st|nd|rd|th)?)[ -]$"
)
_APPOSITION = compile_later(r",[^,]{2,60},\s?")
_HELPER_WORDS = compile_later(r"\s?(?:(?:has|have|had|also|later|then|who|now|once|[a-z]{2,14}ly)\s){0,2}")
_TITLE_WORDS = compile_later(r"\s?(?:[a-z'-]{1,14}\s){0,3}")
_LISTENER_AFTER = frozenset(
    {"told", "tell", "tells", "asked", "ask", "asks", "accused", "accuses", "called", "call", "calls", "described"}
)
_SOURCE_AFTER = frozenset({"according to", "laut", "selon", "según", "citing"})
# Stop words elsewhere, but what a number counts.
_TIME_UNITS = frozenset({"year", "month", "week", "day", "hour", "minut", "time", "peopl"})
_HANGUL = compile_later(r"[가-힣]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A denial or hedge and the stems it bears on, nearest first."""

    cue: str
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number and the stem of what it counts, when that is the next content word."""

    number: Number
    noun: str | None


def read_quantities(text: str, numbers: Sequence[Number], words: tuple[Word, ...]) -> tuple[Quantity, ...]:
    """Return the numbers of a text with the noun that follows each, when no clause ends between them."""
    found = []
    position = 0
    for number in numbers:
        while position < len(words) and words[position].start < number.end:
            position += 1
        noun = None
        for word in words[position : position + 3]:
            if _CLAUSE_END.search(text, number.end, word.start):
                break
            if (word.content or word.stem in _TIME_UNITS) and not word.text[0].isdigit():
                noun = word.stem
                break
        found.append(Quantity(number=number, noun=noun))
    return tuple(found)


def read_denials(text: str, words: tuple[Word, ...]) -> tuple[Reach, ...]:
    """Return what the text denies."""
    cues = [cue for cue in find_negations(text) if not _NO_DENIAL.match(text, cue.end)]
    return _reaches(text, words, [(cue.text, cue.start, cue.end) for cue in cues])


def read_hedges(text: str, words: tuple[Word, ...]) -> tuple[Reach, ...]:
    """Return what the text holds for less than certain."""
    spans = []
    for cue in find_hedges(text):
        if cue.text == "May" and _BEFORE_MAY.search(text, max(0, cue.start - _LONGEST_BEFORE_MAY), cue.start):
            continue
        spans.append((cue.text, cue.start, cue.end))
    return _reaches(text, words, spans)


def read_speakers(text: str, names: tuple[Name, ...]) -> tuple[Name, ...]:
    """Return the names that stand where the speaker of a verb of saying stands."""
    found: list[Name] = []
    position = 0
    for cue in find_reporting(text):
        while position < len(names) and names[position].end <= cue.start:
            position += 1
        verb = cue.text.lower()
        before = names[position - 1] if position else None
        after = names[position] if position < len(names) else None
        if verb not in _SOURCE_AFTER and before is not None and _is_near(text, before.end, cue.start, _HELPER_WORDS):
            found.append(before)
        elif after is not None and verb not in _LISTENER_AFTER and _is_near(text, cue.end, after.start, _TITLE_WORDS):
            found.append(after)
    return tuple(name for name in found if name.certain and not _is_described(text, name))


def _reaches(text: str, words: tuple[Word, ...], spans: list[tuple[str, int, int]]) -> tuple[Reach, ...]:
    """Return each cue with the content words it bears on: after it in its clause, in Korean before it."""
    found = []
    position = 0
    for cue, start, end in spans:
        while position < len(words) and words[position].start < end:
            position += 1
        if _HANGUL.search(cue):
            near = _korean_words(words, position, start, cue)
        else:
            near = _clause_words(text, words, position, end)
        found.append(Reach(cue=text[start:end], stems=tuple(word.sense for word in near)))
    return tuple(found)


def _korean_words(words: tuple[Word, ...], position: int, start: int, cue: str) -> list[Word]:
    """Return the word a Korean cue bears on: the next one after "안", else the one before the cue's own."""
    if cue.startswith("안"):
        return list(words[position : position + 1])
    before = [word for word in words[max(0, position - 2) : position] if word.start + len(word.text) <= start]
    return before[-1:]


def _clause_words(text: str, words: tuple[Word, ...], position: int, end: int) -> list[Word]:
    near: list[Word] = []
    for word in words[position : position + _REACH_WORDS]:
        if len(near) == _REACH_CONTENT_WORDS or _CLAUSE_END.search(text, end, word.start):
            break
        if word.content:
            near.append(word)
    return near


def _is_described(text: str, name: Name) -> bool:
    """Return whether the name is part of a description ("the Rurhaven mayor", "the Lutishman") and not a speaker's."""
    return " " not in name.text and text[max(0, name.start - 4) : name.start].lower() == "the "


def _is_near(text: str, left: int, right: int, small_words: re.Pattern[str]) -> bool:
    """Return whether nothing but small words, or words between commas, parts a name from its verb."""
    if not 0 <= right - left <= _SPEAKER_CHARS:
        return False
    return bool(small_words.fullmatch(text, left, right) or _APPOSITION.fullmatch(text, left, right))
