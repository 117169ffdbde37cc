"""What single sentences state that other sources can contradict: a measured number, the day of an event, an outcome."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.model import Article, Sentence
from bot.proof.lexicon import lexicon
from bot.proof.statements import Statement
from bot.proof.words import Word
from bot.stories.measures import Measure, read_measures
from bot.text.cues import REPORTING, find_futures, find_hedges
from bot.text.dates import DateSpan, find_dates, publication_day

# Sentences that are read, of one article and of all together: what matters of an event stands near the top.
MAX_SENTENCES: Final = 30
MAX_SENTENCES_TOGETHER: Final = 400
MAX_CHARS: Final = 600
# A sentence that names days so long before the publication tells of another event.
_HISTORY_DAYS: Final = 60
# Content words between a date and the word it belongs to.
_GOVERNOR_CHARS: Final = 40
# An expression of a day this sure can contradict another.
_SURE: Final = 0.85
_QUESTION: Final = ("?", "？")
_CLAUSE_BORDER: Final = re.compile(r"[,;:.\u2014]\s")
# What people do one day and again the next: they speak, meet, travel, play and protest.
_MEETING: Final = re.compile(
    r"\b(?:address|speak|spoke|spoken|talk|chat|urg|criti[cs]i[sz]|prais|defend|discuss|repeat|reiterat|brief|lectur|remark"
    r"|comment|mention|post|attack|blam|condemn|welcom|apologi[sz]|appeal|demand|promis|predict|suggest|meet|met"
    r"|visit|phon|call|interview|gather|conven|debat|negotiat|host|travel|fl(?:ew|y|ies)|play|train|ralli|march"
    r"|protest|demonstrat|attend|appear|testif|question|hear|heard|report|warn|vot|read|wr[io]t|sa(?:t|w)|show)"
    r"(?:e|es|ed|s|ing|y|ied)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Stated:
    """One sentence of one article, taken apart when asked."""

    place: int
    article: Article
    sentence: Sentence

    @cached_property
    def statement(self) -> Statement:
        """Its words, names, quantities, denials and hedges."""
        return Statement(self.sentence.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its content words without figures."""
        return frozenset(word.stem for word in self.statement.words if word.content and not word.text[0].isdigit())

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of its names, in lower case, with every name of the places among them."""
        own = {
            token.lower().removesuffix("'s")
            for name in self.statement.names
            if name.certain
            for token in name.text.replace("-", " ").split()
        }
        return frozenset(own.union(*(lexicon().place(token) for token in own)))

    @cached_property
    def dates(self) -> tuple[DateSpan, ...]:
        """Its date expressions."""
        return tuple(
            find_dates(self.sentence.text, published_at=self.article.published_at, language=self.article.language)
        )

    @cached_property
    def is_of_now(self) -> bool:
        """Whether it tells what happened, of the event itself: no plan, no guess, no look back at another year."""
        text = self.sentence.text
        if text.rstrip("\"'”’ ").endswith(_QUESTION) or find_futures(text):
            return False
        return not any(self._is_history(span) for span in self.dates)

    @cached_property
    def is_certain(self) -> bool:
        """Whether nothing in it is hedged."""
        return not find_hedges(self.sentence.text)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What it measures, when it is of the event."""
        # Most sentences measure nothing: those are known without a look at anything else in them.
        measures = read_measures(self.statement)
        if not measures or not self.is_of_now:
            return ()
        return tuple(
            measure for measure in measures if not any(span.start <= measure.start < span.end for span in self.dates)
        )

    @cached_property
    def day(self) -> DateSpan | None:
        """The one day it dates something on, None when it names none, several, or the day of a statement."""
        days = [span for span in self.dates if span.period is not None]
        if len(days) != 1:
            return None
        span, period = days[0], days[0].period
        if period is None or period.first != period.last or span.confidence < _SURE:
            return None
        return span if self.governor(span) else None

    def clause_before(self, span: DateSpan) -> frozenset[str]:
        """Return the stems of the words before a date in its clause: who did what."""
        return frozenset(word.stem for word in self._words_before(span) if word.content and not word.text[0].isdigit())

    def is_on_another_day(self, other: Stated) -> bool:
        """Return whether both name days, and no day in common."""
        left = [span.period for span in self.dates if span.period]
        right = [span.period for span in other.dates if span.period]
        return bool(left and right) and not any(
            one.first <= against.last and against.first <= one.last for one in left for against in right
        )

    def governor(self, span: DateSpan) -> str | None:
        """Return the stem that a date follows in its clause ("opened on 5 May"), None for an act of speech."""
        words = self._words_before(span)
        content = [word for word in words if word.content and word.start >= span.start - _GOVERNOR_CHARS]
        if not content or content[-1].text[0].isdigit() or dates_an_act_of_speech(self.statement.folded, span.start):
            return None
        return content[-1].sense

    def _words_before(self, span: DateSpan) -> list[Word]:
        border = _clause_start(self.statement.folded, span.start)
        return [word for word in self.statement.words if border <= word.start < span.start]

    def _is_history(self, span: DateSpan) -> bool:
        published = publication_day(self.article.published_at)
        if span.period is None:
            return False
        if published is None:
            return not span.relative and span.period.unit == "year"
        return (published - span.period.last).days > _HISTORY_DAYS


def read_facts(articles: Sequence[Article]) -> list[Stated]:
    """Return the sentences of the articles that can be compared, in their order; of many articles the first of each."""
    of_each = min(MAX_SENTENCES, MAX_SENTENCES_TOGETHER // max(1, len(articles)))
    return [
        Stated(place=place, article=article, sentence=sentence)
        for place, article in enumerate(articles)
        for sentence in article.sentences[:of_each]
        if len(sentence.text) <= MAX_CHARS
    ]


def dates_an_act_of_speech(text: str, start: int) -> bool:
    """Return whether the date at `start` is that of what somebody says or whom they meet."""
    before = text[_clause_start(text, start) : start]
    told = max((cue.end() for cue in (*REPORTING.finditer(before), *_MEETING.finditer(before))), default=None)
    # They may again the next day; but "said that it opened on Monday" dates the opening.
    return told is not None and " that " not in before[told:]


def _clause_start(text: str, end: int) -> int:
    return max((mark.end() for mark in _CLAUSE_BORDER.finditer(text, 0, end)), default=0)
