"""Composes a digest from what was ingested since the last one. Pure.

Selection is by ingest sequence alone: a file dated 1970 or 2099 is told exactly once, like any other. Order is newest
first. Near-copies are merged into the article they copy. What does not fit is named by its headline, never dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model import Article, Coverage, Digest, DigestItem, Summary

MIN_BULLETS = 2
"""Bullets an article keeps at least when a digest is short of room."""

ITEM_OVERHEAD_CHARS = 80
"""Characters that an article's heading line and its source line take beside headline and bullets."""

BULLET_OVERHEAD_CHARS = 8
"""Characters of a bullet's mark and its sentence marks."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles a digest shows and which it only names, newest first; `copies` names each one's near-copies."""

    shown: tuple[Article, ...]
    named: tuple[Article, ...]
    copies: Mapping[str, tuple[str, ...]]
    read: int
    merged: int


def select_for_digest(heads: Sequence[Article], *, made_at: datetime, max_articles: int) -> Selection:
    """Return which of these articles (their texts may be left out) are shown.

    A copy whose original was told before is merged too: it is counted, and nothing of it is told again.
    """
    copies: dict[str, list[str]] = defaultdict(list)
    for head in heads:
        if head.duplicate_of is not None:
            copies[head.duplicate_of].append(head.source or head.path)
    originals = [head for head in heads if head.duplicate_of is None]
    originals.sort(key=lambda head: _recency(head, made_at), reverse=True)
    return Selection(
        shown=tuple(originals[:max_articles]),
        named=tuple(originals[max_articles:]),
        copies={original: tuple(names) for original, names in copies.items()},
        read=len(heads),
        merged=len(heads) - len(originals),
    )


def compose_digest(
    articles: Sequence[Article],
    summaries: Mapping[str, Summary],
    *,
    selection: Selection,
    since_seq: int,
    until_seq: int,
    folder: FolderCounts,
    made_at: datetime,
    size: Size,
) -> Digest:
    """Return the digest of a selection; an empty one when nothing was selected.

    `articles` are the shown ones with their texts, in any order; `summaries` are theirs, by article id.
    """
    by_id = {article.id: article for article in articles}
    items = [
        DigestItem(article=by_id[head.id], summary=summaries[head.id], merged=selection.copies.get(head.id, ()))
        for head in selection.shown
    ]
    shown = _fit(items, size.max_chars)
    unfitted = [item.summary.headline for item in items[len(shown) :]]
    writers = [item.summary.writer for item in shown]
    return Digest(
        made_at=made_at,
        since_seq=since_seq,
        until_seq=until_seq,
        items=tuple(shown),
        held_back=(*unfitted, *(head.title or head.path for head in selection.named)),
        coverage=Coverage(
            read=selection.read,
            quarantined=folder.quarantined,
            waiting=folder.waiting,
            merged=selection.merged,
            shown=len(shown),
            extractive=writers.count("extractive"),
            llm=writers.count("llm"),
            usd=sum(item.summary.cost.usd for item in shown),
        ),
    )


def _recency(article: Article, made_at: datetime) -> tuple[datetime, int]:
    # An undated article came in just now, for all we know; a date in the future is a mistake or an embargo.
    return min(article.published_at or made_at, made_at), article.ingested_seq


def _fit(items: Sequence[DigestItem], max_chars: int) -> list[DigestItem]:
    shown: list[DigestItem] = []
    left = max_chars
    for item in items:
        fitted = _fit_item(item, left)
        if fitted is None and shown:
            break
        # The first article is always told, however small the digest must be.
        chosen = fitted or _shortened(item, MIN_BULLETS)
        shown.append(chosen)
        left -= _length(chosen)
    return shown


def _fit_item(item: DigestItem, max_chars: int) -> DigestItem | None:
    most = len(item.summary.bullets)
    for count in range(most, min(MIN_BULLETS, most) - 1, -1):
        candidate = _shortened(item, count)
        if _length(candidate) <= max_chars:
            return candidate
    return None


def _shortened(item: DigestItem, bullets: int) -> DigestItem:
    return replace(item, summary=replace(item.summary, bullets=item.summary.bullets[:bullets]))


def _length(item: DigestItem) -> int:
    bullets = sum(
        len(bullet.text) + len(bullet.attribution or "") + BULLET_OVERHEAD_CHARS for bullet in item.summary.bullets
    )
    return ITEM_OVERHEAD_CHARS + len(item.summary.headline) + bullets
