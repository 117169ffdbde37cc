"""What is kept of the news: files, articles, summaries, digests, and how they are found again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.model import Article, Digest, FileRecord, FileState, Hit, Prepared, Summary


class Clock(Protocol):
    """Tells the time; tests put their own in."""

    def now(self) -> datetime:
        """Return the current time, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFacts:
    """What an archive holds: `articles` counts copies too, `duplicates` only them, sizes are in bytes.

    `engine` is name and version of the database. `generation` names this life of the archive: another one means that
    it was restored from a backup.
    """

    place: str
    files: dict[FileState, int]
    articles: int
    duplicates: int
    last_seq: int
    last_digest_at: datetime | None
    last_digest_to: str | None
    schema_version: str
    generation: str
    size_bytes: int
    engine: str


class Archive(Protocol):
    """Keeps files, articles, summaries and digests. One process writes at a time.

    Every write method is one transaction: after it returns the rows survive a crash, before it none of them does.
    Raises: Unavailable when the database refuses (disk full, locked); nothing that was acknowledged is lost.
    """

    async def files_after(self, path: bytes, *, limit: int) -> list[FileRecord]:
        """Return the files that are not gone and whose paths come after this one, by path, at most `limit`."""
        ...

    async def count_files(self) -> dict[FileState, int]:
        """Return how many files are in each state."""
        ...

    async def files_in(self, state: FileState, *, limit: int) -> list[FileRecord]:
        """Return files in this state, by path, at most `limit`."""
        ...

    async def files_at(self, paths: Sequence[bytes]) -> list[FileRecord]:
        """Return what is known of the files at these paths; those never seen are left out."""
        ...

    async def seq_at(self, moment: datetime) -> int:
        """Return the highest ingest sequence number given at or before this moment, 0 when there is none."""
        ...

    async def save_files(self, records: Sequence[FileRecord]) -> None:
        """Insert or replace what is known of these files, as one transaction."""
        ...

    async def save_articles(
        self,
        records: Sequence[FileRecord],
        articles: Sequence[Article],
        summaries: Sequence[Summary],
        *,
        prepared: Mapping[tuple[str, str], Prepared] | None = None,
    ) -> list[Article]:
        """Store files, their articles and summaries as one transaction; return the articles as stored.

        A stored article has its `ingested_seq` (1, 2, ...: one number for each new article or new version, never
        reused) and its `duplicate_of`. Saving the same version twice changes nothing but the path (idempotent).
        An article whose id is alive at another path with other content gets a new id; one whose content is that of
        an article whose file is gone takes over that article's id (a rename). `prepared` is what a reader made of some
        of them beforehand, by the id and version they came with; of the others it is made here.
        """
        ...

    async def article(self, article_id: str) -> Article | None:
        """Return the current version of one article."""
        ...

    async def articles(self, article_ids: Sequence[str]) -> list[Article]:
        """Return the current versions of these articles, in the order asked; unknown ids are left out."""
        ...

    async def heads_between(self, since_seq: int, until_seq: int) -> list[Article]:
        """Return what `articles_between` does without bodies, sentences and removed lines: cheap for thousands."""
        ...

    async def articles_between(self, since_seq: int, until_seq: int) -> list[Article]:
        """Return current versions with `since_seq < ingested_seq <= until_seq`, in that order."""
        ...

    async def summaries_of(self, articles: Sequence[Article]) -> dict[str, Summary]:
        """Return the stored summary of each of these versions, by article id; absent ones are left out."""
        ...

    async def save_summaries(self, summaries: Sequence[Summary]) -> None:
        """Insert or replace summaries, as one transaction."""
        ...

    async def last_seq(self) -> int:
        """Return the highest ingest sequence number given so far, 0 when there is none."""
        ...

    async def digest_cursor(self, destination: str) -> int:
        """Return `until_seq` of the last digest delivered to this destination, 0 when there was none."""
        ...

    async def last_digest_at(self, destination: str) -> datetime | None:
        """Return when the last digest was delivered to this destination (UTC), or None."""
        ...

    async def save_digest(self, destination: str, digest: Digest, text: str) -> None:
        """Record that this digest was delivered to this destination, moving its cursor; atomic."""
        ...

    async def search(self, words: str, *, limit: int) -> list[Hit]:
        """Return articles that match, best first. Any text is a valid query: operators in it mean nothing."""
        ...

    async def term_weights(self, words: str) -> dict[str, float]:
        """Return how rare each term of a question is in the archive, stop words left out; unknown ones are rarest."""
        ...

    async def files_read_in_part(self, *, limit: int) -> list[FileRecord]:
        """Return files that were read except for some of their items, with the reason, by path, at most `limit`."""
        ...

    async def count_articles(self, collections: Collection[str] | None) -> tuple[int, int]:
        """Return how many articles these collections hold (None: all), and how many of them are copies of others."""
        ...

    async def archive_facts(self) -> ArchiveFacts:
        """Return what the archive holds, in numbers, as of one moment."""
        ...

    async def back_up(self, target: Path) -> None:
        """Write a complete copy of the archive to a new file while others go on reading and writing.

        Raises: Misconfigured when the target exists or can't be written.
        """
        ...
