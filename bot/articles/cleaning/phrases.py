"""The phrases of `phrases.txt`: what pages say around an article, in the languages of the news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.articles.cleaning.blocks import Label

_FILE = Path(__file__).with_name("phrases.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The sections of the file; `starts` are (beginning, label, most words of the line), by first two characters.

    `openings` are the beginnings alone. Every part contains one of `part_signs` (`plain_part_signs`: every part in
    ASCII): a line without any has no part in it. `longest_whole` counts the characters of whole lines, weak ones too.
    """

    whole: dict[str, Label]
    longest_whole: int
    starts: dict[str, tuple[tuple[str, Label, int], ...]]
    openings: dict[str, tuple[str, ...]]
    parts: tuple[tuple[str, Label], ...]
    part_signs: tuple[str, ...]
    plain_part_signs: tuple[str, ...]
    weak: frozenset[str]
    inline: frozenset[str]
    ending: frozenset[str]
    words: dict[str, frozenset[str]]


def read_phrases(path: Path = _FILE) -> Phrases:
    """Return the phrases of a file in the form that `phrases.txt` explains."""
    sections = _split_sections(path.read_text(encoding="utf-8"))
    whole: dict[str, Label] = {}
    starts: dict[str, list[tuple[str, Label, int]]] = {}
    parts: list[tuple[str, Label]] = []
    words: dict[str, frozenset[str]] = {}
    for name, body in sections:
        kind, _, about = name.partition(" ")
        if kind == "whole":
            whole.update(dict.fromkeys(_phrases(body), Label(about)))
        elif kind == "start":
            name_of_label, _, bound = about.partition(", ")
            label, most_words = Label(name_of_label), int(bound.split()[0])
            for start in _phrases(body):
                starts.setdefault(start[:2], []).append((start, label, most_words))
        elif kind == "words":
            words[about] = frozenset(body.split())
        elif kind == "part":
            parts.extend((part, Label(about)) for part in _phrases(body))
    plain = {name: body for name, body in sections if " " not in name}
    weak = frozenset(_phrases(plain["weak"]))
    return Phrases(
        whole=whole,
        longest_whole=max(map(len, (*whole, *weak))),
        starts={head: tuple(entries) for head, entries in starts.items()},
        openings={head: tuple(start for start, _, _ in entries) for head, entries in starts.items()},
        parts=tuple(parts),
        part_signs=_signs(part for part, _ in parts),
        plain_part_signs=_signs(part for part, _ in parts if part.isascii()),
        weak=weak,
        inline=frozenset(_phrases(plain["inline"])),
        ending=frozenset(_phrases(plain["ending"])),
        words=words,
    )


def _split_sections(text: str) -> list[tuple[str, str]]:
    sections: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            sections.append((line[1:-1], []))
        elif sections:
            sections[-1][1].append(line)
    return [(name, " ".join(lines)) for name, lines in sections]


def _phrases(body: str) -> list[str]:
    return [stripped for phrase in body.split(";") if (stripped := phrase.strip())]


def _signs(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the longest word of each part, without words that contain another one."""
    longest = sorted({max(part.split(), key=len) for part in parts}, key=len)
    signs: list[str] = []
    for word in longest:
        if not any(sign in word for sign in signs):
            signs.append(word)
    return tuple(signs)


PHRASES = read_phrases()
