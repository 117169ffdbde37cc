"""Answers slash commands, buttons and forms: acknowledge first, then work in a task of its own.

An exception after the acknowledgement would make Bolt take it back, and Slack would tell the reader that the app
failed; so listeners only read the payload, acknowledge, and hand over.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.announcing import announce_press
from bot.commands.catalogue import CATALOGUE
from bot.commands.context import Context, Services
from bot.commands.declaring import bind
from bot.commands.dispatch import Reply, complete, press
from bot.errors import BadRequest
from bot.platforms.slack.asking import ask_text, ask_values, in_time, reworded
from bot.platforms.slack.blocks import PRESS_PREFIX, Json
from bot.platforms.slack.callers import Callers
from bot.platforms.slack.doors import MAIN_SLASH, command_text, form_command
from bot.platforms.slack.forms import (
    COMMAND_FORM,
    COMPLETE_PREFIX,
    QUESTION_FORM,
    answer_view,
    blamed_field,
    command_form,
    menu_entries,
    origin_of,
    question_form,
    question_of,
    read_form,
)
from bot.platforms.slack.membership import warn_if_outside
from bot.platforms.slack.replying import KEEP_PREFIX, WORKING, Replies, notice
from bot.platforms.slack.tasks import Work
from bot.ports import Publisher

log = structlog.get_logger()

ASK_VERB = "ask"
"""The buttons that need words of the reader before they can be carried out."""
REPLACING_VERBS = ("page", "share")
"""Buttons whose answer takes the place of the private answer they stand in."""
_NO_FORM = "The form did not open in time. Please press the button again."


class CommandDoor:
    """Slash commands, buttons and forms of one workspace."""

    def __init__(
        self,
        services: Services,
        client: AsyncWebClient,
        callers: Callers,
        replies: Replies,
        work: Work,
        publisher: Publisher,
        *,
        show_home: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._services = services
        self._client = client
        self._callers = callers
        self._replies = replies
        self._work = work
        self._publisher = publisher
        self._show_home = show_home

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt which listener takes what; unknown buttons and menus are acknowledged and come to nothing."""
        app.command(re.compile(r"^/"))(self._on_slash)
        app.options(re.compile(f"^{COMPLETE_PREFIX}"))(self._on_typing)
        app.view(re.compile(f"^({COMMAND_FORM}|{QUESTION_FORM})$"))(self._on_form)
        app.action(re.compile(f"^{PRESS_PREFIX}"))(self._on_press)
        app.action(re.compile(""))(self._on_anything_else)

    async def _on_slash(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._work.start(self._run_slash(body), name=f"slack {body['command']}")

    async def _on_press(self, ack: AsyncAck, body: Json) -> None:
        await ack()
        self._work.start(self._run_press(body), name="slack button")

    async def _on_form(self, ack: AsyncAck, body: Json) -> None:
        complaint = _complaint(body["view"])
        if complaint:
            await ack(response_action="errors", errors=complaint)
            return
        await ack()
        self._work.start(self._run_form(body), name="slack form")

    async def _on_typing(self, ack: AsyncAck, body: Json) -> None:
        """Answer at once: a menu has no later."""
        command, _, option = str(body["action_id"]).removeprefix(COMPLETE_PREFIX).rpartition(":")
        channel = origin_of(body.get("view") or {}).get("channel", body["user"]["id"])
        context = await self._context(body, channel)
        await ack(options=menu_entries(await complete(command, option, str(body.get("value") or ""), context)))

    async def _on_anything_else(self, ack: AsyncAck) -> None:
        await ack()

    async def _run_slash(self, body: Json) -> None:
        text = str(body.get("text") or "")
        asked = text.strip() if body["command"] == MAIN_SLASH else command_text(body["command"], text, CATALOGUE)
        context = await self._context(body, body["channel_id"])
        wanted = form_command(asked, CATALOGUE)
        if wanted and (wanted.who == "all" or context.caller.is_admin):
            origin = {"channel": str(body["channel_id"]), "response_url": str(body["response_url"])}
            if await self._open(body, command_form(wanted, origin=origin)):
                return
        reply = await self._noted(ask_text(asked, context), str(body["response_url"]))
        reply = await warn_if_outside(reply, asked, client=self._client, channel=str(body["channel_id"]))
        await self._replies.answer(reply, response_url=body["response_url"])

    async def _run_press(self, body: Json) -> None:
        action = str(body["actions"][0].get("value") or "")
        channel = str((body.get("channel") or {}).get("id") or body["user"]["id"])
        response_url = str(body.get("response_url") or "")
        if action.startswith(KEEP_PREFIX):
            await self._replies.keep_private(action, response_url=response_url)
            return
        if action.partition(":")[0] == ASK_VERB:
            origin = {"channel": channel, "response_url": response_url}
            if not await self._open(body, question_form(action, origin=origin)) and response_url:
                await self._replies.answer(notice(_NO_FORM), response_url=response_url)
            return
        context = await self._context(body, channel)
        reply = await press(action, context)
        if reply is None:
            return
        if reply.announcement is not None:
            press_id = str(body.get("trigger_id") or body["actions"][0].get("action_ts"))
            told = await announce_press(reply.announcement, context, publisher=self._publisher, press_id=press_id)
            reply = notice(told)
        if reply.failed:
            reply = reworded(reply, "")
        if not response_url:
            await self._open(body, answer_view(reply.message))
            # What was decided there must not be asked again.
            await self._show_home(str(body["team"]["id"]), str(body["user"]["id"]))
            return
        await self._show_pressed(reply, action, body, response_url)

    async def _show_pressed(self, reply: Reply, action: str, body: Json, response_url: str) -> None:
        """Show what a button brought: beside the message it stands in, or in its place where that is private."""
        is_private = bool((body.get("container") or {}).get("is_ephemeral"))
        takes_place = is_private and not reply.failed and action.partition(":")[0] in REPLACING_VERBS
        arrived = await self._replies.answer(reply, response_url=response_url, replace=takes_place and reply.private)
        if arrived and takes_place and not reply.private:
            await self._replies.take_away(response_url=response_url)

    async def _run_form(self, body: Json) -> None:
        view = body["view"]
        origin = origin_of(view)
        channel = origin.get("channel") or str(body["user"]["id"])
        context = await self._context(body, channel)
        if view["callback_id"] == QUESTION_FORM:
            reply = await press(origin.get("action", ASK_VERB), context, text=question_of(view))
        else:
            command = origin.get("command", "help")
            answered = await self._noted(ask_values(command, read_form(view), context), origin.get("response_url", ""))
            reply = await warn_if_outside(answered, command, client=self._client, channel=channel)
        if reply is None:
            return
        if origin.get("response_url"):
            await self._replies.answer(reply, response_url=origin["response_url"])
        else:
            await self._replies.whisper(reply, channel=channel, user=str(body["user"]["id"]))

    async def _noted(self, work: Coroutine[Any, Any, Reply], response_url: str) -> Reply:
        """Return the reply; say that it is being worked on when it takes a while, and apologize when it never comes."""
        working = asyncio.create_task(in_time(work, places=self._work.places))
        await asyncio.wait({working}, timeout=self._replies.note_after_s)
        if not working.done() and response_url:
            await self._replies.answer(WORKING, response_url=response_url)
        return await working

    async def _open(self, body: Json, view: Json) -> bool:
        """Open a modal; Slack takes the trigger of a request for three seconds only."""
        try:
            await self._client.views_open(trigger_id=body["trigger_id"], view=view)
        except Exception as error:
            log.warning("a form of Slack did not open", why=type(error).__name__)
            return False
        return True

    async def _context(self, body: Json, channel: str) -> Context:
        user = str(body.get("user_id") or body["user"]["id"])
        team = str(body.get("team_id") or body["team"]["id"])
        return self._services.context(await self._callers.caller(team=team, user=user, channel=str(channel)))


def _complaint(view: dict[str, Any]) -> dict[str, str]:
    """Return what is wrong with a filled-in form, by field; empty when it can be carried out."""
    name = origin_of(view).get("command", "")
    command = next((command for command in CATALOGUE if command.name == name), None)
    if view["callback_id"] != COMMAND_FORM or command is None:
        return {}
    try:
        bind(command, read_form(view))
    except BadRequest as error:
        return {blamed_field(command, str(error)): str(error)}
    return {}
