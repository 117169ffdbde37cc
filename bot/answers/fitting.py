"""Whether evidence meets what a question narrows itself to: numbers and ordinals, who acts, a date one can place."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Final

from bot.answers.candidates import Candidate
from bot.answers.deeds import act_places, asked_deed, is_named_as_doer, is_passive
from bot.answers.evidence import MAX_CHARS, Evidence
from bot.answers.questions import Question
from bot.answers.relations import is_titled
from bot.answers.word_groups import with_groups, word_groups
from bot.model import Article
from bot.proof.dates import find_dates
from bot.text.cues import find_futures
from bot.text.words import content_terms, remembered_terms, terms

_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBERED = re.compile(
    r"(?P<digits>\d+)(?:st|nd|rd|th)\b|\bQ(?P<quarter>[1-4])\b|(?<=[a-z]\s)(?P<roman>II|III|IV|VI{0,3}|IX)\b"
    r"|\b(?P<word>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
_WORDS: Final = {
    word: str(number)
    for words in (
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "one two three four five six seven eight nine ten",
        "i ii iii iv v vi vii viii ix x",
    )
    for number, word in enumerate(words.split(), start=1)
}
_PERIOD = (
    r"(?:year|month|week|weekend|night|spring|summer|autumn|fall|winter|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January"
    r"|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_ORDERED = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|latest|final|only"
    rf"|(?:last|next|previous)(?!\s{_PERIOD}))\b",
    re.IGNORECASE,
)
_ORDERS: Final[Mapping[str, str]] = {
    "first": r"first|1st|maiden|inaugural|debut|earliest|never before|original",
    "last": r"last|latest|final|most recent|recent(?:ly)?",
    "latest": r"latest|last|most recent|new(?:est)?|recent(?:ly)?",
    "next": r"next|upcoming|following|coming|will",
    "previous": r"previous(?:ly)?|former|last|earlier|prior",
    "final": r"finals?|last|finally",
    "only": r"only|sole|solely|alone|single",
}
_YEAR = re.compile(r"\b(?:1\d\d\d|20[0-4]\d)\b")
_YEARS_APART = re.compile(r"\b(?:years?\s(?:ago|earlier|before|later)|last\syear|next\syear)\b", re.IGNORECASE)
_OPENS_ASIDE = re.compile(r"\W*(?:while|when|after|although|though|because|since|before|if)\b", re.IGNORECASE)
_ASKING_WORD = re.compile(r"\W*(?:and\s|but\s|so\s)?(?P<word>who|when|where|whether|how|what|which)\b", re.IGNORECASE)
_NAMES_BEFORE = re.compile(r"[A-Z][\w’'-]*,?\s$|,\s$")
_BROKEN_OFF = re.compile(r"(?:\.\.\.|…)\W*$")
_DATE_OF = re.compile(r"\bdate\s(?:of|for)\b", re.IGNORECASE)
_ROLE = re.compile(
    r"\bwho\s(?:is|was)\s(?:the\s)?(?:(?:new|current|former|first)\s)?(?:\w+\s)?(?P<role>[a-z]+|CEO|CFO|COO)\s(?:of|for)\b",
    re.IGNORECASE,
)
_ROLE_LAST = re.compile(
    r"\bwho\s(?:is|was)\s(?:the\s)?(?:[\w’'&-]+\s){1,4}(?P<role>winner|champion|director|president|ceo|leader|coach|author|founder)\b",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(r"\s(?:of|for)\s(?P<what>(?:(?!who|whose|which|that|whom)[^\s,.;]+\s?){1,8})")
_NARROWING = re.compile(r"[”\"]?\s(?P<word>(?!new|former|current|acting|interim|film|founding|chief)[a-z]+)\s$")
_MUTUAL = re.compile(r"\b(?:met|meets|marri(?:ed|es)|merge[sd]|spoke|talked)\b", re.IGNORECASE)
_LESSER = re.compile(r"(?:vice|deputy|ex|co|assistant)-", re.IGNORECASE)
_BEFORE_ROLE: Final = 60
CLAUSE_CHARS: Final = 80
"""Characters of a clause that begins with a word of asking."""
ASKED_SHARE: Final = 0.7
"""Share of the question's words in such a clause that makes it the question itself."""
LAST_WORDS: Final = 2
"""Words at the end of a name that are the person's own: roles and houses stand before them."""
_OTHER_CLAUSE = re.compile(r"[;—]|\.\s|\b(?:who|which|that|when|where|while|and|but|said|told)\b", re.IGNORECASE)
_LONGER = re.compile(r"(?::\s|\s)(?P<more>[A-Z0-9][\w-]+)")
_FORMER = re.compile(
    r"\b(?:former|formerly|ex|then-[a-z]+|the\slate\s(?!\d)|predecessor|when\she\swas|stepp\w+\sdown)\b", re.IGNORECASE
)


def missing_figures(question: Question, evidence: Evidence) -> float:
    """Return the share of the question's numbers, days and months that the evidence and its article's date lack."""
    asked = figures_of(question.text)
    asked -= {figure for figure in asked if figure.startswith("month") and any(one.startswith("day") for one in asked)}
    if not asked:
        return 0.0
    article = evidence.article
    near = f"{text_around(article, evidence.index)} {article.title or ''}"
    held = figures_of(near) | set(_NUMERAL.findall(near.replace("-", " ").replace("–", " "))) | _numbered(near)
    held -= {figure for figure in asked if _YEAR.fullmatch(figure)} - _years_so_far(article, evidence.index)
    if article.published_at is not None:
        held |= {str(article.published_at.year), f"month {article.published_at.month}"}
    return len(asked - held) / len(asked)


def figures_of(text: str) -> set[str]:
    """Return the numerals of a text and the days and months it names; a day of a month is one figure."""
    figures = set()
    rest = text
    for mention in find_dates(text):
        if mention.kind in ("month", "day", "weekday"):
            figures.add(f"{mention.kind} {mention.value}")
        if mention.kind == "day":
            rest = rest.replace(mention.text, " ")
            figures.add(f"month {int(mention.value) // 100}")
    return figures | set(_NUMERAL.findall(rest))


def lacks_order(question: Question, evidence: Evidence) -> bool:
    """Return whether "the first", "the latest" or "the third" is asked and the evidence says nothing of the sort."""
    near = f"{text_around(evidence.article, evidence.index)} {evidence.article.title or ''}"
    for match in _ORDERED.finditer(question.text):
        word = match[0].casefold()
        told = _ORDERS.get(word, rf"{word}|{_WORDS.get(word, word)}(?:st|nd|rd|th)?")
        if not re.search(rf"\b(?:{told})\b", near, re.IGNORECASE):
            return True
    return False


def is_dateless(question: Question, evidence: Evidence) -> bool:
    """Return whether a past or coming day is told without its year, or as "last year", in an article without a date."""
    if question.kind != "when" or evidence.article.published_at is not None or not evidence.candidates:
        return False
    if not any(char.isdigit() for char in evidence.candidates[0].text):
        return True
    sentence = evidence.sentence.text[:MAX_CHARS]
    once = question.about_past or _DATE_OF.search(question.text) or find_futures(sentence)
    return bool(once) and not _YEAR.search(sentence)


def lacks_deed(question: Question, evidence: Evidence) -> bool:
    """Return whether it is asked who did it and the sentence tells of no such deed."""
    if not question.asks_actor or question.kind not in ("who", "country", "where", "what"):
        return False
    language = evidence.article.language
    deeds = act_places(question, evidence.sentence.text[:MAX_CHARS], language)
    return bool(asked_deed(question, language)) and not deeds


def names_nobody_new(question: Question, evidence: Evidence) -> bool:
    """Return whether every name in the sentence is made of the question's own words or may be no name at all."""
    if question.kind != "who" or question.chooses or not evidence.candidates:
        return False
    language = evidence.article.language
    asked = set(terms(question.words, language))
    body = evidence.article.body
    is_headline = is_titled(evidence.sentence.text[:MAX_CHARS])
    return not any(
        ((one.certain and not is_headline) or body.count(one.text) > 1)
        and asked.isdisjoint(terms(" ".join(one.text.split()[-LAST_WORDS:]), language))
        for one in evidence.candidates
    )


def lacks_actor(question: Question, evidence: Evidence) -> bool:
    """Return whether it is asked who did it and the sentence names nobody before the deed, nor "by" whom."""
    if not question.asks_actor or question.kind not in ("who", "country") or not evidence.candidates:
        return False
    if _MUTUAL.search(question.text):
        return False  # who is met meets
    sentence = evidence.sentence.text[:MAX_CHARS]
    deeds = act_places(question, sentence, evidence.article.language)
    return bool(deeds) and not any(_acts(one, sentence, deeds) for one in evidence.candidates)


def is_past_role(question: Question, evidence: Evidence) -> bool:
    """Return whether it is asked who holds a role now and the evidence names who held it."""
    if not re.match(r"\W*who\sis\b", question.text, re.IGNORECASE) or not _ROLE.search(question.text):
        return False
    return _FORMER.search(evidence.sentence.text[:MAX_CHARS]) is not None


def is_apart_from_role(question: Question, evidence: Evidence) -> bool:
    """Return whether it is asked who holds a role and nobody is named beside it, or it is the role of another."""
    asked = _ROLE.search(question.text) or _ROLE_LAST.search(question.text)
    if asked is None or question.kind not in ("who", "identity"):
        return False
    language = evidence.article.language
    made = terms(asked["role"], language)[:1]
    role = with_groups(made) - (_working() - set(made))
    sentence = evidence.sentence.text[:MAX_CHARS]
    own = set(terms(question.words, language)) - role
    for match in re.finditer(r"[^\W_]+(?:-[^\W_]+)*(?P<owning>['’]s)?", sentence):
        if role.isdisjoint(terms(match[0], language)) or match["owning"] or _is_lesser(match[0], question.text):
            continue
        if _is_narrowed(sentence[: match.start()], question):
            continue
        of = _OF_WHAT.match(sentence, match.end())
        if of is not None and own.isdisjoint(terms(of["what"], language)):
            continue
        if any(_beside(match.start(), match.end(), one, sentence) for one in evidence.candidates):
            return False
    return True


def is_of_longer_name(question: Question, evidence: Evidence) -> bool:
    """Return whether a name of the question stands in the sentence only as the beginning of a longer one."""
    sentence = evidence.sentence.text[:MAX_CHARS]
    asked = question.text.casefold()
    for name in question.names:
        bare = name.removeprefix("The ").removeprefix("the ")
        places = [match.end() for match in re.finditer(re.escape(bare), sentence, re.IGNORECASE)]
        longer = [_LONGER.match(sentence[end:]) for end in places]
        if places and all(more is not None and more["more"].casefold() not in asked for more in longer):
            return True
    return False


def only_asks(question: Question, evidence: Evidence) -> bool:
    """Return whether the sentence only says that the very question is asked ("fans learned who would play him")."""
    asked = _ASKING_WORD.match(question.text)
    if asked is None or evidence.article.language != "en":
        return False
    wanted = set(content_terms(question.words))
    sentence = evidence.sentence.text
    for match in re.finditer(rf"(?<=\w\s)\b{asked['word'].lower()}\s", sentence[:MAX_CHARS]):
        clause = sentence[match.end() : match.end() + CLAUSE_CHARS]
        if _NAMES_BEFORE.search(sentence[: match.start()]):
            continue  # "Ada Marl who opened the bridge"
        if len(wanted.intersection(terms(clause))) >= ASKED_SHARE * len(wanted) > 0:
            return True
    return False


def is_broken_off(evidence: Evidence) -> bool:
    """Return whether a sentence breaks off before its main clause ("While Marl bought the ferry, ...")."""
    text = evidence.sentence.text[:MAX_CHARS]
    return _OPENS_ASIDE.match(text) is not None and _BROKEN_OFF.search(text) is not None


def holds(held: Collection[str], term: str) -> bool:
    """Return whether a term or one of its group is held."""
    return term in held or any(other in held for other in word_groups().get(term, ()))


def text_around(article: Article, index: int) -> str:
    """Return a sentence with the one before and the one after."""
    return " ".join(sentence.text[:MAX_CHARS] for sentence in article.sentences[max(0, index - 1) : index + 2])


def terms_around(article: Article, index: int) -> set[str]:
    """Return the terms of a sentence, its neighbours and the title."""
    found = set(remembered_terms(article.title or "", article.language))
    for sentence in article.sentences[max(0, index - 1) : index + 2]:
        found.update(remembered_terms(sentence.text[:MAX_CHARS], article.language))
    return found


def _years_so_far(article: Article, index: int) -> set[str]:
    """Return the years in the title, a sentence and the one before; of its own alone when it counts from them."""
    counts = _YEARS_APART.search(article.sentences[index].text[:MAX_CHARS]) is not None
    sentences = article.sentences[index if counts else max(0, index - 1) : index + 1]
    return set(_YEAR.findall(" ".join([article.title or "", *(one.text[:MAX_CHARS] for one in sentences)])))


def _numbered(text: str) -> set[str]:
    """Return the numbers that stand in a text as ordinals, as words, as quarters and in Roman numerals."""
    found = set()
    for match in _NUMBERED.finditer(text):
        word = match["word"] or match["roman"]
        found.add(_WORDS[word.casefold()] if word else match["digits"] or match["quarter"])
    return found


@lru_cache(maxsize=1)
def _working() -> frozenset[str]:
    """Return the words of working anywhere: an engineer works, but "work" beside a name makes nobody an engineer."""
    return frozenset(with_groups(terms("work")))


def _is_lesser(word: str, asked: str) -> bool:
    """Return whether a role is another one than the one asked for ("vice-president")."""
    lesser = _LESSER.match(word)
    return lesser is not None and lesser[0].casefold() not in asked.casefold()


def _is_narrowed(before: str, question: Question) -> bool:
    """Return whether a word between name and role makes another role of it ("Tern Museum finance director")."""
    word = _NARROWING.search(before)
    if word is None or word["word"] in question.text.casefold():
        return False
    name = before[: word.start()].rstrip("”\"'’")
    return any(name.endswith(one) for one in question.names)


def _beside(start: int, end: int, one: Candidate, sentence: str) -> bool:
    """Return whether a candidate stands right before or after a role, in the same clause or as its apposition."""
    between = sentence[end : one.start] if one.start >= end else sentence[one.end : start]
    return len(between) <= _BEFORE_ROLE and not _OTHER_CLAUSE.search(between)


def _acts(one: Candidate, sentence: str, deeds: Collection[int]) -> bool:
    if is_named_as_doer(sentence, one.start):
        return True
    return any(one.end <= place and not is_passive(sentence, place) for place in deeds)
