"""Whether English text reads as a statement: it has a main verb, and its end waits for nothing.

No parser: lists of verbs and of the words that open relative and subordinate clauses. What is cut by deletion must have
a main clause by the narrow list, where its sentence had one; a whole sentence needs a verb by the wide list only, which
takes in words that are verbs as often as nouns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.summaries.clauses import Clause, is_balanced, split_clauses
from bot.summaries.lexicon import (
    LOOSE_ENDS,
    PARTICIPLE_EXCEPTIONS,
    PAST_PARTICIPLES,
    PRESENT_VERBS,
    RELATIVE,
    SENTENCE_OPENERS,
    STRANDED_ENDS,
    SUBORDINATORS,
)
from bot.text.lazy import compile_later

REMEMBERED = 32  # beginnings of sentences whose standing is kept: several searches end at the same borders

# For text in lower case: without regard to case it would take three times as long.
_FINITE = compile_later(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|said|says|met|held|"
    r"won|lost|made|took|told|signed|sent|set|led|left|began|came|went|became|gave|found|kept|saw|ran|fell|rose|hit|"
    r"cut|paid|sold|built|spent|wrote|knew|thought|got|brought|caught|bought|fought|broke|spoke|drove|grew|threw|flew|"
    r"drew|stood|struck|beat|shot|hopes?|plans?|wants?|needs?|remains?|makes?|takes?|shows?|gives?|comes?|goes|gets?|"
    r"believes?|claims?|faces?|plays?|works?|lives?|runs?|begins?|starts?|seems?|appears?|expects?|calls?|says?|say|"
    r"means?|keeps?|tells?|seeks?|leads?|follows?|includes?|marks?|sees|allows?|turns?|opens?|becomes?|"
    r"(?!united\b|hundred\b|indeed\b|speed\b)\w{3,}ed)\b"
    r"|\b(?:it|he|she|that|there|here|what)\s?['’]s\b|['’](?:re|ve|ll|m)\b|n\s?['’]t\b"
)
_VERB_FIRST = compile_later(
    r"^(?:\w+ly\s+)?(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|said|says|"
    r"told|met|held|won|lost|made|took|sent|put|set|led|left|began|came|went|became|gave|found|kept|saw|ran|fell|rose|hit|"
    r"paid|sold|built|wrote|got|brought|caught|stood|struck|beat|shot|\w{3,}ed|remains?|plays?|shows?|claims?|wants?|"
    r"hopes?|faces?|lives?|works?|takes?|makes?|believes?)\b",
    re.IGNORECASE,
)
_COMPARISON = compile_later(r"\b(?:as|so)\s+(?:[a-z]+\s+){1,2}$")  # before "as": "five times as many [as ...]"
_MEASURE = compile_later(r"\b(?:minute|hour|day|week|fortnight|month|year|decade)s?$")
_AUXILIARY_AND_VERB = compile_later(r"\b(is|are|was|were|been|has|have|had)\s(?:\w+ly\s|not\s)?(?:been\s)?\w+ed\b")
_LAST_WORD = compile_later(r"(\w+)\W*$")
_LAST_CHARS = 40  # at the end of a text that hold its last word
_WORD = compile_later(r"[^\W_]+")
_OPENING_CHARS = 60  # of a sentence that hold its first words
_OPENING_WORDS = 4  # "just two days after"
_TIMES = frozenset(
    ("just", "only", "shortly", "soon", "long", "moments", "minutes", "hours", "days", "weeks", "months", "years")
)
_TIME_ORDERS = frozenset(("after", "before"))
_ADJECTIVE = compile_later(r"\b(?:the|an?|his|her|its|their|['’]s)\s\w+ed\b")
_OPENING_CLAUSES = frozenset(("that", "after", "when", "while", "as", "because", "where"))
_CONCESSIVE = frozenset(("while", "whilst", "although", "though"))
_CONTINUES = compile_later(r"(?:,[\s\"'”’»)]*[.!?]?|…|\.\.\.|-|–|—)[\s\"'”’»)]*[.!?]?[\s\"'”’»)]*$")


def has_verb(text: str) -> bool:
    """Whether an English text has a word that looks like a finite verb."""
    return bool(_FINITE.search(text.lower()))


def begins_with_verb(text: str) -> bool:
    """Whether the text goes on with the verb of a subject before it."""
    return bool(_VERB_FIRST.match(text))


def has_main_clause(clauses: Sequence[Clause]) -> bool:
    """Whether a clause of the sentence has a verb and is neither relative, subordinate nor a participle's."""
    if not clauses:
        return False
    subordinate = opens_subordinate(clauses[0].words)
    for position, clause in enumerate(clauses):
        if not clause.words or not has_verb(clause.text):
            continue
        if position == 0:
            if subordinate:
                main = clause.words[0] not in _CONCESSIVE and count_verbs(clause.text) > 1
            else:
                main = _has_verb_of_its_own(clause)
        else:
            # "X, based in Y" goes on describing X; "X, who ..., moved to Y" comes back to it.
            describes = position == 1 and clause.words[0].endswith("ed")
            main = is_main(clause) and not describes and not (subordinate and begins_with_verb(clause.text))
        if main:
            return True
    return False


def is_main(clause: Clause) -> bool:
    """Whether the clause has a verb and is neither relative, subordinate nor a participle's."""
    words = clause.words
    if not words or words[0] in RELATIVE | SUBORDINATORS or words[0] in SENTENCE_OPENERS:
        return False
    return has_verb(clause.text) and not opens_with_participle(clause)


def count_verbs(text: str) -> int:
    """How many words of the text look like finite verbs and not like adjectives ("the wounded")."""
    return len(_FINITE.findall(_AUXILIARY_AND_VERB.sub(r"\1", _ADJECTIVE.sub(" ", text.lower()))))


def opens_subordinate(words: Sequence[str]) -> bool:
    """Whether the first words of a sentence open what is only the circumstance of something else."""
    if not words or words[:3:2] == ["as", "as"]:  # "as many as" opens no clause
        return False
    if words[0] in SENTENCE_OPENERS:
        return True
    opening = words[:_OPENING_WORDS]
    return not _TIMES.isdisjoint(opening[:2]) and not _TIME_ORDERS.isdisjoint(opening[1:])


def is_fragment(text: str) -> bool:
    """Whether a whole English sentence is none: without any verb, or a subordinate clause alone."""
    opening = _WORD.findall(text[:_OPENING_CHARS].lower())[:_OPENING_WORDS]
    if opens_subordinate(opening):
        clauses = split_clauses(text)
        return not has_main_clause(clauses) and (len(clauses) > 1 or opening[0] in _CONCESSIVE)
    return not has_verb(text) and PRESENT_VERBS.isdisjoint(_WORD.findall(text.lower()))


def opens_with_participle(clause: Clause) -> bool:
    """Whether the clause begins with "-ing" or a past participle and a preposition."""
    words = clause.words
    first = words[1] if len(words) > 1 and (words[0].endswith("ly") or words[0] in ("thus", "further")) else words[0]
    if first in PARTICIPLE_EXCEPTIONS:
        return False
    if first.endswith("ing") and len(first) > 4:
        return True
    follows = words[1:2]
    return first in PAST_PARTICIPLES and follows in (["by"], ["in"], ["as"], ["at"], ["on"], ["for"], ["near"])


@lru_cache(maxsize=REMEMBERED)
def stands_as_statement(head: str) -> bool:
    """Whether the beginning of a sentence can stand without the rest: main verb, balance, no loose end."""
    return not ends_loosely(head) and is_balanced(head) and has_main_clause(split_clauses(head))


def ends_loosely(text: str) -> bool:
    """Whether the last word waits for another, for a text that was cut there."""
    begin, end = _last_word(text)
    return text[begin:end] in LOOSE_ENDS


def ends_unfinished(text: str) -> bool:
    """Whether the text ends in a comma, dots, a dash, an article, a preposition or a conjunction."""
    begin, end = _last_word(text)
    return text[begin:end] in STRANDED_ENDS or bool(_CONTINUES.search(text[-12:]))


def splits_comparison(head: str, tail: str) -> bool:
    """Whether a cut would leave one side of a comparison ("five times as many") or a time measured from nothing."""
    opening = tail.lstrip(" ,").lower()
    if opening.startswith(("after ", "before ", "ago ", "later ", "when ")) and _MEASURE.search(head.rstrip().lower()):
        return True
    return opening.startswith("than ") or (opening.startswith("as ") and bool(_COMPARISON.search(head.rstrip() + " ")))


def strip_loose_end(text: str) -> str:
    """The text without words at its end that wait for another ("... the number of the")."""
    while ends_loosely(text):
        text = text[: _last_word(text)[0]].rstrip(" ,")
    return text


def _has_verb_of_its_own(clause: Clause) -> bool:
    """Whether a verb is left besides those of relative clauses without a comma ("a man who was hurt")."""
    relatives = sum([word in ("who", "which", "whom") for word in clause.words[1:]])
    if opens_with_participle(clause):  # "Closing the bridge was a mistake", but not "Closing the bridge that was built"
        relatives += sum([word in _OPENING_CLAUSES for word in clause.words])
    return not relatives or count_verbs(clause.text) > relatives


def _last_word(text: str) -> tuple[int, int]:
    """Where the last word begins and ends; (0, 0) without any."""
    match = _LAST_WORD.search(text, max(0, len(text) - _LAST_CHARS))
    return match.span(1) if match else (0, 0)
