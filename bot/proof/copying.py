"""Near-copies: a claim that repeats a sentence of its source but for one thing, and claims cut out of a source.

A claim that was cut out of a sentence is a subsequence of its words. One that becomes a subsequence only when a name
may stand for every other name had its names exchanged; the same goes for numbers, days, and for an added "not".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from bot.model import Problem, ProblemKind
from bot.proof.pieces import Piece
from bot.proof.source import Evidence
from bot.proof.statements import Statement

# A claim of fewer words is a subsequence of too much.
_FEWEST_WORDS = 5
# Sentences that share less with a claim are not what it repeats.
_LEAST_COVERAGE = 0.6
_NOT_WORDS = frozenset({"not", "never", "no"})
_HELPERS = frozenset({"do", "does", "did"})
_EXCHANGED: tuple[ProblemKind, ...] = ("name", "number", "date")


def check_copy(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return what the statement exchanged or added in the sentence it otherwise repeats; hard problems."""
    if len(statement.words) < _FEWEST_WORDS or evidence.coverage < _LEAST_COVERAGE:
        return []
    pieces = statement.pieces
    sources = [(said, said.pieces) for said in evidence.aligned]
    found = _changed_part(pieces, sources, statement, evidence)
    if found is None and pieces[0].kind == "name":
        found = _changed_part(pieces[1:], sources, statement, evidence)
    return [Problem(kind=found, text=statement.text[:120])] if found else []


def check_order(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return, as a hard problem, that names of a claim cut out of the context changed places."""
    pieces = statement.pieces
    source = [piece for said in evidence.context.statements for piece in said.pieces]
    if _match(pieces, source) is not None or _match(pieces, source, exchanged="name") is None:
        return []
    return [Problem(kind="order", text=statement.text[:120])]


def _changed_part(
    pieces: Sequence[Piece],
    sources: Sequence[tuple[Statement, Sequence[Piece]]],
    statement: Statement,
    evidence: Evidence,
) -> ProblemKind | Literal[""] | None:
    """Return what was changed in the one source sentence that the pieces repeat: nothing (""), or None if none is."""
    if any(_match(pieces, source) is not None for _, source in sources):
        return ""
    bare = _without_denials(pieces)
    for said, source in sources:
        for kind in _EXCHANGED:
            if _is_exchanged(pieces, source, kind, evidence):
                return kind
        if len(bare) < len(pieces) and len(statement.denials) > len(said.denials) and _match(bare, source):
            return "negation"
    return None


def _without_denials(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces without "not"; of "did not win" nothing is left, as the source may have "won"."""
    left: list[Piece] = []
    verb_goes = False
    for index, piece in enumerate(pieces):
        if piece.keys & _NOT_WORDS:
            verb_goes = bool(left) and left[-1] is pieces[index - 1] and bool(left[-1].keys & _HELPERS)
            if verb_goes:
                left.pop()
        elif verb_goes:
            verb_goes = False
        else:
            left.append(piece)
    return left


def _is_exchanged(pieces: Sequence[Piece], source: Sequence[Piece], kind: ProblemKind, evidence: Evidence) -> bool:
    """Return whether the pieces repeat the source but for pieces of this kind, each in the very place of another."""
    places = _match(pieces, source, exchanged=kind)
    if places is None:
        return False
    for index, (piece, place) in enumerate(zip(pieces, places, strict=True)):
        if piece.keys & source[place].keys:
            continue
        after = index + 1 == len(pieces) or places[index + 1] == place + 1
        before = index == 0 or places[index - 1] == place - 1
        if not (after and before):
            return False
        if index == 0 and index + 1 < len(pieces) and not evidence.cited and _is_said(piece, pieces[1], evidence):
            return False
    return True


def _is_said(piece: Piece, following: Piece, evidence: Evidence) -> bool:
    """Return whether the article says the second piece right after the first anywhere."""
    return any((one, other) in evidence.source.everything.pairs for one in piece.keys for other in following.keys)


def _match(part: Sequence[Piece], whole: Sequence[Piece], *, exchanged: str | None = None) -> list[int] | None:
    """Return the places in `whole` where the pieces stand in order, the earliest ones, or None if they do not.

    Any two pieces of the kind `exchanged` count as the same.
    """
    places: list[int] = []
    place = -1
    for piece in part:
        place += 1
        while place < len(whole) and not (
            piece.keys & whole[place].keys or (exchanged is not None and piece.kind == whole[place].kind == exchanged)
        ):
            place += 1
        if place >= len(whole):
            return None
        places.append(place)
    return places
