"""Puts articles into events and storylines as they come in, at a cost that stays flat. Pure, in memory.

Single pass with a second look: an article joins the event whose centroid it is most like, if it is like enough, else
it opens a new one; so do events with storylines, which reach farther in matter and time. After each batch its articles
are looked at again, because the rest of the batch may have changed what they are nearest to. Articles of earlier
batches stay where they are: somebody may have been told.
Source: single pass with a Gaussian over time as Miranda et al. 2018, Multilingual Clustering of Streaming News; the
thresholds were fixed by cross-validation over topics.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from bot.stories.features import Features
from bot.stories.groups import MAX_ACTIVE, Level, Reach
from bot.stories.second_look import are_one, divide
from bot.stories.vectors import AS_EVENT, AS_STORYLINE, Vector, Vocabulary, key_terms

EVENT: Final = Reach(prefix="e", threshold=0.25, sigma_days=10.0, floor=0.7)
STORYLINE: Final = Reach(prefix="s", threshold=0.20, sigma_days=30.0, floor=0.7)
# Terms of an article under which its story can be found, the most telling.
KEY_TERMS: Final = 16
# Times that the articles of a batch are looked at again.
SECOND_LOOKS: Final = 1
# How much likelier the story an article is in already stays its own at a second look, or with a new version.
STAY_BONUS: Final = 1.05
_ID_DIGITS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an article belongs."""

    event: str
    storyline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article to be placed. A copy names its `original` and goes where that is. `before` is where the earlier
    version is, of a copy where its original is, None when neither was placed yet."""

    article_id: str
    features: Features
    before: Place | None = None
    original: str | None = None


@dataclass(slots=True, kw_only=True)
class _Fresh:
    """An article of the batch at hand, weighed, and the number of the event it is in for now."""

    position: int
    arrival: Arrival
    vector: Vector
    keys: Sequence[int]
    event: int = -1


class StoryIndex:
    """Knows the stories that can still grow, and places articles into them."""

    def __init__(self, *, event: Reach = EVENT, storyline: Reach = STORYLINE, max_active: int = MAX_ACTIVE) -> None:
        self._events = Level(event, max_active)
        self._storylines = Level(storyline, max_active)
        self._vocabulary = Vocabulary()

    @property
    def size(self) -> int:
        """How many events can still grow."""
        return len(self._events.groups)

    def place(self, batch: Sequence[Arrival]) -> list[Place]:
        """Return where each article of a batch belongs, in order, and remember it."""
        for arrival in batch:
            if arrival.features.terms:
                self._vocabulary.count(arrival.features)
        first_new = self._events.next_number
        placed: dict[int, Place] = {}
        by_id: dict[str, int] = {}
        fresh: list[_Fresh] = []
        for position, arrival in enumerate(batch):
            by_id.setdefault(arrival.article_id, position)
            if arrival.original is None or (arrival.original not in by_id and arrival.before is None):
                fresh.append(self._take(position, arrival))
            elif arrival.original not in by_id and arrival.before is not None:
                placed[position] = arrival.before
        if len(fresh) > 1:
            self._look_again(fresh, first_new)
        for one in fresh:
            placed[one.position] = self._settle(one)
        self._events.pack({one.event for one in fresh})
        self._storylines.pack(list(self._storylines.groups)[-len(fresh) - 1 :])
        return [
            placed[position] if position in placed else placed[by_id[arrival.original or ""]]
            for position, arrival in enumerate(batch)
        ]

    def remember(self, features: Features, place: Place) -> None:
        """Take over an article that was placed before, by this process or another."""
        if not features.terms:
            return
        self._vocabulary.count(features)
        levels = ((self._events, place.event, AS_EVENT), (self._storylines, place.storyline, AS_STORYLINE))
        for level, name, weighing in levels:
            vector = self._vocabulary.weigh(features, weighing)
            keys = key_terms(vector, KEY_TERMS)
            number = level.number_of.get(name)
            number = level.open(name) if number is None else number
            level.add(number, vector, features.day, keys)
            level.pack([number])
        self._events.groups[self._events.number_of[place.event]].storyline = place.storyline

    def _take(self, position: int, arrival: Arrival) -> _Fresh:
        vector = self._vocabulary.weigh(arrival.features, AS_EVENT)
        one = _Fresh(position=position, arrival=arrival, vector=vector, keys=key_terms(vector, KEY_TERMS))
        own = self._events.number_of.get(arrival.before.event) if arrival.before else None
        self._put(one, self._nearest_event(one, own))
        return one

    def _look_again(self, fresh: Sequence[_Fresh], first_new: int) -> None:
        for _ in range(SECOND_LOOKS):
            for one in fresh:
                own = one.event
                self._events.remove(own, one.vector)
                found = self._nearest_event(one, own)
                self._put(one, found)
        for members in _by_event(fresh, first_new).values():
            self._divide(members)
        self._join(_by_event(fresh, first_new))

    def _nearest_event(self, one: _Fresh, own: int | None) -> int:
        found = self._events.nearest(one.vector, one.arrival.features.day, one.keys, own=own, own_bonus=STAY_BONUS)
        return self._events.open() if found is None else found

    def _put(self, one: _Fresh, event: int) -> None:
        self._events.add(event, one.vector, one.arrival.features.day, one.keys)
        one.event = event

    def _divide(self, members: Sequence[_Fresh]) -> None:
        """Move the articles that are another event, and look at both halves again."""
        apart = [members[position] for position in divide([member.vector for member in members])]
        if not apart:
            return
        other = self._events.open()
        for member in apart:
            self._events.remove(member.event, member.vector)
            self._put(member, other)
        self._divide([member for member in members if member.event != other])
        self._divide(apart)

    def _join(self, events: Mapping[int, Sequence[_Fresh]]) -> None:
        """Join the new events that are one; the earlier one stays."""
        members = {event: list(some) for event, some in events.items()}
        for event in sorted(members):
            group = self._events.groups.get(event)
            if group is None:
                continue
            for other in self._events.candidates(group.vector, key_terms(group.vector, KEY_TERMS)):
                rival = self._events.groups.get(other)
                if other == event or other not in members or rival is None or not are_one(rival, group):
                    continue
                for member in members.pop(event):
                    self._events.remove(event, member.vector)
                    self._put(member, other)
                    members[other].append(member)
                break

    def _settle(self, one: _Fresh) -> Place:
        """Name the event of an article and its storyline, if they are new."""
        if one.event not in self._events.groups:
            # Closed within this very batch, because it opened more events than are kept.
            one.event = self._events.open()
        event = self._events.groups[one.event]
        if not event.name:
            self._name(self._events, one.event, one.arrival.article_id)
        day, vector = one.arrival.features.day, self._vocabulary.weigh(one.arrival.features, AS_STORYLINE)
        keys = key_terms(vector, KEY_TERMS)
        storyline = self._storylines.number_of.get(event.storyline)
        if storyline is None:
            before = one.arrival.before
            own = self._storylines.number_of.get(before.storyline) if before else None
            storyline = self._storylines.nearest(vector, day, keys, own=own, own_bonus=STAY_BONUS)
            if storyline is None:
                storyline = self._storylines.open(event.storyline)
                if not event.storyline:
                    self._name(self._storylines, storyline, one.arrival.article_id)
            event.storyline = self._storylines.groups[storyline].name
        self._storylines.add(storyline, vector, day, keys)
        return Place(event=event.name, storyline=event.storyline)

    def _name(self, level: Level, number: int, article_id: str) -> None:
        """Give a new story an id made from its first article, the same whenever that article is placed first."""
        digest = sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_DIGITS]
        name, count = f"{level.reach.prefix}{digest}", 1
        while name in level.number_of:
            count += 1
            name = f"{level.reach.prefix}{digest}-{count}"
        level.name(number, name)


def _by_event(fresh: Sequence[_Fresh], first_new: int) -> dict[int, list[_Fresh]]:
    """Return the articles of each event that this batch opened."""
    found: dict[int, list[_Fresh]] = defaultdict(list)
    for one in fresh:
        if one.event >= first_new:
            found[one.event].append(one)
    return found
