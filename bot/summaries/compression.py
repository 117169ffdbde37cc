"""Shortens a sentence by deletion only: what is left are the source's own words in the source's order.

Always deleted: a dateline, a connective at the start ("However,"), page furniture glued to the sentence. Lifted into a
field of its own: the attribution. Deleted only while the sentence is over its budget, least harmful first: brackets,
appositions, relative clauses, participle and subordinate tails, an adverbial at the start; from a sentence that would
still be longer than any bullet may be, a time or place at its end, or a further clause. A span that holds a number, a
negation, a hedge or a condition is never deleted, and what is left must have a verb and balanced quotation marks.

The one exception: a sentence that no such deletion brings to `MAX_WORDS` is ended at a clause border. The statement
before the border is kept whole with its numbers, hedges and negations; the clause after it is another statement, which
goes with its own, and never when it takes back or limits the first ("but", "unless", "denied").
"""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from bot.summaries.attribution import Attribution, find_attribution
from bot.summaries.clauses import Clause, is_balanced, split_clauses, strip_paired_marks
from bot.summaries.deletions import (
    find_asides,
    find_further_clauses,
    find_late_tails,
    find_minor_phrases,
    find_parentheses,
    find_second_quotes,
    find_structural,
    is_guarded,
)
from bot.summaries.openings import measure_opening, unglue
from bot.summaries.statements import ends_loosely, has_main_clause, has_verb
from bot.text.lazy import compile_later
from bot.text.words import count_words

TARGET_WORDS = 20  # a sentence over this is shortened where that does no harm
MAX_WORDS = 32  # no bullet is longer
MIN_WORDS = 6  # a shortened sentence keeps at least this many
MAX_CHARS = 1500  # of a sentence that are worked on
MAX_TRIALS = 24  # deletions tried on one sentence
REMEMBERED = 16  # sentences whose parts are kept: the lead is read for its bullet and again for a headline

_FINAL_CHARS = " .!?…。！？\"'”’»」』"
_SPACES = compile_later(r"[ \t\n]{2,}")
_SPACED_MARK = compile_later(r"[,;:](?<=\s.)")
_SPACE_BEFORE_MARK = compile_later(r"\s+([,;:]\s*)+(?=[.!?])")
_FINAL_MARK = compile_later(r"[.!?…。！？][\"'”’»)\]」』]*\s*$|''\s*$")


@dataclass(frozen=True, slots=True)
class Compressed:
    """A sentence after deletion; `attribution` is the source's own phrase, `lifted` whether it left the text.

    `passage` is the stretch of the source it was made from. `fits` is false when the text is still longer than
    `MAX_WORDS` words or not balanced.
    """

    text: str
    words: int
    passage: str
    attribution: str | None
    lifted: bool
    source_is_pronoun: bool
    fits: bool


def compress_sentence(text: str, *, language: str = "en", target_words: int = TARGET_WORDS) -> Compressed:
    """The sentence shortened towards `target_words`; outside English only opening, source and brackets go."""
    parts = _read(text[:MAX_CHARS], language)
    source, start, clauses, attribution = parts.source, parts.start, parts.clauses, parts.attribution
    work = _Shortening(source, [(0, start)] if start else [], clauses if language == "en" else None)
    lifted = False
    if attribution and attribution.can_be_lifted:
        lifted = work.cut((attribution.cut_start, attribution.cut_end))
    if language != "en":
        work.cut_while_over(find_parentheses(source), target_words)
        work.end_at_clause(find_second_quotes(source), MAX_WORDS)
    else:
        work.cut_while_over(find_asides(source, start), 0)
        work.cut_while_over(find_structural(source, clauses), target_words)
        work.cut_if_enough(find_minor_phrases(source, start), MAX_WORDS)
        work.cut_while_over(find_late_tails(source, start, MAX_WORDS), MAX_WORDS)
        work.end_at_clause(find_further_clauses(source, start, clauses, MAX_WORDS), MAX_WORDS)
    named = attribution.text if attribution else None
    if attribution and not lifted and attribution.text not in work.text:
        # A cut went through the phrase ("the council (TC) said"): name it as it stands now.
        again = find_attribution(work.text, split_clauses(work.text), language)
        named = again.text if again else _as_left(attribution.text, work.text)
    fits = work.words <= MAX_WORDS and is_balanced(work.text) and len(text) <= MAX_CHARS
    return Compressed(
        work.text,
        work.words,
        source if work.ended_at is None else source[: work.ended_at].rstrip(" ,;–—-"),
        named,
        lifted,
        attribution.pronoun if attribution else False,
        fits,
    )


def cut_to_fit(text: str, max_words: int = MAX_WORDS) -> str:
    """The beginning of the text that ends at the last clause border (else word border) within `max_words`, balanced.

    The last resort for a "sentence" that has no end, such as a table or a page without punctuation.
    """
    head = text[:MAX_CHARS].strip()
    clause_ends = [clause.end for clause in split_clauses(head)]
    word_ends = [match.end() for match in re.finditer(r"\S+", head)]
    for ends in (clause_ends, word_ends, range(1, len(head) + 1)):
        fitting = bisect.bisect_right(ends, max_words, key=lambda end: count_words(head[:end]))
        for end in reversed(ends[max(0, fitting - MAX_TRIALS) : fitting]):
            piece = head[:end].rstrip(" ,;:–—-")
            if piece and is_balanced(piece):
                return piece
    return strip_paired_marks(head[: word_ends[max(0, min(len(word_ends), max_words) - 1)]]) if word_ends else ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A sentence as it is read before anything is cut; its statement begins at `start`."""

    source: str
    start: int
    clauses: Sequence[Clause]
    attribution: Attribution | None


@lru_cache(maxsize=REMEMBERED)
def _read(text: str, language: str) -> _Parts:
    """The parts of a sentence."""
    source = text.strip()
    if language == "en" and count_words(source) > MAX_WORDS:
        source = unglue(source, MAX_WORDS)
    start = measure_opening(source, language)
    clauses = split_clauses(source, start)
    return _Parts(source, start, clauses, find_attribution(source, clauses, language))


def _as_left(phrase: str, text: str) -> str:
    """The phrase as far as its first and last words still stand in the text, else the phrase itself."""
    words = phrase.split()
    begin = text.find(" ".join(words[:2]))
    end = text.find(words[-1], begin + 1)
    if begin < 0 or end < 0 or end - begin > len(phrase):
        return phrase
    return text[begin : end + len(words[-1])]


class _Shortening:
    """A sentence being shortened: its source, the spans cut so far, what is left, and where it was ended."""

    def __init__(self, source: str, cuts: Sequence[tuple[int, int]], english_clauses: Sequence[Clause] | None) -> None:
        self.source = source
        self.english_clauses = english_clauses
        self.has_main: bool | None = None
        self.cuts = list(cuts)
        self.text = _render(source, self.cuts)
        self.words = count_words(self.text)
        self.ended_at: int | None = None

    def copy(self) -> _Shortening:
        """The same state, to try cuts on."""
        copied = copy(self)
        copied.cuts = list(self.cuts)
        return copied

    def cut(self, span: tuple[int, int]) -> bool:
        """Cuts the span if the rest still reads as a sentence; says whether it did."""
        rest = _render(self.source, [*self.cuts, span])
        words = count_words(rest)
        if words < MIN_WORDS or not is_balanced(rest) or not self._reads(rest):
            return False
        self.cuts.append(span)
        self.text = rest
        self.words = words
        return True

    def _reads(self, rest: str) -> bool:
        """Whether what is left has a main clause, where the sentence has one, and does not end in a loose word."""
        if self.english_clauses is None:
            return not rest.isascii() or has_verb(rest)
        if self.has_main is None:
            self.has_main = has_main_clause(self.english_clauses)
        if ends_loosely(rest) and not ends_loosely(self.source):
            return False
        return has_main_clause(split_clauses(rest)) if self.has_main else has_verb(rest)

    def cut_while_over(self, spans: Iterable[tuple[int, int]], max_words: int) -> None:
        """Cuts spans in their order, those that must not be lost left out, until at most `max_words` are left."""
        if self.words <= max_words:
            return
        for span in itertools.islice(spans, MAX_TRIALS):
            if not self._crosses(span) and not is_guarded(self.source[span[0] : span[1]]):
                self.cut(span)
            if self.words <= max_words:
                return

    def cut_if_enough(self, spans: Iterable[tuple[int, int]], max_words: int) -> None:
        """Like `cut_while_over`, but nothing is cut when that does not bring the text to `max_words`."""
        if self.words <= max_words:
            return
        trial = self.copy()
        trial.cut_while_over(spans, max_words)
        if trial.words <= max_words:
            self.cuts, self.text, self.words = trial.cuts, trial.text, trial.words

    def end_at_clause(self, spans: Iterable[tuple[int, int]], max_words: int) -> None:
        """Cuts the first of the spans that leaves at most `max_words`, where more are left."""
        if self.words <= max_words:
            return
        for span in itertools.islice(spans, MAX_TRIALS):
            trial = self.copy()
            if not self._crosses(span) and trial.cut(span) and trial.words <= max_words:
                self.cuts, self.text, self.words = trial.cuts, trial.text, trial.words
                self.ended_at = None if self.source[span[1] :].strip(_FINAL_CHARS) else span[0]
                return

    def _crosses(self, span: tuple[int, int]) -> bool:
        """Whether the span overlaps an earlier cut without holding all of it."""
        return any(
            span[0] < end and begin < span[1] and not (span[0] <= begin and end <= span[1]) for begin, end in self.cuts
        )


def _render(source: str, cuts: Sequence[tuple[int, int]]) -> str:
    """The source without the cut spans: spaces closed up, first letter raised, final mark kept or added."""
    if not cuts:
        return _SPACES.sub(" ", source).strip(" ,;:–—-")
    pieces: list[str] = []
    position = 0
    for begin, end in sorted(cuts):
        pieces.append(source[position:begin])
        position = max(position, end)
    pieces.append(source[position:])
    text = _SPACES.sub(" ", "".join(pieces)).strip(" ,;:–—-")
    if _SPACED_MARK.search(text):
        text = _SPACE_BEFORE_MARK.sub(" ", text)
    if text and not _FINAL_MARK.search(text) and _FINAL_MARK.search(source):
        text += "."
    return text[:1].upper() + text[1:] if any(begin == 0 for begin, _ in cuts) else text
