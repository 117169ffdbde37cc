"""The headline of a summary: the article's own title, or a short label cut from its lead by deletion only."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.summaries.compression import compress_sentence, cut_to_fit
from bot.summaries.reference import points_backwards
from bot.summaries.statements import stands_as_statement, strip_loose_end
from bot.text.words import count_words

MAX_LEADS = 5  # sentences at the head of the article that may give the headline
HEADLINE_WORDS = 15  # a derived headline is not longer
MIN_HEADLINE_WORDS = 5
_PHRASE = re.compile(
    r",?\s+(?=(?:in|on|at|for|from|after|before|because|as|while|amid|during|near|that|which|who|where|when|with)\s)"
)
_FINAL_MARKS = " .。;,:"


def derive_headline(leads: Sequence[str], language: str = "en") -> str:
    """A label in the words of the first of `leads` that stands alone, else of the first; empty without any."""
    reporting = [lead for lead in leads[:MAX_LEADS] if "?" not in lead and not points_backwards(lead, language)]
    for lead in (*reporting, *leads[:MAX_LEADS]):
        short = compress_sentence(lead, language=language, target_words=HEADLINE_WORDS).text
        if count_words(short) > HEADLINE_WORDS:
            short = _cut_before_phrase(short) or strip_loose_end(cut_to_fit(short, HEADLINE_WORDS))
        label = short.rstrip(_FINAL_MARKS)
        if label:
            return label
    return ""


def _cut_before_phrase(text: str) -> str:
    """The beginning up to the last phrase border within `HEADLINE_WORDS` that leaves a statement, or nothing."""
    for match in reversed(list(_PHRASE.finditer(text))):
        head = text[: match.start()]
        if MIN_HEADLINE_WORDS <= count_words(head) <= HEADLINE_WORDS and stands_as_statement(head):
            return head
    return ""
