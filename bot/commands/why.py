"""Why a story stands where it stands in a digest, or does not: the factors and rules that decided it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from bot.commands.actions import DigestPart
from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.digest import wish_of_channel
from bot.commands.finding import FoundStory, find_article, find_story, label_of
from bot.commands.gathering import Ordered, order_stories
from bot.commands.story import find_copies, told_of_story
from bot.commands.visibility import Wish, is_visible, why_not
from bot.digests.ranking import Ranked
from bot.messages.stories import sources_text
from bot.messages.wording import count_of, day_of, headline_of, minute_of
from bot.model import Article, Block, Bullets, Button, Buttons, Factor, Heading, Line, Message, Paragraph
from bot.stories.naming import is_story_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyArguments:
    """What `/why` takes."""

    story: Annotated[str, Help("Headline or number (#12) of the story you ask about", complete="stories")]


async def explain_article(arguments: WhyArguments, context: Context) -> Message:
    """Return how the story of an article was ordered, merged or left out in this channel. Raises: NotFound."""
    found = await find_story(arguments.story, context)
    asked = await _asked_article(arguments.story, found, context)
    wish = await wish_of_channel(context)
    ordered = await _order_now(wish, context)
    ranked, place = _find_ranked(ordered, found)
    lines = [
        _came_in(asked),
        _story(found),
        await _merged(asked, context),
        _wanted(asked, wish),
        await _told(found, context),
        _place(found, ordered, place, context),
    ]
    blocks: list[Block] = [
        Heading(text=f"Why: {headline_of(asked, found.summaries)}"),
        Paragraph(text=sources_text(found.articles), quiet=True),
        Bullets(lines=tuple(Line(text=line) for line in lines)),
    ]
    if ranked is not None:
        blocks.append(Heading(text=f"Its score: {ranked.score:.2f}", level=2))
        blocks.append(Bullets(lines=tuple(Line(text=_factor_text(factor)) for factor in ranked.factors)))
    blocks.append(Paragraph(text=f"{_written(asked, found)} {_cleaned(asked)}", quiet=True))
    blocks.append(_buttons(asked))
    return Message(blocks=tuple(blocks))


async def _asked_article(name: str, found: FoundStory, context: Context) -> Article:
    """Return the very article that was asked about, which may be a copy of the one that tells its story."""
    wanted = name.strip()
    if wanted == found.asked.id or is_story_id(wanted):
        return found.asked
    return await find_article(name, context)


async def _order_now(wish: Wish, context: Context) -> Ordered:
    channel = context.caller.destination.key
    part = DigestPart(
        since_seq=await context.archive.digest_cursor(channel),
        until_seq=await context.archive.last_seq(),
        made_at=context.clock.now(),
    )
    return await order_stories(context.archive, part, channel=channel, wish=wish)


def _find_ranked(ordered: Ordered, found: FoundStory) -> tuple[Ranked | None, int]:
    ids = {article.id for article in found.articles}
    for place, ranked in enumerate(ordered.ranked, start=1):
        if ids & {head.id for head in ranked.candidate.heads}:
            return ranked, place
    return None, 0


def _came_in(article: Article) -> str:
    dated = minute_of(article.published_at) if article.published_at else "no date in the file, so it counts as new"
    return f"Came in as #{article.ingested_seq}. Published: {dated}."


def _story(found: FoundStory) -> str:
    if len(found.articles) == 1:
        return "No other article that is read here tells of the same event."
    numbers = ", ".join(f"#{article.ingested_seq}" for article in found.articles)
    return f"Told together with others of the same event: {count_of(len(found.articles), 'article')} ({numbers})."


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


async def _told(found: FoundStory, context: Context) -> str:
    ids = {article.id for article in found.articles}
    event = found.placement.event
    lines = await told_of_story(found, context)
    told = [line for line in lines if line.event == event or line.citation.article_id in ids]
    if not told:
        return "No digest has told this channel a line of it."
    days = sorted({line.at.date(): line.at for line in told}.values())
    shown = ", ".join(day_of(day) for day in days[-3:])
    return f"This channel was told {count_of(len(told), 'line')} of it ({shown}); none of them is told again."


def _place(found: FoundStory, ordered: Ordered, place: int, context: Context) -> str:
    if place:
        total = len(ordered.ranked)
        room = context.size.max_articles
        told = "told with bullets" if place <= room else "named by its headline"
        spread = " No source has more than half of the places while others have news left."
        return f"In a digest made now it is number {place} of {total:,}, {told} while there is room.{spread}"
    ids = {article.id for article in found.articles}
    if any(ids & {head.id for head in candidate.heads} for candidate in ordered.known):
        return "A digest made now would only count it: its new articles tell what this channel was told already."
    return (
        "The next digest will not tell it by itself: it came in before this channel's last digest, which told or named"
        " it, or it is merged or left out."
    )


def _factor_text(factor: Factor) -> str:
    return f"{factor.name}: {factor.weight:.2f} × {factor.value:.2f} = {factor.points:.2f} ({factor.note})"


def _written(article: Article, found: FoundStory) -> str:
    summary = found.summaries.get(article.id)
    if summary is None:
        return "It has no summary of its own here."
    writer = "extractive: its own sentences, shortened" if summary.writer == "extractive" else "written by the LLM"
    note = f" ({summary.note})" if summary.note else ""
    return f"Its summary is {writer}{note}; every bullet names the sentences it rests on."


def _cleaned(article: Article) -> str:
    if not article.removed:
        return "Nothing of the file was taken out."
    return f"Taken out of the file: {count_of(len(article.removed), 'line')}, each with its reason."


def _buttons(article: Article) -> Buttons:
    seq = article.ingested_seq
    return Buttons(
        buttons=(
            Button(label="Story", action=f"story:{seq}"),
            Button(label="What was taken out", action=f"page:article:{seq}:removed:0"),
            Button(label="Proof", action=f"proof:{seq}"),
        )
    )
