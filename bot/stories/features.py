"""What of an article tells which story it belongs to: its words, names and numbers as hashes, and its day. Pure.

The words of title and first sentences, every capitalised word inside a sentence (most are names), and every numeral.
Terms are hashed to 32 bits, the same in every process, so that they are small in memory and in the archive. Two terms
share a hash once in millions of pairs; a story is never told by one term alone.
"""

from __future__ import annotations

import math
import re
import struct
from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import add
from typing import Final
from zlib import crc32

from bot.model import Article
from bot.text.words import content_terms

# Sentences that are read: the beginning of a report says what happened, the rest is background that others share.
MAX_SENTENCES: Final = 10
# Characters that are read: a text without sentence ends must not cost more than others.
MAX_CHARS: Final = 4_000
# Terms kept of one article, the most frequent and earliest.
MAX_TERMS: Final = 160
# A report dated before this is taken for undated: no feed is that old, and clocks that were never set say 1970.
EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
# A date this far in the future may be a time zone; farther, it is a mistake or an embargo.
MAX_AHEAD: Final = timedelta(days=2)
SECONDS_A_DAY: Final = 86_400

WORD: Final = 0
NAME: Final = 1
NUMBER: Final = 2

# A word with a capital that does not open a sentence, in any script with capitals.
_CAPITAL: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽΑ-ΩЀ-ЯԱ-Ֆ"
_NAME: Final = re.compile(rf"(?<=[^\s.!?:…。\"“”„«‘’'(\[–—-] )[{_CAPITAL}][\w&]+(?:[-'’][{_CAPITAL}]\w+)*")
# Occurrences of a term that are told apart: so often a word stands in no opening of a report.
MAX_COUNT: Final = 63
_PACKED: Final = struct.Struct("<dI")
_DAY: Final = struct.Struct("<d")
_UNKNOWN_DAY: Final = math.nan
# Kind and occurrences of a term in one byte.
_KINDS: Final = 4
_KIND_OF: Final = bytes(mark % _KINDS for mark in range(256))
_COUNT_OF: Final = bytes(mark // _KINDS for mark in range(256))
_MARK_OF: Final = bytes(min(count, MAX_COUNT) * _KINDS for count in range(256))
# Set in the number of terms where it is so; older features have a byte for each.
_IN_ONE_BYTE: Final = 0x80000000


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When an article was published and when it came in, in days since 1970; None when that is not known."""

    day: float | None
    arrived: float | None = None

    def gap_to(self, other: When) -> float:
        """Return the days between two articles: of their publication, or else of their arrival; 0 if neither is known.

        What came in at once may have been written in any year, so arrival never stands against publication.
        """
        if self.day is not None and other.day is not None:
            return abs(self.day - other.day)
        if self.arrived is not None and other.arrived is not None:
            return abs(self.arrived - other.arrived)
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The terms of one article: hash, kind (WORD, NAME or NUMBER) and occurrences side by side; the most telling
    first. `when` has no day when the article has no date one can believe, and no arrival when it was read before this
    was kept."""

    terms: tuple[int, ...]
    kinds: bytes
    counts: bytes
    when: When


NO_FEATURES: Final = Features(terms=(), kinds=b"", counts=b"", when=When(day=None))


def read_features(article: Article, *, ingested_at: datetime) -> Features:
    """Return the features of an article that came in at this moment."""
    texts = [article.title or "", *(sentence.text for sentence in article.sentences[:MAX_SENTENCES])]
    text = "\n".join(texts)[:MAX_CHARS]
    found: Counter[tuple[int, str]] = Counter()
    for term in content_terms(text, "en" if article.language == "und" else article.language):
        found[NUMBER if term[0].isdigit() else WORD, term] += 1
    for name in _NAME.findall(text):
        found[NAME, name.casefold()] += 1
    kept = found.most_common(MAX_TERMS)
    return Features(
        terms=tuple([_hash(kind, term) for (kind, term), _ in kept]),
        kinds=bytes([kind for (kind, _), _ in kept]),
        counts=bytes([min(count, MAX_COUNT) for _, count in kept]),
        when=When(day=_day_of(article.published_at, ingested_at), arrived=ingested_at.timestamp() / SECONDS_A_DAY),
    )


def pack_features(features: Features) -> bytes:
    """Return the features as a few hundred bytes."""
    hashes = array("I", features.terms)
    marks = bytes(map(add, features.kinds, features.counts.translate(_MARK_OF)))
    header = _PACKED.pack(_pack_day(features.when.day), _IN_ONE_BYTE | len(hashes))
    return header + hashes.tobytes() + marks + _DAY.pack(_pack_day(features.when.arrived))


def unpack_features(packed: bytes) -> Features:
    """Return the features that were packed, also by older versions of this program."""
    day, length = _PACKED.unpack_from(packed)
    in_one_byte, length = length & _IN_ONE_BYTE, length & ~_IN_ONE_BYTE
    hashes = array("I")
    start = _PACKED.size
    end = start + length * hashes.itemsize
    hashes.frombytes(packed[start:end])
    marks_end = end + (length if in_one_byte else 2 * length)
    marks = packed[end:marks_end]
    # The oldest end there: when their article came in was not kept.
    (arrived,) = _DAY.unpack_from(packed, marks_end) if len(packed) > marks_end else (_UNKNOWN_DAY,)
    return Features(
        terms=tuple(hashes),
        kinds=marks.translate(_KIND_OF) if in_one_byte else marks[:length],
        counts=marks.translate(_COUNT_OF) if in_one_byte else marks[length:],
        when=When(day=_unpack_day(day), arrived=_unpack_day(arrived)),
    )


def _pack_day(day: float | None) -> float:
    return _UNKNOWN_DAY if day is None else day


def _unpack_day(day: float) -> float | None:
    return None if math.isnan(day) else day


def _hash(kind: int, term: str) -> int:
    return crc32(term.encode("utf-8", "surrogatepass"), kind)


def _day_of(published_at: datetime | None, ingested_at: datetime) -> float | None:
    if published_at is None or not EARLIEST <= published_at <= ingested_at + MAX_AHEAD:
        return None
    return published_at.timestamp() / SECONDS_A_DAY
