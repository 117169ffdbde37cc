"""Answers written by an LLM out of the sentences that retrieval found, every claim proved; else the extracted answer.

It writes over retrieved passages alone. Where extraction refuses to answer it is asked only when a name, a date or a
number is wanted and one of that kind stands in a sentence that nearly answers; then its claim must hold that span.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass, replace
from typing import Final

from bot.answers.answering import MAX_QUESTION_CHARS, Gathered
from bot.answers.questions import TYPED
from bot.answers.written_claims import AnswerJudge
from bot.answers.written_form import ANSWER
from bot.answers.written_showing import excerpts_of, show_evidence
from bot.errors import BotError, Unavailable
from bot.model import Answer
from bot.summaries.written_asking import Asker, Bill
from bot.summaries.written_checks import IsInstruction, Verify
from bot.summaries.written_prompting import is_foreign, is_forged, name_language
from bot.summaries.written_schema import ASKED_WORDS

TIME_LIMIT_S: Final = 20.0
"""Seconds that a reader waits for the LLM before the extracted answer is shown."""

OUT_OF_TIME: Final = "the LLM took too long"
UNSUPPORTED: Final = "the LLM found no answer in these sentences"
NOT_TO_THE_POINT: Final = "what the LLM wrote did not answer the question"
_TASK: Final = "answer"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWriter:
    """Asks under the budget, the cache and the turns of the summaries' LLM.

    `language` is the English name of the output language; by default the articles' own.
    """

    asker: Asker
    verify: Verify
    is_instruction: IsInstruction
    language: str | None = None
    time_limit_s: float = TIME_LIMIT_S

    async def write(self, gathered: Gathered, extracted: Answer) -> Answer:
        """Return the written answer, or the extracted one with a note that says why; never raises a BotError."""
        if not _may_answer(gathered, extracted):
            return extracted
        try:
            async with asyncio.timeout(self.time_limit_s):
                return await self._write(gathered, extracted)
        except TimeoutError:
            return replace(extracted, note=OUT_OF_TIME)
        except BotError as error:
            _log.info("no LLM answer: %s (%s)", error, error.__cause__)
            return replace(extracted, note=str(error).rstrip("."))

    async def _write(self, gathered: Gathered, extracted: Answer) -> Answer:
        asked = extracted.question[:MAX_QUESTION_CHARS]
        own = gathered.judged[0].evidence.article.language
        if self.language and is_foreign(self.language, own):
            raise Unavailable(f"an answer in {self.language} from articles in {name_language(own)} could not be proved")
        if self.is_instruction(asked) or is_forged(asked):
            raise Unavailable("the question reads as an instruction to the LLM")
        judge = await asyncio.to_thread(self._judge, gathered)
        if not judge.bearing():
            raise Unavailable("there is no sentence to answer from that an LLM may be shown")
        block = show_evidence(asked, gathered.question.carried, judge.excerpts)
        language = self.language or name_language(own)
        answered = await self.asker.ask(
            _TASK,
            {"evidence": block.text, "nonce": block.nonce, "language": language, "max_words": ASKED_WORDS},
            form=ANSWER,
            identity=[language, hashlib.sha256(block.identity.encode("utf-8", "surrogatepass")).hexdigest()],
            bill=Bill(),
            check=judge.problems,
        )
        if not answered.draft.is_answered:
            raise Unavailable(UNSUPPORTED)
        problems = await asyncio.to_thread(judge.problems, answered.draft)
        if problems:
            _log.info("an LLM answer did not pass the proof: %s", "; ".join(problems))
            raise Unavailable("the LLM's answer did not pass the proof")
        proved = await asyncio.to_thread(judge.prove, answered.draft)
        if not judge.answers(proved, extracted):
            raise Unavailable(NOT_TO_THE_POINT)
        return judge.compose(answered.draft, proved, extracted)

    def _judge(self, gathered: Gathered) -> AnswerJudge:
        return AnswerJudge(
            gathered=gathered,
            excerpts=excerpts_of(gathered, self.is_instruction),
            verify=self.verify,
            is_instruction=self.is_instruction,
        )


def _may_answer(gathered: Gathered, extracted: Answer) -> bool:
    """Return whether an LLM is asked at all; articles that are asked for are listed, not written about."""
    question = gathered.question
    if question.several or not gathered.judged:
        return False
    if extracted.grounded:
        return True
    return question.kind in TYPED and any(one.evidence.candidates for one in gathered.judged)
