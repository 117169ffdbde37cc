"""Quotes: what stands between quotation marks must stand in the source, word for word."""

from __future__ import annotations

from bot.model import Problem
from bot.proof.source import Evidence, compact
from bot.proof.statements import Statement
from bot.text.lazy import compile_later

# A quote of fewer letters is a single word or a title: the other checks see it.
_SHORTEST_QUOTE_LETTERS = 8
# An ellipsis, or words put in by whoever quotes, part a quote into passages.
_BREAK = compile_later(r"\.\s?\.\s?\.|…|\[[^\[\]]{0,200}\]|\([^()]{0,200}\)")


def check_quotes(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return the quotes whose passages do not stand in the scope."""
    return [
        Problem(kind="quote", text=quote)
        for quote in statement.quotes
        if not all(_stands(passage, evidence) for passage in _BREAK.split(quote))
    ]


def _stands(passage: str, evidence: Evidence) -> bool:
    letters = compact(passage)
    return len(letters) < _SHORTEST_QUOTE_LETTERS or letters in evidence.scope.compact
