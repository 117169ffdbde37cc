"""Runs commands, buttons and completions for every door; the only place where errors become messages.

Each call checks the permission anew, from what the platform's server said of the caller.
"""

from __future__ import annotations

import time
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.commands.actions import MAX_ACTION_CHARS, utf16_length
from bot.commands.announcing import Announcement
from bot.commands.ask import FOLLOW_UP
from bot.commands.buttons import press_button
from bot.commands.catalogue import CATALOGUE, find_command
from bot.commands.completing import complete_option
from bot.commands.context import Context
from bot.commands.declaring import Command, bind, options_of
from bot.commands.digest import announce_digest
from bot.commands.parsing import parse_command
from bot.courtesy import answering
from bot.errors import BotError, NotAllowed, Unavailable, new_reference
from bot.model import Bullets, Buttons, Links, Message, Paragraph, Quote, Table
from bot.text.normalizing import normalize

log = structlog.get_logger()

COMMANDS_AT_WORK = 8
"""Commands that a platform carries out side by side; the others wait, acknowledged. A rush of readers must not keep the
archive from those who write to it."""

_QUOTE_PAIRS = ('""', "«»", "「」")

DIGEST = "digest"
"""The command that tells a channel its news; the others answer what somebody asked."""

SHARED_COMMANDS = frozenset((DIGEST, "ask", "search", "story", "timeline", "article", "why"))
"""Commands whose answers are of use to a whole channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to show, and to whom.

    `private` answers are for the caller alone. `can_share` says that this caller may post the answer to the channel:
    press `share_action` then, which returns it with `private` False; it works after any restart. An `announcement` is
    to be posted through the outbox, which also writes down that the channel was told. What `is_news` stays with its
    reader unless it is announced: shown to the channel in any other way, its next digest would tell the same again.
    """

    message: Message
    private: bool = True
    can_share: bool = False
    failed: bool = False
    share_action: str | None = None
    announcement: Announcement | None = None
    is_news: bool = False


async def dispatch(name: str, values: Mapping[str, object], context: Context) -> Reply:
    """Return the answer of a command, given its values by option name. Never raises."""
    return await _answered(_run(name, values, context), f"/{name}")


async def dispatch_text(text: str, context: Context) -> Reply:
    """Return the answer of a command written as text, with or without its slash; of nothing, the help. Never raises."""
    return await _answered(_run_text(text, context), "a command as text")


async def press(action: str, context: Context, *, text: str | None = None) -> Reply | None:
    """Return the answer of a button; None when there is nothing to show. `text` is what a form was filled in with.

    Never raises. An action that nobody knows (an old version's, a forged one) is answered, not carried out.
    """
    return await _answered(_press(normalize(action), context, text), f"the button {action[:MAX_ACTION_CHARS]!r}")


async def complete(name: str, option: str, typed: str, context: Context) -> list[str]:
    """Return what may be meant, best first: at most 25 texts of at most 100 characters. Never raises."""
    try:
        command = find_command(name)
        _check_permission(command, context)
        wanted = next(o for o in options_of(command) if o.name == option)
        names = [one.name for one in CATALOGUE]
        return await complete_option(wanted, normalize(typed), context, commands=names)
    except (BotError, StopIteration):
        return []
    except Exception:
        log.exception("completing failed", command=name, option=option)
        return []


async def _answered(work: Coroutine[Any, Any, Reply], what: str) -> Reply:
    try:
        with answering():
            return await work
    except BotError as error:
        if isinstance(error, Unavailable) or error.__cause__ is not None:
            log.warning(str(error), asked=what, cause=repr(error.__cause__) if error.__cause__ else None)
        return _failure(_sentence(error))
    except Exception as error:
        ref = new_reference()
        log.exception("a command broke", ref=ref, asked=what, cause=repr(error))
        return _failure(f"Something broke on my side (ref {ref}). It is in my log; trying again may help.")


async def _run_text(text: str, context: Context) -> Reply:
    cleaned = normalize(text).strip().removeprefix("/")
    if not cleaned:
        return await _run("help", {}, context)
    command, values = parse_command(cleaned)
    return await _run(command.name, values, context)


async def _run(name: str, values: Mapping[str, object], context: Context, *, counted: bool = True) -> Reply:
    command = find_command(name)
    _check_permission(command, context)
    cleaned = {key: _clean(value) for key, value in values.items()}
    arguments = bind(command, cleaned)
    if command.costs and counted and context.max_usd_per_day is not None:
        await _count_use(context)
    message = await _handled(command, arguments, context)
    shares = _may_share(command, context) and _holds_news(message)
    action = _share_action(command, cleaned) if shares else None
    return Reply(message=message, can_share=action is not None, share_action=action, is_news=command.name == DIGEST)


async def _handled(command: Command, arguments: Any, context: Context) -> Message:
    began, failed = time.perf_counter(), True
    try:
        message = await command.handle(arguments, context)
        failed = False
        return message
    finally:
        context.meter.answered(command.name, time.perf_counter() - began, failed=failed)


async def _press(action: str, context: Context, text: str | None) -> Reply:
    if action.startswith("share:"):
        return await _share(action.removeprefix("share:"), context)
    if action == "ask":
        return await _run("ask", {"question": text or ""}, context)
    if action.startswith(FOLLOW_UP):
        return await _run("ask", {"question": text or ""}, replace(context, earlier=(action.removeprefix(FOLLOW_UP),)))
    return Reply(message=await press_button(action, context))


async def _share(text: str, context: Context) -> Reply:
    command, values = parse_command(text)
    if not _may_share(command, context):
        raise NotAllowed(f"Only admins can post a {command.name} to the channel.")
    day = context.clock.now().date().isoformat()
    channel = context.caller.destination.key
    if not await context.desk.count_use(f"share:{channel}", day, limit=context.limits.shares_a_channel):
        raise NotAllowed("This channel has been shown enough answers for today; it starts anew at midnight UTC.")
    if command.name == DIGEST:
        wanted: Any = bind(command, {key: _clean(value) for key, value in values.items()})
        announcement = await announce_digest(wanted, context)
        return Reply(message=announcement.message, private=False, announcement=announcement)
    reply = await _run(command.name, values, context, counted=False)
    return Reply(message=reply.message, private=False)


def _check_permission(command: Command, context: Context) -> None:
    if command.who == "admin" and not context.caller.is_admin:
        raise NotAllowed(f"/{command.name} is for admins of this channel only. Ask one of them to run it.")


def _may_share(command: Command, context: Context) -> bool:
    # A digest speaks for the channel; answers to questions are the reader's own.
    return command.name in SHARED_COMMANDS and (command.name != DIGEST or context.caller.is_admin)


def _holds_news(message: Message) -> bool:
    """Return whether there is more in it than a sentence of ours: "nothing new" is nothing to show a channel."""
    return any(isinstance(block, Bullets | Quote | Table | Links | Buttons) for block in message.blocks)


def _share_action(command: Command, values: Mapping[str, object]) -> str | None:
    """Return the action that answers this again, in public; None when its text is too long for a button."""
    words = [f"share:{command.name}"]
    for name, value in values.items():
        text = "" if value is None else str(value)
        quotes = next((pair for pair in _QUOTE_PAIRS if not set(pair) & set(text)), None)
        if quotes is None:
            return None
        if text.strip():
            words.append(f"{name}:{quotes[0]}{text}{quotes[1]}")
    action = " ".join(words)
    return action if utf16_length(action) <= MAX_ACTION_CHARS else None


async def _count_use(context: Context) -> None:
    day = context.clock.now().date().isoformat()
    destination, user, limits = context.caller.destination, context.caller.user, context.limits
    workspace = f"{destination.platform}:{destination.workspace}"
    # The user first: whoever has none left takes nothing from the channel.
    if not await context.desk.count_use(f"user:{workspace}:{user}", day, limit=limits.uses_a_user):
        raise NotAllowed(
            f"You have asked {limits.uses_a_user:,} times today, which is the limit; it starts anew at midnight UTC."
            " /search costs nothing and goes on working."
        )
    if not await context.desk.count_use(f"channel:{destination.key}", day, limit=limits.uses_a_channel):
        raise NotAllowed(
            f"This channel has asked {limits.uses_a_channel:,} times today, which is the limit;"
            " it starts anew at midnight UTC. /search costs nothing and goes on working."
        )


def _clean(value: object) -> object:
    return normalize(value) if isinstance(value, str) else value


def _sentence(error: BotError) -> str:
    text = str(error)
    if isinstance(error, Unavailable) and error.retry_after_s:
        text = f"{text} Try again in {round(error.retry_after_s)} s."
    return text or "That can't be done."


def _failure(text: str) -> Reply:
    return Reply(message=Message(blocks=(Paragraph(text=text),)), failed=True)
