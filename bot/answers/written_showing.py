"""What an LLM is shown to answer a question from: the sentences that retrieval found, beside their neighbours.

Each stands under the number of its article, `[A3.s12]`. Sentences that give orders are withheld with their paragraphs,
as from summaries, and so prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.answers.answering import Gathered, Judged
from bot.answers.evidence import MAX_CHARS
from bot.model import Article
from bot.summaries.budget import estimate_tokens
from bot.summaries.written_checks import IsInstruction
from bot.summaries.written_prompting import Block, between_marks, on_one_line, withhold

MOST_SENTENCES: Final = 24
"""Sentences that are shown: the answer stands among the first few or nowhere."""
MOST_TOKENS: Final = 4_000
"""Tokens of all of them: they fit small local models, and an answer costs less than a summary."""
NEIGHBOURS: Final = (0, -1, 1)
"""Sentences beside the one found, by distance: who "he" is stands before, what takes it back after."""
_MOST_TITLE_CHARS: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """One article as the model sees it: `article` has its withheld sentences emptied, `indexes` are those shown."""

    article: Article
    indexes: frozenset[int]


def excerpts_of(gathered: Gathered, is_instruction: IsInstruction) -> tuple[Excerpt, ...]:
    """Return what is shown, the article of the likeliest sentence first; only articles in its language are.

    A claim is proved by its words: across languages nothing could be.
    """
    language = gathered.judged[0].evidence.article.language
    visible: dict[str, Article] = {}
    chosen: dict[str, set[int]] = {}
    sentences, tokens = 0, 0
    for article, index in _by_likelihood(gathered.judged):
        if article.language != language:
            continue
        if article.id not in visible:
            visible[article.id] = withhold(article, is_instruction)
        text = visible[article.id].sentences[index].text
        size = estimate_tokens(text)
        known = index in chosen.get(article.id, ())
        if known or not text or len(text) > MAX_CHARS or sentences >= MOST_SENTENCES or tokens + size > MOST_TOKENS:
            continue
        chosen.setdefault(article.id, set()).add(index)
        sentences, tokens = sentences + 1, tokens + size
    return tuple(
        Excerpt(article=visible[article_id], indexes=frozenset(indexes)) for article_id, indexes in chosen.items()
    )


def show_evidence(question: str, carried: str, excerpts: Sequence[Excerpt]) -> Block:
    """Return the block of a question, the words of earlier questions that it goes on from, and the sentences."""
    lines = [f"[question] {on_one_line(question)}"]
    if carried:
        lines.append(f"[asked before, in words] {on_one_line(carried)}")
    for number, excerpt in enumerate(excerpts, start=1):
        article = excerpt.article
        if article.title:
            lines.append(f"[A{number}.title] {on_one_line(article.title)[:_MOST_TITLE_CHARS]}")
        if article.published_at is not None:
            lines.append(f"[A{number}.published] {article.published_at.date().isoformat()}")
        lines.extend(
            f"[A{number}.s{index}] {on_one_line(article.sentences[index].text)}" for index in sorted(excerpt.indexes)
        )
    return between_marks("EVIDENCE", lines)


def _by_likelihood(judged: Sequence[Judged]) -> Iterator[tuple[Article, int]]:
    """Yield every sentence found, each followed by its neighbours."""
    for one in judged:
        article = one.evidence.article
        for step in NEIGHBOURS:
            index = one.evidence.index + step
            if 0 <= index < len(article.sentences):
                yield article, index
