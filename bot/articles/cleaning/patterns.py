"""Whether a line is something a page says around its article: buttons, menus, lists of links, forms, notices, credits.

Whole phrases, line starts and parts are looked up, never searched with open-ended expressions, so that a hostile line
costs no more than an honest one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.articles.cleaning.blocks import Block, Label
from bot.articles.cleaning.phrases import PHRASES
from bot.text.lazy import compile_later

# Longer lines than this are prose or junk of another kind: no menu, form or notice line has more words.
_MAX_WORDS = 60
_MAX_CHARS = 420
_MAX_SHARE_WORDS = 16
# Numbers alone ("+2", "10 / 12") are shorter than this; longer ones are data.
_MAX_WORDLESS_CHARS = 16
# A line with a phrase inside it (a copyright notice with names and years) has at most this many words.
_MAX_PART_WORDS = 45
# A menu line is made of this many short entries.
_MIN_MENU_ENTRIES = 3
_MAX_ENTRY_WORDS = 3

_NUMBER = compile_later(r"\d+(?:[.,]\d+)*")
_DIGIT = compile_later(r"\d")
_EDGES = (
    " \t•‣▪●◦·∙■□▶►▷▲△▼▽◆◇◈※⁃○◎✓✔➤→←↑↓«»<>‹›|/\\*_~=^:：;,.!…。+-–—()[]{}【】「」『』《》〈〉\"'“”‘’&©☞☆★♥❤️🔗📷📸🔴🎧"
)
_WORD = compile_later(r"[^\W_]+(?:[.'-][^\W_]+)*\+?")
# How wire services and press releases close a text.
_END_MARK = compile_later(r"(?:#{3}|-{1,2}\s?30\s?-{1,2})$")
_CAPTCHA = compile_later(r"[\d\s]{0,8}[+−×x*/÷-]\s{0,3}[\d\s]{1,8}=\s{0,3}\d{0,6}\s{0,3}\??$")
_URL_STARTS = ("http", "www.")
_URL = compile_later(r"(?:https?://|www\.)\S+$", re.IGNORECASE)
_ENTRY_BREAK = compile_later(r"\s{0,3}[|>›»·•/]\s{1,3}|\s{2,}")
# A line that only names where something else can be read: "Read more: ...", "▶ 관련기사 ...".
# "Follow the Harrow Post on Facebook": with a network's name, an invitation.
_FOLLOWING = ("follow ", "like us", "find us", "join us", "connect with ", "watch us", "subscribe ")
_RELATED_LABELS = frozenset({Label.RELATED, Label.SHARE, Label.ADVERTISEMENT})


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a line says around the article; `is_sure` is false for a word that a list or a note could hold as well.

    `is_heading` says that it only announces what follows (a list of related articles, a comment form); `is_inline`
    that such a heading often stands between two paragraphs.
    """

    label: Label
    is_sure: bool = True
    is_heading: bool = False
    is_inline: bool = False


Parts = Sequence[tuple[str, Label]]


def match_pattern(block: Block, parts: Parts | None = None) -> Pattern | None:
    """Return what kind of page furniture a block is by its words alone, or None.

    `parts` are the phrases that may stand in it where they are known for its whole page (`find_parts`).
    """
    if len(block.text) > _MAX_CHARS:
        return None
    if not block.has_letters:
        return _match_wordless(block)
    folded = _NUMBER.sub("#", block.folded) if block.has_digits else block.folded
    key = folded.strip(_EDGES)
    found = _match_whole(key, block)
    if found is not None:
        return found
    if block.words > _MAX_WORDS:
        return None
    if folded.startswith(_URL_STARTS) and _URL.match(block.text):
        return Pattern(Label.LINK)
    if key.startswith(_FOLLOWING) and not PHRASES.words["networks"].isdisjoint(_WORD.findall(key)):
        return Pattern(Label.SHARE)
    found = _match_start(folded, key, block) or _match_part(folded, block, parts)
    return found or _match_share(block) or _match_menu(block)


def find_parts(folded: str) -> Parts:
    """Return the phrases that count anywhere in a line and that a folded text holds, in their order."""
    for sign in PHRASES.plain_part_signs if folded.isascii() else PHRASES.part_signs:
        if sign in folded:
            return [(part, label) for part, label in PHRASES.parts if part in folded]
    return ()


def _match_wordless(block: Block) -> Pattern | None:
    if _CAPTCHA.match(block.text):
        return Pattern(Label.COMMENT, is_heading=True)
    if _END_MARK.match(block.text):
        return Pattern(Label.AFTER_END, is_heading=True)
    if not _DIGIT.search(block.text):
        return Pattern(Label.SEPARATOR)
    return Pattern(Label.MENU, is_sure=False) if len(block.text) <= _MAX_WORDLESS_CHARS else None


def _match_whole(key: str, block: Block) -> Pattern | None:
    bare = key.strip("# ()")
    if len(bare) > PHRASES.longest_whole:
        return None
    label = PHRASES.whole.get(key) or PHRASES.whole.get(bare)
    weak = key in PHRASES.weak or bare in PHRASES.weak
    if label is None:
        return Pattern(Label.MENU, is_sure=False) if weak else None
    heading = (label in (Label.RELATED, Label.COMMENT) and not weak) or key in PHRASES.ending
    return Pattern(label, is_sure=not weak, is_heading=heading, is_inline=heading and key in PHRASES.inline)


def _match_start(folded: str, key: str, block: Block) -> Pattern | None:
    for text in (folded, key):
        head = text[:2]
        if head not in PHRASES.openings or not text.startswith(PHRASES.openings[head]):
            continue
        for start, label, max_words in PHRASES.starts[head]:
            if block.words > max_words or not _starts_with(text, start):
                continue
            names_others = label in _RELATED_LABELS and not start.rstrip().endswith((":", "：", "|", "]", "】"))
            if names_others and block.is_terminated and not block.is_question:
                continue
            return Pattern(label, is_heading=label is Label.COMMENT)
    return None


def _starts_with(text: str, start: str) -> bool:
    """Return whether a line begins with a phrase, at a word's end where words have ends."""
    if not text.startswith(start):
        return False
    last, following = start[-1], text[len(start) : len(start) + 1]
    return not (last.isalpha() and following.isalnum()) or last > "\u2fff"


def _match_part(folded: str, block: Block, parts: Parts | None) -> Pattern | None:
    if block.words > _MAX_PART_WORDS:
        return None
    for part, label in find_parts(folded) if parts is None else parts:
        is_prose = label in _RELATED_LABELS and (block.is_terminated or block.words > _MAX_SHARE_WORDS)
        if part in folded and not is_prose:
            return Pattern(label, is_heading=label is Label.COMMENT)
    return None


def _match_share(block: Block) -> Pattern | None:
    """Return a share pattern for a line made of nothing but networks' names and sharing words."""
    if block.words > _MAX_SHARE_WORDS or block.is_terminated:
        return None
    words = _WORD.findall(block.folded)
    if not words or not all(
        word in PHRASES.words["networks"] or word in PHRASES.words["sharing"] or word.isdecimal() for word in words
    ):
        return None
    networks = any(word in PHRASES.words["networks"] for word in words)
    if not networks:
        return None
    return Pattern(Label.SHARE, is_sure=len(words) > 1)


def _match_menu(block: Block) -> Pattern | None:
    """Return a menu pattern for short entries in a row, set apart by bars, arrows or dots."""
    if block.is_terminated:
        return None
    entries = [entry for entry in _ENTRY_BREAK.split(block.text) if entry]
    if len(entries) < _MIN_MENU_ENTRIES or any(len(_WORD.findall(entry)) > _MAX_ENTRY_WORDS for entry in entries):
        return None
    return Pattern(Label.MENU, is_sure=False)
