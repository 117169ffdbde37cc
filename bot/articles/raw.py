"""What a file holds before it is an article: the text or paragraphs of each item, and what its format states about it.

Every format reader makes these and nothing else, so that cleaning, splitting and naming happen in one place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import Article, Prepared, RemovedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class RawArticle:
    """One item of a file: pasted `text` still to be cleaned, or `paragraphs` that are structured already.

    What the format states (a JSON field, front matter) stands in the named fields and wins over what the cleaner
    finds. `title_hint` is a title that may be wrong (a PDF's metadata): it helps the cleaner and fills a gap.
    `first_line` is the number of the text's first line in the file.
    `item` counts lines, rows or entries from 1 in a file of several, and is None in a file of one.
    """

    text: str | None = None
    first_line: int = 1
    paragraphs: tuple[str, ...] = ()
    given_id: str | None = None
    title: str | None = None
    title_hint: str | None = None
    deck: str | None = None
    byline: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None
    published_at: datetime | None = None
    published_day_only: bool = False
    modified_at: datetime | None = None
    language: str | None = None
    subheads: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    key_points: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    item: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProblem:
    """An item of a file that could not be read, and why; the file's other items are not touched by it."""

    item: int
    reason: str


class RawArticles(list[RawArticle]):
    """The readable items of one file, in its order, and the `problems` of the others."""

    def __init__(self, items: Iterable[RawArticle] = (), *, problems: Iterable[ItemProblem] = ()) -> None:
        super().__init__(items)
        self.problems: tuple[ItemProblem, ...] = tuple(problems)

    def numbered_after(self, items_before: int) -> RawArticles:
        """Return the same items with their numbers raised by those of the file's earlier parts."""
        if not items_before:
            return self
        return RawArticles(
            (replace(one, item=one.item + items_before) if one.item is not None else one for one in self),
            problems=(replace(problem, item=problem.item + items_before) for problem in self.problems),
        )


class Articles(list[Article]):
    """The articles of one file, in its order, and the `problems` of the items that are not among them.

    `prepared` holds, in the same order, what the reader made of each article beside reading it, None where it made
    nothing; it is empty for a reader that only reads.
    """

    def __init__(self, items: Iterable[Article] = (), *, problems: Iterable[ItemProblem] = ()) -> None:
        super().__init__(items)
        self.problems: tuple[ItemProblem, ...] = tuple(problems)
        self.prepared: list[Prepared | None] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """What a feed announces: `link` is the page of the article, `markup` what the feed itself holds of it.

    `text` is the markup without tags, on one line. Nothing here is cleaned: the article is read later, from its file.
    """

    link: str | None
    guid: str | None
    title: str | None
    markup: str
    text: str
    published_at: datetime | None
    updated_at: datetime | None
    byline: tuple[str, ...]
    source: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it was fetched; `left_out` counts entries beyond those that are looked at."""

    title: str | None
    entries: tuple[FeedEntry, ...]
    left_out: int
