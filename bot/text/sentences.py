"""Where sentences begin and end, in any script, in one pass over the text.

The scanner stops only at terminators, at opening quotes and brackets, and decides each by the word before it and the
word after it. A quoted or bracketed passage of ordinary length is never cut inside.
Source: the Golden Rules (pragmatic_segmenter, pySBD) and Kiss and Strunk 2006 for what follows an abbreviation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.text.abbreviations import (
    BEFORE_NAME,
    BEFORE_NAME_CAPITAL,
    BEFORE_NUMBER,
    CALENDAR,
    EXCLAIMED_NAMES,
    MAY_END,
    MONTHS,
    ORDINAL_LANGUAGES,
    SENTENCE_OPENERS,
    SPEECH_VERBS,
    TIME_ABBREVIATIONS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# Characters of a quoted or bracketed passage that is kept whole; a longer one (a speech) is split as any text.
_LONGEST_PASSAGE = 240
# How far back the word before a full stop is read.
_LONGEST_WORD = 40
# Words of a piece before "a.m." that is no sentence yet ("At 5 a.m. Mr. Smith ...").
_FEWEST_WORDS = 4
# A small-letter word of this length before a full stop is no abbreviation.
_NO_ABBREVIATION = 7
# A line shorter than this share of the longest line of its paragraph was ended on purpose, not wrapped.
_ENDED_LINE_SHARE = 0.6
# Lines of a list are shorter than those of wrapped text.
_LIST_LINE = 60
# Arabic runs sentences on with commas: one longer than this is read clause by clause.
_LONG_ARABIC = 160
_LONGEST_ARABIC_LEAD = 60

_CLOSERS = "\"'”’»)\\]}›"
_WIDE_CLOSERS = "」』”’》〉）］】\"'"
_WIDE = "。！？｡．؟۔।॥։။።፧፨។៕᠃꯫"
_SCAN_ASCII = re.compile(r'[.!?"(\[]')
_SCAN_ANY = re.compile(rf"[.!?…{_WIDE}:;\u037e\"(\[“„«「『《（]")
_NARROW_END = re.compile(rf"[.!?…‽]+(?:[{_CLOSERS}]+[.!?…]+)*[{_CLOSERS}]*(?:[ \u00a0\u202f][\"”»](?=\s|$))?")
_WIDE_END = re.compile(rf"[.!?…{_WIDE}]+[{_WIDE_CLOSERS}]*")
_SPACED_ELLIPSIS = re.compile(r"\.(?: \.){2,3}")
_PASSAGES = {
    '"': re.compile(rf'(?<![\w"])"(?=[^\s"])[^"]{{1,{_LONGEST_PASSAGE}}}"(?!\w)'),
    "“": re.compile(rf"“[^“”]{{1,{_LONGEST_PASSAGE}}}”"),
    "„": re.compile(rf'„[^„“”"]{{1,{_LONGEST_PASSAGE}}}[“”"]'),
    "«": re.compile(rf"«[^«»]{{1,{_LONGEST_PASSAGE}}}»"),
    "「": re.compile(rf"「[^「」]{{1,{_LONGEST_PASSAGE}}}」"),
    "『": re.compile(rf"『[^『』]{{1,{_LONGEST_PASSAGE}}}』"),
    "《": re.compile(rf"《[^《》]{{1,{_LONGEST_PASSAGE}}}》"),
    "（": re.compile(rf"（[^（）]{{1,{_LONGEST_PASSAGE}}}）"),
    "(": re.compile(rf"\([^()]{{1,{_LONGEST_PASSAGE}}}\)"),
    "[": re.compile(rf"\[[^\[\]]{{1,{_LONGEST_PASSAGE}}}\]"),
}
_ENDED_INSIDE = re.compile(rf"[.!?…{_WIDE}][ \u00a0\u202f]?[{_CLOSERS}{_WIDE_CLOSERS}“]*$")
_TAIL = re.compile(rf"[.!?…]*[{_CLOSERS}]*")

_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n\s*|$)")
_BULLET = re.compile(r"[^\S\n]*(?:[•⁃‣▪◦●*·-])[^\S\n]*(?=\S)")
_LIST_MARK = re.compile(r"\s*(?P<bullet>[•⁃‣▪◦●]\s?)?(?P<label>\d{1,3}|[a-z])(?P<close>\.\)|\.|\))\s+(?=\S)")
_FOLLOWING = re.compile(r"\s*([\"'“‘„«‹(\[{¿¡—–-]*)\s?(\.{3}|…|[^\W_](?:[\w'’]|(?<=\w)\.(?=\w))*|\S)?")
_CITATION = re.compile(r"\s*\([^()]{0,80}[^()\s.!?]\)\s*(?:[.;,]|$)")
_SPEECH_TAG = re.compile(rf"\s*(?:[\w.’'-]{{1,30}}\s){{1,6}}(?:{SPEECH_VERBS})\.(?=\s|$)")
_ROMAN = re.compile(r"[IVXLC]{1,7}$")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile(r"[\u3041-\u3096、，,]")
_CHINESE_TAG = re.compile(r"[\u4e00-\u9fff]{1,8}(?:说|說|表示|道|称|稱|指出|问|問|写道|寫道)")
_ARABIC_CLAUSE = re.compile(r"،(?!\s*\S+\s*،)\s+|:(?=\s+[^\s\"«“])")


def split_sentences(text: str, language: str = "en") -> list[tuple[int, int]]:
    """Return the (start, end) spans of the sentences in order, without surrounding space.

    Every character that is not white space is in exactly one span. Blank lines always end a sentence; a single line
    break does where the line was ended on purpose (list, heading), not where it was wrapped.
    """
    rules = _Rules(text=text, language=language, ascii_only=text.isascii())
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        for piece in rules.pieces(start, end):
            span = _stripped(text, *piece)
            if span[0] < span[1]:
                spans.append(span)
    return spans
