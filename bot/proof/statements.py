"""What a sentence states, taken apart: words, names, quantities, dates, quotes, denials, hedges and who says it.

The sentences of an article and the claims made about it are read by the same code, so that what is compared is alike.
Each part is read when it is first asked for: most claims need few of them. All of it takes time linear in the text.
"""

from __future__ import annotations

import re
from functools import cached_property

from bot.proof.dates import DateMention, find_dates
from bot.proof.pieces import Piece, read_pieces
from bot.proof.reading import Quantity, Reach, read_denials, read_hedges, read_quantities, read_speakers
from bot.proof.words import Word, close_up, read_words
from bot.text.lazy import compile_later
from bot.text.names import Name, find_names
from bot.text.normalizing import fold_quotes
from bot.text.numbers import find_numbers

_QUOTE = compile_later(r'"([^"\n]{2,2000})"|「([^「」\n]{2,2000})」|『([^『』\n]{2,2000})』')
# What tells readers where to look states nothing.
_LONGEST_DIRECTION_CHARS = 80
_DIRECTION = compile_later(
    r"\W{0,3}(?:click here|scroll down|read more|sign up|follow us|watch (?:the )?video)\b", re.IGNORECASE
)


class Statement:
    """One sentence. `folded` has straight quotes and the same offsets as `text`; empty if it only directs readers."""

    def __init__(self, text: str) -> None:
        self.text = "" if _is_direction(text) else close_up(text)
        self.folded = fold_quotes(self.text)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Its words in order."""
        return read_words(self.folded)

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, and of the phrases they make."""
        return frozenset(stem for word in self.words for stem in (word.stem, word.sense))

    @cached_property
    def content(self) -> tuple[str, ...]:
        """The stems of the words that do not fit every text."""
        return tuple(word.stem for word in self.words if word.content)

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Its names in order."""
        return tuple(find_names(self.text))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Its numbers in order, with what they count."""
        numbers = find_numbers(self.folded)
        return read_quantities(self.folded, numbers, self.words) if numbers else ()

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Its weekdays, months, days and relative dates."""
        return tuple(find_dates(self.folded))

    @cached_property
    def quotes(self) -> tuple[str, ...]:
        """What stands between its quotation marks."""
        return tuple(next(filter(None, match.groups())) for match in _QUOTE.finditer(self.folded))

    @cached_property
    def denials(self) -> tuple[Reach, ...]:
        """What it denies."""
        return read_denials(self.folded, self.words)

    @cached_property
    def hedges(self) -> tuple[Reach, ...]:
        """What it holds for less than certain."""
        return read_hedges(self.folded, self.words)

    @cached_property
    def speakers(self) -> tuple[Name, ...]:
        """The names it makes say something."""
        return read_speakers(self.folded, self.names)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Its words, names, numbers and days in order, to be laid beside another sentence's."""
        return read_pieces(self.words, self.names, self.quantities, self.dates)


def _is_direction(text: str) -> bool:
    """Return whether the sentence does no more than tell readers where to look."""
    return len(text) <= _LONGEST_DIRECTION_CHARS and _DIRECTION.match(text) is not None
