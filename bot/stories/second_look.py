"""What a batch of articles, seen as a whole, changes about the events it opened: which fall apart, which belong
together. Pure.

One threshold fits no two stories: reports of a press conference are more like each other than those of a war. So an
event is divided when its two halves are far less like each other than each is in itself, and two events are joined
when they are nearly as like each other as each is in itself.
Source: average linkage within and between groups, as in Sokal and Michener 1958 (UPGMA); the shares were fixed by
cross-validation over topics.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from bot.stories.groups import Group
from bot.stories.vectors import Vector, dot

# Share of the likeness within, below which an event falls apart, and above which two events are one.
DIVIDE_BELOW: Final = 0.5
JOIN_ABOVE: Final = 0.6
# Articles of an event at least, before it can be said to have halves, and of each half.
MIN_DIVIDED: Final = 6
MIN_HALF: Final = 2
# Likeness within an event of one article, for want of a second: that of most events.
LONE_LIKENESS: Final = 0.35
# Times that articles change sides at most.
MAX_ROUNDS: Final = 6


def divide(vectors: Sequence[Vector]) -> list[int]:
    """Return the positions of the articles that are another event than the rest; empty when all are one."""
    if len(vectors) < MIN_DIVIDED:
        return []
    other = _other_half(vectors)
    rest = sorted(set(range(len(vectors))) - set(other))
    if min(len(other), len(rest)) < MIN_HALF:
        return []
    halves = [_sum_of([vectors[position] for position in half]) for half in (other, rest)]
    sizes = (len(other), len(rest))
    between = dot(halves[0], halves[1]) / (sizes[0] * sizes[1])
    within = [_within(dot(half, half), size) for half, size in zip(halves, sizes, strict=True)]
    mean = (within[0] * sizes[0] + within[1] * sizes[1]) / len(vectors)
    return other if between < DIVIDE_BELOW * mean else []


def are_one(one: Group, other: Group) -> bool:
    """Return whether two events are nearly as like each other as each is in itself."""
    between = dot(one.vector, other.vector) / (one.size * other.size)
    counted = [(_within(group.square, group.size), group.size) for group in (one, other) if group.size > 1]
    size = sum(count for _, count in counted)
    within = sum(likeness * count for likeness, count in counted) / size if size else LONE_LIKENESS
    return between >= JOIN_ABOVE * within


def _within(square: float, size: int) -> float:
    """Return the mean likeness of two different articles of a group of vectors of length 1."""
    return (square - size) / (size * (size - 1)) if size > 1 else LONE_LIKENESS


def _other_half(vectors: Sequence[Vector]) -> list[int]:
    """Return one side of the best cut in two, found by 2-means from the two articles that are least alike."""
    whole = _sum_of(vectors)
    first = min(range(len(vectors)), key=lambda position: dot(vectors[position], whole))
    second = min(range(len(vectors)), key=lambda position: dot(vectors[position], vectors[first]))
    centers = [vectors[second], vectors[first]]
    sides: list[int] = []
    for _ in range(MAX_ROUNDS):
        lengths = [math.sqrt(dot(center, center)) or 1.0 for center in centers]
        new = [int(dot(vector, centers[1]) / lengths[1] > dot(vector, centers[0]) / lengths[0]) for vector in vectors]
        if new == sides or len(set(new)) < 2:
            break
        sides = new
        centers = [
            _sum_of([vector for vector, at in zip(vectors, sides, strict=True) if at == side]) for side in (0, 1)
        ]
    return [position for position, side in enumerate(sides) if side]


def _sum_of(vectors: Sequence[Vector]) -> Vector:
    total: Vector = {}
    for vector in vectors:
        for term, value in vector.items():
            total[term] = total.get(term, 0.0) + value
    return total
