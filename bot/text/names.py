"""Names of people, places and organisations as a text writes them.

No model: capital letters in Latin, Cyrillic, Greek and Armenian text (`cjk_names` has the scripts without capitals). A
capitalised word at the start of a sentence may be any word, so it is given as uncertain. Titles of address, days and
months, and the possessive ending are not part of a name.
"""

from __future__ import annotations

import re

from bot.text.cjk_names import find_cjk_names
from bot.text.lazy import compile_later
from bot.text.name import Name
from bot.text.name_words import CALENDAR, CALENDAR_OR_NAME, CONNECTORS, HEADS, HONORIFICS, OPENERS
from bot.text.scripts import is_cjk
from bot.text.stop_words import stop_words

__all__ = ["Name", "find_names"]

# How far back the start of a sentence is looked for: white space and opening quotes only.
_LOOK_BACK = 12
# Capitalised words of a run in a row of which all are in capitals: a shouted headline, not a name.
_SHOUTED_WORDS = 4

_CAPITAL = "[A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽȘȚΆ-ΏΑ-ΫЀ-ЯҐӘҒҚҢӨҰҮҺІԱ-Ֆ]"
_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
_WORD = (
    rf"(?:(?:[A-Z]\.){{2,6}}|{_CAPITAL}\.(?=[\s-]?{_CAPITAL})"
    r"|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|St|Lt|Col|Sgt|Capt|Prof|Rev|Jr|Sr)\.(?=\s)"
    rf"|(?:{_CAPITAL}|(?:al|el|an|ad|as|d|l)[-'’](?={_CAPITAL}))(?:{_LETTER}|&){{0,60}}"
    rf"(?:[-'’](?!s\b){_LETTER}{{1,60}}){{0,5}})"
)
_JOIN = r"(?:[ \t]+(?:of|for|de|la|le|del|della|di|da|do|dos|das|du|des|van|von|der|den|bin|ibn|al|el|ter)){1,2}"
_NAME = compile_later(
    rf"(?<![A-Za-z0-9_@#/À-ɏ]){_WORD}(?:(?:{_JOIN}(?:[ \t]+the)?)?[ \t]+{_WORD}|[ \t]&[ \t]{_WORD}){{0,12}}"
)
_OPENING = compile_later(r"(?:^|[.!?:…。\n])[\s\"'“”‘’«»„(\[\-–—•*]*$|[\"“«„(\[]$")
_PART = compile_later(r"\S+")
_TIME_BEFORE = compile_later(r"\b(?:in|last|next|since|of|early|late|mid|until|by|on|this|every|from|to)[ -]$", re.I)
_DAY_AFTER = compile_later(r"\.?,?\s?\d")
_PRONOUNS = frozenset({"i", "i'm", "i've", "i'll", "i'd"})


def find_names(text: str) -> list[Name]:
    """Return the names in order of the text, none overlapping another."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        words = [(part.start(), part.end()) for part in _PART.finditer(text, match.start(), match.end())]
        opens = match.start() == 0 or (
            _OPENING.search(text, max(0, match.start() - _LOOK_BACK), match.start()) is not None
        )
        for part in _parts(text, words):
            found.extend(_read_run(text, part, opens=opens and part[0] == words[0]))
    if is_cjk(text):
        found = _without_overlaps(found + find_cjk_names(text))
    return found


def _parts(text: str, words: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return the run of words cut at forms of address, and where "of" or "for" joins two names ("Teal of Vell")."""
    parts: list[list[tuple[int, int]]] = [[]]
    for word in words:
        is_title = len(words) > 1 and _bare(text, word) in HONORIFICS and text[word[0]].isupper()
        if is_title or _joins_two_names(text, parts[-1], word):
            parts.append([])
        else:
            parts[-1].append(word)
    return [part for part in parts if part]


def _joins_two_names(text: str, before: list[tuple[int, int]], word: tuple[int, int]) -> bool:
    connector = _bare(text, word)
    if not before or connector not in {"of", "for"} or (connector == "of" and len(before) == 1):
        return False
    return not _is_head(text, before[-1])


def _is_head(text: str, span: tuple[int, int]) -> bool:
    word = _bare(text, span)
    return word in HEADS or word.removesuffix("s") in HEADS


def _read_run(text: str, words: list[tuple[int, int]], *, opens: bool) -> list[Name]:
    """Return the names in a run of capitalised words without its opener, days and months."""
    start = words[0][0]
    while words and ((opens and _opens_sentence(text, words[0])) or _is_connector(text, words[0])):
        words = words[1:]
    while words and (_is_connector(text, words[-1]) or _is_date_word(text, words[-1])):
        words = words[:-1]
    while len(words) > 1 and _is_date_word(text, words[0]):
        words = words[1:]
    if not words or (len(words) == 1 and _is_no_name(text, words[0])):
        return []
    still_opens = opens and words[0][0] == start
    if still_opens and len(words) > 2 and _bare(text, words[1]) == "of" and not _is_head(text, words[0]):
        # "Shares of Acme": whether the first word is part of the name can't be told.
        return [_name(text, words[:1], certain=not _is_plain(text, words[0])), *_read_run(text, words[2:], opens=False)]
    shouted = len(words) >= _SHOUTED_WORDS and text[words[0][0] : words[-1][1]].isupper()
    lone_opener = still_opens and len(words) == 1 and _is_plain(text, words[0])
    return [_name(text, words, certain=not (lone_opener or shouted))]


def _name(text: str, words: list[tuple[int, int]], *, certain: bool) -> Name:
    start = words[0][0]
    shown = text[start : words[-1][1]].rstrip(",;:'’")
    if shown.endswith(("'s", "’s")):
        shown = shown[:-2]
    return Name(text=shown, start=start, end=start + len(shown), certain=certain)


def _is_opener(word: str) -> bool:
    return word in stop_words("en") or word in OPENERS or word in _PRONOUNS


def _opens_sentence(text: str, span: tuple[int, int]) -> bool:
    word = text[slice(*span)]
    return _is_opener(_bare(text, span)) and not (len(word) > 1 and word.isupper())


def _is_connector(text: str, span: tuple[int, int]) -> bool:
    return _bare(text, span) in CONNECTORS and text[span[0]].islower()


def _is_plain(text: str, span: tuple[int, int]) -> bool:
    """Return whether only the first letter of the word is a capital, as of any word that opens a sentence."""
    return text[span[0] + 1 : span[1]].islower()


def _is_date_word(text: str, span: tuple[int, int]) -> bool:
    word = _bare(text, span)
    if word not in CALENDAR:
        return False
    if word not in CALENDAR_OR_NAME:
        return True
    before = _TIME_BEFORE.search(text, max(0, span[0] - _LOOK_BACK), span[0])
    return before is not None or _DAY_AFTER.match(text, span[1]) is not None


def _is_no_name(text: str, span: tuple[int, int]) -> bool:
    """Return whether the one word left is a date, a single letter, a pronoun or a function word."""
    bare = _bare(text, span)
    if len(bare) < 2 or bare in _PRONOUNS or bare in HONORIFICS or _is_date_word(text, span):
        return True
    return _is_opener(bare) and not text[slice(*span)].isupper()


def _bare(text: str, span: tuple[int, int]) -> str:
    return text[slice(*span)].strip(".,'’").replace("’", "'").lower()


def _without_overlaps(names: list[Name]) -> list[Name]:
    """Return the names in order; of two that overlap the earlier, then the longer stays."""
    kept: list[Name] = []
    for name in sorted(names, key=lambda each: (each.start, -each.end)):
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
    return kept
