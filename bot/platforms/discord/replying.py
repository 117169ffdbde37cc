"""Shows replies: privately in the place of the acknowledgement, publicly in the channel or in its digest's thread.

Answers go out through REST, which outlives the gateway. What may be said twice without harm is tried again when it
failed; a public message carries a nonce, so that the same press posts it once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import discord
import structlog

from bot.commands.dispatch import Reply
from bot.model import Button, Buttons, Message, Paragraph
from bot.platforms.discord.publishing import MESSAGES_PATH, open_thread
from bot.platforms.discord.rendering import ACCENT, ACCENT_FAILED, Body, render_bodies, render_plainly
from bot.platforms.discord.rest import Answered, BadToken, CallOutcome, Lost, Rest, Unsent

log = structlog.get_logger()

MAX_PRIVATE_PARTS = 8
"""Messages of one private answer; a longer one asks to be narrowed."""

SEND_TRIES = 3
MAX_SEND_WAIT_S = 10.0

FLAG_EPHEMERAL = 1 << 6
_TOO_LATE = frozenset((10015, 10062, 50027))
"""Unknown webhook or interaction, invalid token: nobody waits for this answer any more."""

ANSWER_PATH = "/webhooks/{webhook_id}/{webhook_token}"
ORIGINAL_PATH = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"


class Replies:
    """Sends replies to interactions through REST."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    async def show(self, interaction: discord.Interaction[Any], reply: Reply) -> None:
        """Put a private reply in the place of the acknowledgement, and what does not fit into it below."""
        first, *others = _bodies_of(reply)
        if not await self._show_first(interaction, first):
            return
        for number, body in enumerate(others, start=2):
            if number > MAX_PRIVATE_PARTS:
                body = render_bodies(say("The answer goes on. Ask for less of it to see the rest.").message)[0]
            followed = {**body, "flags": body["flags"] | FLAG_EPHEMERAL}
            await self._call(interaction, "POST", ANSWER_PATH, json=followed)
            if number > MAX_PRIVATE_PARTS:
                return

    async def share(self, interaction: discord.Interaction[Any], reply: Reply) -> None:
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
            outcome = await _try(partial(self._rest.call, "POST", MESSAGES_PATH, json=body, channel_id=target))
            if not (isinstance(outcome, Answered) and outcome.status < 300):
                reason = outcome.reason if isinstance(outcome, Answered | Lost) else "Discord can't be reached"
                await self.show(interaction, say(f"I could not post it: {reason}."))
                return
        await self.show(interaction, say("Posted."))

    async def take_away(self, interaction: discord.Interaction[Any]) -> None:
        """Remove the acknowledgement: there is nothing to show."""
        await self._call(interaction, "DELETE", ORIGINAL_PATH)

    async def _show_first(self, interaction: discord.Interaction[Any], body: Body) -> bool:
        outcome = await self._call(interaction, "PATCH", ORIGINAL_PATH, json=body)
        if isinstance(outcome, Answered) and outcome.status == 400 and outcome.code not in _TOO_LATE:
            log.warning("Discord refused a layout; sending its text alone", reason=outcome.reason)
            outcome = await self._call(interaction, "PATCH", ORIGINAL_PATH, json=render_plainly(body))
        return isinstance(outcome, Answered) and outcome.status < 300

    async def _posted_in_thread(self, channel: str, thread: str, body: Body) -> bool:
        for opened in (False, True):
            if opened:
                await open_thread(self._rest, channel, thread, body)
            outcome = await self._rest.call("POST", MESSAGES_PATH, json=body, channel_id=thread)
            if isinstance(outcome, Answered) and outcome.status < 300:
                return True
        return False

    async def _call(
        self, interaction: discord.Interaction[Any], method: str, path: str, *, json: object = None
    ) -> CallOutcome:
        names: dict[str, Any] = {"webhook_id": str(interaction.application_id), "webhook_token": interaction.token}
        call = partial(self._rest.call, method, path, json=json, **names)
        return await _try(call, repeatable=method != "POST")


def say(sentence: str) -> Reply:
    """Return a private reply of one sentence."""
    return Reply(message=Message(blocks=(Paragraph(text=sentence),)), private=True, can_share=False)


async def _try(call: Callable[[], Awaitable[CallOutcome]], *, repeatable: bool = True) -> CallOutcome:
    outcome = await call()
    for attempt in range(SEND_TRIES - 1):
        if isinstance(outcome, BadToken) or (isinstance(outcome, Answered) and _is_final(outcome)):
            break
        limited = isinstance(outcome, Answered) and outcome.status == 429
        if not (repeatable or limited or isinstance(outcome, Unsent)):
            break
        wait_s = outcome.retry_after_s if isinstance(outcome, Answered) else None
        await asyncio.sleep(min(2**attempt if wait_s is None else wait_s, MAX_SEND_WAIT_S))
        outcome = await call()
    if not (isinstance(outcome, Answered) and outcome.status < 300):
        log.warning("an answer did not reach Discord", outcome=repr(outcome))
    return outcome


def _is_final(outcome: Answered) -> bool:
    return outcome.status != 429 and outcome.status < 500


def _bodies_of(reply: Reply) -> list[Body]:
    message = reply.message
    if reply.can_share and reply.share_action:
        share = Button(label="Post to channel", action=reply.share_action, style="primary")
        message = Message(blocks=(*message.blocks, Buttons(buttons=(share,))))
    return render_bodies(message, accent=ACCENT_FAILED if reply.failed else ACCENT)


def _digest_behind(interaction: discord.Interaction[Any]) -> str | None:
    """Return the id of the message whose button led to the one that was pressed now, None when there is none."""
    if interaction.message is None or isinstance(interaction.channel, discord.Thread):
        return None
    metadata = interaction.message.interaction_metadata
    while metadata is not None and metadata.interacted_message_id is None:
        metadata = metadata.modal_interaction
    return None if metadata is None else str(metadata.interacted_message_id)
