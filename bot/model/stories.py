"""What articles tell together, what is answered from them, and what a digest says of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from bot.model.articles import Article, Status, Writer

Granularity = Literal["day", "week", "month", "quarter", "season", "year"]
ConflictKind = Literal["number", "date", "outcome"]
Novelty = Literal["new", "update", "unchanged"]
ChangeKind = Literal["number", "date", "claim"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Sentences of one article that something rests on, with enough of the article to be shown and to be opened.

    `marker` is its number in what cites it ("1", "2", ...), `seq` the article's ingest sequence number, `quote` the
    passage of the source, word for word.
    """

    marker: str
    article_id: str
    seq: int
    path: str
    title: str
    sentences: tuple[int, ...]
    quote: str
    source: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryBullet:
    """One line of a story. The first citation is the one its words come from; the others say the same."""

    text: str
    citations: tuple[Citation, ...]
    attribution: str | None = None
    status: Status = "fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictSide:
    """What one source says, as it words the value ("12 dead"), and where."""

    value: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Sources of one story that disagree. `about` names what on, in the sources' words ("people killed")."""

    kind: ConflictKind
    about: str
    sides: tuple[ConflictSide, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Which event and which storyline an article belongs to; both ids are stable across runs."""

    article_id: str
    event: str
    storyline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event as its articles tell it together, of those articles that whoever asks may see.

    `articles` are ids, the lead first, then by ingest sequence; near-copies count among them. `first_at` and
    `last_at` are when its first and last article were published (ingested, when undated).
    """

    id: str
    storyline: str
    headline: str
    articles: tuple[str, ...]
    bullets: tuple[StoryBullet, ...]
    conflicts: tuple[Conflict, ...] = ()
    sources: tuple[str, ...] = ()
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedClaim:
    """One entry of a timeline: what happened, or is planned, and when.

    `day` is the first day of what the sources name, `end` the last when they name a span; `granularity` says how
    exactly they name it. A hedged or future event is "planned", somebody's word a "claim".
    """

    day: date
    granularity: Granularity
    text: str
    citations: tuple[Citation, ...]
    end: date | None = None
    status: Status = "fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What can be said to a question, and what it rests on.

    `grounded` is false when nothing that was read answers it: then `text` is empty and `nearest` names articles (their
    citations quote the nearest sentence). `confidence` runs from 0 to 1. `bold` is the span of `text` (start, end)
    that answers a typed question. `caveat` says on whose word and as of when the answer holds, when it is a claim.
    `claims` are the lines of an answer that an LLM wrote, each with its citation; `text` holds them and nothing else.
    `note` says why an answer that an LLM should have written is extractive.
    """

    question: str
    text: str
    grounded: bool
    confidence: float
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    bold: tuple[int, int] | None = None
    caveat: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    writer: Writer = "extractive"
    claims: tuple[StoryBullet, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What a digest rests on, and what it leaves out: articles counted since the last digest, but `shown`.

    `merged` are near-copies, `known` articles that tell nothing the channel has not been told; `shown` counts stories,
    `extractive` and `llm` the articles they are told from, by who wrote their summaries.
    """

    read: int
    quarantined: int
    merged: int
    shown: int
    extractive: int
    llm: int
    usd: float = 0.0
    waiting: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One reason for the place of a story: a value from 0 to 1 (feedback: from -1) and what it counts for.

    `note` says in words what the value comes from.
    """

    name: str
    weight: float
    value: float
    note: str

    @property
    def points(self) -> float:
        """What it adds to the story's score."""
        return self.weight * self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an update says otherwise than a line the channel was told: the value before and after, with both citations.

    `before` and `after` are as the sources word them; of a changed claim they are the whole lines.
    """

    kind: ChangeKind
    before: str
    after: str
    told_text: str
    told: Citation
    told_at: datetime
    now: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Earlier coverage: a headline the channel was told, when, and the ingest sequence number of its lead article."""

    headline: str
    told_at: datetime
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestItem:
    """One story of a digest. `bullets` are those to be told now: the channel has had none of them.

    `articles` are the story's with their texts, its lead first. `headline_bullet` is the bullet that the headline tells
    by itself; it is not shown again. `merged` names the near-copies (their sources). `note` says how the writing came
    about, when that must be said.
    """

    story: Story
    articles: tuple[Article, ...]
    novelty: Novelty
    headline: str
    bullets: tuple[StoryBullet, ...]
    headline_bullet: StoryBullet | None = None
    why_it_matters: StoryBullet | None = None
    changes: tuple[Change, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    merged: tuple[str, ...] = ()
    factors: tuple[Factor, ...] = ()
    writer: Writer = "extractive"
    usd: float = 0.0
    note: str | None = None

    @property
    def article(self) -> Article:
        """The article that leads the story."""
        return self.articles[0]

    @property
    def score(self) -> float:
        """What the story was ordered by."""
        return sum(factor.points for factor in self.factors)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownStory:
    """A story whose new articles tell what the channel has been told already, and how many they are."""

    headline: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is new between two ingest sequence numbers: `since_seq < ingested_seq <= until_seq`.

    `held_back` are the headlines of new stories that did not fit, `known` the stories that tell nothing new.
    """

    made_at: datetime
    since_seq: int
    until_seq: int
    items: tuple[DigestItem, ...]
    held_back: tuple[str, ...]
    coverage: Coverage
    known: tuple[KnownStory, ...] = ()
