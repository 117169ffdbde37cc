"""What an article says differently from what a message told of it. Pure.

A line still stands when the passage it was made from does, or when what it says can be proved from the new version.
Else the passage is held against the sentence most like it, and the words that differ are told, old and new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.messages.wording import cut_at_word
from bot.model import Article
from bot.ports import Shown, ShownLine
from bot.proof import prepare_source, verify_claim
from bot.text.cues import find_futures, find_hedges, find_negations, find_reporting
from bot.text.normalizing import fold_quotes
from bot.text.numbers import find_numbers
from bot.text.sentences import split_sentences
from bot.text.words import Token, content_terms, tokens

MAX_CHANGES = 4
"""Changes told of one article: who wants more opens the article."""

MAX_QUOTE_CHARS = 90
"""Characters of a quotation in a note: enough to recognise the line that is meant."""

MAX_CHUNKS = 2
"""Places in which two versions of a sentence may differ to be told word by word; beyond, the sentence is told anew."""

ALIKE = 0.5
"""Share of a passage's content words that a sentence must hold for their words to be compared one by one."""

SAME_ORDER = 0.6
"""Likeness of two sentences, word by word in order, below which single words would be torn from what they mean."""

SAME_MATTER = 0.6
"""Share from which a sentence that differs in many places is told as what stands there now."""

SAME_ARTICLE = 1 / 3
"""Share of the content words of all that was told which another version of the same article still holds."""

MOST_BARE_WORDS = 2
"""Words up to which a difference is shown with the word beside it."""

AS_BEFORE = "the source says again what stands here"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """Words of a passage and those that stand in their place, either of them "", as they are told."""

    old: str
    new: str


def find_changes(shown: Shown, article: Article) -> tuple[str, ...]:
    """Return what this version of the article says differently, in clauses without a stop; empty when nothing matters.

    Additions do not count: nothing that was told is wrong by them, and the next digest tells them. Of a file that holds
    another article altogether nothing is said: it never took back what the one before it told.
    """
    version = _Version(article)
    if version.is_another(shown):
        return ()
    changes: list[str] = []
    if shown.headline and article.title and _differ(shown.headline, article.title, article.language):
        changes.append(f"the headline is now {_quoted(article.title)}")
    for line in shown.lines:
        change = version.change_of(line)
        if change is not None and change not in changes:
            changes.append(change)
    more = len(changes) - MAX_CHANGES
    return tuple(changes) if more <= 0 else (*changes[:MAX_CHANGES], f"and {more} more")


class _Version:
    """One version of an article, prepared to be asked about several lines."""

    def __init__(self, article: Article) -> None:
        self._language = article.language
        self._title = article.title or ""
        self._sentences = [sentence.text for sentence in article.sentences]
        self._terms = [set(content_terms(text, article.language)) for text in self._sentences]
        self._words = _flat(" ".join((self._title, article.deck or "", *self._sentences)))
        self._source = prepare_source(self._sentences, title=article.title, published_at=article.published_at)

    def is_another(self, shown: Shown) -> bool:
        """Return whether this version has next to nothing of what was told, and another headline."""
        held = set().union(*self._terms, content_terms(self._title, self._language))
        told = content_terms(
            " ".join((shown.headline, *(line.quote or line.text for line in shown.lines))), self._language
        )
        return sum(term in held for term in told) < SAME_ARTICLE * len(told)

    def change_of(self, line: ShownLine) -> str | None:
        """Return how what the line says has changed, None when it still stands."""
        passages = [line.quote[start:end] for start, end in split_sentences(line.quote)] or [line.text]
        missing = [passage for passage in passages if _flat(passage) not in self._words]
        if not missing:
            return None
        told: list[str] = []
        for passage in missing:
            index, share = self._nearest(passage)
            found = self._differences(passage, self._sentences[index], line) if share >= ALIKE else None
            if found is not None and len(found) <= MAX_CHUNKS:
                told.extend(_worded(difference) for difference in found)
            elif self._is_proved(line):
                return None
            elif share >= SAME_MATTER:
                return f"{_quoted(line.text)} is now {_quoted(self._sentences[index])}"
            else:
                return f"the source took this line back: {_quoted(line.text)}"
        return "; ".join(dict.fromkeys(told)) or None

    def _nearest(self, passage: str) -> tuple[int, float]:
        wanted = set(content_terms(passage, self._language))
        shares = [(len(wanted & held) / max(len(wanted), 1), -index) for index, held in enumerate(self._terms)]
        share, index = max(shares, default=(0.0, 0))
        return -index, share

    def _is_proved(self, line: ShownLine) -> bool:
        return verify_claim(line.text, self._source, attribution=line.attribution).supported

    def _differences(self, old: str, new: str, line: ShownLine) -> list[_Difference] | None:
        """Return what differs and matters for the line, in order; None when the order of the words does."""
        old, new = fold_quotes(old), fold_quotes(new)
        before, after = tokens(old), tokens(new)
        said = {token.text.casefold() for token in tokens(f"{line.text} {line.attribution or ''}")}
        matcher = SequenceMatcher(
            None,
            [token.text.casefold() for token in before],
            [token.text.casefold() for token in after],
            autojunk=False,
        )
        if matcher.ratio() < SAME_ORDER:
            return None
        found: list[_Difference] = []
        for kind, start, end, new_start, new_end in matcher.get_opcodes():
            gone, come = _slice(old, before, start, end), _slice(new, after, new_start, new_end)
            is_told = any(token.text.casefold() in said for token in before[start:end])
            # A longer insertion is an addition, whatever it denies.
            is_turned = not gone and new_end - new_start <= MOST_BARE_WORDS and any(_turns(come))
            if kind == "equal" or not (is_told or is_turned) or not _matters(gone, come, self._language):
                continue
            if not come and not any(_turns(gone)):
                found.append(_Difference(old=gone, new=""))
                continue
            first, last, new_first, new_last = _wide_enough(old, new, before, after, (start, end, new_start, new_end))
            found.append(_Difference(old=_slice(old, before, first, last), new=_slice(new, after, new_first, new_last)))
        return found


def _differ(one: str, other: str, language: str) -> bool:
    return _flat(one) != _flat(other) and _matters(one, other, language)


def _matters(gone: str, come: str, language: str) -> bool:
    """Return whether the change is more than another spelling, an article or another word for "said"."""
    if _turns(gone) != _turns(come) or _names(gone) != _names(come):
        return True
    if gone and come and find_reporting(gone) and find_reporting(come):
        return False
    values = ([number.value for number in find_numbers(text)] for text in (gone, come))
    rests = (content_terms(_without_numbers(text), language) for text in (gone, come))
    return next(values) != next(values) or next(rests) != next(rests)


def _names(text: str) -> list[str]:
    """Return the words with a capital, numbers in words aside: stems would make Lund and Lunde one."""
    return [token.text.casefold() for token in tokens(_without_numbers(text)) if not token.text[0].islower()]


def _without_numbers(text: str) -> str:
    kept, at = [], 0
    for number in find_numbers(text):
        kept.append(text[at : number.start])
        at = number.end
    return " ".join((*kept, text[at:]))


def _turns(text: str) -> tuple[bool, bool, bool]:
    """Return what of the words decides whether a statement is denied, doubted or still to come."""
    return bool(find_negations(text)), bool(find_hedges(text)), bool(find_futures(text))


def _wide_enough(
    old: str, new: str, before: Sequence[Token], after: Sequence[Token], spans: tuple[int, int, int, int]
) -> tuple[int, int, int, int]:
    """Return the spans with a word beside them that both versions have: a number alone says little."""
    start, end, new_start, new_end = spans
    if end - start > MOST_BARE_WORDS or new_end - new_start > MOST_BARE_WORDS:
        return spans
    if _goes_on(old, before, end) and _goes_on(new, after, new_end):
        return start, end + 1, new_start, new_end + 1
    if start > 0 and new_start > 0:
        return start - 1, end, new_start - 1, new_end
    return spans


def _goes_on(text: str, words: Sequence[Token], end: int) -> bool:
    """Return whether another word follows without a comma or the like between."""
    return 0 < end < len(words) and text[words[end - 1].end : words[end].start].isspace()


def _worded(difference: _Difference) -> str:
    if not difference.new:
        return f"the source no longer says {_quoted(difference.old)}"
    return f"{_quoted(difference.old)} is now {_quoted(difference.new)}"


def _slice(text: str, words: Sequence[Token], start: int, end: int) -> str:
    return text[words[start].start : words[end - 1].end] if start < end else ""


def _flat(text: str) -> str:
    """Return the words alone, each between spaces: what is the same however it is punctuated and broken into lines."""
    return f" {' '.join(token.text.casefold() for token in tokens(fold_quotes(text)))} "


def _quoted(text: str) -> str:
    flat = " ".join(text.split()).strip('“”"').rstrip(".")
    if len(flat) > MAX_QUOTE_CHARS:
        flat = cut_at_word(flat, kept=MAX_QUOTE_CHARS - 1)
    return f"“{flat}”"
