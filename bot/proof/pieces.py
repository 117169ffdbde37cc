"""A sentence as a row of pieces, to be laid beside another: its words, and its names, numbers and days as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model import ProblemKind
from bot.proof.dates import DateMention
from bot.proof.lexicon import lexicon
from bot.proof.reading import Quantity
from bot.proof.words import Word, name_tokens
from bot.text.lazy import compile_later
from bot.text.names import Name
from bot.text.words import terms

_NOT_ENDING = compile_later(r"n['’]t$")
_DATE_KINDS = frozenset({"weekday", "month"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One word, or one name, number or day as a whole; `kind` is empty for a word, `keys` are what it is known by."""

    kind: ProblemKind | None
    keys: frozenset[str]


def read_pieces(
    words: Sequence[Word], names: Sequence[Name], quantities: Sequence[Quantity], dates: Sequence[DateMention]
) -> tuple[Piece, ...]:
    """Return a sentence's words in order, its names, numbers and days as one piece each."""
    spans = sorted(_spans(names, quantities, dates), key=lambda span: (span[0], -span[1]))
    found: list[Piece] = []
    reached = position = 0
    for word in words:
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
            found.append(Piece(None, frozenset({word.text, word.stem})))
    return tuple(found)


def _spans(
    names: Sequence[Name], quantities: Sequence[Quantity], dates: Sequence[DateMention]
) -> Iterable[tuple[int, int, Piece]]:
    for name in names:
        keys = name_tokens(name.text)
        stems = [stem for key in keys for stem in terms(key)[:1]]
        places = [place for stem in stems for place in lexicon().place(stem)]
        initials = "".join(key[0] for key in keys)
        yield name.start, name.end, Piece("name", frozenset((*keys, *stems, *places, initials)))
    for quantity in quantities:
        number = quantity.number
        start = number.start + len(number.text) - len(number.text.lstrip("$£€₩¥ "))
        yield start, number.end, Piece("number", frozenset({number.value}))
    for date in dates:
        if date.kind in _DATE_KINDS:
            yield date.start, date.start + len(date.text), Piece("date", frozenset({f"{date.kind} {date.value}"}))
