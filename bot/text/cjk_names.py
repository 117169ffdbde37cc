"""Names in Korean, Chinese and Japanese text, told by what stands beside them.

A person by a title or an age after a family name, an organisation by its ending, a place by a short list, a work by
its title brackets. Best effort: a name with none of these is not found.
"""

from __future__ import annotations

import re

from bot.text.korean import strip_particles
from bot.text.lazy import compile_later
from bot.text.name import Name
from bot.text.name_words import (
    HAN_FAMILY_NAMES,
    HAN_ORGANISATIONS,
    HAN_PLACES,
    HAN_TITLES,
    KOREAN_FAMILY_NAMES,
    KOREAN_NO_NAMES,
    KOREAN_OCCUPATIONS,
    KOREAN_OFFICES,
    KOREAN_ORGANISATIONS,
    KOREAN_PLACES,
    KOREAN_TITLES,
)

_PARTICLE_OR_END = (
    r"(?=(?:은|는|이|가|을|를|의|에|와|과|도|만|로|으로|에서|에게|부터|까지|측|라고|이라고|씨|께서)?(?![가-힣]))"
)
_FAMILY = rf"(?:남궁|황보|제갈|선우|독고|[{KOREAN_FAMILY_NAMES}])"
_PERSON = rf"(?!(?:{KOREAN_NO_NAMES})(?![가-힣])){_FAMILY}[가-힣]{{1,2}}(?<![할될질된든])"
# A token before a title further on is no name when it ends like a noun with a particle or a verb.
_BARE_PERSON = rf"{_PERSON}(?<![은는이가을를의에도로와과고며다서한된])"
_KOREAN_PERSONS = (
    compile_later(
        rf"(?<![가-힣])({_PERSON})(?<![는을를])(?=\s?(?:전\s|현\s|前\s|신임\s)?(?:{KOREAN_TITLES})(?![가-힣]{{3}}))"
    ),
    compile_later(
        rf"(?<![가-힣])({_BARE_PERSON})(?=\s[가-힣A-Za-z]{{2,12}}\s(?:전\s)?(?:{KOREAN_TITLES})(?![가-힣]{{3}}))"
    ),
    compile_later(rf"(?<![가-힣])({_PERSON})(?=\s?\(\d{{1,3}}(?:세|살|[·,)]))"),
    compile_later(rf"(?:{KOREAN_OCCUPATIONS})\s({_FAMILY}[가-힣]{{2}}){_PARTICLE_OR_END}"),
    compile_later(
        rf"(?<![가-힣])([가-힣]{{2,6}})(?<![은는이가을를의에도로와과])(?=\s(?:{KOREAN_PLACES})\s(?:{KOREAN_TITLES}))"
    ),
)
_KOREAN_PLACE = compile_later(
    rf"(?<![가-힣])(?:{KOREAN_PLACES})(?=(?:시|도|군|인|산|발|측|행|내|계|은|는|이|가|을|를|의|에|와|과|도|만|로|으로|에서|에게|부터|까지)?"
    r"(?![가-힣]))"
)
_KOREAN_WORD = compile_later(r"[가-힣A-Z]{2,20}")
_KOREAN_ORGANISATION = compile_later(
    rf"(?:{KOREAN_OFFICES})$|.{{2}}(?:{KOREAN_ORGANISATIONS})$|.{{3}}(?<!의)(?<!직)(?<!회)(?<!무)(?<!위)(?<!지)(?:부|청|처|원)$"
)
_HANGUL = compile_later(r"[가-힣]")
_HAN_OR_KANA = compile_later(r"[\u3041-\u30ff\u3400-\u9fff]")
_QUOTED_TITLE = compile_later(r"[《〈『]([^《》〈〉『』\n]{1,60})[》〉』]")
_KATAKANA = compile_later(
    r"[ァ-ヺー]{3,30}(?:[・＝][ァ-ヺー]{2,30}){0,5}|[ァ-ヺー]{2,30}(?:[・＝][ァ-ヺー]{2,30}){1,5}"
)
_HAN_NAMES = (
    compile_later(rf"(?:{HAN_PLACES})"),
    compile_later(rf"([{HAN_FAMILY_NAMES}][\u4e00-\u9fff]{{1,2}}?)(?=(?:前)?(?:{HAN_TITLES}))"),
    compile_later(r"[\u4e00-\u9fff]{2,4}(?=(?:氏|さん|首相|大統領|容疑者|被告|選手|監督)(?![\u4e00-\u9fff]{2}))"),
)
_HAN_ORGANISATION = compile_later(
    rf"[\u4e00-\u9fffァ-ヺー]{{2,8}}?(?:{HAN_ORGANISATIONS})(?![\u4e00-\u9fff]?[员員长長])"
)
_TRANSLITERATED = compile_later(
    r"[\u4e00-\u9fff]{2,5}(?:[·•‧][\u4e00-\u9fff]{1,6}?){1,3}(?=[^\u4e00-\u9fff]|[在是和与的说將将于對对向被]|表示|总统|總統|$)"
)


def find_cjk_names(text: str) -> list[Name]:
    """Return the names found, in no order; they may overlap."""
    found = _korean_names(text) if _HANGUL.search(text) else []
    if _HAN_OR_KANA.search(text):
        found += _han_names(text)
    return found + [_group_name(match) for match in _QUOTED_TITLE.finditer(text)]


def _korean_names(text: str) -> list[Name]:
    found = [_whole_name(match) for match in _KOREAN_PLACE.finditer(text)]
    for person in _KOREAN_PERSONS:
        found += [_group_name(match) for match in person.finditer(text)]
    for word in _KOREAN_WORD.finditer(text):
        noun = strip_particles(word.group())
        if _KOREAN_ORGANISATION.search(noun):
            found.append(Name(text=noun, start=word.start(), end=word.start() + len(noun)))
    return found


def _han_names(text: str) -> list[Name]:
    found = [_whole_name(match) for pattern in _HAN_NAMES for match in pattern.finditer(text)]
    for unsure in (_KATAKANA, _HAN_ORGANISATION, _TRANSLITERATED):
        found += [_whole_name(match, certain=False) for match in unsure.finditer(text)]
    return found


def _group_name(match: re.Match[str]) -> Name:
    return Name(text=match[1], start=match.start(1), end=match.end(1))


def _whole_name(match: re.Match[str], *, certain: bool = True) -> Name:
    return Name(text=match.group(), start=match.start(), end=match.end(), certain=certain)
