"""Builds the chat platforms that have a token, and what each of their calls is given."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.app.building import SystemClock, max_file_bytes
from bot.app.fetching import FeedsOfSettings
from bot.articles.charset import decode_text
from bot.articles.scanning import FileChanged, read_file
from bot.commands.context import Context
from bot.digests.composing import Size
from bot.errors import NotFound
from bot.model import Caller, Destination, Platform
from bot.ports import Meter, Publisher, Unmetered, WorkBook
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.commands.context import WriteAnswer
    from bot.commands.gathering import EnsureWritten, WriteStories
    from bot.storage.archive import SqlArchive

MAX_CHANNEL_ARTICLES = 8
MAX_CHANNEL_CHARS = 6_000
"""One digest in a channel: about two messages, a five-minute read."""


class ChatPlatform(Protocol):
    """A chat platform: it posts by itself, and serves its commands while it runs."""

    @property
    def publisher(self) -> Publisher:
        """What posts there, whether or not the platform is connected."""
        ...

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; connect again by itself. What posts stays open."""
        ...

    async def notify_admin(self, destination: Destination, sentence: str) -> None:
        """Tell the people in charge of a destination what they have to mend; never raises."""
        ...

    async def close(self) -> None:
        """Close what posts; called last."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatServices:
    """Implements `bot.commands.context.Services` over the archive."""

    settings: Settings
    archive: SqlArchive
    ensure_written: EnsureWritten | None
    write_stories: WriteStories | None = None
    write_answer: WriteAnswer | None = None
    meter: Meter = field(default_factory=Unmetered)
    work: WorkBook | None = None

    def context(self, caller: Caller) -> Context:
        """Return the context of one call."""
        settings = self.settings
        destination = caller.destination
        return Context(
            caller=caller,
            archive=self.archive,
            desk=self.archive,
            outbox=self.archive,
            clock=SystemClock(),
            collections=visible_collections(settings, f"{destination.platform}:{destination.workspace}"),
            size=Size(max_articles=MAX_CHANNEL_ARTICLES, max_chars=MAX_CHANNEL_CHARS),
            zone=settings.digest.zone,
            max_usd_per_day=settings.llm.max_usd_per_day if settings.llm.is_on else None,
            ensure_written=self.ensure_written,
            write_stories=self.write_stories,
            write_answer=self.write_answer,
            read_file=self._read_file,
            corrections=self.archive,
            meter=self.meter,
            feeds=FeedsOfSettings(settings=settings),
            work=self.work,
        )

    async def _read_file(self, path: str) -> str:
        try:
            data = await asyncio.to_thread(
                read_file, self.settings.seeds_dir, os.fsencode(path), max_bytes=max_file_bytes(self.settings)
            )
        except FileChanged:
            raise NotFound("This file is gone or being written right now.") from None
        return decode_text(data, path=path)


def visible_collections(settings: Settings, workspace: str) -> tuple[str, ...] | None:
    """Return the collections this workspace (`discord:123`) may see, "" being the top of the folder; None for all."""
    private = settings.private_collections
    hidden = {name for name, allowed in private.items() if workspace not in allowed}
    if not hidden:
        return None
    try:
        names = {entry.name for entry in os.scandir(settings.seeds_dir) if entry.is_dir(follow_symlinks=False)}
    except OSError:
        names = set()
    return ("", *sorted(names - hidden))


def has_tokens(settings: Settings) -> bool:
    """Return whether the tokens of any chat platform are set."""
    return settings.discord.token is not None or _has_slack(settings)


def platform_builders(settings: Settings, services: ChatServices) -> Mapping[Platform, Callable[[], ChatPlatform]]:
    """Return what builds each platform whose tokens are set; it is built when this process is to connect to it."""
    builders: dict[Platform, Callable[[], ChatPlatform]] = {}
    if settings.discord.token is not None:
        builders["discord"] = lambda: _build_discord(settings, services)
    if _has_slack(settings):
        builders["slack"] = lambda: _build_slack(settings, services)
    return builders


def connected_apart(settings: Settings) -> Mapping[Platform, str]:
    """Return the platforms whose connection is no part of posting to them, each with what this process connects.

    A Discord whose shards are spread over processes: each has its own shards, and any one of them posts for all.
    """
    shards = settings.discord.shard_ids
    if settings.discord.token is None or not shards:
        return {}
    return {"discord": f"shards {','.join(map(str, sorted(shards)))} of {settings.discord.shard_count}"}


def _build_discord(settings: Settings, services: ChatServices) -> ChatPlatform:
    from bot.platforms.discord.connection import DiscordPlatform, Shards

    discord = settings.discord
    is_sharded = discord.sharded or discord.shard_count is not None
    assert settings.discord.token is not None, "asked before"
    return DiscordPlatform(
        settings.discord.token.get_secret_value().strip(),
        services,
        clock=SystemClock(),
        api_base=settings.discord.api_base,
        gateway_url=settings.discord.gateway_url,
        guild_ids=settings.discord.guild_ids,
        shards=Shards(count=discord.shard_count, ids=discord.shard_ids) if is_sharded else None,
    )


def _has_slack(settings: Settings) -> bool:
    return settings.slack.bot_token is not None and settings.slack.app_token is not None


def _build_slack(settings: Settings, services: ChatServices) -> ChatPlatform:
    from bot.platforms.slack.connection import SlackPlatform

    assert settings.slack.bot_token is not None, "asked before"
    assert settings.slack.app_token is not None, "asked before"
    return SlackPlatform(
        settings.slack.bot_token.get_secret_value().strip(),
        settings.slack.app_token.get_secret_value().strip(),
        services,
        base_url=settings.slack.base_url,
        clock=SystemClock(),
    )
