"""Prints the timeline of files: `newsbot timeline PATH... --topic T`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.commands.timeline import Span, claims_of, nothing_dated, timeline_message
from bot.errors import BadRequest
from bot.model import Article, DatedClaim, Message, Paragraph
from bot.pipeline import Reader, read_paths
from bot.platforms.terminal.printing import print_line, print_message
from bot.stories.dating import share_named

DONE, NOTHING_FOUND = 0, 1


async def show_timeline(
    paths: Sequence[Path], reader: Reader, *, max_bytes: int, topic: str, span: Span, k: int, as_json: bool
) -> int:
    """Print the days that the articles of these files name; nothing is kept."""
    articles: list[Article] = []
    async for outcome in read_paths(paths, reader, max_bytes=max_bytes):
        articles.extend(outcome.articles)
        reasons = [
            *([outcome.reason] if outcome.reason else []),
            *(f"item {one.item} {one.reason}" for one in outcome.problems),
        ]
        for reason in reasons:
            print(f"newsbot: {outcome.path} {reason}", file=sys.stderr)
    claims = await asyncio.to_thread(claims_of, articles, topic=topic, span=span, k=k)
    if claims and not any(share_named(article, topic) for article in articles):
        print(f"newsbot: no article names “{topic}”: these are the days of all that was read.", file=sys.stderr)
    if as_json:
        for claim in claims:
            print_line(claim_object(claim))
    elif claims:
        print_message(timeline_message(topic, claims, span=span))
    elif articles:
        print_message(nothing_dated(topic, articles, span))
    else:
        print_message(Message(blocks=(Paragraph(text="These files hold no article that could be read."),)))
    return DONE if claims else NOTHING_FOUND


def claim_object(claim: DatedClaim) -> dict[str, Any]:
    """Return what `newsbot timeline --json` says of one entry; `date` is the first day, `end` the last of several."""
    return {
        "date": claim.day.isoformat(),
        "end": claim.end.isoformat() if claim.end else None,
        "granularity": claim.granularity,
        "status": claim.status,
        "text": claim.text,
        "citations": [
            {"id": citation.article_id, "sentence": index}
            for citation in claim.citations
            for index in citation.sentences
        ],
    }


def read_span(since: str | None, until: str | None) -> Span:
    """Return the span of days given as options. Raises: BadRequest when one is no day or they are out of order."""
    span = Span(since=_read_day(since, "--since"), until=_read_day(until, "--until"))
    if span.since and span.until and span.until < span.since:
        raise BadRequest("--until lies before --since.")
    return span


def _read_day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadRequest(f"{option} takes a day such as 2026-05-03.") from None
