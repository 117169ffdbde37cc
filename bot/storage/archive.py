"""The archive as the rest of the program sees it: implements every port that keeps something.

These are Archive, LedgerOfSpend, ReplyCache, Outbox and Desk.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.model import Article, Digest, FileRecord, FileState, Hit, Placement, Prepared, Summary
from bot.ports import ArchiveFacts, Clock, Edition, Placed, ToldLine, Window
from bot.ports.leading import Leadership
from bot.storage import articles as article_rows
from bot.storage import digests, exporting, files, overview, restoring, retention, spending
from bot.storage import editions as edition_rows
from bot.storage import search as searching
from bot.storage import stories as story_rows
from bot.storage import told as told_rows
from bot.storage.channels import SqlChannels
from bot.storage.connecting import connect
from bot.storage.database import Database
from bot.storage.ingesting import make_batch, save_batch
from bot.storage.schema import prepare_schema
from bot.storage.windows import Windows


@asynccontextmanager
async def open_archive(
    place: str | Path, *, create: bool = True, read_only: bool = False, clock: Clock | None = None
) -> AsyncIterator[SqlArchive]:
    """Open the archive at a path or URL (`sqlite:///:memory:` keeps nothing) and close it afterwards.

    Writing takes the archive's lock; with `read_only` nothing is locked, so that it works beside a running bot.
    Raises: Misconfigured (in use by another process, damaged, newer than this program, folder not writable),
    NotFound (there is no archive and none is to be created).
    """
    database = connect(place, create=create, read_only=read_only)
    try:
        await prepare_schema(database, create=create, read_only=read_only)
        archive = SqlArchive(database, clock)
        if not read_only:
            await archive.recover_if_restored()
        yield archive
    finally:
        await database.close()


class SqlArchive(SqlChannels):
    """Every method is one transaction; what the ports promise is written there."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        super().__init__(database)
        self._clock = clock
        self._windows = Windows(database)

    def _now(self) -> datetime:
        return datetime.now(UTC) if self._clock is None else self._clock.now()

    def leadership(self, role: str) -> Leadership:
        """Return the question whether this process has a role that only one process may have."""
        return self._database.leadership(role)

    async def holders(self, roles: Sequence[str]) -> dict[str, str]:
        """Return which process has each of these roles, "" for nobody; nothing where one process does all."""
        return await self._database.read(lambda connection: self._database.holders(connection, roles))

    async def is_shared_with_another(self, program: str) -> bool:
        """Write down which program uses the archive; return whether processes of another one use it too."""
        before = await self._database.write(lambda connection: overview.note_program(connection, program))
        return before not in (None, program) and await self._database.is_in_use()

    async def recover_if_restored(self) -> None:
        """Doubt what was on its way, if this archive is a backup that is opened for the first time."""
        if await self._database.read(restoring.is_copy):
            await self._database.write(lambda connection: restoring.begin_anew(connection, self._now()))

    async def files_after(self, path: bytes, *, limit: int) -> list[FileRecord]:
        """Return the files that are not gone and come after this path, by path, at most `limit`."""
        return await self._database.read(lambda connection: files.files_after(connection, path, limit=limit))

    async def count_files(self) -> dict[FileState, int]:
        """Return how many files are in each state."""
        return await self._database.read(files.count_files)

    async def files_in(self, state: FileState, *, limit: int) -> list[FileRecord]:
        """Return files in this state, by path, at most `limit`."""
        return await self._database.read(lambda connection: files.files_in(connection, state, limit=limit))

    async def files_read_in_part(self, *, limit: int) -> list[FileRecord]:
        """Return files that were read except for some of their items."""
        return await self._database.read(lambda connection: files.files_read_in_part(connection, limit=limit))

    async def files_at(self, paths: Sequence[bytes]) -> list[FileRecord]:
        """Return what is known of these files; those never seen are left out."""
        return await self._database.read(lambda connection: files.files_at(connection, paths))

    async def save_files(self, records: Sequence[FileRecord]) -> None:
        """Insert or replace what is known of these files."""
        await self._database.write(lambda connection: files.upsert_files(connection, records))

    async def save_articles(
        self,
        records: Sequence[FileRecord],
        articles: Sequence[Article],
        summaries: Sequence[Summary],
        *,
        prepared: Mapping[tuple[str, str], Prepared] | None = None,
    ) -> list[Article]:
        """Store files, their articles and summaries; return the articles as stored, in the order given."""
        made = await make_batch(articles, prepared or {})
        return await self._database.write(
            lambda connection: save_batch(connection, records, articles, made, summaries, now=self._now())
        )

    async def article(self, article_id: str) -> Article | None:
        """Return the current version of one article."""
        return await self._database.read(lambda connection: article_rows.article(connection, article_id))

    async def articles(self, article_ids: Sequence[str]) -> list[Article]:
        """Return the current versions of these articles, in the order asked."""
        return await self._database.read(lambda connection: article_rows.articles_with_ids(connection, article_ids))

    async def heads_between(self, since_seq: int, until_seq: int) -> list[Article]:
        """Return what `articles_between` does without bodies, sentences and removed lines."""
        return await self._database.read(
            lambda connection: article_rows.heads_between(connection, since_seq, until_seq)
        )

    async def seq_at(self, moment: datetime) -> int:
        """Return the highest ingest sequence number given at or before this moment."""
        return await self._database.read(lambda connection: article_rows.seq_at(connection, moment))

    async def articles_between(self, since_seq: int, until_seq: int) -> list[Article]:
        """Return current versions with `since_seq < ingested_seq <= until_seq`, in that order."""
        return await self._database.read(
            lambda connection: article_rows.articles_between(connection, since_seq, until_seq)
        )

    async def summaries_of(self, articles: Sequence[Article]) -> dict[str, Summary]:
        """Return the stored summary of each of these versions, by article id."""
        return await self._database.read(lambda connection: article_rows.summaries_of(connection, articles))

    async def save_summaries(self, summaries: Sequence[Summary]) -> None:
        """Insert or replace summaries."""
        await self._database.write(lambda connection: article_rows.upsert_summaries(connection, summaries))

    async def last_seq(self) -> int:
        """Return the highest ingest sequence number given so far."""
        return await self._database.read(article_rows.last_seq)

    async def digest_cursor(self, destination: str) -> int:
        """Return `until_seq` of the last digest delivered to this destination."""
        return await self._database.read(lambda connection: digests.digest_cursor(connection, destination))

    async def last_digest_at(self, destination: str) -> datetime | None:
        """Return when the last digest was delivered to this destination (UTC), or None."""
        return await self._database.read(lambda connection: digests.last_digest_at(connection, destination))

    async def save_digest(self, destination: str, digest: Digest, text: str) -> None:
        """Record that this digest was delivered to this destination, moving its cursor."""
        await self._database.write(lambda connection: digests.insert_digest(connection, destination, digest, text))

    async def unplaced(self, *, limit: int) -> list[Article]:
        """Return current versions that no story has yet, by ingest sequence."""
        return await self._database.read(lambda connection: story_rows.unplaced(connection, limit=limit))

    async def count_unplaced(self) -> int:
        """Return how many current versions no story has yet."""
        return await self._database.read(story_rows.count_unplaced)

    async def ingested_at(self, seqs: Sequence[int]) -> dict[int, datetime]:
        """Return when these versions came in, by ingest sequence number."""
        return await self._database.read(lambda connection: story_rows.ingested_at(connection, seqs))

    async def place(self, placed: Sequence[Placed], *, after: int) -> int | None:
        """Keep where these versions were put, unless another process placed articles meanwhile."""
        return await self._database.write(lambda connection: story_rows.place(connection, placed, after=after))

    async def placed_after(self, revision: int, *, newest: int) -> tuple[int, list[Placed]]:
        """Return the last revision, and the newest placements after the one given, oldest first."""
        return await self._database.read_snapshot(
            lambda connection: story_rows.placed_after(connection, revision, newest=newest)
        )

    async def settled_seq(self, waited_until: datetime) -> int:
        """Return the ingest sequence number up to which every article is in a story or came in by this moment."""
        return await self._database.read(lambda connection: story_rows.settled_seq(connection, waited_until))

    async def placements(self, article_ids: Sequence[str]) -> dict[str, Placement]:
        """Return where these articles belong, by article id."""
        return await self._database.read(lambda connection: story_rows.placements_of(connection, article_ids))

    async def window(self, since_seq: int, until_seq: int) -> Window:
        """Return the articles between two ingest sequence numbers and their placements, as of one moment."""
        return await self._windows.between(since_seq, until_seq)

    async def members(self, story_id: str) -> list[str]:
        """Return the ids of the articles of an event or a storyline, by ingest sequence."""
        return (await self.members_of((story_id,)))[story_id]

    async def members_of(self, story_ids: Collection[str]) -> dict[str, list[str]]:
        """Return the ids of the articles of each of these events and storylines, by ingest sequence."""
        return await self._database.read(lambda connection: story_rows.members_of(connection, story_ids))

    async def recent_stories(self, *, limit: int) -> list[str]:
        """Return the ids of events, the one whose last article came in latest first."""
        return await self._database.read(lambda connection: story_rows.recent_stories(connection, limit=limit))

    async def told_lines(self, channel: str, *, limit: int) -> list[ToldLine]:
        """Return the latest lines of a channel, the newest first."""
        return await self._database.read(lambda connection: told_rows.told_lines(connection, channel, limit=limit))

    async def told_of(self, channel: str, stories: Collection[str], *, limit: int) -> list[ToldLine]:
        """Return the lines of these events or storylines that a channel was told, newest first."""
        return await self._database.read(
            lambda connection: told_rows.told_of(connection, channel, stories, limit=limit)
        )

    async def told_among(self, channel: str, fingerprints: Collection[str]) -> dict[str, tuple[datetime, int]]:
        """Return those of these fingerprints that a channel was told, with the first moment and sequence number."""
        return await self._database.read(lambda connection: told_rows.told_among(connection, channel, fingerprints))

    async def editions(
        self, destinations: Sequence[str], *, limit: int, before: int | None = None, until: datetime | None = None
    ) -> list[Edition]:
        """Return the latest editions of these destinations, newest first."""
        return await self._database.read(
            lambda connection: edition_rows.editions(connection, destinations, limit=limit, before=before, until=until)
        )

    async def edition(self, number: int) -> Edition | None:
        """Return one edition."""
        return await self._database.read(lambda connection: edition_rows.edition(connection, number))

    async def told_in(self, edition: Edition) -> list[ToldLine]:
        """Return the lines that an edition told, in their order."""
        return await self._database.read(lambda connection: edition_rows.told_in(connection, edition))

    async def present_seq(self, seq: int) -> int | None:
        """Return the present ingest sequence number of the article that had this one once."""
        return await self._database.read(lambda connection: edition_rows.present_seq(connection, seq))

    async def search(self, words: str, *, limit: int) -> list[Hit]:
        """Return articles that match, best first."""
        return await self._database.read(lambda connection: searching.search(connection, words, limit=limit))

    async def term_weights(self, words: str) -> dict[str, float]:
        """Return the rarity of the terms of a question."""
        return await self._database.read(lambda connection: searching.term_weights(connection, words))

    async def count_articles(self, collections: Collection[str] | None) -> tuple[int, int]:
        """Return how many articles these collections hold (None: all), and how many of them are copies of others."""
        return await self._database.read(lambda connection: overview.count_articles(connection, collections))

    async def archive_facts(self) -> ArchiveFacts:
        """Return what `newsbot status` shows of the archive."""
        return await self._database.read_snapshot(lambda connection: overview.gather_facts(connection, self._database))

    async def probe(self, now: datetime) -> None:
        """Write something that nobody reads. Raises: Unavailable when the archive can't be written."""
        await self._database.write(lambda connection: overview.probe(connection, now))

    async def shown_in_digests(self, *, since: datetime) -> set[str]:
        """Return the ids of the articles that digests made since then showed, merged or held back."""
        return await self._database.read(lambda connection: retention.shown_in_digests(connection, since=since))

    async def remove_old(self, *, before: datetime, kept: Collection[str]) -> int:
        """Remove a batch of the oldest articles that nothing needs; return how many left."""
        return await self._database.write(lambda connection: retention.remove_old(connection, before=before, kept=kept))

    async def digests_after(self, number: int, *, since: datetime | None, limit: int) -> list[exporting.ToldDigest]:
        """Return the digests with numbers above this one that were made since then, in order, at most `limit`."""
        return await self._database.read(
            lambda connection: exporting.digests_after(connection, number, since=since, limit=limit)
        )

    async def back_up(self, target: Path) -> None:
        """Write a complete copy of the archive to a new SQLite file, while others go on reading and writing."""
        if not await self._database.copy_file(target):
            from bot.storage.moving import copy_to_file

            await copy_to_file(self._database, target)

    async def reserve(self, day: str, tokens: int, usd: float, *, max_tokens: int, max_usd: float) -> bool:
        """Add to the day and return True, or return False and add nothing if a cap would break."""
        return await self._database.write(
            lambda connection: spending.reserve(connection, day, tokens, usd, max_tokens=max_tokens, max_usd=max_usd)
        )

    async def settle(self, day: str, tokens: int, usd: float) -> None:
        """Add the difference between what a call cost and what was reserved for it."""
        await self._database.write(lambda connection: spending.add(connection, day, tokens, usd))

    async def spent(self, day: str) -> tuple[int, float]:
        """Return the tokens and US dollars reserved or spent on that day."""
        return await self._database.read(lambda connection: spending.spent(connection, day))

    async def cached_reply(self, key: str) -> str | None:
        """Return the reply stored under this key."""
        return await self._database.read(lambda connection: spending.cached_reply(connection, key))

    async def cache_reply(self, key: str, reply: str) -> None:
        """Store a reply, replacing one under the same key."""
        await self._database.write(lambda connection: spending.cache_reply(connection, key, reply))
