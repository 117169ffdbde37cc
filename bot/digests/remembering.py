"""What a digest leaves in its channel's memory: every line it tells, with what it rests on. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.model import Digest, DigestItem, StoryBullet
from bot.ports import ToldLine
from bot.stories.novelty import fingerprint_of


def lines_told(digest: Digest) -> list[ToldLine]:
    """Return the lines that a reader of this digest has been told, in order; why something matters is no news."""
    at = digest.made_at.astimezone(UTC)
    return [line for item in digest.items for line in lines_of_item(item, at=at, seq=digest.until_seq)]


def lines_of_item(item: DigestItem, *, at: datetime, seq: int) -> list[ToldLine]:
    """Return the lines that a reader of this story has been told, by a digest made then and reaching so far."""
    return [_line(item, bullet, at=at, seq=seq) for bullet in bullets_told(item)]


def bullets_told(item: DigestItem) -> Iterator[StoryBullet]:
    """Yield what an item tells: the bullet that stands in its headline, then those shown."""
    if item.headline_bullet is not None:
        yield item.headline_bullet
    yield from item.bullets


def _line(item: DigestItem, bullet: StoryBullet, *, at: datetime, seq: int) -> ToldLine:
    citation = bullet.citations[0]
    language = next((one.language for one in item.articles if one.id == citation.article_id), "und")
    return ToldLine(
        fingerprint=fingerprint_of(bullet.text),
        text=bullet.text,
        language=language,
        event=item.story.id,
        storyline=item.story.storyline,
        headline=item.headline,
        citation=citation,
        at=at,
        seq=seq,
    )
