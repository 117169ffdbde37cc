"""The words of a text as proof compares them: stems, phrases of the lexicon, the parts of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.proof.lexicon import lexicon
from bot.text.korean import strip_particles
from bot.text.normalizing import fold_quotes
from bot.text.words import stop_words, terms, tokens

# Words of a name that do not identify it.
_NAME_FILLERS = frozenset(
    {
        *("the", "a", "an", "of", "for", "and", "de", "la", "le", "del", "della", "di", "da", "do", "dos", "das", "du"),
        *("des", "van", "von", "der", "den", "bin", "ibn", "al", "el", "mr", "mrs", "ms", "miss", "dr", "prof", "sir"),
        *("dame", "lord", "lady", "rev", "gen", "lt", "col", "sgt", "capt", "st", "jr", "sr"),
    }
)
# Text that was tokenised writes "$ 5 m", "5, 000" and `` for quotes; closed up, it reads as people write it.
_LOOSE_SIGN = re.compile(r"([£$€]) (?=\d)")
_LOOSE_MAGNITUDE = re.compile(r"([£$€]\d[\d.,]{0,20}) (?=(?:m|bn|tn|k)\b)")
_LOOSE_THOUSANDS = re.compile(r"(?<=\d) ?, (?=000\b)")
_LOOSE_QUOTES = re.compile(r"` ?`|'' ?|' '(?=\s|$)")
_HANGUL = re.compile(r"[가-힣]")
# Endings of Korean verbs made of a noun and "do" or "become": what is left is the noun.
_VERB_ENDING = re.compile(r"(?<=[가-힣]{2})(?:하|했|해|한|할|함|합|되|됐|된|될|돼|됩)[가-힣]{0,6}$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word: lower-case, its stem, its place; `content` is false for words that fit every text.

    `sense` is what the lexicon knows it by: the stem, or the stems of the phrase that begins with it ("shut down"); of
    a Korean verb it is the noun in it.
    """

    text: str
    stem: str
    start: int
    content: bool
    sense: str


def read_words(text: str) -> tuple[Word, ...]:
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
        sense = phrase if phrase in phrases else _VERB_ENDING.sub("", stem) if _HANGUL.match(stem) else stem
        found.append(Word(lowered, stem, start, content, sense))
    return tuple(found)


def name_tokens(name: str) -> list[str]:
    """Return the lower-case words of a name that identify it: no possessive, title, article or preposition."""
    parts = re.split(r"[\s\-/&]+", fold_quotes(name).lower().removesuffix("'s"))
    bare = (part.strip(".,'\"").removesuffix("'s") for part in parts)
    return [part for part in bare if part and part not in _NAME_FILLERS]


def close_up(text: str) -> str:
    """Return tokenised text written as people write it; any other text as it is."""
    for pattern, replacement in (
        (_LOOSE_SIGN, r"\1"),
        (_LOOSE_MAGNITUDE, r"\1"),
        (_LOOSE_THOUSANDS, ","),
        (_LOOSE_QUOTES, '"'),
    ):
        text = pattern.sub(replacement, text)
    return text


@cache
def _stop_stems() -> frozenset[str]:
    words = stop_words("en")
    return words | frozenset(stem for word in words for stem in terms(word)) | frozenset("abcdefghijklmnopqrstuvwxyz")
