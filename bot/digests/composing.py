"""Composes a digest from what was ingested since the last one. Pure.

Selection is by ingest sequence alone: a file dated 1970 or 2099 is told exactly once, like any other. Order is newest
first. Near-copies are merged into the article they copy. What does not fit is named by its headline, never dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import Article, Bullet, Coverage, Digest, DigestItem, Summary

MIN_BULLETS = 2
"""Bullets an article keeps at least when a digest is short of room."""

ITEM_OVERHEAD_CHARS = 80
"""Characters that an article's heading line and its source line take beside headline and bullets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much one digest may hold: articles shown with bullets, and characters in all."""

    max_articles: int
    max_chars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderCounts:
    """What the folder holds that could not be read, now: files."""

    quarantined: int
    waiting: int


def compose_digest(
    articles: Sequence[Article],
    summaries: Mapping[str, Summary],
    *,
    since_seq: int,
    until_seq: int,
    folder: FolderCounts,
    made_at: datetime,
    size: Size,
) -> Digest:
    """Return the digest of these articles; an empty one when there are none.

    `summaries` are by article id; an article without one is named by its headline only.
    """
    items, merged = merge_copies(articles, summaries, made_at=made_at)
    shown, held_back = _fit(items, size)
    written = [item.summary.writer for item in shown]
    coverage = Coverage(
        read=len(articles),
        quarantined=folder.quarantined,
        waiting=folder.waiting,
        merged=merged,
        shown=len(shown),
        extractive=written.count("extractive"),
        llm=written.count("llm"),
        usd=sum(item.summary.cost.usd for item in shown),
    )
    return Digest(
        made_at=made_at,
        since_seq=since_seq,
        until_seq=until_seq,
        items=tuple(shown),
        held_back=tuple(held_back),
        coverage=coverage,
    )


def merge_copies(
    articles: Sequence[Article], summaries: Mapping[str, Summary], *, made_at: datetime
) -> tuple[list[DigestItem], int]:
    """Return one item for each article that is no copy of another here, newest first, and how many were merged.

    A copy whose original was told before is merged too: it is counted, and nothing of it is told again.
    """
    here = {article.id: article for article in articles}
    copies: dict[str, list[str]] = defaultdict(list)
    for article in articles:
        if article.duplicate_of is not None:
            copies[article.duplicate_of].append(article.source or article.path)
    originals = [article for article in here.values() if article.duplicate_of is None]
    originals.sort(key=lambda article: _recency(article, made_at), reverse=True)
    items = [
        DigestItem(article=article, summary=summaries[article.id], merged=tuple(copies.get(article.id, ())))
        for article in originals
        if article.id in summaries
    ]
    return items, sum(len(names) for names in copies.values())


def _recency(article: Article, made_at: datetime) -> tuple[datetime, int]:
    # An undated article came in just now, for all we know; a date in the future is a mistake or an embargo.
    published_at = article.published_at or made_at
    return min(published_at, made_at), article.ingested_seq


def _fit(items: Sequence[DigestItem], size: Size) -> tuple[list[DigestItem], list[str]]:
    shown: list[DigestItem] = []
    left = size.max_chars
    for item in items:
        if len(shown) == size.max_articles:
            break
        fitted = _fit_item(item, left)
        if fitted is None and shown:
            break
        chosen = fitted or replace(item, summary=_with_bullets(item.summary, item.summary.bullets[:MIN_BULLETS]))
        shown.append(chosen)
        left -= _length(chosen)
    held_back = [item.summary.headline for item in items[len(shown) :]]
    return shown, held_back


def _fit_item(item: DigestItem, max_chars: int) -> DigestItem | None:
    bullets = item.summary.bullets
    for count in range(len(bullets), min(MIN_BULLETS, len(bullets)) - 1, -1):
        candidate = replace(item, summary=_with_bullets(item.summary, bullets[:count]))
        if _length(candidate) <= max_chars:
            return candidate
    return None


def _with_bullets(summary: Summary, bullets: tuple[Bullet, ...]) -> Summary:
    return replace(summary, bullets=bullets)


def _length(item: DigestItem) -> int:
    bullets = sum(len(bullet.text) + len(bullet.attribution or "") + 8 for bullet in item.summary.bullets)
    return ITEM_OVERHEAD_CHARS + len(item.summary.headline) + bullets
