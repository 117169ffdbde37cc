"""The stories of one level, events or storylines: their centroids, their days, and the terms they are found by. Pure.

Memory is bounded: of each story its most telling terms are kept, and of the stories those that grew last.
"""

from __future__ import annotations

import heapq
import math
from array import array
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import add, mul, sub
from typing import Final

from bot.stories.features import When
from bot.stories.vectors import Vector, dot

# Stories that can still grow: those that grew last.
MAX_ACTIVE: Final = 10_000
# Stories that may stand under one term, the latest: a term of more stories tells nothing.
MAX_UNDER_TERM: Final = 48
# Stories compared in full with one article.
MAX_CANDIDATES: Final = 12
# Terms kept of a story between batches, the most telling.
STORY_TERMS: Final = 128
# Terms under which stories stand before those of closed stories are looked for.
_SWEEP_FROM: Final = 100_000
# Terms of a story while its batch is placed: a batch of articles about everything must not fill the memory.
MAX_STORY_TERMS: Final = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How like an article must be to a story, and how much a gap in days takes from likeness."""

    threshold: float
    sigma_days: float
    floor: float

    def decay(self, gap_days: float) -> float:
        """Return what is left of a similarity after a gap, between the floor and 1."""
        if not gap_days:
            return 1.0
        return self.floor + (1.0 - self.floor) * math.exp(-gap_days * gap_days / (2.0 * self.sigma_days**2))


@dataclass(slots=True, kw_only=True)
class Group:
    """A neighbourhood or a storyline: the sum of its articles' vectors, their number and their days.

    `name` is the id of a storyline. Between batches the vector is `packed` into a tenth of its memory.
    """

    name: str = ""
    vector: Vector = field(default_factory=dict)
    packed: tuple[array[int], array[float]] | None = None
    square: float = 0.0
    size: int = 0
    first_day: float = math.inf
    last_day: float = -math.inf
    first_arrival: float = math.inf
    last_arrival: float = -math.inf

    def gap(self, when: When) -> float:
        """Return the days between an article and the nearest article of the group; 0 when one can't tell.

        Publication is compared with publication; where one has none, arrival with arrival.
        """
        if when.day is not None and self.first_day <= self.last_day:
            return max(self.first_day - when.day, when.day - self.last_day, 0.0)
        if when.arrived is not None and self.first_arrival <= self.last_arrival:
            return max(self.first_arrival - when.arrived, when.arrived - self.last_arrival, 0.0)
        return 0.0

    def likeness(self, vector: Vector) -> float:
        """Return the cosine between an article (of length 1) and the centroid."""
        if self.square <= 0.0:
            return 0.0
        if self.packed is None:
            return dot(vector, self.vector) / math.sqrt(self.square)
        terms, values = self.packed
        product: float = sum(map(mul, values, map(vector.get, terms, repeat(0.0))))
        return product / math.sqrt(self.square)

    def pack(self) -> None:
        """Give the vector's memory back until the story grows again."""
        if self.packed is None:
            self.trim()
            self.packed = array("I", self.vector), array("f", self.vector.values())
            self.vector = {}

    def trim(self) -> None:
        """Forget all but the most telling terms."""
        if len(self.vector) > STORY_TERMS:
            self.vector = _most_telling(self.vector)
            # What is left is compared as if it were all: else big stories would be like nothing.
            self.square = sum([value * value for value in self.vector.values()])

    def unpack(self) -> None:
        """Make the vector ready to be changed."""
        if self.packed is not None:
            self.vector = dict(zip(*self.packed, strict=True))
            self.packed = None

    def take_in(self, vector: Vector, when: When) -> None:
        """Add one article, a vector of length 1."""
        self.unpack()
        own = self.vector
        if own:
            self.square += 2.0 * dot(vector, own) + 1.0
            own.update(zip(vector, map(add, vector.values(), map(own.get, vector, repeat(0.0))), strict=True))
        else:
            self.vector = own = dict(vector)
            self.square = 1.0
        if len(own) > MAX_STORY_TERMS:
            self.vector = _most_telling(own)
        self.size += 1
        if when.day is not None:
            self.first_day, self.last_day = min(self.first_day, when.day), max(self.last_day, when.day)
        if when.arrived is not None:
            self.first_arrival = min(self.first_arrival, when.arrived)
            self.last_arrival = max(self.last_arrival, when.arrived)

    def give_up(self, vector: Vector) -> None:
        """Take one article out; the days stay as they were."""
        self.unpack()
        own = self.vector
        self.square = max(0.0, self.square - 2.0 * dot(vector, own) + 1.0)
        own.update(zip(vector, map(sub, map(own.get, vector, repeat(0.0)), vector.values()), strict=True))
        self.size -= 1


class Level:
    """The stories of one level by number, and the terms under which they are found."""

    def __init__(self, reach: Reach, max_active: int = MAX_ACTIVE) -> None:
        self.reach = reach
        self.groups: OrderedDict[int, Group] = OrderedDict()
        self.number_of: dict[str, int] = {}
        # Tuples: they take a third of the memory of sets, and the garbage collector passes over them.
        self._under: dict[int, tuple[int, ...]] = {}
        self._max_active = max_active
        self._next_number = 0
        self._sweep_at = _SWEEP_FROM

    def open(self, name: str = "") -> int:
        """Open a story and return its number; the one that grew least recently closes when there are too many."""
        number = self._next_number
        self._next_number += 1
        self.groups[number] = Group(name=name)
        if name:
            self.number_of[name] = number
        if len(self.groups) > self._max_active:
            self.close(next(iter(self.groups)))
        return number

    def close(self, number: int) -> None:
        """Forget a story."""
        group = self.groups.pop(number)
        self.number_of.pop(group.name, None)

    def add(self, number: int, vector: Vector, when: When, keys: Iterable[int]) -> None:
        """Add an article to a story."""
        self.groups.move_to_end(number)
        self.groups[number].take_in(vector, when)
        for key in keys:
            under = self._under.get(key, ())
            if under and under[-1] == number:
                continue
            kept = [one for one in under if one != number]
            if len(kept) >= MAX_UNDER_TERM:
                kept.remove(next((one for one in kept if one not in self.groups), kept[0]))
            self._under[key] = (*kept, number)
        if len(self._under) > self._sweep_at:
            self._forget_closed()

    def remove(self, number: int, vector: Vector) -> None:
        """Take an article out of a story; the last one closes it."""
        group = self.groups.get(number)
        if group is None:
            return
        if group.size <= 1:
            self.close(number)
        else:
            group.give_up(vector)

    def nearest(
        self, vector: Vector, when: When, keys: Sequence[int], *, own: int | None = None, own_bonus: float = 1.0
    ) -> int | None:
        """Return the story most like an article, if one is like enough; its own one is a bit more like it."""
        best, best_likeness = None, self.reach.threshold
        for number in self.candidates(vector, keys):
            group = self.groups[number]
            likeness = group.likeness(vector) * self.reach.decay(group.gap(when))
            if number == own:
                likeness *= own_bonus
            if likeness > best_likeness:
                best, best_likeness = number, likeness
        return best

    def candidates(self, vector: Vector, keys: Sequence[int]) -> list[int]:
        """Return the stories that share most of the telling terms."""
        shared: dict[int, float] = defaultdict(float)
        for key in keys:
            if key in self._under:
                weight = vector[key]
                for number in self._under[key]:
                    shared[number] += weight * weight
        here = [number for number in shared if number in self.groups]
        if len(here) <= MAX_CANDIDATES:
            return here
        return heapq.nlargest(MAX_CANDIDATES, here, key=shared.__getitem__)

    def pack(self, numbers: Iterable[int]) -> None:
        """Give the memory of these stories back until they grow again."""
        for number in numbers:
            group = self.groups.get(number)
            if group is not None:
                group.pack()

    def _forget_closed(self) -> None:
        kept = {key: tuple([one for one in under if one in self.groups]) for key, under in self._under.items()}
        self._under = {key: under for key, under in kept.items() if under}
        # As many terms again may come before one looks again: the cost of looking is shared by all of them.
        self._sweep_at = max(_SWEEP_FROM, 2 * len(self._under))


def _most_telling(vector: Vector) -> Vector:
    terms = sorted(vector, key=vector.__getitem__, reverse=True)[:STORY_TERMS]
    return {term: vector[term] for term in terms}
