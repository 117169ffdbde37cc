"""What the peers need to run without downloads: sumy's tokenizer over NLTK's own rules."""

from __future__ import annotations

import re
from typing import Any


class NltkTokenizer:
    """What sumy's `Tokenizer("english")` does, with NLTK's untrained Punkt in place of the model it would download."""

    def __init__(self) -> None:
        from nltk.tokenize import NLTKWordTokenizer
        from nltk.tokenize.punkt import PunktSentenceTokenizer

        self._sentences: Any = PunktSentenceTokenizer()
        self._words: Any = NLTKWordTokenizer()
        self._is_word = re.compile(r"^[^\W\d_](?:[^\W\d_]|['-])*$")

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        """Return the sentences of a paragraph."""
        return tuple(sentence.strip() for sentence in self._sentences.tokenize(paragraph))

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Return the words of a sentence; NLTK's `word_tokenize` splits it into sentences once more."""
        words = (word for part in self._sentences.tokenize(sentence) for word in self._words.tokenize(part))
        return tuple(word for word in words if self._is_word.match(word))
