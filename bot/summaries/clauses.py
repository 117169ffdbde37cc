"""A sentence as the stretches between its top-level commas, dashes and semicolons; every span is an exact slice.

Compression and attribution both work on these stretches, so that nothing is ever cut inside quotation marks or
brackets, or in the middle of a number.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from bot.text.lazy import compile_later

# Each alternative begins with plain characters, so that the search skips from mark to mark; what comes before is asked
# for by looking back over the mark itself.
_MARKS = compile_later(
    r"(?P<comma>[,，、；;](?:(?<=[，、；;])|(?<!\d,)(?=\s|$)|(?<=\d,)(?=\s)|(?<=[^\d\s],)(?=[^\d\s])))"
    r"|(?P<dash>[–—-](?:(?<=\s[–—-])[–—-]?(?=\s)|(?<=—)|(?<=–)(?=[^\W\d])|(?<=\s-)-))"
    r"|(?P<open>[“„«「『(\[（])|(?P<close>[”»」』)\]）])|(?P<toggle>[\"`'](?:(?<=\")|(?<=`)`|(?<=')'))"
)
_QUOTE_COMMAS = (",", "，", "、")  # before a closing quotation mark they end the clause: "...," she said
_WORD = compile_later(r"[^\W_]+(?:['’.-][^\W_]+)*")
_ASCII_WORD = compile_later(r"[a-z0-9]+(?:['.-][a-z0-9]+)*")
_PAIRS = ("«»", "「」", "『』", "()", "[]", "（）", "《》", "〈〉")
_PAIRED = frozenset("\"“”„`'‘’" + "".join(_PAIRS))
_PAIRED_MARK = compile_later(f"[{re.escape(''.join(sorted(_PAIRED)))}]")
_SINGLE_OPENING = compile_later(r"['‘](?<!\S.)(?=\w)(?!(?:s|re|ve|ll|d|m|t|em|n)\b|\d)")
_SINGLE_CLOSING = compile_later(r"['’](?<=\S.)(?![a-zA-ZÀ-ÿ\d])")
_SINGLE_SPACED = compile_later(r"['‘’](?<!\S.)(?=\s(?!(?:s|re|ve|ll|d|m|t)\b)|$)")
_PLURAL_POSSESSIVE = compile_later(r"s\s['’]\s")
_HYPHEN_CONTEXT = 30  # characters looked at before and after it
_BEFORE_HYPHEN = compile_later(
    r"(?:\b(?:an?|the|of|by|in|its|his|her|their)\s[\w’']+|\d|\b(?:by|out|in|on|off|up|co|re|pre|anti|ex|non|self|high|"
    r"low|long|short|mid|half|well|multi|under|over|two|three|four|five|six|seven|eight|nine|ten|first|second|third|zero))$"
)
_AFTER_HYPHEN = compile_later(
    r"(?:years?|months?|days?|weeks?|hours?|minutes?|miles?|old|based|led|backed|style|level|of|to|time|term|profile|"
    r"related|free|like|made|wide|born|degree)\b"
)
_TERMINATORS = " \n\t.!?。！？…"


class Clause(NamedTuple):
    """`text[start:end]` of a sentence, stripped; `mark_start` is where the mark before it begins (its start if none).

    `mark` is its kind: "comma", "dash", "quote" (a closing one after a comma) or "" at the start of the sentence.
    `words` are its words in lower case, punctuation left out.
    """

    text: str
    start: int
    end: int
    mark_start: int
    mark: str
    words: list[str]


def split_clauses(text: str, start: int = 0) -> list[Clause]:
    """The clauses of the sentence from `start` on, in order; the final punctuation belongs to none."""
    final = len(text.rstrip(_TERMINATORS))
    clauses: list[Clause] = []
    depth = 0
    quoted = False
    begin, mark_start, mark = start, start, ""
    for match in _MARKS.finditer(text, start, final):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
            continue
        closes = kind == "close" or (kind == "toggle" and quoted)
        depth = max(0, depth - 1) if kind == "close" else depth
        quoted = quoted != (kind == "toggle")
        if closes and depth == 0 and not quoted and text[begin : match.start()].rstrip()[-1:] in _QUOTE_COMMAS:
            _append(clauses, text, begin, match.end(), mark_start, mark)
            begin, mark_start, mark = match.end(), match.end(), "quote"
        elif kind in ("comma", "dash") and depth == 0 and not quoted and not is_hyphen(text, *match.span()):
            _append(clauses, text, begin, match.start(), mark_start, mark)
            begin, mark_start, mark = match.end(), match.start(), kind or ""
    _append(clauses, text, begin, final, mark_start, mark)
    return clauses


def is_hyphen(text: str, start: int, end: int) -> bool:
    """Whether the mark is a hyphen in text that sets hyphens apart ("a 24 - hour strike"), and no dash."""
    if text[start:end].strip() != "-":
        return False
    before = _BEFORE_HYPHEN.search(text[max(0, start - _HYPHEN_CONTEXT) : start].rstrip().lower())
    return bool(before or _AFTER_HYPHEN.match(text[end : end + _HYPHEN_CONTEXT].lstrip().lower()))


def is_balanced(text: str) -> bool:
    """Whether every quotation mark and bracket that opens in the text closes in it."""
    marks = set(_PAIRED_MARK.findall(text))
    if not marks:
        return True
    if text.count('"') % 2 or ("`" in marks and (text.count("``") + text.count("''")) % 2):
        return False
    if "„" in marks:  # closed by “ in German, by ” in Polish
        if text.count("„") != text.count("“") + text.count("”"):
            return False
    elif text.count("“") != text.count("”"):
        return False
    if any(text.count(pair[0]) != text.count(pair[1]) for pair in _PAIRS if not marks.isdisjoint(pair)):
        return False
    return marks.isdisjoint("'‘’") or _has_balanced_single_quotes(text)


def strip_paired_marks(text: str) -> str:
    """The text without quotation marks and brackets, for a piece in which they cannot pair up."""
    return "".join(char for char in text if char not in _PAIRED or char in "'’").strip()


def _has_balanced_single_quotes(text: str) -> bool:
    """Whether single quotes pair up as far as they can be told from apostrophes, tokenised text included."""
    if len(_SINGLE_OPENING.findall(text)) > len(_SINGLE_CLOSING.findall(text)) + len(_SINGLE_SPACED.findall(text)):
        return False
    return len(_SINGLE_SPACED.findall(text)) % 2 == 0 or bool(
        _PLURAL_POSSESSIVE.search(text) or _SINGLE_OPENING.search(text)
    )


def _append(clauses: list[Clause], text: str, begin: int, end: int, mark_start: int, mark: str) -> None:
    """Adds `text[begin:end]`, stripped, unless nothing is left."""
    piece = text[begin:end]
    stripped = piece.strip()
    if stripped:
        start = begin + len(piece) - len(piece.lstrip())
        words = (_ASCII_WORD if stripped.isascii() else _WORD).findall(stripped.lower())
        clauses.append(Clause(stripped, start, start + len(stripped), mark_start, mark, words))
