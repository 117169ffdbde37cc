"""Puts articles into events and storylines as they come in, at a cost that stays flat. Pure, in memory.

An article joins the neighbourhood whose centroid it is most like, if it is a little like it, else it opens a new one.
There it is sorted into an event together with its neighbours, and they with it: what an article is nearest to is seen
only when the rest has come. An event keeps its id for the part with its first article; articles that are found to
belong elsewhere are told, so that they are written down anew. Storylines reach farther in matter and time.
Source: single pass with a Gaussian over time as Miranda et al. 2018, Multilingual Clustering of Streaming News. How
wide a neighbourhood is and from when on groups are joined was chosen on the topics of the development half. Chosen on
one half of these topics alone, they gave a mean F1 of .91 on the other (eight folds).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.courtesy import give_way
from bot.stories.features import Features, pack_features
from bot.stories.groups import MAX_ACTIVE, Level, Reach
from bot.stories.naming import EVENT_PREFIX, STORYLINE_PREFIX, name_story
from bot.stories.neighbourhoods import MAX_MEMBERS, Member, Neighbourhood, pack_weights
from bot.stories.vectors import AS_EVENT, AS_STORYLINE, Vector, Vocabulary, key_terms

# Wide: what does not belong is parted again, what is not here can't be joined.
NEIGHBOURHOOD: Final = Reach(threshold=0.12, sigma_days=10.0, floor=0.7)
STORYLINE: Final = Reach(threshold=0.20, sigma_days=30.0, floor=0.7)
# Terms of an article under which its neighbourhood can be found, the most telling.
KEY_TERMS: Final = 16
# How much likelier the neighbourhood or storyline an article was in already stays its own with a new version.
STAY_BONUS: Final = 1.05
# Articles at once for which it is worth while to look twice: few ones change nothing about what others are near to.
LOOK_TWICE_FROM: Final = 128
# Articles that are kept to be compared, about 2.5 kB each; the neighbourhoods that grew least recently give way.
MAX_KEPT: Final = 20_000


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
    seq: int = 0
    before: Place | None = None
    original: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An article of an earlier batch that was found to belong elsewhere; its copies go with it."""

    article_id: str
    seq: int
    packed: bytes
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where each article of a batch belongs, in order, and which articles of earlier batches belong elsewhere now."""

    places: list[Place]
    moved: list[Moved]


@dataclass(slots=True, kw_only=True)
class _Fresh:
    """An article of the batch at hand, and the neighbourhood it is in."""

    arrival: Arrival
    member: Member
    vector: Vector
    keys: Sequence[int]
    log_counts: Sequence[float]
    home: int


class StoryIndex:
    """Knows the stories that can still grow, and places articles into them."""

    def __init__(self, *, max_active: int = MAX_ACTIVE, max_kept: int = MAX_KEPT) -> None:
        self._near = Level(NEIGHBOURHOOD, max_active)
        self._storylines = Level(STORYLINE, max_active)
        self._vocabulary = Vocabulary()
        self._neighbourhoods: dict[int, Neighbourhood] = {}
        # The neighbourhood of each article that is kept, and of each event in one.
        self._home: dict[str, int] = {}
        self._home_of_event: dict[str, int] = {}
        self._max_kept = max_kept
        self._moved: dict[str, tuple[Member, int]] = {}
        self._grown: set[int] = set()

    @property
    def size(self) -> int:
        """How many neighbourhoods can still grow."""
        return len(self._near.groups)

    def place(self, batch: Sequence[Arrival]) -> Placing:
        """Return where the articles of a batch belong, and remember them."""
        for arrival in batch:
            if arrival.features.terms:
                self._vocabulary.count(arrival.features)
        fresh: dict[str, _Fresh] = {}
        self._moved = {}
        for arrival in batch:
            is_copy = arrival.original is not None and (arrival.original in fresh or arrival.before is not None)
            if not is_copy and arrival.article_id not in fresh:
                give_way()
                fresh[arrival.article_id] = self._take(arrival)
        self._choose_again(list(fresh.values()))
        for one in fresh.values():
            self._keep(one.member, one.home)
        for home in dict.fromkeys([one.home for one in fresh.values()]):
            give_way()
            self._sort(home)
        places = {article_id: self._settle(one) for article_id, one in fresh.items()}
        self._storylines.pack(self._grown)
        self._grown.clear()
        moved = [
            Moved(
                article_id=member.article_id, seq=member.seq, packed=member.packed, place=self._place_of(member, home)
            )
            for member, home in self._moved.values()
            if member.article_id not in fresh
        ]
        self._forget_closed()
        places.update({one.article_id: one.place for one in moved})
        return Placing(places=[_place_among(places, arrival) for arrival in batch], moved=moved)

    def remember(self, article_id: str, features: Features, place: Place, *, seq: int = 0) -> None:
        """Take over an article that was placed before, by this process or another, or moved by another."""
        self._drop(article_id)
        if not features.terms:
            return
        self._vocabulary.count(features)
        member, keys, log_counts = self._read(article_id, seq, features)
        member.event = place.event
        home = self._home_of_event.get(place.event)
        if home not in self._near.groups:
            home = self._near.nearest(member.vector, features.when, keys)
        home = self._near.open() if home is None else home
        self._near.add(home, member.vector, features.when, keys)
        self._near.pack([home])
        self._keep(member, home)
        self._home_of_event[place.event] = home
        self._neighbourhoods[home].storylines[place.event] = place.storyline
        vector = self._vocabulary.weigh(features, AS_STORYLINE, log_counts)
        number = self._storylines.number_of.get(place.storyline)
        number = self._storylines.open(place.storyline) if number is None else number
        self._storylines.add(number, vector, features.when, key_terms(vector, KEY_TERMS))
        self._storylines.pack([number])
        self._forget_closed()

    def _take(self, arrival: Arrival) -> _Fresh:
        """Find the neighbourhood of an article, or open one."""
        own = self._drop(arrival.article_id)
        member, keys, log_counts = self._read(arrival.article_id, arrival.seq, arrival.features)
        vector, when = member.vector, member.when
        home = self._near.nearest(vector, when, keys, own=own, own_bonus=STAY_BONUS)
        home = self._near.open() if home is None else home
        self._near.add(home, vector, when, keys)
        return _Fresh(arrival=arrival, member=member, vector=vector, keys=keys, log_counts=log_counts, home=home)

    def _choose_again(self, fresh: Sequence[_Fresh]) -> None:
        """Look once more for the neighbourhood of each article, now that the others of its batch are there."""
        if len(fresh) < LOOK_TWICE_FROM:
            return
        for one in fresh:
            give_way()
            vector, when = one.vector, one.member.when
            self._near.remove(one.home, vector)
            home = self._near.nearest(vector, when, one.keys, own=one.home, own_bonus=STAY_BONUS)
            one.home = self._near.open() if home is None else home
            self._near.add(one.home, vector, when, one.keys)

    def _read(self, article_id: str, seq: int, features: Features) -> tuple[Member, list[int], list[float]]:
        log_counts = self._vocabulary.log_counts(features)
        vector = self._vocabulary.weigh(features, AS_EVENT, log_counts)
        member = Member(
            article_id=article_id,
            seq=seq,
            packed=pack_features(features),
            when=features.when,
            weights=pack_weights(vector),
        )
        return member, key_terms(vector, KEY_TERMS), log_counts

    def _keep(self, member: Member, home: int) -> None:
        near = self._neighbourhoods.setdefault(home, Neighbourhood())
        if len(near.members) >= MAX_MEMBERS:
            # Nobody leaves before it has an event.
            self._sort(home)
            self._home.pop(near.leave(), None)
        near.add(member)
        self._home[member.article_id] = home

    def _drop(self, article_id: str) -> int | None:
        """Forget the earlier version of an article; return the neighbourhood it was in."""
        home = self._home.pop(article_id, None)
        if home is not None:
            self._near.remove(home, self._neighbourhoods[home].remove(article_id).vector)
        return home

    def _sort(self, home: int) -> None:
        """Sort a neighbourhood into events, and note what moved."""
        near = self._neighbourhoods[home]
        self._near.pack([home])
        for member in near.sort(self._vocabulary, lambda first: self._name_event(first, home)):
            self._moved[member.article_id] = (member, home)
        for event in near.forget_events():
            self._home_of_event.pop(event, None)

    def _settle(self, one: _Fresh) -> Place:
        """Find the storyline of an article's event, or open one."""
        near, event = self._neighbourhoods[one.home], one.member.event
        features = one.arrival.features
        vector = self._vocabulary.weigh(features, AS_STORYLINE, one.log_counts)
        keys = key_terms(vector, KEY_TERMS)
        known = near.storylines.get(event, "")
        number = self._storylines.number_of.get(known)
        if number is None:
            before = one.arrival.before
            own = self._storylines.number_of.get(before.storyline) if before else None
            number = self._storylines.nearest(vector, features.when, keys, own=own, own_bonus=STAY_BONUS)
            if number is None or known:
                # A storyline that was closed keeps its id for an event that still grows.
                name = known or name_story(STORYLINE_PREFIX, one.member.article_id, self._storylines.number_of)
                number = self._storylines.open(name)
            near.storylines[event] = self._storylines.groups[number].name
        self._storylines.add(number, vector, features.when, keys)
        self._storylines.groups[number].trim()
        self._grown.add(number)
        return self._place_of(one.member, one.home)

    def _place_of(self, member: Member, home: int) -> Place:
        return Place(event=member.event, storyline=self._neighbourhoods[home].storylines[member.event])

    def _name_event(self, first: Member, home: int) -> str:
        """Return the id of a new event. One that has no article any more gives its id back: it was this article's."""
        name = name_story(EVENT_PREFIX, first.article_id, ())
        if name in self._home_of_event and self._neighbourhoods[self._home_of_event[name]].has(name):
            name = name_story(EVENT_PREFIX, first.article_id, self._home_of_event)
        self._home_of_event[name] = home
        return name

    def _forget_closed(self) -> None:
        while len(self._home) > self._max_kept and len(self._near.groups) > 1:
            oldest = next(iter(self._near.groups))
            self._near.close(oldest)
            self._forget(oldest)
        if len(self._neighbourhoods) > len(self._near.groups):
            for home in [one for one in self._neighbourhoods if one not in self._near.groups]:
                self._forget(home)

    def _forget(self, home: int) -> None:
        near = self._neighbourhoods.pop(home)
        for member in near.members:
            self._home.pop(member.article_id, None)
        for event in near.storylines:
            if self._home_of_event.get(event) == home:
                del self._home_of_event[event]


def _place_among(places: Mapping[str, Place], arrival: Arrival) -> Place:
    """Return where an article is; a copy is where its original is now."""
    place = places.get(arrival.article_id) or places.get(arrival.original or "") or arrival.before
    if place is None:
        raise RuntimeError("An article of the batch was given no place: this is a fault of the program.")
    return place
