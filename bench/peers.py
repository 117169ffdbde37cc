"""What the peers need to run without downloads: sumy's tokenizer over plain rules."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'“‘(]?[A-Z0-9])")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


class SplitTokenizer:
    """Stands in for sumy's NLTK tokenizer, which loads its model from the network."""

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        """Return the sentences of a paragraph."""
        return tuple(part.strip() for part in _SENTENCE_END.split(paragraph.replace("\n", " ")) if part.strip())

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the words of a sentence."""
        return tuple(_WORD.findall(sentence))
