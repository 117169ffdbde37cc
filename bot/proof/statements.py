"""What a sentence states, taken apart: words, names, quantities, dates, quotes, denials, hedges and who says it.

The sentences of an article and the claims made about it are read by the same code, so that what is compared is alike.
Everything here is linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.proof.dates import DateMention, find_dates
from bot.proof.lexicon import lexicon
from bot.text.cues import find_hedges, find_negations, find_reporting
from bot.text.korean import strip_particles
from bot.text.names import Name, find_names
from bot.text.normalizing import fold_quotes
from bot.text.numbers import Number, find_numbers
from bot.text.words import stop_words, terms, tokens

# Words of a name that do not identify it.
_NAME_FILLERS = frozenset(
    {
        *("the", "a", "an", "of", "for", "and", "de", "la", "le", "del", "della", "di", "da", "do", "dos", "das", "du"),
        *("des", "van", "von", "der", "den", "bin", "ibn", "al", "el", "mr", "mrs", "ms", "miss", "dr", "prof", "sir"),
        *("dame", "lord", "lady", "rev", "gen", "lt", "col", "sgt", "capt", "st", "jr", "sr"),
    }
)
# A denial or hedge reaches this many content words on, and this many words in all, inside its clause.
_REACH_CONTENT_WORDS = 3
_REACH_WORDS = 7
# A speaker stands at most this many characters from the verb of saying.
_SPEAKER_CHARS = 64

_QUOTE = re.compile(r'"([^"\n]{2,2000})"|「([^「」\n]{2,2000})」|『([^『』\n]{2,2000})』')
_CLAUSE_END = re.compile(r"[,;:.!?()，、。；]")
# "Not only", "not just", "if not": no denial of what follows.
_NO_DENIAL = re.compile(r"\s(?:only|just|least|merely|to mention|withstanding)\b", re.IGNORECASE)
# What stands before the month of May; any other "May" is a hedge.
_LONGEST_BEFORE_MAY = 8
_BEFORE_MAY = re.compile(r"\b(?:in|last|next|this|since|until|by|of|early|late|mid|from|on|\d{1,2}(?:st|nd|rd|th)?)[ -]$")
# Text that was tokenised writes "$ 5 m", "5, 000" and `` for quotes; closed up, it reads as people write it.
_LOOSE_SIGN = re.compile(r"([£$€]) (?=\d)")
_LOOSE_MAGNITUDE = re.compile(r"([£$€]\d[\d.,]{0,20}) (?=(?:m|bn|tn|k)\b)")
_LOOSE_THOUSANDS = re.compile(r"(?<=\d) ?, (?=000\b)")
_LOOSE_QUOTES = re.compile(r"` ?`|'' ?|' '(?=\s|$)")
# What tells readers where to look states nothing.
_DIRECTION = re.compile(
    r"\W{0,3}(?:click here|scroll down|read more|sign up|follow us|watch (?:the )?video)\b", re.IGNORECASE
)
_APPOSITION = re.compile(r",[^,]{2,60},\s?")
_HELPER_WORDS = re.compile(r"\s?(?:(?:has|have|had|also|later|then|who|now|once|[a-z]{2,14}ly)\s){0,2}")
_TITLE_WORDS = re.compile(r"\s?(?:[a-z'-]{1,14}\s){0,3}")
_LISTENER_AFTER = frozenset(
    {"told", "tell", "tells", "asked", "ask", "asks", "accused", "accuses", "called", "call", "calls", "described"}
)
_SOURCE_AFTER = frozenset({"according to", "laut", "selon", "según", "citing"})
# Stop words elsewhere, but what a number counts.
_TIME_UNITS = frozenset({"year", "month", "week", "day", "hour", "minut", "time", "peopl"})
_HANGUL = re.compile(r"[가-힣]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: lower-case, its stem, its place; `content` is false for words that fit every text.

    `sense` is what the lexicon knows it by: the stem, or the stems of the phrase that begins with it ("shut down").
    """

    text: str
    stem: str
    start: int
    content: bool
    sense: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence, taken apart. `folded` has straight quotes and the same offsets as `text`."""

    text: str
    folded: str
    words: tuple[Word, ...]
    stems: frozenset[str]
    content: tuple[str, ...]
    names: tuple[Name, ...]
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    quotes: tuple[str, ...]
    denials: tuple[Reach, ...]
    hedges: tuple[Reach, ...]
    speakers: tuple[Name, ...]


def read_statement(text: str) -> Statement:
    """Return what one sentence states; nothing if it only tells readers where to click."""
    text = "" if _DIRECTION.match(text) else _close_up(text)
    folded = fold_quotes(text)
    words = tuple(_words(folded))
    names = tuple(find_names(text))
    return Statement(
        text=text,
        folded=folded,
        words=words,
        stems=frozenset((*(word.stem for word in words), *(word.sense for word in words))),
        content=tuple(word.stem for word in words if word.content),
        names=names,
        quantities=tuple(_quantities(folded, words)),
        dates=tuple(find_dates(folded)),
        quotes=tuple(next(filter(None, match.groups())) for match in _QUOTE.finditer(folded)),
        denials=tuple(_denials(folded, words)),
        hedges=tuple(_hedges(folded, words)),
        speakers=tuple(_speakers(folded, names)),
    )


def _close_up(text: str) -> str:
    for pattern, replacement in (
        (_LOOSE_SIGN, r"\1"),
        (_LOOSE_MAGNITUDE, r"\1"),
        (_LOOSE_THOUSANDS, ","),
        (_LOOSE_QUOTES, '"'),
    ):
        text = pattern.sub(replacement, text)
    return text


def name_tokens(name: str) -> list[str]:
    """Return the lower-case words of a name that identify it: no possessive, title, article or preposition."""
    parts = re.split(r"[\s\-/&]+", fold_quotes(name).lower().removesuffix("'s"))
    bare = (part.strip(".,'\"").removesuffix("'s") for part in parts)
    return [part for part in bare if part and part not in _NAME_FILLERS]


@cache
def _stop_stems() -> frozenset[str]:
    words = stop_words("en")
    return words | frozenset(stem for word in words for stem in terms(word)) | frozenset("abcdefghijklmnopqrstuvwxyz")


def _words(text: str) -> list[Word]:
    """Return the words of a text; of a run without spaces its character bigrams, of a Hangul word its noun."""
    pieces: list[tuple[str, str, int]] = []
    for token in tokens(text):
        lowered = token.text.lower()
        if _HANGUL.match(lowered):
            pieces.append((lowered, strip_particles(lowered), token.start))
        else:
            pieces.extend((lowered, stem, token.start) for stem in terms(lowered))
    stopped, phrases = _stop_stems(), lexicon().phrases
    found: list[Word] = []
    for index, (lowered, stem, start) in enumerate(pieces):
        phrase = f"{stem} {pieces[index + 1][1]}" if index + 1 < len(pieces) else stem
        content = stem not in stopped and lowered not in stopped
        found.append(Word(lowered, stem, start, content, phrase if phrase in phrases else stem))
    return found


def _quantities(text: str, words: tuple[Word, ...]) -> list[Quantity]:
    """Return the numbers with the noun that follows each, when no clause ends between them."""
    found = []
    position = 0
    for number in find_numbers(text):
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
    return found


def _denials(text: str, words: tuple[Word, ...]) -> list[Reach]:
    cues = [cue for cue in find_negations(text) if not _NO_DENIAL.match(text, cue.end)]
    return _reaches(text, words, [(cue.text, cue.start, cue.end) for cue in cues])


def _hedges(text: str, words: tuple[Word, ...]) -> list[Reach]:
    spans = []
    for cue in find_hedges(text):
        if cue.text == "May" and _BEFORE_MAY.search(text, max(0, cue.start - _LONGEST_BEFORE_MAY), cue.start):
            continue
        spans.append((cue.text, cue.start, cue.end))
    return _reaches(text, words, spans)


def _reaches(text: str, words: tuple[Word, ...], spans: list[tuple[str, int, int]]) -> list[Reach]:
    """Return each cue with the content words it bears on: after it in its clause, in Korean before it."""
    found = []
    position = 0
    for cue, start, end in spans:
        while position < len(words) and words[position].start < end:
            position += 1
        if _HANGUL.search(cue):
            near = [word for word in words[max(0, position - 2) : position + (cue.startswith("안"))] if word.content]
        else:
            near = _clause_words(text, words, position, end)
        found.append(Reach(cue=text[start:end], stems=tuple(word.stem for word in near)))
    return found


def _clause_words(text: str, words: tuple[Word, ...], position: int, end: int) -> list[Word]:
    near: list[Word] = []
    for word in words[position : position + _REACH_WORDS]:
        if len(near) == _REACH_CONTENT_WORDS or _CLAUSE_END.search(text, end, word.start):
            break
        if word.content:
            near.append(word)
    return near


def _speakers(text: str, names: tuple[Name, ...]) -> list[Name]:
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
    return [name for name in found if name.certain and not _is_described(text, name)]


def _is_described(text: str, name: Name) -> bool:
    """Return whether the name is part of a description ("the Rurhaven mayor", "the Lutishman") and not a speaker's."""
    return " " not in name.text and text[max(0, name.start - 4) : name.start].lower() == "the "


def _is_near(text: str, left: int, right: int, small_words: re.Pattern[str]) -> bool:
    """Return whether nothing but small words, or words between commas, parts a name from its verb."""
    if not 0 <= right - left <= _SPEAKER_CHARS:
        return False
    return bool(small_words.fullmatch(text, left, right) or _APPOSITION.fullmatch(text, left, right))
