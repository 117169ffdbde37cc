"""Articles that match some words, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.visibility import visible_hits
from bot.commands.wording import HEADING_CHARS, shorten
from bot.errors import BadRequest
from bot.messages.wording import byline_of, count_of
from bot.model import Block, Bullets, Button, Buttons, Heading, Hit, Line, Message, Paragraph
from bot.ports import Archive

MAX_QUERY_CHARS = 2_000
"""Characters of a query; longer ones are pasted texts, not questions."""

HITS_SHOWN = 8
"""Articles of one answer: what fits a message with their sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchArguments:
    """What `/search` takes."""

    words: Annotated[str, Help("What to look for, in any language; every word counts", max=MAX_QUERY_CHARS)]


async def tell_hits(arguments: SearchArguments, context: Context) -> Message:
    """Return the articles that match and that this workspace may see."""
    hits = await visible_hits(context.archive, arguments.words, limit=HITS_SHOWN, collections=context.collections)
    if not hits:
        return await nothing_found(arguments.words, context)
    return visible_hits_message(arguments.words, hits)


async def search_archive(archive: Archive, words: str, *, limit: int) -> list[Hit]:
    """Return the articles that match. Raises: BadRequest when there is nothing to search for."""
    if not words.strip():
        raise BadRequest("Say which words to search for.")
    if len(words) > MAX_QUERY_CHARS:
        raise BadRequest(f"The query has {len(words):,} characters; use at most {MAX_QUERY_CHARS:,}.")
    return await archive.search(words, limit=limit)


def hits_message(words: str, hits: Sequence[Hit]) -> Message:
    """Return the hits as a message, or one that says that nothing was found."""
    if not hits:
        return Message(blocks=(Paragraph(text=_nothing_matches(words)),))
    blocks: list[Block] = [Heading(text=f"{count_of(len(hits), 'article')} for “{shorten(words, HEADING_CHARS)}”")]
    for number, hit in enumerate(hits, start=1):
        blocks.append(Heading(text=hit.article.title or "", level=2, marker=str(number)))
        blocks.append(Paragraph(text=hit.article.path, quiet=True))
        blocks.append(Bullets(lines=(Line(text=hit.sentence, marks=(f"s{hit.sentence_index}",)),)))
    return Message(blocks=tuple(blocks))


def visible_hits_message(words: str, hits: Sequence[Hit]) -> Message:
    """Return the hits as they are shown in a channel: where each comes from, its best sentence, and a way into it."""
    blocks: list[Block] = [Heading(text=f"{count_of(len(hits), 'article')} for “{shorten(words, HEADING_CHARS)}”")]
    for number, hit in enumerate(hits, start=1):
        blocks.append(Heading(text=hit.article.title or "", level=2, marker=str(number)))
        blocks.append(Paragraph(text=byline_of(hit.article), quiet=True))
        blocks.append(Bullets(lines=(Line(text=hit.sentence, marks=(f"s{hit.sentence_index}",)),)))
    buttons = tuple(
        Button(label=f"Read {number}", action=f"page:article:{hit.article.ingested_seq}:clean:0")
        for number, hit in enumerate(hits, start=1)
    )
    return Message(blocks=(*blocks, Buttons(buttons=buttons)))


async def nothing_found(words: str, context: Context) -> Message:
    """Return what to say when nothing matches: an empty archive is another matter than other words."""
    if await context.archive.last_seq() == 0:
        text = "I have read no articles yet. As soon as files are put into my folder, they can be found."
        return Message(blocks=(Paragraph(text=text),))
    hint = "Try fewer or other words; names and numbers find most. /digest since:7d shows what came in this week."
    return Message(blocks=(Paragraph(text=_nothing_matches(words)), Paragraph(text=hint, quiet=True)))


def _nothing_matches(words: str) -> str:
    return f"Nothing I have read matches “{shorten(words, HEADING_CHARS)}”."
