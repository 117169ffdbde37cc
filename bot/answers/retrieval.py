"""Finds the articles that may answer a question, among those that whoever asks may see."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final

from bot.model import Article, Hit
from bot.ports import Archive

ARTICLES_SEARCHED: Final = 8
"""Best hits whose sentences are compared with a question: the ninth never held the best one."""
WIDENED: Final = 4
"""How many more are asked for when limits or collections leave too few."""
MAX_SEARCHED: Final = 800
"""Hits asked for at most to find enough that may be seen."""


def is_visible(article: Article, collections: Collection[str] | None) -> bool:
    """Return whether a workspace that may see these collections (None: all) may see the article."""
    return collections is None or article.collection in collections


async def visible_hits(archive: Archive, words: str, *, limit: int, collections: Collection[str] | None) -> list[Hit]:
    """Return the articles that match and may be seen, best first."""
    asked = limit
    while True:
        hits = await archive.search(words, limit=asked)
        seen = [hit for hit in hits if is_visible(hit.article, collections)]
        if len(seen) >= limit or len(hits) < asked or asked >= MAX_SEARCHED:
            return seen[:limit]
        asked = min(asked * WIDENED, MAX_SEARCHED)


async def find_articles(
    archive: Archive,
    words: str,
    *,
    collections: Collection[str] | None,
    since: datetime | None = None,
    source: str = "",
    limit: int = ARTICLES_SEARCHED,
) -> list[Hit]:
    """Return the articles that match, best first; those before `since` or of other sources are left out."""
    wide = limit * WIDENED if since or source else limit
    hits = await visible_hits(archive, words, limit=wide, collections=collections)
    return [hit for hit in hits if is_within(hit.article, source, since)][:limit]


def is_within(article: Article, source: str, since: datetime | None) -> bool:
    """Return whether an article is of this source and not from before this moment; an undated one may be of any day."""
    if source and source.casefold() not in (article.source or "").casefold():
        return False
    return since is None or article.published_at is None or article.published_at >= since
