"""What happened when, over all articles of a topic: a cited entry for each of the days that matter most.

The days an article speaks of are apart from the day it was published: "on Friday" is resolved against that day, and an
article without one gives only what it dates in full. An entry is the sentence that tells most of what the articles say
of its day; other articles that say the same are cited with it. Captions are left out on purpose: a picture is often of
an older day than the article it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.model import Article, Citation, DatedClaim, Status
from bot.stories.dating import NEAR_TOPIC, OFF_TOPIC, Mention, by_period, find_mentions, score_periods, share_named
from bot.stories.worth import SAYING, Told, Weights, cosine, disagree
from bot.text.cues import find_attributions, find_hedges, find_reporting
from bot.text.dates import Period
from bot.text.scripts import is_cjk

# Entries of a timeline when nobody says how many.
DEFAULT_ENTRIES: Final = 20
# Two entries more alike than this tell the same.
MAX_LIKENESS: Final = 0.5
# ... and two of the same days, or of a day and its month, when they are this much alike.
_LIKENESS_WITHIN: Final = 0.3
# A sentence of another article that is this much like an entry says the same of that day.
_SAME_CLAIM: Final = 0.4
# ... and one this much like it tells of the same matter: with another figure, it contradicts the entry.
_SAME_MATTER: Final = 0.6
# Share of a topic's words that is too few for an article, where others name all of them.
_SOME_WORDS: Final = 0.5
# Articles cited by one entry.
_MAX_CITATIONS: Final = 5
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

Shorten = Callable[[str, str], str]


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
    copies = [article for article in articles if article.duplicate_of in present]
    found = [mention for mention in find_mentions(originals, topic) if _is_inside(mention.period, since, until)]
    periods = by_period(_on_topic(found, originals, topic))
    weights = Weights(originals, copies, periods)
    chosen = _choose(periods, weights, originals, k)
    copied = [replace(one, article=one.article + len(originals)) for one in find_mentions(copies, topic)]
    chosen += _rivals(chosen, periods, by_period(copied), weights)[: k - len(chosen)]
    entries = [_to_claim(best, same, [*originals, *copies], shorten) for best, same in chosen]
    entries.sort(key=lambda entry: (entry.day, entry.end or entry.day, entry.citations[0].seq))
    return tuple(_with_markers(entries))


def _is_inside(period: Period, since: date | None, until: date | None) -> bool:
    return (since is None or period.first >= since) and (until is None or period.last <= until)


def _on_topic(mentions: Sequence[Mention], articles: Sequence[Article], topic: str) -> list[Mention]:
    """Return the dates in articles that name the topic, when any does, and in those of another script than its.

    Where some name all of its words, half of them is too little: "mill fire" is not about every fire.
    """
    if all(mention.weight <= OFF_TOPIC for mention in mentions):
        return list(mentions)
    is_east_asian = is_cjk(topic)
    shares = [share_named(article, topic) for article in articles]
    enough = _SOME_WORDS if max(shares) == 1.0 else 0.0
    return [
        mention
        for mention in mentions
        if (mention.weight > OFF_TOPIC and (shares[mention.article] > enough or not shares[mention.article]))
        or is_cjk(articles[mention.article].body[:_SCRIPT_CHARS]) != is_east_asian
    ]


def _choose(
    periods: Mapping[Period, list[Mention]], weights: Weights, articles: Sequence[Article], k: int
) -> list[tuple[Told, list[Told]]]:
    """Return the sentence of each entry with those that say the same: the periods that matter most first."""
    scores = score_periods(periods, articles)
    now = max((mention.published for named in periods.values() for mention in named if mention.published), default=None)
    has_room = len(periods) <= k
    ranked = sorted(
        periods,
        key=lambda period: (-_rank(period, scores[period], periods[period], now, has_room=has_room), period.first),
    )
    chosen: list[tuple[Told, list[Told]]] = []
    spare: list[tuple[Told, list[Told]]] = []
    for period in ranked:
        told = weights.tell(periods[period])
        position = next((i for i, one in enumerate(told) if _is_new(one, chosen)), None)
        if position is not None:
            best = told[position]
            chosen.append((best, _same_claims(best, told)))
            # What was in 2001 is told once: further sentences with that year mostly recall the same.
            if period.unit != "year":
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
        score *= SAYING
    if period.first == period.last or (has_room and _is_short_span(period)):
        return score
    is_ahead = now is not None and period.last > now
    return _COARSE * score if is_ahead else _COARSE * score - _BEHIND


def _is_short_span(period: Period) -> bool:
    return period.unit == "day" and (period.last - period.first).days < _SHORT_SPAN_DAYS


def _is_new(one: Told, chosen: Sequence[tuple[Told, list[Told]]]) -> bool:
    sentence, article = one.mention.sentence.index, one.mention.article
    return all(
        (other.mention.article, other.mention.sentence.index) != (article, sentence)
        and cosine(one.vector, other.vector) < _likeness_allowed(one.mention.period, other.mention.period)
        for other, _ in chosen
    )


def _likeness_allowed(one: Period, other: Period) -> float:
    """Return how alike two entries may be: a month and a day in it, or two entries of a day, soon tell the same."""
    is_within = one.first <= other.last and other.first <= one.last
    return _LIKENESS_WITHIN if is_within else MAX_LIKENESS


def _is_sure(one: Told) -> bool:
    mention = one.mention
    return mention.weight > NEAR_TOPIC and mention.span.confidence >= _SURE and not mention.of_saying


def _same_claims(best: Told, told: Sequence[Told]) -> list[Told]:
    """Return the sentences of other articles that say the same of the day, one an article."""
    found: dict[int, Told] = {}
    for one in told:
        if (
            one.mention.article != best.mention.article
            and cosine(one.vector, best.vector) >= _SAME_CLAIM
            and not disagree(one, best)
        ):
            found.setdefault(one.mention.article, one)
    return list(found.values())[: _MAX_CITATIONS - 1]


def _rivals(
    chosen: Sequence[tuple[Told, list[Told]]],
    periods: Mapping[Period, Sequence[Mention]],
    copied: Mapping[Period, Sequence[Mention]],
    weights: Weights,
) -> list[tuple[Told, list[Told]]]:
    """Return what others say of an entry's day with another figure, copies with a changed one among them."""
    found: list[tuple[Told, list[Told]]] = []
    for best, _ in chosen:
        sides = [best]
        for one in weights.tell([*periods[best.mention.period], *copied.get(best.mention.period, ())]):
            is_alike = one.mention.article != best.mention.article and cosine(one.vector, best.vector) >= _SAME_MATTER
            if is_alike and all(disagree(one, side) for side in sides):
                sides.append(one)
        found += [(one, []) for one in sides[1:]]
    return found


def _to_claim(best: Told, same: Sequence[Told], articles: Sequence[Article], shorten: Shorten | None) -> DatedClaim:
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
