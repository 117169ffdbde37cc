"""Word lists written as running text, the form in which they are easiest to read and to add to."""

from __future__ import annotations


def word_set(listing: str) -> frozenset[str]:
    """Return the words of a listing."""
    return frozenset(listing.split())


def any_of(listing: str) -> str:
    """Return a regular expression for any word of a listing, longer ones first."""
    return "|".join(sorted(listing.split(), key=lambda word: (-len(word), word)))
