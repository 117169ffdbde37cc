"""The chat: takes a command or a question, lets the catalogue answer, and tells the browser's pages as it goes.

Without a script each form is sent and the conversation comes back as a page; with one, answers come as events.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import web
from markupsafe import Markup

from bot.commands.catalogue import CATALOGUE
from bot.commands.context import Context
from bot.commands.declaring import Command, options_of
from bot.commands.dispatch import Reply, complete, dispatch, dispatch_text, press
from bot.errors import BadRequest, Unavailable
from bot.model import Heading, Message, Paragraph
from bot.platforms.web.answering import see_other, show_page
from bot.platforms.web.conversations import MAX_RUNNING, Conversation, Exchange
from bot.platforms.web.house import HOUSE, SESSION, House
from bot.platforms.web.posting import show_posted
from bot.platforms.web.rendering import render_message
from bot.platforms.web.sessions import Session

log = structlog.get_logger()

PATIENCE_S = 15 * 60.0
"""Seconds after which an answer is given up; an LLM may write many summaries first."""

WAIT_FOR_PAGE_S = 25.0
"""Seconds that a form sent without a script waits for its answer before the page comes back without it."""

MAX_LABEL_CHARS = 80
SUGGESTIONS = ("/digest", "/digest since:7d", "/status", "/help")

_FIRST_WORDS = frozenset(command.name.partition(" ")[0] for command in CATALOGUE)


async def show_chat(request: web.Request) -> web.Response:
    """Return the conversation so far, with the form below it."""
    house, session = request.app[HOUSE], session_of(request)
    conversation = await conversation_of(house, session)
    return show_page(
        request,
        "chat.html",
        here="chat",
        exchanges=[(one, _pieces(one)) for one in conversation.exchanges],
        last_event_id=conversation.last_event_id,
        suggestions=SUGGESTIONS,
        about=request.query.get("about", "")[:100],
        asked=request.query.get("ask", "")[:2_000],
    )


async def show_commands(_: web.Request) -> web.Response:
    """Return the declared commands with their arguments, for completion while typing."""
    return web.json_response([_declaration(command) for command in CATALOGUE])


async def show_completions(request: web.Request) -> web.Response:
    """Return what may be meant by the value of one argument that is typed so far."""
    wanted = {name: request.query.get(name, "")[:200] for name in ("command", "option", "typed")}
    context = request.app[HOUSE].context(request[SESSION])
    return web.json_response(await complete(wanted["command"], wanted["option"], wanted["typed"], context))


async def say(request: web.Request) -> web.Response:
    """Take what was typed. A script gets its number at once; a form gets the page, with the answer if it comes soon."""
    form = await request.post()
    text, about = str(form.get("text", "")).strip(), str(form.get("about", ""))
    house, session = request.app[HOUSE], session_of(request)
    if not text:
        raise BadRequest("Type a question, or a command such as /digest.")
    context = await _context_of(house, session)
    if about and not text.startswith("/"):
        return await _answer(request, text, press(about, context, text=text), is_question=True)
    # "Why was the bridge closed?" is a question, not the command of that name: those begin with a slash or stand alone.
    is_question = not text.startswith("/") and text.casefold() not in _FIRST_WORDS
    work = dispatch("ask", {"question": text}, context) if is_question else dispatch_text(text, context)
    return await _answer(request, text, work, is_question=is_question)


async def press_button(request: web.Request) -> web.Response:
    """Take a button of the chat."""
    form = await request.post()
    action, label = str(form.get("action", "")), str(form.get("label", "")).strip()[:MAX_LABEL_CHARS]
    if not action:
        raise BadRequest("This button says nothing. Load the page anew.")
    context = await _context_of(request.app[HOUSE], session_of(request))
    return await _answer(request, label or _label_of(action), press(action, context), is_question=False)


def session_of(request: web.Request) -> Session:
    """Return the browser's session. Raises: BadRequest when it takes no cookie."""
    session = request[SESSION]
    if session is None:
        raise BadRequest("The chat needs a cookie, to know your conversation. Open the page itself and try again.")
    return session


async def conversation_of(house: House, session: Session) -> Conversation:
    """Return the browser's conversation; a new one begins with what was posted to its channel before."""
    known = house.conversations.known(session.channel)
    if known is not None:
        return known
    posted = await show_posted(house, session.channel)
    conversation = house.conversations.of(session.channel)
    if not conversation.exchanges:
        conversation.exchanges.extend(posted)
    return conversation


async def _context_of(house: House, session: Session) -> Context:
    context = house.context(session)
    conversation = await conversation_of(house, session)
    return replace(context, earlier=conversation.earlier_questions())


async def _answer(
    request: web.Request, asked: str, work: Coroutine[Any, Any, Reply | None], *, is_question: bool
) -> web.Response:
    house, session = request.app[HOUSE], session_of(request)
    conversation = await conversation_of(house, session)
    if conversation.running >= MAX_RUNNING:
        work.close()
        raise Unavailable("Your earlier questions are still being answered; ask again when one of them is.")
    exchange = conversation.begin(asked, is_question=is_question)
    conversation.running += 1
    conversation.tell("asked", exchange=exchange.id, asked=asked)
    task = asyncio.create_task(_work(conversation, exchange, work))
    house.tasks.add(task)
    task.add_done_callback(house.tasks.discard)
    if request.headers.get("Accept", "").startswith("application/json"):
        return web.json_response({"exchange": exchange.id}, status=202)
    await asyncio.wait({task}, timeout=WAIT_FOR_PAGE_S)
    return see_other(f"/chat#{exchange.id}")


async def _work(conversation: Conversation, exchange: Exchange, work: Coroutine[Any, Any, Reply | None]) -> None:
    """Have the answer made and tell it block by block."""
    try:
        conversation.tell("working", exchange=exchange.id)
        try:
            reply = await asyncio.wait_for(work, PATIENCE_S)
        except TimeoutError:
            log.warning("an answer took too long", asked=exchange.asked[:MAX_LABEL_CHARS])
            reply = _say("This took too long, so I stopped. Ask for less at once, or try again later.", failed=True)
        reply = reply or _say("There is nothing to show.")
        _show(conversation, exchange, reply)
    except Exception:
        log.exception("an answer of the chat broke", asked=exchange.asked[:MAX_LABEL_CHARS])
        _show(conversation, exchange, _say("Something broke on my side; trying again may help.", failed=True))
    finally:
        conversation.running -= 1


def _show(conversation: Conversation, exchange: Exchange, reply: Reply) -> None:
    exchange.answer, exchange.failed = reply.message, reply.failed
    for number, piece in enumerate(_pieces(exchange)):
        conversation.tell("block", exchange=exchange.id, number=number, html=piece)
    conversation.tell("done", exchange=exchange.id, failed=reply.failed)


def _pieces(exchange: Exchange) -> list[Markup]:
    """Return the answer's blocks, without a heading that only says the question again."""
    if exchange.answer is None:
        return []
    blocks = exchange.answer.blocks
    says_again = blocks and isinstance(blocks[0], Heading) and blocks[0].text == exchange.asked
    return render_message(Message(blocks=blocks[1:] if says_again else blocks))


def _declaration(command: Command) -> dict[str, object]:
    return {
        "name": command.name,
        "help": command.help,
        "example": command.example,
        "who": command.who,
        "options": [
            {
                "name": option.name,
                "help": option.help,
                "kind": option.kind,
                "required": option.required,
                "choices": list(option.choices),
                "completes": bool(option.choices or option.complete),
            }
            for option in options_of(command)
        ],
    }


def _label_of(action: str) -> str:
    """Return what a press is called in the conversation when no script told the button's label."""
    labels = {
        "proof": "Show the proof",
        "sources": "Show the sources",
        "page": "Next page",
        "vote": "Vote",
        "again": "Post again",
        "settled": "Mark as posted",
        "share": "Share",
    }
    return labels.get(action.partition(":")[0], "A button")


def _say(text: str, *, failed: bool = False) -> Reply:
    return Reply(message=Message(blocks=(Paragraph(text=text),)), failed=failed)
