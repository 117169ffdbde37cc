"""What happened when, as articles date it: sentences about a topic that name a day, in order, each cited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from bot.articles.cleaning.dates import find_dates as find_full_dates
from bot.commands.context import Context
from bot.commands.declaring import Help
from bot.commands.finding import label_of
from bot.commands.search import nothing_found
from bot.commands.times import parse_since, parse_until
from bot.commands.visibility import visible_hits
from bot.commands.wording import HEADING_CHARS, shorten
from bot.messages.wording import PLANNED_TAG, byline_of
from bot.model import Article, Block, Bullets, Footer, Heading, Line, Message, Paragraph, Sentence
from bot.proof.dates import DateMention
from bot.proof.dates import find_dates as find_date_words
from bot.text.cues import find_futures
from bot.text.words import content_terms, terms

ARTICLES_SEARCHED = 40
"""Best hits whose sentences are dated."""

MAX_ENTRIES = 20
"""Days and sentences shown; the articles that match best are heard first."""

MAX_SENTENCE_CHARS = 2_000
"""Longer sentences are tables or lists that were not cut; no date in them can be told apart."""

HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineArguments:
    """What `/timeline` takes."""

    topic: Annotated[str, Help("Whose days to put in order")]
    since: Annotated[str, Help("Only days from then on: 7d, yesterday, 2026-05-03")] = ""
    until: Annotated[str, Help("Only days until then: 2026-06-30")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedSentence:
    """A sentence and the day it speaks of. `reported` says that it names none: the day is the article's own."""

    day: date
    article: Article
    sentence: Sentence
    planned: bool
    reported: bool = False


async def tell_timeline(arguments: TimelineArguments, context: Context) -> Message:
    """Return the dated sentences about the topic, oldest day first. Raises: BadRequest."""
    now = context.clock.now()
    since = parse_since(arguments.since, now=now) if arguments.since else None
    start = since or datetime(1, 1, 1, tzinfo=UTC)
    end = parse_until(arguments.until, since=start) if arguments.until else datetime.combine(date.max, time(), UTC)
    hits = await visible_hits(
        context.archive, arguments.topic, limit=ARTICLES_SEARCHED, collections=context.collections
    )
    if not hits:
        return await nothing_found(arguments.topic, context)
    articles = [article for _, article in hits if article.duplicate_of is None] or [article for _, article in hits]
    entries = [entry for entry in date_sentences(arguments.topic, articles) if start.date() <= entry.day < end.date()]
    if not entries:
        text = f"{len(articles)} articles match “{arguments.topic}”, but none of them dates anything in that span."
        return Message(blocks=(Paragraph(text=text), Paragraph(text="/search shows the articles.", quiet=True)))
    return _message(arguments.topic, entries)


def date_sentences(topic: str, articles: Sequence[Article]) -> list[DatedSentence]:
    """Return the sentences about the topic that name a day, of the first articles first; at most `MAX_ENTRIES`.

    An article that names no day speaks of the day it was published, by the sentence that holds most of the topic.
    """
    found: list[DatedSentence] = []
    seen: set[tuple[date, str]] = set()
    for article in articles:
        for entry in _of_article(topic, article):
            key = (entry.day, entry.sentence.text)
            if key not in seen:
                seen.add(key)
                found.append(entry)
        if len(found) >= MAX_ENTRIES:
            break
    return found[:MAX_ENTRIES]


def _of_article(topic: str, article: Article) -> list[DatedSentence]:
    wanted = frozenset(content_terms(topic, article.language)) or frozenset(terms(topic, article.language))
    about = [(len(wanted.intersection(terms(s.text, article.language))), s) for s in article.sentences]
    relevant = [sentence for held, sentence in about if held and len(sentence.text) <= MAX_SENTENCE_CHARS]
    dated = [
        DatedSentence(day=day, article=article, sentence=sentence, planned=_is_planned(day, sentence, article))
        for sentence in relevant
        for day in dict.fromkeys(days_of(sentence.text, article.published_at))
    ]
    if dated or not relevant or article.published_at is None:
        return dated
    best = max(about, key=lambda pair: (pair[0], -pair[1].index))[1]
    day = article.published_at.date()
    return [DatedSentence(day=day, article=article, sentence=best, planned=False, reported=True)]


def days_of(text: str, published_at: datetime | None) -> Iterator[date]:
    """Yield the days a sentence names: full dates; without a year the nearest to the publication; yesterday, Monday.

    A weekday is the one before the publication, or the next one where the sentence speaks of the future.
    """
    full = find_full_dates(text)
    yield from (found.at.date() for found in full)
    if published_at is None:
        return
    spans = [(found.start, found.end) for found in full]
    mentions = find_date_words(text)
    has_day = bool(full) or any(mention.kind == "day" for mention in mentions)
    for mention in mentions:
        if any(start <= mention.start < end for start, end in spans):
            continue
        # "Monday, 4 May" names one day, not two.
        if mention.kind == "weekday" and has_day:
            continue
        day = _resolve(mention, published_at.date(), is_future=bool(find_futures(text)), text=text)
        if day is not None:
            yield day


def _resolve(mention: DateMention, published: date, *, is_future: bool, text: str) -> date | None:
    if mention.kind == "relative" and mention.value in {"-1", "0", "1"}:
        return published + timedelta(days=int(mention.value))
    if mention.kind == "weekday":
        back = (published.weekday() - int(mention.value)) % 7
        return published + timedelta(days=7 - back) if is_future else published - timedelta(days=back)
    if mention.kind == "day" and not _has_year(text, mention):
        return _nearest_year(*divmod(int(mention.value), 100), published)
    return None


def _has_year(text: str, mention: DateMention) -> bool:
    after = mention.start + len(mention.text)
    return re.match(r",?\s?(?:1[89]|20)\d\d\b", text[after : after + 7]) is not None


def _nearest_year(month: int, day: int, published: date) -> date | None:
    for year in (published.year, published.year - 1, published.year + 1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if abs(candidate - published) <= HALF_A_YEAR:
            return candidate
    return None


def _is_planned(day: date, sentence: Sentence, article: Article) -> bool:
    if article.published_at is None:
        return bool(find_futures(sentence.text))
    return day > article.published_at.date()


def _message(topic: str, entries: Sequence[DatedSentence]) -> Message:
    cited = list({entry.article.id: entry.article for entry in entries}.values())
    number_of = {article.id: number for number, article in enumerate(cited, start=1)}
    lines = []
    for entry in sorted(entries, key=lambda e: (e.day, number_of[e.article.id], e.sentence.index)):
        remark = "(reported) " if entry.reported else f"({PLANNED_TAG}) " if entry.planned else ""
        mark = f"{number_of[entry.article.id]}:s{entry.sentence.index}"
        lines.append(Line(text=f"{entry.day:%d %b} {entry.day.year} · {remark}{entry.sentence.text}", marks=(mark,)))
    sources = tuple(
        Line(text=f"{label_of(article)} · {byline_of(article)}", marks=(str(number_of[article.id]),))
        for article in cited
    )
    blocks: tuple[Block, ...] = (
        Heading(text=f"Timeline: {shorten(topic, HEADING_CHARS)}"),
        Bullets(lines=tuple(lines)),
        Heading(text="Where this stands", level=2),
        Bullets(lines=sources),
        Footer(
            lines=(
                "These are sentences of the articles under the days they name; “reported” ones stand under the day"
                " their article was published.",
            )
        ),
    )
    return Message(blocks=blocks)
