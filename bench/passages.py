"""What a query costs among as many passages as a large archive holds: `BENCH_PASSAGES`, a million.

The passages are paragraphs of shuffled words of the evaluation's news; the queries are those of the same set.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from bench.figures import Figure
from bench.rows import read_rows
from bench.storage import BATCH, HITS, shuffled_articles
from bot.storage.archive import SqlArchive, open_archive

PASSAGES: Final = int(os.environ.get("BENCH_PASSAGES", "1000000"))
PARAGRAPH_CHARS: Final = 800
QUERIES: Final = 300
GOAL_MS: Final = 50.0


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return what queries take; `limit` is the number of passages."""
    rows = list(read_rows(eval_dir / "ret_news_known.jsonl", None))
    return asyncio.run(_measure(rows, limit or PASSAGES))


async def _measure(rows: Sequence[dict[str, Any]], count: int) -> list[Figure]:
    asked = [row["query"] for row in rows if row["kind"] == "query"][:QUERIES]
    texts = [part for row in rows if row["kind"] == "doc" for part in _paragraphs(row["text"])]
    with tempfile.TemporaryDirectory() as folder:
        async with open_archive(Path(folder) / "archive.db") as archive:
            made = shuffled_articles(texts, count)
            began = time.process_time()
            while batch := list(islice(made, BATCH)):
                await archive.save_articles([], batch, [])
            saved = time.process_time() - began
            await archive.search(asked[0], limit=HITS)
            wall, cpu = zip(*[await _time(archive, words) for words in asked], strict=True)
    data = f"{count:,} passages"
    made_in = f"{len(asked)} queries; made in {saved / count * 1000:.2f} ms of CPU a passage"
    return [
        Figure(data=data, metric="query p50", ours=median(wall), goal=GOAL_MS, unit="ms", higher_is_better=False,
               note=f"CPU {median(cpu):.1f} ms; {made_in}"),
        Figure(data=data, metric="query p99", ours=quantiles(wall, n=100)[98], unit="ms", higher_is_better=False,
               note=f"CPU {quantiles(cpu, n=100)[98]:.1f} ms; whole sentences as queries"),
    ]  # fmt: skip


def _paragraphs(text: str) -> list[str]:
    """Return the text in parts of about PARAGRAPH_CHARS, cut between sentences."""
    parts = [""]
    for sentence in text.split(". "):
        if len(parts[-1]) >= PARAGRAPH_CHARS:
            parts.append("")
        parts[-1] += f"{sentence}. " if sentence else ""
    return [part.removesuffix(". ") for part in parts if len(part) >= PARAGRAPH_CHARS // 2]


async def _time(archive: SqlArchive, words: str) -> tuple[float, float]:
    """Return the milliseconds of one search, on the clock and of the processor, all threads together."""
    wall, cpu = time.perf_counter(), time.process_time()
    await archive.search(words, limit=HITS)
    return 1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - cpu)
