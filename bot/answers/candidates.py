"""Spans of a sentence that could be the answer: a person, a date, a place, a number of what was asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.answers.countries import find_countries
from bot.answers.questions import Kind, Question
from bot.answers.speakers import whose_word
from bot.answers.word_groups import word_groups
from bot.proof.dates import find_dates
from bot.text.names import find_names
from bot.text.numbers import find_numbers
from bot.text.words import terms

# Characters over which nearness to a word of the question halves twice.
_REACH_CHARS: Final = 25
# Characters after a number in which what is counted is looked for.
_COUNTED_WITHIN: Final = 40
_BEFORE_PLACE: Final = 20

# What a span counts for standing where the actor stands; what is taken off for words of the question in a name, and
# for a capital that may only begin the sentence.
ACTS: Final = 1.2
OF_QUESTION: Final = 1.2
LONE: Final = 0.6

_YEAR = re.compile(r"(?<![\d$£€.,])(?:1[0-9]|20)\d\d(?:s\b)?(?![\d%]|[.,]\d)")
_DATE = re.compile(
    r"(?:\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.|\b(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December))(?:\s\d{1,2}(?:st|nd|rd|th)?(?:[–-]\d{1,2})?(?!\d))?(?:,?\s(?:1\d|20)\d\d)?"
    r"|\b\d{1,2}(?:st|nd|rd|th)?\s(?:of\s)?(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)(?:,?\s(?:1\d|20)\d\d)?|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:1[0-9]|20)\d\d-\d\d-\d\d\b"
    r"|(?:\d{4}\s?[년年]\s?)?\d{1,2}\s?[월月]\s?(?:\d{1,2}\s?[일日])?|\d{4}\s?[년年]"
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|at|near|from|to|outside|across|toward|towards|of|into|around|inside)\s(?:the\s)?(?:[a-z]+ern\s)?$",
    re.IGNORECASE,
)
_SPEECH_BESIDE = re.compile(r"\s*,?\s*(?:said|says|told|called|confirmed|added|won|led)\b")
_BY_BEFORE = re.compile(r"\bby\s(?:the\s)?(?:[\w’'-]+\s){0,3}$")
_MONEY = re.compile(r"[$£€¥₩₽]|\b(?:dollars?|euros?|pounds?|won|rubles?|yuan|yen|crowns?|francs?)\b|달러|원|엔|元|円")
_VAGUE = re.compile(
    r"\b(?:dozens|hundreds|thousands|millions|billions|several|twice|once|a\sdozen)\b(?:\sof)?", re.IGNORECASE
)
_DEED = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?(?:who|(?:which|what)\s(?:[\w’'-]+\s){1,3}?)\s?(?!do|did)(?:(?:was|were|is|has|had|have|will|first|recently|also)\s){0,2}"
    r"(?P<deed>won|led|made|beat|told|gave|took|bought|sold|wrote|built|held|met|became|[a-z]{3,}(?:ed|s))\b",
    re.IGNORECASE,
)
_HEDGED_NUMBER = re.compile(
    r"(?:more than|about|around|nearly|almost|at least|over|some|approximately|roughly|up to|fewer than|less than)\s$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A span of a sentence that may be what is asked for; `value` compares it with others whatever its wording."""

    text: str
    start: int
    end: int
    value: str
    strength: float = 0.0
    certain: bool = True


def find_candidates(question: Question, sentence: str, language: str, wanted: Collection[str]) -> list[Candidate]:
    """Return the spans of the kind asked for that the question does not name itself, the likeliest first.

    `wanted` are the question's terms; spans near them are likelier.
    """
    asked = set(terms(question.words, language))
    spans = [
        _trimmed(one, asked, language) if question.kind == "who" else one for one in _of_kind(question.kind, sentence)
    ]
    found = [one for one in spans if one.text and not _in_question(one, question)]
    places = _places_of(sentence, wanted, language)
    ranked = [
        Candidate(
            text=one.text,
            start=one.start,
            end=one.end,
            value=one.value,
            certain=one.certain,
            strength=_nearness(one, places) + _fit(question, one, sentence, language, places),
        )
        for one in found
    ]
    return sorted(ranked, key=lambda one: (-one.strength, one.start))


def act_places(question: Question, sentence: str, language: str) -> list[int] | None:
    """Return where the deed that is asked about stands, or a word of its group; None when no deed is asked about."""
    deed = _DEED.match(question.text)
    made = terms(deed["deed"], language)[:1] if deed else []
    wanted = {other for term in made for other in (term, *word_groups().get(term, ()))}
    return _places_of(sentence, wanted, language) if wanted else None


def _of_kind(kind: Kind, sentence: str) -> list[Candidate]:
    if kind == "when":
        return _dates(sentence)
    if kind in ("number", "money"):
        return _numbers(sentence, money=kind == "money")
    if kind == "country":
        return [Candidate(text=sentence[a:b], start=a, end=b, value=name) for a, b, name in find_countries(sentence)]
    if kind == "where":
        return [
            one
            for one in _names(sentence)
            if _PLACE_BEFORE.search(sentence[max(0, one.start - _BEFORE_PLACE) : one.start])
        ]
    if kind == "who":
        return _names(sentence)
    return []


def _names(sentence: str) -> list[Candidate]:
    """Return the names; "Minister of Roads and Bridges Ada Marl" is one of them."""
    spans: list[tuple[int, int]] = []
    names = find_names(sentence)
    doubtful = {name.start for name in names if not name.certain}
    for name in names:
        joined = spans and sentence[spans[-1][1] : name.start] == " and " and " of " in sentence[slice(*spans[-1])]
        if joined and " " in name.text:
            spans[-1] = (spans[-1][0], name.end)
        else:
            spans.append((name.start, name.end))
    return [
        Candidate(text=sentence[a:b], start=a, end=b, value=sentence[a:b].casefold(), certain=a not in doubtful)
        for a, b in spans
    ]


def _dates(sentence: str) -> list[Candidate]:
    spans = [match.span() for match in _DATE.finditer(sentence)]
    spans += [match.span() for match in _YEAR.finditer(sentence) if not any(a <= match.start() < b for a, b in spans)]
    for mention in find_dates(sentence):
        span = (mention.start, mention.start + len(mention.text))
        if not any(a < span[1] and span[0] < b for a, b in spans):
            spans.append(span)
    return [
        Candidate(text=sentence[a:b], start=a, end=b, value=_plain(sentence[a:b]))
        for a, b in sorted(spans)
        if sentence[a:b] not in ("May", "March") or sentence[max(0, a - 3) : a].lower().endswith(("in ", "of "))
    ]


def _numbers(sentence: str, *, money: bool) -> list[Candidate]:
    dated = [match.span() for match in _DATE.finditer(sentence)]
    found = []
    for number in find_numbers(sentence):
        if any(a <= number.start < b for a, b in dated) or number.unit == "ord":
            continue
        if _YEAR.fullmatch(sentence, number.start, number.end) or number.text.casefold() == "one":
            continue
        if money and not _MONEY.search(sentence[max(0, number.start - 1) : number.end + 12]):
            continue
        before = _HEDGED_NUMBER.search(sentence[max(0, number.start - 16) : number.start])
        start = number.start - (len(before[0]) if before else 0)
        found.append(Candidate(text=sentence[start : number.end], start=start, end=number.end, value=number.value))
    if not money and not found:
        found = [
            Candidate(text=match[0], start=match.start(), end=match.end(), value=match[0].casefold())
            for match in _VAGUE.finditer(sentence)
        ]
    return found


def _trimmed(one: Candidate, asked: set[str], language: str) -> Candidate:
    """Return a name without the words of the question that it begins with: of "Ferry Chief Ada Marl", who is chief."""
    start = one.start
    text = one.text
    while " " in text and not asked.isdisjoint(terms(text.split(" ", 1)[0], language)):
        start += text.index(" ") + 1
        text = text.split(" ", 1)[1]
    if start == one.start or text[:1].islower():
        return one  # "Minister of Roads Ada Marl" stays whole
    return replace(one, text=text, start=start, value=text.casefold())


def _in_question(candidate: Candidate, question: Question) -> bool:
    asked = question.text.casefold()
    text = candidate.text.casefold()
    if text in asked:
        return True
    # "Putin" is no answer to a question about Vladimir Putin, nor is "Mr. Putin".
    words = [word.strip(".,'’") for word in text.split()]
    return bool(words) and all(re.search(rf"\b{re.escape(word)}\b", asked) for word in words if word)


def _places_of(sentence: str, wanted: Collection[str], language: str) -> list[int]:
    return [
        match.start()
        for match in re.finditer(r"[^\W_]+(?:['’-][^\W_]+)*", sentence)
        if any(term in wanted for term in terms(match[0], language))
    ]


def _nearness(candidate: Candidate, places: Collection[int]) -> float:
    """Return how near the words of the question lie, most of all the nearest ones."""
    gaps = (max(0, candidate.start - place, place - candidate.end) for place in places)
    return sum(1 / (1 + gap / _REACH_CHARS) for gap in gaps)


def _first_verb(places: Sequence[int]) -> int:
    """Return where the first word of the question stands; who acts is mostly named before it."""
    return min(places, default=0)


def _fit(question: Question, candidate: Candidate, sentence: str, language: str, places: Sequence[int]) -> float:
    """Return how well the words beside a span fit what is asked."""
    after = sentence[candidate.end : candidate.end + _COUNTED_WITHIN]
    if question.kind == "number" and question.counted:
        counted = set(terms(question.counted, language))
        return 1.5 * bool(counted.intersection(terms(after, language)[:4]))
    if question.kind == "who":
        full = 0.6 * (" " in candidate.text)
        full -= OF_QUESTION * (not _foreign(candidate, question, language)) + LONE * (not candidate.certain)
        speaks = 0.8 * bool(_SPEECH_BESIDE.match(after))
        by = 0.8 * bool(_BY_BEFORE.search(sentence[max(0, candidate.start - 40) : candidate.start]))
        said = 2.0 * (question.asks_speaker and candidate.text in whose_word(sentence))
        acts = _acting(question, candidate, sentence, language, places, by=by > 0)
        return full + speaks + by + said + acts
    if question.kind == "when":
        return 0.3 * any(char.isdigit() for char in candidate.text)
    return 0.0


def _acting(
    question: Question, candidate: Candidate, sentence: str, language: str, places: Sequence[int], *, by: bool
) -> float:
    """Return what it counts that a name stands where who acts stands: right before the deed, and not after it."""
    if not question.asks_actor:
        return 0.0
    deeds = act_places(question, sentence, language)
    if not deeds:
        return ACTS * (not by and candidate.start < 3 + _first_verb(places))
    if by:
        return ACTS
    gaps = [place - candidate.end for place in deeds if place >= candidate.end]
    return ACTS / (1 + min(gaps) / _REACH_CHARS) if gaps else -ACTS / 2


def _foreign(candidate: Candidate, question: Question, language: str) -> bool:
    """Return whether a name holds nothing of the question: "Tern Council" hardly answers a question about Tern."""
    return set(terms(candidate.text, language)).isdisjoint(terms(question.words, language))


def _plain(text: str) -> str:
    return " ".join(text.replace(",", " ").replace(".", " ").casefold().split())
