"""What of an article tells which story it belongs to: its words, names and numbers as hashes, and its day. Pure.

The words of title and first sentences, every capitalised word inside a sentence (most are names), and every numeral.
Terms are hashed to 32 bits, the same in every process, so that they are small in memory and in the archive. Two terms
share a hash once in millions of pairs; a story is never told by one term alone.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
_PACKED: Final = struct.Struct("<dI")


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """The terms of one article: hash, kind (WORD, NAME or NUMBER) and occurrences side by side; the most telling
    first. `day` counts days since 1970, None when the article has no date one can believe."""

    terms: tuple[int, ...]
    kinds: bytes
    counts: bytes
    day: float | None


NO_FEATURES: Final = Features(terms=(), kinds=b"", counts=b"", day=None)


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
        counts=bytes([min(count, 255) for _, count in kept]),
        day=_day_of(article.published_at, ingested_at),
    )


def pack_features(features: Features) -> bytes:
    """Return the features as a few hundred bytes."""
    day = float("nan") if features.day is None else features.day
    hashes = array("I", features.terms)
    return _PACKED.pack(day, len(hashes)) + hashes.tobytes() + features.kinds + features.counts


def unpack_features(packed: bytes) -> Features:
    """Return the features that were packed."""
    day, length = _PACKED.unpack_from(packed)
    hashes = array("I")
    start = _PACKED.size
    end = start + length * hashes.itemsize
    hashes.frombytes(packed[start:end])
    return Features(
        terms=tuple(hashes),
        kinds=packed[end : end + length],
        counts=packed[end + length :],
        day=None if day != day else day,
    )


def _hash(kind: int, term: str) -> int:
    return crc32(term.encode("utf-8", "surrogatepass"), kind)


def _day_of(published_at: datetime | None, ingested_at: datetime) -> float | None:
    if published_at is None or not EARLIEST <= published_at <= ingested_at + MAX_AHEAD:
        return None
    return published_at.timestamp() / SECONDS_A_DAY
