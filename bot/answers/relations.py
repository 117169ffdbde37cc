"""Whether a sentence says what is asked of the very thing asked about, not of a part, a namesake or a neighbour.

English only: in other languages nothing is held against a sentence here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.answers.clauses import clause_of
from bot.answers.deeds import act_places, asked_deed, places_of
from bot.answers.evidence import MAX_CHARS, Evidence
from bot.answers.questions import TYPED, Question
from bot.answers.word_groups import with_groups
from bot.text.names import find_names
from bot.text.stop_words import stop_words
from bot.text.words import content_terms, terms, tokens

_DATED_THING = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?(?:when\s(?:was|were|is|are|did|does|do|will)\s(?P<done>[^?]+?)\s(?P<deed>[a-z]{3,})\b"
    r"(?:\s(?:in|on|at|by|for|to|from|again|officially)\b[^?]*)?"
    r"|(?:what|when)\s(?:is|was)\s(?:the\s)?(?:(?P<noun>[a-z]+)\s)?date\s(?:of|for)\s(?P<thing>[^?]+?))\W*$",
    re.IGNORECASE,
)
_MADE_THING = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?(?:[Ww]ho|(?:[Ww]hich|[Ww]hat)\s(?:[\w’'-]+\s){1,3}?)\s?(?:has\s|had\s|first\s|also\s)?"
    r"[a-z]{3,}\s(?P<thing>(?:the\s)?[A-Z0-9][^?]*?)(?:\sin\s\d{4})?\W*$"
)
_OWNED = re.compile(
    r"\b(?:(?P<owner>[A-Z][\w-]+(?:\s[A-Z][\w-]+)*(?=['’]s?\s)|(?:[Hh]is|[Hh]er|[Tt]heir)(?=\s))(?:['’]s?)?)\s(?P<thing>[\w-]+(?:\s[\w-]+)?)"
)
_DOER = re.compile(
    r"\b(?:did|does|do|has|have|had|will|would)\s(?P<who>[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*)\s(?:first\s|last\s|also\s)?[a-z]"
)
_DONE = re.compile(
    r"(?P<who>[A-Z][\w-]+(?:\s[A-Z][\w-]+)*)\s(?:(?:has|had|have|will|would|also|first|then|later)\s){0,2}(?P<deed>[a-z]{3,})\b"
)
_ASKED_DEED = re.compile(
    r"\W*(?:[Dd]id|[Hh]as|[Hh]ave|[Hh]ad)\s(?:the\s)?(?P<who>(?:[A-Z][\w’'-]*\s)+)(?P<deed>[a-z]{3,})\b"
)
_DONE_BY = re.compile(r"\w+\sby\s(?P<who>(?:[\w’'-]+\s?){1,4})")
_PRONOUNS = frozenset({"his", "her", "their"})
_YEAR = re.compile(r"(?<![\d$£€.,-])(?:1[6-9]|20)\d\d(?![\d%]|[.,]\d)")
_LETTER = re.compile(r"(?<=[a-z]\s)(?P<letter>[B-HJ-Z])\b(?!\.)")
_CONTINUED = re.compile(r"(?::\s|\s[–—-]\s|\s)(?P<more>[A-Z][\w’'-]*)")
_LIMITED = re.compile(r"\b(?P<limit>women[’']s|junior|youth|under-\d+|amateur|wheelchair)\s(?:\w+\s)?$", re.IGNORECASE)
_PART = re.compile(r"\b(?P<part>[a-z][\w-]+)\s(?:\d+\s)?(?:of|in|at|for|on)\s(?:the\s)?(?:\w+\s){0,2}$")
_WHOLE: Final = frozenset(
    {"title", "edition", "winner", "champion", "victory", "race", "tournament", "rest", "whole", "all"}
)
_GAP: Final = 45
"""Characters between a deed and its thing in which the thing may be only what a part belongs to."""
_QUALIFYING = re.compile(r"\b(?:a|an)\s(?:[a-z]+\s)?$", re.IGNORECASE)
_SINCE_CHANGED = re.compile(
    r"\b(?:original(?:ly)?|initial(?:ly)?|previous(?:ly)?|first\sofficial|tentative(?:ly)?|planned|scheduled)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"\b(?:previously|originally|initially|tentatively|at\sfirst)\b", re.IGNORECASE)
_LEANING = re.compile(
    r"^\W*(?:\w+\s){0,6}?(?:he|she|it|they|him|her|them|his|its|their|this|these|that|those|the|both)\b", re.IGNORECASE
)
_APPOSED = re.compile(r",\s(?:the|an?)?\s?")
_OPENING: Final = 25
"""Characters in which a deed opens a sentence ("Released in 2015, the film ...")."""
_TITLED_SHARE: Final = 0.9
_TITLED_WORDS: Final = 5


def asked_thing(question: Question) -> str:
    """Return what is asked about as the question words it ("the Marl Bridge" of "When was the Marl Bridge built?")."""
    match = _DATED_THING.match(question.text)
    if match is not None:
        return (match["done"] or match["thing"]).strip(" \"“”'‘’")
    made = _MADE_THING.match(question.text)
    return made["thing"].strip(" \"“”'‘’!") if made else ""


def is_of_another(question: Question, evidence: Evidence, wanted: Mapping[str, float], named: set[str]) -> bool:
    """Return whether what is asked of the names is said of another name only; "his" is read with what precedes."""
    if not question.names or question.kind == "identity":
        return False
    language = evidence.article.language
    asked = set(wanted) - named
    sentences = evidence.article.sentences
    before = sentences[evidence.index - 1].text[:MAX_CHARS] if evidence.index else ""
    owners: list[str] = []
    for match in _OWNED.finditer(evidence.sentence.text[:MAX_CHARS]):
        if asked.isdisjoint(terms(match["thing"], language)):
            continue
        if match["owner"].casefold() in _PRONOUNS:
            owners.extend(
                other["owner"]
                for other in _OWNED.finditer(before)
                if other["owner"].casefold() not in _PRONOUNS and not asked.isdisjoint(terms(other["thing"], language))
            )
        else:
            owners.append(match["owner"])
    doer = _DOER.search(question.text)
    if doer is not None and question.kind in ("when", "where", "number", "money"):
        asked_of = named.intersection(terms(doer["who"], language))
        done = [
            one for one in _DONE.finditer(evidence.sentence.text[:MAX_CHARS]) if asked.intersection(terms(one["deed"]))
        ]
        if asked_of and done and all(asked_of.isdisjoint(terms(one["who"], language)) for one in done):
            return True
    return bool(owners) and all(named.isdisjoint(terms(owner, language)) for owner in owners)


def deed_asked_of(question: Question, sentence: str, language: str) -> int | None:
    """Return where the sentence tells of the deed of "Did Marl open ...?"; None when it does not, or none is asked."""
    asked = _ASKED_DEED.match(question.text)
    places = places_of(sentence, terms(asked["deed"], language)[:1], language) if asked else []
    return places[0] if places else None


def is_done_by_another(question: Question, evidence: Evidence) -> bool:
    """Return whether it is asked if somebody did it, and wherever the sentence tells of the deed, another is named."""
    asked = _ASKED_DEED.match(question.text)
    if asked is None or question.kind != "yes_no" or evidence.article.language != "en":
        return False
    sentence = evidence.sentence.text[:MAX_CHARS]
    places = places_of(sentence, with_groups(terms(asked["deed"])[:1]), "en")
    if not places:
        return False
    who = set(terms(asked["who"]))
    named = find_names(sentence)
    for place in places:
        before = [name.text for name in named if name.end <= place]
        by = _DONE_BY.match(sentence, place)
        if not before or not who.isdisjoint(terms(before[-1])) or (by and not who.isdisjoint(terms(by["who"]))):
            return False
    return True


def is_of_longer_thing(question: Question, evidence: Evidence) -> bool:
    """Return whether what is asked about is in the sentence only a part of another name, or a narrower kind of it."""
    thing = re.sub(r"^the\s", "", asked_thing(question), flags=re.IGNORECASE)
    asked = question.text.casefold()
    if len(thing) < 3 or not any(char.isupper() for char in thing):
        return False
    sentence = evidence.sentence.text[:MAX_CHARS]
    places = list(re.finditer(rf"(?<!\w){re.escape(thing)}(?!\w)", sentence, re.IGNORECASE))
    return bool(places) and all(
        _is_continued(sentence, match.end(), asked) or _is_limited(sentence, match.start(), asked) for match in places
    )


def is_scattered(question: Question, evidence: Evidence) -> bool:
    """Return whether the words of a name stand in the sentence, but nowhere beside one another."""
    language = evidence.article.language
    parted = [(name, parts) for name in question.names if len(parts := content_terms(name, language)) > 1]
    if language != "en" or not parted:
        return False
    made = [terms(token.text, language)[:1] for token in tokens(evidence.sentence.text[:MAX_CHARS])]
    held = [one[0] if one else "" for one in made]
    return any(
        set(parts) <= set(held) and not _stand_together(parts, held, reach=len(name.split()) + 1)
        for name, parts in parted
    )


def is_of_other_year(question: Question, evidence: Evidence) -> bool:
    """Return whether the sentence itself names years and not the one that is asked about."""
    asked = set(_YEAR.findall(question.text))
    told = set(_YEAR.findall(evidence.sentence.text[:MAX_CHARS]))
    return bool(asked) and bool(told) and asked.isdisjoint(told)


def lacks_letter(question: Question, evidence: Evidence) -> bool:
    """Return whether a letter that tells a name from its like ("Plan B") is missing in the evidence."""
    letters = {match["letter"] for match in _LETTER.finditer(question.text)}
    around = f"{evidence.sentence.text[:MAX_CHARS]} {evidence.article.title or ''}"
    return any(not re.search(rf"\b{letter}\b", around) for letter in letters)


def is_of_part(question: Question, evidence: Evidence) -> bool:
    """Return whether the deed was done to a part ("won a stage of the Oldport Race") of what is asked about."""
    if not question.asks_actor or evidence.article.language != "en":
        return False
    thing = re.sub(r"^(?:the\s)?(?:\d{4}\s)?", "", asked_thing(question), flags=re.IGNORECASE)
    sentence = evidence.sentence.text[:MAX_CHARS]
    places = [match.start() for match in re.finditer(re.escape(thing), sentence, re.IGNORECASE)] if thing else []
    deeds = act_places(question, sentence, "en")
    told = [sentence[deed:place] for deed in deeds for place in places if 0 < place - deed <= _GAP]
    return bool(told) and all(_names_part(between, question) for between in told)


def is_superseded(question: Question, evidence: Evidence) -> bool:
    """Return whether the clause of the answer says that it was so before, and the question does not ask for that."""
    if question.kind not in TYPED and question.kind != "identity":
        return False
    sentence = evidence.sentence.text[:MAX_CHARS]
    clause = clause_of(sentence, evidence.candidates[0].start) if evidence.candidates else sentence
    asked = question.text.casefold()
    return any(before[0].casefold() not in asked for before in _BEFORE.finditer(clause))


def is_dated_otherwise(question: Question, evidence: Evidence) -> bool:
    """Return whether the date in the sentence is that of something else, or one that was changed later."""
    if question.kind != "when" or not evidence.candidates or evidence.article.language != "en":
        return False
    sentence = evidence.sentence.text[:MAX_CHARS]
    asked = question.text.casefold()
    if any(changed[0].casefold() not in asked for changed in _SINCE_CHANGED.finditer(sentence)):
        return True
    match = _DATED_THING.match(question.text)
    if match is None:
        return False
    day = evidence.candidates[0]
    if _QUALIFYING.search(sentence[: day.start]) and re.match(r"\s[a-z]", sentence[day.end :]):
        return True
    if match["thing"]:
        return _is_of_other_verb(sentence, day.start)
    deeds = places_of(sentence, with_groups(terms(match["deed"])[:1]), "en")
    things = [one.start() for one in re.finditer(re.escape(asked_thing(question)), sentence, re.IGNORECASE)]
    if not deeds or not things:
        return False
    opens = any(deed < _OPENING and _APPOSED.fullmatch(sentence, day.end, place) for deed in deeds for place in things)
    return not opens and all(deed < day.start < place for deed in deeds for place in things)


def names_only_beside(question: Question, evidence: Evidence) -> float:
    """Return the share of the question's names that the sentence lacks while it points at nothing before it."""
    language = evidence.article.language
    sentence = evidence.sentence.text[:MAX_CHARS]
    named = [set(terms(name, language)) for name in question.names if not any(char.isdigit() for char in name)]
    if not named or question.carried or language != "en" or _LEANING.match(sentence):
        return 0.0
    held = set(terms(sentence, language))
    return sum(one.isdisjoint(held) for one in named) / len(named)


def is_titled(sentence: str) -> bool:
    """Return whether a sentence is a headline in which nearly every word has a capital, so that none tells a name."""
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]{2,}", sentence) if word.lower() not in stop_words("en")]
    return len(words) >= _TITLED_WORDS and sum(word[0].isupper() for word in words) >= _TITLED_SHARE * len(words)


def _is_continued(sentence: str, end: int, asked: str) -> bool:
    more = _CONTINUED.match(sentence, end)
    return more is not None and more["more"].casefold() not in asked and not more["more"].isupper()


def _is_limited(sentence: str, start: int, asked: str) -> bool:
    limit = _LIMITED.search(sentence[max(0, start - 24) : start])
    return limit is not None and limit["limit"].casefold() not in asked


def _stand_together(parts: Sequence[str], held: Sequence[str], *, reach: int) -> bool:
    """Return whether all parts stand within so many words, in any order: "the director of the Tern Museum"."""
    wanted = set(parts)
    return any(wanted <= set(held[at : at + reach]) for at, term in enumerate(held) if term in wanted)


def _names_part(between: str, question: Question) -> bool:
    part = _PART.search(between)
    if part is None:
        return False
    word = part["part"].casefold()
    return word not in _WHOLE and set(terms(word)).isdisjoint(terms(question.words)) and not _is_deed(word, question)


def _is_deed(word: str, question: Question) -> bool:
    """Return whether a word is the deed itself ("winner of", "victory in")."""
    return not asked_deed(question, "en") or bool(act_places(question, word, "en"))


def _is_of_other_verb(sentence: str, day: int) -> bool:
    """Return whether the date after "the release date" is when something happened to that date, not the date itself."""
    return re.search(r"\bdate\s(?:in|during|back\sin|earlier)\s(?:early\s|late\s|mid-)?$", sentence[:day]) is not None
