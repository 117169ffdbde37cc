"""What is read: files, articles, summaries, and what is found again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

Status = Literal["fact", "claim", "planned"]
Writer = Literal["extractive", "llm"]
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

    `sections` are the rows of the search index: number, size, terms of title and of text. `shingles` and `sample`
    are its fingerprint, by which copies are found.
    """

    summary: Summary
    sections: tuple[tuple[int, int, str, str], ...]
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
    """One article found by a search, its score from 0 to 1, its best passage and that passage's best sentence."""

    article: Article
    score: float
    passage: str
    sentence_index: int
    sentence: str
