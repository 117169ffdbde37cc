"""The language a text is written in: by its script where that decides, else by statistics.

Source: py3langid (langid.py, Lui and Baldwin 2012), asked among the languages of the script only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.text.scripts import dominant_script
from bot.text.word_sets import word_set

if TYPE_CHECKING:
    from collections.abc import Iterable

# Characters that are enough to tell a language; reading more changes nothing but the time.
_SAMPLE_CHARS = 2_000
# Letters below which statistics guess.
_FEWEST_LETTERS = 12
# Share of English function words among the words above which ASCII text is English: no other language comes near.
_ENGLISH_SHARE = 0.18
_FEWEST_ENGLISH_WORDS = 3

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
_MACRO_LANGUAGE = {"nb": "no", "nn": "no"}
_WORD = re.compile(r"[A-Za-z]+")
_ENGLISH_WORDS = word_set(
    """the of and to in is was were that with for his her he she it as on at by from has have had are be been this
    which they their not but an said will would who its after about when than into could out up over what more there
    also how why did does where can new"""
)


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of the text, "und" when it has too few letters to tell."""
    sample = text[:_SAMPLE_CHARS]
    script = dominant_script(sample)
    decided = _LANGUAGE_OF_SCRIPT.get(script)
    if decided:
        return decided
    if script not in _LANGUAGES_OF_SCRIPT or sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return "und"
    if script == "latin" and _reads_english(sample):
        return "en"
    return next((code for code in _ranked_codes(sample) if code in _LANGUAGES_OF_SCRIPT[script]), "und")


def _reads_english(sample: str) -> bool:
    words = _WORD.findall(sample.lower())
    known = sum(word in _ENGLISH_WORDS for word in words)
    return known >= _FEWEST_ENGLISH_WORDS and known >= _ENGLISH_SHARE * len(words)


def _ranked_codes(sample: str) -> Iterable[str]:
    return (_MACRO_LANGUAGE.get(code, code) for code, _ in _identifier().rank(sample))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # imported here: the model takes a second to load

    return LanguageIdentifier.from_model_file(MODEL_FILE)
