"""Names of people, places and organisations as a text writes them.

No model: capital letters in Latin, Cyrillic, Greek and Armenian text, titles and endings in Korean, quoted titles,
katakana and suffixes in Chinese and Japanese. A capitalised word at the start of a sentence may be any word, so it
is given as uncertain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.korean import strip_particles
from bot.text.scripts import is_cjk
from bot.text.stop_words import stop_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name: `text[start:end]`; `certain` is false for a lone capitalised word that opens a sentence."""

    text: str
    start: int
    end: int
    certain: bool = True


_HONORIFICS = frozenset(
    """mr mrs ms miss mx dr prof professor sir dame lord lady rev hon gen lt col sgt capt cmdr adm maj sen rep gov pres
    herr frau monsieur madame mme mlle señor señora sr sra don doña signor signora""".split()
)
_CALENDAR = frozenset(
    """january february march april may june july august september october november december jan feb mar apr jun jul aug
    sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun""".split()
)
# Words that open sentences with a capital and are no names, besides the stop words.
_OPENERS = frozenset(
    """however meanwhile although though despite still yet another next earlier later officials police among amid
    moreover furthermore nevertheless nonetheless instead indeed perhaps since whether unless let yes thank thanks
    today yesterday tomorrow tonight recently finally eventually overall similarly likewise additionally experts
    critics analysts researchers scientists authorities residents people three four five six seven eight nine ten
    some several dozens hundreds thousands millions everyone nobody nothing everything someone something within without
    toward towards along across around near behind besides beyond whenever wherever whoever whatever so""".split()
)
_CONNECTORS = frozenset("of for the and de la le del della di da do dos das du des van von der den bin ibn al el ter".split())

_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚΆ-ΏΑ-ΫА-ЯЀ-ЏҐԱ-Ֆ]"
_WORD = (
    rf"(?:(?:[A-Z]\.){{2,}}|{_CAPITAL}\.(?=[\s-]?{_CAPITAL})"
    r"|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Lt|Col|Sgt|Capt|Prof|Rev|Jr|Sr)\.(?=\s)"
    rf"|(?:{_CAPITAL}|(?:al|el|an|ad|as|d|l)[-'’](?={_CAPITAL}))[\w&]{{0,60}}(?:[-'’](?!s\b)\w{{1,60}}){{0,5}})"
)
_JOIN = r"(?:[ \t]+(?:of|for|de|la|le|del|della|di|da|do|dos|das|du|des|van|von|der|den|bin|ibn|al|el|ter)){1,2}(?:[ \t]+the)?"
_NAME = re.compile(rf"(?<![\w@#/]){_WORD}(?:(?:{_JOIN})?[ \t]+{_WORD}|(?:[ \t]&[ \t]){_WORD}){{0,12}}")
_OPENING = re.compile(r"(?:^|[.!?:…。\n])[\s\"'“”‘’«»„(\[\-–—•*]*$|[\"“«„(\[]$")
# How far back a sentence's start is looked for: white space and opening quotes only.
_LOOK_BACK = 12
_POSSESSIVE = re.compile(r"['’]s?$")
_INNER_WORD = re.compile(r"\S+")


def find_names(text: str) -> list[Name]:
    """Return the names in order of the text, none overlapping another."""
    found = [name for match in _NAME.finditer(text) for name in _trimmed(text, match.start(), match.end())]
    if is_cjk(text):
        found = _without_overlaps(found + _cjk_names(text))
    return found


def _trimmed(text: str, start: int, end: int) -> list[Name]:
    """Return the name inside a run of capitalised words: no opener before it, no title, no day or month."""
    words = [(match.start(), match.end()) for match in _INNER_WORD.finditer(text, start, end)]
    opens = _OPENING.search(text, max(0, start - _LOOK_BACK), start) is not None or start == 0
    first_was_cut = False
    while words and (_bare(text, words[0]) in _HONORIFICS or (opens and _is_opener(_bare(text, words[0])))):
        first_was_cut = first_was_cut or _bare(text, words[0]) not in _HONORIFICS
        words.pop(0)
        while words and _bare(text, words[0]) in _CONNECTORS and not text[words[0][0]].isupper():
            words.pop(0)
    while words and (_bare(text, words[-1]) in _CONNECTORS | _CALENDAR):
        words.pop()
    while words and _bare(text, words[0]) in _CALENDAR and len(words) > 1:
        words.pop(0)
    if not words or _is_no_name(text, words, opens):
        return []
    left, right = words[0][0], words[-1][1]
    right -= len(text[left:right]) - len(_POSSESSIVE.sub("", text[left:right].rstrip(",;:'’")))
    name = text[left:right]
    lone_opener = opens and not first_was_cut and len(words) == 1 and name[1:].islower() and left == start
    return [Name(text=name, start=left, end=right, certain=not lone_opener)]


def _is_no_name(text: str, words: list[tuple[int, int]], opens: bool) -> bool:
    """Return whether the one word left is a day, a pronoun or a function word in a headline's capitals."""
    if len(words) != 1:
        return False
    bare = _bare(text, words[0])
    word = text[slice(*words[0])]
    if bare in _CALENDAR or (len(bare) < 2 and not opens) or bare in {"i", "i'm", "i've", "i'll", "i'd"}:
        return True
    return len(bare) < 2 or (bare in stop_words("en") and not (word.isupper() and len(bare) > 1))


def _is_opener(word: str) -> bool:
    return word in stop_words("en") or word in _OPENERS


def _bare(text: str, span: tuple[int, int]) -> str:
    return text[slice(*span)].strip(".,'’").replace("’", "'").lower()


_KOREAN_TITLES = (
    r"기자|특파원|대통령|총리|장관|차관|의원|위원장|위원|대표|회장|부회장|사장|부사장|이사장|이사|교수|박사|변호사|검사|판사|시장|도지사|지사|군수|구청장"
    r"|청장|총장|원장|감독|선수|코치|배우|가수|작가|감사관|대변인|국장|과장|팀장|실장|본부장|센터장|연구원|연구위원|애널리스트|후보|당선인|주석|국무위원장"
    r"|총재|의장|대사|목사|신부|스님|씨|군|양|여사|전무|상무|부장|차장|소장|중장|대장|대령"
)
# The commonest Korean family names cover over 95 percent of people (Statistics Korea, census of 2015).
_FAMILY_NAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설마길연위표명기반"
    "왕금옥육인맹제모탁국어은편용"
)
_KOREAN_ENDINGS = (
    r"위원회|연구원|연구소|대학교|대학|은행|병원|법원|검찰청|경찰청|경찰서|협회|연합회|재단|공사|공단|노조|그룹|전자|건설|증권|보험|통신|신문|일보|방송"
    r"|학교|정부|국회|당국|시청|도청|구청|교육청|공항|특별시|광역시|터미널|박물관|미술관|센터"
)
_KOREAN_PERSON = re.compile(
    rf"(?<![가-힣])((?:[{_FAMILY_NAMES}]|남궁|황보|제갈|선우|독고)[가-힣]{{1,3}}?)(?=\s?(?:전\s|현\s|前\s)?(?:[가-힣]{{0,6}}\s)?(?:{_KOREAN_TITLES})(?![가-힣]{{3}}))"
)
_KOREAN_BODY = re.compile(rf"(?<![가-힣])[가-힣]{{1,10}}?(?:{_KOREAN_ENDINGS}|[가-힣]{{2}}(?:부|청|처|당|시|도|군|구))(?![가-힣]{{3}})")
_KATAKANA_NAME = re.compile(r"[ァ-ヺー]{2,}(?:[・＝][ァ-ヺー]{2,}){0,5}")
_QUOTED_TITLE = re.compile(r"[《〈『]([^《》〈〉『』\n]{1,60})[》〉』]")
_HAN_BODY = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:大学|大學|公司|集团|集團|银行|銀行|委员会|委員會|委員会|部门|医院|醫院|法院|政府|协会|協會|協会|新聞|新闻|通信社|通讯社)")


def _cjk_names(text: str) -> list[Name]:
    found = [Name(text=match.group(1), start=match.start(1), end=match.end(1)) for match in _QUOTED_TITLE.finditer(text)]
    found += [Name(text=match.group(1), start=match.start(1), end=match.end(1)) for match in _KOREAN_PERSON.finditer(text)]
    for match in _KOREAN_BODY.finditer(text):
        noun = strip_particles(match.group())
        found.append(Name(text=noun, start=match.start(), end=match.start() + len(noun)))
    for pattern in (_KATAKANA_NAME, _HAN_BODY):
        found += [
            Name(text=match.group(), start=match.start(), end=match.end(), certain=False)
            for match in pattern.finditer(text)
        ]
    return found


def _without_overlaps(names: list[Name]) -> list[Name]:
    """Return the names in order; of two that overlap the earlier, then the longer stays."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda each: (each.start, -each.end)):
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
    return kept
