"""What is made of articles before they are stored: by the process that read them, or else here in a thread.

A bot that reads thousands of files goes on answering people only while its own process does little: its threads take
turns, and each turn of one that computes delays the others. So the readers make what can be made of an article alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from bot.articles.raw import Articles
from bot.model import Article, Prepared, Summary
from bot.summaries.extractive import summarize_article

Key = tuple[str, str]
"""Id and version of an article, as it was read."""


def gather_prepared(read: Iterable[Articles]) -> dict[Key, Prepared]:
    """Return what the reader made of these articles."""
    return {
        (article.id, article.version): made
        for articles in read
        for article, made in zip(articles, articles.prepared, strict=False)
        if made is not None
    }


async def summaries_for(
    articles: Sequence[Article], prepared: Mapping[Key, Prepared], *, bullets: int
) -> list[Summary]:
    """Return the extractive summary of each article, in order: the prepared one, else one made outside the loop."""
    missing = [article for article in articles if (article.id, article.version) not in prepared]
    made: dict[Key, Summary] = {}
    if missing:
        summaries = await asyncio.to_thread(lambda: [summarize_article(one, bullets=bullets) for one in missing])
        made = {(one.article_id, one.version): one for one in summaries}
    keys = [(article.id, article.version) for article in articles]
    return [prepared[key].summary if key in prepared else made[key] for key in keys]
