"""The connection to Discord: logs in, registers commands, takes interactions, and comes back after every failure."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
import structlog
import yarl
from discord import app_commands

from bot.commands.context import Services
from bot.commands.declaring import Command
from bot.errors import Unavailable
from bot.model import Destination, Message, Paragraph
from bot.platforms.discord.answering import PATIENCE_S, Door
from bot.platforms.discord.commands import build_commands, button_class
from bot.platforms.discord.publishing import MESSAGES_PATH, DiscordPublisher
from bot.platforms.discord.rendering import render_bodies
from bot.platforms.discord.rest import Answered, Rest
from bot.ports import Clock

log = structlog.get_logger()

Interaction = discord.Interaction[Any]

# Nobody speaks here: what the voice part misses need not be said.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

MAX_IDENTIFIES_A_DAY = 800
"""Sessions begun a day; at 1,000 Discord resets the token. Source: developers/docs/events/gateway#rate-limiting"""

DAY_S = 24 * 3600.0

RETRY_S = (1.0, 300.0)
"""Seconds until the next try after a failure: the first time, doubled each time, and at most."""

STEADY_S = 120.0
"""Seconds that a connection must have lasted for the next failure to count as the first."""

BAD_TOKEN_RETRY_S = 900.0
"""Seconds until a refused token is tried again; it takes a person to change it."""

CLOSE_TIMEOUT_S = 10.0

DRAIN_S = 8.0
"""Seconds that answers under way are given when the bot stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """The gateway connections of one process: of `count` shards those with these `ids`.

    Without ids all of them, without a count as many as Discord recommends.
    Source: https://discord.com/developers/docs/events/gateway#sharding
    """

    count: int | None = None
    ids: tuple[int, ...] = ()

    @property
    def have_first(self) -> bool:
        """Whether the first shard is among them: its process does what is to be done once for the whole bot."""
        return not self.ids or 0 in self.ids


class DiscordPlatform:
    """Everything of Discord: `publisher` posts through REST whether or not `run` has a gateway connection.

    `guild_ids` registers the commands in these servers at once (development) instead of everywhere. `shards` is for
    bots in many servers. `api_base` and `gateway_url` point at a proxy or a test; they hold for the whole process.
    """

    def __init__(
        self,
        token: str,
        services: Services,
        *,
        clock: Clock,
        catalogue: Sequence[Command] | None = None,
        api_base: str | None = None,
        gateway_url: str | None = None,
        guild_ids: Sequence[int] = (),
        shards: Shards | None = None,
        opens_threads: bool = True,
        patience_s: float = PATIENCE_S,
        retry_s: tuple[float, float] = RETRY_S,
    ) -> None:
        _point_at(api_base, gateway_url)
        self._token = token
        self._clock = clock
        self._catalogue = _default_catalogue() if catalogue is None else catalogue
        self._guild_ids = tuple(guild_ids)
        self._shards = shards
        self._retry_s = retry_s
        self._rest = Rest(token, clock)
        self._identifies = IdentifyBudget()
        # Another process registers the commands where this one has other shards.
        self._synced = shards is not None and not shards.have_first
        self._client: _Client | None = None
        self.publisher = DiscordPublisher(self._rest, opens_threads=opens_threads)
        self._door = Door(services, self._rest, self.publisher, patience_s=patience_s)

    @property
    def connected(self) -> bool:
        """Whether the gateway is up; posting does not need it."""
        return self._client is not None and self._client.has_session and not self._client.is_closed()

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the bot connected until `stop` is set, then finish the answers under way. Raises nothing of Discord's.

        Posting goes on until `close`, so that what is being delivered may end.
        """
        stopping = asyncio.create_task(stop.wait())
        failures = 0
        try:
            while not stop.is_set():
                wait_s = await self._identifies_left_in_s()
                if wait_s > 0:
                    log.error("too many new sessions with Discord today: waiting", wait_s=round(wait_s))
                    await _pause(stopping, wait_s)
                    continue
                began = time.monotonic()
                error = await self._connect_once(stopping)
                if stop.is_set():
                    break
                failures = 1 if time.monotonic() - began >= STEADY_S else failures + 1
                await _pause(stopping, self._told_pause_s(error, failures))
        finally:
            stopping.cancel()
            await self._door.drain(DRAIN_S)

    async def close(self) -> None:
        """End posting too; call it after `run` and after the last delivery."""
        await self.publisher.close()
        await self._rest.close()

    async def notify_admin(self, destination: Destination, sentence: str) -> None:
        """Tell the owner of a server one sentence in a direct message; a failure is logged, never raised."""
        guild = await self._rest.call("GET", "/guilds/{guild_id}", guild_id=destination.workspace)
        owner = _field(guild, "owner_id")
        channel = owner and _field(
            await self._rest.call("POST", "/users/@me/channels", json={"recipient_id": owner}), "id"
        )
        told = None
        if channel:
            body = render_bodies(Message(blocks=(Paragraph(text=sentence),)))[0]
            told = _field(await self._rest.call("POST", MESSAGES_PATH, json=body, channel_id=channel), "id")
        if not told:
            log.error("the admin of a server could not be told", destination=destination.key, sentence=sentence)

    async def _connect_once(self, stopping: asyncio.Task[Any]) -> BaseException | None:
        """Run one client until it fails or `stopping` is done; return why it failed."""
        client = self._client = self._build_client()
        task = asyncio.create_task(client.start(self._token))
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(client.close(), CLOSE_TIMEOUT_S)
        if not task.done():
            await asyncio.wait({task}, timeout=CLOSE_TIMEOUT_S)
            task.cancel()
        [result] = await asyncio.gather(task, return_exceptions=True)
        await client.end_sync()
        self._client = None
        return result

    def _build_client(self) -> _Client:
        kind = _Client
        sharding: dict[str, Any] = {}
        if self._shards is not None:
            kind = _ShardedClient
            sharding = {"shard_count": self._shards.count, "shard_ids": list(self._shards.ids) or None}
        client = kind(
            **sharding,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            # Nothing here needs all servers in the cache; waiting for them would outlive the connection.
            guild_ready_timeout=0.0,
            max_messages=None,
        )
        client.door = self._door
        client.identifies = self._identifies
        client.clock = self._clock
        client.tree = app_commands.CommandTree(client)
        for command in build_commands(self._catalogue, self._door):
            client.tree.add_command(command)
        client.tree.error(client.on_command_error)
        client.sync = None if self._synced else self._sync
        return client

    async def _sync(self, tree: app_commands.CommandTree[Any]) -> None:
        """Register the commands, once a process; a failure is logged and tried again at the next connection."""
        try:
            if not self._guild_ids:
                await tree.sync()
            for guild_id in self._guild_ids:
                guild = discord.Object(guild_id)
                tree.copy_global_to(guild=guild)
                await tree.sync(guild=guild)
            self._synced = True
        except Exception as error:  # refused, unreachable, or an answer that the library can't read
            log.error("the commands could not be registered", cause=repr(error))

    async def _identifies_left_in_s(self) -> float:
        """Return the seconds until a session may be begun: by our own count, and by Discord's, which outlives us."""
        own = self._identifies.wait_s(self._clock.now())
        answer = await self._rest.call("GET", "/gateway/bot")
        limit = answer.data.get("session_start_limit") if _is_object(answer) else None  # type: ignore[union-attr]
        if not isinstance(limit, dict):
            return own
        with contextlib.suppress(KeyError, TypeError, ValueError):
            used = int(limit["total"]) - int(limit["remaining"])
            # Bots of many shards are given more than 1,000; the reserve stays the same share.
            if used >= int(limit["total"]) * MAX_IDENTIFIES_A_DAY // 1_000:
                return max(own, float(limit["reset_after"]) / 1_000)
        return own

    def _told_pause_s(self, error: BaseException | None, failures: int) -> float:
        if isinstance(error, discord.LoginFailure):
            log.error("Discord does not take the token: set another one; posts wait until then")
            return max(BAD_TOKEN_RETRY_S, self._retry_s[1])
        first_s, most_s = self._retry_s
        pause_s = float(min(first_s * 2 ** min(failures - 1, 30), most_s))
        log.warning("the connection to Discord ended; trying again", cause=repr(error), retry_in_s=pause_s)
        return pause_s


class IdentifyBudget:
    """Counts the sessions begun in the last 24 hours."""

    def __init__(self, *, limit: int = MAX_IDENTIFIES_A_DAY) -> None:
        self._limit = limit
        self._begun: deque[datetime] = deque(maxlen=limit)

    def record(self, now: datetime) -> None:
        """Count one session. Raises: Unavailable, counting nothing, when there is none left."""
        wait_s = self.wait_s(now)
        if wait_s > 0:
            raise Unavailable("Too many sessions with Discord were begun today.", retry_after_s=wait_s)
        self._begun.append(now)

    def wait_s(self, now: datetime) -> float:
        """Return the seconds until the next session may be begun, 0 when it may be now."""
        if len(self._begun) < self._limit:
            return 0.0
        return max(0.0, DAY_S - (now - self._begun[0]).total_seconds())


class _Client(discord.Client):
    """discord.py's client with our hooks; what it needs is set on it before it starts."""

    door: Door
    identifies: IdentifyBudget
    clock: Clock
    tree: app_commands.CommandTree[Any]
    sync: Any
    has_session: bool = False
    _syncing: asyncio.Task[None] | None = None

    async def setup_hook(self) -> None:
        """Take every button of ours, and register the commands beside the connection: a limit must not hold it up."""
        self.add_dynamic_items(button_class(self.door))
        if self.sync is not None:
            self._syncing = asyncio.create_task(self.sync(self.tree))

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Count every session that is begun, and stop before Discord would reset the token."""
        self.identifies.record(self.clock.now())
        await super().before_identify_hook(shard_id, initial=initial)

    async def on_connect(self) -> None:
        """Note that a session was begun; what the library calls ready comes seconds later and is not needed."""
        self.has_session = True
        log.info("connected to Discord")

    async def on_resumed(self) -> None:
        """Note that the session goes on."""
        self.has_session = True

    async def on_disconnect(self) -> None:
        """Note that the connection is gone, for now."""
        self.has_session = False

    async def on_interaction(self, interaction: Interaction) -> None:
        """Take forms that were filled in; commands and buttons have their own ways."""
        if interaction.type is discord.InteractionType.modal_submit:
            await self.door.take_question(interaction)

    async def on_command_error(self, interaction: Interaction, error: app_commands.AppCommandError) -> None:
        """Answer what never reached the commands' room: a command of an older version, an option of a wrong kind."""
        log.warning("a command could not be read", cause=repr(error))
        await self.door.refuse(interaction, "I do not know this command as you sent it. Reload Discord and try again.")

    async def end_sync(self) -> None:
        """Give up registering, if that is still under way."""
        if self._syncing is not None:
            self._syncing.cancel()
            await asyncio.gather(self._syncing, return_exceptions=True)


class _ShardedClient(_Client, discord.AutoShardedClient):
    """The same over several gateway connections."""


def _point_at(api_base: str | None, gateway_url: str | None) -> None:
    """Make discord.py talk to another address; it knows only one a process."""
    if api_base is not None:
        discord.http.Route.BASE = api_base.rstrip("/")
    if gateway_url is not None:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def _default_catalogue() -> Sequence[Command]:
    from bot.commands.catalogue import CATALOGUE

    return CATALOGUE


async def _pause(stopping: asyncio.Task[Any], seconds: float) -> None:
    await asyncio.wait({stopping}, timeout=seconds)


def _is_object(outcome: object) -> bool:
    return isinstance(outcome, Answered) and outcome.status < 300 and isinstance(outcome.data, dict)


def _field(outcome: object, name: str) -> str | None:
    if isinstance(outcome, Answered) and outcome.status < 300 and isinstance(outcome.data, dict):
        return str(outcome.data[name]) if outcome.data.get(name) else None
    return None
