"""Tells one story from its articles: a headline, and bullets merged so that nothing is said twice. Pure.

Each bullet is told in the words of the article that says it most completely and names every article that says the
same. What many articles say, what is close to all the rest, what opens its article and what is newest comes first; of
two figures for one matter the newer. A near-copy adds citations, never a bullet.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.model import Article, Bullet, Citation, Story, StoryBullet, Summary
from bot.stories.conflicts import find_conflicts
from bot.stories.sayings import Saying, Weight, is_other_figure, read_saying, says_less, weigh_words

# Bullets of one story: more is no summary of anything any more.
MAX_BULLETS: Final = 40
# Lines that share most words with one are compared with it in full: keeps a story of 200 articles fast.
MAX_COMPARED: Final = 24
# What counts how much in the order of bullets, beside the number of articles that say so (its binary logarithm).
CENTRALITY_WEIGHT: Final = 2.0
OPENING_WEIGHT: Final = 0.6
RECENCY_WEIGHT: Final = 1.0
# What is taken off for the share of a line's words that lines above it have, beyond what every line on the matter has.
REPEATS_WEIGHT: Final = 4.0
ON_THE_MATTER: Final = 0.2
# Share of a line's words that must be new, or it only repeats what was told above it.
MIN_NEW_SHARE: Final = 0.2
# After so long, news has lost a good part (1 - 1/e) of its recency.
RECENCY_SCALE: Final = timedelta(days=1)
# Stories remembered as they were told, with their articles.
_REMEMBERED_STORIES: Final = 256
_LONG_AGO: Final = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One bullet of one article's summary; `position` is its place in the summary, from 0."""

    article: Article
    bullet: Bullet
    position: int
    saying: Saying


@dataclass(slots=True, kw_only=True)
class _Point:
    """What is told once: the line that says it most completely, and every line that says the same (it first)."""

    lines: list[_Line] = field(default_factory=list)
    score: float = 0.0

    @property
    def saying(self) -> Saying:
        return self.lines[0].saying

    @property
    def newest_at(self) -> datetime:
        return max(_published(line.article) for line in self.lines)


def tell_story(
    articles: Sequence[Article],
    summaries: Mapping[str, Summary],
    *,
    placement_event: str,
    storyline: str,
    compare_copies: bool = False,
) -> Story:
    """Return the story these articles tell together; `articles` are its visible ones (at least one), in any order.

    Articles without a summary are named, but add no bullets. A copy adds none either; with `compare_copies` it
    contradicts what it copies, where it was altered.
    """
    in_order = tuple(sorted(articles, key=lambda article: article.ingested_seq))
    known = tuple(summaries.get(article.id) for article in in_order)
    reports = _Reports(articles=in_order, summaries=known, identity=tuple(map(_identity, in_order)))
    has_copies = any(article.duplicate_of is not None for article in in_order)
    return _tell(reports, placement_event, storyline, compare_copies=compare_copies and has_copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reports:
    """Articles in their order with their summaries; they are the same ones when all that is told of them is."""

    articles: tuple[Article, ...] = field(compare=False)
    summaries: tuple[Summary | None, ...]
    identity: tuple[Hashable, ...]


def _identity(article: Article) -> Hashable:
    place = article.id, article.ingested_seq, article.path, article.duplicate_of, article.language
    return *place, article.title, article.source, article.published_at, article.body


@lru_cache(maxsize=_REMEMBERED_STORIES)
def _tell(reports: _Reports, placement_event: str, storyline: str, *, compare_copies: bool) -> Story:
    """Return the story. It is told to many channels, and again on every page and in every digest that links it."""
    in_order = reports.articles
    summaries = {one.article_id: one for one in reports.summaries if one is not None}
    originals = _originals(in_order)
    points = _order(_merge(_lines_of(in_order, summaries), {article.id for article in originals}), originals)
    lead = _lead(originals, points)
    shown = [lead, *(article for article in in_order if article.id != lead.id)]
    marker_of = {article.id: str(number) for number, article in enumerate(shown, start=1)}
    compared = [replace(article, duplicate_of=None) for article in in_order] if compare_copies else shown
    dates = [article.published_at for article in shown if article.published_at]
    headline = summaries[lead.id].headline if lead.id in summaries else lead.title or lead.path
    return Story(
        id=placement_event,
        storyline=storyline,
        headline=headline,
        articles=tuple(article.id for article in shown),
        bullets=tuple(_bullet_of(point, marker_of) for point in points[:MAX_BULLETS]),
        conflicts=find_conflicts(compared, summaries) if len(shown) > 1 else (),
        sources=tuple(dict.fromkeys(article.source for article in shown if article.source)),
        first_at=min(dates, default=None),
        last_at=max(dates, default=None),
    )


def _originals(in_order: Sequence[Article]) -> list[Article]:
    """Return the articles that are no copies of another one here; of copies of an unseen text, the first."""
    here = {article.id for article in in_order}
    seen_roots: set[str] = set()
    originals = []
    for article in in_order:
        root = article.duplicate_of
        if root is None or (root not in here and root not in seen_roots):
            originals.append(article)
        if root is not None:
            seen_roots.add(root)
    return originals


def _lines_of(articles: Iterable[Article], summaries: Mapping[str, Summary]) -> list[_Line]:
    return [
        _Line(
            article=article,
            bullet=bullet,
            position=position,
            saying=read_saying(bullet.text, article.language),
        )
        for article in articles
        if article.id in summaries
        for position, bullet in enumerate(summaries[article.id].bullets)
    ]


def _merge(lines: Sequence[_Line], original_ids: set[str]) -> list[_Point]:
    """Return what the lines tell, each thing once; those that tell most take in those that tell less."""
    weight = weigh_words(line.saying for line in lines)
    points: list[_Point] = []
    with_word: dict[str, list[int]] = defaultdict(list)
    # Of equally complete lines the newest words are told.
    by_completeness = sorted(
        lines,
        key=lambda line: (
            line.article.id in original_ids,
            sum(map(weight, line.saying.words)) + len(line.saying.numbers),
            _published(line.article),
        ),
        reverse=True,
    )
    for line in by_completeness:
        found = _point_that_says(line, points, with_word, weight)
        if found is not None:
            found.lines.append(line)
        elif line.article.id in original_ids:
            for word in line.saying.words:
                with_word[word].append(len(points))
            points.append(_Point(lines=[line]))
    return points


def _point_that_says(
    line: _Line, points: Sequence[_Point], with_word: Mapping[str, Sequence[int]], weight: Weight
) -> _Point | None:
    if not line.saying.words:
        return next((point for point in points if point.lines[0].bullet.text == line.bullet.text), None)
    for index in _nearest(line.saying, with_word, weight):
        if says_less(line.saying, points[index].saying, weight):
            return points[index]
    return None


def _nearest(saying: Saying, with_word: Mapping[str, Sequence[int]], weight: Weight) -> list[int]:
    """Return the points that share most with a line, the nearest first."""
    shared: dict[int, float] = defaultdict(float)
    for word in saying.words:
        for index in with_word.get(word, ()):
            shared[index] += weight(word)
    return sorted(shared, key=lambda index: (-shared[index], index))[:MAX_COMPARED]


def _order(points: list[_Point], originals: Sequence[Article]) -> list[_Point]:
    """Return the points, most important first; those of a single article stay in its order."""
    if len(originals) < 2:
        return sorted(points, key=lambda point: point.lines[0].position)
    weight = weigh_words(point.saying for point in points)
    newest_at = max(map(_published, originals))
    original_ids = {article.id for article in originals}
    centralities = _centralities(points, weight)
    for point, centrality in zip(points, centralities, strict=True):
        tellers = {line.article.id for line in point.lines} & original_ids
        age = newest_at - point.newest_at
        point.score = (
            math.log2(1.0 + len(tellers))
            + CENTRALITY_WEIGHT * centrality
            + OPENING_WEIGHT / (1.0 + min(line.position for line in point.lines))
            + RECENCY_WEIGHT * math.exp(-min(age / RECENCY_SCALE, 100.0))
        )
    ordered = _varied(sorted(points, key=lambda point: -point.score), weight)
    return _fresh_first(_newest_figures_first(ordered, weight))


def _varied(ordered: Sequence[_Point], weight: Weight) -> list[_Point]:
    """Return the points so that each of the first adds to those before it: ten openings in other words are one.

    Maximal marginal relevance, Carbonell and Goldstein 1998; a denial adds, whatever its words.
    """
    with_word: dict[str, list[int]] = defaultdict(list)
    for index, point in enumerate(ordered):
        for word in point.saying.words:
            with_word[word].append(index)
    totals = [sum(map(weight, point.saying.words)) or 1.0 for point in ordered]
    told = [0.0] * len(ordered)
    waiting = list(range(len(ordered)))
    varied: list[_Point] = []
    heard: set[str] = set()

    def worth(index: int) -> float:
        point = ordered[index]
        repeats = max(0.0, told[index] / totals[index] - ON_THE_MATTER)
        return point.score - (0.0 if point.saying.denies else REPEATS_WEIGHT * repeats)

    while waiting and len(varied) < MAX_BULLETS:
        best = max(waiting, key=worth)
        waiting.remove(best)
        varied.append(ordered[best])
        for word in ordered[best].saying.words - heard:
            for index in with_word[word]:
                told[index] += weight(word)
        heard |= ordered[best].saying.words
    return varied + [ordered[index] for index in waiting]


def _fresh_first(ordered: Sequence[_Point]) -> list[_Point]:
    """Return the points with those at the end that only put together again what the others told before them."""
    words: set[str] = set()
    numbers: set[str] = set()
    fresh: list[_Point] = []
    repeated: list[_Point] = []
    for point in ordered:
        saying = point.saying
        unheard = len(saying.words - words)
        is_fresh = unheard > MIN_NEW_SHARE * len(saying.words) or not saying.numbers <= numbers or saying.denies
        (fresh if is_fresh else repeated).append(point)
        words |= saying.words
        numbers |= saying.numbers
    return fresh + repeated


def _centralities(points: Sequence[_Point], weight: Weight) -> list[float]:
    """Return for each point the mean share of its words that the others have, 0 to 1."""
    counts: dict[str, int] = defaultdict(int)
    for point in points:
        for word in point.saying.words:
            counts[word] += 1
    others = max(1, len(points) - 1)
    centralities = []
    for point in points:
        total = sum(map(weight, point.saying.words)) or 1.0
        centralities.append(sum(weight(word) * (counts[word] - 1) / others for word in point.saying.words) / total)
    return centralities


def _newest_figures_first(ordered: Sequence[_Point], weight: Weight) -> list[_Point]:
    """Return the points with each one behind those that give a newer figure for the same matter."""
    result: list[_Point] = []
    waiting = list(ordered)
    rivals: dict[int, list[int]] = defaultdict(list)
    numbered = [index for index, point in enumerate(waiting) if point.saying.numbers][: 4 * MAX_COMPARED]
    for place, one in enumerate(numbered):
        for other in numbered[place + 1 :]:
            if is_other_figure(waiting[one].saying, waiting[other].saying, weight):
                older, newer = sorted((one, other), key=lambda index: waiting[index].newest_at)
                if waiting[older].newest_at < waiting[newer].newest_at:
                    rivals[older].append(newer)
    done: set[int] = set()

    def tell(index: int) -> None:
        if index in done:
            return
        done.add(index)
        for newer in rivals[index]:
            tell(newer)
        result.append(waiting[index])

    for index in range(len(waiting)):
        tell(index)
    return result


def _lead(originals: Sequence[Article], points: Sequence[_Point]) -> Article:
    """Return the article that tells most of what matters; of equals the longest, then the earliest."""
    told: dict[str, float] = defaultdict(float)
    for point in points:
        for article_id in {line.article.id for line in point.lines}:
            told[article_id] += point.score
    return max(originals, key=lambda article: (told[article.id], len(article.body), -article.ingested_seq))


def _bullet_of(point: _Point, marker_of: Mapping[str, str]) -> StoryBullet:
    first = point.lines[0]
    by_article = {line.article.id: line for line in reversed(point.lines)}
    others = sorted((line for line in by_article.values() if line.article.id != first.article.id), key=_seq)
    return StoryBullet(
        text=first.bullet.text,
        citations=tuple(_citation_of(line, marker_of[line.article.id]) for line in (first, *others)),
        attribution=first.bullet.attribution,
        status=first.bullet.status,
    )


def _citation_of(line: _Line, marker: str) -> Citation:
    article = line.article
    return Citation(
        marker=marker,
        article_id=article.id,
        seq=article.ingested_seq,
        path=article.path,
        title=article.title or article.path,
        sentences=line.bullet.sentences,
        quote=line.bullet.quote,
        source=article.source,
        published_at=article.published_at,
    )


def _published(article: Article) -> datetime:
    return article.published_at or _LONG_AGO


def _seq(line: _Line) -> int:
    return line.article.ingested_seq
