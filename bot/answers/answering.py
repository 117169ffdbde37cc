"""Answers a question from the archive: finds articles, ranks their sentences, and says how sure it is, or abstains.

An LLM that writes answers (`written.py`) gets the same evidence through `gather_evidence`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.answers.confidence import GIVEN, NOT_GIVEN, Verdict, weigh_evidence
from bot.answers.conversation import Resolved, needs_context, resolve
from bot.answers.disagreement import Side, agrees, find_altered_article, find_altered_copy, find_disagreement, is_finer
from bot.answers.evidence import Evidence, rank_evidence, wanted_terms
from bot.answers.questions import TYPED, Question
from bot.answers.retrieval import ARTICLES_SEARCHED, find_articles
from bot.answers.telling import bold_span, caveat_of, citation_of, text_of, window_of
from bot.model import Answer, Citation, Conflict, Hit
from bot.ports import Archive
from bot.text.cues import find_futures, find_hedges

NEAREST: Final = 3
"""Articles that are named when nothing answers."""
CORROBORATING: Final = 2
"""Further articles that are cited for the same answer."""
MIN_OF_BEST: Final = 0.75
"""Share of the best support that another article needs to be heard beside it."""
SURENESS: Final = 0.7
"""What support counts against the score of a sentence where the best one is chosen."""
FIT_TO_GIVE: Final = 0.25
"""What it counts there that a sentence may be given: one that misses what was asked yields to a near one that fits."""
SURE_SPAN: Final = 0.55
"""From which support on the span itself is shown in bold."""
COMPARED: Final = 4
"""Best sentences whose changed copies in other articles are looked for."""
MIN_COMPARED: Final = 0.2
MIN_SEVERAL: Final = 0.40
"""From which support on an article is named when articles are asked for."""
MAX_QUESTION_CHARS: Final = 2_000
FOLLOW_DEPTH: Final = 2
"""Earlier questions that are answered anew to learn what a follow-up points at."""

# One of several is no answer to these.
_MEMBERS = re.compile(
    r"\b(?:which|what)\s(?:[a-z]+\s)?(?:countries|nations|cities|towns|states|regions|places|teams|companies|parties|people"
    r"|leaders|officials|ministers|analysts|experts)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One sentence with how sure it answers."""

    evidence: Evidence
    verdict: Verdict

    @property
    def support(self) -> float:
        """What speaks for it, from 0 to 1; decides whether it is given."""
        return self.verdict.support

    @property
    def confidence(self) -> float:
        """How sure it is, from 0 to 1, as it is reported."""
        return self.verdict.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found for a question: the articles, and their best sentences, the likeliest answer first."""

    resolved: Resolved
    found: tuple[Hit, ...]
    judged: tuple[Judged, ...]

    @property
    def question(self) -> Question:
        """The question as it is meant."""
        return self.resolved.question


async def answer_question(
    question: str,
    *,
    archive: Archive,
    collections: Collection[str] | None,
    context: Sequence[str] = (),
    since: datetime | None = None,
    source: str = "",
) -> Answer:
    """Return the answer, or one that is not grounded and names the nearest articles."""
    gathered = await gather_evidence(
        question, archive=archive, collections=collections, context=context, since=since, source=source
    )
    return compose_answer(question, gathered)


async def gather_evidence(
    question: str,
    *,
    archive: Archive,
    collections: Collection[str] | None,
    context: Sequence[str] = (),
    since: datetime | None = None,
    source: str = "",
) -> Gathered:
    """Return the sentences that may answer, each with its confidence."""
    asked = question[:MAX_QUESTION_CHARS]
    before = None
    if context and needs_context(asked) and len(context) <= FOLLOW_DEPTH:
        before = await answer_question(
            context[-1], archive=archive, collections=collections, context=context[:-1], since=since, source=source
        )
    resolved = resolve(asked, context, before)
    words = f"{resolved.question.words} {resolved.question.carried}"
    found = await find_articles(
        archive, words, collections=collections, since=since, source=source, limit=ARTICLES_SEARCHED
    )
    weights = await archive.term_weights(words)
    judged = await asyncio.to_thread(_judge, resolved, found, weights)
    return Gathered(resolved=resolved, found=tuple(found), judged=tuple(judged))


def compose_answer(text: str, gathered: Gathered) -> Answer:
    """Return the answer that the evidence gives. Pure."""
    question = gathered.question
    if question.several:
        return _answer_by_article(text, gathered)
    if not gathered.judged:
        return _abstain(text, gathered, 0.0)
    best = _most_exact(question, gathered.judged)
    if best.confidence < GIVEN:
        return _abstain(text, gathered, best.confidence)
    window = window_of(best.evidence)
    told = text_of(best.evidence.article, window)
    sides = _sides(question, gathered.judged)
    first = citation_of(best.evidence.article, window, best.evidence.sentence.text, marker=1)
    return Answer(
        question=text,
        text=told,
        grounded=True,
        confidence=best.confidence,
        citations=(first, *_corroborating(question, sides)),
        bold=bold_span(told, best.evidence.candidates[0]) if _is_sure(question, best) else None,
        caveat=caveat_of(question, best.evidence),
        conflicts=_conflicts(gathered, sides),
    )


def _conflicts(gathered: Gathered, sides: Sequence[Side]) -> tuple[Conflict, ...]:
    """Return on what the articles disagree: sentences changed in one value first, then answers of equal support."""
    question, articles = gathered.question, [one.article for one in gathered.found]
    nearest = [one.evidence for one in gathered.judged[:COMPARED]]
    sure = [one.evidence for one in gathered.judged[:COMPARED] if one.support >= MIN_COMPARED]
    altered = find_altered_copy(question, sure, articles) or find_altered_article(question, nearest, articles)
    return altered or find_disagreement(question, sides)


def _most_exact(question: Question, judged: Sequence[Judged]) -> Judged:
    """Return the likeliest answer, or one as sure that names the day where that one names only the year."""
    best = judged[0]
    if question.kind != "when" or not best.evidence.candidates:
        return best
    least = MIN_OF_BEST * best.support
    values = [
        one for one in judged if one.evidence.candidates and one.support >= least and not one.verdict.only_planned
    ]
    first = Side(candidate=best.evidence.candidates[0], evidence=best.evidence)
    same = [one for one in values if is_finer(first, Side(candidate=one.evidence.candidates[0], evidence=one.evidence))]
    return same[0] if same else best


def _judge(resolved: Resolved, found: Sequence[Hit], weights: Mapping[str, float]) -> list[Judged]:
    """Return the best sentences with their confidence, the likeliest answer first."""
    question = resolved.question
    ranked = rank_evidence(question, found, weights, near=resolved.near)
    wanted = {one.article.language: wanted_terms(question, one.article.language, weights) for one in found}
    judged = [
        Judged(evidence=one, verdict=weigh_evidence(question, one, wanted[one.article.language])) for one in ranked
    ]
    return sorted(judged, key=lambda one: (one.verdict.only_planned, -_rank_of(one)))


def _rank_of(one: Judged) -> float:
    return one.evidence.score + SURENESS * one.support + FIT_TO_GIVE * (one.confidence >= GIVEN)


def _is_sure(question: Question, best: Judged) -> bool:
    if question.kind not in TYPED or _MEMBERS.search(question.text):
        return False
    spans = best.evidence.candidates
    return bool(spans) and spans[0].certain and best.support >= SURE_SPAN


def _sides(question: Question, judged: Sequence[Judged]) -> list[Side]:
    """Return the answers of different articles that are nearly as sure as the best, and sure enough by themselves."""
    if question.kind not in TYPED:
        return []
    least = MIN_OF_BEST * judged[0].support
    sides: list[Side] = []
    for one in judged:
        known = any(side.evidence.article.id == one.evidence.article.id for side in sides)
        is_sure = one.support >= least and one.confidence >= GIVEN and not one.verdict.only_planned
        if one.evidence.candidates and is_sure and not known:
            sides.append(Side(candidate=one.evidence.candidates[0], evidence=one.evidence))
    return sides


def _corroborating(question: Question, sides: Sequence[Side]) -> list[Citation]:
    """Return citations of other articles that give the same answer; copies of an article add nothing."""
    same = [side for side in sides[1:] if agrees(question, sides[0], side)]
    kept = [side for side in same if side.evidence.article.duplicate_of is None][:CORROBORATING]
    return [
        citation_of(side.evidence.article, (side.evidence.index,), side.evidence.sentence.text, marker=number)
        for number, side in enumerate(kept, start=2)
    ]


def _answer_by_article(text: str, gathered: Gathered) -> Answer:
    """Return one cited sentence of each article that bears on the question."""
    fitting = [one for one in gathered.judged if _fits(gathered.question, one)]
    exact = [one for one in fitting if _is_exact(one.evidence)]
    chosen: dict[str, Judged] = {}
    for one in exact or fitting:
        chosen.setdefault(one.evidence.article.id, one)
    if not chosen:
        return _abstain(text, gathered, min(NOT_GIVEN, max((one.confidence for one in gathered.judged), default=0.0)))
    kept = list(chosen.values())
    citations = [
        citation_of(one.evidence.article, (one.evidence.index,), one.evidence.sentence.text, marker=number)
        for number, one in enumerate(kept, start=1)
    ]
    return Answer(
        question=text,
        text="\n".join(" ".join(one.evidence.sentence.text.split()) for one in kept),
        grounded=True,
        confidence=max(GIVEN, kept[0].confidence),
        citations=tuple(citations),
    )


def _fits(question: Question, one: Judged) -> bool:
    """Return whether a sentence is of the kind asked for: dated, and open when the question is about what may be."""
    if one.support < MIN_SEVERAL or (question.kind in TYPED and not one.evidence.candidates):
        return False
    text = one.evidence.sentence.text
    return not question.about_future or bool(find_hedges(text)) or bool(find_futures(text))


def _is_exact(evidence: Evidence) -> bool:
    """Return whether a date or number is named in digits and not only as "next year"."""
    return bool(evidence.candidates) and any(char.isdigit() for char in evidence.candidates[0].text)


def _abstain(text: str, gathered: Gathered, confidence: float) -> Answer:
    """Return that nothing answers, with the nearest sentence of the nearest articles."""
    nearest: dict[str, Evidence] = {}
    for one in gathered.judged:
        nearest.setdefault(one.evidence.article.id, one.evidence)
    return Answer(
        question=text,
        text="",
        grounded=False,
        confidence=confidence,
        conflicts=_conflicts(gathered, ()) if gathered.judged else (),
        nearest=tuple(
            citation_of(one.article, (one.index,), one.sentence.text, marker=number)
            for number, one in enumerate(list(nearest.values())[:NEAREST], start=1)
        ),
    )
