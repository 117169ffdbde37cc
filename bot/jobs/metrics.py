"""What the running bot counts, in the form Prometheus reads. One object, made by the app and passed on; no globals.

What happens is counted when it happens; what is (articles, posts by state, money) is asked of the archive when the
figures are read, so that the two can't drift apart.
Source: https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    generate_latest,
)

from bot.articles.raw import Articles
from bot.errors import BadArticle
from bot.model import FileState, Platform, PostState
from bot.pipeline import Reader
from bot.ports import ArchiveFacts, FeedReport, WorkFacts

READING_BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""A page takes tens of milliseconds; a parser is stopped after 30 s."""

ANSWER_BUCKETS_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 900.0)
"""A reader waits a second gladly; a platform's token lives 15 minutes."""

CALL_BUCKETS_S = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Posts and calls of a language model end within their time-out of half a minute."""


BREAKER_STATES = ("closed", "open", "probing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is, at the moment the figures are read. `next_slot_at` by platform; `breaker` is None without an LLM.

    `work` is how the work of several processes stands, None where one process does all.
    """

    facts: ArchiveFacts
    posts: Mapping[tuple[Platform, PostState], int]
    tokens_today: int
    usd_today: float
    max_usd_per_day: float | None
    breaker: str | None
    schedules: Mapping[Platform, int]
    next_slot_at: Mapping[Platform, datetime]
    feeds: tuple[FeedReport, ...]
    work: WorkFacts | None = None


class Metrics:
    """Implements `ports.Meter`, and gives what was counted as text."""

    def __init__(self, *, version: str) -> None:
        self._registry = CollectorRegistry()
        self._beat_at: float | None = None
        self._beating = 0
        registry = self._registry
        ProcessCollector(registry=registry)
        Info("newsbot_build", "The running program.", registry=registry).info({"version": version})
        self._reading = Histogram(
            "newsbot_read_seconds", "Time to read one file.", registry=registry, buckets=READING_BUCKETS_S
        )
        self._unread = Counter("newsbot_unreadable_files", "Files that could not be read.", registry=registry)
        self._answering = Histogram(
            "newsbot_answer_seconds", "Time to answer a command.", ["command"], registry=registry,
            buckets=ANSWER_BUCKETS_S,
        )  # fmt: skip
        self._failing = Counter("newsbot_failed_answers", "Commands answered by an error.", ["command"],
                                registry=registry)  # fmt: skip
        self._posting = Histogram(
            "newsbot_post_seconds", "Time of one attempt to post.", ["platform", "outcome"], registry=registry,
            buckets=CALL_BUCKETS_S,
        )  # fmt: skip
        self._calling = Histogram(
            "newsbot_llm_seconds", "Time of one call of the language model.", ["outcome"], registry=registry,
            buckets=CALL_BUCKETS_S,
        )  # fmt: skip
        self._tokens = Counter("newsbot_llm_tokens", "Tokens sent and received.", ["direction"], registry=registry)
        self._beat_age = Gauge(
            "newsbot_heartbeat_age_seconds", "Seconds since the last round ended, 0 while one runs.", registry=registry
        )
        self._beat_age.set_function(self.beat_age_s)
        self._state = _State(registry)

    def read(self, seconds: float, *, quarantined: bool) -> None:
        """A file was read, or could not be."""
        self._reading.observe(seconds)
        if quarantined:
            self._unread.inc()

    def answered(self, command: str, seconds: float, *, failed: bool) -> None:
        """A command was answered."""
        self._answering.labels(command).observe(seconds)
        if failed:
            self._failing.labels(command).inc()

    def posted(self, platform: Platform, outcome: str, seconds: float) -> None:
        """An attempt to post ended."""
        self._posting.labels(platform, outcome).observe(seconds)

    def called_llm(self, outcome: str, seconds: float, *, tokens_in: int = 0, tokens_out: int = 0) -> None:
        """A call of the language model ended."""
        self._calling.labels(outcome).observe(seconds)
        self._tokens.labels("sent").inc(tokens_in)
        self._tokens.labels("received").inc(tokens_out)

    def measured(self, beat: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Return a beat of the heartbeat that is noticed when it begins and when it ends, well or not."""

        async def measured_beat() -> None:
            self._beating += 1
            try:
                await beat()
            finally:
                self._beating -= 1
                self.note_alive()

        return measured_beat

    def note_alive(self) -> None:
        """Note that this process is alive and asked for work, also when another one has it."""
        self._beat_at = time.monotonic()

    def beat_age_s(self) -> float:
        """Return the seconds since the last round ended: 0 while one runs, infinity before the first."""
        if self._beating:
            return 0.0
        return float("inf") if self._beat_at is None else time.monotonic() - self._beat_at

    def exposition(self, figures: Figures) -> bytes:
        """Return everything counted so far, and these figures, as Prometheus reads it."""
        self._state.set(figures)
        return generate_latest(self._registry)


class MeteredReader:
    """A reader of files whose every file is counted and timed."""

    def __init__(self, reader: Reader, metrics: Metrics) -> None:
        self._reader = reader
        self._metrics = metrics

    async def read(self, data: bytes, *, path: str, collection: str, items_before: int = 0) -> Articles:
        """Return the file's articles. Raises: BadArticle with the reason."""
        began = time.perf_counter()
        try:
            articles = await self._reader.read(data, path=path, collection=collection, items_before=items_before)
        except BadArticle:
            self._metrics.read(time.perf_counter() - began, quarantined=True)
            raise
        self._metrics.read(time.perf_counter() - began, quarantined=False)
        return articles


class _State:
    """The gauges that are set from the archive each time the figures are read."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, what: str, *labels: str) -> Gauge:
            return Gauge(name, what, labels, registry=registry)

        self._articles = gauge("newsbot_articles", "Articles in the archive, copies included.")
        self._copies = gauge("newsbot_article_copies", "Articles that are copies of others.")
        self._files = gauge("newsbot_files", "Files of the watched folder, by state.", "state")
        self._size = gauge("newsbot_archive_bytes", "Size of the archive.")
        self._posts = gauge("newsbot_posts", "Posts in the outbox, by platform and state.", "platform", "state")
        self._tokens_today = gauge("newsbot_llm_tokens_today", "Tokens spent today (UTC), reservations included.")
        self._usd_today = gauge("newsbot_llm_usd_today", "US dollars spent today (UTC), reservations included.")
        self._usd_cap = gauge("newsbot_llm_usd_cap", "US dollars that may be spent a day; 0 without an LLM.")
        self._breaker = gauge("newsbot_llm_breaker", "1 for the state the LLM's breaker is in.", "state")
        self._schedules = gauge("newsbot_schedules", "Schedules that are not paused.", "platform")
        self._next_slot = gauge("newsbot_next_slot_timestamp_seconds", "When the next digest is due.", "platform")
        self._feeds = gauge("newsbot_feeds", "Feeds, by whether they work.", "state")
        self._jobs = gauge("newsbot_jobs", "Jobs that several processes share, by state.", "state")
        self._roles = gauge("newsbot_roles_held", "1 for a role that some process has, 0 when nobody does.", "role")
        self._told = gauge("newsbot_last_digest_timestamp_seconds", "When the last digest was told, 0 for never.")

    def set(self, figures: Figures) -> None:
        """Show these figures."""
        facts = figures.facts
        self._articles.set(facts.articles)
        self._copies.set(facts.duplicates)
        for state in FileState:
            self._files.labels(state.value).set(facts.files.get(state, 0))
        self._size.set(facts.size_bytes)
        self._told.set(facts.last_digest_at.timestamp() if facts.last_digest_at else 0)
        for platform in {platform for platform, _ in figures.posts}:
            for post_state in PostState:
                count = figures.posts.get((platform, post_state), 0)
                self._posts.labels(platform, post_state.value).set(count)
        self._tokens_today.set(figures.tokens_today)
        self._usd_today.set(figures.usd_today)
        self._usd_cap.set(figures.max_usd_per_day or 0)
        for breaker_state in BREAKER_STATES:
            self._breaker.labels(breaker_state).set(figures.breaker == breaker_state)
        self._schedules.clear()
        self._next_slot.clear()
        for platform, count in figures.schedules.items():
            self._schedules.labels(platform).set(count)
        for platform, at in figures.next_slot_at.items():
            self._next_slot.labels(platform).set(at.timestamp())
        if figures.work is not None:
            self._jobs.labels("waiting").set(figures.work.waiting)
            self._jobs.labels("held").set(figures.work.held)
            for role, process in figures.work.leaders.items():
                self._roles.labels(role).set(bool(process))
        self._feeds.labels("works").set(sum(feed.works for feed in figures.feeds))
        self._feeds.labels("fails").set(sum(not feed.works for feed in figures.feeds))
