"""Draws figures as PNG: quality beside peers, speed beside peers, and what grows with the archive.

Colour never stands alone: ours is filled and first, every bar has its number, every curve its name at its end and a
mark of its own. Colours: Okabe and Ito's, told apart by colour-blind readers (https://jfly.uni-koeln.de/color/).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from bench.figures import Figure, number_text

OURS, PEER, INK, QUIET, RULE, PAPER = "#0072b2", "#d3cfc4", "#1b1a17", "#5d584e", "#d9d3c6", "#ffffff"
CURVES = ("#0072b2", "#d55e00", "#007a5a", "#8a3f77")
FONT = "'Noto Sans','Liberation Sans','DejaVu Sans',sans-serif"
WIDTH, MARGIN = 1_200, 32
LABEL_WIDTH = 500
"""Pixels left of the bars for what was measured; a label that is longer is cut."""
ROW_HEIGHT = 50
BARS_WIDTH = 380
PANEL_WIDTH, PANEL_HEIGHT, PANEL_GAP = 552, 330, 32
TITLE_PX, LABEL_PX, SMALL_PX = 26, 17, 15
LOG_FROM = 20.0
"""Times that the largest value of a panel is the smallest, from which on its axis is logarithmic."""

_SIZED = re.compile(r"(?P<series>.+), (?P<size>[\d,]+) articles")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One metric of one series, by the number of articles."""

    name: str
    points: tuple[tuple[int, float], ...]


def draw_charts(figures: Sequence[tuple[str, Figure]]) -> dict[str, bytes]:
    """Return the charts there are figures for, as PNG by file name; figures come with the name of their bench."""
    drawn = {
        "quality.png": _draw_quality(figures),
        "speed.png": _draw_ratios(figures),
        "growth.png": draw_growth([figure for _, figure in figures]),
    }
    return {name: _png(svg) for name, svg in drawn.items() if svg is not None}


def draw_growth(figures: Sequence[Figure]) -> str | None:
    """Return as SVG how each metric grows, of figures whose data ends with ", 10,000 articles"; None without any."""
    curves, example = _curves_of(figures)
    if not curves:
        return None
    rows = math.ceil(len(curves) / 2)
    height = 96 + rows * (PANEL_HEIGHT + PANEL_GAP)
    parts = [_title("What grows with the archive", "articles in the archive, from left to right, each step ten times")]
    for number, (metric, lines) in enumerate(curves.items()):
        x = MARGIN + (number % 2) * (PANEL_WIDTH + PANEL_GAP)
        y = 96 + (number // 2) * (PANEL_HEIGHT + PANEL_GAP)
        parts.append(f'<g transform="translate({x} {y})">{_panel(metric, lines, example[metric])}</g>')
    return _svg("".join(parts), height)


def _curves_of(figures: Iterable[Figure]) -> tuple[dict[str, list[Curve]], dict[str, Figure]]:
    points: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    example: dict[str, Figure] = {}
    for figure in figures:
        match = _SIZED.fullmatch(figure.data)
        if match:
            points[figure.metric][match["series"]][int(match["size"].replace(",", ""))] = figure.ours
            example.setdefault(figure.metric, figure)
    curves = {
        metric: [
            Curve(name=name, points=tuple(sorted(by_size.items())))
            for name, by_size in series.items()
            if len(by_size) > 1
        ]
        for metric, series in points.items()
    }
    return {metric: lines for metric, lines in curves.items() if lines}, example


def _draw_quality(figures: Sequence[tuple[str, Figure]]) -> str | None:
    """Return shares between 0 and 1 beside the best peer of the same run."""
    rows = [(bench, one) for bench, one in figures if one.peer is not None and _is_share(one)]
    if not rows:
        return None
    x = MARGIN + LABEL_WIDTH
    height = 130 + len(rows) * ROW_HEIGHT
    parts = [_title("Quality beside peers", "blue: ours · grey: the best peer in the same run · line: the goal")]
    parts += [_gridline(x + BARS_WIDTH * share, 96, height - 24, f"{share:g}") for share in (0, 0.25, 0.5, 0.75, 1)]
    for number, (bench, figure) in enumerate(rows):
        y = 112 + number * ROW_HEIGHT
        assert figure.peer is not None
        parts += [_row_label(bench, figure, y), *_pair(figure, figure.peer, x, y)]
    return _svg("".join(parts), height)


def _pair(figure: Figure, peer: float, x: float, y: float) -> list[str]:
    ours_width, peer_width = BARS_WIDTH * figure.ours, BARS_WIDTH * peer
    goal = (
        "" if figure.goal is None else _line(x + BARS_WIDTH * figure.goal, y - 6, x + BARS_WIDTH * figure.goal, y + 20)
    )
    return [
        f'<rect x="{x}" y="{y}" width="{ours_width:.1f}" height="18" fill="{OURS}"/>',
        f'<rect x="{x}" y="{y + 20}" width="{peer_width:.1f}" height="14" fill="{PEER}" stroke="{QUIET}"/>',
        goal,
        _text(x + BARS_WIDTH + 14, y + 15, number_text(figure.ours), weight=700),
        _text(
            x + BARS_WIDTH + 14, y + 33, f"{number_text(peer)} {_cut(figure.peer_name, 26)}", size=SMALL_PX, fill=QUIET
        ),
    ]


def _draw_ratios(figures: Sequence[tuple[str, Figure]]) -> str | None:
    """Return how many times better than the peer each figure is that is no share."""
    rows = [(bench, one, _times_better(one)) for bench, one in figures if one.peer and one.ours and not _is_share(one)]
    if not rows:
        return None
    least, most = min(0.5, *(times for *_, times in rows)), max(2.0, *(times for *_, times in rows))
    x = MARGIN + LABEL_WIDTH

    def place(times: float) -> float:
        return x + BARS_WIDTH * math.log(times / least) / math.log(most / least)

    height = 130 + len(rows) * ROW_HEIGHT
    parts = [
        _title("Beside peers, times better", "right of 1: better than the peer in the same run · each step doubles")
    ]
    ticks = [2.0**power for power in range(math.ceil(math.log2(least)), math.floor(math.log2(most)) + 1)]
    parts += [_gridline(place(tick), 96, height - 24, f"{tick:g}") for tick in ticks]
    parts.append(_line(place(1), 96, place(1), height - 24))
    for number, (bench, figure, times) in enumerate(rows):
        y = 112 + number * ROW_HEIGHT
        left, right = sorted((place(1), place(times)))
        parts += [
            _row_label(bench, figure, y),
            f'<rect x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="26" fill="{OURS}"/>',
            _text(x + BARS_WIDTH + 14, y + 12, f"{times:.1f} times", weight=700),
            _text(x + BARS_WIDTH + 14, y + 31, _cut(figure.peer_name, 32), size=SMALL_PX, fill=QUIET),
        ]
    return _svg("".join(parts), height)


def _panel(metric: str, curves: Sequence[Curve], example: Figure) -> str:
    left, right, top, bottom = 64.0, PANEL_WIDTH - 120.0, 52.0, PANEL_HEIGHT - 40.0
    sizes = sorted({size for curve in curves for size, _ in curve.points})
    values = [value for curve in curves for _, value in curve.points]
    goal = example.goal if example.goal is not None and example.goal <= 4 * max(values) else None
    most = max([*values, goal or 0.0]) * 1.1 or 1.0
    least = min(value for value in values if value > 0) if any(value > 0 for value in values) else most
    is_log = min(values) > 0 and most / least >= LOG_FROM

    def across(size: float) -> float:
        return left + (right - left) * math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])

    def up(value: float) -> float:
        share = math.log(value / (least / 2)) / math.log(most / (least / 2)) if is_log else value / most
        return bottom - (bottom - top) * share

    unit = f", {example.unit}" if example.unit else ""
    parts = [_text(0, 20, _cut(f"{metric}{unit}", 60), weight=700)]
    parts += [_tick(left, right, up(tick), tick) for tick in _ticks(least / 2, most, is_log=is_log)]
    parts += [
        _text(across(size), bottom + 24, _short(size), size=SMALL_PX, fill=QUIET, anchor="middle") for size in sizes
    ]
    if goal is not None:
        parts.append(_line(left, up(goal), right, up(goal), dash="7 5"))
        parts.append(_text(right + 8, up(goal) + 5, f"goal {goal:g}", size=SMALL_PX))
    ends = _apart([up(curve.points[-1][1]) for curve in curves], taken=[] if goal is None else [up(goal)])
    for number, (curve, end) in enumerate(zip(curves, ends, strict=True)):
        colour, places = CURVES[number % len(CURVES)], [(across(size), up(value)) for size, value in curve.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        dash = "" if number == 0 else ' stroke-dasharray="9 4"'
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3"{dash}/>')
        parts += [_mark(number, x, y, colour) for x, y in places]
        name = f"{curve.name} {curve.points[-1][1]:,.3g}"
        parts.append(_text(right + 12, end + 5, _cut(name, 17), size=SMALL_PX, fill=colour, weight=700))
    return "".join(parts)


def _ticks(least: float, most: float, *, is_log: bool) -> list[float]:
    if is_log:
        return [10.0**power for power in range(math.ceil(math.log10(least)), math.floor(math.log10(most)) + 1)]
    rough = most / 6
    step = 10 ** math.floor(math.log10(rough))
    step *= next(factor for factor in (1, 2, 5, 10) if factor * step >= rough)
    return [number * step for number in range(int(most / step) + 1)]


def _apart(places: Sequence[float], *, taken: Sequence[float]) -> list[float]:
    """Return the places of labels moved so far apart that none lies on another, or on what is taken."""
    order = sorted([(place, number) for number, place in enumerate(places)] + [(place, -1) for place in taken])
    moved = list(places)
    last = -math.inf
    for place, number in order:
        last = max(place, last + 19)
        if number >= 0:
            moved[number] = last
    return moved


def _mark(number: int, x: float, y: float, colour: str) -> str:
    if number % 3 == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colour}"/>'
    if number % 3 == 1:
        return f'<rect x="{x - 5.5:.1f}" y="{y - 5.5:.1f}" width="11" height="11" fill="{colour}"/>'
    return f'<path d="M{x:.1f} {y - 7:.1f} l7 13 h-14 z" fill="{colour}"/>'


def _tick(left: float, right: float, y: float, value: float) -> str:
    line = f'<line x1="{left}" y1="{y:.1f}" x2="{right}" y2="{y:.1f}" stroke="{RULE}"/>'
    return line + _text(left - 8, y + 5, f"{value:,.4g}", size=SMALL_PX, fill=QUIET, anchor="end")


def _gridline(x: float, top: float, bottom: float, name: str) -> str:
    line = f'<line x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom}" stroke="{RULE}"/>'
    return line + _text(x, top - 6, name, size=SMALL_PX, fill=QUIET, anchor="middle")


def _row_label(bench: str, figure: Figure, y: float) -> str:
    direction = "" if figure.higher_is_better else " (less is better)"
    return _text(MARGIN, y + 14, _cut(f"{figure.metric}{direction}", 52), weight=700) + _text(
        MARGIN, y + 33, _cut(f"{bench}: {figure.data}", 60), size=SMALL_PX, fill=QUIET
    )


def _title(title: str, below: str) -> str:
    return _text(MARGIN, 42, title, size=TITLE_PX, weight=700) + _text(MARGIN, 70, below, size=LABEL_PX, fill=QUIET)


def _line(x1: float, y1: float, x2: float, y2: float, *, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{INK}" stroke-width="2.5"{dashed}/>'


def _text(
    x: float, y: float, text: str, *, size: int = LABEL_PX, fill: str = INK, weight: int = 400, anchor: str = "start"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size}" font-weight="{weight}" fill="{fill}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )


def _svg(inner: str, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}">'
        f'<rect width="{WIDTH}" height="{height:.0f}" fill="{PAPER}"/>{inner}</svg>'
    )


def _png(svg: str) -> bytes:
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg))


def _is_share(figure: Figure) -> bool:
    return not figure.unit and 0 <= figure.ours <= 1 and figure.peer is not None and 0 <= figure.peer <= 1


def _times_better(figure: Figure) -> float:
    assert figure.peer, "asked before"
    return figure.ours / figure.peer if figure.higher_is_better else figure.peer / figure.ours


def _short(size: int) -> str:
    for step, letter in ((1_000_000, "M"), (1_000, "k")):
        if size >= step:
            return f"{size / step:g}{letter}"
    return str(size)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
