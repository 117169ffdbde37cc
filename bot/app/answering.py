"""The commands that answer once and end: each opens what it needs, answers, and closes it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
    terminal_schedule,
    write_stories,
)
from bot.app.working import READING, work_of
from bot.commands.times import parse_since
from bot.errors import BadRequest, InUse
from bot.model import Caller, Destination
from bot.platforms.terminal import commands as terminal
from bot.platforms.terminal.doors import command_text, parse_channel
from bot.platforms.terminal.printing import DigestForm
from bot.platforms.terminal.progress import show_progress
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.storage.archive import SqlArchive


async def read_files(settings: Settings, paths: Sequence[Path], *, as_json: bool) -> int:
    """Print what is read of files; nothing is kept."""
    async with open_reader(settings) as reader:
        return await terminal.show_articles(paths, reader, max_bytes=max_file_bytes(settings), as_json=as_json)


async def sort_files(settings: Settings, paths: Sequence[Path], *, as_json: bool) -> int:
    """Print which files tell of one event and which events belong together; nothing is kept."""
    from bot.platforms.terminal.stories import show_stories

    async with open_reader(settings) as reader:
        return await show_stories(paths, reader, max_bytes=max_file_bytes(settings), as_json=as_json)


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
            async with _looking_alone(archive):
                await build_pipeline(settings, archive, reader, settle_s=0).ingest_all(show_progress)
            digest = await terminal.show_digest(
                archive,
                clock=clock,
                size=size,
                form=form,
                since_seq=None if told_again_from is None else await archive.seq_at(told_again_from),
                ensure_written=ensure_written(writer, archive, settings),
                write_stories=write_stories(writer, settings),
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


async def ask(settings: Settings, question: str, *, batch: Path | None, seeds: Path | None, as_json: bool) -> int:
    """Print the answer to a question, or to each of a file, from the archive or from a file or folder."""
    from bot.platforms.terminal import asking

    opened = _read_into_memory(settings, seeds) if seeds else open_archive(settings, read_only=True)
    async with opened as archive:
        if batch is not None:
            return await asking.show_batch_answers(archive, batch)
        return await asking.show_answer(archive, question, as_json=as_json)


async def answer_command(settings: Settings, words: Sequence[str], *, channel: str | None = None) -> int:
    """Print the answer to a command of the chat, asked in the terminal by the one who runs the bot.

    `channel` names a channel to ask and act for, "discord:SERVER:CHANNEL"; else it is the terminal itself.
    Raises: BadRequest (no such channel), InUse (what a channel set up is to be changed while the bot runs).
    """
    from bot.app.chat import ChatServices
    from bot.commands.catalogue import CATALOGUE
    from bot.platforms.terminal import chatting

    destination = parse_channel(channel) if channel else terminal.TERMINAL_DESTINATION
    text = command_text(words, CATALOGUE)
    _warn_without_token(settings, destination)
    try:
        async with _archive_for(settings, text, writes=chatting.writes(text)) as archive:
            caller = Caller(destination=destination, user="operator", is_admin=True)
            services = ChatServices(
                settings=settings, archive=archive, ensure_written=None, work=work_of(settings, archive)
            )
            return await chatting.show_reply(text, services.context(caller))
    except InUse as error:
        raise InUse(
            f"The bot is running and keeps the archive to itself. Say /{text} in the channel or on the web page,"
            f" or stop the bot, run this again and start it anew. ({error})"
        ) from error


@asynccontextmanager
async def _looking_alone(archive: SqlArchive) -> AsyncIterator[None]:
    """Keep other processes of a shared archive from looking at the folder. Raises: InUse when one of them does."""
    leadership = archive.leadership(READING)
    try:
        if not await leadership.holds():
            raise InUse("Other processes are reading the folder.")
        yield
    finally:
        await leadership.release()


def _archive_for(settings: Settings, text: str, *, writes: bool) -> AbstractAsyncContextManager[SqlArchive]:
    if text.partition(" ")[0] == "help":
        return open_memory_archive()
    return open_archive(settings, read_only=not writes)


def _warn_without_token(settings: Settings, destination: Destination) -> None:
    tokens = {"discord": settings.discord.token, "slack": settings.slack.bot_token}
    if destination.platform in tokens and tokens[destination.platform] is None:
        name = destination.platform.upper()
        setting = f"NEWSBOT_{name}__{'TOKEN' if name == 'DISCORD' else 'BOT_TOKEN'}"
        print(f"newsbot: nothing is posted there before {setting} is set.", file=sys.stderr)


async def show_status(settings: Settings, *, as_json: bool) -> int:
    """Print what the archive holds, what could not be read and why, what the LLM cost, and the next digest."""
    from bot.app.fetching import FeedsOfSettings

    async with open_archive(settings, read_only=True) as archive:
        return await terminal.show_status(
            archive,
            clock=SystemClock(),
            schedule=terminal_schedule(settings),
            max_usd_per_day=settings.llm.max_usd_per_day if settings.llm.is_on else None,
            as_json=as_json,
            feeds=FeedsOfSettings(settings=settings),
            work=work_of(settings, archive),
        )


async def back_up(settings: Settings, file: Path) -> int:
    """Write a copy of the archive to a new file, also while the bot runs."""
    async with open_archive(settings, read_only=True) as archive:
        await archive.back_up(file)
    print(f"The archive was copied to {file}.")
    return terminal.DONE


@asynccontextmanager
async def _read_into_memory(settings: Settings, seeds: Path) -> AsyncIterator[SqlArchive]:
    async with open_reader(settings) as reader, open_memory_archive() as archive:
        await terminal.fill_archive(
            archive,
            [seeds],
            reader,
            clock=SystemClock(),
            max_bytes=max_file_bytes(settings),
            bullets=settings.summary.bullets,
        )
        yield archive
