"""Which deed a question asks about, where a sentence tells of it, and who is named as having done it."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from bot.answers.questions import Question
from bot.answers.word_groups import with_groups
from bot.text.words import terms

# Characters before a deed or a name in which "was" or "by" is looked for.
_WITHIN: Final = 40
# What is kept for one question and the next: the sentences looked at closely, and words of which many recur.
_REMEMBERED_QUESTIONS: Final = 16
_REMEMBERED_SENTENCES: Final = 256
_REMEMBERED_WORDS: Final = 8_192

_DEED = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?(?:who|(?:which|what)\s(?:[\w’'-]+\s){1,3}?)\s?(?!do|did)(?:(?:was|were|is|are|has|had|have|been|will|first|recently|also|still|now|[a-z]{3,}ly)\s){0,3}"
    r"(?!happen|occur)(?P<deed>won|led|made|beat|told|gave|took|bought|sold|wrote|built|held|met|became|found|left|lost|sent|paid|brought"
    r"|caught|broke|chose|drew|shot|spent|stole|struck|[a-z]{3,}(?:ed|s|ing))\b",
    re.IGNORECASE,
)
# "by Ada Marl", not "by beating Marl".
_BY_BEFORE = re.compile(r"\bby\s(?!\w+ing\b)(?:the\s)?(?:[\w’'-]+\s){0,3}$")
# "was opened", "has been first opened": who did it, if anybody, stands after "by".
_PASSIVE_BEFORE = re.compile(
    r"\b(?:was|were|been|being|is|are|be|got)\s(?:\w+ly\s|not\s|first\s|also\s|then\s)?$", re.IGNORECASE
)


@lru_cache(maxsize=_REMEMBERED_QUESTIONS)
def asked_deed(question: Question, language: str) -> frozenset[str]:
    """Return the terms of the deed that is asked about and of its group; empty when none is."""
    deed = _DEED.match(question.text)
    return frozenset(with_groups(terms(deed["deed"], language)[:1])) if deed else frozenset()


@lru_cache(maxsize=_REMEMBERED_SENTENCES)
def act_places(question: Question, sentence: str, language: str) -> tuple[int, ...]:
    """Return where the deed that is asked about stands, or a word of its group."""
    places = places_of(sentence, asked_deed(question, language), language)
    # "Acquire" inside a sentence is a name, not what somebody does.
    return tuple(at for at in places if at == 0 or not _is_name_at(sentence, at))


def places_of(sentence: str, wanted: Collection[str], language: str) -> list[int]:
    """Return where words of a sentence stand that make one of the wanted terms."""
    if not wanted:
        return []
    return [
        match.start()
        for match in re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", sentence)
        if any(term in wanted for term in _terms_of_word(match[0], language))
    ]


def is_named_as_doer(sentence: str, start: int) -> bool:
    """Return whether "by" stands before the name that begins here ("opened by Ada Marl")."""
    return _BY_BEFORE.search(sentence[max(0, start - _WITHIN) : start]) is not None


def is_passive(sentence: str, place: int) -> bool:
    """Return whether what is named before the deed at this place did not do it but had it done ("was opened")."""
    before = _PASSIVE_BEFORE.search(sentence[max(0, place - _WITHIN) : place])
    return before is not None and not re.match(r"\w+ing\b", sentence[place:])


def _is_name_at(sentence: str, at: int) -> bool:
    """Return whether a capital begins a name here: the word before has none, so that this is no headline."""
    before = sentence[:at].split()[-2:]
    return sentence[at].isupper() and bool(before) and before[-1][0].islower()


@lru_cache(maxsize=_REMEMBERED_WORDS)
def _terms_of_word(word: str, language: str) -> tuple[str, ...]:
    return tuple(terms(word, language))
