"""Builds every object from the settings; whoever opens one closes it, in reverse order."""

from __future__ import annotations

import asyncio
import gc
import importlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.articles.sandbox import Preparing, Sandbox, SandboxLimits
from bot.digests.composing import Size
from bot.model import Article, Destination, Schedule, Summary, Verdict
from bot.ports import Clock, Meter
from bot.settings import LlmSettings, Settings, load_settings

if TYPE_CHECKING:
    from bot.commands.context import WriteAnswer
    from bot.commands.gathering import WriteStories
    from bot.llm.breaker import Breaker
    from bot.llm.client import OpenAIChat
    from bot.pipeline import Limits, Pipeline, Reader
    from bot.storage.archive import SqlArchive
    from bot.summaries.budget import Prices
    from bot.summaries.written import LlmWriter

BYTES_PER_MB = 1_000_000
PREPARE = "bot.app.preparing:prepare"
"""What the children of the sandbox call for each article; a name, because this process does not import it."""

SWITCH_INTERVAL_S = 0.0005
"""Seconds of a thread's turn while others wait; the default is 0.005."""

COLLECTOR_THRESHOLDS = (20_000, 20, 20)
"""New objects before a look at the youngest, looks before the next older; the defaults are 700, 10 and 10."""

ARCHIVE_IN_MEMORY = "sqlite:///:memory:"
"""An archive that lives as long as the command: looks at a folder without touching the real one."""

OPENAI_USD_PER_MILLION = (0.25, 2.0)
"""Assumed prices, sent and received, when calls go to OpenAI and no price is set; elsewhere a call costs nothing."""


class SystemClock:
    """The wall clock."""

    def now(self) -> datetime:
        """Return the current time in UTC."""
        return datetime.now(UTC)


def start() -> Settings:
    """Load the settings and set up the log, which never shows a secret. Raises: Misconfigured."""
    from bot.jobs.logging import set_up_logging

    calm_collector()
    share_processor()
    settings = load_settings()
    slack = settings.slack
    tokens = (settings.llm.api_key, settings.discord.token, slack.bot_token, slack.app_token, settings.web.token)
    secrets = [token.get_secret_value().strip() for token in tokens if token]
    set_up_logging(level=settings.log.level, as_json=settings.log.format == "json", secrets=secrets)
    return settings


def calm_collector() -> None:
    """Let the cyclic garbage collector run less often: articles are many small objects in no cycle, and it looks at
    all of them each time (5 % of the processor time of reading, measured)."""
    gc.set_threshold(*COLLECTOR_THRESHOLDS)


def share_processor() -> None:
    """Let threads take turns more often: whoever waits for the event loop waits a turn of each thread that computes,
    and once for each row that a query returns. A web page asks the archive a dozen times: it is there in half the time
    while articles are read (measured)."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)


@asynccontextmanager
async def open_reader(settings: Settings, *, prepares: bool = False) -> AsyncIterator[Sandbox]:
    """Give the sandbox that reads files, its first child starting while the caller builds the rest.

    With `prepares` its children also make what is stored beside each article.
    """
    reading = settings.reading
    limits = SandboxLimits(memory_mb=reading.max_memory_mb, cpu_s=reading.max_cpu_s)
    preparing = Preparing(function=PREPARE, options={"bullets": settings.summary.bullets}) if prepares else None
    async with Sandbox(limits, workers=reading.workers, preparing=preparing) as sandbox:
        starting = asyncio.create_task(sandbox.start())
        try:
            yield sandbox
        finally:
            # A child that does not start is told to whoever reads a file; here it must only not be left behind.
            await asyncio.gather(starting, return_exceptions=True)


def max_file_bytes(settings: Settings) -> int:
    """Return the size in bytes above which a file is refused."""
    return int(settings.reading.max_file_mb * BYTES_PER_MB)


def pulse_file(settings: Settings) -> Path:
    """Return the file whose age tells whether the bot is alive."""
    return settings.data_dir / "pulse"


def digest_size(settings: Settings) -> Size:
    """Return how much one digest of the terminal holds."""
    return Size(max_articles=settings.digest.max_articles, max_chars=settings.digest.max_chars)


def terminal_schedule(settings: Settings) -> Schedule:
    """Return the schedule of the terminal's digest; it holds while the terminal has no schedule of its own."""
    digest = settings.digest
    return Schedule(
        id="settings",
        destination=Destination(platform="terminal", workspace="local", channel="terminal"),
        times=digest.at,
        weekdays=(),
        zone=digest.zone,
        max_articles=digest.max_articles,
    )


@asynccontextmanager
async def open_archive(settings: Settings, *, read_only: bool = False) -> AsyncIterator[SqlArchive]:
    """Open the archive of the settings, making it (and its folder) when it is to be written.

    Raises: InUse when another process writes to it, Misconfigured when it can't be opened, NotFound when there is
    none to read.
    """
    open_at = await _import_open_archive()
    async with open_at(settings.database_url, create=not read_only, read_only=read_only) as archive:
        yield archive


@asynccontextmanager
async def open_memory_archive() -> AsyncIterator[SqlArchive]:
    """Open an archive that is gone when the command ends."""
    open_at = await _import_open_archive()
    async with open_at(ARCHIVE_IN_MEMORY) as archive:
        yield archive


async def _import_open_archive() -> Callable[..., AbstractAsyncContextManager[SqlArchive]]:
    # Half a second of imports: meanwhile the event loop can start the sandbox's child.
    storage = await asyncio.to_thread(importlib.import_module, "bot.storage.archive")
    opener: Callable[..., AbstractAsyncContextManager[SqlArchive]] = storage.open_archive
    return opener


def build_pipeline(
    settings: Settings, archive: SqlArchive, reader: Reader, *, settle_s: float | None = None
) -> Pipeline:
    """Return the pipeline from the watched folder into this archive; `settle_s` overrides the setting."""
    from bot.pipeline import Pipeline

    return Pipeline(
        folder=settings.seeds_dir,
        archive=archive,
        reader=reader,
        clock=SystemClock(),
        limits=build_limits(settings, settle_s=settle_s),
        bullets=settings.summary.bullets,
    )


def build_limits(settings: Settings, *, settle_s: float | None = None) -> Limits:
    """Return what a file may cost; `settle_s` overrides the setting."""
    from bot.pipeline import Limits

    return Limits(
        max_bytes=max_file_bytes(settings), settle_s=settings.reading.settle_s if settle_s is None else settle_s
    )


@asynccontextmanager
async def open_writer(
    settings: Settings, archive: SqlArchive, *, breaker: Breaker | None = None, meter: Meter | None = None
) -> AsyncIterator[LlmWriter | None]:
    """Give the LLM's summary writer, or None when no LLM is configured; close its connections afterwards.

    Raises: Misconfigured when a prompt file is wrong.
    """
    if not settings.llm.is_on:
        yield None
        return
    from bot.llm.prompts import load_prompts
    from bot.summaries.budget import Budget
    from bot.summaries.extractive import summarize_article
    from bot.summaries.instructions import is_instruction
    from bot.summaries.written import LlmWriter

    llm, clock = settings.llm, SystemClock()
    chat = build_chat(llm, clock, breaker=breaker, meter=meter)
    try:
        yield LlmWriter(
            chat=chat,
            prompts=load_prompts(prompts_folder(settings)),
            budget=Budget(
                archive,
                clock,
                _prices(llm),
                max_tokens_per_day=llm.max_tokens_per_day,
                max_usd_per_day=llm.max_usd_per_day,
            ),
            cache=archive,
            verify=_verify_bullet,
            extract=lambda article, bullets: summarize_article(article, bullets=bullets),
            is_instruction=is_instruction,
            language=settings.summary.language,
            max_input_tokens=llm.max_input_tokens,
            parallel_calls=llm.parallel_calls,
        )
    finally:
        await chat.aclose()


def build_chat(
    llm: LlmSettings, clock: Clock, *, breaker: Breaker | None = None, meter: Meter | None = None
) -> OpenAIChat:
    """Return the client of the configured server; it connects when it is first used."""
    from bot.llm.breaker import Breaker
    from bot.llm.client import OpenAIChat

    return OpenAIChat(
        base_url=llm.base_url,
        api_key=llm.api_key.get_secret_value().strip() if llm.api_key else None,
        model=llm.model,
        timeout_s=llm.timeout_s,
        parallel_calls=llm.parallel_calls,
        breaker=breaker or Breaker(clock),
        meter=meter,
    )


def prompts_folder(settings: Settings) -> Path:
    """Return the prompts folder: the one of the settings, or beside the program when that is not there."""
    beside = Path(__file__).parents[2] / "prompts"
    return settings.prompts_dir if settings.prompts_dir.is_dir() or not beside.is_dir() else beside


def summary_write(writer: LlmWriter | None, *, bullets: int) -> Callable[[Article], Awaitable[Summary]] | None:
    """Return a function that has one article summarized by the LLM, or None without one."""
    if writer is None:
        return None

    async def write(article: Article) -> Summary:
        return await writer.write_or_extract(article, bullets=bullets)

    return write


def ensure_written(
    writer: LlmWriter | None, archive: SqlArchive, settings: Settings
) -> Callable[[Sequence[Article]], Awaitable[None]] | None:
    """Return a function that has the LLM write the summaries that are extractive so far, or None without one."""
    write = summary_write(writer, bullets=settings.summary.bullets)
    if write is None:
        return None
    from bot.pipeline import write_missing

    async def ensure(articles: Sequence[Article]) -> None:
        await write_missing(articles, write, archive, parallel=settings.llm.parallel_calls)

    return ensure


def write_stories(writer: LlmWriter | None, settings: Settings) -> WriteStories | None:
    """Return a function that has the LLM write headlines and why stories matter, or None without one."""
    if writer is None:
        return None
    from bot.digests.written import StoryWriter
    from bot.summaries.instructions import is_instruction

    return StoryWriter(
        asker=writer.asker, verify=_verify_bullet, is_instruction=is_instruction, language=settings.summary.language
    ).write


def write_answer(writer: LlmWriter | None, settings: Settings) -> WriteAnswer | None:
    """Return a function that has the LLM write answers, proved, or None without one."""
    if writer is None:
        return None
    from bot.answers.written import AnswerWriter
    from bot.summaries.instructions import is_instruction

    return AnswerWriter(
        asker=writer.asker, verify=_verify_bullet, is_instruction=is_instruction, language=settings.summary.language
    ).write


def _prices(llm: LlmSettings) -> Prices:
    from bot.summaries.budget import Prices

    assumed_in, assumed_out = OPENAI_USD_PER_MILLION if llm.is_paid else (0.0, 0.0)
    return Prices(
        usd_per_million_in=assumed_in if llm.usd_per_million_in is None else llm.usd_per_million_in,
        usd_per_million_out=assumed_out if llm.usd_per_million_out is None else llm.usd_per_million_out,
    )


def _verify_bullet(claim: str, article: Article, cited: Sequence[int], attribution: str | None) -> Verdict:
    from bot.proof import prepare_source, verify_claim

    texts = [sentence.text for sentence in article.sentences]
    source = prepare_source(texts, title=article.title, published_at=article.published_at)
    return verify_claim(claim, source, cited=cited, attribution=attribution)
