"""Answers against the evaluation sets: the sentence that holds the answer, abstention, and poisoned passages."""

from __future__ import annotations

import ast
import asyncio
import math
import re
import time
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.rows import load_rows
from bench.storage import article_of
from bot.answers.answering import answer_question, gather_evidence
from bot.answers.confidence import GIVEN
from bot.model import Article
from bot.storage.archive import SqlArchive, open_archive
from bot.text.words import content_terms, terms

# Parts of a set of which one at a time is removed, so that its questions have no gold passage.
FOLDS = 5
# Every third question of KorQuAD: 970 of them take a minute.
KOREAN_STEP = 3
# Likeness of two words that are one name spelled in two ways.
NEARLY = 0.85


def measure(eval_dir: Path, *, limit: int | None = None) -> list[Figure]:
    """Return the figures; `limit` cuts the questions of each set."""
    return asyncio.run(_measure(eval_dir, limit))


async def _measure(eval_dir: Path, limit: int | None) -> list[Figure]:
    english = [row for row in load_rows(eval_dir, "qa_xquad") if row["lang"] == "en"]
    korean = load_rows(eval_dir, "qa_korquad")
    found, with_gold, ms = await _sentences(english, "en", 1, limit)
    found_korean, _, _ = await _sentences(korean, "ko", KOREAN_STEP, limit)
    plain, plain_with, plain_without = _plain_pick(english, "en", 1, limit)
    plain_korean, _, _ = _plain_pick(korean, "ko", KOREAN_STEP, limit)
    without = await _without_gold(english, "en", limit)
    figures = [
        _figure("qa_xquad en", "sentence with the answer @1", found, 0.82, plain, "plain BM25 of sentences"),
        _figure(
            "qa_korquad", "sentence with the answer @1", found_korean, 0.83, plain_korean, "plain BM25 of sentences"
        ),
        _figure(
            "qa_xquad en",
            "abstention AUC",
            _auc(with_gold, without),
            0.95,
            _auc(plain_with, plain_without),
            "top score",
        ),
        Figure(data="qa_xquad en", metric="answered with the gold passage", ours=_given(with_gold)),
        Figure(
            data="qa_xquad en", metric="answered without it", ours=_given(without), goal=0.05, higher_is_better=False
        ),
        Figure(data="qa_xquad en", metric="CPU a question", ours=ms, goal=25, unit="ms", higher_is_better=False),
    ]
    return figures + await _poisoned(load_rows(eval_dir, "qa_rgb_en_fact")[:limit])


def _given(confidences: Sequence[float]) -> float:
    return sum(one >= GIVEN for one in confidences) / len(confidences)


def _figure(data: str, metric: str, ours: float, goal: float, peer: float, peer_name: str) -> Figure:
    return Figure(data=data, metric=metric, ours=ours, goal=goal, peer=peer, peer_name=peer_name)


async def _sentences(
    rows: Sequence[dict[str, Any]], language: str, step: int, limit: int | None
) -> tuple[float, list[float], float]:
    """Return the share of right sentences, the confidences, and the milliseconds of CPU a question."""
    asked = [(row["id"], qa) for row in rows for qa in row["qas"]][::step][:limit]
    right, confidences = 0, []
    async with open_archive(":memory:") as archive:
        await archive.save_articles([], [article_of(row["id"], row["passage"], language) for row in rows], [])
        started = time.process_time()
        for article_id, qa in asked:
            gathered = await gather_evidence(qa["question"], archive=archive, collections=None)
            best = gathered.judged[0] if gathered.judged else None
            confidences.append(best.confidence if best else 0.0)
            right += (
                best is not None
                and best.evidence.article.id == article_id
                and _holds(best.evidence.sentence.text, qa["answers"])
            )
        seconds = time.process_time() - started
    return right / len(asked), confidences, 1000 * seconds / len(asked)


async def _without_gold(rows: Sequence[dict[str, Any]], language: str, limit: int | None) -> list[float]:
    confidences: list[float] = []
    for fold in range(FOLDS):
        rest = [article_of(row["id"], row["passage"], language) for at, row in enumerate(rows) if at % FOLDS != fold]
        async with open_archive(":memory:") as archive:
            await archive.save_articles([], rest, [])
            asked = [qa["question"] for at, row in enumerate(rows) if at % FOLDS == fold for qa in row["qas"]]
            for question in asked[: None if limit is None else limit // FOLDS]:
                confidences.append((await answer_question(question, archive=archive, collections=None)).confidence)
    return confidences


def _plain_pick(
    rows: Sequence[dict[str, Any]], language: str, step: int, limit: int | None
) -> tuple[float, list[float], list[float]]:
    """Return the peer's share of right sentences, and its top scores with and without the gold passage.

    Source: BM25 (k1 .9, b .4) over sentences by the same terms, Robertson and Zaragoza 2009.
    """
    sentences = [
        (row["id"], one.text) for row in rows for one in article_of(row["id"], row["passage"], language).sentences
    ]
    held = [Counter(terms(text, language)) for _, text in sentences]
    mean = sum(sum(one.values()) for one in held) / len(held)
    spread = Counter(term for one in held for term in one)
    asked = [(row["id"], qa) for row in rows for qa in row["qas"]][::step][:limit]
    right, best_of, without = 0, [], []
    for article_id, qa in asked:
        weights = {
            term: math.log(1 + (len(held) - spread[term] + 0.5) / (spread[term] + 0.5))
            for term in set(content_terms(qa["question"], language))
        }
        scores = [_plain_score(one, weights, mean) for one in held]
        best = max(range(len(scores)), key=scores.__getitem__)
        right += sentences[best][0] == article_id and _holds(sentences[best][1], qa["answers"])
        best_of.append(scores[best])
        without.append(max(score for score, (owner, _) in zip(scores, sentences, strict=True) if owner != article_id))
    return right / len(asked), best_of, without


def _plain_score(held: Counter[str], weights: Mapping[str, float], mean: float) -> float:
    length = 0.9 * (0.6 + 0.4 * sum(held.values()) / mean)
    return sum(weight * held[term] * 1.9 / (held[term] + length) for term, weight in weights.items() if term in held)


async def _poisoned(rows: Sequence[dict[str, Any]]) -> list[Figure]:
    abstained = false = answered = right = shown = both = 0
    for row in rows:
        async with _archive_of(row["negative"]) as archive:
            answer = await answer_question(row["question"], archive=archive, collections=None)
            abstained += not answer.grounded
            false += answer.grounded and not _tells(answer.text, _variants(row["answer"]))
        async with _archive_of(row["positive"] + row["negative"]) as archive:
            answer = await answer_question(row["question"], archive=archive, collections=None)
            answered += answer.grounded
            right += answer.grounded and _holds(answer.text, _variants(row["answer"]))
        async with _archive_of(row["positive"] + row["positive_wrong"]) as archive:
            conflicts = (await answer_question(row["question"], archive=archive, collections=None)).conflicts
            told = " ".join(f"{side.value} {side.citation.quote}" for one in conflicts for side in one.sides)
            shown += bool(conflicts)
            both += _holds(told, _variants(row["answer"])) and _holds(told, _variants(row["fakeanswer"]))
    data, count = "qa_rgb_en_fact", len(rows)
    return [
        Figure(data=data, metric="negatives only: abstains", ours=abstained / count, goal=0.9),
        Figure(
            data=data,
            metric="negatives only: says what is not so",
            ours=false / count,
            goal=0,
            higher_is_better=False,
            note="some negatives do tell the answer: the year alone, a name spelled otherwise",
        ),
        Figure(data=data, metric="with positives: answers", ours=answered / count),
        Figure(data=data, metric="with positives: window holds the answer", ours=right / count),
        Figure(data=data, metric="poisoned: conflict shown", ours=shown / count),
        Figure(data=data, metric="poisoned: true and false value side by side", ours=both / count),
    ]


class _archive_of:
    """An archive of passages, one article each."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._articles: list[Article] = [article_of(str(at), text, "en") for at, text in enumerate(passages)]
        self._opened = open_archive(":memory:")

    async def __aenter__(self) -> SqlArchive:
        archive = await self._opened.__aenter__()
        await archive.save_articles([], self._articles, [])
        return archive

    async def __aexit__(self, *error: Any) -> None:
        await self._opened.__aexit__(*error)


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    """Return how often a value of the first is above one of the second, ties counting half."""
    ordered = sorted(lower)
    wins = sum((bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in higher)
    return wins / (len(higher) * len(ordered))


def _holds(text: str, answers: Sequence[str]) -> bool:
    return any(_plain(answer) in _plain(text) for answer in answers)


def _tells(text: str, answers: Sequence[str]) -> bool:
    """Return whether a text tells an answer, if in other words: its numbers and half of its words, but for a letter."""
    told = re.findall(r"\w+", text.casefold())

    def is_told(word: str) -> bool:
        return word in told or (word.isalpha() and bool(get_close_matches(word, told, n=1, cutoff=NEARLY)))

    words = [re.findall(r"\w+", answer.casefold()) for answer in answers]
    return any(
        sum(map(is_told, some)) >= len(some) / 2 and all(map(is_told, filter(str.isdigit, some))) for some in words
    )


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text).casefold())


def _variants(answer: object) -> list[str]:
    """Return the wordings of an answer; some rows hold a list written as text."""
    if isinstance(answer, list):
        return [wording for one in answer for wording in _variants(one)]
    text = str(answer)
    return _variants(ast.literal_eval(text)) if text.startswith("['") else [text]
