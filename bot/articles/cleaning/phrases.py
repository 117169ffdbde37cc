"""The phrases of `phrases.txt`: what pages say around an article, in the languages of the news."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.articles.cleaning.blocks import Label

_FILE = Path(__file__).with_name("phrases.txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The sections of the file; `starts` are (beginning, label, most words of the line), by first two characters."""

    whole: dict[str, Label]
    starts: dict[str, tuple[tuple[str, Label, int], ...]]
    parts: tuple[tuple[str, Label], ...]
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
            label, _, bound = about.partition(", ")
            for start in _phrases(body):
                starts.setdefault(start[:2], []).append((start, Label(label), int(bound.split()[0])))
        elif kind == "words":
            words[about] = frozenset(body.split())
        elif kind == "part":
            parts.extend((part, Label(about)) for part in _phrases(body))
    plain = {name: body for name, body in sections if " " not in name}
    return Phrases(
        whole=whole,
        starts={head: tuple(entries) for head, entries in starts.items()},
        parts=tuple(parts),
        weak=frozenset(_phrases(plain["weak"])),
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
    return [" ".join(phrase.split()) for phrase in body.split(";") if phrase.strip()]


PHRASES = read_phrases()
