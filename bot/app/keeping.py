"""`newsbot restore` and `newsbot export`: an archive comes back, and all of it goes out."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from bot.app.building import SystemClock, open_archive
from bot.commands.times import parse_since
from bot.errors import Misconfigured
from bot.messages.wording import count_of
from bot.platforms.terminal.exporting import article_line, digest_line
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.storage.archive import SqlArchive

DONE = 0
BATCH = 100
"""Articles, or digests, read at a time: memory stays flat whatever the archive holds."""


async def restore(settings: Settings, backup: Path) -> int:
    """Make a backup the archive, keeping the one that was there beside it; return the exit code.

    Raises: InUse while the bot runs, Misconfigured when the backup is no whole archive.
    """
    from sqlalchemy import make_url

    from bot.storage.replacing import restore_file

    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Misconfigured(
            "The archive is in PostgreSQL: make an empty database there and run"
            f" `newsbot migrate --from sqlite:///{backup} --to ADDRESS`."
        )
    done = await asyncio.to_thread(restore_file, backup, Path(url.database), now=datetime.now(UTC))
    print(f"Restored {url.database}: {count_of(done.articles, 'article')}, {count_of(done.digests, 'digest')}.")
    if done.replaced is not None:
        print(f"What was there is kept as {done.replaced}; delete it when nothing is missing.")
    print("Start the bot: what was on its way is looked for before anything is posted, and nothing is told twice.")
    return DONE


async def export(settings: Settings, file: Path | None, *, since: str | None) -> int:
    """Write the archive as JSON lines to a new file, or to standard output; return the exit code.

    Raises: Misconfigured when the file exists or can't be written.
    """
    moment = None if since is None else parse_since(since, now=SystemClock().now())
    async with open_archive(settings, read_only=True) as archive:
        with ExitStack() as closing:
            out = sys.stdout if file is None else closing.enter_context(_new_file(file))
            articles = await _export_articles(archive, out, moment)
            digests = await _export_digests(archive, out, moment)
            out.flush()
    if file is not None:
        print(f"{count_of(articles, 'article')} and {count_of(digests, 'digest')} were written to {file}.")
    return DONE


async def _export_articles(archive: SqlArchive, out: TextIO, since: datetime | None) -> int:
    """Write the current articles that came in after this moment, with summaries and stories, by ingest order."""
    seq = 0 if since is None else await archive.seq_at(since)
    last = await archive.last_seq()
    written = 0
    while seq < last:
        batch = await archive.articles_between(seq, seq + BATCH)
        summaries = await archive.summaries_of(batch)
        placements = await archive.placements([article.id for article in batch])
        for article in batch:
            out.write(article_line(article, summaries.get(article.id), placements.get(article.id)) + "\n")
        written += len(batch)
        seq += BATCH
    return written


async def _export_digests(archive: SqlArchive, out: TextIO, since: datetime | None) -> int:
    number = written = 0
    while batch := await archive.digests_after(number, since=since, limit=BATCH):
        for digest in batch:
            out.write(
                digest_line(
                    destination=digest.destination,
                    made_at=digest.made_at,
                    since_seq=digest.since_seq,
                    until_seq=digest.until_seq,
                    text=digest.text,
                    contents=digest.contents,
                )
                + "\n"
            )
        number = batch[-1].number
        written += len(batch)
    return written


def _new_file(file: Path) -> TextIO:
    try:
        return file.open("x", encoding="utf-8")
    except FileExistsError:
        raise Misconfigured(f"{file} exists already: name a new file for the export.") from None
    except OSError as error:
        raise Misconfigured(f"{file} can't be written ({error.strerror}).") from error
