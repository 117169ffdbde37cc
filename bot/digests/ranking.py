"""Which stories come first, by factors one can read: sources, novelty, size, recency, topic match, feedback. Pure.

The score is the sum of each factor's value times its weight; `/why` prints the same factors. Dates decide little and
select nothing: an undated article, one dated 1970 and one dated 2099 are ranked by when they came in.
"""

from __future__ import annotations

import math
import operator
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from bot.messages.wording import count_of, day_of
from bot.model import Article, Factor, Novelty, Placement
from bot.ports import ToldLine, Window

# What each factor counts for; together they are 1.
SOURCES_WEIGHT: Final = 0.25
NOVELTY_WEIGHT: Final = 0.20
SIZE_WEIGHT: Final = 0.10
RECENCY_WEIGHT: Final = 0.25
TOPIC_WEIGHT: Final = 0.10
FEEDBACK_WEIGHT: Final = 0.10
# So many sources, and so many articles, make a story as big as any.
FULL_SOURCES: Final = 6
FULL_SIZE: Final = 12
# After so long, news has lost two thirds (1 - 1/e) of its recency.
RECENCY_SCALE: Final = timedelta(days=2)
# Recency of what has no date that can be true: it came in just now, whenever it was written.
UNDATED_RECENCY: Final = 0.5
# Dates before the web are those of broken clocks and archives.
FIRST_PLAUSIBLE_YEAR: Final = 1990
# What a story that was told before is worth at least, and what one worth every new bullet is.
UPDATE_FLOOR: Final = 0.3
# A topic that stands in the headline, and one that stands in the text alone.
TOPIC_IN_HEADLINE: Final = 1.0
TOPIC_IN_TEXT: Final = 0.5
# Votes that bring feedback half of the way to its bounds.
HALF_FEEDBACK_VOTES: Final = 2.0
# What a vote on a story says of other stories of the same source, and of its own storyline.
SOURCE_VOTE: Final = 0.25
# One source has at most this share of the stories shown while others have news left.
MAX_SOURCE_SHARE: Final = 0.5
# Spans of articles whose stories are remembered: many channels are told the same one in the same minute.
_REMEMBERED_WINDOWS: Final = 4
# Stories remembered with what does not change about them: those of a day, told to many channels.
_REMEMBERED_CANDIDATES: Final = 2_048
_STORY_VOTE: Final = "story-"
_DIGEST_VOTE: Final = "digest-"

_NO_FEEDBACK: Final = Factor(
    name="feedback", weight=FEEDBACK_WEIGHT, value=0.0, note="no votes here on earlier coverage of it"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A story's new articles, by ingest sequence: `heads` tell it, `copies` repeat one of them.

    `new_share` is how much of what they tell the channel has not been told; `topic` is None when none was asked for.
    A candidate is equal to itself alone: channels that are told the same span of articles share theirs.
    """

    event: str
    storyline: str
    heads: tuple[Article, ...]
    copies: tuple[Article, ...] = ()
    novelty: Novelty = "new"
    new_share: float = 1.0
    topic: float | None = None

    @property
    def names(self) -> frozenset[str]:
        """Under what told lines of this story are found: its event and its new articles."""
        return frozenset((self.event, *(head.id for head in self.heads)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A candidate with what it was ordered by."""

    candidate: Candidate
    factors: tuple[Factor, ...]

    @property
    def score(self) -> float:
        """The sum of its factors' points."""
        return sum(factor.points for factor in self.factors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What the readers of a channel liked (above 0) and disliked, by storyline and by source."""

    storylines: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, float] = field(default_factory=dict)


def group_window(window: Window, heads: Sequence[Article]) -> tuple[Sequence[Candidate], int]:
    """Return what `group_stories` does of those articles of a window that are wanted."""
    if len(heads) == len(window.heads) and all(map(operator.is_, heads, window.heads)):
        return _all_stories(window)
    return group_stories(heads, window.placements)


@lru_cache(maxsize=_REMEMBERED_WINDOWS)
def _all_stories(window: Window) -> tuple[Sequence[Candidate], int]:
    """Return the stories of all that came in, made once: most channels want nothing less."""
    return group_stories(window.heads, window.placements)


def group_stories(heads: Sequence[Article], placements: Mapping[str, Placement]) -> tuple[list[Candidate], int]:
    """Return the stories of these articles, in the order they came in, and how many articles are copies.

    An article that no story has yet is a story of its own. A copy whose original is not here belongs to no story: its
    original was told before.
    """
    event_of = {head.id: _event(head, placements) for head in heads if head.duplicate_of is None}
    originals: dict[str, list[Article]] = defaultdict(list)
    copies: dict[str, list[Article]] = defaultdict(list)
    merged = 0
    for head in heads:
        if head.duplicate_of is None:
            originals[event_of[head.id]].append(head)
        else:
            merged += 1
            copies[event_of.get(head.duplicate_of, "")].append(head)
    candidates = [
        Candidate(
            event=event,
            storyline=_storyline(members[0], placements),
            heads=tuple(members),
            copies=tuple(copies.get(event, ())),
        )
        for event, members in originals.items()
    ]
    return candidates, merged


def rank_stories(
    candidates: Sequence[Candidate], *, made_at: datetime, feedback: Feedback | None = None
) -> list[Ranked]:
    """Return the stories, first to be told first; of equals, what came in last."""
    ranked = [
        Ranked(candidate=candidate, factors=_factors(candidate, made_at, feedback or Feedback()))
        for candidate in candidates
    ]
    return sorted(ranked, key=lambda one: (-round(one.score, 6), -one.candidate.heads[-1].ingested_seq))


def spread_sources(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Return the stories in an order in which no source has more than its share of any beginning.

    A source that has its share waits until another one's story stood; when only its own are left they follow.
    """
    waiting = list(ranked)
    ordered: list[Ranked] = []
    shown: Counter[str] = Counter()
    while waiting:
        most = math.ceil(MAX_SOURCE_SHARE * (len(ordered) + 1))
        at = next((i for i, one in enumerate(waiting) if _has_room(one, shown, most)), 0)
        chosen = waiting.pop(at)
        shown.update([source] if (source := _only_source(chosen)) else [])
        ordered.append(chosen)
    return ordered


def gather_feedback(votes: Mapping[str, int], told: Sequence[ToldLine], *, before_seq: int) -> Feedback:
    """Return what the votes on earlier digests and their stories say; a digest's vote is shared by its stories.

    Votes on what came after `before_seq` are left out: the pages of one digest keep their order.
    """
    storylines: dict[str, float] = defaultdict(float)
    sources: dict[str, float] = defaultdict(float)
    by_digest: dict[int, dict[str, ToldLine]] = defaultdict(dict)
    by_article: dict[int, ToldLine] = {}
    for line in told:
        by_digest[line.seq].setdefault(line.event, line)
        by_article.setdefault(line.citation.seq, line)
    for subject, vote in votes.items():
        kind = next((prefix for prefix in (_STORY_VOTE, _DIGEST_VOTE) if subject.startswith(prefix)), None)
        number = subject.removeprefix(kind or "")
        if kind is None or not number.isdecimal() or int(number) > before_seq:
            continue
        about = by_digest.get(int(number), {}).values() if kind == _DIGEST_VOTE else _one(by_article, int(number))
        for line in about:
            share = vote / len(about)
            storylines[line.storyline] += share
            if line.citation.source:
                sources[line.citation.source] += share * SOURCE_VOTE
    return Feedback(storylines=storylines, sources=sources)


def _event(head: Article, placements: Mapping[str, Placement]) -> str:
    placement = placements.get(head.id)
    return placement.event if placement else head.id


def _storyline(head: Article, placements: Mapping[str, Placement]) -> str:
    placement = placements.get(head.id)
    return placement.storyline if placement else head.id


def _one(lines: Mapping[int, ToldLine], number: int) -> list[ToldLine]:
    return [lines[number]] if number in lines else []


def _factors(candidate: Candidate, made_at: datetime, feedback: Feedback) -> tuple[Factor, ...]:
    found = [*_lasting_factors(candidate), _recency(candidate, made_at), _feedback(candidate, feedback)]
    if candidate.topic is not None:
        where = "in the headline" if candidate.topic == TOPIC_IN_HEADLINE else "in the text"
        found.insert(
            4, Factor(name="topic match", weight=TOPIC_WEIGHT, value=candidate.topic, note=f"the topic stands {where}")
        )
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED_CANDIDATES)
def _lasting_factors(candidate: Candidate) -> tuple[Factor, ...]:
    """Return the factors that hold whenever the story is told."""
    return _sources(candidate), _novelty(candidate), _size(candidate)


def _sources(candidate: Candidate) -> Factor:
    named = {head.source for head in (*candidate.heads, *candidate.copies) if head.source}
    count = max(1, len(named))
    return Factor(
        name="sources",
        weight=SOURCES_WEIGHT,
        value=_saturating(count, FULL_SOURCES),
        note=count_of(count, "source") if named else "its source is not named",
    )


def _novelty(candidate: Candidate) -> Factor:
    if candidate.novelty == "new":
        return Factor(name="novelty", weight=NOVELTY_WEIGHT, value=1.0, note="nothing of it was told here")
    value = 0.0
    if candidate.novelty == "update":
        value = UPDATE_FLOOR + (1.0 - UPDATE_FLOOR) * candidate.new_share
    note = f"{candidate.new_share:.0%} of what its new articles tell was not told here"
    return Factor(name="novelty", weight=NOVELTY_WEIGHT, value=value, note=note)


def _size(candidate: Candidate) -> Factor:
    count = len(candidate.heads) + len(candidate.copies)
    copies = f", {count_of(len(candidate.copies), 'copy', 'copies')} among them" if candidate.copies else ""
    note = f"{count_of(count, 'new article')}{copies}"
    return Factor(name="size", weight=SIZE_WEIGHT, value=_saturating(count, FULL_SIZE), note=note)


def _recency(candidate: Candidate, made_at: datetime) -> Factor:
    newest = next((date for date in _dates(candidate) if _is_plausible(date, made_at)), None)
    if newest is None:
        note = "without a date that can be true: it counts by when it came in"
        return Factor(name="recency", weight=RECENCY_WEIGHT, value=UNDATED_RECENCY, note=note)
    age = max(timedelta(), made_at - newest)
    value = math.exp(-min(age / RECENCY_SCALE, 100.0))
    return Factor(name="recency", weight=RECENCY_WEIGHT, value=value, note=f"last published on {day_of(newest)}")


@lru_cache(maxsize=_REMEMBERED_CANDIDATES)
def _dates(candidate: Candidate) -> tuple[datetime, ...]:
    """Return when its new articles were published, the latest first."""
    return tuple(sorted({head.published_at for head in candidate.heads if head.published_at}, reverse=True))


def _is_plausible(published: datetime, made_at: datetime) -> bool:
    # A day's leeway: dates without a zone, and editions dated tomorrow.
    return published.year >= FIRST_PLAUSIBLE_YEAR and published <= made_at + timedelta(days=1)


def _feedback(candidate: Candidate, feedback: Feedback) -> Factor:
    if not feedback.storylines and not feedback.sources:
        return _NO_FEEDBACK
    votes = feedback.storylines.get(candidate.storyline, 0.0)
    votes += sum(feedback.sources.get(source, 0.0) for source in {head.source for head in candidate.heads} if source)
    value = votes / (abs(votes) + HALF_FEEDBACK_VOTES)
    liked = "this channel liked" if votes > 0 else "this channel disliked"
    note = f"{liked} earlier coverage of it or its sources" if votes else _NO_FEEDBACK.note
    return Factor(name="feedback", weight=FEEDBACK_WEIGHT, value=value, note=note)


def _saturating(count: int, full: int) -> float:
    """Return 0 for one, rising ever more slowly to 1 at `full`."""
    return min(1.0, math.log(count) / math.log(full))


def _only_source(ranked: Ranked) -> str | None:
    named = {head.source for head in ranked.candidate.heads}
    return next(iter(named)) if len(named) == 1 else None


def _has_room(ranked: Ranked, shown: Counter[str], most: int) -> bool:
    source = _only_source(ranked)
    return source is None or shown[source] + 1 <= most
