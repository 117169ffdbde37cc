"""Summaries of many articles: extractive ones in a thread, an LLM's side by side and within a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.model import Article, Summary
from bot.ports import Archive
from bot.summaries.extractive import summarize_article

WRITING_LIMIT_S = 60.0
"""Seconds that an LLM may take for all summaries of one digest together."""

OUT_OF_TIME = "the LLM had no more time before the digest was due"

WriteSummary = Callable[[Article], Awaitable[Summary]]


async def summarize_all(articles: Sequence[Article], *, bullets: int) -> list[Summary]:
    """Return the extractive summary of each article, in order, made outside the event loop."""
    return await asyncio.to_thread(lambda: [summarize_article(article, bullets=bullets) for article in articles])


async def write_missing(
    articles: Sequence[Article],
    write: WriteSummary,
    archive: Archive,
    *,
    parallel: int,
    limit_s: float = WRITING_LIMIT_S,
) -> None:
    """Have the LLM write each summary that is extractive so far, and store it; a failure is a labelled extract.

    What is not written within `limit_s` seconds stays an extract that says so: a digest waits no longer.
    """
    places = asyncio.Semaphore(parallel)
    stored = await archive.summaries_of(articles)

    async def write_one(article: Article) -> None:
        async with places:
            await archive.save_summaries([await write(article)])

    missing = [article for article in articles if article.id not in stored or stored[article.id].writer != "llm"]
    tasks = {asyncio.ensure_future(write_one(article)): article for article in missing}
    if not tasks:
        return
    try:
        done, late = await asyncio.wait(tasks, timeout=limit_s)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    unwritten = [stored[tasks[task].id] for task in late if tasks[task].id in stored]
    await archive.save_summaries([replace(summary, note=OUT_OF_TIME) for summary in unwritten])
    for task in done:
        task.result()
