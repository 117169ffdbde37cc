"""What a line tells that a channel has not been told: how new it is, and what it says otherwise than before. Pure.

A line is compared with the told lines of its own story and with any other told line that has most of its words. Three
things make it new: words that not even three told lines have together, pairs of neighbouring words no told line has,
and figures and names that were never told. Stories that were merged or split since change nothing: lines are compared
by what they say.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

from bot.model import ChangeKind
from bot.ports import ToldLine
from bot.stories.moved_days import find_moved_day
from bot.stories.sayings import (
    SAME_MATTER_SHARE,
    SAME_SHARE,
    Saying,
    Weight,
    is_one_matter,
    is_other_figure,
    read_saying,
    shared_part,
    weigh_words,
)
from bot.text.names import find_names
from bot.text.numbers import find_numbers
from bot.text.words import content_terms, tokens

# What a line's novelty is made of: words no three told lines have, word pairs none has, facts never told.
UNCOVERED_WEIGHT: Final = 0.4
PAIRS_WEIGHT: Final = 0.4
FACTS_WEIGHT: Final = 0.2
# Told lines that together may hold a line's words: writers join what stood in two or three sentences.
COVERING_LINES: Final = 3
# New figures and names after which more make no difference.
MOST_FACTS: Final = 3
# From this score on a line is new: nine of ten new ones are kept, half of the known ones dropped (bench/novelty.py).
NEW_SCORE: Final = 0.4
# A figure was told by a line with this share of the words around it, by weight: "14 May" tells nothing of 14 people.
FIGURE_SHARE: Final = 0.1
# A told line of another story counts when it has this share of a line's words, by weight.
NEAR_SHARE: Final = 0.6
# Told lines that share most words with a line are looked at in full: keeps a channel of many years fast.
MAX_NEAR: Final = 24
_FINGERPRINT_CHARS: Final = 32
# Lines remembered as they were read: what one channel was told lately is compared with every digest.
_REMEMBERED_LINES: Final = 4_096
# Histories remembered with what they say of new lines, for the other channels that were told the same: of two months,
# some 4 MB each, and of the lines of one digest.
_REMEMBERED_LONG: Final = 6
_REMEMBERED_SHORT: Final = 128
_SHORT_LINES: Final = 100
_REMEMBERED_JUDGEMENTS: Final = 4_096
_MONTHS: Final = frozenset(
    (
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How new a line is, from 0 to 1, whether it is to be told, and the told line that is nearest to it."""

    score: float
    is_new: bool
    nearest: ToldLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a line says otherwise than a told one; of a claim, `before` and `after` are empty: the lines say it."""

    kind: ChangeKind
    before: str
    after: str
    told: ToldLine


_Asked = tuple[str, str, frozenset[str]]
_Found = TypeVar("_Found")


class _Wording(NamedTuple):
    """What of a told line matters for the novelty of others: not when it was told, nor in which digest."""

    text: str
    language: str
    event: str
    storyline: str
    article_id: str


@dataclass(frozen=True, slots=True)
class _Read:
    """A line taken apart once."""

    saying: Saying
    terms: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Value:
    """A numeral with the word it counts, or the month it belongs to; that word, and the one before, in lower case."""

    text: str
    counted: str
    preceding: str


@lru_cache(maxsize=2 * _REMEMBERED_LINES)
def fingerprint_of(text: str) -> str:
    """Return what is the same for texts that differ in case, spaces and punctuation alone."""
    words = " ".join(token.text.casefold() for token in tokens(text)) or text.strip()
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:_FINGERPRINT_CHARS]


class History:
    """The lines a channel was told."""

    def __init__(self, lines: Sequence[ToldLine], *, fingerprints: Collection[str] = ()) -> None:
        """`fingerprints` are those of lines too old to be among `lines`: they are not told again word for word."""
        self.lines = tuple(lines)
        self._fingerprints = {line.fingerprint for line in lines} | set(fingerprints)
        self._told = _recall(
            tuple(
                _Wording(line.text, line.language, line.event, line.storyline, line.citation.article_id)
                for line in lines
            )
        )

    def lines_of(self, stories: Collection[str]) -> list[ToldLine]:
        """Return the told lines of these events, storylines or articles, in the order given at first."""
        return [self.lines[index] for index in self._told.indexes_of(stories)]

    def judge(self, text: str, language: str, *, stories: Collection[str] = ()) -> Judgement:
        """Return how new a line is; `stories` are the event, the storyline and the articles it belongs to."""
        if fingerprint_of(text) in self._fingerprints:
            return Judgement(score=0.0, is_new=False)
        score, is_new, nearest = self._told.judge(text, language, frozenset(stories))
        return Judgement(score=score, is_new=is_new, nearest=None if nearest is None else self.lines[nearest])

    def find_difference(self, text: str, language: str, *, stories: Collection[str]) -> Difference | None:
        """Return what a line says otherwise than the told line of these stories that is nearest to it."""
        found = self._told.find_difference(text, language, frozenset(stories))
        if found is None:
            return None
        kind, before, after, index = found
        return Difference(kind=kind, before=before, after=after, told=self.lines[index])


class _Told:
    """The wordings of told lines, indexed by their words; lines are named by their places, and nothing changes."""

    def __init__(self, wordings: Sequence[_Wording]) -> None:
        self._texts = [wording.text for wording in wordings]
        self._read = [_read(wording.text, wording.language) for wording in wordings]
        self._weight: Weight = lru_cache(maxsize=None)(weigh_words(read.saying for read in self._read))
        self._with_term: Mapping[str, list[int]] = _index(read.terms for read in self._read)
        self._of_story: Mapping[str, list[int]] = _index(
            frozenset((wording.event, wording.storyline, wording.article_id)) for wording in wordings
        )
        self._judged: dict[_Asked, tuple[float, bool, int | None]] = {}
        self._compared: dict[_Asked, tuple[ChangeKind, str, str, int] | None] = {}

    def indexes_of(self, stories: Collection[str]) -> list[int]:
        """Return the places of the lines of these events, storylines or articles."""
        return sorted({index for story in stories if story for index in self._of_story.get(story, ())})

    def judge(self, text: str, language: str, stories: frozenset[str]) -> tuple[float, bool, int | None]:
        """Return how new a line is, whether it is to be told, and the nearest told line."""
        if not self._texts:
            return 1.0, True, None
        return _remember(self._judged, (text, language, stories), self._judge)

    def find_difference(
        self, text: str, language: str, stories: frozenset[str]
    ) -> tuple[ChangeKind, str, str, int] | None:
        """Return how a line differs from the told line of these stories that is nearest to it: kind, values, place."""
        return _remember(self._compared, (text, language, stories), self._find_difference)

    def _find_difference(
        self, text: str, language: str, stories: frozenset[str]
    ) -> tuple[ChangeKind, str, str, int] | None:
        line = _read(text, language)
        indexes = self.indexes_of(stories)
        for index in sorted(indexes, key=lambda index: (-self._covers(line, index), index))[:MAX_NEAR]:
            known = self._read[index].saying
            if is_other_figure(known, line.saying, self._weight):
                values = _changed_values(self._texts[index], text)
                if values is not None:
                    before, after, is_date = values
                    return "date" if is_date else "number", before, after, index
            moved = self._moved_day(line, text, language, index)
            if moved is not None:
                return "date", *moved, index
            shared = min(shared_part(line.saying, known, self._weight), shared_part(known, line.saying, self._weight))
            if known.denies != line.saying.denies and shared >= SAME_MATTER_SHARE:
                return "claim", "", "", index
        return None

    def _judge(self, text: str, language: str, stories: frozenset[str]) -> tuple[float, bool, int | None]:
        line = _read(text, language)
        near = self._near(line)
        related = sorted({*self.indexes_of(stories), *(i for i in near if self._covers(line, i) >= NEAR_SHARE)})
        if not related:
            return 1.0, True, None
        known = [self._read[index] for index in related]
        score, new_facts = self._score(line, known)
        nearest = max(related, key=lambda index: self._covers(line, index))
        denies = line.saying.denies != self._read[nearest].saying.denies and self._covers(line, nearest) >= SAME_SHARE
        moved = self._moved_day(line, text, language, nearest)
        is_new = score >= NEW_SCORE or new_facts or denies or moved is not None
        return score, is_new, nearest

    def _moved_day(self, line: _Read, text: str, language: str, index: int) -> tuple[str, str] | None:
        if not is_one_matter(self._read[index].saying, line.saying, self._weight):
            return None
        return find_moved_day(self._texts[index], text, language)

    def _score(self, line: _Read, known: Sequence[_Read]) -> tuple[float, bool]:
        covered: set[str] = set()
        for _ in range(COVERING_LINES):
            best = max(known, key=lambda read: self._total(line.terms & (covered | read.terms)))
            covered |= line.terms & best.terms
        uncovered = 1.0 - self._total(covered) / (self._total(line.terms) or 1.0) if line.terms else 0.0
        told_pairs = frozenset[tuple[str, str]]().union(*(read.pairs for read in known))
        pairs = len(line.pairs - told_pairs) / len(line.pairs) if line.pairs else 0.0
        near = [read.saying for read in known if shared_part(line.saying, read.saying, self._weight) >= FIGURE_SHARE]
        numbers = line.saying.numbers.difference(*(saying.numbers for saying in near))
        names = line.names.difference(*(read.names | read.terms for read in known))
        facts = min(1.0, (len(numbers) + len(names)) / MOST_FACTS)
        return UNCOVERED_WEIGHT * uncovered + PAIRS_WEIGHT * pairs + FACTS_WEIGHT * facts, bool(numbers)

    def _near(self, line: _Read) -> list[int]:
        shared: dict[int, float] = defaultdict(float)
        for term in line.terms:
            weight = self._weight(term)
            for index in self._with_term.get(term, ()):
                shared[index] += weight
        return sorted(shared, key=lambda index: (-shared[index], index))[:MAX_NEAR]

    def _covers(self, line: _Read, index: int) -> float:
        total = self._total(line.terms)
        return self._total(line.terms & self._read[index].terms) / total if total else 0.0

    def _total(self, terms: Collection[str]) -> float:
        return sum(map(self._weight, terms))


def _remember(known: dict[_Asked, _Found], asked: _Asked, find: Callable[[str, str, frozenset[str]], _Found]) -> _Found:
    """Return what was found for this before, or find it: channels told the same ask the same in the same minute."""
    try:
        return known[asked]
    except KeyError:
        found = find(*asked)
    if len(known) >= _REMEMBERED_JUDGEMENTS:
        known.clear()
    known[asked] = found
    return found


_long = lru_cache(maxsize=_REMEMBERED_LONG)(_Told)
_short = lru_cache(maxsize=_REMEMBERED_SHORT)(_Told)


def _recall(wordings: tuple[_Wording, ...]) -> _Told:
    return _short(wordings) if len(wordings) <= _SHORT_LINES else _long(wordings)


@lru_cache(maxsize=_REMEMBERED_LINES)
def _read(text: str, language: str) -> _Read:
    spoken = "en" if language == "und" else language
    terms = content_terms(text, spoken)
    names = {term for name in find_names(text) if name.certain for term in content_terms(name.text, spoken)}
    return _Read(
        saying=read_saying(text, language),
        terms=frozenset(terms),
        pairs=frozenset(pairwise(terms)),
        names=frozenset(names),
    )


def _index(keys_of: Iterable[Collection[str]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index, keys in enumerate(keys_of):
        for key in keys:
            found[key].append(index)
    return found


def _changed_values(before: str, after: str) -> tuple[str, str, bool] | None:
    """Return the one value that differs, as each line words it, and whether it is part of a date.

    Of several values those are compared that stand in the same words ("cost 19 million crowns": "cost 21 million").
    """
    old, new = find_numbers(before), find_numbers(after)
    told = {number.value for number in old}
    come = [number for number in new if number.value not in told]
    best: tuple[int, str, str, bool] | None = None
    for one in old:
        was = _read_value(before, one.start, one.end)
        for other in come:
            now = _read_value(after, other.start, other.end)
            likeness = 2 * (was.counted == now.counted != "") + (was.preceding == now.preceding != "")
            if one.unit != other.unit or not (likeness or len(old) == len(come) == 1):
                continue
            if best is None or likeness > best[0]:
                best = (likeness, was.text, now.text, bool({was.counted, now.counted} & _MONTHS))
    return None if best is None else best[1:]


def _read_value(text: str, start: int, end: int) -> _Value:
    following = next(iter(tokens(text[end : end + 40])), None)
    preceding = tokens(text[max(0, start - 40) : start])
    before = preceding[-1].text if preceding else ""
    if before.casefold() in _MONTHS:
        return _Value(text=f"{before} {text[start:end]}", counted=before.casefold(), preceding="")
    if following is None or text[end : end + following.start].strip() or not following.text[0].isalpha():
        return _Value(text=text[start:end], counted="", preceding=before.casefold())
    value = f"{text[start:end]} {following.text}"
    return _Value(text=value, counted=following.text.casefold(), preceding=before.casefold())
