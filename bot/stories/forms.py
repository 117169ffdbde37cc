"""Whether two reports are one form filled in twice: a weather warning for two towns, a press release of two branches,
the results of two matches. They share nearly all of their words and not their names, so they tell of two events. Pure.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from bot.stories.features import NAME, NUMBER, WORD, Features

# Share of their words from which on two reports are worded alike, while they share hardly more than half of their
# names; and the share from which on that holds for more names when the figures differ too (two matches with one team).
# Reports of one event in different words share .7 of them in 2 of 100 pairs, and then .6 of their names and more.
SAME_WORDING: Final = 0.7
OTHER_NAMES: Final = 0.55
NEARLY_SAME_WORDING: Final = 0.8
SOME_OTHER_NAMES: Final = 0.75
OTHER_FIGURES: Final = 0.5

Terms = tuple[AbstractSet[int], AbstractSet[int], AbstractSet[int]]


def fill_one_form(one: Features, other: Features) -> bool:
    """Return whether two reports are worded alike and name others; never of texts without names."""
    terms, others = _by_kind(one), _by_kind(other)
    if not terms[NAME] or not others[NAME]:
        return False
    wording = _shared(terms[WORD], others[WORD])
    if wording < SAME_WORDING:
        return False
    names = _shared(terms[NAME], others[NAME])
    if names < OTHER_NAMES:
        return True
    figures = _shared(terms[NUMBER], others[NUMBER])
    return wording >= NEARLY_SAME_WORDING and names < SOME_OTHER_NAMES and figures < OTHER_FIGURES


def _by_kind(features: Features) -> Terms:
    found: tuple[set[int], set[int], set[int]] = (set(), set(), set())
    for term, kind in zip(features.terms, features.kinds, strict=True):
        found[kind].add(term)
    return found


def _shared(one: AbstractSet[int], other: AbstractSet[int]) -> float:
    """Return the share (0 to 1) of two sets that both have (Dice's coefficient); 1 of two empty ones."""
    return 2.0 * len(one & other) / (len(one) + len(other)) if one or other else 1.0
