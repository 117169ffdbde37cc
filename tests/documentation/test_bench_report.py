"""The report of the benches: every figure in its table, goals counted, charts of what has peers and of what grows."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bench.charts import draw_charts, draw_growth
from bench.figures import Figure
from bench.reporting import Section, load_sections, report_text, write_report

BESIDE = Figure(data="40 pages", metric="F1 of texts", ours=0.91, goal=0.9, peer=0.84, peer_name="readability")
QUICK = Figure(data="40 pages", metric="CPU a page", ours=3.0, goal=2.0, peer=9.0, peer_name="readability", unit="ms",
               higher_is_better=False)  # fmt: skip
ALONE = Figure(data="40 pages", metric="pages lost", ours=0.0, goal=0.0, higher_is_better=False)


def grown(series: str, size: int, ours: float) -> Figure:
    return Figure(data=f"{series}, {size:,} articles", metric="search, median", ours=ours, unit="ms",
                  higher_is_better=False)  # fmt: skip


GROWTH = [grown(name, size, size**power) for name, power in (("SQLite", 0.2), ("PostgreSQL", 0.3))
          for size in (1_000, 10_000, 100_000)]  # fmt: skip


def section(*figures: Figure) -> Section:
    return Section(measured_on="2026-05-04", machine="two cores", took_s=12.4, limit=None, figures=figures)


def test_the_report_counts_the_goals_and_shows_every_figure() -> None:
    text = report_text({"html": section(BESIDE, QUICK, ALONE)}, charts=["quality.png"])
    assert text.startswith("# Bench\n\n2 of 3 goals are reached.")
    assert "](quality.png)" in text
    assert "growth.png" not in text
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| 40")]
    assert rows == [
        ["40 pages", "F1 of texts", "0.910", "0.840 readability", "1.08x", ">= 0.900", "yes", ""],
        ["40 pages", "CPU a page", "3.000 ms", "9.000 readability", "0.33x", "<= 2.000", "NO", ""],
        ["40 pages", "pages lost", "0", "", "", "<= 0", "yes", ""],
    ]


def test_a_run_of_one_bench_keeps_what_the_others_measured(tmp_path: Path) -> None:
    write_report(tmp_path, {"html": section(BESIDE), "growth": section(*GROWTH)})
    kept = load_sections(tmp_path)
    assert kept == {"html": section(BESIDE), "growth": section(*GROWTH)}
    write_report(tmp_path, {**kept, "html": section(replace(BESIDE, ours=0.5))})
    assert load_sections(tmp_path)["growth"] == section(*GROWTH)
    assert "0 of 1 goals" in (tmp_path / "report.md").read_text()


def test_each_chart_is_drawn_of_the_figures_it_is_for_and_only_then(tmp_path: Path) -> None:
    assert draw_charts([("html", ALONE)]) == {}
    assert set(draw_charts([("html", BESIDE)])) == {"quality.png"}
    assert set(draw_charts([("html", QUICK), *(("growth", one) for one in GROWTH)])) == {"speed.png", "growth.png"}
    write_report(tmp_path, {"html": section(BESIDE)})
    assert (tmp_path / "quality.png").read_bytes().startswith(b"\x89PNG")
    write_report(tmp_path, {"html": section(ALONE)})
    assert not (tmp_path / "quality.png").exists()


def test_a_curve_goes_through_every_size_of_its_series_and_is_named_at_its_end() -> None:
    svg = draw_growth([*GROWTH, BESIDE])
    assert svg is not None
    lines = re.findall(r'<polyline points="([^"]+)"', svg)
    assert [len(line.split()) for line in lines] == [3, 3]
    across = [float(point.split(",")[0]) for point in lines[0].split()]
    assert across[1] - across[0] == across[2] - across[1]
    heights = [float(line.split()[-1].split(",")[1]) for line in lines]
    assert heights[1] < heights[0], "what grows more ends higher"
    for name in ("SQLite", "PostgreSQL", ">1k<", ">10k<", ">100k<"):
        assert name in svg


def test_what_was_measured_at_one_size_only_is_no_curve() -> None:
    assert draw_growth(GROWTH[:1]) is None
