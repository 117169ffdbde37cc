"""Questions for the days of something ("which dates ...", "what happened on 3 March?"), which a timeline answers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import datetime

from bot.answers.questions import read_question
from bot.commands.context import Context
from bot.commands.timeline import Span, claims_of, timeline_message
from bot.commands.visibility import visible_hits
from bot.model import Message
from bot.text.dates import find_dates
from bot.text.words import content_terms

DAYS_SHOWN = 12
"""Days of one answer: what can be read at a glance."""

ARTICLES_SEARCHED = 40
"""Best hits whose days are looked at, as for a timeline's first page."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedQuestion:
    """What a question for days is about, and the first and last day when it names them."""

    topic: str
    span: Span


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
    hits = await visible_hits(
        context.archive, question.topic or words, limit=ARTICLES_SEARCHED, collections=context.collections
    )
    articles = [article for _, article in hits]
    claims = await asyncio.to_thread(claims_of, articles, topic=question.topic, span=question.span, k=DAYS_SHOWN)
    return timeline_message(question.topic or words, claims, span=question.span) if claims else None


def _topic_of(text: str) -> str:
    """Return what is left of a question without its words of asking; empty when that says nothing."""
    left = " ".join(_ASKING.sub(" ", text).strip(" ?!.,").split())
    return left if content_terms(left, "en") else ""
