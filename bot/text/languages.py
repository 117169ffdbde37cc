"""The language a text is written in: by its script where that decides, then by its function words, then by statistics.

Function words settle nearly all news at once; the statistical model takes half a second and 100 MB to load.
Source: py3langid (langid.py, Lui and Baldwin 2012), asked among the languages of the script only.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from bot.text.function_words import FUNCTION_WORDS
from bot.text.lazy import compile_later
from bot.text.scripts import dominant_script
from bot.text.word_sets import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable

# Characters that are enough to tell a language; reading more changes nothing but the time.
_SAMPLE_CHARS = 2_000
# Letters below which statistics guess.
_FEWEST_LETTERS = 12
# Function words among the words of a text, by which its language is certain: this many, this share of them (a smaller
# one suffices in a long text), and this many times as many as of any other language (neighbours share half of theirs).
_FEWEST_FUNCTION_WORDS = 4
_FEWEST_ENGLISH_WORDS = 3
_FUNCTION_SHARE = 0.18
_LONG_TEXT_SHARE = 0.09
_LONG_TEXT_WORDS = 60
_LEAD = 1.5
_SHORT_TEXT_WORDS = 25
_SHORT_TEXT_FEWEST = 2
_SHORT_TEXT_LEAD = 2

_LANGUAGE_OF_SCRIPT = {
    "hangul": "ko", "kana": "ja", "han": "zh", "thai": "th", "greek": "el", "hebrew": "he", "armenian": "hy",
    "georgian": "ka", "bengali": "bn", "gurmukhi": "pa", "gujarati": "gu", "odia": "or", "tamil": "ta",
    "telugu": "te", "kannada": "kn", "malayalam": "ml", "sinhala": "si", "lao": "lo", "tibetan": "bo", "myanmar": "my",
    "ethiopic": "am", "khmer": "km",
}  # fmt: skip
_LANGUAGES_OF_SCRIPT = {
    "latin": word_set(
        """af sq eu ca hr cs cy da nl en eo et fi fr gl de hu is id ga it lv lt ms mt no pl pt ro sk sl es sw sv tl tr
        vi"""
    ),
    "cyrillic": word_set("be bg kk ky mk mn ru sr uk"),
    "arabic": word_set("ar fa ur ps ug"),
    "devanagari": word_set("hi mr ne"),
}
# Letters Russian shares with few, and those of its neighbours that it has not.
_RUSSIAN = compile_later(r"[ыэ]")
_NOT_RUSSIAN = compile_later(r"[ўіїєґѓќјљњћџәғқңөұүһӣӯҷ]")
_MACRO_LANGUAGE = {"nb": "no", "nn": "no"}
_WORD = compile_later(r"[^\s\d.,;:!?()\[\]\"“”„«»।،؟]+")

# The same for ASCII: what breaks words becomes a space.
_ASCII_BREAKS = bytes(code if code > 127 or _WORD.fullmatch(chr(code)) else 32 for code in range(256))


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of the text, "und" when it has too few letters to tell."""
    sample = text[:_SAMPLE_CHARS]
    script = dominant_script(sample)
    decided = _LANGUAGE_OF_SCRIPT.get(script)
    if decided:
        return decided
    known = _LANGUAGES_OF_SCRIPT.get(script)
    if known is None or not _has_letters(sample):
        return "und"
    return _by_function_words(sample, known) or next((code for code in _ranked(sample) if code in known), "und")


def _has_letters(sample: str) -> bool:
    """Return whether there are letters enough to tell anything; the beginning of nearly every text has them."""
    beginning = sample[: 4 * _FEWEST_LETTERS]
    return any(sum(map(str.isalpha, part)) >= _FEWEST_LETTERS for part in (beginning, sample))


def _by_function_words(sample: str, known: frozenset[str]) -> str | None:
    """Return the language whose function words lead by far (or, of Russian, whose letters), None when none does."""
    lowered = sample.lower()
    if "ru" in known and _RUSSIAN.search(lowered) and not _NOT_RUSSIAN.search(lowered):
        return "ru"
    words = _words(lowered)
    counts = {code: 0 for code in FUNCTION_WORDS if code in known}
    for codes in filter(None, map(_codes_by_word(known).get, words)):
        for code in codes:
            counts[code] += 1
    (most, leader), (second, _) = sorted(((count, code) for code, count in counts.items()), reverse=True)[:2]
    share = _LONG_TEXT_SHARE if len(words) >= _LONG_TEXT_WORDS else _FUNCTION_SHARE
    fewest = _FEWEST_ENGLISH_WORDS if leader == "en" else _FEWEST_FUNCTION_WORDS
    is_certain = most >= max(fewest, share * len(words), _LEAD * second)
    # In a sentence or two a pair of English ones decides; the Romance languages share too many short words for that.
    is_clear = (
        leader == "en"
        and len(words) <= _SHORT_TEXT_WORDS
        and most >= max(_SHORT_TEXT_FEWEST, _SHORT_TEXT_LEAD * second)
    )
    return leader if is_certain or is_clear else None


def _words(lowered: str) -> list[str]:
    if lowered.isascii():
        return lowered.encode().translate(_ASCII_BREAKS).decode().split()
    return _WORD.findall(lowered)


@cache
def _codes_by_word(known: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Return the languages of each function word, so that a text's words are looked up once, not once a language."""
    codes: dict[str, tuple[str, ...]] = {}
    for code, listed in FUNCTION_WORDS.items():
        if code in known:
            for word in listed:
                codes[word] = (*codes.get(word, ()), code)
    return codes


def _ranked(sample: str) -> Iterable[str]:
    return (_MACRO_LANGUAGE.get(code, code) for code, _ in _identifier().rank(sample))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # imported here: see above

    return LanguageIdentifier.from_model_file(MODEL_FILE)
