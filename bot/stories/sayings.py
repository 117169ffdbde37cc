"""What one line says, read so that lines of different articles can be compared: the same, the same with another
figure, or something else. Pure.

Two lines say the same when nearly all that the shorter one tells stands in the longer one: its words by weight, all of
its numbers, and its denials.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.text.cues import find_negations
from bot.text.numbers import find_numbers
from bot.text.words import content_terms

# Share of the shorter line's words, by weight, that stands in the longer one when both say the same.
SAME_SHARE: Final = 0.75
# ... and when both speak of one matter, whatever their figures are.
SAME_MATTER_SHARE: Final = 0.6
# A line of fewer words ("He agreed.") is contained in too many others: it is the same only as the whole of one.
FEWEST_WORDS: Final = 3
# Lines remembered as they were read: those of a few big stories.
_REMEMBERED_LINES: Final = 8_192

Weight = Callable[[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A line taken apart: the stems of its words without numerals, the values of its numbers, whether it denies."""

    words: frozenset[str]
    numbers: frozenset[str]
    denies: bool


@lru_cache(maxsize=_REMEMBERED_LINES)
def read_saying(text: str, language: str) -> Saying:
    """Return what a line says."""
    terms = content_terms(text, "en" if language == "und" else language)
    return Saying(
        words=frozenset(term for term in terms if not term[0].isdigit()),
        numbers=frozenset(number.value for number in find_numbers(text)),
        denies=len(find_negations(text)) % 2 == 1,
    )


def weigh_words(sayings: Iterable[Saying]) -> Weight:
    """Return how telling each word is among these lines: what every line has tells nothing."""
    lines = list(sayings)
    weights = {
        word: math.log(1.0 + (len(lines) + 1) / (count + 0.5))
        for word, count in Counter(word for line in lines for word in line.words).items()
    }
    unheard = math.log(1.0 + (len(lines) + 1) / 0.5)

    def weight(word: str) -> float:
        return weights.get(word, unheard)

    return weight


def says_less(less: Saying, more: Saying, weight: Weight) -> bool:
    """Return whether the second line tells all of the first."""
    if less.denies != more.denies or not less.numbers <= more.numbers:
        return False
    if len(less.words) < FEWEST_WORDS:
        return less.words == more.words
    return shared_part(less, more, weight) >= SAME_SHARE


def is_other_figure(one: Saying, other: Saying, weight: Weight) -> bool:
    """Return whether two lines speak of one matter and give other numbers for it."""
    if not one.numbers or not other.numbers or one.numbers <= other.numbers or other.numbers <= one.numbers:
        return False
    return is_one_matter(one, other, weight)


def is_one_matter(one: Saying, other: Saying, weight: Weight) -> bool:
    """Return whether most of what the shorter line tells stands in the longer one."""
    shorter, longer = sorted((one, other), key=lambda line: len(line.words))
    return len(shorter.words) >= FEWEST_WORDS and shared_part(shorter, longer, weight) >= SAME_MATTER_SHARE


def shared_part(part: Saying, whole: Saying, weight: Weight) -> float:
    """Return the share (0 to 1), by weight, of the first line's words that the second has."""
    total = sum(map(weight, part.words))
    return sum(map(weight, part.words & whole.words)) / total if total else 0.0
