"""From a file's text to blocks: the lines as they stand, and hard-wrapped lines joined to paragraphs again.

A text counts as hard-wrapped only when its lines are full by one width and break in the middle of sentences; then a
line joins the one before it when its first word would not have fitted there.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.articles.cleaning.blocks import Block
from bot.articles.cleaning.furniture import is_furniture
from bot.articles.cleaning.phrases import PHRASES
from bot.text.lazy import compile_later
from bot.text.normalizing import normalize

# Hard-wrapped text is between 60 and 100 columns wide in mail, wires and terminals; a Han character takes two.
_MIN_WIDTH = 60
_MAX_WIDTH = 100
_MIN_HAN_WIDTH = 24
# How far under the width a full line may end: the longest common words.
_SLACK = 16
_HAN_SLACK = 3
# Fewer full lines than this prove nothing; at least this share of the long lines must be full.
_MIN_FULL_LINES = 3
_MIN_FULL_SHARE = 0.6
# In unwrapped text most lines end a sentence; in wrapped text few full lines do.
_MAX_ENDED_SHARE = 0.45
# Lines looked at to learn the width: enough for a book, and bounded for a file of millions of lines.
_SAMPLED_LINES = 4_000
# Two of three gaps blank means that a blank line stands after every line, not after every paragraph.
_DOUBLE_SPACED_SHARE = 0.9

_UNSPACED_CHAR = compile_later(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uff65\u3000-\u303f\u0e01-\u0eff]")
_ENDED = compile_later(r"[.!?。！？…؟۔।։:]['\"”’»)\]」』）]*$")
_BULLET = compile_later(r"(?:[•‣▪●◦·∙■□▶►▲△◆◇※*–—-]\s|[•‣▪●◦■▶►◆]|\(?\d{1,2}[.)]\s)")
_HYPHENATED = compile_later(r"([^\W\d_]+)-$")
# No line of its own begins with one of these.
_CLOSING = "。！？、，」』）.,;:!?)"
_FIRST_WORD = compile_later(r"[^\W_]+(?:-[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A non-blank line of the file: its number from 1 and its visible text (empty if all of it was hidden)."""

    number: int
    text: str
    after_blank: bool


def read_lines(text: str) -> list[SourceLine]:
    """Return the non-blank lines in order, normalised, each with single blanks; lines are those of `splitlines`."""
    raw_lines = text.splitlines()
    shown_lines = normalize(text).split("\n")
    if len(shown_lines) < len(raw_lines) or any(shown_lines[len(raw_lines) :]):
        shown_lines = [normalize(raw).replace("\n", " ") for raw in raw_lines]
    lines: list[SourceLine] = []
    after_blank = False
    for number, (raw, shown) in enumerate(zip(raw_lines, shown_lines, strict=False), start=1):
        if not raw or raw.isspace():
            after_blank = True
            continue
        lines.append(SourceLine(number, _with_single_blanks(shown), after_blank))
        after_blank = False
    return lines


def join_wrapped(lines: list[SourceLine]) -> list[Block]:
    """Return the blocks of the visible lines, in order; one line is one block unless the text is hard-wrapped."""
    visible = [line for line in lines if line.text]
    wrap = _measure_wrap(visible)
    if wrap is None:
        return [Block(line.number, line.number, line.text) for line in visible]
    return [_block_of(group, wrap) for group in _group(visible, wrap)]


def _with_single_blanks(shown: str) -> str:
    """Return a normalised line, whose only blanks are spaces, without those at its ends or beside another."""
    if "  " in shown or shown[:1] == " " or shown[-1:] == " ":
        return " ".join(shown.split())
    return shown


@dataclass(frozen=True, slots=True)
class _Wrap:
    width: int
    slack: int
    ignores_blank: bool
    words: frozenset[str]


def _measure_wrap(lines: list[SourceLine]) -> _Wrap | None:
    sample = [line for line in lines[:_SAMPLED_LINES] if " " in line.text or _UNSPACED_CHAR.search(line.text[:1])]
    if not sample or len(lines) < _MIN_FULL_LINES + 1:
        return None
    width = max(len(line.text) for line in sample)
    if width > _MAX_WIDTH:
        return None
    unspaced = sum(_is_unspaced(line.text) for line in sample) * 2 > len(sample)
    low, slack = (_MIN_HAN_WIDTH, _HAN_SLACK) if unspaced else (_MIN_WIDTH, _SLACK)
    if width < low:
        return None
    blank_gaps = sum(line.after_blank for line in lines[1:])
    ignores_blank = blank_gaps >= _DOUBLE_SPACED_SHARE * (len(lines) - 1)
    inner = [line.text for line, following in itertools.pairwise(sample) if ignores_blank or not following.after_blank]
    long_lines = [text for text in inner if len(text) * 2 > width]
    full = [text for text in long_lines if len(text) >= width - slack]
    if len(full) < _MIN_FULL_LINES or len(full) < _MIN_FULL_SHARE * len(long_lines):
        return None
    if sum(_ENDED.search(text[-8:]) is not None for text in full) > _MAX_ENDED_SHARE * len(full):
        return None
    words = frozenset(word.lower() for text in _without_break_words(sample) for word in _FIRST_WORD.findall(text))
    return _Wrap(width, slack, ignores_blank, words)


def _without_break_words(lines: list[SourceLine]) -> Iterator[str]:
    """Yield the lines without the halves of words that a hyphen at a line's end may have cut in two."""
    follows_break = False
    for line in lines:
        text = line.text.partition(" ")[2] if follows_break else line.text
        follows_break = text.endswith("-")
        yield text.rpartition(" ")[0] if follows_break else text


def _is_unspaced(text: str) -> bool:
    return not text.isascii() and len(_UNSPACED_CHAR.findall(text)) * 2 > len(text)


def _group(lines: list[SourceLine], wrap: _Wrap) -> Iterator[list[SourceLine]]:
    group: list[SourceLine] = []
    for position, line in enumerate(lines):
        following = lines[position + 1] if position + 1 < len(lines) else None
        if group and not _continues(group, line, following, wrap):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _continues(group: list[SourceLine], line: SourceLine, following: SourceLine | None, wrap: _Wrap) -> bool:
    previous = group[-1].text
    if line.after_blank and not wrap.ignores_blank:
        return False
    goes_on = (line.text[:1].islower() or line.text[0] in _CLOSING) and _ENDED.search(previous[-8:]) is None
    if _BULLET.match(line.text) or (not goes_on and is_furniture(line.text)):
        return False
    if len(group) == 1 and not goes_on and is_furniture(previous):
        return False
    unspaced = _is_unspaced(previous)
    if unspaced:
        return len(previous) >= wrap.width - wrap.slack
    ended = _ENDED.search(previous[-8:]) is not None
    first_word = line.text.split(" ", 1)[0]
    glue = 0 if previous.endswith(("-", "—")) else 1
    no_room = len(previous) + glue + len(_breakable(first_word)) > wrap.width - 1
    if no_room:
        return not (ended and _stands_alone(line, following, wrap))
    mid_sentence = not ended and line.text[:1].islower() and len(previous) >= wrap.width - wrap.slack
    return mid_sentence


def _breakable(word: str) -> str:
    """Return the part of a word that would have had to fit: up to its first hyphen or dash."""
    found = re.match(r"[^—-]+(?:-(?=[^\W\d_])|—)?", word)
    return found.group() if found else word


def _stands_alone(line: SourceLine, following: SourceLine | None, wrap: _Wrap) -> bool:
    """Return whether a line after a finished one is a heading: short, unfinished, with nothing going on after it."""
    if len(line.text) >= wrap.width - wrap.slack or following is None or line.text[0] in "([":
        return False
    ends_as_sentence = _ENDED.search(line.text[-8:]) is not None and not line.text.endswith("?")
    return not ends_as_sentence and not following.text[:1].islower()


def _block_of(group: list[SourceLine], wrap: _Wrap) -> Block:
    pieces = [group[0].text]
    for line in group[1:]:
        previous = pieces[-1]
        pieces[-1] = _without_break_hyphen(previous, line.text, wrap.words)
        pieces.append(_gap(previous, line.text) + line.text)
    return Block(group[0].number, group[-1].number, "".join(pieces))


def _gap(previous: str, text: str) -> str:
    if previous.endswith(("-", "—")) and previous[-2:-1].isalnum():
        return ""
    both_unspaced = _UNSPACED_CHAR.match(text[:1]) and _UNSPACED_CHAR.match(previous[-1:])
    return "" if both_unspaced else " "


def _without_break_hyphen(previous: str, text: str, words: frozenset[str]) -> str:
    """Return the line without the hyphen its break put there; a compound's own hyphen stays."""
    cut = _HYPHENATED.search(previous[-40:])
    following = _FIRST_WORD.match(text)
    if cut is None or following is None or not text[:1].islower():
        return previous
    first, second = cut.group(1).lower(), following.group().lower()
    if first + second in words:
        return previous[:-1]
    if (
        f"{first}-{second}" in words
        or first in PHRASES.words["compound beginnings"]
        or (first in words and second in words)
    ):
        return previous
    return previous[:-1]
