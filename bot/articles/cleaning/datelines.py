"""The agency, the author and the day a lead names before its first word: "PORT ELLIS, May 3 (Agency) -".

The dateline stays in the body; this only reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.articles.cleaning.blocks import is_plain
from bot.articles.cleaning.dates import FoundDate, find_dates
from bot.text.lazy import compile_later

# Datelines stand in the first characters of the first paragraphs.
_REACH_CHARS = 110
_MAX_PLACE_WORDS = 7
_MAX_BRACKET_PARTS = 3

_BRACKETED = compile_later(
    r"([^()（）.!?]{0,60}?)\s?\(\s?([^()\d]{2,40}?)\s?\)\s{0,2}(?:[-–—]{1,2}|\.\s?-{1,2}|=|:|–)\s?"
)
_DATED_PLACE = compile_later(r"[A-Z][A-Z .'’-]{2,30},[^()!?–—]{0,40}?(?:19|20)\d\d\s?(?:[–—-]{1,2}|/)\s?")
_TIGHT = compile_later(r"\(\s?(CNN|AP|AFP|Reuters|REUTERS|UPI|dpa|EFE|ANSA|KTLA|[A-Z]{2,6})\s?\)(?=\s?\S)")
_KOREAN = compile_later(
    r"[\[(【（]\s?([^\])】）]{2,40})\s?[\])】）]\s?"
    r"(?:([가-힣]{2,4})\s?(?:기자|특파원)(?:\s?·\s?[가-힣]{2,4}\s?기자){0,4}\s?=?)?"
)
_CHINESE = compile_later(
    r"【([^】]{2,12})】"
    r"|([\u3400-\u9fff]{2,6}(?:社|网|网讯|報|报|新闻))(?:[\u3400-\u9fff]{2,8})?(?:\d{1,2}月)?\d{1,2}日(?:电|電|讯|訊)"
)
_JAPANESE = compile_later(
    r"[［\[【]([^］\]】]{2,16}?)\s?(?:\d{1,2}日\s?)?(共同|時事|ロイター|ＡＦＰ|AFP|新華社)[］\]】]"
)
_CHINESE_AUTHOR = compile_later(
    r"(?:记者|記者|通讯员)\s?([\u3400-\u9fff]{2,4})(?=[)）\s、／/]|[综综合報报]{1,2}[导導道])"
)
_RUSSIAN = compile_later(r"[А-ЯЁ -]{3,30},\s\d{1,2}\s[а-яё]{3,8}\s?(?:[—–-]\s?([А-ЯЁ][\w ]{2,24})\.|\(([^()]{2,30})\))")
_PRESS_WORD = compile_later(r"뉴스|일보|신문|연합|통신|방송|경제|타임스|투데이|매일|미디어|저널|프레스|데일리|[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a lead's dateline names."""

    source: str | None = None
    author: str | None = None
    date: FoundDate | None = None


def read_dateline(lead: str) -> Dateline | None:
    """Return what the beginning of a first paragraph names as its source, author and day, or None."""
    start = lead[:_REACH_CHARS]
    if is_plain(start) and "[" not in start:  # "[... AFP]" may be Japanese
        return _read_bracketed(start)
    for read in (_read_korean, _read_far_eastern, _read_bracketed, _read_russian):
        found = read(start)
        if found is not None:
            return found
    return None


def _read_bracketed(start: str) -> Dateline | None:
    match = _BRACKETED.match(start)
    if match and _is_place(match[1]):
        dates = find_dates(match[1])
        return Dateline(match[2].strip(), None, dates[0] if dates else None)
    tight = _TIGHT.match(start)
    if tight:
        return Dateline(tight[1])
    dated = _DATED_PLACE.match(start)
    dates = find_dates(dated.group()) if dated else []
    return Dateline(date=dates[0]) if dates else None


def _is_place(text: str) -> bool:
    words = list(re.findall(r"[^\W\d_]+", text))
    if len(words) > _MAX_PLACE_WORDS:
        return False
    return not words or words[0][0].isupper() or words[0][0].lower() == words[0][0].upper()


def _read_korean(start: str) -> Dateline | None:
    match = _KOREAN.match(start)
    if match is None or not re.search(r"[가-힣]", match.group()):
        return None
    inner = match[1].rstrip()
    names_author = inner.endswith(("기자", "특파원"))
    parts = [part.strip() for part in re.sub(r"\s?(?:기자|특파원)$", "", inner).split("=")]
    if len(parts) > _MAX_BRACKET_PARTS or (len(parts) == 1 and not _PRESS_WORD.search(parts[0])):
        return None
    if names_author and len(parts) == 1:
        parts = parts[0].rsplit(" ", 1)
    if names_author and len(parts) > 1:
        return Dateline(parts[0], parts[-1])
    return Dateline(parts[-1], match[2])


def _read_far_eastern(start: str) -> Dateline | None:
    match = _JAPANESE.match(start)
    if match:
        return Dateline(match[2])
    match = _CHINESE.match(start)
    author = _CHINESE_AUTHOR.search(start)
    if match is None and author is None:
        return None
    return Dateline((match[1] or match[2]) if match else None, author[1] if author else None)


def _read_russian(start: str) -> Dateline | None:
    match = _RUSSIAN.match(start)
    return Dateline(match[1] or match[2]) if match else None
