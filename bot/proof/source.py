"""An article prepared for proof: every sentence taken apart once, with the indexes the checks look things up in."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise

from bot.proof.dates import DateMention, resolve_dates
from bot.proof.lexicon import lexicon
from bot.proof.reading import Quantity
from bot.proof.statements import Statement
from bot.proof.words import name_tokens
from bot.text.lazy import compile_later

# A cited window is the cited sentences and this many on either side.
_WINDOW_SENTENCES = 1
# Without citations a claim is held against this many sentences that share most with it, and their neighbours.
_ALIGNED_SENTENCES = 3
# ... if each shares at least this part of what the best one shares.
_ALIGNED_SHARE = 0.5
# A statement of fewer words is found in too much; one with more cuts than this, or than one for so many words, is no
# cut any more but a choice of words.
_FEWEST_CUT_WORDS = 5
_MOST_CUTS = 3
_WORDS_A_CUT = 4
# Weight of a word no sentence holds, in the idf scale of a middle-sized article.
_UNSEEN_IDF = 3.0

_NOT_WORD = compile_later(r"[\W_]+")
_SHORT_NOT = compile_later(r"\b([a-z]{2,6})n['’]t\b")
_LONG_STEMS = {"ca": "can", "wo": "will", "sha": "shall"}
_ACRONYM_SKIPS = frozenset({"of", "the", "and", "for"})


class Scope:
    """What some sentences hold together: the text a claim must stand in. Each part is read when first asked for."""

    def __init__(self, statements: Sequence[Statement], published_at: datetime | None) -> None:
        self.statements = tuple(statements)
        self._published_at = published_at

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, and every name of the places and peoples among them."""
        stems = {stem for statement in self.statements for stem in statement.stems}
        return frozenset(stems.union(*(lexicon().place(stem) for stem in stems)))

    @cached_property
    def places(self) -> dict[str, list[tuple[Statement, int]]]:
        """Where each sense stands: the sentence, and the position among its words."""
        places: dict[str, list[tuple[Statement, int]]] = defaultdict(list)
        for statement in self.statements:
            for position, word in enumerate(statement.words):
                places[word.sense].append((statement, position))
        return dict(places)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """Its words in lower case, without dots."""
        return frozenset(word.text.replace(".", "") for statement in self.statements for word in statement.words)

    @cached_property
    def compact(self) -> str:
        """Its letters and digits alone."""
        return compact(" ".join(statement.folded for statement in self.statements))

    @cached_property
    def quantities(self) -> dict[str, list[Quantity]]:
        """Its numbers by their value."""
        quantities: dict[str, list[Quantity]] = defaultdict(list)
        for statement in self.statements:
            for quantity in statement.quantities:
                quantities[quantity.number.value].append(quantity)
        return dict(quantities)

    @cached_property
    def sizes(self) -> list[float]:
        """The values of its numbers, ascending."""
        return sorted(float(value) for value in self.quantities)

    @cached_property
    def counted(self) -> frozenset[str]:
        """The stems of what its numbers count."""
        return frozenset(each.noun for same in self.quantities.values() for each in same if each.noun is not None)

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Its dates, and what the relative ones mean when the day of publication is known."""
        dates = [date for statement in self.statements for date in statement.dates]
        return tuple(dates if self._published_at is None else dates + resolve_dates(dates, self._published_at))

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """The initials of its runs of capitalised words."""
        return frozenset(_acronyms(self.statements))

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """Each two words that follow each other, also with one word between them (a middle name)."""
        return frozenset(_pairs(self.statements))

    @cached_property
    def given_names(self) -> dict[str, frozenset[str]]:
        """Which names stand right before each last name in its full names."""
        return _given_names(self.statements)

    @cached_property
    def peoples(self) -> dict[str, frozenset[str]]:
        """Which places it puts right before each word ("Lutish ferries": ferri -> luta, lutish)."""
        return _peoples(self.statements)


class Source:
    """An article ready to be compared with claims; make it with `prepare_source`.

    Its sentences are read when a claim first needs them: a claim that cites sentences needs few.
    """

    def __init__(self, sentences: Sequence[str], title: str | None, published_at: datetime | None) -> None:
        self.statements = tuple(Statement(sentence) for sentence in sentences)
        self._title = title
        self._published_at = published_at

    @cached_property
    def everything(self) -> Scope:
        """All its sentences and its title."""
        return self.scope((*self.statements, Statement(self._title)) if self._title else self.statements)

    @cached_property
    def postings(self) -> dict[str, list[int]]:
        """The sentences that hold each stem."""
        postings: dict[str, list[int]] = defaultdict(list)
        for index, statement in enumerate(self.statements):
            for stem in statement.stems:
                postings[stem].append(index)
        return dict(postings)

    def scope(self, statements: Sequence[Statement]) -> Scope:
        """Return what these of its sentences hold together."""
        return Scope(statements, self._published_at)

    def weight(self, stem: str) -> float:
        """Return how much a stem tells apart its sentences (idf)."""
        count = len(self.postings.get(stem, ()))
        return math.log(1 + len(self.statements) / count) if count else _UNSEEN_IDF


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Where in a source one statement of a claim is looked for.

    `scope` is what its facts must stand in (the cited window, or the whole article); `aligned` are the sentences that
    say most of it, best first; `coverage` is the part of its weight that the best one holds, 0..1. `is_cut` says that
    the statement was cut out of the first of them, so that its words stand there in the same order.
    """

    source: Source
    scope: Scope
    context: Scope
    aligned: tuple[Statement, ...]
    coverage: float
    cited: bool
    is_cut: bool = False


def prepare_source(
    sentences: Sequence[str], *, title: str | None = None, published_at: datetime | None = None
) -> Source:
    """Return the source of an article's sentences; a claim that cites none may also rest on the title."""
    return Source(sentences, title, published_at)


def find_evidence(statement: Statement, source: Source, cited: Sequence[int] | None) -> Evidence:
    """Return where the statement is to be looked for; indexes that the source has not are left out."""
    known = sorted({index for index in cited or () if 0 <= index < len(source.statements)})
    window = _widen(known, source) if known else None
    whole = next((index for index in known if is_cut_from(statement, source.statements[index])), None)
    if window is not None and whole is not None:
        context = source.scope([source.statements[index] for index in window])
        original = (source.statements[whole],)
        return Evidence(
            source=source, scope=context, context=context, aligned=original, coverage=1.0, cited=True, is_cut=True
        )
    ranked = _rank_all(statement, source) if window is None else _rank_window(statement, source, window)
    best = ranked[0][0] if ranked else 0.0
    top = [index for share, index in ranked[:_ALIGNED_SENTENCES] if share >= _ALIGNED_SHARE * best]
    near = _widen(top, source) if window is None else window
    context = source.scope([source.statements[index] for index in near])
    return Evidence(
        source=source,
        scope=source.everything if window is None else context,
        context=context,
        aligned=tuple(source.statements[index] for index in top),
        coverage=best,
        cited=window is not None,
    )


def is_cut_from(statement: Statement, original: Statement) -> bool:
    """Return whether the statement is what is left of a sentence when a few stretches of it are deleted."""
    words = statement.words
    if len(words) < _FEWEST_CUT_WORDS:
        return False
    place = -1
    breaks = 0
    source = original.words
    for word in words:
        last, place = place, place + 1
        while place < len(source) and source[place].text != word.text:
            place += 1
        if place >= len(source):
            return False
        breaks += place > last + 1
    return breaks <= max(_MOST_CUTS, len(words) // _WORDS_A_CUT)


def _widen(indexes: Iterable[int], source: Source) -> list[int]:
    wide = {index + step for index in indexes for step in range(-_WINDOW_SENTENCES, _WINDOW_SENTENCES + 1)}
    return sorted(index for index in wide if 0 <= index < len(source.statements))


def _rank_all(statement: Statement, source: Source) -> list[tuple[float, int]]:
    """Return (share of the statement's idf weight held, index) of sentences that hold any, best first."""
    weights = {stem: source.weight(stem) for stem in statement.content}
    shares: dict[int, float] = defaultdict(float)
    for stem, weight in weights.items():
        for index in source.postings.get(stem, ()):
            shares[index] += weight
    total = sum(weights.values()) or 1.0
    return sorted(((share / total, index) for index, share in shares.items()), key=lambda pair: (-pair[0], pair[1]))


def _rank_window(statement: Statement, source: Source, window: Sequence[int]) -> list[tuple[float, int]]:
    """Return (share of the statement's content stems held, index) of the window's sentences, best first."""
    content = set(statement.content)
    shares = [(len(content & source.statements[index].stems) / max(1, len(content)), index) for index in window]
    return sorted((pair for pair in shares if pair[0]), key=lambda pair: (-pair[0], pair[1]))


def compact(text: str) -> str:
    """Return the letters and digits of a text alone, case-folded: spacing, punctuation, short forms do not count."""
    return _NOT_WORD.sub("", _SHORT_NOT.sub(_long_not, text.casefold()))


def _long_not(match: re.Match[str]) -> str:
    return _LONG_STEMS.get(match.group(1), match.group(1)) + " not"


def _acronyms(statements: Sequence[Statement]) -> Iterable[str]:
    """Yield the initials of every run of capitalised words, with and without its small words."""
    for statement in statements:
        for name in statement.names:
            parts = name.text.replace("-", " ").split()
            if len(parts) > 1:
                yield "".join(part[0] for part in parts).lower()
                yield "".join(part[0] for part in parts if part.lower() not in _ACRONYM_SKIPS).lower()


def _pairs(statements: Sequence[Statement]) -> Iterable[tuple[str, str]]:
    """Yield each two words that follow each other, also with one word between them (a middle name)."""
    for statement in statements:
        texts = [word.text.removesuffix("'s") for word in statement.words]
        yield from pairwise(texts)
        yield from zip(texts, texts[2:], strict=False)


def _given_names(statements: Sequence[Statement]) -> dict[str, frozenset[str]]:
    """Return which names stand right before each last name in the article's own full names."""
    found: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        for name in statement.names:
            parts = name_tokens(name.text)
            if len(parts) > 1:
                found[parts[-1]].add(parts[-2])
    return {last: frozenset(given) for last, given in found.items()}


def _peoples(statements: Sequence[Statement]) -> dict[str, frozenset[str]]:
    """Return which places the article puts right before each word ("Lutish ferries": ferri -> luta, lutish)."""
    found: dict[str, set[str]] = defaultdict(set)
    for statement in statements:
        for word, following in pairwise(statement.words):
            place = lexicon().place(word.stem)
            if place and following.content:
                found[following.stem].update(place)
    return {stem: frozenset(places) for stem, places in found.items()}
