"""Articles that match some words, best first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import BadRequest
from bot.messages.wording import count_of
from bot.model import Block, Bullets, Heading, Hit, Line, Message, Paragraph
from bot.ports import Archive

MAX_QUERY_CHARS = 2_000
"""Characters of a query; longer ones are pasted texts, not questions."""


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
        return Message(blocks=(Paragraph(text=f"Nothing I have read matches “{words}”."),))
    blocks: list[Block] = [Heading(text=f"{count_of(len(hits), 'article')} for “{words}”")]
    for number, hit in enumerate(hits, start=1):
        blocks.append(Heading(text=hit.title, level=2, marker=str(number)))
        blocks.append(Paragraph(text=hit.path, quiet=True))
        blocks.append(Bullets(lines=(Line(text=hit.sentence, marks=(f"s{hit.sentence_index}",)),)))
    return Message(blocks=tuple(blocks))
