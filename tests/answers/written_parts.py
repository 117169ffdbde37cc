"""What the tests of written answers share: a writer on loopback, and models that answer well, badly or hostilely."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from bot.answers.answering import compose_answer, gather_evidence
from bot.answers.written import AnswerWriter
from bot.model import Answer
from bot.storage.archive import SqlArchive
from bot.summaries import instructions
from tests.llm.fake_openai import Body
from tests.llm.written_parts import Bench, prove

_EVIDENCE = re.compile(r"^\[(A\d+\.s\d+)\] (.*)$", re.MULTILINE)


def writer_of(bench: Bench, *, time_limit_s: float = 20.0, language: str | None = None) -> AnswerWriter:
    """Return a writer over the bench's server, with the real proof."""
    return AnswerWriter(
        asker=bench.writer.asker,
        verify=prove,
        is_instruction=instructions.is_instruction,
        language=language,
        time_limit_s=time_limit_s,
    )


async def ask(archive: SqlArchive, writer: AnswerWriter, question: str, *context: str) -> tuple[Answer, Answer]:
    """Return the extracted answer and the one that is shown."""
    gathered = await gather_evidence(question, archive=archive, collections=None, context=context)
    extracted = compose_answer(question, gathered)
    return extracted, await writer.write(gathered, extracted)


def evidence_in(body: Body) -> list[tuple[str, str]]:
    """Return the (id, text) of every sentence that a request shows."""
    shown = next(str(message["content"]) for message in body["messages"] if message["role"] == "user")
    return _EVIDENCE.findall(shown)


def quote_of(text: str) -> str:
    """Return the beginning of a sentence, short enough to be quoted."""
    return " ".join(text.split()[:8])


def claim(ids: Sequence[str], text: str, quote: str) -> dict[str, Any]:
    """Return a claim as a model writes it."""
    return {"text": text, "ids": list(ids), "quote": quote}


def reply(*claims: dict[str, Any], answer: str = "", status: str = "answered") -> str:
    """Return an answer as a model writes it."""
    return json.dumps({"answer": answer, "status": status, "claims": list(claims)}, ensure_ascii=False)


def stating(held: str, text: str, *, answer: str = "", quote: str = "") -> Callable[[Body], str]:
    """Claim this text on the first sentence shown that holds these words."""

    def write(body: Body) -> str:
        found = next((one for one in evidence_in(body) if held in one[1]), ("A99.s0", text))
        return reply(claim([found[0]], text, quote or quote_of(found[1])), answer=answer)

    return write


def copying(body: Body) -> str:
    """Answer as a dull model does, whether or not it was asked for: with the first sentences shown, copied."""
    return reply(*(claim([name], text, quote_of(text)) for name, text in evidence_in(body)[:3]))
