"""Which words say the same, the opposite, or shut each other out; read once from `lexicon.txt` beside this file.

The lists are of common news English. They serve two ends: to forgive a claim a synonym its source does not use, and to
catch one that uses the opposite. A word may stand in several lists: every sense counts for forgiving.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.text.words import terms

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Relations between stems, and sets of small words.

    `phrases` are the stems of two words that count as one (joined by a space); `denying` holds stems, `light` and
    `noun_openers` hold words.
    """

    synonyms: dict[str, frozenset[str]]
    opposites: dict[str, frozenset[str]]
    rivals: dict[str, frozenset[str]]
    places: dict[str, frozenset[str]]
    phrases: frozenset[str]
    light: frozenset[str]
    denying: frozenset[str]
    noun_openers: frozenset[str]

    def same(self, stem: str) -> frozenset[str]:
        """Return the stems that may say the same as this one."""
        return self.synonyms.get(stem, _NOTHING)

    def against(self, stem: str) -> frozenset[str]:
        """Return the stems that say the opposite of this one."""
        return self.opposites.get(stem, _NOTHING)

    def besides(self, stem: str) -> frozenset[str]:
        """Return the stems of the same kind that cannot be meant where this one is said."""
        return self.rivals.get(stem, _NOTHING)

    def place(self, stem: str) -> frozenset[str]:
        """Return the names of the same place and its people; stems, itself among them."""
        return self.places.get(stem, _NOTHING)


def stem_of(word: str) -> str:
    """Return the stem of one lower-case English word or of a phrase joined by `_` (its stems joined by a space)."""
    return " ".join((terms(part) or [part])[0] for part in word.split("_"))


@cache
def lexicon() -> Lexicon:
    """Return the lists of `lexicon.txt`, read at the first call."""
    relations: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in ("=", "<", "|", "@")}
    phrases: set[str] = set()
    small: dict[str, set[str]] = {"~": set(), "!": set(), "^": set()}
    for line in (files("bot.proof") / "lexicon.txt").read_text(encoding="utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind in small:
            small[kind].update(rest.split())
        if kind not in relations:
            continue
        sides = [[stem_of(word) for word in side.split()] for side in rest.replace(">", "|").split("|")]
        phrases.update(stem for side in sides for stem in side if " " in stem)
        _relate(relations, kind, sides)
    synonyms, opposites, rivals, places = (
        {stem: frozenset(others) for stem, others in relations[kind].items()} for kind in ("=", "<", "|", "@")
    )
    return Lexicon(
        synonyms=synonyms,
        opposites=opposites,
        rivals=rivals,
        places=places,
        phrases=frozenset(phrases),
        light=frozenset(small["~"]),
        denying=frozenset(stem_of(word) for word in small["!"]),
        noun_openers=frozenset(small["^"]),
    )


def _relate(relations: dict[str, dict[str, set[str]]], kind: str, sides: list[list[str]]) -> None:
    """Enter one line: each side's words are synonyms, words of different sides are opposites or rivals."""
    for number, side in enumerate(sides):
        others = {stem for index, other in enumerate(sides) if index != number for stem in other}
        for stem in side:
            if kind == "@":
                relations["@"][stem].update(side)
                continue
            relations["="][stem].update(other for other in side if other != stem)
            if kind != "=":
                relations[kind][stem].update(others - set(side))
