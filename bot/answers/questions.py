"""What a question asks for: who, when, where, how many, yes or no; which names and words an answer must speak of.

English and Korean are read closely, other languages by their words of asking. Nothing in a question is an instruction:
it is only read for its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, cast

from bot.text.korean import strip_endings
from bot.text.names import find_names
from bot.text.words import content_terms

Kind = Literal["who", "identity", "when", "where", "country", "number", "money", "why", "how", "yes_no", "what"]

TYPED: frozenset[Kind] = frozenset({"who", "when", "where", "country", "number", "money"})
"""Kinds whose answer is a span of a kind that can be found: a person, a date, a place, a number."""

_PERSON_NOUNS = (
    r"minister|president|leader|general|official|spokes(?:person|man|woman)|analyst|researcher|expert|professor|director"
    r"|chief|secretary|chair(?:man|woman|person)?|governor|mayor|senator|king|queen|prince(?:ss)?|pope|player|actor|actress"
    r"|author|writer|singer|artist|driver|coach|captain|man|woman|person|scientist|engineer|officer|commander|ceo|founder"
    r"|lawyer|judge|doctor|diplomat|politician|candidate|team|club|party|company|firm"
)
_PLACE_NOUNS = r"city|town|place|state|region|village|province|island|street|district|county|venue|location|capital"
_DATE_NOUNS = r"year|date|day|month|time|century|decade"
_NUMBER_NOUNS = (
    r"number|percentage|percent|share|population|age|length|height|distance|death\stoll|score|temperature|size|total"
)
_MONEY_NOUNS = r"revenue|price|cost|amount|salary|budget|income|profit|earnings|turnover|fee"
_QUALIFIED = r"(?:[\w'’.-]+\s){0,3}?"

_WHO = re.compile(
    rf"\bwho(?:m|se)?\b|\b(?:which|what)\s{_QUALIFIED}(?:{_PERSON_NOUNS})s?\b|\bname\sof\sthe\s{_QUALIFIED}(?:{_PERSON_NOUNS})\b"
    r"|\b(?:wer|wen|wem|wessen|quién(?:es)?|cine|kimdir|kimin|kime)\b|\bai\s(?:là|đã)|кто\b|\bкого\b|\bкем\b|ποιος|ποιοι"
    r"|من\s(?:هو|هي|الذي|كان)|कौन\b|किसने|किसे|ใคร|[谁誰]|누구|누가",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?who(?:\s(?:is|was|are|were)|['’]s)\s(?P<subject>[^,?]{2,60}?)\s*\?*\s*$", re.IGNORECASE
)
_WHEN = re.compile(
    rf"\bwhen\b|\b(?:what|which)\s(?:{_DATE_NOUNS})s?\b|\bwhat\s(?:is|was)\s(?:the\s)?{_QUALIFIED}date\b|\bon\swhat\s(?:{_DATE_NOUNS})\b|\bhow\slong\sago\b"
    r"|\b(?:wann|quand|cuándo|când|khi\snào|ne\szaman|in\swelchem\sjahr|hangi\syıl|en\squé\saño|în\sce\san|năm\snào)\b"
    r"|\bкогда\b|в\sкаком\sгоду|πότε|ποια\sχρονιά|متى|في\sأي\s(?:عام|سنة)|\bकब\b|किस\s(?:वर्ष|साल)|เมื่อใด|เมื่อไหร่|เมื่อไร|ปีใด|ปีไหน"
    r"|何时|何時|什么时候|什麼時候|哪年|哪一年|いつ|언제|몇\s?(?:년|월|일)|며칠|어느\s?해",
    re.IGNORECASE,
)
_COUNTRY = re.compile(r"\b(?:which|what)\s(?:[\w'’-]+\s){0,2}?(?:country|countries|nations?)\b", re.IGNORECASE)
_WHERE = re.compile(
    rf"\bwhere\b|\b(?:which|what)\s{_QUALIFIED}(?:{_PLACE_NOUNS})\b"
    r"|\b(?:wo|wohin|où|dónde|unde|ở\sđâu|nerede\w*|nereye)\b|\b(?:где|куда)\b|\bπού\b|أين|कहाँ|कहां|ที่ไหน|ที่ใด|哪里|哪裡|何处|在哪"
    r"|どこ|어디|어느\s?(?:나라|도시|지역|곳)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    rf"\bhow\smuch\b.{{0,80}}\b(?:pa(?:y|id)|cost|spen[dt]|price|worth|money|earn(?:ed)?|gross|sold|bought|raised?|dollars)\b"
    rf"|\bwhat\s(?:was|is|were|are)\b.{{0,60}}\b(?:{_MONEY_NOUNS})\b|\bwhat\sdid\b.{{0,60}}\b(?:gross|cost|earn)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"\bhow\s(?:many|much|old|long|far|tall|big|fast|often|high|large)\b|\b(?:what|which)\s{_QUALIFIED}(?:{_NUMBER_NOUNS})\b"
    rf"|\bwhat\s(?:was|is)\sthe\s{_QUALIFIED}(?:{_NUMBER_NOUNS})\b|\bdeath\stoll\b"
    r"|\b(?:wie\sviele?|wieviel|combien|cuánt[oa]s?|cât|câți|câte|câtă|bao\snhiêu|mấy|kaç|сколько)\b|πόσ\w+|\bكم\b|कितन\w*"
    r"|กี่|เท่าไหร่|เท่าใด|เท่าไร|多少|[几幾][个個次人名年天]|몇|얼마",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\bwhy\b|\bwhat\s(?:is|was)\sthe\sreason\b|\b(?:warum|weshalb|wieso|pourquoi|por\squé|de\sce|tại\ssao|neden|niçin|почему)\b"
    r"|γιατί|لماذا|क्यों|ทำไม|为什么|為什麼|なぜ|왜",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?(?P<verb>did|does|do|is|are|was|were|has|have|had|can|could|will|would|should)(?:n['’]t)?\s",
    re.IGNORECASE,
)
_KOREAN_YES_NO = re.compile(r"(?:습니까|ㅂ니까|[했었았인한할]나요|[했었았]니|[했었았]는가|[했었았]어)\s*\?*$")
_KOREAN_ASKING = re.compile(r"무엇|무슨|어떤|어떻게|누구|누가|언제|어디|어느|몇|얼마|왜")
_HOW = re.compile(r"^\W*(?:and\s|but\s|so\s)?how\b", re.IGNORECASE)
_PAST = re.compile(
    r"^\W*(?:\w+\s){0,4}?(?:did|was|were|has|have|had)\b|^\W*who\s(?:\w+ed|won|met|said|told|called|gave|led|made|took)\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:will|going\sto|shall|might|may|could)\b|\bplan(?:s|ning)?\sto\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:which|what)\s(?:articles?|stories|reports?|sources|files)\b|\bwhich\sof\sthe\s(?:articles|stories)\b|어느\s?기사|어떤\s?기사",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"무엇(?:인가|인지|입니까|이었나|을|이|은)?|무슨|어떤|어떻게|누구(?:인가|이며|의|를|와|에게)?|누가|언제(?:인가)?|어디(?:인가|에서|에|의)?|몇|얼마(?:나|인가)?"
    r"|어느|왜|[은는]가\s*\?|(?:인가|는가|은가|나요|습니까|인지)\s*\?*\s*$"
    r"|什么时候|什麼時候|什么|什麼|哪[些个個里裡年一]?|多少|[谁誰]|为什么|為什麼|怎[么麼样樣]|如何|何[时時处]|是否|[吗嗎呢]"
    r"|何人|どこ|いつ|なぜ|どの|どんな|何[がをでに]|ですか|ますか"
    r"|ใคร|อะไร|ที่ไหน|เมื่อใด|เมื่อไหร่|เมื่อไร|ทำไม|อย่างไร|เท่าไหร่|เท่าใด|เท่าไร|กี่|ใด|หรือไม่|ไหน",
)
_ASKED_ARTICLES = re.compile(
    r"\b(?:which|what)\s(?:of\sthe\s)?(?:articles?|stories|reports?|sources|files)\s(?:\w+\s)?"
    r"(?:discuss(?:es)?|mentions?|reports?|talks?\sabout|speaks?\sof|says?|covers?|describes?|deals?\swith|are\sabout|names?|states?)\b"
    r"|,?\s(?:and\s)?(?:which|what)\s\w+\s(?:do|does|are|is)\s(?:they|it|each|these|named|given|mentioned)\b[^,?]*",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"^\W*(?:and\s|but\s|so\s)?(?:who|(?:which|what)\s(?:[\w’'-]+\s){1,3}?)\s?(?!did|does|do|is|are|was|were|will|has|have|had|can|would)"
    r"(?:recently\s|first\s|also\s)?[a-z]+",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"\bwho\s(?:has\s|also\s)?(?:said|says|called|told|warned|claimed|confirmed|announced|described|argued|predicted|suggested)\b",
    re.IGNORECASE,
)
# What a Korean question asks for stands at its end: "...한 해는?", "...의 면적은 얼마인가?".
_KOREAN_ASKED_LAST = re.compile(
    r"(?:(?P<when>연도|년도|해|날짜|일자|날|시기|시점|연월일)|(?P<where>곳|도시|나라|국가|지역|장소)"
    r"|(?P<number>갯수|개수|횟수|층수|명수|인원수?|수량|숫자|수|나이|점수|금액|비율|높이|길이|크기|면적|기간|거리|무게|인구|가격|넓이|규모)"
    r"|(?P<who>사람|인물|감독|대통령|총리|선수|배우|가수|작가|정치인|의원|장관|후보|총독|부인|아내|남편|교수|저자|왕|황제|국왕))"
    r"(?:[은는]|[이가])?\s*(?:총\s*)?(?:무엇|누구|언제|어디|얼마|몇\s?[가-힣]{1,3})?(?:이?였?[는은]?[가나]|이었[는나]가?|인가요?|입니까|일까요?)?\s*\??\s*$"
)
_DATES_ASKED = re.compile(r"\b(?:dates?|when|what\sday|which\sday)\b", re.IGNORECASE)
_JOB = re.compile(
    r"\b[Ww]hat\s(?:is|was)\s(?P<whose>his|her|their|[A-Z][\w’'.-]*(?:\s[A-Z][\w’'.-]*)*['’]s?)\s"
    r"(?:job|position|role|title|occupation|profession|post)\b|\b(?:job|position|role|title|occupation|profession)\s(?:does|did|do)\b"
)
# Words that only say what sort of answer is wanted.
_SORT = re.compile(
    r"\b(?:what|which)\s(?:kinds?|types?|sorts?)\sof\b|\bthe\s(?:name|dates?)\sof\b|\bon\swhat\s(?:date|day)\b",
    re.IGNORECASE,
)
_CHOOSING = re.compile(r"\bbetween\s[^?]{2,60}\sand\s[A-Z]|,\s[^?,]{2,40}\sor\s[A-Z]")
# Verbs that only say that something is, in whatever words an article tells it.
_BEING = re.compile(
    r"\b(?:(?:take|takes|taking|took|taken)\splace|happen(?:s|ed|ing)?|occur(?:s|red|ring)?)\b", re.IGNORECASE
)
_HANGUL_WORD = re.compile(r"[가-힣]+")
_QUOTED = re.compile(r"[\"“‘«「『]([^\"”’»」』]{3,200})[\"”’»」』]|(?<!\w)'([^']{3,200})'(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question as it is understood.

    `words` is its text without the words of asking, `names` the names in it, `subject` whom an identity is asked of,
    `quoted` what stands in quotation marks. `counted` are the words after "how many", of what is counted.
    `carried` are words that a follow-up takes from the questions before. `several` says that articles are asked for,
    `chooses` that the question names what may be the answer ("between Marl and Voss").
    """

    text: str
    words: str
    kind: Kind
    names: tuple[str, ...] = ()
    subject: str = ""
    counted: str = ""
    quoted: tuple[str, ...] = ()
    about_past: bool = False
    about_future: bool = False
    carried: str = ""
    several: bool = False
    asks_actor: bool = False
    asks_speaker: bool = False
    chooses: bool = False


_COUNTED = re.compile(
    r"\bhow\s(?:many|much)\s(?P<many>[\w'’-]+(?:\s[\w'’-]+)?)|\bhow\s(?P<how>old|long|far|tall|often)\b", re.IGNORECASE
)


def read_question(text: str) -> Question:
    """Return what a question asks for."""
    kind: Kind = "when" if _SEVERAL.search(text) and _DATES_ASKED.search(text) else _kind_of(text)
    identity = _IDENTITY.match(text)
    counted = _COUNTED.search(text)
    several = _SEVERAL.search(text) is not None
    return Question(
        text=text,
        words=_words_of(text, several=several),
        kind=kind,
        names=_names_in(text),
        subject=identity["subject"].strip() if identity and kind == "identity" else "",
        counted=(counted["many"] or counted["how"]) if counted else "",
        quoted=tuple(first or second for first, second in _QUOTED.findall(text)),
        about_past=_PAST.search(text) is not None,
        about_future=_FUTURE.search(text) is not None,
        several=several,
        asks_actor=_ACTOR.search(text) is not None,
        asks_speaker=_SPEAKER.search(text) is not None,
        chooses=_CHOOSING.search(text) is not None,
    )


def without_asking(text: str) -> str:
    """Return the words of a query without those that only ask, in scripts whose terms are pairs of characters."""
    return _ASKING.sub(" ", text)


def searched_words(text: str) -> str:
    """Return the words of a query that are looked up: none that only ask, Korean ones without their endings.

    A query of nothing but words of asking keeps them. Pairs of syllables across an ending ("그의") match by chance: on
    KorQuAD, R@1 rises from .898 to .907 without them.
    """
    asked = without_asking(text)
    return _HANGUL_WORD.sub(lambda word: strip_endings(word[0]), asked if asked.strip() else text)


def _words_of(text: str, *, several: bool) -> str:
    """Return a question without what only says how to answer it."""
    for pattern in (_ASKED_ARTICLES,) if several else ():
        text = pattern.sub(" ", text)
    text = _JOB.sub(lambda match: match["whose"] or " ", text)
    asked = without_asking(_SORT.sub(" ", text))
    told = _BEING.sub(" ", asked)
    return told if content_terms(told) else asked


def _kind_of(text: str) -> Kind:
    """Return what kind of answer is asked for; the first question word decides when there are several."""
    if _is_identity(text) or _JOB.search(text):
        return "identity"
    if _YES_NO.match(text) or (_KOREAN_YES_NO.search(text) and not _KOREAN_ASKING.search(text)):
        return "yes_no"
    last = _KOREAN_ASKED_LAST.search(text)
    if last is not None:
        return cast(Kind, last.lastgroup)
    tests: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("money", _MONEY), ("country", _COUNTRY), ("number", _NUMBER), ("when", _WHEN), ("who", _WHO),
        ("where", _WHERE), ("why", _WHY), ("how", _HOW),
    )  # fmt: skip
    found = [
        (match.start(), rank, kind) for rank, (kind, pattern) in enumerate(tests) if (match := pattern.search(text))
    ]
    return min(found)[2] if found else "what"


def _is_identity(text: str) -> bool:
    """Return whether it asks who somebody named is ("Who is Mara Voss?"), and not who does something."""
    match = _IDENTITY.match(text)
    if match is None:
        return False
    names = find_names(f"it {match['subject']}")
    return bool(names) and len(names[0].text) >= len(match["subject"]) - 4


def _names_in(text: str) -> tuple[str, ...]:
    """Return the names of a question; its first word is capitalised whatever it is."""
    return tuple(dict.fromkeys(name.text for name in find_names(text) if name.certain))
