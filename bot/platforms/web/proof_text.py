"""Cuts an article's text into paragraphs of sentences, so that each sentence can be lit up by itself. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model import Article, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text; `sentence` is its index when it is one, else None (what stands between sentences)."""

    text: str
    sentence: int | None = None


def paragraphs_of(article: Article) -> list[list[Piece]]:
    """Return the article's body as paragraphs of pieces; put together they are the body."""
    pieces = _pieces_of(article)
    paragraphs: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.sentence is None and "\n\n" in piece.text:
            before, *rest = piece.text.split("\n\n")
            paragraphs[-1].extend([Piece(text=before)] if before else [])
            paragraphs.extend([Piece(text=text)] if text else [] for text in rest)
        else:
            paragraphs[-1].append(piece)
    return [paragraph for paragraph in paragraphs if any(piece.text.strip() for piece in paragraph)]


def cited_by(summary: Summary | None) -> dict[int, list[int]]:
    """Return which bullets, counted from 1, rest on each sentence, by its index."""
    found: dict[int, list[int]] = {}
    for number, bullet in enumerate(summary.bullets if summary else (), start=1):
        for index in bullet.sentences:
            found.setdefault(index, []).append(number)
    return found


def _pieces_of(article: Article) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for sentence in sorted(article.sentences, key=lambda one: one.start):
        if sentence.start < at:
            continue
        if sentence.start > at:
            pieces.append(Piece(text=article.body[at : sentence.start]))
        pieces.append(Piece(text=article.body[sentence.start : sentence.end], sentence=sentence.index))
        at = sentence.end
    if at < len(article.body):
        pieces.append(Piece(text=article.body[at:]))
    return pieces
