"""What a found name is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name: `text[start:end]`.

    `certain` is false where the form alone does not tell: a lone capitalised word that opens a sentence, a shouted
    headline, a run of katakana.
    """

    text: str
    start: int
    end: int
    certain: bool = True
