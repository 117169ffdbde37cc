"""Whether a date lies on the side of now that a question asks about."""

from __future__ import annotations

import re
from typing import Final

from bot.answers.deeds import places_of
from bot.answers.evidence import MAX_CHARS, Evidence
from bot.answers.questions import Question
from bot.text.dates.tense import tense_at
from bot.text.words import content_terms, terms

_WHEN_WILL: Final = re.compile(
    r"\b(?:when|what\s(?:day|date|year|time)|which\s(?:day|date|year))\s(?:will|is|are|does|do|might|may|could|would|shall)\b",
    re.IGNORECASE,
)


_TO_COME: Final = re.compile(r"\b(?:would|will|may|might|could|should|shall|to)\s(?:not\s)?(?P<deed>[a-z]+)\b")


def is_of_other_time(question: Question, evidence: Evidence) -> bool:
    """Return whether it is asked when something will be and the date is of something past, or the other way round."""
    if question.kind != "when" or not evidence.candidates:
        return False
    sentence = evidence.sentence.text[:MAX_CHARS]
    if not question.about_future:
        return question.about_past and _is_yet_to_be(question, sentence, evidence.article.language)
    date = evidence.candidates[0]
    english = evidence.article.language == "en"
    return (
        _WHEN_WILL.search(question.text) is not None
        and tense_at(sentence, date.start, date.end, english=english) == "past"
    )


def _is_yet_to_be(question: Question, sentence: str, language: str) -> bool:
    """Return whether the sentence tells of a deed that is asked about only as one to come ("would visit")."""
    if _TO_COME.search(question.text):
        return False
    asked = set(content_terms(question.words, language))
    for match in _TO_COME.finditer(sentence):
        deed = asked.intersection(terms(match["deed"], language)[:1])
        if deed and places_of(sentence, deed, language) == [match.start("deed")]:
            return True
    return False
