"""The words of a text as proof compares them: stems, phrases of the lexicon, the parts of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.proof.lexicon import lexicon
from bot.text.korean import strip_particles
from bot.text.lazy import compile_later
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
_LOOSE_SIGN = compile_later(r"([£$€]) (?=\d)")
_LOOSE_MAGNITUDE = compile_later(r"([£$€]\d[\d.,]{0,20}) (?=(?:m|bn|tn|k)\b)")
_LOOSE_THOUSANDS = compile_later(r"(?<=\d) ?, (?=000\b)")
_LOOSE_QUOTES = compile_later(r"` ?`|'' ?|' '(?=\s|$)")
_HANGUL = compile_later(r"[가-힣]")
# Endings of Korean verbs made of a noun and "do" or "become": what is left is the noun.
_VERB_ENDING = compile_later(r"(?<=[가-힣]{2})(?:하|했|해|한|할|함|합|되|됐|된|될|돼|됩)[가-힣]{0,6}$")
# Different words of a few hundred articles; about 5 MB.
_REMEMBERED_WORDS = 16_384


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
    pieces = [(piece, token.start) for token in tokens(text) for piece in _pieces_of(token.text.lower())]
    phrases = lexicon().phrases
    found: list[Word] = []
    for index, (piece, start) in enumerate(pieces):
        phrase = f"{piece.stem} {pieces[index + 1][0].stem}" if index + 1 < len(pieces) else piece.stem
        sense = phrase if phrase in phrases else piece.sense
        found.append(Word(piece.text, piece.stem, start, piece.content, sense))
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _pieces_of(lowered: str) -> tuple[Word, ...]:
    """Return the words that one lower-case token makes, as if it stood alone."""
    stopped = _stop_stems()
    is_hangul = _HANGUL.match(lowered) is not None
    stems = (strip_particles(lowered),) if is_hangul else terms(lowered)
    return tuple(
        Word(
            text=lowered,
            stem=stem,
            start=0,
            content=stem not in stopped and lowered not in stopped,
            sense=_VERB_ENDING.sub("", stem) if _HANGUL.match(stem) else stem,
        )
        for stem in stems
    )


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
