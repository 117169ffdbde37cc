"""Decides which stored article an incoming one is: the same, an edit, a rename, a copy or a new one. Pure.

The identity an article is given (its URL, its id or its path) is kept apart from its content. Rules, first match wins:
1. the same file already gave this identity: the same article, perhaps edited;
2. an article of this identity whose file is gone: it moved, perhaps edited;
3. an article with exactly this content whose file is gone: it was renamed;
4. otherwise it is new, under its given identity, or under that and a hash of its path when the identity is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from bot.model import Article

# Bytes of the hash that sets apart two articles of one identity: 8 hexadecimal digits.
CLASH_HASH_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An article as it was read, and the file it was read from."""

    article: Article
    file: bytes


@dataclass(slots=True, kw_only=True)
class Known:
    """An article of the archive while a batch is decided; `file` is None when no file holds it any more.

    `first_version` is what was stored before the batch, None for an article the batch brings.
    """

    key: int
    id: str
    given_id: str
    file: bytes | None
    version: str
    duplicate_of: str | None
    seq: int
    first_version: str | None
    claimed: bool = False


@dataclass(slots=True, kw_only=True)
class Shelf:
    """The stored articles that a batch may concern, found by identity, file or content."""

    gone_files: Collection[bytes]
    next_key: int
    rows: list[Known] = field(default_factory=list)
    _by_given: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    _by_version: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    _ids: set[str] = field(default_factory=set)

    def put(self, row: Known) -> None:
        """Add one article."""
        self.rows.append(row)
        self._ids.add(row.id)
        for name in {row.id, row.given_id}:
            self._by_given[name].append(row)
        self._by_version[row.version].append(row)

    def named(self, name: str) -> list[Known]:
        """Return the articles that have this identity or were given it."""
        return self._by_given.get(name, [])

    def holding(self, version: str) -> list[Known]:
        """Return the articles that hold this content now, or did before the batch, oldest first."""
        return sorted(self._by_version.get(version, []), key=lambda row: row.key)

    def is_taken(self, article_id: str) -> bool:
        """Return whether an article has this id."""
        return article_id in self._ids

    def is_gone(self, row: Known) -> bool:
        """Return whether no file holds this article any more."""
        return row.file is None or row.file in self.gone_files


def identify(incoming: Sequence[Incoming], shelf: Shelf) -> list[Known]:
    """Return the stored article of each incoming one, changed as the batch changes it; new ones are put on the shelf.

    An article whose file is in the batch without its content has left that file: what was renamed is found before what
    took its place. Sequence numbers and duplicates are decided later.
    """
    leaving = _leaving(incoming, shelf.rows)
    decided: dict[int, Known] = {}
    for position, one in enumerate(incoming):
        row = _same_file(one, shelf, leaving)
        if row is not None:
            decided[position] = _claim(row, one)
    for position, one in enumerate(incoming):
        if position not in decided:
            row = _renamed(one, shelf, leaving) or _moved(one, shelf)
            if row is not None:
                decided[position] = _claim(row, one)
    for position, one in enumerate(incoming):
        if position not in decided:
            row = _edited(one, shelf) or _new(one, shelf)
            decided[position] = _claim(row, one)
    return [decided[position] for position in range(len(incoming))]


def _leaving(incoming: Iterable[Incoming], rows: Iterable[Known]) -> set[int]:
    """Return the keys of articles whose file was read again without their content, while another file now has it."""
    contents: dict[bytes, set[str]] = defaultdict(set)
    for one in incoming:
        contents[one.file].add(one.article.version)
    return {
        row.key
        for row in rows
        if row.file is not None
        and row.file in contents
        and row.version not in contents[row.file]
        and any(row.version in versions for versions in contents.values())
    }


def _same_file(one: Incoming, shelf: Shelf, leaving: Collection[int]) -> Known | None:
    """Return the article this file gave under this identity, unless its content went to another file."""
    rows = [row for row in shelf.named(one.article.id) if row.file == one.file and not row.claimed]
    exact = [row for row in rows if row.version == one.article.version]
    if exact:
        return exact[0]
    return next((row for row in rows if row.key not in leaving and row.given_id == one.article.id), None)


def _moved(one: Incoming, shelf: Shelf) -> Known | None:
    """Return the article of this identity if its file is gone."""
    return next((row for row in shelf.named(one.article.id) if not row.claimed and shelf.is_gone(row)), None)


def _renamed(one: Incoming, shelf: Shelf, leaving: Collection[int]) -> Known | None:
    """Return the article with this content if no file holds it any more."""
    rows = (row for row in shelf.holding(one.article.version) if not row.claimed)
    return next((row for row in rows if shelf.is_gone(row) or row.key in leaving), None)


def _edited(one: Incoming, shelf: Shelf) -> Known | None:
    """Return the article this file gave under this identity although its old content turned up elsewhere."""
    rows = [row for row in shelf.named(one.article.id) if row.file == one.file and not row.claimed]
    return next((row for row in rows if row.given_id == one.article.id), None)


def _new(one: Incoming, shelf: Shelf) -> Known:
    article_id = one.article.id
    place = one.file
    while shelf.is_taken(article_id):
        article_id = f"{one.article.id}~{blake2b(place, digest_size=CLASH_HASH_BYTES).hexdigest()}"
        # A second clash means several articles of one identity in one file: their number tells them apart.
        place = b"%s\x00%d" % (one.file, len(shelf.rows))
    row = Known(
        key=shelf.next_key,
        id=article_id,
        given_id=one.article.id,
        file=one.file,
        version=one.article.version,
        duplicate_of=None,
        seq=0,
        first_version=None,
    )
    shelf.next_key += 1
    shelf.put(row)
    return row


def _claim(row: Known, one: Incoming) -> Known:
    """Let a stored article stand for the incoming one."""
    row.claimed = True
    row.file = one.file
    row.given_id = one.article.id
    row.version = one.article.version
    return row
