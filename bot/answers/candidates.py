"""Spans of a sentence that could be the answer: a person, a date, a place, a number of what was asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.answers.countries import find_countries
from bot.answers.deeds import act_places, is_named_as_doer, is_passive, places_of
from bot.answers.questions import Kind, Question
from bot.answers.speakers import whose_word
from bot.proof.dates import find_dates
from bot.proof.lexicon import lexicon, stem_of
from bot.text.cues import REPORTING
from bot.text.names import find_names
from bot.text.numbers import find_numbers
from bot.text.stop_words import stop_words
from bot.text.words import terms

# The value of "nobody".
NONE: Final = "0"
# Characters over which nearness to a word of the question halves twice.
_REACH_CHARS: Final = 25
# Characters after a number in which what is counted is looked for.
_COUNTED_WITHIN: Final = 40
_BEFORE_PLACE: Final = 20
# Characters after whoever opens a sentence in which the deed is looked for.
_DEED_WITHIN: Final = 60
# What a span counts for standing where the actor stands; what is taken off for words of the question in a name, for a
# name that only says where another is from, and for a capital that may only begin the sentence.
ACTS: Final = 1.2
OF_QUESTION: Final = 1.2
WHENCE: Final = 1.0
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
    r"\b(?:in|at|near|from|to|outside|across|through|via|toward|towards|of|into|around|inside)\s(?:the\s)?(?:[a-z]+ern\s)?$",
    re.IGNORECASE,
)
_WHERE_BEFORE = re.compile(r"\b(?:in|at|near|outside|around|across)\s(?:the\s)?(?:[a-z]+ern\s)?$", re.IGNORECASE)
# "585 Posts" are counted, and no name.
_COUNT_BEFORE = re.compile(r"(?<![\d-])\d{2,3}\s$")
_SPEECH_BESIDE = re.compile(r"\s*,?\s*(?:said|says|told|called|confirmed|added|won|led)\b")
# "Ada Marl of Tern", "Marl from Tern".
_WHENCE_BEFORE = re.compile(r"[A-Z][\w’'-]+\s(?:of|from|in|at)\s(?:the\s)?$")
# "North Korean", "East London": one word with what follows.
_COMPASS = re.compile(r"(?:North|South|East|West)(?:ern)?\s[A-Z]")
_UNNAMED = re.compile(
    r"(?P<who>(?:Two|Three|Four|Five|Six|Several|Some|Many|Dozens\sof|Hundreds\sof|An?|The)\s(?:[a-z-]+\s){0,2}[a-z-]+"
    r"(?:\sof\s(?:the\s)?[A-Z][\w-]+(?:\s[A-Z][\w-]+)*)?)\s(?=(?:at|from|in|who|have|has|had|also)\b|\w+ed\b|found|won|built|took)"
)
_MONEY = re.compile(r"[$£€¥₩₽]|\b(?:dollars?|euros?|pounds?|won|rubles?|yuan|yen|crowns?|francs?)\b|달러|원|엔|元|円")
_NOUN_AFTER = re.compile(r"\s(?P<noun>(?!\w+ed\b)[a-z][\w’'-]*)")
_NOBODY = re.compile(r"\b(?:nobody|no\sone|none)\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:dozens|hundreds|thousands|millions|billions|several|twice|once|a\sdozen)\b(?:\sof)?", re.IGNORECASE
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
    if question.kind == "who" and question.asks_speaker:
        spans += _unnamed_speaker(sentence, spans)
    elif question.kind == "who" and question.asks_actor:
        unnamed = _unnamed_doers(question, sentence, language)
        spans = unnamed + [one for one in spans if not unnamed or one.start >= unnamed[0].end]
    found = [one for one in spans if one.text and (question.chooses or not _in_question(one, question))]
    places = places_of(sentence, wanted, language)
    ranked = [
        Candidate(
            text=one.text,
            start=one.start,
            end=one.end,
            value=one.value,
            certain=one.certain,
            # Where all that may be meant is named by the question, its words lie near each of them.
            strength=_fit(question, one, sentence, language, places)
            + (0.0 if question.chooses else _nearness(one, places)),
        )
        for one in found
    ]
    likeliest = sorted(ranked, key=lambda one: (-one.strength, one.start))
    return [_with_partner(likeliest, sentence), *likeliest[1:]] if question.kind == "who" and likeliest else likeliest


def _with_partner(likeliest: Sequence[Candidate], sentence: str) -> Candidate:
    """Return the first name with the one it is joined to: "Ada Marl and Per Holm" did it together."""
    best = likeliest[0]
    for other in likeliest[1:]:
        first, second = sorted((best, other), key=lambda one: one.start)
        if sentence[first.end : second.start] == " and ":
            text = sentence[first.start : second.end]
            return replace(best, text=text, start=first.start, end=second.end, value=text.casefold())
    return best


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
        return [one for one in _names(sentence) if not (_says_whence(one, sentence) or _says_where(one, sentence))]
    return []


def _unnamed_speaker(sentence: str, named: Sequence[Candidate]) -> list[Candidate]:
    """Return whose word the sentence is where that is no name: "the police"."""
    speaker = whose_word(sentence)
    start = sentence.find(speaker) if speaker else -1
    end = start + len(speaker)
    if start < 0 or any(one.start < end and start < one.end for one in named):
        return []
    return [Candidate(text=speaker, start=start, end=end, value=speaker.casefold())]


def _unnamed_doers(question: Question, sentence: str, language: str) -> list[Candidate]:
    """Return those who open the sentence without a name, where the deed follows them: "Two divers from Tern found"."""
    opening = _UNNAMED.match(sentence)
    if opening is None or not any(
        opening.end() <= place <= opening.end() + _DEED_WITHIN and not is_passive(sentence, place)
        for place in act_places(question, sentence, language)
    ):
        return []
    return [Candidate(text=opening["who"], start=0, end=opening.end("who"), value=opening["who"].casefold())]


def _says_whence(one: Candidate, sentence: str) -> bool:
    """Return whether a name only says where whoever the next word speaks of is from ("the Korean leader")."""
    following = _NOUN_AFTER.match(sentence, one.end)
    if following is None or following["noun"] in stop_words("en"):  # "the Kremlin has"
        return False
    if REPORTING.match(following["noun"]) or find_countries(one.text):
        return False
    last = one.text.split()[-1].casefold()
    return not last.endswith("s") and bool(lexicon().place(stem_of(last)))


def _says_where(one: Candidate, sentence: str) -> bool:
    """Return whether a name only says where it was ("near Oldport")."""
    return _WHERE_BEFORE.search(sentence[max(0, one.start - _BEFORE_PLACE) : one.start]) is not None


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
        Candidate(
            text=sentence[a:b],
            start=a,
            end=b,
            value=sentence[a:b].casefold(),
            certain=a not in doubtful and not _COUNT_BEFORE.search(sentence, 0, a),
        )
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
            Candidate(text=match[0], start=match.start(), end=match.end(), value=NONE)
            for match in _NOBODY.finditer(sentence)
        ]
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
        if _COMPASS.match(text):
            return one
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
        is_foreign = question.chooses or _foreign(candidate, question, language)
        full -= OF_QUESTION * (not is_foreign) + LONE * (not candidate.certain)
        full -= WHENCE * bool(
            _WHENCE_BEFORE.search(sentence[max(0, candidate.start - _BEFORE_PLACE) : candidate.start])
        )
        speaks = 0.8 * bool(_SPEECH_BESIDE.match(after))
        by = 0.8 * is_named_as_doer(sentence, candidate.start)
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
    gaps = [place - candidate.end for place in deeds if place >= candidate.end and not is_passive(sentence, place)]
    return ACTS / (1 + min(gaps) / _REACH_CHARS) if gaps else -ACTS / 2


def _foreign(candidate: Candidate, question: Question, language: str) -> bool:
    """Return whether a name holds nothing of the question: "Tern Council" hardly answers a question about Tern."""
    return set(terms(candidate.text, language)).isdisjoint(terms(question.words, language))


def _plain(text: str) -> str:
    return " ".join(text.replace(",", " ").replace(".", " ").casefold().split())
