"""Timelines beside the usual baseline (articles a day + sentences that name it), date expressions beside dateparser.

Date F1: as many days as the gold timeline has, inside its range, the most important first; mean over gold timelines.
"""

from __future__ import annotations

import importlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.rows import read_rows
from bot.articles.building import build_articles
from bot.articles.raw import RawArticle
from bot.errors import BotError
from bot.model import Article
from bot.stories.dating import Mention, find_mentions
from bot.stories.timeline import build_timeline
from bot.text.dates import find_dates
from tests.text.date_cases import CASES, Case

GOALS = {"tls_t17": 0.58, "tls_entities": None}
REPEATS = 20  # of the invented sentences, for a CPU time that can be measured


@dataclass(frozen=True, slots=True, kw_only=True)
class _Topic:
    """One topic: its articles as the bot reads them, and its gold timelines as sets of days."""

    name: str
    articles: tuple[Article, ...]
    gold: tuple[frozenset[date], ...]


Days = Callable[[_Topic, frozenset[date]], frozenset[date]]


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures of timelines on at most `limit` topics of each set, and of date expressions."""
    figures: list[Figure] = []
    for name, goal in GOALS.items():
        topics = list(_read(eval_dir / f"{name}.jsonl", limit))
        figures += _measure_topics(name, topics, goal) if topics else []
    return figures + _measure_expressions()


def _read(path: Path, limit: int | None) -> Iterator[_Topic]:
    for row in read_rows(path, limit):
        gold = tuple(frozenset(map(date.fromisoformat, timeline["dates"])) for timeline in row["gold"])
        articles = tuple(article for number, one in enumerate(row["articles"]) for article in _article(one, number))
        yield _Topic(name=row["topic"], articles=articles, gold=gold)


def _article(row: dict[str, Any], number: int) -> list[Article]:
    published = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
    raw = RawArticle(text=row["text"], given_id=str(number), published_at=published, published_day_only=True)
    try:
        return list(build_articles([raw], path=f"{number}.txt", collection=""))
    except BotError:
        return []


def _measure_topics(name: str, topics: Sequence[_Topic], goal: float | None) -> list[Figure]:
    figures: list[Figure] = []
    ours_all: list[float] = []
    peer_all: list[float] = []
    seconds = 0.0
    for topic in topics:
        baseline = _baseline(topic)
        peer = [_f1(baseline(topic, gold), gold) for gold in topic.gold]
        started = time.process_time()
        ours = [_f1(_days_of(topic, gold), gold) for gold in topic.gold]
        seconds += time.process_time() - started
        ours_all += ours
        peer_all += peer
        figures.append(
            Figure(
                data=f"{name}: {topic.name}",
                metric="date F1",
                ours=_mean(ours),
                peer=_mean(peer),
                peer_name="volume + date mentions",
                note=f"{len(ours)} gold timelines, {len(topic.articles)} articles",
            )
        )
    sentences = sum(len(topic.gold) * _sentences(topic) for topic in topics)
    figures.append(
        Figure(
            data=name,
            metric="date F1, mean over timelines",
            ours=_mean(ours_all),
            goal=goal,
            peer=_mean(peer_all),
            peer_name="volume + date mentions",
        )
    )
    figures.append(
        Figure(
            data=name,
            metric="CPU a thousand sentences",
            ours=1_000.0 * seconds / max(1, sentences),
            goal=0.3,
            unit="s",
            higher_is_better=False,
        )
    )
    return figures


def _sentences(topic: _Topic) -> int:
    return sum(len(article.sentences) for article in topic.articles)


def _days_of(topic: _Topic, gold: frozenset[date]) -> frozenset[date]:
    claims = build_timeline(topic.articles, topic=topic.name, since=min(gold), until=max(gold), k=len(gold))
    return frozenset(claim.day for claim in claims)


def _baseline(topic: _Topic) -> Days:
    """The peer: articles published on a day plus sentences that name it, its dates found as ours are."""
    counts: Counter[date] = Counter(
        article.published_at.date() for article in topic.articles if article.published_at is not None
    )
    counts.update(_named_days(find_mentions(topic.articles, topic.name)))

    def days(_: _Topic, gold: frozenset[date]) -> frozenset[date]:
        inside = sorted((day for day in counts if min(gold) <= day <= max(gold)), key=lambda day: (-counts[day], day))
        return frozenset(inside[: len(gold)])

    return days


def _named_days(mentions: Sequence[Mention]) -> list[date]:
    named = {
        (mention.article, mention.sentence.index, mention.period.first)
        for mention in mentions
        if mention.period.first == mention.period.last
    }
    return [day for _, _, day in named]


def _f1(found: frozenset[date], gold: frozenset[date]) -> float:
    return 2.0 * len(found & gold) / (len(found) + len(gold)) if found or gold else 1.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _measure_expressions() -> list[Figure]:
    """How many invented sentences have every single day right, and what one costs."""
    cases = [case for case in CASES if case[1] and all(len(value) == len("2026-05-03") for value in case[3])]
    peer = _dateparser_days()
    ours = sum(_our_days(case) == list(case[3]) for case in cases) / len(cases)
    started = time.process_time()
    for _ in range(REPEATS):
        for case in cases:
            _our_days(case)
    cost_ms = 1_000.0 * (time.process_time() - started) / (REPEATS * len(cases))
    right = sum(peer(case) == list(case[3]) for case in cases) / len(cases) if peer else 0.0
    started = time.process_time()
    for case in cases if peer else []:
        peer(case)  # type: ignore[misc]
    peer_ms = 1_000.0 * (time.process_time() - started) / len(cases)
    data, name = f"{len(cases)} invented sentences", "dateparser" if peer else ""
    return [
        Figure(data=data, metric="all days right", ours=ours, goal=0.95, peer=right, peer_name=name),
        Figure(
            data=data, metric="CPU a sentence", ours=cost_ms, goal=0.5, peer=peer_ms, peer_name=name, unit="ms",
            higher_is_better=False,
        ),
    ]  # fmt: skip


def _our_days(case: Case) -> list[str]:
    language, published, text, _ = case
    spans = find_dates(text, published_at=date.fromisoformat(published), language=language)
    return [span.period.first.isoformat() for span in spans if span.period and span.period.first == span.period.last]


def _dateparser_days() -> Callable[[Case], list[str]] | None:
    """What dateparser finds, told the language and the day; None when it is not installed."""
    try:
        search_dates = importlib.import_module("dateparser.search").search_dates
    except ImportError:
        return None

    def days(case: Case) -> list[str]:
        language, published, text, _ = case
        settings = {"RELATIVE_BASE": datetime.fromisoformat(published), "PREFER_DATES_FROM": "past"}
        found = search_dates(text, languages=[language], settings=settings) or []
        return [at.date().isoformat() for _, at in found]

    return days
