"""The verdict on a claim: each of its sentences is taken apart and checked; the worst decides."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import Problem, Verdict
from bot.proof.copying import check_copy, check_order
from bot.proof.naming import check_attribution, check_names, check_peoples, check_speakers
from bot.proof.polarity import check_denials, check_hedges, check_opposites
from bot.proof.quantities import check_dates, check_numbers
from bot.proof.quoting import check_quotes
from bot.proof.source import Evidence, Source, find_evidence
from bot.proof.statements import Statement
from bot.proof.support import check_support, measure_support
from bot.text.sentences import split_sentences

# What a problem leaves of the score: a hard one most likely means a false claim, a soft one rarely.
_HARD_FACTOR = 0.4
_SOFT_FACTOR = 0.85
# A claim of more sentences is a document: only the beginning is checked, and it is not supported.
_MOST_SENTENCES = 100
# How much the share that the best sentence holds counts in the score.
_SCATTER_WEIGHT = 0.3


def verify_claim(
    claim: str,
    source: Source,
    *,
    cited: Sequence[int] | None = None,
    attribution: str | None = None,
    copied: bool = False,
) -> Verdict:
    """Return whether the claim stands in the sentences it cites and those beside them, or anywhere without citations.

    `attribution` is who the claim is ascribed to, when its text does not say so. `copied` says that the claim was cut
    out of the source, so that its names must also stand in the source's order.
    """
    if cited and not any(0 <= index < len(source.statements) for index in cited):
        return Verdict(supported=False, score=0.0, problems=(Problem(kind="support", text="no such sentence"),))
    sentences = [Statement(claim[start:end]) for start, end in split_sentences(claim)]
    statements = [statement for statement in sentences if statement.content] or sentences
    if not any(statement.words for statement in statements):
        return Verdict(supported=False, score=0.0, problems=(Problem(kind="support", text=claim[:80]),))
    problems: dict[Problem, None] = {}
    score = 1.0
    if len(statements) > _MOST_SENTENCES:
        problems[Problem(kind="support", text=f"more than {_MOST_SENTENCES} sentences")] = None
        score = _HARD_FACTOR
    for statement in statements[:_MOST_SENTENCES]:
        evidence = find_evidence(statement, source, cited)
        found = _check_statement(statement, evidence, attribution, copied=copied)
        problems.update(dict.fromkeys(found))
        score = min(score, _score(statement, evidence, found))
    return Verdict(
        supported=not any(problem.hard for problem in problems), score=round(score, 4), problems=tuple(problems)
    )


def _check_statement(
    statement: Statement, evidence: Evidence, attribution: str | None, *, copied: bool
) -> list[Problem]:
    problems = [
        *check_quotes(statement, evidence),
        *check_denials(statement, evidence),
        *check_hedges(statement, evidence, attribution),
    ]
    if attribution:
        problems += check_attribution(attribution, statement, evidence)
    if evidence.is_cut:
        return problems
    problems += [
        *check_numbers(statement, evidence),
        *check_names(statement, evidence),
        *check_peoples(statement, evidence),
        *check_dates(statement, evidence),
        *check_opposites(statement, evidence),
        *check_speakers(statement, evidence),
        *check_copy(statement, evidence),
        *check_support(statement, evidence),
    ]
    if copied:
        problems += check_order(statement, evidence)
    return problems


def _score(statement: Statement, evidence: Evidence, problems: list[Problem]) -> float:
    """Return the support, lessened by each problem and by how scattered it lies; 0..1, meant for ranking."""
    score = measure_support(statement, evidence) * (1 - _SCATTER_WEIGHT * (1 - evidence.coverage))
    for problem in problems:
        score *= _HARD_FACTOR if problem.hard else _SOFT_FACTOR
    return max(0.0, min(1.0, score))
