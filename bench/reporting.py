"""Keeps what each bench measured last, and makes the report of it: Markdown with charts, and the figures as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.charts import draw_charts
from bench.figures import Figure, number_text

FIGURES, REPORT = "figures.json", "report.md"
CAPTIONS = {
    "quality.png": "Quality beside peers: each pair of bars is ours above the best peer of the same run",
    "speed.png": "How many times better than the peer of the same run, for speed and counts",
    "growth.png": "How costs grow with the number of articles, by database",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one bench measured: when and where, in how many seconds, on how many rows at most (None: all)."""

    measured_on: str
    machine: str
    took_s: float
    limit: int | None
    figures: tuple[Figure, ...]


def load_sections(folder: Path) -> dict[str, Section]:
    """Return what earlier runs measured, by bench; nothing when there is none."""
    file = folder / FIGURES
    if not file.exists():
        return {}
    kept: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        name: Section(**{**fields, "figures": tuple(Figure(**one) for one in fields["figures"])})
        for name, fields in kept.items()
    }


def write_report(folder: Path, sections: Mapping[str, Section]) -> None:
    """Write the report, its charts and its figures; charts that there are no figures for any more are removed."""
    folder.mkdir(exist_ok=True)
    texts = {name: asdict(section) for name, section in sections.items()}
    (folder / FIGURES).write_text(json.dumps(texts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    charts = draw_charts([(name, figure) for name, section in sections.items() for figure in section.figures])
    for name in CAPTIONS:
        if name in charts:
            (folder / name).write_bytes(charts[name])
        else:
            (folder / name).unlink(missing_ok=True)
    (folder / REPORT).write_text(report_text(sections, charts=list(charts)), encoding="utf-8")


def report_text(sections: Mapping[str, Section], *, charts: Sequence[str]) -> str:
    """Return the report as Markdown."""
    aimed = [figure for section in sections.values() for figure in section.figures if figure.goal is not None]
    reached = sum(is_reached(figure) for figure in aimed)
    lines = ["# Bench", "", f"{reached} of {len(aimed)} goals are reached. Made by `make bench`.", ""]
    for name in charts:
        lines += [f"![{CAPTIONS[name]}]({name})", ""]
    for name, section in sections.items():
        part = f", at most {section.limit:,} rows" if section.limit is not None else ""
        lines += [f"## {name}", "", f"{section.measured_on}, {section.machine}, {section.took_s:.0f} s{part}.", ""]
        lines += [table_of(section.figures), ""]
    return "\n".join(lines)


def table_of(figures: Sequence[Figure]) -> str:
    """Return the figures as a table."""
    rows: list[tuple[str, ...]] = [("data", "metric", "ours", "peer", "ratio", "goal", "", "note")]
    rows.extend(_row(figure) for figure in figures)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def is_reached(figure: Figure) -> bool:
    """Return whether a figure that has a goal reaches it."""
    assert figure.goal is not None
    return figure.ours >= figure.goal if figure.higher_is_better else figure.ours <= figure.goal


def _row(figure: Figure) -> tuple[str, ...]:
    peer = f"{number_text(figure.peer)} {figure.peer_name}" if figure.peer is not None else ""
    ratio = f"{figure.ours / figure.peer:.2f}x" if figure.peer else ""
    goal = reached = ""
    if figure.goal is not None:
        goal = f"{'>=' if figure.higher_is_better else '<='} {number_text(figure.goal)}"
        reached = "yes" if is_reached(figure) else "NO"
    ours = f"{number_text(figure.ours)} {figure.unit}".strip()
    return figure.data, figure.metric, ours, peer, ratio, goal, reached, figure.note
