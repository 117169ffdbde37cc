"""Support: how much of what a claim says stands in its source, in the same or in like words."""

from __future__ import annotations

from bot.model import Problem
from bot.proof.lexicon import lexicon
from bot.proof.source import Evidence
from bot.proof.statements import Statement

# Below the first a claim is not supported; below the second it carries a warning.
_LEAST_SUPPORT = 0.4
_GOOD_SUPPORT = 0.6
# What a word counts that stands elsewhere in the article, or there by a synonym only.
_ELSEWHERE = 0.7
_SYNONYM = 0.8


def check_support(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return one problem if too little of the statement stands in its source; a soft one if it is just enough."""
    support = measure_support(statement, evidence)
    if support >= _GOOD_SUPPORT:
        return []
    return [Problem(kind="support", text=statement.text[:120], hard=support < _LEAST_SUPPORT)]


def measure_support(statement: Statement, evidence: Evidence) -> float:
    """Return the part of the statement's content words that its source says, 0..1."""
    content = statement.content or tuple(word.stem for word in statement.words)
    if not content:
        return 0.0
    return sum(_weight(stem, evidence) for stem in content) / len(content)


def _weight(stem: str, evidence: Evidence) -> float:
    if stem in evidence.context.stems:
        return 1.0
    if lexicon().same(stem) & evidence.context.stems:
        return _SYNONYM
    if stem in evidence.scope.stems:
        return _ELSEWHERE
    return 0.0
