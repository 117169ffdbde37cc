"""Follow-up questions: what "he", "it", "either side" and "what about May?" carry over from the questions before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.answers.questions import Question, read_question
from bot.model import Answer
from bot.text.words import content_terms, tokens

FEW_TERMS: Final = 2
"""A question with no more content words than this hardly stands alone."""
CARRIED_QUESTIONS: Final = 3
"""Earlier questions that are looked at, the latest."""
MAX_CARRIED_CHARS: Final = 300

_POINTING = re.compile(
    r"\b(?:he|she|it|they|him|her|hers|them|his|their|theirs|its|there|then|that|this|those|these|both|either|neither|one"
    r"|the\s(?:two|former|latter|same|other|others))\b|그(?:는|가|의|녀|들|것|곳|때)|이들|그곳|그때|양측|他|她|它|彼|彼女|それ|そこ",
    re.IGNORECASE,
)
# Words that only point: they say nothing of what an answer holds.
_SIDES = re.compile(
    r"\b(?:(?:either|both|neither|the\stwo|each|the\sother)\s)?(?:sides?|parties|party|ones?|of\sthem)\b", re.IGNORECASE
)
_ALONE = re.compile(
    r"^\s*(?:and|but|so|what\sabout|how\sabout)\b|^\W*(?:why|when|where|who|how)\s*(?:not)?\s*\?*\s*$", re.IGNORECASE
)
_ASKING_WORD = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|many|much|did|does|do|is|are|was|were|has|have|had|will|would|can|could)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question with what it takes from the conversation.

    `near` is (article id, sentence) of the answer before, when the question goes on from there.
    """

    question: Question
    near: tuple[str, int] | None = None


def needs_context(text: str) -> bool:
    """Return whether a question points at something outside itself."""
    if _ALONE.search(text) or len(set(content_terms(text, "en"))) <= FEW_TERMS:
        return True
    pointing = _POINTING.search(text)
    if pointing is None:
        return False
    # "When Kim visited Russia, did he ...": the pronoun has its name inside the question, before it.
    return not any(name in text[: pointing.start()] for name in read_question(text).names)


def resolve(text: str, context: Sequence[str], before: Answer | None) -> Resolved:
    """Return the question as it is meant after these earlier questions and the answer to the last of them."""
    question = read_question(text)
    if not context or not needs_context(text):
        return Resolved(question=question)
    carried = _carried_words(text, context)
    subject = _subject_of(before)
    extra = " ".join(dict.fromkeys(part for part in (subject, *carried) if part))[:MAX_CARRIED_CHARS]
    names = (*question.names, *_carried_names(text, context))
    about = question.subject or (subject if question.kind == "identity" else "")
    full = replace(
        question, subject=about, words=_SIDES.sub(" ", question.words), carried=extra, names=tuple(dict.fromkeys(names))
    )
    return Resolved(question=full, near=_place_of(before))


def _carried_words(text: str, context: Sequence[str]) -> list[str]:
    """Return the words of the latest earlier question that stands alone, and the names of those before it."""
    held = {word.casefold() for word in re.findall(r"[\w’'-]+", text)}
    words: list[str] = []
    for earlier in reversed(context[-CARRIED_QUESTIONS:]):
        spoken = [token.text for token in tokens(_ASKING_WORD.sub(" ", read_question(earlier).words))]
        words.extend(word for word in spoken if word.casefold() not in held)
        if not needs_context(earlier):
            break
    return words


def _carried_names(text: str, context: Sequence[str]) -> list[str]:
    names: list[str] = []
    for earlier in reversed(context[-CARRIED_QUESTIONS:]):
        names.extend(name for name in read_question(earlier).names if name not in text)
        if not needs_context(earlier):
            break
    return names


def _subject_of(before: Answer | None) -> str:
    """Return the span that answered the question before: "he" may be whom that named."""
    if before is None or not before.grounded or before.bold is None:
        return ""
    return before.text[slice(*before.bold)]


def _place_of(before: Answer | None) -> tuple[str, int] | None:
    if before is None or not before.grounded or not before.citations:
        return None
    cited = before.citations[0]
    return cited.article_id, cited.sentences[0] if cited.sentences else 0
