"""One story: its merged bullets with their proof, who disagrees, what is new here, its articles and earlier ones."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.finding import FoundStory, article_of_number, find_story, label_of, recent_heads, story_of
from bot.commands.visibility import is_visible
from bot.digests.items import mark_conflicts, prefer_standing
from bot.errors import NotFound
from bot.messages.stories import conflict_sides, sources_text, story_line, whence_of
from bot.messages.wording import byline_of, count_of, day_of, headline_of, line_of
from bot.model import (
    Article,
    Block,
    Bullet,
    Bullets,
    Button,
    Buttons,
    Footer,
    Heading,
    Line,
    Message,
    Paragraph,
    Story,
    StoryBullet,
    Summary,
)
from bot.ports import ToldLine
from bot.stories.novelty import History
from bot.stories.telling import tell_story as merge_articles

MAX_COPIES_NAMED = 10
MAX_BULLETS = 12
"""Bullets of one answer, the most important first."""

MAX_PROVED = 10
"""Bullets shown with their sentences: more fill several messages."""

MAX_CONFLICTS = 3
MAX_ARTICLES_NAMED = 10
MAX_EARLIER = 5
"""Articles of the same storyline that are named, the latest."""

LINES_LOOKED_AT = 1_000
"""Told lines that are compared with the story's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArguments:
    """What `/story` takes."""

    name: Annotated[str, Help("Its headline, or the number of one of its articles (#12)", complete="stories")]


async def tell_story(arguments: StoryArguments, context: Context) -> Message:
    """Return the story that this article tells; of a copy, its original's. Raises: NotFound."""
    return await show_story(await find_story(arguments.name, context), context)


async def show_story(found: FoundStory, context: Context) -> Message:
    """Return a story as this channel sees it."""
    story = await merge_found(found)
    by_id = {article.id: article for article in found.articles}
    articles = [by_id[article_id] for article_id in story.articles]
    alone = len(articles) == 1
    language_of = {article.id: article.language for article in articles}
    bullets = prefer_standing(story.bullets, None, language_of)[:MAX_BULLETS]
    blocks: list[Block] = [
        Heading(text=story.headline),
        Paragraph(text=sources_text(articles), quiet=True),
        *await _lines_here(found, story, bullets, context),
    ]
    for conflict in story.conflicts[:MAX_CONFLICTS]:
        blocks.append(Heading(text=f"Sources disagree on {conflict.about}", level=2))
        blocks.append(Bullets(lines=conflict_sides(conflict, alone=alone)))
    blocks.extend(await _copies(found, context))
    if not alone:
        blocks.append(Heading(text="Articles", level=2))
        blocks.append(Bullets(lines=_article_lines(articles, found.summaries)))
    blocks.extend(await _storyline(found, context))
    meaning = "[sN] is a sentence of the article." if alone else "[2:s3] is sentence 3 of article 2."
    blocks.append(Footer(lines=(f"{meaning} The proof shows them, word for word.",)))
    blocks.extend(_buttons(articles[0]))
    return Message(blocks=tuple(blocks))


async def merge_found(found: FoundStory) -> Story:
    """Return the story merged from its articles; comparing their lines leaves the event loop."""
    story = await asyncio.to_thread(
        merge_articles,
        found.articles,
        found.summaries,
        placement_event=found.placement.event,
        storyline=found.placement.storyline,
        compare_copies=True,
    )
    return mark_conflicts(story)


async def prove_story(seq: int, context: Context, *, bullet: int | None = None) -> Message:
    """Return the bullets of an article's story with the sentences they cite; of `bullet`, that one of the article.

    Raises: NotFound.
    """
    article = await article_of_number(seq, context)
    found = await story_of(article, context)
    if bullet is not None or len(found.articles) == 1:
        return await _prove_summary(article, context, bullet=bullet)
    story = await merge_found(found)
    by_id = {one.id: one for one in found.articles}
    articles = [by_id[article_id] for article_id in story.articles]
    lines = tuple(story_line(one, alone=False, texts=by_id) for one in story.bullets[:MAX_PROVED])
    return Message(
        blocks=(
            Heading(text=story.headline),
            Paragraph(text=sources_text(articles), quiet=True),
            Bullets(lines=lines),
            Footer(
                lines=("Under each line: the sentences it rests on, word for word. [2:s3]: sentence 3 of article 2.",)
            ),
            Buttons(buttons=(Button(label="Read the article", action=f"page:article:{seq}:clean:0"),)),
        )
    )


async def told_of_story(found: FoundStory, context: Context) -> list[ToldLine]:
    """Return what this channel was told of a story, or lately at all, newest first."""
    channel = context.caller.destination.key
    names = {found.placement.event, found.placement.storyline}
    of_story = await context.archive.told_of(channel, names, limit=LINES_LOOKED_AT)
    lately = await context.archive.told_lines(channel, limit=LINES_LOOKED_AT)
    known = {(line.at, line.fingerprint) for line in of_story}
    return [*of_story, *(line for line in lately if (line.at, line.fingerprint) not in known)]


async def find_copies(article: Article, context: Context) -> list[Article]:
    """Return the near-copies of an article that this workspace may see, newest first."""
    return [head for head in await recent_heads(context) if head.duplicate_of == article.id]


async def _lines_here(found: FoundStory, story: Story, bullets: Sequence[StoryBullet], context: Context) -> list[Block]:
    """Return the bullets: if this channel was told some of them, what it was not told stands first and apart."""
    lines = await told_of_story(found, context)
    names = frozenset((story.id, *story.articles))
    language_of = {article.id: article.language for article in found.articles}

    def untold() -> tuple[list[ToldLine], list[StoryBullet]]:
        history = History(lines)
        new = [
            bullet
            for bullet in bullets
            if history.judge(bullet.text, language_of[bullet.citations[0].article_id], stories=names).is_new
        ]
        return history.lines_of(names), new

    def shown(some: Sequence[StoryBullet]) -> Bullets:
        return Bullets(lines=tuple(story_line(bullet, alone=len(story.articles) == 1) for bullet in some))

    told, new = await asyncio.to_thread(untold)
    if not told:
        return [shown(bullets), Paragraph(text="No digest has told this channel of it yet.", quiet=True)]
    last = day_of(max(line.at for line in told))
    if not new:
        return [shown(bullets), Paragraph(text=f"This channel was told all of this, last on {last}.", quiet=True)]
    apart: list[Block] = [Heading(text=f"Not told here yet (last told on {last})", level=2), shown(new)]
    known = [bullet for bullet in bullets if bullet not in new]
    return [*apart, Heading(text="Told here before", level=2), shown(known)] if known else apart


async def _copies(found: FoundStory, context: Context) -> list[Block]:
    copies = await find_copies(found.asked, context)
    if not copies:
        return []
    named = ", ".join(copy.source or copy.path for copy in copies[:MAX_COPIES_NAMED])
    text = f"Also told, nearly word for word, {count_of(len(copies), 'time')}: {named}."
    return [Paragraph(text=text, quiet=True)]


def _article_lines(articles: Sequence[Article], summaries: Mapping[str, Summary]) -> tuple[Line, ...]:
    lines = [
        Line(
            text=f"{headline_of(article, summaries)} · {whence_of(article)} (#{article.ingested_seq})",
            marks=(str(number),),
        )
        for number, article in enumerate(articles[:MAX_ARTICLES_NAMED], start=1)
    ]
    rest = len(articles) - len(lines)
    return (*lines, *([Line(text=f"and {count_of(rest, 'more article')}")] if rest else []))


async def _storyline(found: FoundStory, context: Context) -> list[Block]:
    """Return earlier articles of the same storyline that belong to other events."""
    ids = await context.archive.members(found.placement.storyline)
    here = {article.id for article in found.articles}
    others = await context.archive.articles([one for one in ids if one not in here][-4 * MAX_EARLIER :])
    before = max(article.ingested_seq for article in found.articles)
    seen = [
        article
        for article in others
        if is_visible(article, context.collections) and article.duplicate_of is None and article.ingested_seq < before
    ][-MAX_EARLIER:]
    if not seen:
        return []
    summaries = await context.archive.summaries_of(seen)
    lines = (
        Line(text=f"{headline_of(one, summaries)} · {whence_of(one)} (#{one.ingested_seq})") for one in reversed(seen)
    )
    return [Heading(text="Earlier in this storyline", level=2), Bullets(lines=tuple(lines))]


def _buttons(lead: Article) -> list[Block]:
    seq = lead.ingested_seq
    return [
        Buttons(
            buttons=(
                Button(label="Proof", action=f"proof:{seq}"),
                Button(label="Timeline", action=f"timeline:{seq}"),
                Button(label="Why", action=f"why:{seq}"),
                Button(label="Read", action=f"page:article:{seq}:clean:0"),
                Button(label="Ask", action="ask"),
            )
        ),
        Buttons(
            buttons=(
                Button(label="👍", action=f"vote:up:story-{seq}"),
                Button(label="👎", action=f"vote:down:story-{seq}"),
            )
        ),
    ]


async def _prove_summary(article: Article, context: Context, *, bullet: int | None) -> Message:
    summary = (await context.archive.summaries_of([article])).get(article.id)
    if summary is None:
        raise NotFound(f"“{label_of(article)}” has no summary yet; /article shows its text.")
    chosen = summary.bullets if bullet is None else summary.bullets[bullet - 1 : bullet]
    if not chosen:
        raise NotFound("This bullet is not in the summary any more.")
    seq = article.ingested_seq
    return Message(
        blocks=(
            Heading(text=summary.headline),
            Paragraph(text=byline_of(article), quiet=True),
            Bullets(lines=tuple(line_of(one, proof=_cited(article, one)) for one in chosen)),
            Footer(lines=("Under each line: the sentences of the article it rests on, word for word.",)),
            Buttons(buttons=(Button(label="Read the article", action=f"page:article:{seq}:clean:0"),)),
        )
    )


def _cited(article: Article, bullet: Bullet) -> tuple[str, ...]:
    text_of = {sentence.index: sentence.text for sentence in article.sentences}
    return tuple(f"s{index}: {text_of[index]}" for index in bullet.sentences if index in text_of)
