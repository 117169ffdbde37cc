"""From which support on an answer is given, by script and language: in each, chance matches differ.

Calibrated on the development half of XQuAD and KorQuAD (98 to 195 questions a language): the threshold is where about
one question in forty is answered though its passage is missing (one in fifteen in Vietnamese and Korean), or where
lower ones made few answers more. Japanese, Persian and the other languages not measured have the threshold of those
that are written like them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DEFAULT: Final = 0.61
"""English, Spanish, and what is not named below."""
_BY_LANGUAGES: Final = (
    (0.72, "vi"),
    (0.64, "th lo km my"),
    (0.58, "ru uk bg be sr mk"),
    (0.50, "ar fa ur ro tr az"),
    (0.45, "de el hi mr ne"),
    (0.40, "ko ja"),
    (0.30, "zh"),
)
THRESHOLDS: Final[Mapping[str, float]] = {
    language: threshold for threshold, languages in _BY_LANGUAGES for language in languages.split()
}


def threshold_of(language: str) -> float:
    """Return the support, 0 to 1, from which on a sentence of an article in this language is given as the answer."""
    return THRESHOLDS.get(language, DEFAULT)
