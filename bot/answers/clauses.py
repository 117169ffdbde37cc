"""The clause of a sentence that a place lies in: what stands in another one is said of something else."""

from __future__ import annotations

import re

_CLAUSE = re.compile(
    r"[,;:—][\"”]?\s|\b(?:since|after|before|which|who|that|when|while|although|because)\b", re.IGNORECASE
)
_WHEN_THAT_IS = re.compile(r"\b(?:after|before|until|once)\s*(?:the\s)?$", re.IGNORECASE)


def main_clause_of(sentence: str, position: int) -> str:
    """Return the clause that a place lies in, from the clause before when it says when that one is so."""
    clause = clause_of(sentence, position)
    before = sentence[: sentence.rfind(clause, 0, position + len(clause))]
    timed = _WHEN_THAT_IS.search(before)
    return clause_of(sentence, timed.start() - 1) + clause if timed and timed.start() else clause


def clause_of(sentence: str, position: int) -> str:
    """Return the clause that a place in a sentence lies in."""
    borders = [0, *(match.end() for match in _CLAUSE.finditer(sentence)), len(sentence)]
    start = max(border for border in borders if border <= position)
    return sentence[start : min(border for border in borders if border > position)]
