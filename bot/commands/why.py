"""Why an article stands where it stands in a digest, or does not: the rules that decided, with its values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.digest import wish_of_channel
from bot.commands.finding import find_article, label_of
from bot.commands.story import find_copies
from bot.commands.visibility import Wish, is_visible, wanted_heads, why_not
from bot.digests.composing import select_for_digest
from bot.messages.wording import byline_of, count_of, minute_of
from bot.model import Article, Bullets, Button, Buttons, Heading, Line, Message, Paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyArguments:
    """What `/why` takes."""

    story: Annotated[str, Help("Headline or number (#12) of the article you ask about", complete="stories")]


async def explain_article(arguments: WhyArguments, context: Context) -> Message:
    """Return how the article was ordered, merged or left out in this channel. Raises: NotFound."""
    article = await find_article(arguments.story, context)
    wish = await wish_of_channel(context)
    lines = [
        _came_in(article),
        await _merged(article, context),
        _wanted(article, wish),
        await _place(article, wish, context),
        await _written(article, context),
        _cleaned(article),
    ]
    return Message(
        blocks=(
            Heading(text=f"Why: {label_of(article)}"),
            Paragraph(text=byline_of(article), quiet=True),
            Bullets(lines=tuple(Line(text=line) for line in lines)),
            Buttons(
                buttons=(
                    Button(label="What was taken out", action=f"page:article:{article.ingested_seq}:removed:0"),
                    Button(label="Proof", action=f"proof:{article.ingested_seq}"),
                )
            ),
        )
    )


def _came_in(article: Article) -> str:
    dated = minute_of(article.published_at) if article.published_at else "no date in the file, so it counts as new"
    return f"Came in as #{article.ingested_seq}. Published: {dated}."


async def _merged(article: Article, context: Context) -> str:
    if article.duplicate_of is not None:
        original = await context.archive.article(article.duplicate_of)
        if original is not None and is_visible(original, context.collections):
            return f"Merged: nearly word for word a copy of “{label_of(original)}” (#{original.ingested_seq})."
        return "Not merged with anything that is read here."
    copies = await find_copies(article, context)
    if copies:
        return f"{count_of(len(copies), 'near-copy', 'near-copies')} of it came in and count as this one article."
    return "No near-copy of it came in."


def _wanted(article: Article, wish: Wish) -> str:
    reason = why_not(article, wish)
    return f"Left out here: {reason} (/filter list)." if reason else "This channel's filter lets it pass."


async def _place(article: Article, wish: Wish, context: Context) -> str:
    cursor = await context.archive.digest_cursor(context.caller.destination.key)
    if article.ingested_seq <= cursor:
        return "It came in before this channel's last digest: that digest told, named or merged it."
    heads, _ = await wanted_heads(context.archive, cursor, await context.archive.last_seq(), wish)
    selection = select_for_digest(heads, made_at=context.clock.now(), max_articles=context.size.max_articles)
    order = "The newest publication date comes first; of equals, what came in last."
    rank = _rank_of(article, (*selection.shown, *selection.named))
    if rank is None:
        return f"The next digest will not tell it by itself: it is merged or left out. {order}"
    total = len(selection.shown) + len(selection.named)
    told = "told with bullets" if rank <= len(selection.shown) else "named by its headline"
    return f"In a digest made now it is number {rank} of {total:,}, {told} while there is room. {order}"


def _rank_of(article: Article, ordered: Sequence[Article]) -> int | None:
    return next((rank for rank, head in enumerate(ordered, start=1) if head.id == article.id), None)


async def _written(article: Article, context: Context) -> str:
    summary = (await context.archive.summaries_of([article])).get(article.id)
    if summary is None:
        return "It has no summary yet."
    writer = "extractive: its own sentences, shortened" if summary.writer == "extractive" else "written by the LLM"
    note = f" ({summary.note})" if summary.note else ""
    return f"Its summary is {writer}{note}; every bullet names the sentences it rests on."


def _cleaned(article: Article) -> str:
    if not article.removed:
        return "Nothing of the file was taken out."
    return f"Taken out of the file: {count_of(len(article.removed), 'line')}, each with its reason."
