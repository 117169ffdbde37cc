"""Headlines and why stories matter, written by an LLM and proved like its bullets; what fails stays as it was.

The model sees only sentences that the story's bullets cite. All stories of a digest are asked for at once, within one
time limit: a server that hangs or fails a thousand times delays a digest by that much and no more.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.digests.remembering import bullets_told
from bot.errors import BotError, Unavailable
from bot.model import Article, Bullet, Citation, DigestItem, Sentence, StoryBullet
from bot.summaries.written_asking import Asker, Bill
from bot.summaries.written_checks import IsInstruction, Judge, Verify
from bot.summaries.written_prompting import is_foreign, name_language, show_article, withhold
from bot.summaries.written_schema import ASKED_WORDS, SUMMARY, Draft

# Seconds that all stories of one digest together may take.
TIME_LIMIT_S: Final = 30.0
# Sentences of one story that the model is shown: its bullets cite hardly more.
MAX_SENTENCES: Final = 24
TASK: Final = "story"
OUT_OF_TIME: Final = "the LLM had no more time for its headline"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Excerpt:
    """The sentences that a story's bullets cite, as one article; `places` says where each comes from."""

    article: Article
    places: tuple[tuple[Citation, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryWriter:
    """Asks under the budget, the cache and the turns of the summaries' LLM.

    `language` is the English name of the output language; by default the lead article's own.
    """

    asker: Asker
    verify: Verify
    is_instruction: IsInstruction
    language: str | None = None
    time_limit_s: float = TIME_LIMIT_S

    async def write(self, items: Sequence[DigestItem]) -> list[DigestItem]:
        """Return the items with what the LLM wrote and could prove, in their order; never raises a BotError."""
        tasks = [asyncio.ensure_future(self._write(item)) for item in items]
        if not tasks:
            return []
        try:
            await asyncio.wait(tasks, timeout=self.time_limit_s)
        finally:
            for task in tasks:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return [
            _noted(item, OUT_OF_TIME) if task.cancelled() else task.result()
            for item, task in zip(items, tasks, strict=True)
        ]

    async def _write(self, item: DigestItem) -> DigestItem:
        try:
            return await self._ask(item)
        except BotError as error:
            _log.info("no LLM headline for the story of %r: %s (%s)", item.article.id, error, error.__cause__)
            return _noted(item, str(error).rstrip("."))

    async def _ask(self, item: DigestItem) -> DigestItem:
        own = item.article.language
        if self.language and is_foreign(self.language, own):
            raise Unavailable(f"a headline in {self.language} for a story in {name_language(own)} could not be proved")
        excerpt = _excerpt(item)
        visible = await asyncio.to_thread(withhold, excerpt.article, self.is_instruction)
        shown = [sentence for sentence in visible.sentences if sentence.text]
        if not shown:
            raise Unavailable("the story holds no sentence that an LLM may be shown")
        block = show_article(visible, shown)
        language = self.language or name_language(own)
        values = {"article": block.text, "nonce": block.nonce, "language": language, "max_words": ASKED_WORDS}
        data_hash = hashlib.sha256(block.identity.encode("utf-8", "surrogatepass")).hexdigest()
        bill = Bill()
        answered = await self.asker.ask(TASK, values, form=SUMMARY, identity=[language, data_hash], bill=bill)
        judge = Judge(
            article=visible,
            shown=frozenset(sentence.index for sentence in shown),
            verify=self.verify,
            is_instruction=self.is_instruction,
        )
        proved = await asyncio.to_thread(_proved, item, answered.draft, judge, excerpt)
        return replace(proved, usd=item.usd + bill.total.usd)


def _proved(item: DigestItem, draft: Draft, judge: Judge, excerpt: _Excerpt) -> DigestItem:
    headline = judge.check_headline(draft.headline, sorted(judge.shown))
    why = judge.check_bullet(draft.bullets[0])
    told = {bullet.text for bullet in bullets_told(item)}
    if isinstance(why, Bullet) and why.text not in told:
        item = replace(item, why_it_matters=_story_bullet(why, excerpt.places))
    if headline is None:
        return _noted(item, "the LLM's headline did not pass the proof, this one is an article's own")
    return replace(item, headline=headline)


def _noted(item: DigestItem, note: str) -> DigestItem:
    # What was said of the summary weighs more than the headline.
    return item if item.note else replace(item, note=note)


def _excerpt(item: DigestItem) -> _Excerpt:
    texts = {article.id: {one.index: one.text for one in article.sentences} for article in item.articles}
    places: dict[tuple[str, int], Citation] = {}
    for bullet in bullets_told(item):
        for citation in bullet.citations[:2]:
            for index in citation.sentences:
                if index in texts.get(citation.article_id, {}):
                    places.setdefault((citation.article_id, index), citation)
    chosen = list(places.items())[:MAX_SENTENCES]
    sentences = []
    start = 0
    for number, ((article_id, index), _) in enumerate(chosen):
        text = texts[article_id][index]
        sentences.append(Sentence(index=number, text=text, start=start, end=start + len(text), paragraph=number))
        start += len(text) + 1
    lead = item.article
    article = Article(
        id=item.story.id,
        version=lead.version,
        path=lead.path,
        language=lead.language,
        published_at=lead.published_at,
        body=" ".join(sentence.text for sentence in sentences),
        sentences=tuple(sentences),
    )
    return _Excerpt(article=article, places=tuple((citation, index) for (_, index), citation in chosen))


def _story_bullet(bullet: Bullet, places: Sequence[tuple[Citation, int]]) -> StoryBullet:
    """Return a bullet about the excerpt with citations of the articles that its sentences come from."""
    by_article: dict[str, tuple[Citation, list[int]]] = {}
    for number in bullet.sentences:
        citation, index = places[number]
        by_article.setdefault(citation.article_id, (citation, []))[1].append(index)
    return StoryBullet(
        text=bullet.text,
        citations=tuple(
            _citation(citation, indexes, bullet.quote, by_article) for citation, indexes in by_article.values()
        ),
        attribution=bullet.attribution,
        status=bullet.status,
    )


def _citation(
    citation: Citation, indexes: Sequence[int], quote: str, by_article: Mapping[str, tuple[Citation, list[int]]]
) -> Citation:
    alone = len(by_article) == 1
    return replace(citation, sentences=tuple(sorted(indexes)), quote=quote if alone else citation.quote)
