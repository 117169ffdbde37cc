"""What happened when, as articles date it: one cited line a day, plans marked as plans."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from bot.commands.actions import MAX_ACTION_CHARS, unknown_action, utf16_length
from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.finding import article_of_number, recent_heads
from bot.commands.search import MAX_QUERY_CHARS, nothing_found
from bot.commands.times import parse_since, parse_until
from bot.commands.visibility import is_visible, visible_hits
from bot.commands.wording import HEADING_CHARS, shorten
from bot.messages.days import days_text
from bot.messages.wording import CLAIM_TAG, PLANNED_TAG, count_of, day_of
from bot.model import (
    Article,
    Block,
    Bullets,
    Button,
    Buttons,
    Citation,
    DatedClaim,
    Footer,
    Heading,
    Line,
    Message,
    Paragraph,
)
from bot.stories.timeline import build_timeline
from bot.summaries.compression import compress_sentence

ARTICLES_SEARCHED = 200
"""Best hits whose sentences are dated: a second of work."""

MAX_ENTRIES = 20
"""Days shown, those that matter most."""

ENTRIES_WITH_PROOF = 10
"""Days shown with their sentences: more fill several messages."""

MAX_MEMBERS = 200
"""Articles of one storyline that are read, the latest."""

MAX_SOURCES = 12

_TAGS = {"planned": f"({PLANNED_TAG}) ", "claim": f"({CLAIM_TAG}) "}
"""What stands before a line that is not plainly a fact."""

PROOF = "days:"
"""Begins the action of the button that shows the sentences; the span and the topic follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineArguments:
    """What `/timeline` takes."""

    topic: Annotated[str, Help("Whose days to put in order: words, or a story's headline", max=MAX_QUERY_CHARS)]
    since: Annotated[str, Help("Only days from then on: 7d, yesterday, 2026-05-03")] = ""
    until: Annotated[str, Help("Only days until then: 2026-06-30")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The first and the last day asked for, None where it is open."""

    since: date | None = None
    until: date | None = None


async def tell_timeline(arguments: TimelineArguments, context: Context) -> Message:
    """Return the days of a topic or of a story, oldest first. Raises: BadRequest, NotFound."""
    span = _span_of(arguments, context)
    return await _tell(arguments.topic, span, context, with_proof=False)


async def prove_timeline(arguments: str, context: Context) -> Message:
    """Return what the "Proof" button of a timeline shows. Raises: BadRequest for an action that is none of ours."""
    since, _, rest = arguments.partition(":")
    until, _, topic = rest.partition(":")
    try:
        span = Span(since=_read_day(since), until=_read_day(until))
    except ValueError:
        raise unknown_action() from None
    if not topic:
        raise unknown_action()
    return await _tell(topic, span, context, with_proof=True)


def claims_of(articles: Sequence[Article], *, topic: str, span: Span, k: int) -> tuple[DatedClaim, ...]:
    """Return the dated claims of articles, their sentences shortened as bullets are."""
    return build_timeline(articles, topic=topic, since=span.since, until=span.until, k=k, shorten=shorten_sentence)


def shorten_sentence(text: str, language: str) -> str:
    """Return a sentence shortened by deletion; who says it is always kept."""
    short = compress_sentence(text, language=language)
    if not short.fits or not short.text or short.text.count("—") % 2 > text.count("—") % 2:
        return text
    return f"{short.text} ({short.attribution})" if short.lifted and short.attribution else short.text


def timeline_message(topic: str, claims: Sequence[DatedClaim], *, span: Span, with_proof: bool = False) -> Message:
    """Return the claims as a message; with proof, each with the sentences it rests on."""
    shown = claims[:ENTRIES_WITH_PROOF] if with_proof else claims
    blocks: list[Block] = [
        Heading(text=f"Timeline: {shorten(topic, HEADING_CHARS)}"),
        Bullets(lines=tuple(_line_of(claim, with_proof=with_proof) for claim in shown)),
    ]
    if with_proof and len(shown) < len(claims):
        rest = count_of(len(claims) - len(shown), "later day")
        blocks.append(Paragraph(text=f"{rest} more; /timeline with since: shows their sentences.", quiet=True))
    blocks.append(Heading(text="Where this stands", level=2))
    blocks.append(Bullets(lines=_source_lines(shown)))
    blocks.append(Footer(lines=_explanations(shown)))
    action = _proof_action(topic, span)
    if not with_proof and action is not None:
        blocks.append(Buttons(buttons=(Button(label="Proof", action=action),)))
    return Message(blocks=tuple(blocks))


def nothing_dated(topic: str, articles: Sequence[Article], span: Span) -> Message:
    """Return what to say when articles match and none of their sentences names a day that counts."""
    named = f"{count_of(len(articles), 'article')} {'matches' if len(articles) == 1 else 'match'}"
    where = f"“{shorten(topic, HEADING_CHARS)}”"
    if span.since is not None or span.until is not None:
        text = f"{named} {where}, but none of their sentences names a day in that span."
        return Message(blocks=(Paragraph(text=text), Paragraph(text="Try without since and until.", quiet=True)))
    text = f"{named} {where}, but none of their sentences names a day."
    if all(article.published_at is None for article in articles):
        text += " They are undated themselves, so that “on Friday” or “last month” can't be told apart."
    return Message(blocks=(Paragraph(text=text), Paragraph(text="/search shows the articles.", quiet=True)))


async def _tell(topic: str, span: Span, context: Context, *, with_proof: bool) -> Message:
    articles, is_story = await _articles_on(topic, context)
    if not articles:
        return await nothing_found(topic, context)
    about = "" if is_story else topic  # every article of a story is about it, whatever words it uses
    claims = await asyncio.to_thread(claims_of, articles, topic=about, span=span, k=MAX_ENTRIES)
    if not claims:
        return nothing_dated(topic, articles, span)
    return timeline_message(topic, claims, span=span, with_proof=with_proof)


async def _articles_on(topic: str, context: Context) -> tuple[list[Article], bool]:
    """Return the articles of the storyline that the topic names by a headline or a number, else those it finds.

    The second value says whether they are those of a storyline.
    """
    head = await _article_called(topic, context)
    if head is not None:
        placed = (await context.archive.placements([head.id])).get(head.id)
        ids = await context.archive.members(placed.storyline) if placed else [head.id]
        found = await context.archive.articles(ids[-MAX_MEMBERS:])
        return [article for article in found if is_visible(article, context.collections)], True
    hits = await visible_hits(context.archive, topic, limit=ARTICLES_SEARCHED, collections=context.collections)
    return [hit.article for hit in hits], False


async def _article_called(topic: str, context: Context) -> Article | None:
    wanted = " ".join(topic.casefold().split())
    number = wanted.removeprefix("#")
    if number != wanted and number.isascii() and number.isdigit() and len(number) < 19:
        return await article_of_number(int(number), context)
    heads = await recent_heads(context)
    return next((head for head in heads if " ".join((head.title or "").casefold().split()) == wanted), None)


def _span_of(arguments: TimelineArguments, context: Context) -> Span:
    since = parse_since(arguments.since, now=context.clock.now()) if arguments.since else None
    start = since or datetime(1, 1, 1, tzinfo=UTC)
    end = parse_until(arguments.until, since=start) if arguments.until else None
    # The end is the midnight after the last day.
    until = (end - timedelta(microseconds=1)).date() if end and end > datetime.combine(start, time(), UTC) else None
    return Span(since=since.date() if since else None, until=until)


def _read_day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _proof_action(topic: str, span: Span) -> str | None:
    days = (span.since.isoformat() if span.since else "", span.until.isoformat() if span.until else "")
    action = f"{PROOF}{days[0]}:{days[1]}:{topic}"
    return action if utf16_length(action) <= MAX_ACTION_CHARS else None


def _line_of(claim: DatedClaim, *, with_proof: bool) -> Line:
    tag = _TAGS.get(claim.status, "")
    marks = tuple(f"{citation.marker}:s{index}" for citation in claim.citations for index in citation.sentences)
    proof = tuple(_proof_text(citation) for citation in claim.citations) if with_proof else ()
    return Line(text=f"{days_text(claim)} · {tag}{claim.text}", marks=marks, proof=proof)


def _proof_text(citation: Citation) -> str:
    published = f", {day_of(citation.published_at)}" if citation.published_at else ", undated"
    marks = ", ".join(f"s{index}" for index in citation.sentences)
    return f"{citation.marker}:{marks} ({citation.source or citation.path}{published}): {citation.quote}"


def _source_lines(claims: Sequence[DatedClaim]) -> tuple[Line, ...]:
    cited: dict[str, Citation] = {}
    for claim in claims:
        for citation in claim.citations:
            cited.setdefault(citation.marker, citation)
    lines = [
        Line(text=f"{_name_of(citation)} · {_whence(citation)}", marks=(marker,))
        for marker, citation in list(cited.items())[:MAX_SOURCES]
    ]
    if len(cited) > MAX_SOURCES:
        lines.append(Line(text=f"and {count_of(len(cited) - MAX_SOURCES, 'more article')}"))
    return tuple(lines)


def _name_of(citation: Citation) -> str:
    """Return the headline of an article; without one, its file, and its id where a file holds several."""
    untitled = citation.title == citation.path
    return f"{citation.path} ({citation.article_id})" if untitled else citation.title


def _whence(citation: Citation) -> str:
    published = day_of(citation.published_at) if citation.published_at else "undated"
    path = citation.path if citation.path != citation.title else None
    return " · ".join(part for part in (citation.source, published, path) if part)


def _explanations(claims: Sequence[DatedClaim]) -> tuple[str, ...]:
    lines = ["The days that the articles name; “on Friday” and the like are counted from the day of publication."]
    if any(claim.status == "planned" for claim in claims):
        lines.append("“Planned” ones lay ahead when the article was written.")
    if any(claim.status == "claim" for claim in claims):
        lines.append("“Claim” ones are what somebody says or supposes.")
    return tuple(lines)
