"""Near-copies: a claim that repeats a sentence of its source but for one thing, and claims cut out of a source.

A claim that was cut out of a sentence is a subsequence of its words. One that becomes a subsequence only when a name
may stand for every other name had its names exchanged; the same goes for numbers, days, and for an added "not".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.model import Problem, ProblemKind
from bot.proof.lexicon import lexicon
from bot.proof.source import Evidence
from bot.proof.statements import Statement, name_tokens
from bot.text.words import terms

# A claim of fewer words is a subsequence of too much.
_FEWEST_WORDS = 5
# Sentences that share less with a claim are not what it repeats.
_LEAST_COVERAGE = 0.6
_NOT_ENDING = re.compile(r"n['’]t$")
_NOT_WORDS = frozenset({"not", "never", "no"})
_HELPERS = frozenset({"do", "does", "did"})
_EXCHANGED: tuple[ProblemKind, ...] = ("name", "number", "date")
_DATE_KINDS = frozenset({"weekday", "month"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, or one name, number or day as a whole; `kind` is empty for a word, `keys` are what it is known by."""

    kind: ProblemKind | None
    keys: frozenset[str]


def check_copy(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return what the statement exchanged or added in the sentence it otherwise repeats; hard problems."""
    if len(statement.words) < _FEWEST_WORDS or evidence.coverage < _LEAST_COVERAGE:
        return []
    pieces = _pieces(statement)
    sources = [(said, _pieces(said)) for said in evidence.aligned]
    found = _changed_part(pieces, sources, statement, evidence)
    if found is None and pieces[0].kind == "name":
        found = _changed_part(pieces[1:], sources, statement, evidence)
    return [Problem(kind=found, text=statement.text[:120])] if found else []


def _changed_part(
    pieces: list[Piece], sources: Sequence[tuple[Statement, list[Piece]]], statement: Statement, evidence: Evidence
) -> ProblemKind | Literal[""] | None:
    """Return what was changed in the one source sentence that the pieces repeat: nothing (""), or None if none is."""
    if any(_match(pieces, source) is not None for _, source in sources):
        return ""
    affirmed = [piece for piece in pieces if not piece.keys & _NOT_WORDS]
    bare = [piece for piece in affirmed if not piece.keys & _HELPERS]
    for said, source in sources:
        for kind in _EXCHANGED:
            if _is_exchanged(pieces, source, kind, evidence):
                return kind
        if len(affirmed) < len(pieces) and len(statement.denials) > len(said.denials) and _match(bare, source):
            return "negation"
    return None


def check_order(statement: Statement, evidence: Evidence) -> list[Problem]:
    """Return, as a hard problem, that names of a claim cut out of the context changed places."""
    pieces = _pieces(statement)
    source = [piece for said in evidence.context.statements for piece in _pieces(said)]
    if _match(pieces, source) is not None or _match(pieces, source, exchanged="name") is None:
        return []
    return [Problem(kind="order", text=statement.text[:120])]


def _is_exchanged(pieces: list[Piece], source: list[Piece], kind: ProblemKind, evidence: Evidence) -> bool:
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
    return any((one, other) in evidence.source.name_pairs for one in piece.keys for other in following.keys)


def _pieces(statement: Statement) -> list[Piece]:
    """Return the statement's words in order, its names, numbers and days as one piece each."""
    spans = sorted(_spans(statement), key=lambda span: (span[0], -span[1]))
    found: list[Piece] = []
    reached = position = 0
    for word in statement.words:
        if word.start < reached:
            continue
        while position < len(spans) and spans[position][0] < word.start:
            position += 1
        if position < len(spans) and spans[position][0] == word.start:
            _, reached, piece = spans[position]
            found.append(piece)
        elif _NOT_ENDING.search(word.text):
            found.append(Piece(None, frozenset({_NOT_ENDING.sub("", word.text)})))
            found.append(Piece(None, frozenset({"not"})))
        else:
            found.append(Piece(None, frozenset({word.text})))
    return found


def _spans(statement: Statement) -> Iterable[tuple[int, int, Piece]]:
    for name in statement.names:
        keys = name_tokens(name.text)
        stems = [stem for key in keys for stem in terms(key)[:1]]
        places = [place for stem in stems for place in lexicon().place(stem)]
        initials = "".join(key[0] for key in keys)
        yield name.start, name.end, Piece("name", frozenset((*keys, *stems, *places, initials)))
    for quantity in statement.quantities:
        number = quantity.number
        start = number.start + len(number.text) - len(number.text.lstrip("$£€₩¥ "))
        yield start, number.end, Piece("number", frozenset({number.value}))
    for date in statement.dates:
        if date.kind in _DATE_KINDS:
            yield date.start, date.start + len(date.text), Piece("date", frozenset({f"{date.kind} {date.value}"}))


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
