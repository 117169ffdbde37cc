"""One story: its bullets with their proof, its copies, and a way into the article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.finding import article_of_number, find_article, label_of, recent_heads
from bot.commands.visibility import is_visible
from bot.errors import NotFound
from bot.messages.wording import byline_of, count_of, line_of
from bot.model import Article, Block, Bullet, Bullets, Button, Buttons, Footer, Heading, Message, Paragraph, Summary

MAX_COPIES_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArguments:
    """What `/story` takes."""

    name: Annotated[str, Help("Its headline, or its number (#12)", complete="stories")]


async def tell_story(arguments: StoryArguments, context: Context) -> Message:
    """Return the story that this article tells; of a copy, its original's. Raises: NotFound."""
    article = await find_article(arguments.name, context)
    if article.duplicate_of is not None:
        original = await context.archive.article(article.duplicate_of)
        if original is not None and is_visible(original, context.collections):
            article = original
    summary = await _summary_of(article, context)
    blocks: list[Block] = [Heading(text=summary.headline), Paragraph(text=byline_of(article), quiet=True)]
    blocks.append(Bullets(lines=tuple(line_of(bullet) for bullet in summary.bullets)))
    copies = await find_copies(article, context)
    if copies:
        named = ", ".join(copy.source or copy.path for copy in copies[:MAX_COPIES_NAMED])
        text = f"Also told, nearly word for word, {count_of(len(copies), 'time')}: {named}."
        blocks.append(Paragraph(text=text, quiet=True))
    blocks.append(
        Footer(lines=("Told from one article and its copies: other reports of the same event stand by themselves.",))
    )
    seq = article.ingested_seq
    blocks.append(
        Buttons(
            buttons=(
                Button(label="Proof", action=f"proof:{seq}"),
                Button(label="Read", action=f"page:article:{seq}:clean:0"),
                Button(label="Ask", action="ask"),
            )
        )
    )
    return Message(blocks=tuple(blocks))


async def prove_summary(seq: int, context: Context, *, bullet: int | None = None) -> Message:
    """Return the bullets of an article (or one, from 1) with the sentences they cite. Raises: NotFound."""
    article = await article_of_number(seq, context)
    summary = await _summary_of(article, context)
    chosen = summary.bullets if bullet is None else summary.bullets[bullet - 1 : bullet]
    if not chosen:
        raise NotFound("This bullet is not in the summary any more.")
    return Message(
        blocks=(
            Heading(text=summary.headline),
            Paragraph(text=byline_of(article), quiet=True),
            Bullets(lines=tuple(line_of(one, proof=_cited(article, one)) for one in chosen)),
            Footer(lines=("Under each line: the sentences of the article it rests on, word for word.",)),
            Buttons(buttons=(Button(label="Read the article", action=f"page:article:{seq}:clean:0"),)),
        )
    )


async def find_copies(article: Article, context: Context) -> list[Article]:
    """Return the near-copies of an article that this workspace may see, newest first."""
    return [head for head in await recent_heads(context) if head.duplicate_of == article.id]


async def _summary_of(article: Article, context: Context) -> Summary:
    summary = (await context.archive.summaries_of([article])).get(article.id)
    if summary is None:
        raise NotFound(f"“{label_of(article)}” has no summary yet; /article shows its text.")
    return summary


def _cited(article: Article, bullet: Bullet) -> tuple[str, ...]:
    text_of = {sentence.index: sentence.text for sentence in article.sentences}
    return tuple(f"s{index}: {text_of[index]}" for index in bullet.sentences if index in text_of)
