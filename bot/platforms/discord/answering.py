"""Answers interactions: acknowledges at once, lets the command run, and shows its reply to whom it is meant for.

What needs the gateway's client is the acknowledgement alone; answers go out through REST, which outlives it.
Source: https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import aiohttp
import discord
import structlog

from bot.commands.announcing import Announcement, announce
from bot.commands.context import Context, Services
from bot.commands.dispatch import Reply, complete, dispatch, press
from bot.model import Button, Buttons, Caller, Destination, Message, Paragraph
from bot.platforms.discord.neutralizing import neutralize_label, units
from bot.platforms.discord.publishing import MESSAGES_PATH, open_thread
from bot.platforms.discord.rendering import (
    ACCENT,
    ACCENT_FAILED,
    CUSTOM_ID_PREFIX,
    Body,
    render_bodies,
    render_plainly,
    texts_of,
)
from bot.platforms.discord.rest import Answered, BadToken, CallOutcome, Lost, Rest, Unsent
from bot.ports import Publisher

log = structlog.get_logger()

PATIENCE_S = 14 * 60.0
"""Seconds a command may take: an interaction's token lives 15 minutes, and the apology needs it too."""

COMMANDS_AT_WORK = 8
"""Commands carried out side by side; the others wait, acknowledged. A rush of readers must not keep the archive from
those who write to it."""

COMPLETION_S = 2.0
"""Seconds for a completion, whose answer Discord drops after 3 s."""

MAX_CHOICES = 25
MAX_CHOICE_UNITS = 100
MAX_QUESTION_UNITS = 2_000
MAX_PRIVATE_PARTS = 8
"""Messages of one private answer; a longer one asks to be narrowed."""

SEND_TRIES = 3
MAX_SEND_WAIT_S = 10.0

FLAG_EPHEMERAL = 1 << 6
_TOO_LATE = frozenset((10015, 10062, 50027))
"""Unknown webhook or interaction, invalid token: nobody waits for this answer any more."""

ANSWER_PATH = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL_PATH = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"

ASK_VERB = "ask"
"""Begins the actions that need a question typed first; alone it asks about everything."""

ANNOUNCED = "It is posted in a moment, and counts as told here."

_QUESTION_ID = "question"


class Door:
    """Where interactions come in. Every call asks the services for its context anew; nothing is kept between calls."""

    def __init__(self, services: Services, rest: Rest, publisher: Publisher, *, patience_s: float = PATIENCE_S) -> None:
        self._services = services
        self._publisher = publisher
        self._rest = rest
        self._patience_s = patience_s
        self._answering: set[asyncio.Task[Any]] = set()
        self._places = asyncio.Semaphore(COMMANDS_AT_WORK)

    async def run_command(self, interaction: discord.Interaction[Any], name: str, values: Mapping[str, object]) -> None:
        """Answer a slash command, privately."""
        async with self._answering_to(interaction):
            context = await self._begin(interaction)
            if context is not None:
                await self._show(interaction, await self._in_time(dispatch(name, values, context)))

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
                await self._show(interaction, reply or _say("There is nothing to show."))

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
        await self._show(interaction, _say(sentence))

    @asynccontextmanager
    async def _answering_to(self, interaction: discord.Interaction[Any]) -> AsyncIterator[None]:
        """Let the bot wait for this answer before it stops, and never leave the caller with one that does not come."""
        task = asyncio.current_task()
        assert task is not None, "interactions are handled in tasks"
        self._answering.add(task)
        try:
            yield
        except Exception:
            ref = secrets.token_hex(2)
            log.exception("an interaction could not be answered", ref=ref)
            await self._show(interaction, _say(f"Something broke on my side (ref {ref}). It is in my log."))
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
            await self._call(interaction, "DELETE", ORIGINAL_PATH)
        elif reply.private:
            await self._show(interaction, reply)
        elif reply.announcement is not None:
            await self._announce(interaction, reply.announcement, context)
        else:
            await self._share(interaction, reply)

    async def _begin(self, interaction: discord.Interaction[Any], *, in_place: bool = False) -> Context | None:
        """Acknowledge, before anything else; return the context of the call, None when there is nothing to do."""
        acknowledged = await _acknowledge(interaction.response.defer() if in_place else _defer(interaction))
        if not acknowledged:
            return None
        caller = caller_of(interaction)
        if caller is None:
            await self._show(interaction, _say("I work in the channels of a server, not in direct messages."))
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
            return _say("This took longer than Discord waits for an answer. Please ask again, or ask for less.")

    async def _show(self, interaction: discord.Interaction[Any], reply: Reply | None) -> None:
        """Put a private reply in the place of the acknowledgement, and what does not fit into it below."""
        if reply is None:
            return
        first, *others = _bodies_of(reply)
        if not await self._show_first(interaction, first):
            return
        for number, body in enumerate(others, start=2):
            if number > MAX_PRIVATE_PARTS:
                body = render_bodies(_say("The answer goes on. Ask for less of it to see the rest.").message)[0]
            followed = {**body, "flags": body["flags"] | FLAG_EPHEMERAL}
            await self._call(interaction, "POST", ANSWER_PATH, json=followed)
            if number > MAX_PRIVATE_PARTS:
                return

    async def _show_first(self, interaction: discord.Interaction[Any], body: Body) -> bool:
        outcome = await self._call(interaction, "PATCH", ORIGINAL_PATH, json=body)
        if isinstance(outcome, Answered) and outcome.status == 400 and outcome.code not in _TOO_LATE:
            log.warning("Discord refused a layout; sending its text alone", reason=outcome.reason)
            outcome = await self._call(interaction, "PATCH", ORIGINAL_PATH, json=render_plainly(body))
        return isinstance(outcome, Answered) and outcome.status < 300

    async def _share(self, interaction: discord.Interaction[Any], reply: Reply) -> None:
        """Post a reply for everybody: in the thread of the digest it came from, else in the channel."""
        bodies = render_bodies(reply.message, accent=ACCENT)
        channel = str(interaction.channel_id)
        thread = _digest_behind(interaction)
        target = channel
        for number, body in enumerate(bodies):
            # The same press posts once, even when Discord's answer is lost and the call is made again.
            body = {**body, "nonce": f"{interaction.id}{number:02d}"[-25:], "enforce_nonce": True}
            if number == 0 and thread is not None and await self._posted_in_thread(channel, thread, body):
                target = thread
                continue
            outcome = await self._try(partial(self._rest.call, "POST", MESSAGES_PATH, json=body, channel_id=target))
            if not (isinstance(outcome, Answered) and outcome.status < 300):
                reason = outcome.reason if isinstance(outcome, Answered | Lost) else "Discord can't be reached"
                await self._show(interaction, _say(f"I could not post it: {reason}."))
                return
        await self._show(interaction, _say("Posted."))

    async def _announce(
        self, interaction: discord.Interaction[Any], announcement: Announcement, context: Context
    ) -> None:
        """Post a digest as schedules do; the same press posts it once."""
        await announce(
            announcement,
            context.caller.destination,
            publisher=self._publisher,
            outbox=context.outbox,
            clock=context.clock,
            batch=f"press:discord:{interaction.id}",
        )
        await self._show(interaction, _say(ANNOUNCED))

    async def _posted_in_thread(self, channel: str, thread: str, body: Body) -> bool:
        for opened in (False, True):
            if opened:
                title = (next(texts_of(body["components"]), "") or "Details").splitlines()[0]
                await open_thread(self._rest, channel, thread, title)
            outcome = await self._rest.call("POST", MESSAGES_PATH, json=body, channel_id=thread)
            if isinstance(outcome, Answered) and outcome.status < 300:
                return True
        return False

    async def _call(
        self, interaction: discord.Interaction[Any], method: str, path: str, *, json: object = None
    ) -> CallOutcome:
        """Make a call about an interaction; what may be said twice without harm is tried again when it failed."""
        names: dict[str, Any] = {"webhook_id": str(interaction.application_id), "webhook_token": interaction.token}
        call = partial(self._rest.call, method, path, json=json, **names)
        return await self._try(call, repeatable=method != "POST")

    async def _try(self, call: Callable[[], Awaitable[CallOutcome]], *, repeatable: bool = True) -> CallOutcome:
        outcome = await call()
        for attempt in range(SEND_TRIES - 1):
            answered = isinstance(outcome, Answered)
            if isinstance(outcome, BadToken) or (isinstance(outcome, Answered) and _is_final(outcome)):
                break
            limited = isinstance(outcome, Answered) and outcome.status == 429
            if not (repeatable or limited or isinstance(outcome, Unsent)):
                break
            wait_s = outcome.retry_after_s if isinstance(outcome, Answered) and answered else None
            await asyncio.sleep(min(2**attempt if wait_s is None else wait_s, MAX_SEND_WAIT_S))
            outcome = await call()
        if not (isinstance(outcome, Answered) and outcome.status < 300):
            log.warning("an answer did not reach Discord", outcome=repr(outcome))
        return outcome


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


def _bodies_of(reply: Reply) -> list[Body]:
    message = reply.message
    if reply.can_share and reply.share_action:
        share = Button(label="Post to channel", action=reply.share_action, style="primary")
        message = Message(blocks=(*message.blocks, Buttons(buttons=(share,))))
    return render_bodies(message, accent=ACCENT_FAILED if reply.failed else ACCENT)


def _say(sentence: str) -> Reply:
    return Reply(message=Message(blocks=(Paragraph(text=sentence),)), private=True, can_share=False)


def _is_final(outcome: Answered) -> bool:
    return outcome.status != 429 and outcome.status < 500


def _digest_behind(interaction: discord.Interaction[Any]) -> str | None:
    """Return the id of the message whose button led to the one that was pressed now, None when there is none."""
    if interaction.message is None or isinstance(interaction.channel, discord.Thread):
        return None
    metadata = interaction.message.interaction_metadata
    while metadata is not None and metadata.interacted_message_id is None:
        metadata = metadata.modal_interaction
    return None if metadata is None else str(metadata.interacted_message_id)


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
