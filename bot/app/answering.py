"""The commands that answer once and end: each opens what it needs, answers, and closes it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.building import (
    SystemClock,
    build_pipeline,
    digest_size,
    ensure_written,
    max_file_bytes,
    open_archive,
    open_memory_archive,
    open_reader,
    open_writer,
    summary_write,
)
from bot.app.chat import ChatServices
from bot.commands.times import parse_since
from bot.errors import BadRequest, InUse
from bot.model import Caller
from bot.platforms.terminal import commands as terminal
from bot.platforms.terminal.printing import DigestForm
from bot.platforms.terminal.progress import show_progress
from bot.ports import Archive
from bot.settings import Settings


async def read_files(settings: Settings, paths: Sequence[Path], *, as_json: bool) -> int:
    """Print what is read of files; nothing is kept."""
    async with open_reader(settings) as reader:
        return await terminal.show_articles(paths, reader, max_bytes=max_file_bytes(settings), as_json=as_json)


async def summarize_files(
    settings: Settings, paths: Sequence[Path], *, as_json: bool, bullets: int | None, use_llm: bool
) -> int:
    """Print summaries of files; only the LLM's replies and spending are kept.

    Raises: BadRequest when the LLM is asked for and none is configured.
    """
    wanted = bullets or settings.summary.bullets
    if not use_llm:
        async with open_reader(settings) as reader:
            return await terminal.show_summaries(
                paths, reader, max_bytes=max_file_bytes(settings), as_json=as_json, bullets=wanted, write=None
            )
    if not settings.llm.is_on:
        raise BadRequest("No LLM is configured. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.")
    async with (
        open_reader(settings) as reader,
        open_archive(settings) as archive,
        open_writer(settings, archive) as writer,
    ):
        write = summary_write(writer, bullets=wanted)
        return await terminal.show_summaries(
            paths, reader, max_bytes=max_file_bytes(settings), as_json=as_json, bullets=wanted, write=write
        )


async def digest_of_folder(settings: Settings, seeds: Path, form: DigestForm) -> int:
    """Print a digest of everything in a file or folder, without touching the archive."""
    async with _read_into_memory(settings, seeds) as archive:
        await terminal.show_digest(
            archive, clock=SystemClock(), size=digest_size(settings), form=form, since_seq=None, ensure_written=None
        )
    return terminal.DONE


async def digest_of_now(settings: Settings, since: str | None, form: DigestForm) -> int:
    """Read what is new in the watched folder, print the digest, and write down that the terminal was told.

    While the bot runs, it does the reading and telling: then this only shows what is not told yet. `since` tells again
    from that moment on, and records nothing.
    """
    clock, size = SystemClock(), digest_size(settings)
    told_again_from = None if since is None else parse_since(since, now=clock.now())
    try:
        async with (
            open_reader(settings) as reader,
            open_archive(settings) as archive,
            open_writer(settings, archive) as writer,
        ):
            await build_pipeline(settings, archive, reader, settle_s=0).ingest(show_progress)
            digest = await terminal.show_digest(
                archive,
                clock=clock,
                size=size,
                form=form,
                since_seq=None if told_again_from is None else await archive.seq_at(told_again_from),
                ensure_written=ensure_written(writer, archive, settings),
            )
            if since is None:
                await terminal.record_digest(archive, digest)
    except InUse:
        async with open_archive(settings, read_only=True) as archive:
            since_seq = None if told_again_from is None else await archive.seq_at(told_again_from)
            await terminal.show_digest(
                archive, clock=clock, size=size, form=form, since_seq=since_seq, ensure_written=None
            )
    return terminal.DONE


async def search(
    settings: Settings, words: str, *, batch: Path | None, seeds: Path | None, limit: int, as_json: bool
) -> int:
    """Print the articles that match, of the archive or of a file or folder."""
    opened = _read_into_memory(settings, seeds) if seeds else open_archive(settings, read_only=True)
    async with opened as archive:
        if batch is not None:
            return await terminal.show_batch_hits(archive, batch, limit=limit)
        return await terminal.show_hits(archive, words, limit=limit, as_json=as_json)


async def answer_command(settings: Settings, text: str) -> int:
    """Print the answer to a command of the chat, asked in the terminal by the one who runs the bot."""
    async with open_archive(settings, read_only=True) as archive:
        caller = Caller(destination=terminal.TERMINAL_DESTINATION, user="operator", is_admin=True)
        services = ChatServices(settings=settings, archive=archive, ensure_written=None)
        return await terminal.show_reply(text, services.context(caller))


async def show_status(settings: Settings, *, as_json: bool) -> int:
    """Print what the archive holds, what could not be read and why, what the LLM cost, and the next digest."""
    async with open_archive(settings, read_only=True) as archive:
        return await terminal.show_status(
            archive,
            clock=SystemClock(),
            times=settings.digest.at,
            zone=settings.digest.zone,
            max_usd_per_day=settings.llm.max_usd_per_day if settings.llm.is_on else None,
            as_json=as_json,
        )


async def back_up(settings: Settings, file: Path) -> int:
    """Write a copy of the archive to a new file, also while the bot runs."""
    async with open_archive(settings, read_only=True) as archive:
        await archive.back_up(file)
    print(f"The archive was copied to {file}.")
    return terminal.DONE


@asynccontextmanager
async def _read_into_memory(settings: Settings, seeds: Path) -> AsyncIterator[Archive]:
    async with open_reader(settings) as reader, open_memory_archive() as archive:
        await terminal.fill_archive(
            archive, [seeds], reader, max_bytes=max_file_bytes(settings), bullets=settings.summary.bullets
        )
        yield archive
