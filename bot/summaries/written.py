"""Summaries written by a large language model, every line of them proved; whatever fails ends in an extract.

A short article takes one call. A long one is cut into sections whose bullets keep the ids of their sentences, and the
proved bullets are merged into one summary (map and reduce).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace

from bot.errors import BotError, Misconfigured, Unavailable
from bot.model import Article, Bullet, Sentence, Summary
from bot.ports import ChatModel, PromptBook, ReplyCache
from bot.summaries.budget import Budget, estimate_tokens
from bot.summaries.written_asking import Answered, Asker, Bill
from bot.summaries.written_assembly import Origin, assemble, label
from bot.summaries.written_checks import IsInstruction, Judge, Verify
from bot.summaries.written_prompting import (
    Block,
    cut_sections,
    is_foreign,
    name_language,
    show_article,
    show_notes,
    withhold,
)
from bot.summaries.written_schema import ASKED_WORDS, SUMMARY, Draft

_log = logging.getLogger(__name__)

Extract = Callable[[Article, int], Summary]

# Fits the context of small local models with room for the answer.
DEFAULT_MAX_INPUT_TOKENS = 12_000
# Five bullets with quotes take 800 tokens, in CJK 1,500; the rest is for models that think before they write.
DEFAULT_MAX_OUTPUT_TOKENS = 3_000
# What waits for its turn has reserved nothing: a long queue must not look like a spent budget.
DEFAULT_PARALLEL_CALLS = 4
# Below this a section holds a few sentences only, and a summary of such sections is none.
_LEAST_SECTION_TOKENS = 400
# An article of more sections is a book; its summary would cost as much as a day of news.
_MOST_SECTIONS = 12
# Each round of merging leaves a third of the notes or fewer: this many are enough for every allowed article.
_MOST_ROUNDS = 4


class LlmWriter:
    """Implements `ports.SummaryWriter` over a chat model, a budget and a cache.

    `verify` proves a claim, `extract` makes the extractive summary that takes over, `is_instruction` tells sentences
    that no model may see. `language` is the English name of the output language; by default the article's own.
    """

    def __init__(
        self,
        *,
        chat: ChatModel,
        prompts: PromptBook,
        budget: Budget,
        cache: ReplyCache,
        verify: Verify,
        extract: Extract,
        is_instruction: IsInstruction,
        language: str | None = None,
        max_input_tokens: int = DEFAULT_MAX_INPUT_TOKENS,
        max_output_tokens: int = DEFAULT_MAX_OUTPUT_TOKENS,
        parallel_calls: int = DEFAULT_PARALLEL_CALLS,
    ) -> None:
        self._prompts = prompts
        self._asker = Asker(
            chat, prompts, budget, cache, max_output_tokens=max_output_tokens, parallel_calls=parallel_calls
        )
        self._verify = verify
        self._extract = extract
        self._is_instruction = is_instruction
        self._language = language
        self._section_tokens = max_input_tokens - self._overhead_tokens()
        if self._section_tokens < _LEAST_SECTION_TOKENS:
            least = self._overhead_tokens() + _LEAST_SECTION_TOKENS
            raise Misconfigured(
                f"max_input_tokens={max_input_tokens} leaves no room for an article: set it to {least:,} or more"
            )

    @property
    def asker(self) -> Asker:
        """Puts other questions to the same model, under the same budget, cache and turns."""
        return self._asker

    async def write(self, article: Article, *, bullets: int) -> Summary:
        """Return the proved summary; it is extractive, with a note, when no bullet of the model passed.

        Raises: Unavailable when no usable answer could be had.
        """
        return await self._write(article, await self._show(article), bullets, Bill())

    async def write_or_extract(self, article: Article, *, bullets: int) -> Summary:
        """Return the proved summary, or the extractive one with a note that says why; never raises a BotError."""
        bill = Bill()
        visible = article
        try:
            visible = await self._show(article)
            return await self._write(article, visible, bullets, bill)
        except BotError as error:
            _log.info("no LLM summary of %r: %s (%s)", article.id, error, error.__cause__)
            extracted = await asyncio.to_thread(self._extract_visible, article, visible, bullets)
            return label(extracted, str(error), bill.total)

    async def _show(self, article: Article) -> Article:
        """Return the article as the model may see it.

        Raises: Unavailable when it is too long to be looked at, or when nothing the model writes could be proved.
        """
        if self._language and is_foreign(self._language, article.language):
            own = name_language(article.language)
            raise Unavailable(f"a summary in {self._language} of an article in {own} could not be proved")
        sections = await asyncio.to_thread(cut_sections, article.sentences, max_tokens=self._section_tokens)
        if len(sections) > _MOST_SECTIONS:
            raise Unavailable(f"the article is too long for the LLM ({len(sections)} parts, at most {_MOST_SECTIONS})")
        return await asyncio.to_thread(withhold, article, self._is_instruction)

    async def _write(self, article: Article, visible: Article, bullets: int, bill: Bill) -> Summary:
        sections = await asyncio.to_thread(cut_sections, visible.sentences, max_tokens=self._section_tokens)
        if not sections:
            raise Unavailable("the article holds no sentence that an LLM may be shown")
        if len(sections) == 1:
            answered = await self._ask_section(visible, sections[0], bullets, bill)
            seen, tasks = sections[0], ["summarize"]
        else:
            answered, seen = await self._map_and_reduce(visible, sections, bullets, bill)
            tasks = ["summarize", "merge"]
        origin = Origin(model=answered.model, prompt_hash=self._prompts.fingerprint(*tasks), cost=bill.total)
        judge = self._judge(visible, seen)
        extracted = await asyncio.to_thread(self._extract_visible, article, visible, bullets)
        return await asyncio.to_thread(assemble, answered.draft, judge, extracted, bullets=bullets, origin=origin)

    async def _map_and_reduce(
        self, article: Article, sections: Sequence[Sequence[Sentence]], bullets: int, bill: Bill
    ) -> tuple[Answered[Draft], list[Sentence]]:
        """Return the merged draft and the sentences it may cite."""
        asked = [self._ask_section(article, section, bullets, bill) for section in sections]
        answers = await _gather(asked)
        notes: list[Bullet] = []
        for section, answered in zip(sections, answers, strict=True):
            notes.extend(await asyncio.to_thread(_proved, self._judge(article, section), answered, bullets))
        for _ in range(_MOST_ROUNDS):
            if not notes:
                raise Unavailable("none of the LLM's bullets passed the proof")
            groups = self._group_notes(notes)
            answers = await _gather([self._ask_merge(article, group, bullets, bill) for group in groups])
            if len(groups) == 1:
                return answers[0], _cited(article, groups[0])
            notes = []
            for group, answered in zip(groups, answers, strict=True):
                judge = self._judge(article, _cited(article, group))
                notes.extend(await asyncio.to_thread(_proved, judge, answered, bullets))
        raise Unavailable("the article is too long for the LLM to merge its parts")

    async def _ask_section(
        self, article: Article, section: Sequence[Sentence], bullets: int, bill: Bill
    ) -> Answered[Draft]:
        block = show_article(article, section)
        wanted = min(bullets, len(section))
        return await self._ask("summarize", {"article": block.text}, block, article, wanted, bill)

    async def _ask_merge(self, article: Article, notes: Sequence[Bullet], bullets: int, bill: Bill) -> Answered[Draft]:
        block = show_notes(notes)
        return await self._ask("merge", {"notes": block.text}, block, article, bullets, bill)

    async def _ask(
        self, task: str, data: dict[str, object], block: Block, article: Article, bullets: int, bill: Bill
    ) -> Answered[Draft]:
        language = self._language or name_language(article.language)
        settings = {"nonce": block.nonce, "language": language, "bullets": bullets, "max_words": ASKED_WORDS}
        data_hash = hashlib.sha256(block.identity.encode("utf-8", "surrogatepass")).hexdigest()
        identity = [article.version, language, str(bullets), data_hash]
        return await self._asker.ask(task, {**data, **settings}, form=SUMMARY, identity=identity, bill=bill)

    def _extract_visible(self, article: Article, visible: Article, bullets: int) -> Summary:
        """Return the extractive summary without bullets that rest on withheld sentences, if any other is left."""
        extracted = self._extract(article, bullets)
        harmless = tuple(
            bullet for bullet in extracted.bullets if all(visible.sentences[index].text for index in bullet.sentences)
        )
        return replace(extracted, bullets=harmless or extracted.bullets)

    def _group_notes(self, notes: Sequence[Bullet]) -> list[list[Bullet]]:
        """Return the notes in groups that fit one request each."""
        groups: list[list[Bullet]] = [[]]
        filled = 0
        for note in notes:
            size = estimate_tokens(show_notes([note]).text)
            if groups[-1] and filled + size > self._section_tokens:
                groups.append([])
                filled = 0
            groups[-1].append(note)
            filled += size
        return groups

    def _judge(self, article: Article, shown: Sequence[Sentence]) -> Judge:
        return Judge(
            article=article,
            shown=frozenset(sentence.index for sentence in shown),
            verify=self._verify,
            is_instruction=self._is_instruction,
        )

    def _overhead_tokens(self) -> int:
        """Return the tokens of the longer of the two prompts without any data in it."""
        language = self._language or name_language("")
        settings = {"nonce": "0" * 16, "language": language, "bullets": 5, "max_words": ASKED_WORDS}
        return max(
            self._asker.overhead_tokens("summarize", {"article": "", **settings}, SUMMARY),
            self._asker.overhead_tokens("merge", {"notes": "", **settings}, SUMMARY),
        )


def _proved(judge: Judge, answered: Answered[Draft], bullets: int) -> list[Bullet]:
    checked = [judge.check_bullet(draft) for draft in answered.draft.bullets[:bullets]]
    return [bullet for bullet in checked if isinstance(bullet, Bullet)]


def _cited(article: Article, notes: Sequence[Bullet]) -> list[Sentence]:
    return [article.sentences[index] for index in sorted({index for note in notes for index in note.sentences})]


async def _gather(questions: Sequence[Coroutine[object, object, Answered[Draft]]]) -> list[Answered[Draft]]:
    """Return all answers, or raise the first failure once every question has ended: what was paid for is cached."""
    results = await asyncio.gather(*questions, return_exceptions=True)
    answers = []
    for result in results:
        if isinstance(result, BaseException):
            raise result
        answers.append(result)
    return answers
