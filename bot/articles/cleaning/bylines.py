"""Who wrote it: the names in a byline, in the forms the world's papers print them.

A byline is a mark ("By", "Von", "文/", "기자") and names, or a name and a role. A name is a run of capitalised words
with particles where a script has capitals, two to four syllables in Korean, two to four characters in Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.articles.cleaning.blocks import is_plain
from bot.articles.cleaning.phrases import PHRASES
from bot.text.lazy import compile_later
from bot.text.word_sets import word_set

# A byline with four authors, their roles and addresses stays under this.
_MAX_CHARS = 240
_MAX_NAME_WORDS = 5
_MAX_NAMES = 12
# Longer pieces between separators are prose ("By Friday, the council was aware that ...").
_MAX_PIECE_WORDS = 7

EMAIL = compile_later(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_MARK = compile_later(
    r"(?:"
    r"(?:(?:written|story|words|reported|posted|report|text|analysis|opinion|article|reviewed|published|compiled"
    r"|authored|interview|photographs?|commentary|reporting|research|review)\s)?by"
    r"|authors?\s?:|byline\s?:|writers?\s?:|reporter\s?:"
    r"|von|text\s?:|autor(?:in|en)?\s?:"
    r"|par|publié par|écrit par|propos recueillis par|auteure?s?\s?:"
    r"|por|escrito por|reportagem de|redacción\s?:|autora?\s?:|texto\s?:"
    r"|di|a cura di|scritto da|testo di|autore\s?:"
    r"|door|av|af|автор(?:ы)?\s?:?|текст\s?:|द्वारा\s?:?|लेखक\s?:?"
    r"|بقلم\s?:?|كتبت?\s?[:/-]?|إعداد\s?:|تقرير\s?:"
    r")\s{1,3}",
    re.IGNORECASE,
)
# How the marks in Latin letters begin.
_MARK_HEADS = word_set("af an ar au av by co di do es in op pa ph po pr pu re sc st te vo wo wr éc") | {"a "}
_TIGHT_MARK = compile_later(r"(?:by|author|von|por|par|автор|بقلم|كتب)\s{0,2}[:|]\s{0,2}", re.IGNORECASE)
_JOINS = compile_later(r"\s{1,2}(?:and|&|und|et|y|e|и|with|mit|avec|con|com)\s{1,2}|\s?[、؛;]\s?|\s?&\s?|\s+و(?=\S)")
_PIECES = compile_later(r"\s{0,3}[|·•–—]\s{0,3}|\s{1,3}/\s{1,3}|\s-{1,2}\s|,\s{1,2}|\t")
_PLACE = compile_later(r"\s(?:in|from|for|at|of|à|de notre|aus|für|en|da|desde|reports|reporting)\s.*$")
# Two to four syllables or characters in Korean and Chinese, a few words in other scripts without capitals.
_CASELESS_NAME = compile_later(
    r"[가-힣]{2,4}|[\u3400-\u9fff々]{2,4}(?:[ ·・][\u3040-\u30ff\u3400-\u9fff々]{1,6})?"
    r"|[\u30a0-\u30ff]{2,8}(?:・[\u30a0-\u30ff]{1,8}){1,2}"
    r"|[^\W\d_a-zA-Z\u3040-\u30ff\u3400-\u9fff가-힣][^\s\d]*(?: [^\s\d]+){1,3}"
)
_NAME_WORD = compile_later(r"[^\W\d_][\w.'’‘-]*$")

_KO_NAME = r"[가-힣]{2,4}"
_KO_ROLE = (
    r"(?:(?:선임|수습|인턴|전문|객원|의학전문|과학전문|사진|여행|문화전문|경제|정치)?\s?"
    r"(?:기자|특파원|논설위원|통신원|앵커|리포터|칼럼니스트|에디터|PD|기고가|시민기자))"
)
_KO_LEAD = r"(?:[\[(（【<][^\])）】>]{2,40}[\])）】>]\s?)?"
_KO_BYLINE = compile_later(
    rf"{_KO_LEAD}"
    rf"(?:(?:기자명|작성자|취재|글쓴이)\s?:?\s?)?"
    rf"(?:글\s?[·ㆍ:=/]?\s?(?:사진)?\s?)?"
    rf"(?:{_KO_NAME}\s?=\s?)?"
    rf"((?:{_KO_NAME}(?:\s?{_KO_ROLE})?\s?[·ㆍ,/]\s?){{0,4}}{_KO_NAME})\s?{_KO_ROLE}"
    rf"\s?=?\s?(?:입니다)?\s?[(<\[]?\s?({EMAIL.pattern})?\s?[)>\]]?"
    rf"(?:\s?(?:구독|입력|의 기사.{{0,12}}|구독하기))?$"
)
_KO_EMAIL = compile_later(rf"{_KO_LEAD}([가-힣]{{2,4}})\s?[(<\[|/·]?\s?({EMAIL.pattern})\s?[)>\]]?$")
_KO_AFTER = compile_later(r"(?:기자|글|취재|작성자|기고)\s?[:=|]\s?([가-힣]{2,4})(?:\s?기자)?$")
_HAN_NAME = r"[\u3400-\u9fff]{2,4}(?:[·‧][\u3400-\u9fff]{1,6})?"
_HAN_MARK = (
    r"(?:文|图|圖|撰文|撰稿|采写|采訪|作者|文字|记者|記者|實習記者|实习记者|本报记者|本報記者|本报讯\s?记者"
    r"|特派记者|特約記者|特约记者|[\u3400-\u9fff]{2,8}记者|[\u3400-\u9fff]{2,6}記者)"
)
_HAN_REPORTS = r"[\u3400-\u9fff]{0,6}(?:報導|报道|報道|综合报道|綜合報導|发自[\u3400-\u9fff]{1,8}|摄|攝|电)"
_HAN_BYLINE = compile_later(
    rf"[\[(（【]?\s?{_HAN_MARK}\s?[:：/／丨|｜·]?\s?"
    rf"((?:{_HAN_NAME}\s?[、,，\s／/]?\s?){{1,4}}?)"
    rf"(?:[/／\s]?(?:{_HAN_REPORTS}))?\s?[\])）】]?$"
)
_JA_NAME = r"[\u3400-\u9fff々]{2,3}[ \u3000]?[\u3040-\u30ff\u3400-\u9fff々]{1,4}"
_JA_MARKED = (
    r"(?:取材・文|取材・執筆|文・写真|文＝|文=|文・|執筆|著者|筆者|記者|ライター|取材|編集委員)"
    r"\s?[:：=＝/／・]?\s?([\u3040-\u30ff\u3400-\u9fff々 ・]{2,14})"
)
_JA_SIGNED = r"[(（](?!.{0,6}(?:通信|新聞|時事|共同|報|社|完|了))([\u3400-\u9fff々]{3,5})(?=[)）]$)"
_JA_BYLINE = compile_later(
    rf"[\[(（【]?\s?(?:{_JA_MARKED}|{_JA_SIGNED}|({_JA_NAME})\s?(?:記者|特派員|編集委員|論説委員|支局長))\s?[\])）】]?$"
)
_OWNER_BREAKS = compile_later(
    r"copyrights?|\(c\)|[©ⓒ]|저작권자|all rights reserved|무단|版权所有|無断転載"
    r"|(?:19|20)\d\d(?:\s?-\s?(?:19|20)\d\d)?|[.,;|<>\n]\s?|\s[-–—]\s|\u3000",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Byline:
    """Names and addresses of a byline in order, and the paper it names, if any."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    outlet: str | None = None


def read_byline(text: str) -> Byline | None:
    """Return what a whole line says as a byline with a mark (By, Von, 기자, 文/ ...) or an address, or None."""
    if len(text) > _MAX_CHARS or not text:
        return None
    if is_plain(text):
        return (_read_marked(text) if text[:2].lower() in _MARK_HEADS else None) or _read_with_email(text)
    return _read_korean(text) or _read_han(text) or _read_marked(text) or _read_with_email(text)


def read_bare_byline(text: str) -> Byline | None:
    """Return the names of a line that is a name alone or with a role or paper: only its place proves a byline."""
    if len(text) > _MAX_CHARS // 2 or text.isupper():
        return None
    pieces = [piece for piece in _PIECES.split(text.strip()) if piece]
    if not pieces:
        return None
    names = _read_names(pieces[0])
    if not names or not _are_full(names) or not PHRASES.words["no names"].isdisjoint(" ".join(names).lower().split()):
        return None
    if any(not is_role(piece) and not piece[:1].isupper() for piece in pieces[1:]):
        return None
    outlets = [piece for piece in pieces[1:] if not is_role(piece)]
    return Byline(names, (), outlets[-1] if outlets else None)


def is_role(text: str) -> bool:
    """Return whether a short line is what somebody does at a paper ("Political correspondent")."""
    words = [word.strip(".,") for word in text.lower().split()]
    return (
        0 < len(words) <= 6
        and any(word in PHRASES.words["roles"] for word in words)
        and (words[-1] in PHRASES.words["roles"] or words[0] in PHRASES.words["roles"] or " in " in text)
        and any(word in PHRASES.words["writing roles"] for word in words)
    )


def _read_korean(text: str) -> Byline | None:
    match = _KO_BYLINE.match(text)
    if match:
        names = re.sub(_KO_ROLE, "", match[1])
        return Byline(tuple(re.findall(r"[가-힣]{2,4}", names)), _emails(text))
    match = _KO_EMAIL.match(text) or _KO_AFTER.match(text)
    return Byline((match[1],), _emails(text)) if match else None


def _read_han(text: str) -> Byline | None:
    match = _HAN_BYLINE.match(text)
    if match:
        return Byline(tuple(re.findall(_HAN_NAME, match[1])), ())
    match = _JA_BYLINE.match(text)
    return Byline(((match[1] or match[2] or match[3]).strip(),), ()) if match else None


def _read_marked(text: str) -> Byline | None:
    match = _MARK.match(text) or _TIGHT_MARK.match(text)
    if match is None:
        return None
    return _read_rest(text[match.end() :], _emails(text))


def _read_rest(rest: str, emails: tuple[str, ...]) -> Byline | None:
    rest = EMAIL.sub("", rest).strip(" .,;:()[]<>|-–—")
    pieces = [piece.strip(" ()[]<>") for piece in _PIECES.split(rest) if piece.strip(" ()[]<>")]
    if not pieces:
        return None
    names: list[str] = []
    outlet = None
    if any(len(piece.split()) > _MAX_PIECE_WORDS for piece in pieces[1:]):
        return None
    for position, piece in enumerate(pieces):
        found = _read_names(piece)
        if position == 0 and not found:
            return None
        if is_role(piece) or piece[:1].islower():
            continue
        if found and (position == 0 or (_are_full(found) and not _is_outlet(piece))):
            names.extend(found)
        else:
            outlet = outlet or piece
    if not names or len(names) > _MAX_NAMES or len(pieces) > _MAX_NAMES + 4:
        return None
    return Byline(tuple(names), emails, outlet)


def _read_with_email(text: str) -> Byline | None:
    emails = _emails(text)
    if not emails:
        return None
    rest = EMAIL.sub("", text).strip(" ()[]<>|·,/-–—:")
    if not rest:
        is_desk = any(email.split("@")[0].lower() in PHRASES.words["desks"] for email in emails)
        return None if is_desk else Byline((), emails)
    names = _read_names(rest)
    return Byline(names, emails) if names and _are_full(names) else None


def _emails(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(EMAIL.findall(text))) if "@" in text else ()


def _read_names(text: str) -> tuple[str, ...]:
    """Return the names of a list of names, or nothing when any part of it is not a name."""
    pieces = (_PLACE.sub("", f" {piece}") for piece in _JOINS.split(text))
    names = [name.strip(" ,") if name.endswith("r.") else name.strip(" .,") for name in pieces]
    names = [name for place, name in enumerate(names) if name and (place == 0 or " " in name or not name.isascii())]
    return tuple(names) if names and all(_is_name(name) for name in names) else ()


def _are_full(names: tuple[str, ...]) -> bool:
    return all(2 <= len(name.split()) <= 4 for name in names)


def _is_name(text: str) -> bool:
    words = text.split()
    if not 1 <= len(words) <= _MAX_NAME_WORDS:
        return False
    first = words[0][0]
    if first.lower() == first.upper():
        return _CASELESS_NAME.fullmatch(text) is not None
    if (
        not all(_NAME_WORD.match(word) for word in words)
        or words[0].lower().strip(".,") in PHRASES.words["no first names"]
    ):
        return False
    return first.isupper() and all(
        word[0].isupper() or word.lower() in PHRASES.words["particles"] or "'" in word for word in words
    )


def _is_outlet(text: str) -> bool:
    """Return whether a short text has the form of a paper's name."""
    words = [word.strip(".,") for word in text.lower().split()]
    return (
        any(word in PHRASES.words["papers"] for word in words) or re.search(r"\.[a-z]{2,4}$", text.lower()) is not None
    )


def names_outlet(text: str) -> bool:
    """Return whether a short text has the form of a paper's or a site's name, in any script."""
    return len(text) <= 48 and (
        _is_outlet(text)
        or re.search(
            r"(?:신문|일보|뉴스|방송|경제|매일|투데이|타임스|저널|新聞|新闻|通信|ニュース|日報|日报|網"
            r"|网|電視|时报|時報|社)$",
            text,
        )
        is not None
    )


def read_owner(notice: str) -> str | None:
    """Return the paper that a copyright notice names, or None."""
    for piece in _OWNER_BREAKS.split(notice[:_MAX_CHARS]):
        name = piece.strip(" .,:<>[]()-–—'\"‘’“”")
        if name and names_outlet(name):
            return name
    return None
