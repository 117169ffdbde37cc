"""Runs the benches and prints one table: ours, the best peer of the same run, the goal."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure, Measure

BENCHES = (
    "summaries",
    "stories",
    "timeline",
    "proof",
    "segmentation",
    "html",
    "storage",
    "answers",
    "speed",
    "acknowledging",
    "novelty",
    "web",
    "workers",
)
DATA_VARIABLE = "BENCH_DATA"
DEFAULT_DATA = Path(__file__).parents[2] / "shared" / "eval"
REPORT = Path(__file__).parent / "report" / "report.md"


def main() -> int:
    """Run the benches named (all by default), print each table as it is done, and write the report as Markdown."""
    arguments = _arguments()
    data = Path(os.environ.get(DATA_VARIABLE, DEFAULT_DATA))
    if not data.is_dir():
        print(f"The evaluation data is not at {data}. Set {DATA_VARIABLE} to its folder.", file=sys.stderr)
        return 2
    sections = [
        f"# Bench\n\nPython {platform.python_version()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}.\n"
    ]
    for name in arguments.names or BENCHES:
        measure: Measure = importlib.import_module(f"bench.{name}").measure
        started = time.perf_counter()
        figures = measure(data, limit=arguments.limit)
        section = f"## {name}\n\n{_table(figures)}\n"
        sections.append(section)
        print(f"{section}\n({time.perf_counter() - started:.0f} s)\n", flush=True)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("\n".join(sections), encoding="utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="benches to run; all by default")
    parser.add_argument("--limit", type=int, help="rows of each set at most, for a quick look")
    return parser.parse_args()


def _table(figures: Sequence[Figure]) -> str:
    rows: list[tuple[str, ...]] = [("data", "metric", "ours", "peer", "ratio", "goal", "", "note")]
    rows.extend(_row(figure) for figure in figures)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _row(figure: Figure) -> tuple[str, ...]:
    peer = f"{_number(figure.peer)} {figure.peer_name}" if figure.peer is not None else ""
    ratio = f"{figure.ours / figure.peer:.2f}x" if figure.peer else ""
    reached = ""
    goal = ""
    if figure.goal is not None:
        holds = figure.ours >= figure.goal if figure.higher_is_better else figure.ours <= figure.goal
        goal = f"{'>=' if figure.higher_is_better else '<='} {_number(figure.goal)}"
        reached = "yes" if holds else "NO"
    ours = f"{_number(figure.ours)} {figure.unit}".strip()
    return figure.data, figure.metric, ours, peer, ratio, goal, reached, figure.note


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 0.1 else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
