"""Which articles of one neighbourhood are one event, seen all together: the same answer in whatever order they came.
Pure.

One threshold fits no two stories: reports of a press conference are more like each other than those of a war. So
likeness is judged by what it is around: a neighbourhood is cut in two where the cut is better than any cut of articles
that are all equally alike, and the parts are cut again; what then hangs together is joined pair by pair as long as two
groups are at least two fifths as like each other as each is in itself.
Source: normalized cuts, Shi and Malik 2000, Normalized Cuts and Image Segmentation; average linkage, Sokal and
Michener 1958 (UPGMA).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import Final

# Articles of each side of a cut at least: one alone is no event beside another.
MIN_SIDE: Final = 2
# Share of the likeness within two groups that the likeness between them must reach for them to be one event.
JOIN_ABOVE: Final = 0.4
# Likeness within an event of one article, for want of a second; so the two of a pair must be .2 alike.
LONE_LIKENESS: Final = 0.5
# Rounds of the power iteration: the order it brings the articles into settles long before its vector does.
MAX_ROUNDS: Final = 24

Likeness = Sequence[Sequence[float]]
"""How alike two articles are, from 0 to 1: a row an article, symmetric, 1 for an article and itself."""


def sort_out(likeness: Likeness) -> list[list[int]]:
    """Return the events of a neighbourhood: the positions of their articles, ascending, the first article first."""
    found = [
        [part[position] for position in group]
        for part in _cut_up(likeness, list(range(len(likeness))))
        for group in _join(_section(likeness, part))
    ]
    return sorted(sorted(group) for group in found)


def fits(between: float, within: Sequence[tuple[float, int]]) -> bool:
    """Return whether groups this alike are one event; `within` has the likeness within each, and its size."""
    pairs = sum(size - 1 for _, size in within)
    mean = (sum((size - 1) * inner for inner, size in within) + LONE_LIKENESS) / (pairs + 1)
    return between >= JOIN_ABOVE * mean


def _section(likeness: Likeness, positions: Sequence[int]) -> list[list[float]]:
    return [[row[other] for other in positions] for row in (likeness[position] for position in positions)]


def _cut_up(likeness: Likeness, positions: list[int]) -> list[list[int]]:
    """Return the parts that no good cut divides any more."""
    if len(positions) < 2 * MIN_SIDE:
        return [positions]
    part = _section(likeness, positions)
    order, size = _best_cut(part)
    # In a graph without any structure the best cut costs about 1, and a side of few articles is easily found by
    # chance: the smaller, the better must its cut be.
    if not size:
        return [positions]
    sides = sorted(positions[one] for one in order[:size]), sorted(positions[one] for one in order[size:])
    return [found for side in sides for found in _cut_up(likeness, side)]


def _best_cut(likeness: Likeness) -> tuple[list[int], int]:
    """Return the articles in an order, and how many of them the best cut parts from the rest; 0 when none is good."""
    count = len(likeness)
    degrees = [sum(row) - row[position] or 1e-9 for position, row in enumerate(likeness)]
    axis = _second_axis(likeness)
    order = sorted(range(count), key=axis.__getitem__)
    whole = sum(degrees)
    best, best_size = 0.0, 0
    crossing = volume = 0.0
    # What the articles before each position have in common with every article.
    before = [0.0] * count
    for size, one in enumerate(order[:-MIN_SIDE], start=1):
        row = likeness[one]
        crossing += degrees[one] - 2.0 * before[one]
        volume += degrees[one]
        before = list(map(float.__add__, before, row))
        if size < MIN_SIDE or whole <= volume:
            continue
        cost = crossing / volume + crossing / (whole - volume)
        gain = 1.0 - 1.0 / min(size, count - size) - cost
        if gain > best:
            best, best_size = gain, size
    return order, best_size


def _second_axis(likeness: Likeness) -> list[float]:
    """Return a value an article: the second eigenvector of the normalized likenesses, scaled as the cut needs it."""
    roots = [math.sqrt(sum(row)) or 1e-9 for row in likeness]
    scaled = [
        [value / root / other for value, other in zip(row, roots, strict=True)]
        for row, root in zip(likeness, roots, strict=True)
    ]
    length = math.sqrt(sum(root * root for root in roots))
    first = [root / length for root in roots]
    # Two articles that have little in common lie on either side.
    one = min(range(len(likeness)), key=lambda position: sum(likeness[position]))
    other = min(range(len(likeness)), key=lambda position: likeness[one][position])
    vector = [a - b for a, b in zip(likeness[one], likeness[other], strict=True)]
    for _ in range(MAX_ROUNDS):
        along = sum(map(mul, vector, first))
        vector = [value - along * top for value, top in zip(vector, first, strict=True)]
        vector = [sum(map(mul, row, vector)) for row in scaled]
        length = math.sqrt(sum(map(mul, vector, vector)))
        if length < 1e-12:
            return [0.0] * len(roots)
        vector = [value / length for value in vector]
    return [value / root for value, root in zip(vector, roots, strict=True)]


def _join(likeness: Likeness) -> list[list[int]]:
    """Return the groups that average linkage makes, as long as what it joins fits together."""
    count = len(likeness)
    means = [list(row) for row in likeness]
    # What is still to be tried: a pair that does not fit is tried again once one of the two has grown.
    open_ = [[-1.0 if one == other else value for other, value in enumerate(row)] for one, row in enumerate(likeness)]
    groups = [[position] for position in range(count)]
    within = [0.0] * count
    tops = [max(row, default=-1.0) for row in open_]
    while count > 1 and (top := max(tops)) > 0.0:
        one = tops.index(top)
        other = open_[one].index(top)
        if fits(top, [(within[one], len(groups[one])), (within[other], len(groups[other]))]):
            _merge(one, other, means, groups, within)
            for position, value in enumerate(means[one]):
                here = value if groups[position] and position != one else -1.0
                open_[one][position] = open_[position][one] = here
                open_[other][position] = open_[position][other] = -1.0
            tops = [max(row) for row in open_]
        else:
            open_[one][other] = open_[other][one] = -1.0
            tops[one], tops[other] = max(open_[one]), max(open_[other])
    return [group for group in groups if group]


def _merge(one: int, other: int, means: list[list[float]], groups: list[list[int]], within: list[float]) -> None:
    """Put the second group into the first, and the means of both together."""
    size, more = len(groups[one]), len(groups[other])
    pairs, others = size * (size - 1) / 2, more * (more - 1) / 2
    inner = pairs * within[one] + others * within[other] + size * more * means[one][other]
    within[one] = inner / (pairs + others + size * more)
    row = [(size * a + more * b) / (size + more) for a, b in zip(means[one], means[other], strict=True)]
    means[one] = row
    for position, value in enumerate(row):
        means[position][one] = value
    groups[one] += groups[other]
    groups[other] = []
