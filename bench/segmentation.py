"""How many sentence-boundary cases are exactly right, and how fast plain news is split, beside sentencex and pySBD."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.rows import read_rows
from bot.text.sentences import split_sentences

# Published for the same cases (2026): pySBD needs minutes for what the others do in a second, so it is not run here.
_PYSBD_RIGHT = 282 / 286
_PYSBD_MB_PER_S = 0.2
_RIGHT_GOAL = 284 / 286
_SPEED_GOAL_MB_PER_S = 20.0
# Characters of news that are enough to time the splitting to a few percent.
_TIMED_CHARS = 3_000_000
_BYTES_PER_MB = 1_000_000

_Split = Callable[[str, str], list[str]]


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the share of exact cases and the speed in MB of UTF-8 per second of CPU time, each beside its peer."""
    figures: list[Figure] = []
    cases_path, news_path = eval_dir / "seg_golden.jsonl", eval_dir / "ret_news_known.jsonl"
    if cases_path.exists():
        cases = list(read_rows(cases_path, limit))
        figures += _exactness(cases)
    if news_path.exists():
        figures.append(_speed(_news(news_path)))
    return figures


def _exactness(cases: list[dict[str, Any]]) -> list[Figure]:
    ours = _share_right(cases, _split_by_us)
    peers = (("sentencex", _share_right(cases, _split_by_sentencex)), ("pysbd (quoted)", _PYSBD_RIGHT))
    return [
        Figure(
            data="seg_golden",
            metric="cases exactly right",
            ours=ours,
            goal=_RIGHT_GOAL,
            peer=share,
            peer_name=name,
            note=f"{len(cases)} cases",
        )
        for name, share in peers
    ]


def _speed(texts: list[str]) -> Figure:
    return Figure(
        data="ret_news_known",
        metric="sentence splitting speed",
        ours=_megabytes_per_second(texts, _split_by_us),
        goal=_SPEED_GOAL_MB_PER_S,
        peer=_megabytes_per_second(texts, _split_by_sentencex),
        peer_name="sentencex",
        unit="MB/s",
        note=f"pySBD: {_PYSBD_MB_PER_S} MB/s (quoted)",
    )


def _share_right(cases: list[dict[str, Any]], split: _Split) -> float:
    right = sum(
        split(case["text"], case["lang"]) == [sentence.strip() for sentence in case["sentences"]] for case in cases
    )
    return right / len(cases)


def _megabytes_per_second(texts: list[str], split: _Split) -> float:
    started = time.process_time()
    for text in texts:
        split(text, "en")
    return sum(len(text.encode()) for text in texts) / _BYTES_PER_MB / (time.process_time() - started)


def _split_by_us(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


def _split_by_sentencex(text: str, language: str) -> list[str]:
    import sentencex

    return [sentence.strip() for sentence in sentencex.segment(language, text) if sentence.strip()]


def _news(path: Path) -> list[str]:
    texts: list[str] = []
    chars = 0
    for row in read_rows(path, None):
        if row["kind"] == "doc" and chars < _TIMED_CHARS:
            texts.append(row["text"])
            chars += len(row["text"])
    return texts
