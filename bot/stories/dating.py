"""Which days the articles of a topic speak of, and how much each of them matters to it.

A day matters when many articles name it, and the more the later they do so: what is named on its own day is news, what
is named a month after is history. What a day collects is measured by how many articles came after it and could have
named it, or else the first days of a topic would always win.
Source: long-term references as in Kessler et al. 2012, Finding salient dates for building thematic timelines. The form
of the score and its round constants were judged on the development half of T17 with one topic left out at a time.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from bot.model import Article, Sentence
from bot.text.cues import REPORTING
from bot.text.dates import DateSpan, Period, find_dates, publication_day
from bot.text.scripts import is_cjk
from bot.text.words import content_terms, terms, tokens

# Characters of a sentence that is read; longer ones are tables and lists that were not cut.
MAX_SENTENCE_CHARS: Final = 2_000
# How much a sentence counts that names the topic or stands beside one, one of an article that names it elsewhere, and
# one of an article that does not.
ON_TOPIC: Final = 1.0
NEAR_TOPIC: Final = 0.5
OFF_TOPIC: Final = 0.25
# Share of the topic's words that name it, and share of the articles that must: below, the topic is a label only.
_NAMING_SHARE: Final = 0.5
_LABEL_SHARE: Final = 0.1
# A day named after so many days is remembered; longer memory counts no more.
_LONGEST_MEMORY_DAYS: Final = 30
# Part of all articles added to those that came after a day (and to one), so that the last days are not all rate.
_RATE_SMOOTHING: Final = 0.1
# What the day of a statement counts, and a day that still lies ahead, beside a day on which something happened.
_SAYING_SHARE: Final = 0.5
_AHEAD_SHARE: Final = 0.5
# Content words besides its dates that a sentence has which tells of a day.
_FEWEST_WORDS: Final = 2
# Letters of a stem that may begin other words: shorter ones begin too many.
_SHORTEST_STEM: Final = 4
_REMEMBERED_TOPICS: Final = 64
# "5 May 2026 at 4:41 pm" and "5 May 2026, 16:41".
_CLOCK: Final = re.compile(r"\s?,?\s?(?:at\s)?\d{1,2}\s?:\s?\d\d\b", re.IGNORECASE)
_COMPARED: Final = re.compile(
    r"\b(?:than|as|compared (?:with|to)|against)\s(?:(?:in|at|for|during)\s)?"
    r"(?:the\s)?(?:same\s\w+\s(?:(?:of|in|a)\s)?)?$",
    re.IGNORECASE,
)
# Characters before a date in which a verb of saying makes it the day of the saying ("told reporters on Friday").
_SAYING_REACH: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One date expression in one sentence of one article (by its place among those given).

    `weight` is `ON_TOPIC`, `NEAR_TOPIC` or `OFF_TOPIC`; `of_saying` says that the date is the day of a statement or
    of the writing of a page.
    """

    article: int
    sentence: Sentence
    span: DateSpan
    period: Period
    published: date | None
    weight: float
    of_saying: bool

    @property
    def is_ahead(self) -> bool:
        """Whether the days lay ahead when this was written; without a date of publication the tense tells."""
        if self.published is not None and self.period.first > self.published:
            return True
        if self.published is not None and self.period.last <= self.published:
            return False
        return self.span.tense == "future"


def find_mentions(articles: Sequence[Article], topic: str) -> list[Mention]:
    """Return the resolved dates of all sentences of all articles, in their order."""
    hits = [_sentences_on(topic, article) for article in articles]
    is_label = sum(any(hit) for hit in hits) < max(1.0, _LABEL_SHARE * len(articles))
    found: list[Mention] = []
    for place, article in enumerate(articles):
        published = publication_day(article.published_at)
        for position, sentence in enumerate(article.sentences):
            if len(sentence.text) > MAX_SENTENCE_CHARS:
                continue
            spans = find_dates(sentence.text, published_at=published, language=article.language)
            if not spans or _tells_nothing_else(sentence.text, spans, article.language):
                continue
            weight = ON_TOPIC if is_label else _weight(hits[place], position)
            for span in spans:
                if span.period is not None and not _is_compared(sentence.text, span, span.period):
                    found.append(
                        Mention(
                            article=place,
                            sentence=sentence,
                            span=span,
                            period=span.period,
                            published=published,
                            weight=weight,
                            of_saying=_is_of_saying(sentence.text, span) or _is_stamp(sentence.text, span),
                        )
                    )
    return found


def score_periods(mentions: Mapping[Period, Sequence[Mention]], articles: Sequence[Article]) -> dict[Period, float]:
    """Return how much each period matters: who names it how long after, for those who could have."""
    published = sorted(day for article in articles if (day := publication_day(article.published_at)) is not None)
    return {period: _score(period, named, published) for period, named in mentions.items()}


def by_period(mentions: Sequence[Mention]) -> dict[Period, list[Mention]]:
    """Return the mentions of each period, one a sentence, in their order."""
    found: dict[Period, list[Mention]] = defaultdict(list)
    seen: set[tuple[Period, int, int]] = set()
    for mention in mentions:
        key = (mention.period, mention.article, mention.sentence.index)
        if key not in seen:
            seen.add(key)
            found[mention.period].append(mention)
    return dict(found)


def names_topic(article: Article, topic: str) -> bool:
    """Return whether an article names half of a topic's words, and all that have a capital or a figure."""
    sure = " ".join(token.text for token in tokens(topic) if token.text[0].isupper() or token.text[0].isdigit())
    return share_named(article, topic) >= _NAMING_SHARE and (not sure or share_named(article, sure) == 1.0)


def share_named(article: Article, topic: str) -> float:
    """Return the share (0 to 1) of a topic's words that an article names anywhere."""
    words = _topic_words(topic, article.language)
    text = f"{article.title or ''}\n{article.body}"
    return sum(word.search(text) is not None for word in words) / len(words) if words else 0.0


def _sentences_on(topic: str, article: Article) -> list[bool]:
    """Return for each sentence whether it names the topic; the title names it for the first sentence."""
    words = _topic_words(topic, article.language)
    if not words:
        return [False] * len(article.sentences)
    held = [_names(words, sentence.text) for sentence in article.sentences]
    if held and article.title and _names(words, article.title):
        held[0] = True
    return held


@lru_cache(maxsize=_REMEMBERED_TOPICS)
def _topic_words(topic: str, language: str) -> tuple[re.Pattern[str], ...]:
    """Return what finds each word of a topic: a word's stem begins others, so that "Vessa" finds "Vessan" too."""
    found: dict[str, None] = {}
    for content in (content_terms, terms):
        for token in tokens(topic):
            stems = content(token.text, language)
            if is_cjk(token.text):
                found.update(dict.fromkeys(map(re.escape, stems)))
            elif stems:
                # A stem has lost its accents, so the word as it is written stands beside it.
                found[rf"\b(?:{_beginning(token.text)}|{_beginning(stems[0])})"] = None
        if found:
            break
    return tuple(re.compile(word, re.IGNORECASE) for word in found)


def _beginning(word: str) -> str:
    return re.escape(word) if len(word) >= _SHORTEST_STEM else rf"{re.escape(word)}\b"


def _names(words: Sequence[re.Pattern[str]], text: str) -> bool:
    held = sum(word.search(text[:MAX_SENTENCE_CHARS]) is not None for word in words)
    return held >= _NAMING_SHARE * len(words)


def _weight(hits: Sequence[bool], position: int) -> float:
    if any(hits[max(0, position - 1) : position + 2]):
        return ON_TOPIC
    return NEAR_TOPIC if any(hits) else OFF_TOPIC


def _tells_nothing_else(text: str, spans: Sequence[DateSpan], language: str) -> bool:
    """Return whether a sentence is a dateline: hardly a word besides its dates."""
    rest = list(text)
    for span in spans:
        rest[span.start : span.end] = " " * (span.end - span.start)
    return len(content_terms("".join(rest), language)) < _FEWEST_WORDS


def _is_of_saying(text: str, span: DateSpan) -> bool:
    before = text[max(0, span.start - _SAYING_REACH) : span.start]
    last = max((match.end() for match in REPORTING.finditer(before)), default=None)
    # "Said that on Friday" begins what is said; "said on Friday" dates the saying.
    return last is not None and not any(mark in before[last:] for mark in (" that ", ",", ":", "“", '"'))


def _is_compared(text: str, span: DateSpan, period: Period) -> bool:
    """Return whether a year or a month is only what another is compared with ("as in the same weeks of last year")."""
    return period.unit != "day" and _COMPARED.search(text[max(0, span.start - _SAYING_REACH) : span.start]) is not None


def _is_stamp(text: str, span: DateSpan) -> bool:
    """Return whether a date with its time of day says when a page or a comment was written."""
    return not span.relative and _CLOCK.match(text, span.end) is not None


def _score(period: Period, named: Sequence[Mention], published: Sequence[date]) -> float:
    of_articles: dict[int, list[float]] = defaultdict(list)
    for mention in named:
        of_articles[mention.article].append(_memory(mention))
    # Further sentences of one article count less and less.
    memory = sum(sum(weights) / math.sqrt(len(weights)) for weights in of_articles.values())
    total = len(published)
    later = total - bisect_right(published, period.last)
    return math.log1p(memory * total / (1 + later + _RATE_SMOOTHING * total))


def _memory(mention: Mention) -> float:
    """Return what a sentence adds to its day: more the longer after it was written."""
    weight = mention.weight
    if mention.of_saying:
        weight *= _SAYING_SHARE
    if mention.published is None:
        return weight
    days = (mention.published - mention.period.last).days
    if days < 0:
        return weight * _AHEAD_SHARE
    return weight * (1.0 + math.log1p(min(days, _LONGEST_MEMORY_DAYS)))
