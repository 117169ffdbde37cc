"""`newsbot stories`: which files tell of one event, which events belong together, and which texts are copies."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.wording import HEADING_CHARS, shorten
from bot.messages.wording import byline_of, count_of
from bot.model import Article, Block, Bullets, Heading, Line, Message, Paragraph
from bot.pipeline import Reader, read_paths
from bot.platforms.terminal.commands import DONE, NOTHING_FOUND, report_unread
from bot.platforms.terminal.printing import print_line, print_message
from bot.stories.placing import Sorted, sort_into_stories


async def show_stories(paths: Sequence[Path], reader: Reader, *, max_bytes: int, as_json: bool) -> int:
    """Print where each article belongs; nothing is kept."""
    articles: list[Article] = []
    async for outcome in read_paths(paths, reader, max_bytes=max_bytes):
        articles.extend(outcome.articles)
        report_unread(outcome, as_json=False)
    places = await asyncio.to_thread(sort_into_stories, articles, datetime.now(UTC))
    if as_json:
        for place in places:
            print_line(
                {
                    "id": place.article.id,
                    "event": place.event,
                    "storyline": place.storyline,
                    "duplicate_of": place.duplicate_of,
                }
            )
    else:
        print_message(_message_of(places))
    return DONE if places else NOTHING_FOUND


def _message_of(places: Sequence[Sorted]) -> Message:
    """Return the storylines, those of most articles first, with their events and the articles of each."""
    storylines: dict[str, dict[str, list[Sorted]]] = defaultdict(lambda: defaultdict(list))
    for place in places:
        storylines[place.storyline][place.event].append(place)
    if not storylines:
        return Message(blocks=(Paragraph(text="No articles."),))
    blocks: list[Block] = []
    events = sum(map(len, storylines.values()))
    totals = (count_of(len(places), "article"), count_of(events, "event"), count_of(len(storylines), "storyline"))
    blocks.append(Heading(text=" · ".join(totals)))
    by_size = sorted(storylines.values(), key=lambda some: -sum(map(len, some.values())))
    for number, storyline in enumerate(by_size, start=1):
        first = next(iter(storyline.values()))[0].article
        blocks.append(Heading(text=_name_of(first), level=2, marker=str(number)))
        for members in storyline.values():
            if len(storyline) > 1:
                blocks.append(
                    Paragraph(text=f"Event {members[0].event}, {count_of(len(members), 'article')}", quiet=True)
                )
            blocks.append(Bullets(lines=tuple(Line(text=_line_of(member)) for member in members)))
    return Message(blocks=tuple(blocks))


def _name_of(article: Article) -> str:
    """Return the title of an article; without one, how it begins."""
    opening = article.sentences[0].text if article.sentences else article.path
    return article.title or shorten(" ".join(opening.split()), HEADING_CHARS)


def _line_of(place: Sorted) -> str:
    shown = f"{_name_of(place.article)} ({byline_of(place.article)})"
    return f"{shown}, a near-copy of {place.duplicate_of}" if place.duplicate_of else shown
