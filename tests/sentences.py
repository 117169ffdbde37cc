"""The sentences of a text that a test wrote."""

from __future__ import annotations

from bot.model import Sentence
from bot.text.sentences import split_sentences


def sentences_of(body: str, language: str) -> tuple[Sentence, ...]:
    """Return the sentences of paragraphs that stand between empty lines, with their places in the whole."""
    sentences: list[Sentence] = []
    at = 0
    for number, paragraph in enumerate(body.split("\n\n")):
        start = body.index(paragraph, at)
        for begin, end in split_sentences(paragraph, language):
            sentences.append(
                Sentence(
                    index=len(sentences),
                    text=paragraph[begin:end],
                    start=start + begin,
                    end=start + end,
                    paragraph=number,
                )
            )
        at = start + len(paragraph)
    return tuple(sentences)
