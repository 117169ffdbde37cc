"""Makes an answer of its evidence: the cited window of sentences, the bold span, and on whose word it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.answers.candidates import Candidate
from bot.answers.evidence import Evidence
from bot.answers.questions import Question
from bot.answers.speakers import whose_word
from bot.messages.wording import day_of
from bot.model import Article, Citation
from bot.text.cues import find_hedges, find_negations
from bot.text.dates import find_dates

WINDOW_SENTENCES: Final = 3
"""Sentences of an answer at most: what it takes to understand one, and no page."""
MAX_WINDOW_CHARS: Final = 1_200

_LEANING = re.compile(
    r"^[\"“'‘]?(?:he|she|it|they|this|that|these|those|his|her|their|its|such|the\s(?:two|move|decision|report|plan|visit|man|woman"
    r"|analyst|spokesperson|official|group|company|annual|latter|former)|but|and|however|meanwhile|also|in\s(?:return|addition))\b",
    re.IGNORECASE,
)
# Cues of doubt that leave the sentence itself a plain statement.
_NO_DOUBT = frozenset({"if", "consider", "considers", "considered", "considering", "potential", "possible", "could"})
_CORRECTING = re.compile(
    r"^(?:neither|but|however|no\s|none|it\sis\sunclear|there\s(?:was|has\sbeen)\sno)\b", re.IGNORECASE
)
_CLAIMING = re.compile(
    r"\b(?:estimat(?:e|es|ed)|reportedly|reports?\s(?:indicate|suggest|say)|according\sto|claim(?:s|ed)?|alleg(?:es|ed)|believed"
    r"|suspect(?:s|ed)?|predict(?:s|ed)?|expect(?:s|ed)?|unconfirmed|rumou?red|said\sto)\b|추정|알려졌|전해졌|据称|とみられ",
    re.IGNORECASE,
)

# How a sentence may begin and nothing else does.
_FIRST_WORD = re.compile(r"^(?:A|An|The|Some|Several|Recent|Many)\s")


def window_of(evidence: Evidence) -> tuple[int, ...]:
    """Return the sentences to show: the answer's, the one it leans on, and one that takes it back."""
    article, index = evidence.article, evidence.index
    sentences = article.sentences
    shown = [index]
    leaned = index
    while leaned > 0 and len(shown) < WINDOW_SENTENCES and _leans(article, leaned):
        leaned -= 1
        shown.insert(0, leaned)
    following = index + 1
    if len(shown) < WINDOW_SENTENCES and following < len(sentences) and is_claim(evidence):
        text = sentences[following].text
        if _CORRECTING.match(text) and find_negations(text):
            shown.append(following)
    while len(shown) > 1 and sum(len(sentences[one].text) for one in shown) > MAX_WINDOW_CHARS:
        shown.remove(shown[0] if shown[0] != index else shown[-1])
    return tuple(shown)


def text_of(article: Article, window: Sequence[int]) -> str:
    """Return the sentences of a window as one text."""
    return " ".join(" ".join(article.sentences[index].text.split()) for index in window)


def bold_span(text: str, candidate: Candidate) -> tuple[int, int] | None:
    """Return where the answer itself stands in the text."""
    wanted = " ".join(candidate.text.split())
    start = text.find(wanted)
    return (start, start + len(wanted)) if start >= 0 else None


def is_claim(evidence: Evidence) -> bool:
    """Return whether the evidence is somebody's word or an estimate, not a plain statement."""
    text = evidence.sentence.text
    return _CLAIMING.search(text) is not None or bool(_real_hedges(text)) or bool(whose_word(text))


def caveat_of(question: Question, evidence: Evidence) -> str | None:
    """Return on whose word and as of when the answer holds, and which day is meant; None when none of it is open."""
    said = [part for part in (_standing_of(question, evidence), _day_meant(question, evidence)) if part]
    return "; ".join(said) or None


def _day_meant(question: Question, evidence: Evidence) -> str | None:
    """Return the day that "on Thursday" or "yesterday" is, counted from the day of publication."""
    if question.kind != "when" or not evidence.candidates or evidence.article.published_at is None:
        return None
    told, article = evidence.candidates[0], evidence.article
    if any(char.isdigit() for char in told.text):
        return None
    text = evidence.sentence.text
    for span in find_dates(text, published_at=article.published_at, language=article.language):
        if span.start < told.end and told.start < span.end and span.period and span.period.first == span.period.last:
            return f"{told.text} is {day_of(span.period.first)}, counted from the day of publication"
    return None


def _standing_of(question: Question, evidence: Evidence) -> str | None:
    """Return on whose word and as of when the answer holds, when it is a claim; None for a plain statement."""
    article = evidence.article
    text = evidence.sentence.text
    # "..., said Ada Marl, a painter": who she is rests on the article, not on her word.
    who = "" if question.kind == "identity" else whose_word(text)
    hedged = _CLAIMING.search(text) is not None or bool(_real_hedges(text))
    if not who and not hedged and not _ages(question):
        return None
    moment = f"as of {day_of(article.published_at)}" if article.published_at else "in an article without a date"
    if who:
        return f"{moment}, according to {_FIRST_WORD.sub(lambda word: word[0].lower(), who)}"
    source = article.source or article.title or article.path
    return f"{moment}, as {source} reports it, not as a fact" if hedged else moment


def citation_of(article: Article, sentences: Sequence[int], quote: str, *, marker: int) -> Citation:
    """Return the citation of these sentences of an article."""
    return Citation(
        marker=str(marker),
        article_id=article.id,
        seq=article.ingested_seq,
        path=article.path,
        title=article.title or "",
        sentences=tuple(sentences),
        quote=quote,
        source=article.source,
        published_at=article.published_at,
    )


def _leans(article: Article, index: int) -> bool:
    """Return whether a sentence can't be understood without the one before, of its own or the paragraph before."""
    return _LEANING.match(article.sentences[index].text) is not None


def _real_hedges(text: str) -> list[str]:
    """Return the words that hedge; the month of May is none, nor is a condition ("if") or an ability ("could")."""
    return [cue.text for cue in find_hedges(text) if cue.text != "May" and cue.text.casefold() not in _NO_DOUBT]


def _ages(question: Question) -> bool:
    """Return whether the answer may change with time ("so far", "now", "currently")."""
    return (
        re.search(r"\b(?:so\sfar|now|currently|to\sdate|yet|latest|still|today)\b", question.text, re.IGNORECASE)
        is not None
    )
