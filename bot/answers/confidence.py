"""How sure an answer is: what of the question its evidence holds, and what speaks against it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.answers.candidates import NONE
from bot.answers.clauses import main_clause_of
from bot.answers.evidence import MAX_CHARS, MAX_SENTENCES, Evidence
from bot.answers.fitting import (
    holds,
    is_apart_from_role,
    is_broken_off,
    is_dateless,
    is_of_longer_name,
    is_past_role,
    lacks_actor,
    lacks_deed,
    lacks_order,
    missing_figures,
    names_nobody_new,
    only_asks,
    terms_around,
)
from bot.answers.questions import TYPED, Question
from bot.answers.relations import (
    deed_asked_of,
    is_dated_otherwise,
    is_done_by_another,
    is_of_another,
    is_of_longer_thing,
    is_of_other_year,
    is_of_part,
    is_scattered,
    is_superseded,
    lacks_letter,
    names_only_beside,
)
from bot.answers.speakers import whose_word
from bot.answers.tenses import is_of_other_time
from bot.answers.thresholds import threshold_of
from bot.model import Article
from bot.text.cues import find_futures, find_hedges, find_negations, find_reporting
from bot.text.names import find_names
from bot.text.words import remembered_terms, terms

MISSING_WORDS: Final = 0.35
"""Taken off when none of the question's words that the sentence lacks stands anywhere in the article."""
NAMES_ELSEWHERE: Final = 0.30
"""Taken off when the names of the question stand outside the evidence."""
NAMES_NOWHERE: Final = 0.30
"""Taken off when a name of the question is not in the article at all."""
NUMBERS_ELSEWHERE: Final = 0.60
"""Taken off when the numbers of the question (a year, a season) are not in the evidence."""
NO_PREDICATE: Final = 0.25
"""Taken off when what is asked of the names stands nowhere near; twice for yes or no."""
NO_CANDIDATE: Final = 0.45
"""Taken off when nothing of the kind asked for stands in the evidence."""
NO_FIGURE: Final = 0.60
"""Taken off when a number or a date is asked for and none stands in the evidence."""
OTHER_SPEAKER: Final = 0.60
"""Taken off when it is asked what somebody said and the evidence is another's word."""
NO_FOCUS: Final = 0.30
"""Taken off when "which X" is asked and neither X nor a word of its group stands near."""
OTHER_ROLE: Final = 0.60
"""Taken off when a role ("the president of X") stands in the evidence apart from whose role it is."""
ABOUT_OTHERS: Final = 0.30
"""Taken off when a yes or no is asked of names that the sentence itself does not name."""
MIN_OWN: Final = 0.34
BARE: Final = 0.20
"""Taken off when the sentence itself holds less than `MIN_OWN` of the question: it speaks of something else."""
ONLY_A_PLAN: Final = 0.45
"""Taken off when it is asked whether something happened and the evidence only expects it."""
OF_ANOTHER: Final = 0.40
"""Taken off when the evidence tells of the same act or thing of somebody else ("Voss's visit", not "Marl's")."""
DONE_BY_ANOTHER: Final = 0.50
"""Taken off when it is asked whether somebody did it and the sentence says that somebody else did."""
DENIED: Final = 0.20
"""Taken off when the evidence denies what the question takes for granted."""

OTHER_ORDER: Final = 0.35
"""Taken off when "the first", "the latest" or "the third" is asked and the evidence says nothing of the sort."""
APART_FROM_ROLE: Final = 0.60
"""Taken off when it is asked who holds a role and nobody is named beside it."""
PAST_ROLE: Final = 0.55
"""Taken off when it is asked who holds a role now and the evidence names who held it."""
NO_ACTOR: Final = 0.55
"""Taken off when it is asked who did it and the sentence names nobody in the actor's place."""
LONGER_NAME: Final = 0.35
"""Taken off when a name of the question is there only the beginning of another ("Marl Bridge Festival")."""
DATELESS: Final = 0.55
"""Taken off when a past day is told without its year in an article without a date."""
NO_DEED: Final = 0.20
"""Taken off when it is asked who did it and the sentence tells of no such deed."""
NOBODY_NEW: Final = 0.55
"""Taken off when it is asked who and the sentence names nobody that the question does not."""

OTHER_THING: Final = 0.55
"""Taken off when what is asked about is in the sentence part of another name, or its words stand apart."""
OF_PART: Final = 0.50
"""Taken off when it is said of a part of what is asked about ("a stage of the race")."""
OTHER_YEAR: Final = 0.45
"""Taken off when the sentence names years and not the one asked about."""
DATED_OTHERWISE: Final = 0.50
"""Taken off when the date is that of something else, or one that was changed later."""
SUPERSEDED: Final = 0.50
"""Taken off when the evidence says that it was so before ("previously", "initially")."""
BROKEN_OFF: Final = 0.45
"""Taken off when a sentence breaks off before its main clause."""
ONLY_ASKS: Final = 0.50
"""Taken off when the sentence only says that the question is asked or answered."""
ONLY_BESIDE: Final = 0.36
"""Taken off when the names of the question stand beside a sentence that points at nothing before it."""

GIVEN, NOT_GIVEN = 0.5, 0.499
"""Confidence from which on an answer is given in every language, and the most of one that is not."""

BY_SUPPORT, BY_ARTICLE, BY_RARE_WORDS = 0.4, 0.4, 0.2
"""What support, the share of the question in the article, and the number of rare words count in what is reported."""
RARE_WORDS: Final = 5
"""Words as rare as the question's rarest that make it certain that the article is the one."""

DENIED_ITSELF: Final = 0.55
"""The same when it is the very thing asked for that is missing ("lacks a dock")."""

_LACKING_WHAT = re.compile(r"\b(?:lacks?|lacked|lacking|no|without)\s(?P<what>\w+(?:\s\w+){0,2})", re.IGNORECASE)
_DENYING = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|refut(?:e|es|ed|ing)|dismiss(?:es|ed|ing))\b[^.;,]{0,40}?\bthat\s(?P<what>[^;]+?)(?=,\s(?:but|and|while)\b|;|$)",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:prepar(?:e|es|ing|ation|ations)|ahead\sof|anticipated|upcoming|in\sthe\srun-?up|intent|intends?|hopes?\sto|if|should|would|might)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:what|how)\s(?:did|does|do|has|have)\s(?P<who>[^?]{2,60}?)\s(?:say|said|call|called|describe|warn|claim|announce|tell|told)\b",
    re.IGNORECASE,
)
_FOCUS = re.compile(
    r"\b(?:[Ww]hich|[Ww]hat)\s(?!is|was|are|were|did|does|do|has|have|had|will|would|can|could|else|happened|kind|type|sort|of)"
    r"(?P<focus>[a-z]{3,})\s(?!of\b)"
)
_ROLE = re.compile(
    r"\b[Ww]ho\s(?:is|was)\s(?:the\s)?(?:\w+\s)?(?P<role>[a-z]+|CEO|CFO|COO)\s(?:of|for)\s(?:the\s)?(?P<whose>[A-Z][^?]*?)\s*\?*$"
)
_LACKING = re.compile(r"\b(?:lacks?|lacked|lacking|no|without|neither|nobody|none|never)\b", re.IGNORECASE)
_DENYING_QUESTION = re.compile(r"\b(?:not|n['’]t|no|never|deny|denied|lack|refuse[sd]?|reject(?:ed)?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How sure an answer is.

    `support` (0 to 1) decides whether it is given: what the evidence holds of the question less what speaks against it.
    `confidence` (0 to 1) is what is reported, from .5 on for what is given: support, and how much of the question, and
    how many rare words of it, the article holds. `only_planned` says that the evidence only expects what is asked as
    having happened.
    """

    support: float
    confidence: float
    only_planned: bool = False


def weigh_evidence(question: Question, evidence: Evidence, wanted: Mapping[str, float]) -> Verdict:
    """Return how sure it is that the evidence answers the question."""
    article = evidence.article
    window = terms_around(article, evidence.index)
    named = {term for name in question.names for term in terms(name, article.language)} & set(wanted)
    total = sum(wanted.values()) or 1.0
    confidence = evidence.coverage
    whole: set[str] | None = None
    carried = set(terms(question.carried, article.language)) - set(terms(question.words, article.language)) - named
    absent = [term for term in wanted if term not in carried and not holds(window, term)]
    if absent:
        whole = _terms_of(article)
        confidence -= MISSING_WORDS * sum(wanted[term] for term in absent if not holds(whole, term)) / total
    away = named.intersection(absent)
    if away and whole is not None:
        confidence -= NAMES_ELSEWHERE * len(away) / len(named)
        confidence -= NAMES_NOWHERE * any(not holds(whole, term) for term in away)
    confidence -= _unsaid(wanted, named | carried, absent) * (2.0 if question.kind == "yes_no" else 1.0)
    confidence -= NUMBERS_ELSEWHERE * missing_figures(question, evidence) + _unfitting(question, evidence)
    if question.kind in TYPED and not evidence.candidates:
        confidence -= NO_FIGURE if question.kind in ("when", "number", "money") else NO_CANDIDATE
    confidence -= OTHER_SPEAKER * _is_anothers_word(question, evidence, wanted)
    confidence -= OTHER_ROLE * _is_another_role(question, evidence)
    confidence -= NO_FOCUS * _lacks_focus(question, window, article.language)
    if question.kind == "yes_no" and not question.carried and _is_about_others(evidence, named):
        confidence -= ABOUT_OTHERS
    if not question.carried and _own_share(evidence, wanted) < MIN_OWN:
        confidence -= BARE
    if is_of_another(question, evidence, wanted, named):
        confidence -= OF_ANOTHER
    confidence -= DONE_BY_ANOTHER * is_done_by_another(question, evidence)
    planned = _is_only_planned(question, evidence)
    if planned:
        confidence -= ONLY_A_PLAN
    confidence -= _denied(question, evidence, wanted)
    support = min(1.0, max(0.0, confidence))
    only_planned = planned and question.kind == "yes_no"
    reported = _reported(support, wanted, whole if whole is not None else _terms_of(article))
    given = support >= threshold_of(article.language) and not only_planned
    return Verdict(
        support=support,
        confidence=GIVEN + GIVEN * reported if given else min(NOT_GIVEN, GIVEN * reported),
        only_planned=only_planned,
    )


def _reported(support: float, wanted: Mapping[str, float], whole: set[str]) -> float:
    """Return the confidence that is reported; it tells apart whether the answer was read or not (AUC .95 on XQuAD)."""
    held = sum(weight for term, weight in wanted.items() if term in whole)
    share = held / (sum(wanted.values()) or 1.0)
    rare = min(1.0, held / (RARE_WORDS * max(wanted.values(), default=1.0)))
    return BY_SUPPORT * support + BY_ARTICLE * share + BY_RARE_WORDS * rare


def _unfitting(question: Question, evidence: Evidence) -> float:
    """Return what is taken off for answering a neighbouring question: of another order, holder, time or thing."""
    return (
        OTHER_ORDER * lacks_order(question, evidence)
        + BROKEN_OFF * is_broken_off(evidence)
        + ONLY_ASKS * only_asks(question, evidence)
        + APART_FROM_ROLE * is_apart_from_role(question, evidence)
        + PAST_ROLE * is_past_role(question, evidence)
        + NO_ACTOR * lacks_actor(question, evidence)
        + LONGER_NAME * is_of_longer_name(question, evidence)
        + DATELESS * is_dateless(question, evidence)
        + NO_DEED * lacks_deed(question, evidence)
        + NOBODY_NEW * names_nobody_new(question, evidence)
        + OTHER_THING * (is_of_longer_thing(question, evidence) or is_scattered(question, evidence))
        + OF_PART * is_of_part(question, evidence)
        + OTHER_YEAR * is_of_other_year(question, evidence)
        + OTHER_THING * lacks_letter(question, evidence)
        + SUPERSEDED * is_superseded(question, evidence)
        + DATED_OTHERWISE * (is_dated_otherwise(question, evidence) or is_of_other_time(question, evidence))
        + ONLY_BESIDE * names_only_beside(question, evidence)
    )


def _unsaid(wanted: Mapping[str, float], beside: set[str], absent: list[str]) -> float:
    """Return what is taken off for what is asked of the names and stands nowhere near."""
    others = {term: weight for term, weight in wanted.items() if term not in beside}
    total = sum(others.values())
    return NO_PREDICATE * sum(others.get(term, 0.0) for term in absent) / total if total else 0.0


def _is_only_planned(question: Question, evidence: Evidence) -> bool:
    """Return whether something is asked as having happened that the evidence expects or holds for possible."""
    if not question.about_past:
        return False
    sentence = evidence.sentence.text[:MAX_CHARS]
    if question.kind == "yes_no":
        sentence = sentence[: deed_asked_of(question, sentence, evidence.article.language)]
    planned = bool(find_futures(sentence)) or _PLANNED.search(sentence) is not None
    if question.kind == "yes_no":
        return planned or bool([cue for cue in find_hedges(sentence) if cue.text != "May"])
    if evidence.candidates:
        clause = main_clause_of(sentence, evidence.candidates[0].start)
        return bool(find_futures(clause)) or _PLANNED.search(clause) is not None
    return planned and question.kind in ("who", "when", "where", "country")


def _is_anothers_word(question: Question, evidence: Evidence, wanted: Mapping[str, float]) -> bool:
    """Return whether it is asked what somebody said and somebody else says the evidence."""
    asked = _SAID.search(question.text)
    if asked is None:
        return False
    language = evidence.article.language
    speaker = set(terms(asked["who"], language)) & set(wanted)
    sentence = evidence.sentence.text[:MAX_CHARS]
    who = whose_word(sentence)
    if not speaker or not find_names(asked["who"]):
        return False
    if who:
        return speaker.isdisjoint(terms(who, language))
    return not find_reporting(sentence) or speaker.isdisjoint(terms_around(evidence.article, evidence.index))


def _lacks_focus(question: Question, window: set[str], language: str) -> bool:
    asked = _FOCUS.search(question.text) if question.kind == "what" and language == "en" else None
    return asked is not None and not any(holds(window, term) for term in terms(asked["focus"], language))


def _is_another_role(question: Question, evidence: Evidence) -> bool:
    """Return whether the evidence has the role asked for and the names it belongs to, but never together."""
    asked = _ROLE.search(question.text)
    if asked is None:
        return False
    language = evidence.article.language
    role, whose = set(terms(asked["role"], language)), set(terms(asked["whose"], language))
    clauses = [set(terms(clause, language)) for clause in re.split(r"[,;:—]\s", evidence.sentence.text[:MAX_CHARS])]
    return not any(any(holds(clause, term) for term in role) and not whose.isdisjoint(clause) for clause in clauses)


def _is_about_others(evidence: Evidence, named: set[str]) -> bool:
    own = set(remembered_terms(evidence.sentence.text[:MAX_CHARS], evidence.article.language))
    return bool(named) and named.isdisjoint(own)


def _own_share(evidence: Evidence, wanted: Mapping[str, float]) -> float:
    own = set(remembered_terms(evidence.sentence.text[:MAX_CHARS], evidence.article.language))
    return sum(weight for term, weight in wanted.items() if holds(own, term)) / (sum(wanted.values()) or 1.0)


def _denied(question: Question, evidence: Evidence, wanted: Mapping[str, float]) -> float:
    """Return what is taken off when the evidence denies what the question takes for granted."""
    if question.kind in ("yes_no", "why", "how", "identity") or _DENYING_QUESTION.search(question.text):
        return 0.0
    if question.kind == "number" and evidence.candidates and evidence.candidates[0].value == NONE:
        return 0.0  # "Nobody was hurt" says how many were
    sentence = evidence.sentence.text[:MAX_CHARS]
    denying = _DENYING.search(sentence)
    if denying is not None and any(one.start in range(*denying.span("what")) for one in evidence.candidates[:1]):
        return DENIED_ITSELF
    for match in _LACKING_WHAT.finditer(sentence):
        if not set(terms(match["what"], evidence.article.language)).isdisjoint(wanted):
            return DENIED_ITSELF
    return DENIED if _LACKING.search(sentence) and find_negations(sentence) else 0.0


def _terms_of(article: Article) -> set[str]:
    found = set(remembered_terms(article.title or "", article.language))
    for sentence in article.sentences[:MAX_SENTENCES]:
        found.update(remembered_terms(sentence.text[:MAX_CHARS], article.language))
    return found
