"""The latest articles of one neighbourhood, how alike they are, and the events they are in. Pure, in memory.

A neighbourhood is what may be one event or several: two earthquakes, the days of one strike. Its articles are sorted
into events all together, again and again as it grows, so that the order in which they came decides nothing.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from operator import mul
from typing import Final

from bot.stories.features import When, unpack_features
from bot.stories.forms import fill_one_form
from bot.stories.second_look import fits, sort_out
from bot.stories.vectors import AS_EVENT, Vector, Vocabulary, as_if_alone, mutual

# Articles of a neighbourhood that are compared with a new one, the latest: older ones stay in their events.
MAX_MEMBERS: Final = 64
# Events of a neighbourhood whose storyline is known, the latest.
MAX_EVENTS: Final = 256
# A neighbourhood is sorted anew when this share of it is new: then every article is looked at a few times only.
LOOK_AGAIN_AT: Final = 1 / 8
# How much a gap in days takes from likeness: half of it in the end.
SIGMA_DAYS: Final = 10.0
FLOOR: Final = 0.5
# Weights are reckoned anew when so many times as many articles were seen, until there are enough for them to be good.
STALE_AFTER: Final = 1.5
ENOUGH_SEEN: Final = 10_000
# Articles of a group at least, before one can say what all of them share; more than the latter are not looked at.
MIN_BACKGROUND: Final = 4
MAX_BACKGROUND: Final = 12
# Likeness, and share of terms in common, below which two articles are not looked at as one form filled in twice: the
# former makes no event, the latter no form.
_WORTH_A_LOOK: Final = 0.15
_WORDED_ALIKE: Final = 0.5
# Share of a group's likeness that is left when terms count by their rarity in this group alone, times its size: about 1
# where all share the same few terms and nothing else; 1.6 of four reports of one event, 3 of eight.
MIN_LEFT: Final = 1.2


@dataclass(slots=True, kw_only=True)
class Member:
    """An article of a neighbourhood; `event` is "" until it is known."""

    article_id: str
    seq: int
    packed: bytes
    when: When
    weights: tuple[array[int], array[float]]
    event: str = ""

    @property
    def vector(self) -> Vector:
        """What it is compared by."""
        return dict(zip(*self.weights, strict=True))


@dataclass(slots=True, kw_only=True)
class Neighbourhood:
    """Articles that are near each other, in the order they came, and the storyline of each of their events."""

    members: list[Member] = field(default_factory=list)
    storylines: dict[str, str] = field(default_factory=dict)
    _likeness: list[list[float]] = field(default_factory=list)
    _unsorted: int = 0
    _weighed_at: int = 0
    # Groups that were found to share their matter only, and groups that were not: looked at once.
    _is_background: dict[tuple[str, ...], bool] = field(default_factory=dict)

    def add(self, member: Member) -> None:
        """Add an article."""
        self.members.append(member)
        self._unsorted += not member.event

    def leave(self) -> str:
        """Take the oldest article out: it stays in its event for good. Return its id."""
        return self._take_out(0).article_id

    def remove(self, article_id: str) -> Member:
        """Take an article out and return it. Raises: StopIteration when it is not here."""
        return self._take_out(next(i for i, member in enumerate(self.members) if member.article_id == article_id))

    def has(self, event: str) -> bool:
        """Return whether one of the articles is in this event."""
        return any(member.event == event for member in self.members)

    def forget_events(self) -> list[str]:
        """Return the ids of events that are forgotten because there are too many, the oldest that have no article."""
        too_many = len(self.storylines) - MAX_EVENTS
        if too_many <= 0:
            return []
        here = {member.event for member in self.members}
        forgotten = [event for event in self.storylines if event not in here][:too_many]
        for event in forgotten:
            del self.storylines[event]
        return forgotten

    def sort(self, vocabulary: Vocabulary, name_event: Callable[[Member], str]) -> list[Member]:
        """Put the articles into events; return those of an earlier look that are in another one now.

        `name_event` makes the id of a new event from its first article.
        """
        self._weigh_anew(vocabulary)
        self._compare()
        if self._unsorted < LOOK_AGAIN_AT * len(self.members):
            for position, member in enumerate(self.members):
                if not member.event:
                    member.event = self._nearest_event(position) or name_event(member)
            return []
        self._unsorted = 0
        return self._name(self._tell_apart(sort_out(self._likeness)), name_event)

    def _take_out(self, position: int) -> Member:
        if position < len(self._likeness):
            del self._likeness[position]
            for row in self._likeness:
                del row[position]
        return self.members.pop(position)

    def _weigh_anew(self, vocabulary: Vocabulary) -> None:
        if not self._weighed_at:
            self._weighed_at = vocabulary.articles
        if self._weighed_at < ENOUGH_SEEN and vocabulary.articles > STALE_AFTER * self._weighed_at:
            self._weighed_at = vocabulary.articles
            self._likeness = []
            for member in self.members:
                member.weights = pack_weights(vocabulary.weigh(unpack_features(member.packed), AS_EVENT))

    def _compare(self) -> None:
        """Reckon how alike the new articles are to all others."""
        known = len(self._likeness)
        for position in range(known, len(self.members)):
            vector = self.members[position].vector
            row = [self._alike(vector, self.members[position], other) for other in self.members[:position]]
            for other, value in zip(self._likeness, row, strict=True):
                other.append(value)
            self._likeness.append([*row, 1.0])

    def _alike(self, vector: Vector, one: Member, other: Member) -> float:
        terms, weights = other.weights
        product: float = sum(map(mul, weights, map(vector.get, terms, repeat(0.0))))
        if (
            product >= _WORTH_A_LOOK
            and 2 * len(vector.keys() & terms) >= _WORDED_ALIKE * (len(vector) + len(terms))
            and fill_one_form(unpack_features(one.packed), unpack_features(other.packed))
        ):
            return 0.0
        gap = one.when.gap_to(other.when)
        if not gap:
            return product
        return product * (FLOOR + (1.0 - FLOOR) * math.exp(-gap * gap / (2.0 * SIGMA_DAYS**2)))

    def _nearest_event(self, position: int) -> str | None:
        """Return the event an article fits into until the neighbourhood is sorted anew."""
        row = self._likeness[position]
        of_event: dict[str, list[int]] = {}
        for other, member in enumerate(self.members):
            if member.event:
                of_event.setdefault(member.event, []).append(other)
        best, best_mean = None, 0.0
        for event, group in of_event.items():
            mean = sum([row[other] for other in group]) / len(group)
            if mean > best_mean:
                best, best_mean = event, mean
        if best is None:
            return None
        group = of_event[best]
        pairs = [self._likeness[one][other] for index, one in enumerate(group) for other in group[:index]]
        within = sum(pairs) / len(pairs) if pairs else 0.0
        return best if fits(best_mean, [(within, len(group)), (0.0, 1)]) else None

    def _tell_apart(self, groups: Sequence[list[int]]) -> list[list[int]]:
        """Return the groups, with the articles of those one by one that only share their matter."""
        verdicts: dict[tuple[str, ...], bool] = {}
        found: list[list[int]] = []
        for group in groups:
            ids = tuple(self.members[position].article_id for position in group)
            if len(group) >= MIN_BACKGROUND:
                known = self._is_background.get(ids)
                verdicts[ids] = self._only_shares_matter(group) if known is None else known
            found += [[position] for position in group] if verdicts.get(ids) else [group]
        self._is_background = verdicts
        return sorted(found)

    def _only_shares_matter(self, group: Sequence[int]) -> bool:
        some = group[-MAX_BACKGROUND:]
        alone = as_if_alone([unpack_features(self.members[position].packed) for position in some], AS_EVENT)
        whole = sum([self._likeness[one][other] for place, one in enumerate(some) for other in some[:place]])
        return mutual(alone) * len(some) < MIN_LEFT * whole

    def _name(self, groups: Sequence[Sequence[int]], name_event: Callable[[Member], str]) -> list[Member]:
        """Give each group the id of the earliest event whose first article it has; return the articles that moved."""
        owner: dict[str, int] = {}
        home = {position: number for number, group in enumerate(groups) for position in group}
        for position, member in enumerate(self.members):
            if member.event:
                owner.setdefault(member.event, home[position])
        names: dict[int, str] = {}
        for event, number in owner.items():
            names.setdefault(number, event)
        moved = []
        for number, group in enumerate(groups):
            first = self.members[group[0]]
            before = next((self.members[one].event for one in group if self.members[one].event), "")
            name = names.get(number) or name_event(first)
            if before in self.storylines:
                # What parts from an event stays in its storyline.
                self.storylines.setdefault(name, self.storylines[before])
            for position in group:
                member = self.members[position]
                if member.event and member.event != name:
                    moved.append(member)
                member.event = name
        return moved


def pack_weights(vector: Vector) -> tuple[array[int], array[float]]:
    """Return a vector in a tenth of its memory."""
    return array("I", vector), array("f", vector.values())
