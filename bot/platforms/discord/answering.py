"""Answers interactions: acknowledges at once, lets the command run, and has its reply shown to whom it is meant for.

What needs the gateway's client is the acknowledgement alone.
Source: https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import discord
import structlog

from bot.commands.announcing import announce_press
from bot.commands.context import Context, Services
from bot.commands.dispatch import COMMANDS_AT_WORK, Reply, complete, dispatch, press
from bot.errors import new_reference
from bot.model import Caller, Destination
from bot.platforms.discord.neutralizing import neutralize_label, units
from bot.platforms.discord.rendering import CUSTOM_ID_PREFIX
from bot.platforms.discord.replying import Replies, say
from bot.platforms.discord.rest import Rest
from bot.ports import Publisher

log = structlog.get_logger()

PATIENCE_S = 14 * 60.0
"""Seconds a command may take: an interaction's token lives 15 minutes, and the apology needs it too."""

COMPLETION_S = 2.0
"""Seconds for a completion, whose answer Discord drops after 3 s."""

MAX_CHOICES = 25
MAX_CHOICE_UNITS = 100
MAX_QUESTION_UNITS = 2_000

ASK_VERB = "ask"
"""Begins the actions that need a question typed first; alone it asks about everything."""

_QUESTION_ID = "question"


class Door:
    """Where interactions come in. Every call asks the services for its context anew; nothing is kept between calls."""

    def __init__(self, services: Services, rest: Rest, publisher: Publisher, *, patience_s: float = PATIENCE_S) -> None:
        self._services = services
        self._publisher = publisher
        self._replies = Replies(rest)
        self._patience_s = patience_s
        self._answering: set[asyncio.Task[Any]] = set()
        self._places = asyncio.Semaphore(COMMANDS_AT_WORK)

    async def run_command(self, interaction: discord.Interaction[Any], name: str, values: Mapping[str, object]) -> None:
        """Answer a slash command, privately."""
        async with self._answering_to(interaction):
            context = await self._begin(interaction)
            if context is not None:
                reply = await self._in_time(dispatch(name, values, context))
                await self._replies.show(interaction, reply or say("There is nothing to show."))

    async def press_button(self, interaction: discord.Interaction[Any], action: str) -> None:
        """Answer a button: a form where a question is asked for, else what the action gives."""
        if action.partition(":")[0] == ASK_VERB:
            await self.open_question(interaction, action)
            return
        async with self._answering_to(interaction):
            await self._press(interaction, action)

    async def open_question(
        self, interaction: discord.Interaction[Any], action: str = ASK_VERB, *, about: str = ""
    ) -> None:
        """Show the form in which a question is typed, to be handed to `action`; `about` fills it in beforehand."""
        modal = discord.ui.Modal(title="Ask about the news", custom_id=CUSTOM_ID_PREFIX + action)
        field: discord.ui.TextInput[Any] = discord.ui.TextInput(
            custom_id=_QUESTION_ID,
            style=discord.TextStyle.paragraph,
            max_length=MAX_QUESTION_UNITS,
            default=about or None,
        )
        modal.add_item(discord.ui.Label(text="Your question", component=field))
        # Answers to forms are taken from the raw event, so that they survive a restart: the library need not keep it.
        modal.stop()
        await _acknowledge(interaction.response.send_modal(modal))

    async def take_question(self, interaction: discord.Interaction[Any]) -> None:
        """Answer a form that was filled in."""
        data: Mapping[str, Any] = interaction.data or {}
        custom_id = str(data.get("custom_id", ""))
        if not custom_id.startswith(CUSTOM_ID_PREFIX):
            return
        action = custom_id.removeprefix(CUSTOM_ID_PREFIX)
        typed = _typed_text(data.get("components") or [])
        async with self._answering_to(interaction):
            context = await self._begin(interaction)
            if context is not None:
                reply = await self._in_time(press(action, context, text=typed))
                await self._replies.show(interaction, reply or say("There is nothing to show."))

    async def suggest(
        self, interaction: discord.Interaction[Any], name: str, option: str, typed: str
    ) -> list[discord.app_commands.Choice[str]]:
        """Return what may be meant by what was typed so far; nothing when that takes too long."""
        caller = caller_of(interaction)
        if caller is None:
            return []
        try:
            found = await asyncio.wait_for(complete(name, option, typed, self._services.context(caller)), COMPLETION_S)
        except TimeoutError:
            return []
        fitting = [text for text in dict.fromkeys(found) if text.strip() and units(text) <= MAX_CHOICE_UNITS]
        return [
            discord.app_commands.Choice(name=neutralize_label(text, limit=MAX_CHOICE_UNITS) or "…", value=text)
            for text in fitting[:MAX_CHOICES]
        ]

    async def drain(self, timeout_s: float) -> None:
        """Wait for the answers under way, this long at most."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=timeout_s)

    async def refuse(self, interaction: discord.Interaction[Any], sentence: str) -> None:
        """Tell the caller one sentence, privately, whether or not the interaction was acknowledged before."""
        if not interaction.response.is_done() and not await _acknowledge(_defer(interaction)):
            return
        await self._replies.show(interaction, say(sentence))

    @asynccontextmanager
    async def _answering_to(self, interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
        """Let the bot wait for this answer before it stops, and never leave the caller with one that does not come."""
        task = asyncio.current_task()
        assert task is not None, "interactions are handled in tasks"
        self._answering.add(task)
        try:
            yield
        except Exception:
            ref = new_reference()
            log.exception("an interaction could not be answered", ref=ref)
            await self._replies.show(interaction, say(f"Something broke on my side (ref {ref}). It is in my log."))
        finally:
            self._answering.discard(task)

    async def _press(self, interaction: discord.Interaction[Any], action: str) -> None:
        # The next page takes the place of the one before, where only its reader sees it; page 0 opens a text.
        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        turns_page = action.startswith("page:") and not action.endswith(":0")
        context = await self._begin(interaction, in_place=is_private and turns_page)
        if context is None:
            return
        reply = await self._in_time(press(action, context))
        if reply is None:
            await self._replies.take_away(interaction)
        elif reply.private:
            await self._replies.show(interaction, reply)
        elif reply.announcement is not None:
            told = await announce_press(
                reply.announcement, context, publisher=self._publisher, press_id=str(interaction.id)
            )
            await self._replies.show(interaction, say(told))
        else:
            await self._replies.share(interaction, reply)

    async def _begin(self, interaction: discord.Interaction[Any], *, in_place: bool = False) -> Context | None:
        """Acknowledge, before anything else; return the context of the call, None when there is nothing to do."""
        acknowledged = await _acknowledge(interaction.response.defer() if in_place else _defer(interaction))
        if not acknowledged:
            return None
        caller = caller_of(interaction)
        if caller is None:
            await self._replies.show(interaction, say("I work in the channels of a server, not in direct messages."))
            return None
        return self._services.context(caller)

    async def _in_time(self, work: Coroutine[Any, Any, Reply] | Coroutine[Any, Any, Reply | None]) -> Reply | None:
        async def in_turn() -> Reply | None:
            async with self._places:
                return await work

        try:
            return await asyncio.wait_for(in_turn(), self._patience_s)
        except TimeoutError:
            log.warning("a command took longer than Discord waits", patience_s=self._patience_s)
            return say("This took longer than Discord waits for an answer. Please ask again, or ask for less.")


def caller_of(interaction: discord.Interaction[Any]) -> Caller | None:
    """Return who calls, as Discord's server says, and the channel; None outside of servers.

    In a thread the channel it belongs to: schedules, filters and digests are the channel's.
    """
    if interaction.guild_id is None or interaction.channel_id is None:
        return None
    channel = interaction.channel
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    permissions = interaction.permissions
    return Caller(
        destination=Destination(
            platform="discord",
            workspace=str(interaction.guild_id),
            channel=str(parent or interaction.channel_id),
        ),
        user=str(interaction.user.id),
        is_admin=permissions.manage_guild or permissions.administrator,
    )


def _defer(interaction: discord.Interaction[Any]) -> Awaitable[object]:
    return interaction.response.defer(ephemeral=True, thinking=True)


async def _acknowledge(work: Awaitable[object]) -> bool:
    """Return whether the interaction still waits for its answer."""
    try:
        await work
    except discord.NotFound:
        log.warning("an interaction was acknowledged too late")
        return False
    except (discord.HTTPException, discord.InteractionResponded, aiohttp.ClientError, OSError) as error:
        # Discord may well have taken it (the answer was lost, or it was acknowledged before): go on.
        log.warning("an acknowledgement failed", cause=repr(error))
    return True


def _typed_text(components: list[Any]) -> str:
    """Return the first value typed into a form; rows and labels nest it."""
    for component in components:
        if isinstance(component, dict):
            if isinstance(component.get("value"), str):
                return str(component["value"])
            inner = component.get("components") or [component.get("component")]
            found = _typed_text(inner)
            if found:
                return found
    return ""
