"""Keeps every stored article in a story: places what came in, and catches up what is unplaced after a crash or an
update.

The index of stories that can still grow is read from the book when it is first needed, and again whenever another
process has placed articles meanwhile. Only one batch is placed at a time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.courtesy import give_way
from bot.model import Article
from bot.ports import Clock, Placed, StoryBook
from bot.stories.clustering import Arrival, Moved, Place, StoryIndex
from bot.stories.features import NO_FEATURES, pack_features, read_features, unpack_features
from bot.stories.similarity import find_duplicates

# Articles placed in one transaction: enough that its cost is small, few enough that a stop waits a moment only.
BATCH_ARTICLES: Final = 256
# Placements the index is made of at start: what came in before them hardly grows any more.
REMEMBERED: Final = 20_000
# Articles of files that are sorted together: as many as one would read at once, few enough for the memory.
SORTED_AT_ONCE: Final = 5_000

Progress = Callable[[int, int], None]


class StoryPlacer:
    """Places articles into the stories of one book."""

    def __init__(self, book: StoryBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()
        self._index: StoryIndex | None = None
        self._revision = 0
        self._stopping = False

    def stop(self) -> None:
        """Ask a running catch-up to end after the batch it is at; the rest is placed at the next start."""
        self._stopping = True

    async def catch_up(self, progress: Progress | None = None) -> int:
        """Place every article that has no story yet; return how many that were. A second call changes nothing.

        `progress` is called after each batch when there are several: what an update or a crash left takes a while.
        """
        async with self._one_at_a_time:
            done = to_do = 0
            while not self._stopping and (articles := await self._book.unplaced(limit=BATCH_ARTICLES)):
                if progress and not done and len(articles) == BATCH_ARTICLES:
                    to_do = await self._book.count_unplaced()
                await self._place(articles)
                done += len(articles)
                if progress and to_do > BATCH_ARTICLES:
                    progress(done, max(done, to_do))
            return done

    async def _place(self, articles: Sequence[Article]) -> None:
        while True:
            index = await self._up_to_date()
            arrivals = await self._arrivals(articles)
            placing = await asyncio.to_thread(index.place, arrivals)
            placed = [*_moved(placing.moved), *_placed(arrivals, placing.places)]
            # Until it is kept, the index knows more than the book: after a failure it is read anew.
            self._index = None
            revision = await self._book.place(placed, after=self._revision)
            if revision is not None:
                self._index, self._revision = index, revision
                return

    async def _up_to_date(self) -> StoryIndex:
        index, known = (StoryIndex(), 0) if self._index is None else (self._index, self._revision)
        revision, placed = await self._book.placed_after(known, newest=REMEMBERED)
        if placed:
            await asyncio.to_thread(_remember, index, placed)
        self._index, self._revision = index, revision
        return index

    async def _arrivals(self, articles: Sequence[Article]) -> list[Arrival]:
        here = {article.id for article in articles}
        originals = [article.duplicate_of for article in articles if article.duplicate_of is not None]
        known = await self._book.placements([*here, *originals])
        places = {one: Place(event=place.event, storyline=place.storyline) for one, place in known.items()}
        arrived = await self._book.ingested_at([article.ingested_seq for article in articles])
        return await asyncio.to_thread(_read_all, articles, places, here, arrived, self._clock.now())


def _remember(index: StoryIndex, placed: Sequence[Placed]) -> None:
    for one in placed:
        give_way()
        place = Place(event=one.event, storyline=one.storyline)
        index.remember(one.article_id, unpack_features(one.features), place, seq=one.seq)


def _moved(moved: Sequence[Moved]) -> list[Placed]:
    return [
        Placed(
            article_id=one.article_id,
            seq=one.seq,
            event=one.place.event,
            storyline=one.place.storyline,
            features=one.packed,
        )
        for one in moved
    ]


def _placed(arrivals: Sequence[Arrival], places: Sequence[Place]) -> list[Placed]:
    return [
        Placed(
            article_id=arrival.article_id,
            seq=arrival.seq,
            event=place.event,
            storyline=place.storyline,
            features=pack_features(arrival.features),
        )
        for arrival, place in zip(arrivals, places, strict=True)
    ]


def _read_all(
    articles: Sequence[Article],
    places: Mapping[str, Place],
    here: Collection[str],
    arrived: Mapping[int, datetime],
    now: datetime,
) -> list[Arrival]:
    arrivals = []
    for article in articles:
        give_way()
        root = article.duplicate_of
        # A copy says nothing that its original does not: it must not count twice.
        follows = root is not None and (root in here or root in places)
        arrivals.append(
            Arrival(
                article_id=article.id,
                seq=article.ingested_seq,
                features=NO_FEATURES
                if follows
                else read_features(article, ingested_at=arrived.get(article.ingested_seq, now)),
                before=places.get(root or article.id),
                original=root if follows else None,
            )
        )
    return arrivals


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """An article with its event and its storyline, and the id of the earlier article it copies."""

    article: Article
    event: str
    storyline: str
    duplicate_of: str | None


def sort_into_stories(articles: Sequence[Article], now: datetime) -> list[Sorted]:
    """Return where each of these articles belongs, in order, as if they came in now, in this order."""
    copies = find_duplicates([f"{article.title or ''}\n{article.body}" for article in articles])
    index = StoryIndex()
    # An id of its own for each: articles of several files may share one.
    seen: Counter[str] = Counter()
    ids = []
    for article in articles:
        seen[article.id] += 1
        ids.append(article.id if seen[article.id] == 1 else f"{article.id}\n{seen[article.id]}")
    places: list[Place] = []
    for start in range(0, len(articles), SORTED_AT_ONCE):
        arrivals = []
        for position in range(start, min(start + SORTED_AT_ONCE, len(articles))):
            root = copies[position]
            arrivals.append(
                Arrival(
                    article_id=ids[position],
                    features=read_features(articles[position], ingested_at=now) if root is None else NO_FEATURES,
                    before=places[root] if root is not None and root < start else None,
                    original=None if root is None else ids[root],
                )
            )
        placing = index.place(arrivals)
        places += placing.places
        now_in = {one.article_id: one.place for one in placing.moved}
        # A copy goes with its original.
        for position, root in enumerate(copies[:start]):
            places[position] = now_in.get(ids[position if root is None else root], places[position])
    return [
        Sorted(
            article=article,
            event=place.event,
            storyline=place.storyline,
            duplicate_of=None if root is None else articles[root].id,
        )
        for article, place, root in zip(articles, places, copies, strict=True)
    ]
