"""Questions asked at the terminal: one, or a file of them, answered as JSON lines or as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.answers.answering import answer_question
from bot.commands.ask import answer_message, nothing_answers
from bot.commands.dated_questions import DatedAnswer, answer_days
from bot.commands.timeline import timeline_message
from bot.errors import BadRequest
from bot.model import Answer
from bot.platforms.terminal.contracts import answer_object
from bot.platforms.terminal.dating import claim_object
from bot.platforms.terminal.json_lines import read_objects, text_field
from bot.platforms.terminal.printing import print_line, print_message
from bot.ports import Archive

ANSWERED, NOTHING_FOUND = 0, 1


async def show_answer(archive: Archive, question: str, *, as_json: bool) -> int:
    """Print the answer to one question. Raises: BadRequest when nothing is asked."""
    if not question.strip():
        raise BadRequest("Ask a question.")
    found = await _answer(question, archive)
    answer = found.answer if isinstance(found, DatedAnswer) else found
    if as_json:
        print_line(_found_object(found))
    elif isinstance(found, DatedAnswer):
        print_message(timeline_message(found.topic, found.claims, span=found.span))
    else:
        print_message(answer_message(answer) if answer.grounded else nothing_answers(answer))
    return ANSWERED if answer.grounded else NOTHING_FOUND


async def show_batch_answers(archive: Archive, file: Path) -> int:
    """Print the answer to each {id, question, context?} of the file, in its order, with its id."""
    for number, row in read_objects(file):
        where = f"{file}, line {number}"
        question = text_field(row, "question", where)
        found = await _answer(question, archive, _context_of(row, where))
        print_line({"id": row.get("id"), **_found_object(found)})
    return ANSWERED


async def _answer(question: str, archive: Archive, context: Sequence[str] = ()) -> Answer | DatedAnswer:
    """Return the answer; to a question for days, a timeline when what was read names such days."""
    days = await answer_days(question, archive=archive, collections=None, now=datetime.now(UTC), earlier=context)
    return days or await answer_question(question, archive=archive, collections=None, context=context)


def _found_object(found: Answer | DatedAnswer) -> dict[str, Any]:
    """Return an answer as JSON; `days` are its entries when it is a timeline."""
    if isinstance(found, DatedAnswer):
        return {**answer_object(found.answer), "days": [claim_object(claim) for claim in found.claims]}
    return {**answer_object(found), "days": []}


def _context_of(row: dict[str, Any], where: str) -> list[str]:
    """Return the earlier questions of a line. Raises: BadRequest when they are no list of texts."""
    context = row.get("context")
    if context is None:
        return []
    if isinstance(context, list) and all(isinstance(earlier, str) for earlier in context):
        return context
    raise BadRequest(f"{where}: the field 'context' should be a list of the questions asked before.")
