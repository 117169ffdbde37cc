"""Questions for the days of something ("which dates ...", "what happened on 3 March?"), which a timeline answers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.answers.conversation import needs_context, resolve
from bot.answers.questions import read_question
from bot.commands.context import Context
from bot.commands.finding import latest_heads
from bot.commands.timeline import Span, claims_of, timeline_message
from bot.commands.visibility import visible_hits
from bot.messages.days import days_text
from bot.model import Answer, Article, DatedClaim, Message
from bot.ports import Archive
from bot.stories.dating import names_topic
from bot.text.dates import find_dates
from bot.text.words import content_terms

DAYS_SHOWN = 12
"""Days of one answer: what can be read at a glance."""

ARTICLES_SEARCHED = 40
"""Best hits whose days are looked at, as for a timeline's first page."""

ARTICLES_WITHIN = 80
"""Articles published in the days asked for that are looked at besides, the latest."""

_DATES = re.compile(
    r"\b(?:which|what)\s(?:dates|days)\b|\b(?:time\s?line|chronology)\s(?:of|for)\b|\bin\s(?:what|which)\sorder\b|어떤\s날짜들",
    re.IGNORECASE,
)
_HAPPENED = re.compile(
    r"\bwhat\s(?:else\s|all\s)?(?:happened|happens|took\splace|was\sreported|will\shappen)\b|무슨\s일이\s있었",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"\b(?:which|what|when|dates|days|timeline|chronology|order|happened|happens|happen|took|place|reported|else|named|mentioned"
    r"|given|known|important)\b",
    re.IGNORECASE,
)

_SMALL_WORDS = (
    r"(?:about|all|are|around|at|between|by|did|do|does|during|for|from|in|is|of|on|over|since|the|there|to|until|was"
    r"|were|with)"
)
_AT_THE_ENDS = re.compile(rf"^(?:{_SMALL_WORDS}\s+)+|(?:\s+{_SMALL_WORDS})+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedQuestion:
    """What a question for days is about, and the first and last day when it names them."""

    topic: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDays:
    """What the days found are about, with what was carried over from earlier questions, and their claims, by day."""

    topic: str
    claims: tuple[DatedClaim, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedAnswer:
    """An answer that is a timeline, and the claims it is made of."""

    answer: Answer
    topic: str
    span: Span
    claims: tuple[DatedClaim, ...]


def read_dated_question(text: str, *, now: datetime) -> DatedQuestion | None:
    """Return the topic and the days asked for; None when the question is none for days."""
    if read_question(text).several or not (_DATES.search(text) or _HAPPENED.search(text)):
        return None
    named = next((found for found in find_dates(text, published_at=now) if found.period is not None), None)
    if named is None or named.period is None:
        if _HAPPENED.search(text):
            return None  # "what happened to X?" asks for a report, not for days
        return DatedQuestion(topic=_topic_of(text), span=Span())
    rest = f"{text[: named.start]} {text[named.end :]}"
    return DatedQuestion(topic=_topic_of(rest), span=Span(since=named.period.first, until=named.period.last))


async def tell_days(question: DatedQuestion, words: str, context: Context) -> Message | None:
    """Return the days as a timeline; None when what was read names none of them."""
    found = await find_days(
        question, words, archive=context.archive, collections=context.collections, earlier=context.earlier
    )
    return timeline_message(found.topic or words, found.claims, span=question.span) if found.claims else None


async def find_days(
    question: DatedQuestion,
    words: str,
    *,
    archive: Archive,
    collections: Collection[str] | None,
    earlier: Sequence[str] = (),
) -> FoundDays:
    """Return the claims that answer a question for days, from those articles that name what it is about.

    `words` are the question as it was asked, `earlier` those asked before it, from which a follow-up takes its topic.
    """
    topic = " ".join(part for part in (question.topic, _carried(question, words, earlier)) if part)
    hits = await visible_hits(archive, topic or words, limit=ARTICLES_SEARCHED, collections=collections)
    articles = {hit.article.id: hit.article for hit in hits}
    for article in await _published_within(question.span, archive, collections):
        articles.setdefault(article.id, article)
    claims = await asyncio.to_thread(_claims, list(articles.values()), topic, question.span)
    return FoundDays(topic=topic, claims=claims)


async def answer_days(
    words: str, *, archive: Archive, collections: Collection[str] | None, now: datetime, earlier: Sequence[str] = ()
) -> DatedAnswer | None:
    """Return the days asked for, a line a day, each cited; None when no days are asked for, or none are known."""
    question = read_dated_question(words, now=now)
    if question is None:
        return None
    found = await find_days(question, words, archive=archive, collections=collections, earlier=earlier)
    if not found.claims:
        return None
    lines = [f"{days_text(claim)}: {claim.text}" for claim in found.claims]
    facts = sum(claim.status == "fact" for claim in found.claims)
    answer = Answer(
        question=words,
        text="\n".join(lines),
        grounded=True,
        # A day that is planned, or only said to be so, counts half.
        confidence=(len(lines) + facts) / (2 * len(lines)),
        citations=tuple(citation for claim in found.claims for citation in claim.citations),
    )
    return DatedAnswer(answer=answer, topic=found.topic or words, span=question.span, claims=found.claims)


def _claims(articles: Sequence[Article], topic: str, span: Span) -> tuple[DatedClaim, ...]:
    named = [article for article in articles if names_topic(article, topic)] if topic else list(articles)
    return claims_of(named, topic=topic, span=span, k=DAYS_SHOWN)


async def _published_within(span: Span, archive: Archive, collections: Collection[str] | None) -> list[Article]:
    """Return the latest articles that were published in the span or on the day after: they call its days by weekday."""
    if span.since is None or span.until is None:
        return []
    end = span.until + timedelta(days=1)
    within = [
        head.id
        for head in await latest_heads(archive, collections)
        if head.published_at is not None and span.since <= head.published_at.date() <= end
    ]
    return await archive.articles(within[:ARTICLES_WITHIN][::-1])


def _carried(question: DatedQuestion, words: str, earlier: Sequence[str]) -> str:
    """Return what a follow-up takes over from the questions before it."""
    if not earlier or (question.topic and not needs_context(words)):
        return ""
    return resolve(question.topic, earlier, None).question.carried


def _topic_of(text: str) -> str:
    """Return what is left of a question without its words of asking; empty when that says nothing."""
    left = " ".join(_ASKING.sub(" ", text).strip(" ?!.,").split())
    return _AT_THE_ENDS.sub("", left) if content_terms(left, "en") else ""
