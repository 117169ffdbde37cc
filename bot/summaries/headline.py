"""The headline of a summary: the article's own title, or a short label cut from its lead by deletion only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.summaries.compression import compress_sentence, cut_to_fit
from bot.text.words import count_words

HEADLINE_WORDS = 14  # a derived headline is not longer
_FINAL_MARKS = " .。;,:"


def derive_headline(leads: Sequence[str], language: str = "en") -> str:
    """A label from the first of `leads` that gives one, the source's words only; empty when none does."""
    for lead in leads:
        short = compress_sentence(lead, language=language, target_words=HEADLINE_WORDS).text
        if count_words(short) > HEADLINE_WORDS:
            short = cut_to_fit(short, HEADLINE_WORDS)
        label = short.rstrip(_FINAL_MARKS)
        if label:
            return label
    return ""
