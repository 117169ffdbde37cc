"""What each part of a digest's message says of which article: so that it can be noted there if that changes. Pure.

Articles that are only named ("Also new") are not among them: nothing was told of them that could change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.model import Buttons, DigestItem, Footer, Heading, Message, Post, StoryBullet
from bot.ports import Shown, ShownLine


def showings(
    items: Sequence[DigestItem], message: Message, posts: Sequence[Post], *, zone: str, at: datetime
) -> tuple[Shown, ...]:
    """Return what the posts of this message say of each article; `zone` is that of the moments in it.

    A line rests on the article that its words come from; who says the same beside it is not told of.
    """
    anchors = list(_anchors(message))
    if len(anchors) != len(items):
        anchors = [""] * len(items)
    found: dict[tuple[str, str], Shown] = {}
    for item, anchor in zip(items, anchors, strict=True):
        post = _part_with(anchor, posts)
        for article in item.articles:
            lines = tuple(_line(bullet) for bullet in _bullets(item) if bullet.citations[0].article_id == article.id)
            leads = article.id == item.article.id and bool(article.title)
            if not lines and not leads:
                continue
            shown = Shown(
                post_id=post.id,
                article_id=article.id,
                version=article.version,
                anchor=anchor,
                about=item.headline,
                headline=(article.title or "") if leads else "",
                lines=lines,
                zone=zone,
                at=at,
            )
            found.setdefault((post.id, article.id), shown)
    return tuple(found.values())


def _anchors(message: Message) -> Iterator[str]:
    """Yield for each item, which is a heading with a number, the action of the first button under it, or ""."""
    open_item, anchor = False, ""
    for block in message.blocks:
        if isinstance(block, Heading | Footer):
            if open_item:
                yield anchor
            open_item, anchor = isinstance(block, Heading) and bool(block.marker), ""
        elif isinstance(block, Buttons) and open_item and not anchor:
            anchor = block.buttons[0].action
    if open_item:
        yield anchor


def _part_with(anchor: str, posts: Sequence[Post]) -> Post:
    ending = json.dumps(anchor, ensure_ascii=False)[1:]
    return next((post for post in posts if anchor and ending in post.payload), posts[-1])


def _bullets(item: DigestItem) -> Iterator[StoryBullet]:
    told = (item.headline_bullet, *item.bullets, item.why_it_matters)
    yield from (bullet for bullet in told if bullet is not None and bullet.citations)


def _line(bullet: StoryBullet) -> ShownLine:
    return ShownLine(text=bullet.text, quote=bullet.citations[0].quote, attribution=bullet.attribution)
