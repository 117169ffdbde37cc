"""Decides which articles of a batch are copies or near-copies of others. Pure.

A copy points to the article that brought its text first, never to another copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import Article
from bot.storage.identity import Known
from bot.stories.similarity import MAX_CHARS, CopyFinder, Fingerprint, fingerprint


@dataclass(slots=True, kw_only=True)
class Copies:
    """What the stored and the already decided articles of a batch hold."""

    ids: dict[int, str] = field(default_factory=dict)
    roots: dict[int, str | None] = field(default_factory=dict)
    by_version: dict[str, int] = field(default_factory=dict)
    finder: CopyFinder[int] = field(default_factory=CopyFinder)

    def put(self, *, key: int, article_id: str, duplicate_of: str | None) -> None:
        """Add an article that others may copy."""
        self.ids[key] = article_id
        self.roots[key] = duplicate_of

    def root_of(self, key: int) -> str:
        """Return the id of the article that brought this text first."""
        return self.roots[key] or self.ids[key]

    def copies_of(self, article_id: str) -> set[int]:
        """Return the keys of the known copies of an article."""
        return {key for key, root in self.roots.items() if root == article_id}


def fingerprint_of(article: Article) -> Fingerprint:
    """Return the fingerprint of title and body: the title tells short notices apart."""
    return fingerprint(copied_text(article))


def known_fingerprint(text: str, *, shingles: Iterable[int], sample: tuple[int, ...]) -> Fingerprint:
    """Return the fingerprint of this text, worked out before."""
    return Fingerprint(shingles=frozenset(shingles), sample=sample, text=text[:MAX_CHARS])


def copied_text(article: Article) -> str:
    """Return the text by which copies of an article are told."""
    return f"{article.title or ''}\n{article.body}"


def decide_copies(
    rows: Sequence[Known], prints: Sequence[Fingerprint], copies: Copies, others: Iterable[Known]
) -> Mapping[str, str]:
    """Set `duplicate_of` of changed articles, in order; return which root gave way to which (old id -> new id).

    `prints` goes with `rows`; `others` are stored articles outside the batch that may hold the same content.
    """
    for other in sorted(others, key=lambda row: row.key):
        copies.put(key=other.key, article_id=other.id, duplicate_of=other.duplicate_of)
        copies.by_version.setdefault(other.version, other.key)
    gave_way: dict[str, str] = {}
    for row, print_ in zip(rows, prints, strict=True):
        is_new = row.first_version is None
        own = {row.key} if is_new else copies.copies_of(row.id) | {row.key}
        found = copies.by_version.get(row.version)
        if found is None or found in own:
            found = copies.finder.find(print_, ignoring=own)
        row.duplicate_of = None if found is None else copies.root_of(found)
        if row.duplicate_of is not None and not is_new:
            gave_way[row.id] = row.duplicate_of
            for key in own:
                copies.roots[key] = row.duplicate_of
        copies.put(key=row.key, article_id=row.id, duplicate_of=row.duplicate_of)
        copies.by_version.setdefault(row.version, row.key)
        copies.finder.add(row.key, print_)
    return gave_way
