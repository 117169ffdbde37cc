"""The headline of a summary: the article's own title, or a short label cut from its lead by deletion only."""

from __future__ import annotations

from collections.abc import Sequence

from bot.summaries.compression import compress_sentence, cut_to_fit
from bot.summaries.reference import points_backwards
from bot.text.words import count_words

MAX_LEADS = 5  # sentences at the head of the article that may give the headline
HEADLINE_WORDS = 14  # a derived headline is not longer
_FINAL_MARKS = " .。;,:"


def derive_headline(leads: Sequence[str], language: str = "en") -> str:
    """A label from the first of `leads` that stands alone (else the first), the source's words only; empty without any."""
    reporting = [lead for lead in leads[:MAX_LEADS] if "?" not in lead and not points_backwards(lead, language)]
    for lead in (*reporting, *leads[:MAX_LEADS]):
        short = compress_sentence(lead, language=language, target_words=HEADLINE_WORDS).text
        if count_words(short) > HEADLINE_WORDS:
            short = cut_to_fit(short, HEADLINE_WORDS)
        label = short.rstrip(_FINAL_MARKS)
        if label:
            return label
    return ""
