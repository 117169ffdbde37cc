"""Finds copies and near-copies: texts that share most of their five-word sequences with an earlier one.

Every text becomes a set of hashed shingles (runs of five words). A fixed share of them, the same for every text, is
sampled: texts with a sampled shingle in common are candidates, and the containment of the smaller set in the larger
one decides. Unlike MinHash bands, which estimate the resemblance of whole sets, sampling finds a short excerpt of a
long text as easily as a full copy.
Source: Broder 1997, On the resemblance and containment of documents, section 3 ("0 mod m" sketches).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Final, Generic, TypeVar
from zlib import crc32

# Words in a shingle: shorter ones are shared by unrelated news, longer ones break at every small edit.
SHINGLE_WORDS: Final = 5
# Characters of a text that are looked at: a 10 MB line is not news, and its shingles would fill the memory.
MAX_CHARS: Final = 200_000
# Share of the smaller text's shingles that makes a near-copy; unrelated articles were measured at .27 at most.
MIN_CONTAINMENT: Final = 0.5
# Share of the smaller text's names and figures that must stand in the other: two reports filled into one form (an
# election night, a quake bulletin) share their wording and not these. Real near-copies were measured at .91 or more.
MIN_SHARED_FACTS: Final = 0.6
# Fewer shared shingles are a quotation, a dateline or a slogan, not a copy.
MIN_SHARED: Final = 8
# One shingle of so many is sampled, so 80 shared ones are missed once in 1,000 pairs.
SAMPLE_ONE_OF: Final = 12
# Samples of a short text at least, its smallest shingles: two equal texts always share them.
MIN_SAMPLES: Final = 6
# Samples kept of one text, the smallest: enough for books, and no text can flood the index.
MAX_SAMPLES: Final = 96
# Texts that may share one sampled shingle before it counts as boilerplate (a footer, a dateline).
MAX_SHARING: Final = 32
# Candidates whose shingles are compared in full, those with the most samples in common first.
MAX_CANDIDATES: Final = 8

# Words, but scripts written without spaces by characters.
_WORD: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_ASCII_WORD: Final = re.compile(rb"\w+")
# Names and figures: a word with a capital that does not open a sentence, or a number.
_FACT: Final = re.compile(r"(?<=[a-zß-ÿ,;0-9] )[A-ZÀ-Þ][\w'’-]+|\d[\d.,:]*")
# A name and the words around it, two before and one after: where another text has another name, it tells of another.
_NAMED: Final = re.compile(
    r"([a-zß-ÿ0-9]+ [a-zß-ÿ0-9]+),? ((?:[A-ZÀ-Þ][\w'’-]+ )*[A-ZÀ-Þ][\w'’-]+)(?=,? ([a-zß-ÿ0-9]+)|[.!?])"
)
# Two spellings of one name: a corrected slip of the pen is no other town.
SAME_NAME: Final = 0.7
# Days and months move when a report is sent out again.
_CALENDAR: Final = frozenset(
    (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
        *("november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"),
    )
)
# Only the smallest numbers are sampled, so that each holds fewer bits than it takes; the length of the shingle fills
# them. Beside the 30 million samples of a million articles, 7 of 1,000 new ones meet another by chance instead of
# 84, and each such meeting is an article compared in full.
_SAMPLED_BELOW: Final = 2**32 // SAMPLE_ONE_OF
# Spreads the hashes so that the small ones are a fair sample (Knuth's multiplicative hashing, 2^32 / golden ratio).
_SPREAD: Final = 0x9E3779B1
_MASK: Final = 0xFFFFFFFF

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """The hashed shingles of a text (unsigned, 32 bits), the sampled ones in ascending order, and the text itself.

    A sampled one is told by another number of 32 bits, which holds its length too (see `_SAMPLED_BELOW`).
    """

    shingles: frozenset[int]
    sample: tuple[int, ...]
    text: str = ""


def find_duplicates(texts: Sequence[str]) -> list[int | None]:
    """Return for each text the position of the first text it is a copy or near-copy of, None for originals.

    The answer is always an original: copies of copies point to the root.
    """
    finder: CopyFinder[int] = CopyFinder()
    roots: list[int | None] = []
    for position, text in enumerate(texts):
        print_ = fingerprint(text)
        found = finder.find(print_)
        root = None if found is None else roots[found]
        roots.append(found if root is None else root)
        finder.add(position, print_)
    return roots


def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a text; case, punctuation and white space do not matter."""
    encoded = _encoded_words(text[:MAX_CHARS].casefold())
    width = min(SHINGLE_WORDS, len(encoded))
    if not width:
        return Fingerprint(shingles=frozenset(), sample=())
    line = b" ".join(encoded)
    # Where each word begins, and where the next one would: slicing one line is far cheaper than joining every run.
    starts = list(accumulate((len(word) + 1 for word in encoded), initial=0))
    runs = zip(starts, starts[width:], strict=False)
    hashed = [(crc32(line[start : after - 1]) * _SPREAD & _MASK, after - start) for start, after in runs]
    sampled = {one for one in hashed if one[0] < _SAMPLED_BELOW}
    if len(sampled) < MIN_SAMPLES:
        sampled = set(sorted(set(hashed))[:MIN_SAMPLES])
    sample = sorted({shingle * SAMPLE_ONE_OF + length % SAMPLE_ONE_OF & _MASK for shingle, length in sampled})
    return Fingerprint(
        shingles=frozenset([shingle for shingle, _ in hashed]),
        sample=tuple(sample[:MAX_SAMPLES]),
        text=text[:MAX_CHARS],
    )


def _encoded_words(text: str) -> list[bytes]:
    if text.isascii():
        return _ASCII_WORD.findall(text.encode("ascii"))
    return [word.encode("utf-8", "surrogatepass") for word in _WORD.findall(text)]


def containment(one: Collection[int], other: Collection[int]) -> float:
    """Return the share (0 to 1) of the smaller set that stands in the larger one."""
    smaller = min(len(one), len(other))
    return len(frozenset(one) & frozenset(other)) / smaller if smaller else 0.0


def is_near_copy(one: Fingerprint, other: Fingerprint) -> bool:
    """Return whether one text is mostly the other, or mostly a part of it."""
    if one.shingles == other.shingles:
        return bool(one.shingles)
    shared = len(one.shingles & other.shingles)
    smaller = min(len(one.shingles), len(other.shingles))
    return shared >= MIN_SHARED and shared >= MIN_CONTAINMENT * smaller and _tell_of_the_same(one.text, other.text)


def _facts(text: str) -> frozenset[str]:
    found = (fact.casefold().rstrip(".,:'’") for fact in _FACT.findall(text))
    return frozenset(fact.removesuffix("'s").removesuffix("’s") for fact in found)


def _tell_of_the_same(one: str, other: str) -> bool:
    # Asked only of texts that share their wording: hardly ever.
    facts, others = _facts(one), _facts(other)
    smaller = min(len(facts), len(others))
    if smaller and len(facts & others) < MIN_SHARED_FACTS * smaller:
        return False
    return not _names_another(one, other)


def _names_another(one: str, other: str) -> bool:
    """Return whether one text has another name than the other between the same words, and neither has both."""
    names, others = _names_in_place(one), _names_in_place(other)
    words, other_words = (frozenset(word.casefold() for word in _WORD.findall(text)) for text in (one, other))
    for around in names.keys() & others.keys():
        here, there = names[around] - other_words, others[around] - words
        if here and there and not names[around] & others[around]:
            alike = max(SequenceMatcher(None, a, b).ratio() for a in here for b in there)
            if alike < SAME_NAME:
                return True
    return False


def _names_in_place(text: str) -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for before, name, after in _NAMED.findall(text):
        parts = {part.casefold() for part in _WORD.findall(name)} - _CALENDAR
        if parts:
            found.setdefault((before, after), set()).update(parts)
    return found


class CopyFinder(Generic[Key]):
    """Remembers fingerprints under keys and finds the one a new text copies, at a cost that stays flat."""

    def __init__(self) -> None:
        self._prints: dict[Key, Fingerprint] = {}
        self._sharing: dict[int, list[Key]] = {}

    def add(self, key: Key, print_: Fingerprint) -> None:
        """Remember a text under a key; a key added again stands for the new text."""
        self._prints[key] = print_
        for shingle in print_.sample:
            keys = self._sharing.setdefault(shingle, [])
            if len(keys) < MAX_SHARING and key not in keys:
                keys.append(key)

    def find(self, print_: Fingerprint, *, ignoring: Collection[Key] = ()) -> Key | None:
        """Return the key of the text this one is nearest to being a copy of, the earliest of equals."""
        best: Key | None = None
        best_share = 0.0
        for key in most_shared((self._sharing.get(shingle, ()) for shingle in print_.sample), ignoring=ignoring):
            known = self._prints[key]
            if not is_near_copy(print_, known):
                continue
            share = containment(print_.shingles, known.shingles)
            if share > best_share:
                best, best_share = key, share
        return best


def most_shared(sharing: Iterable[Iterable[Key]], *, ignoring: Collection[Key] = ()) -> list[Key]:
    """Return the keys worth comparing in full, most sampled shingles in common first."""
    counts = Counter(key for keys in sharing for key in keys if key not in ignoring)
    return [key for key, _ in counts.most_common(MAX_CANDIDATES)]
