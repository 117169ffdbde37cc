"""Composes a digest: the stories that fit, what is only named, what the channel knows already. Pure.

Selection is by ingest sequence alone: a file dated 1970 or 2099 is told exactly once, like any other. What does not fit
is named by its headline, never dropped; a slow day makes a short digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.messages.stories import conflict_text
from bot.model import Coverage, Digest, DigestItem, KnownStory

# Bullets a story keeps at least when a digest is short of room.
MIN_BULLETS: Final = 2
# Characters that a story's heading, its source line and its remarks take beside headline and bullets.
ITEM_OVERHEAD_CHARS: Final = 80
# Characters of a bullet's mark and its sentence marks.
BULLET_OVERHEAD_CHARS: Final = 8
# Characters of the words around what changed.
CHANGE_OVERHEAD_CHARS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much one digest may hold: stories shown with bullets, and characters in all."""

    max_articles: int
    max_chars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderCounts:
    """What the folder holds that could not be read, now: files."""

    quarantined: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What goes into a digest, in the order to be told: stories, headlines of further ones, and stories known."""

    items: tuple[DigestItem, ...]
    named: tuple[str, ...]
    known: tuple[KnownStory, ...]
    read: int
    merged: int


def compose_digest(
    told: Told, *, since_seq: int, until_seq: int, folder: FolderCounts, made_at: datetime, max_chars: int
) -> Digest:
    """Return the digest of what was selected; an empty one when nothing was."""
    shown = fit_items(told.items, max_chars)
    unfitted = [item.headline for item in told.items[len(shown) :]]
    writers = [item.writer for item in shown]
    return Digest(
        made_at=made_at,
        since_seq=since_seq,
        until_seq=until_seq,
        items=tuple(shown),
        held_back=(*unfitted, *told.named),
        known=told.known,
        coverage=Coverage(
            read=told.read,
            quarantined=folder.quarantined,
            waiting=folder.waiting,
            merged=told.merged,
            known=sum(story.articles for story in told.known),
            shown=len(shown),
            extractive=writers.count("extractive"),
            llm=writers.count("llm"),
            usd=sum(item.usd for item in shown),
        ),
    )


def fit_items(items: Sequence[DigestItem], max_chars: int) -> list[DigestItem]:
    """Return the items that fit, each with as many bullets as do; the first is told however small the room is."""
    shown: list[DigestItem] = []
    left = max_chars
    for item in items:
        fitted = _fit_item(item, left)
        if fitted is None and shown:
            break
        chosen = fitted or _shortened(item, MIN_BULLETS)
        shown.append(chosen)
        left -= _length(chosen)
    return shown


def _fit_item(item: DigestItem, max_chars: int) -> DigestItem | None:
    most = len(item.bullets)
    for count in range(most, min(MIN_BULLETS, most) - 1, -1):
        candidate = _shortened(item, count)
        if _length(candidate) <= max_chars:
            return candidate
    return None


def _shortened(item: DigestItem, bullets: int) -> DigestItem:
    """Return the item with fewer bullets: those that say what changed stay, then the first ones."""
    if bullets >= len(item.bullets):
        return item
    changed = {change.now for change in item.changes}
    by_worth = sorted(range(len(item.bullets)), key=lambda at: (item.bullets[at].citations[0] not in changed, at))
    kept = tuple(item.bullets[at] for at in sorted(by_worth[:bullets]))
    told = {bullet.citations[0] for bullet in kept}
    return replace(item, bullets=kept, changes=tuple(change for change in item.changes if change.now in told))


def _length(item: DigestItem) -> int:
    lines = (*item.bullets, *([item.why_it_matters] if item.why_it_matters else []))
    bullets = sum(len(line.text) + len(line.attribution or "") + BULLET_OVERHEAD_CHARS for line in lines)
    changes = sum(
        len(change.before) + len(change.after) + len(change.told_text) + CHANGE_OVERHEAD_CHARS
        for change in item.changes
    )
    conflicts = sum(len(conflict_text(conflict)) for conflict in item.story.conflicts)
    return ITEM_OVERHEAD_CHARS + len(item.headline) + bullets + changes + conflicts
