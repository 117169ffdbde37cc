"""The running bot's figures in Prometheus' form, and the dashboard that is drawn from them."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.articles.raw import Articles
from bot.errors import BadArticle
from bot.jobs.metrics import Figures, MeteredReader, Metrics
from bot.model import FileState, PostState
from bot.ports import ArchiveFacts, FeedReport, WorkFacts

FACTS = ArchiveFacts(
    place="archive.db",
    files={FileState.READ: 3, FileState.QUARANTINED: 1},
    articles=5,
    duplicates=2,
    last_seq=5,
    last_digest_at=datetime(2026, 5, 4, 8, tzinfo=UTC),
    last_digest_to="terminal",
    schema_version="0001",
    generation="first",
    size_bytes=4096,
    engine="SQLite",
)
FIGURES = Figures(
    facts=FACTS,
    posts={("discord", PostState.PARKED): 2},
    tokens_today=700,
    usd_today=0.25,
    max_usd_per_day=1.0,
    breaker="open",
    schedules={"discord": 1},
    next_slot_at={"discord": datetime(2026, 5, 5, 8, tzinfo=UTC)},
    feeds=(FeedReport(url="https://paper.example/rss", works=False, sentence="answered 404 (not found)"),),
    work=WorkFacts(waiting=3, held=1, leaders={"reading": "process 7 on oldport", "placing": ""}),
)


def figures_of(metrics: Metrics, figures: Figures = FIGURES) -> dict[str, float]:
    """Return every sample by its name and labels."""
    text = metrics.exposition(figures).decode()
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_say_what_is() -> None:
    shown = figures_of(Metrics(version="1.2"))
    assert shown["newsbot_build_info[1.2]"] == 1
    assert (shown["newsbot_articles"], shown["newsbot_article_copies"]) == (5, 2)
    assert (shown["newsbot_files[quarantined]"], shown["newsbot_files[waiting]"]) == (1, 0)
    assert (shown["newsbot_posts[discord][parked]"], shown["newsbot_posts[discord][sent]"]) == (2, 0)
    assert (shown["newsbot_llm_tokens_today"], shown["newsbot_llm_usd_today"]) == (700, 0.25)
    assert (shown["newsbot_llm_breaker[open]"], shown["newsbot_llm_breaker[closed]"]) == (1, 0)
    assert shown["newsbot_next_slot_timestamp_seconds[discord]"] == datetime(2026, 5, 5, 8, tzinfo=UTC).timestamp()
    assert (shown["newsbot_feeds[fails]"], shown["newsbot_feeds[works]"]) == (1, 0)


def test_the_work_of_several_processes_is_shown_and_where_one_does_all_there_is_none() -> None:
    shown = figures_of(Metrics(version="1"))
    assert (shown["newsbot_jobs[waiting]"], shown["newsbot_jobs[held]"]) == (3, 1)
    assert (shown["newsbot_roles_held[reading]"], shown["newsbot_roles_held[placing]"]) == (1, 0)
    alone = figures_of(Metrics(version="1"), replace(FIGURES, work=None))
    assert not any(name.startswith(("newsbot_jobs", "newsbot_roles_held")) for name in alone)


def test_what_happens_is_counted_and_timed() -> None:
    metrics = Metrics(version="1")
    metrics.answered("ask", 0.2, failed=False)
    metrics.answered("ask", 2.0, failed=True)
    metrics.posted("slack", "limited", 0.1)
    metrics.called_llm("complete", 3.0, tokens_in=900, tokens_out=100)
    shown = figures_of(metrics)
    assert shown["newsbot_answer_seconds_count[ask]"] == 2
    assert shown["newsbot_answer_seconds_bucket[ask][0.25]"] == 1
    assert shown["newsbot_failed_answers_total[ask]"] == 1
    assert shown["newsbot_post_seconds_count[limited][slack]"] == 1
    assert shown["newsbot_llm_tokens_total[sent]"] == 900


async def test_every_file_that_is_read_is_counted_also_those_that_can_not_be() -> None:
    class Reader:
        async def read(self, data: bytes, *, path: str, collection: str, items_before: int = 0) -> Articles:
            if not data:
                raise BadArticle("is empty")
            return Articles()

    metrics = Metrics(version="1")
    reader = MeteredReader(Reader(), metrics)
    await reader.read(b"x", path="a", collection="")
    with pytest.raises(BadArticle):
        await reader.read(b"", path="b", collection="")
    shown = figures_of(metrics)
    assert (shown["newsbot_read_seconds_count"], shown["newsbot_unreadable_files_total"]) == (2, 1)


async def test_the_age_of_the_heartbeat_is_infinite_before_the_first_round_and_none_during_one() -> None:
    metrics = Metrics(version="1")
    assert metrics.beat_age_s() == float("inf")
    seen: list[float] = []

    async def beat() -> None:
        await asyncio.sleep(0.05)
        seen.append(metrics.beat_age_s())

    await metrics.measured(beat)()
    assert seen == [0.0]
    await asyncio.sleep(0.05)
    assert 0.04 < metrics.beat_age_s() < 5


def test_two_bots_in_one_process_count_apart() -> None:
    first, second = Metrics(version="1"), Metrics(version="1")
    first.answered("ask", 0.1, failed=False)
    assert "newsbot_answer_seconds_count[ask]" not in figures_of(second)


def test_every_figure_on_the_dashboard_exists(project_root: Path) -> None:
    dashboard = json.loads((project_root / "deploy" / "grafana.json").read_text())
    asked = " ".join(
        target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ()) if "expr" in target
    )
    names = set(re.findall(r"\b(?:newsbot|process)_\w+", asked))
    metrics = Metrics(version="1")
    metrics.answered("ask", 0.2, failed=True)
    metrics.posted("slack", "posted", 0.1)
    metrics.called_llm("complete", 3.0, tokens_in=900, tokens_out=100)
    known = {name.partition("[")[0] for name in figures_of(metrics)}
    assert len(names) >= 15
    assert names <= known
    ours = {name for name in known if name.startswith("newsbot_") and not name.endswith(("_created", "_sum", "_count"))}
    assert ours - names <= {"newsbot_article_copies", "newsbot_llm_usd_cap", "newsbot_last_digest_timestamp_seconds",
                            "newsbot_schedules", "newsbot_llm_tokens_today", "newsbot_build_info"}  # fmt: skip
