"""The nouns of newsbot, frozen: what every room makes, takes and hands on.

Data flows one way: file -> Article -> Summary -> Digest -> Message. Nothing here imports anything of ours.
All datetimes are aware. Offsets count code points into `Article.body`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Literal

Status = Literal["fact", "claim", "planned"]
Writer = Literal["extractive", "llm"]
Platform = Literal["discord", "slack", "web", "terminal"]
CatchUp = Literal["latest", "all", "skip"]
Granularity = Literal["day", "week", "month", "quarter", "season", "year"]
ConflictKind = Literal["number", "date", "outcome"]
Novelty = Literal["new", "update", "unchanged"]
ChangeKind = Literal["number", "date", "claim"]
ProblemKind = Literal["number", "name", "quote", "date", "negation", "order", "hedge", "attribution", "support"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article's body: `body[start:end] == text`."""

    index: int
    text: str
    start: int
    end: int
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedLine:
    """A line of the source that is not body, and why; `line` counts from 1 in the file as it was read."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article, cleaned. `id` is its identity (URL, given id or path); `version` is the hash of its content.

    `body` is its paragraphs joined by one blank line. `published_at` keeps the offset the source stated (UTC when it
    stated none); `published_day_only` says that the source gave no time of day.
    """

    id: str
    version: str
    path: str
    collection: str = ""
    title: str | None = None
    deck: str | None = None
    byline: tuple[str, ...] = ()
    source: str | None = None
    url: str | None = None
    published_at: datetime | None = None
    published_day_only: bool = False
    modified_at: datetime | None = None
    language: str = "und"
    body: str = ""
    sentences: tuple[Sentence, ...] = ()
    key_points: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    subheads: tuple[str, ...] = ()
    removed: tuple[RemovedLine, ...] = ()
    ingested_seq: int = 0
    duplicate_of: str | None = None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs in order."""
        return tuple(self.body.split("\n\n")) if self.body else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """One line of a summary and what it rests on.

    `sentences` are the indexes of the cited sentences, in order; `quote` is the passage of the source it was made
    from; `attribution` names who says so, as the source words it, and is always shown with the text.
    """

    text: str
    sentences: tuple[int, ...]
    quote: str
    attribution: str | None = None
    status: Status = "fact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one summary cost: tokens sent and received, and US dollars."""

    tokens_in: int = 0
    tokens_out: int = 0
    usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The headline and bullets of one version of one article, and who wrote them.

    `headline_derived` is true when the article has no headline and one was taken from its lead. `note` says why a
    summary that should have been written by an LLM is extractive.
    """

    article_id: str
    version: str
    headline: str
    bullets: tuple[Bullet, ...]
    writer: Writer
    headline_derived: bool = False
    prompt_hash: str | None = None
    model: str | None = None
    cost: Cost = field(default_factory=Cost)
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is made of one version of an article before it is stored, where a reader has made it.

    `sections` are the rows of the search index: number, terms of the title, terms of the text. `shingles` and `sample`
    are its fingerprint, by which copies are found.
    """

    summary: Summary
    sections: tuple[tuple[int, str, str], ...]
    shingles: tuple[int, ...]
    sample: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing a claim states that its cited sentences do not. `hard` problems make the claim unsupported."""

    kind: ProblemKind
    text: str
    hard: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a claim stands in the sentences it cites; `score` runs from 0 (nothing of it) to 1 (all of it)."""

    supported: bool
    score: float
    problems: tuple[Problem, ...] = ()


class FileState(StrEnum):
    """What became of a file of the watched folder."""

    WAITING = "waiting"
    READ = "read"
    QUARANTINED = "quarantined"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """What is known of one file: its path inside the folder (bytes, as the system names it) and its last state.

    `signature` is (device, inode, size, mtime_ns, ctime_ns) when it was last looked at. `reason` is a sentence for
    people, set when the file waits or is quarantined. `attempts` counts readings of this signature that failed.
    `bytes_read` and `items_read` say how far a long file that is read in parts has come.
    """

    path: bytes
    signature: tuple[int, int, int, int, int]
    state: FileState
    reason: str | None = None
    attempts: int = 0
    article_ids: tuple[str, ...] = ()
    bytes_read: int = 0
    items_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article found by a search, with its best passage and that passage's best sentence (index, text)."""

    article_id: str
    path: str
    title: str
    score: float
    passage: str
    sentence_index: int
    sentence: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A title line; level 1 is the message's own, level 2 a section's. `marker` is its number in a list, or ""."""

    text: str
    level: int = 1
    marker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; `quiet` marks a remark that steps back behind the rest."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One bullet as it is shown, the marks of the sentences it rests on, and those sentences when proof is asked."""

    text: str
    marks: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of lines."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under column names; every row has as many cells as there are columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footer:
    """Closing lines that step back behind the rest: what a message rests on and what it leaves out."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A passage in the source's own words, and whose words they are."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The only live address a message may hold: an article's own stored URL."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses of articles."""

    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Something a reader can press. `action` is a verb and its arguments joined by ":", 90 characters at most.

    It is stable: a button of a message posted weeks ago, before any number of restarts, still does what it says.
    """

    label: str
    action: str
    style: Literal["plain", "primary", "danger"] = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """Buttons in a row; platforms that have none leave them out."""

    buttons: tuple[Button, ...]


Block = Heading | Paragraph | Bullets | Table | Footer | Quote | Links | Buttons


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a command answers, apart from any platform; every text in it is plain text, nothing in it is markup."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where digests go: a channel of a workspace (guild, team) of a platform, by the platform's own ids."""

    platform: Platform
    workspace: str
    channel: str

    @property
    def key(self) -> str:
        """One text that names it, as the archive's cursors do."""
        return f"{self.platform}:{self.workspace}:{self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks, and where. `is_admin` is what the platform's server said, never what a client claims."""

    destination: Destination
    user: str
    is_admin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A standing order for digests. `weekdays` are 0 (Monday) to 6; `topics` are words, empty for everything."""

    id: str
    destination: Destination
    times: tuple[time, ...]
    weekdays: tuple[int, ...]
    zone: str
    topics: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    max_articles: int = 8
    says_quiet_days: bool = True
    catch_up: CatchUp = "latest"
    paused: bool = False
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One planned digest of a schedule: its local date and time of day, and the moment (UTC) that comes to."""

    schedule_id: str
    local_date: date
    local_time: time
    at: datetime


class PostState(StrEnum):
    """Where a post is on its way. UNKNOWN: the platform may or may not have it. PARKED: a person must decide."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    PARKED = "parked"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One part of one message on its way to one destination; one row of the outbox.

    `payload` is the frozen JSON body; `marker` stands visibly in it and `nonce` (25 characters at most) goes with it,
    so that the post can be found again. `batch` names the message that the parts belong to.
    """

    id: str
    destination: Destination
    batch: str
    part: int
    parts: int
    payload: str
    marker: str
    nonce: str
    state: PostState = PostState.PENDING
    attempts: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    not_before: datetime | None = None
    message_id: str | None = None
    reason: str | None = None
