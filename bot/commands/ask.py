"""Answers from what was read: the sentences that answer, each cited, or the nearest articles. Nothing is made up.

A follow-up is understood from the questions before it: those of its thread, or the one its button carries along.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.answers.answering import compose_answer, gather_evidence
from bot.commands.actions import MAX_ACTION_CHARS, utf16_length
from bot.commands.context import Context
from bot.commands.dated_questions import read_dated_question, tell_days
from bot.commands.declaring import Help
from bot.commands.search import nothing_found
from bot.commands.times import parse_since
from bot.commands.visibility import visible_hits
from bot.commands.wording import HEADING_CHARS, shorten
from bot.messages.wording import day_of
from bot.model import (
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Citation,
    Conflict,
    Footer,
    Heading,
    Line,
    Message,
    Paragraph,
    StoryBullet,
)

MAX_QUESTION_CHARS = 2_000
"""Characters of a question; whoever pastes an article is looking for /search."""

SOURCES_NAMED = 5
ARTICLES_LOOKED_AT = 8

FOLLOW_UP = "ask:after:"
"""Begins the action of the button that asks on; the question asked before follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskArguments:
    """What `/ask` takes."""

    question: Annotated[str, Help("What you want to know", max=MAX_QUESTION_CHARS)]
    since: Annotated[str, Help("Only articles from then on: 24h, 7d, yesterday, 2026-05-03")] = ""
    source: Annotated[str, Help("Only articles of this source", complete="sources")] = ""


async def answer_question(arguments: AskArguments, context: Context) -> Message:
    """Return the answer with where it stands, or the nearest articles."""
    since = parse_since(arguments.since, now=context.clock.now()) if arguments.since else None
    dated = read_dated_question(arguments.question, now=context.clock.now())
    if dated is not None and not arguments.source and since is None:
        days = await tell_days(dated, arguments.question, context)
        if days is not None:
            return days
    gathered = await gather_evidence(
        arguments.question,
        archive=context.archive,
        collections=context.collections,
        context=context.earlier,
        since=since,
        source=arguments.source,
    )
    answer = await asyncio.to_thread(compose_answer, arguments.question, gathered)
    if context.write_answer is not None:
        answer = await context.write_answer(gathered, answer)
    if answer.grounded:
        return answer_message(answer)
    if not answer.nearest:
        if arguments.source or since:
            return await _nothing_within(arguments, context)
        return await nothing_found(arguments.question, context)
    return nothing_answers(answer)


def answer_message(answer: Answer) -> Message:
    """Return an answer as it is shown: the span, the cited sentences, on whose word, and what speaks against it."""
    blocks: list[Block] = [Heading(text=shorten(answer.question, HEADING_CHARS))]
    if answer.bold is not None:
        blocks.append(Paragraph(text=_capitalised(answer.text[slice(*answer.bold)])))
    if answer.caveat:
        blocks.append(Paragraph(text=f"{_capitalised(answer.caveat)}.", quiet=True))
    blocks.append(Bullets(lines=tuple(_lines_of(answer))))
    blocks.extend(_conflict_blocks(answer.conflicts))
    blocks.append(Heading(text="Where this stands", level=2))
    blocks.append(Bullets(lines=tuple(_source_line(citation) for citation in answer.citations)))
    blocks.append(Footer(lines=(_origin_of(answer),)))
    blocks.append(_buttons(answer.question, answer.citations))
    return Message(blocks=tuple(blocks))


def _lines_of(answer: Answer) -> list[Line]:
    """Return the claims of an LLM, or the answer's own sentences, then what other articles say to the same."""
    if answer.claims:
        return [_claim_line(claim) for claim in answer.claims]
    first, *others = answer.citations
    if "\n" in answer.text:
        return [_quote_line(citation) for citation in answer.citations]
    marks = tuple(f"{first.marker}:s{index}" for index in first.sentences)
    return [Line(text=answer.text, marks=marks), *(_quote_line(citation) for citation in others)]


def _claim_line(claim: StoryBullet) -> Line:
    marks = (f"{citation.marker}:s{index}" for citation in claim.citations for index in citation.sentences)
    return Line(text=claim.text, marks=tuple(marks))


def _origin_of(answer: Answer) -> str:
    """Return in whose words the answer is, and why no LLM wrote it when one should have."""
    if answer.writer == "llm":
        return "Written by the LLM; every line was checked against the sentences it cites, and nothing else was used."
    origin = "These are the sources' own sentences that answer the question, not a summary"
    return f"{origin}: {answer.note}." if answer.note else f"{origin}."


def _quote_line(citation: Citation) -> Line:
    marks = tuple(f"{citation.marker}:s{index}" for index in citation.sentences)
    return Line(text=" ".join(citation.quote.split()), marks=marks)


def _conflict_blocks(conflicts: Sequence[Conflict]) -> list[Block]:
    blocks: list[Block] = []
    for conflict in conflicts:
        blocks.append(Heading(text="The sources disagree", level=2))
        lines = tuple(
            Line(
                text=f"{_capitalised(side.value)}: “{' '.join(side.citation.quote.split())}” ({_place(side.citation)})",
                marks=tuple(f"s{index}" for index in side.citation.sentences),
            )
            for side in conflict.sides
        )
        blocks.append(Bullets(lines=lines))
    return blocks


def nothing_answers(answer: Answer) -> Message:
    """Return that nothing answers, and the nearest sentence of the nearest articles."""
    if not answer.nearest:
        return Message(blocks=(Paragraph(text="Nothing I have read bears on this."),))
    lines = tuple(
        Line(text=f"{_place(citation)}: “{shorten(citation.quote, 2 * HEADING_CHARS)}”", marks=(citation.marker,))
        for citation in answer.nearest
    )
    return Message(
        blocks=(
            Heading(text=shorten(answer.question, HEADING_CHARS)),
            Paragraph(text="I find no answer to this in what I have read."),
            Heading(text="The nearest articles", level=2),
            Bullets(lines=lines),
            *_conflict_blocks(answer.conflicts),
            _buttons(answer.question, answer.nearest),
        )
    )


async def _nothing_within(arguments: AskArguments, context: Context) -> Message:
    hits = await visible_hits(
        context.archive, arguments.question, limit=ARTICLES_LOOKED_AT, collections=context.collections
    )
    if not hits:
        return await nothing_found(arguments.question, context)
    articles = [hit.article for hit in hits]
    limits = [f"of {arguments.source}"] if arguments.source else []
    limits.extend([f"since {arguments.since}"] if arguments.since else [])
    sources = sorted({article.source for article in articles if article.source})
    hint = f" What I found comes from {', '.join(sources[:SOURCES_NAMED])}." if arguments.source and sources else ""
    text = f"Nothing I have read {' '.join(limits)} bears on this.{hint} Ask again without the limit to see the rest."
    return Message(blocks=(Heading(text=shorten(arguments.question, HEADING_CHARS)), Paragraph(text=text)))


def _source_line(citation: Citation) -> Line:
    return Line(text=_place(citation), marks=(citation.marker,))


def _place(citation: Citation) -> str:
    """Return what a citation's article is called and where it comes from."""
    day = day_of(citation.published_at) if citation.published_at else "undated"
    parts = (citation.title or citation.path, citation.source, day, citation.path if citation.title else None)
    return " · ".join(part for part in parts if part)


def _buttons(question: str, citations: Sequence[Citation]) -> Buttons:
    subject = hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:12]
    reading = (
        Button(label=f"Read {citation.marker}", action=f"page:article:{citation.seq}:clean:0") for citation in citations
    )
    return Buttons(
        buttons=(
            *reading,
            Button(label="Ask a follow-up", action=_follow_up(question)),
            Button(label="👍", action=f"vote:up:ask-{subject}"),
            Button(label="👎", action=f"vote:down:ask-{subject}"),
        )
    )


def _follow_up(question: str) -> str:
    """Return the action that asks on, with as many whole words of this question as fit."""
    words = " ".join(question.split()).split(" ")
    while len(words) > 1 and utf16_length(FOLLOW_UP + " ".join(words)) > MAX_ACTION_CHARS:
        words.pop()
    action = FOLLOW_UP + " ".join(words)
    return action if utf16_length(action) <= MAX_ACTION_CHARS else "ask"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
