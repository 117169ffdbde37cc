"""Words and index terms: what ranking, search and proof count.

A term is a stem of a word (Snowball), or, where words are not spaced or carry endings we do not cut, a character
bigram: Han, kana, Thai and their like by bigrams alone, a Hangul word as itself, its stem and its bigrams.
Source: bigrams for CJK retrieval, Nie et al. 2000; Snowball, snowballstem.org.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from string import ascii_lowercase
from typing import TYPE_CHECKING

from bot.text.korean import strip_particles
from bot.text.lazy import compile_later
from bot.text.stop_words import stop_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "Token",
    "content_terms",
    "count_words",
    "remembered_terms",
    "stop_words",
    "terms",
    "tokens",
    "without_stop_words",
]

# Words remembered by one stemmer: more than a language's common words, little enough for memory under hostile input.
_MEMORY_WORDS = 100_000
# A word longer than this is no word (a base64 blob): it is indexed by its beginning.
_LONGEST_TERM = 64
# Two CJK characters count as one word, the usual rule of reading times.
_CJK_CHARS_PER_WORD = 2

# Stop lists kept: more than the languages of one archive, less than every code somebody may send.
_REMEMBERED_LANGUAGES = 64
# Sentences whose terms are kept: those of some twenty questions, about 4 MB.
_REMEMBERED_TEXTS = 4_096
# Characters of a text whose terms are kept: sentences, not articles.
_LONGEST_REMEMBERED = 1_000
# In text of these scripts a Latin word is nearly always English.
_LANGUAGES_QUOTING_ENGLISH = frozenset({"ko", "ja", "zh", "th", "und"})

_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "st": "sesotho", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Vowel signs and accents, which `\w` leaves out: the blocks of the scripts whose words have them.
_MARKS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u07a6-\u07b0\u0816-\u082d\u08d3-\u0903"
    r"\u093a-\u093c\u093e-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc\u09be-\u09cd\u09d7\u0a01-\u0a03"
    r"\u0a3c-\u0a51\u0a70\u0a71\u0a81-\u0a83\u0abc\u0abe-\u0acd\u0b01-\u0b03\u0b3c\u0b3e-\u0b57\u0b82\u0bbe-\u0bcd"
    r"\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc\u0cbe-\u0cd6\u0d00-\u0d03\u0d3b\u0d3c\u0d3e-\u0d4d\u0d57"
    r"\u0d81-\u0d83\u0dca-\u0ddf\u0df2\u0df3\u0f18\u0f19\u0f35\u0f37\u0f39\u0f71-\u0f84\u135d-\u135f\u180b-\u180d\u18a9"
)
_HANGUL = r"\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f"
_UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    r"\uff66-\uff9d\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER = rf"(?:[^\W\d_{_HANGUL}{_UNSPACED}]|[{_MARKS}\u200c\u200d])"
_ALPHABETIC = rf"(?:{_LETTER}\.){{2,}}|{_LETTER}+(?:['’]{_LETTER}+)*"
_NUMERAL = r"\d+(?:[.,:]\d+)*"
_WORD = compile_later(rf"{_NUMERAL}|{_ALPHABETIC}|[{_HANGUL}]+|[{_UNSPACED}]+")
_ASCII_WORD = compile_later(r"\d+(?:[.,:]\d+)*|(?:[a-z]\.){2,}|[a-z]+(?:'[a-z]+)*", re.ASCII)
_ASCII_TOKEN = compile_later(_ASCII_WORD.pattern, re.ASCII | re.IGNORECASE)
_WITHOUT_SPACES = compile_later(f"[{_HANGUL}{_UNSPACED}]")
_CJK_CHAR = compile_later(r"[\u3041-\u30ff\uff66-\uff9d\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
# Not inside a line in capitals, where they may be the pronouns.
_PRONOUN_ACRONYM = compile_later(r"(?<![A-Z] )\b(?:US|WHO)\b(?! [A-Z]{2})")
_GROUPING = compile_later(r",(?=\d{3}(?!\d))")
_ASCII_COUNTED = compile_later(r"[A-Za-z0-9]+(?:['.,:-]+[A-Za-z0-9]+)*")
_COUNTED = compile_later(rf"(?:[^\W_]|[{_MARKS}])+(?:['’.,:-]+[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word or numeral of a text: `text[start:end]`."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Return the words and numerals in order; an unspaced run (Han, kana, Thai) is one token."""
    pattern = _ASCII_TOKEN if text.isascii() else _WORD
    return [Token(text=match.group(), start=match.start(), end=match.end()) for match in pattern.finditer(text)]


def terms(text: str, language: str = "en") -> list[str]:
    """Return the index terms in the order of the text, repeated as often as they occur.

    "US" and "WHO" in capitals are the country and the organisation, not the pronouns.
    """
    if "US" in text or "WHO" in text:
        text = _PRONOUN_ACRONYM.sub(_dotted, text)
    lowered = text.lower()
    stems = _stems_of(_STEMMERS.get(language, "english"))
    if lowered.isascii():
        return [stems[word] for word in _ASCII_WORD.findall(lowered)]
    words = _WORD.findall(lowered)
    if not _WITHOUT_SPACES.search(lowered):
        return [stems[word] for word in words]
    found: list[str] = []
    for word in words:
        if _WITHOUT_SPACES.match(word):
            found.extend(_unspaced_terms(word))
        else:
            found.append(stems[word])
    return found


@lru_cache(maxsize=_REMEMBERED_TEXTS)
def remembered_terms(text: str, language: str = "en") -> tuple[str, ...]:
    """Return the same as `terms`, made once for a sentence that is looked at again and again."""
    return tuple(terms(text, language))


def content_terms(text: str, language: str = "en") -> list[str]:
    """Return the index terms that are neither stop words nor single Latin letters."""
    # A sentence is ranked and found by these terms: they are made once.
    return without_stop_words(
        remembered_terms(text, language) if len(text) <= _LONGEST_REMEMBERED else terms(text, language), language
    )


def without_stop_words(found: Iterable[str], language: str) -> list[str]:
    """Return those of a text's index terms that `content_terms` returns."""
    stopped = _stop_terms(language)
    return [term for term in found if term not in stopped]


def count_words(text: str) -> int:
    """Return the number of words; two Han or kana characters count as one word."""
    if text.isascii():
        return len(_ASCII_COUNTED.findall(text))
    cjk = len(_CJK_CHAR.findall(text))
    spaced = _CJK_CHAR.sub(" ", text) if cjk else text
    return len(_COUNTED.findall(spaced)) + -(-cjk // _CJK_CHARS_PER_WORD)


class _Stems(dict[str, str]):
    """The stem of each word met so far; a dictionary, because most words of a text were met before."""

    __slots__ = ("_stem",)

    def __init__(self, stem: Callable[[str], str]) -> None:
        super().__init__()
        self._stem = stem

    def __missing__(self, word: str) -> str:
        if len(self) >= _MEMORY_WORDS:
            self.clear()
        term = sys.intern(_term_of(word, self._stem))
        self[word] = term
        return term


@cache
def _stems_of(algorithm: str) -> _Stems:
    import Stemmer  # imported here: a binary that only terms need

    return _Stems(Stemmer.Stemmer(algorithm, 0).stemWord)


def _term_of(word: str, stem: Callable[[str], str]) -> str:
    """Return the term of one lower-case word or numeral."""
    if word[0].isdigit():
        return _GROUPING.sub("", word).replace(",", ".")[:_LONGEST_TERM]
    plain = word.replace("’", "'").removesuffix("'s")
    joined = plain.replace(".", "")
    if joined != plain:
        return plain.rstrip(".") if joined in stop_words("en") else joined
    plain = plain.replace("\u200c", "").replace("\u200d", "")
    return _fold_accents(stem(plain[:_LONGEST_TERM])) or word[:_LONGEST_TERM]


def _dotted(match: re.Match[str]) -> str:
    """Return an acronym that reads as a stop word with full stops, in which form it is a term of its own."""
    return "".join(f"{letter}." for letter in match.group())


def _fold_accents(word: str) -> str:
    """Return a Latin or Greek word without its accents, so that a search need not type them."""
    if word.isascii() or word[0] > "\u03ff":
        return word
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


def _unspaced_terms(run: str) -> list[str]:
    """Return the terms of a run of Hangul or of a script without spaces."""
    bigrams = [run[i : i + 2] for i in range(len(run) - 1)]
    if not "\uac00" <= run[0] <= "\ud7a3":
        return bigrams or [run]
    noun = strip_particles(run)
    whole = [run] if noun == run or len(noun) < 2 else [run, noun]
    return whole if len(run) <= 2 else whole + bigrams


@lru_cache(maxsize=_REMEMBERED_LANGUAGES)
def _stop_terms(language: str) -> frozenset[str]:
    stems = _stems_of(_STEMMERS.get(language, "english"))
    words = stop_words(language)
    if language in _LANGUAGES_QUOTING_ENGLISH:
        words |= stop_words("en")
    return words | frozenset(ascii_lowercase) | {stems[word] for word in words if word.strip()}
