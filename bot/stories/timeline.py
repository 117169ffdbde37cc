"""What happened when, over all articles of a topic: a cited entry for each of the days that matter most.

The days an article speaks of are apart from the day it was published: "on Friday" is resolved against that day, and an
article without one gives only what it dates in full. An entry is the sentence that tells most of what the articles say
of its day; other articles that say the same are cited with it. Captions are left out on purpose: a picture is often of
an older day than the article it stands in.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from bot.model import Article, Citation, DatedClaim, Status
from bot.stories.dating import NEAR_TOPIC, OFF_TOPIC, Mention, by_period, find_mentions, score_periods
from bot.text.cues import find_attributions, find_hedges, find_reporting
from bot.text.dates import Period
from bot.text.scripts import is_cjk
from bot.text.words import content_terms, count_words

# Entries of a timeline when nobody says how many.
DEFAULT_ENTRIES: Final = 20
# Two entries more alike than this tell the same.
MAX_LIKENESS: Final = 0.5
# ... and two of the same days, or of a day and its month, when they are this much alike.
_LIKENESS_WITHIN: Final = 0.3
# A sentence of another article that is this much like an entry says the same of that day.
_SAME_CLAIM: Final = 0.4
# Articles cited by one entry.
_MAX_CITATIONS: Final = 5
# Sentences of one period that are compared.
_MAX_COMPARED: Final = 60
# Words of an entry that reads well; longer and shorter ones are taken when there is nothing else.
_LONGEST_WORDS: Final = 45
_FEWEST_WORDS: Final = 6
# What becomes of the likeness to what is said of the day when a sentence reads badly, asks, or dates a statement.
_BAD_LENGTH: Final = 0.6
_QUESTION: Final = 0.3
_SAYING: Final = 0.5
# A sentence that opens with a pronoun: of whom it speaks stands elsewhere.
_PRONOUN: Final = 0.7
_OPENS_WITH_PRONOUN: Final = re.compile(r"\W*(?:he|she|it|they|this|that|these|those)\b", re.IGNORECASE)
# A sentence written when its day lay ahead, where others tell what came of it.
_OUTDATED: Final = 0.7
# A sentence that names other days too, for each of them.
_OTHER_DAYS: Final = 0.8
_MAX_OTHER_DAYS: Final = 4
# Further sentences of a day that has an entry already must be this sure of it.
_SURE: Final = 0.75
# What a week, a month or a year counts beside a day: it says less of when.
_COARSE: Final = 0.5
# "12-17 September" says when as exactly as a day does, where there is room for all.
_SHORT_SPAN_DAYS: Final = 7
# Characters of an article that tell its script.
_SCRIPT_CHARS: Final = 500

# More than any score: logarithms of counts that are smaller than all the sentences of an archive.
_BEHIND: Final = 1_000.0

Vector = Mapping[str, float]
Shorten = Callable[[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One sentence under one period, with its terms as a vector of length 1."""

    mention: Mention
    vector: Vector
    value: float


def build_timeline(
    articles: Sequence[Article],
    *,
    topic: str,
    since: date | None = None,
    until: date | None = None,
    k: int = DEFAULT_ENTRIES,
    shorten: Shorten | None = None,
) -> tuple[DatedClaim, ...]:
    """Return at most `k` dated claims about the topic, by day; only days from `since` to `until`, both included.

    `shorten` takes a sentence and its language and returns the text of its entry; without it that is the sentence.
    """
    present = {article.id for article in articles}
    originals = [article for article in articles if article.duplicate_of not in present]
    found = [mention for mention in find_mentions(originals, topic) if _is_inside(mention.period, since, until)]
    chosen = _choose(by_period(_on_topic(found, originals, topic)), originals, k)
    entries = [_to_claim(best, same, originals, shorten) for best, same in chosen]
    entries.sort(key=lambda entry: (entry.day, entry.end or entry.day, entry.citations[0].seq))
    return tuple(_with_markers(entries))


def _is_inside(period: Period, since: date | None, until: date | None) -> bool:
    return (since is None or period.first >= since) and (until is None or period.last <= until)


def _on_topic(mentions: Sequence[Mention], articles: Sequence[Article], topic: str) -> list[Mention]:
    """Return the dates in articles that name the topic, when any does, and in those of another script than its."""
    if all(mention.weight <= OFF_TOPIC for mention in mentions):
        return list(mentions)
    is_east_asian = is_cjk(topic)
    return [
        mention
        for mention in mentions
        if mention.weight > OFF_TOPIC or is_cjk(articles[mention.article].body[:_SCRIPT_CHARS]) != is_east_asian
    ]


def _choose(
    periods: Mapping[Period, list[Mention]], articles: Sequence[Article], k: int
) -> list[tuple[_Told, list[_Told]]]:
    """Return the sentence of each entry with those that say the same: the periods that matter most first."""
    scores = score_periods(periods, articles)
    now = max((mention.published for named in periods.values() for mention in named if mention.published), default=None)
    has_room = len(periods) <= k
    ranked = sorted(
        periods,
        key=lambda period: (-_rank(period, scores[period], periods[period], now, has_room=has_room), period.first),
    )
    weights = _Weights(articles, periods)
    chosen: list[tuple[_Told, list[_Told]]] = []
    spare: list[tuple[_Told, list[_Told]]] = []
    for period in ranked:
        told = weights.tell(periods[period])
        position = next((i for i, one in enumerate(told) if _is_new(one, chosen)), None)
        if position is not None:
            best = told[position]
            chosen.append((best, _same_claims(best, told)))
            spare.extend((one, _same_claims(one, told)) for one in told if one is not best and _is_sure(one))
        if len(chosen) >= k:
            return chosen
    for one, same in spare:
        if len(chosen) < k and _is_new(one, chosen):
            chosen.append((one, same))
    return chosen


def _rank(period: Period, score: float, named: Sequence[Mention], now: date | None, *, has_room: bool) -> float:
    """Return the score of a period; a coarse one counts less, and one gone by stands behind all days."""
    if all(mention.of_saying for mention in named):
        score *= _SAYING
    if period.first == period.last or (has_room and _is_short_span(period)):
        return score
    is_ahead = now is not None and period.last > now
    return _COARSE * score if is_ahead else _COARSE * score - _BEHIND


def _is_short_span(period: Period) -> bool:
    return period.unit == "day" and (period.last - period.first).days < _SHORT_SPAN_DAYS


def _is_new(one: _Told, chosen: Sequence[tuple[_Told, list[_Told]]]) -> bool:
    sentence, article = one.mention.sentence.index, one.mention.article
    return all(
        (other.mention.article, other.mention.sentence.index) != (article, sentence)
        and _cosine(one.vector, other.vector) < _likeness_allowed(one.mention.period, other.mention.period)
        for other, _ in chosen
    )


def _likeness_allowed(one: Period, other: Period) -> float:
    """Return how alike two entries may be: a month and a day in it, or two entries of a day, soon tell the same."""
    is_within = one.first <= other.last and other.first <= one.last
    return _LIKENESS_WITHIN if is_within else MAX_LIKENESS


def _is_sure(one: _Told) -> bool:
    mention = one.mention
    return mention.weight > NEAR_TOPIC and mention.span.confidence >= _SURE and not mention.of_saying


def _same_claims(best: _Told, told: Sequence[_Told]) -> list[_Told]:
    """Return the sentences of other articles that say the same of the day, one an article."""
    found: dict[int, _Told] = {}
    for one in told:
        if one.mention.article != best.mention.article and _cosine(one.vector, best.vector) >= _SAME_CLAIM:
            found.setdefault(one.mention.article, one)
    return list(found.values())[: _MAX_CITATIONS - 1]


class _Weights:
    """How much each term tells apart the articles (idf), and the sentences of a period in the order of their worth."""

    def __init__(self, articles: Sequence[Article], periods: Mapping[Period, Sequence[Mention]]) -> None:
        self._articles = articles
        self._named = Counter(
            (mention.article, mention.sentence.index) for named in periods.values() for mention in named
        )
        self._vectors: dict[tuple[int, int], Vector] = {}
        self._count = len(articles)
        self._holding: Counter[str] = Counter()
        for article in articles:
            self._holding.update(set(content_terms(article.body, article.language)))

    def tell(self, named: Sequence[Mention]) -> list[_Told]:
        """Return the sentences, the one that tells most of what all of them say first."""
        compared = sorted(named, key=lambda mention: -mention.weight)[:_MAX_COMPARED]
        if any(mention.weight > OFF_TOPIC for mention in compared):
            compared = [mention for mention in compared if mention.weight > OFF_TOPIC]
        vectors = [self._vector(mention) for mention in compared]
        centre: Counter[str] = Counter()
        for vector in vectors:
            centre.update(dict(vector))
        length = math.sqrt(sum(weight * weight for weight in centre.values())) or 1.0
        has_news = any(not mention.is_ahead for mention in compared)
        told = [
            _Told(
                mention=mention,
                vector=vector,
                value=_cosine(vector, centre) / length * _form(mention, has_news=has_news) * self._focus(mention),
            )
            for mention, vector in zip(compared, vectors, strict=True)
        ]
        return sorted(told, key=lambda one: -one.value)

    def _focus(self, mention: Mention) -> float:
        """Return what a sentence keeps of its worth when it names other days too."""
        others = self._named[mention.article, mention.sentence.index] - 1
        return _OTHER_DAYS ** min(others, _MAX_OTHER_DAYS)

    def _vector(self, mention: Mention) -> Vector:
        key = (mention.article, mention.sentence.index)
        if key not in self._vectors:
            language = self._articles[mention.article].language
            counts = Counter(content_terms(mention.sentence.text, language))
            weights = {
                term: (1 + math.log(count)) * math.log(1 + self._count / max(1, self._holding[term]))
                for term, count in counts.items()
            }
            length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            self._vectors[key] = {term: weight / length for term, weight in weights.items()}
        return self._vectors[key]


def _form(mention: Mention, *, has_news: bool) -> float:
    """Return what a sentence keeps of its worth by its form: its length, its mood, what its date belongs to."""
    text = mention.sentence.text
    worth = mention.span.confidence * mention.weight
    if not _FEWEST_WORDS <= count_words(text) <= _LONGEST_WORDS:
        worth *= _BAD_LENGTH
    if text.rstrip("\"'”’ ").endswith(("?", "？")):
        worth *= _QUESTION
    if mention.of_saying:
        worth *= _SAYING
    if _OPENS_WITH_PRONOUN.match(text):
        worth *= _PRONOUN
    if has_news and mention.is_ahead:
        worth *= _OUTDATED
    return worth


def _cosine(one: Vector, other: Vector) -> float:
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())


def _to_claim(best: _Told, same: Sequence[_Told], articles: Sequence[Article], shorten: Shorten | None) -> DatedClaim:
    mention = best.mention
    article = articles[mention.article]
    text = " ".join(mention.sentence.text.split())
    cited = [_citation(one.mention, articles) for one in (best, *same)]
    period = mention.period
    return DatedClaim(
        day=period.first,
        end=period.last if period.last != period.first else None,
        granularity=period.unit,
        text=_shortened(text, mention.span.text, article.language, shorten),
        citations=tuple(cited),
        status=_status(mention),
    )


def _shortened(text: str, named: str, language: str, shorten: Shorten | None) -> str:
    """Return the text of an entry; what was shortened still names its day, or else it tells of another one."""
    short = shorten(text, language) if shorten else text
    return short if " ".join(named.split()) in short else text


def _status(mention: Mention) -> Status:
    if mention.is_ahead:
        return "planned"
    text = mention.sentence.text
    if find_reporting(text) or find_attributions(text) or find_hedges(text):
        return "claim"
    return "fact"


def _citation(mention: Mention, articles: Sequence[Article]) -> Citation:
    article = articles[mention.article]
    return Citation(
        marker="",
        article_id=article.id,
        seq=article.ingested_seq,
        path=article.path,
        title=article.title or article.path,
        sentences=(mention.sentence.index,),
        quote=mention.sentence.text,
        source=article.source,
        published_at=article.published_at,
    )


def _with_markers(entries: Sequence[DatedClaim]) -> list[DatedClaim]:
    """Return the entries with their articles numbered in the order in which they are first cited."""
    numbers: dict[str, str] = {}
    for entry in entries:
        for citation in entry.citations:
            numbers.setdefault(citation.article_id, str(len(numbers) + 1))
    return [
        replace(
            entry,
            citations=tuple(replace(citation, marker=numbers[citation.article_id]) for citation in entry.citations),
        )
        for entry in entries
    ]
