"""The headline of a summary: the article's own title, or a short label cut from its lead by deletion only.

A label ends where its sentence ends or at a border before which it reads complete; where there is none within its
length it ends in "…", so that nobody takes it for the whole.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from bot.summaries.clauses import is_balanced
from bot.summaries.compression import compress_sentence, cut_to_fit
from bot.summaries.lexicon import SURE_SAY
from bot.summaries.openings import is_furniture
from bot.summaries.reference import points_backwards
from bot.summaries.statements import (
    ends_loosely,
    ends_unfinished,
    has_verb,
    is_fragment,
    splits_comparison,
    stands_as_statement,
    strip_loose_end,
)
from bot.text.lazy import compile_later
from bot.text.words import count_words

MAX_LEADS = 5  # sentences at the head of the article that may give the headline
HEADLINE_WORDS = 15  # towards which a lead is shortened
MAX_HEADLINE_WORDS = 16  # a derived headline is not longer
MIN_HEADLINE_WORDS = 5
MIN_LAST_WORDS = 4  # after the last comma of a headline, unless they hold a verb
MIN_CUT_WORDS = 8  # of a headline that ends in "…"

_PHRASE = compile_later(
    r"(?:\s?,)?\s+(?="
    r"(?P<word>in|on|at|for|from|after|before|because|as|while|amid|during|near|that|which|who|where|when|with|by|into|over|"
    r"against|through|since|until|following|despite|without|under)\s"
    r"|(?<=,\s)(?P<apposed>an?|the|but|\w+ing)\s"
    r"|(?P<joined>and\s+(?:also\s+)?(?:has|have|had|is|are|was|were|will|\w+)\s+(?:an?|the|his|her|its|their)\s))"
)
_NEEDED_BY_VERBS = frozenset(
    ("on", "for", "from", "that", "which", "who", "with", "as", "into", "over", "against", "through")
)
_CLAUSE_WORDS = frozenset(("after", "before", "because", "as", "while", "that", "which", "who", "where", "when"))
_LAST_WORD_IS_VERB = compile_later(r"(?:\bto\s+be\s+\w+|\w{3,}(?:ed|ing))$", re.IGNORECASE)
_BEGINNING = frozenset(
    (
        *("they", "he", "she", "it", "we", "i", "you", "how", "why", "what", "if", "whether", "because"),
        *("after", "before", "while", "although", "up", "down", "out", "off"),
    )
)
_PARTICIPLE_END = compile_later(  # "the church attended", "the first vote held", but not "the church was attended"
    r"(?<!\bis)(?<!\bare)(?<!\bwas)(?<!\bwere)(?<!\bbeen)(?<!ly)\s(?:\w{3,}(?:ed|ing)|held|made|taken|given|found|kept|left|seen|"
    r"built|sold|known)$",
    re.IGNORECASE,
)
_INCOMPLETE_END = compile_later(r"\b(?:gone|put|set|had|made|become|went|came|got|puts?(?:\s\w+){1,3})$", re.IGNORECASE)
_PAIRED_BEFORE = compile_later(r"\b(?:between|both|either|from)\s[^,]*$", re.IGNORECASE)
_SURE_VERB = compile_later(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|do|does|did|said|says)\b", re.IGNORECASE
)
_REGULAR_VERB = compile_later(r"\b\w{3,}ed\b", re.IGNORECASE)
_FINAL_MARKS = " .。;,:"


def derive_headline(leads: Sequence[str], language: str = "en") -> str:
    """A label in the words of the first of `leads` that stands alone, else of the first; empty without any."""
    reporting = (lead for lead in leads[:MAX_LEADS] if _can_stand(lead, language))
    for lead in itertools.chain(reporting, leads[:MAX_LEADS]):
        short = compress_sentence(lead, language=language, target_words=HEADLINE_WORDS).text
        label = short if count_words(short) <= MAX_HEADLINE_WORDS else _end_early(short, language)
        is_cut = label.endswith(("…", "..."))
        label = label.rstrip(_FINAL_MARKS + "…")
        if label:
            return f"{_strip_waiting(label) or label}…" if is_cut else label
    return ""


def _can_stand(lead: str, language: str) -> bool:
    """Whether the sentence neither asks, nor points backwards, nor is a piece of one."""
    if "?" in lead or is_furniture(lead) or points_backwards(lead, language):
        return False
    return language != "en" or not (is_fragment(lead) or ends_unfinished(lead))


def _end_early(text: str, language: str) -> str:
    """The beginning up to a border before which the text reads complete, or up to a word, and then with "…"."""
    if language != "en":
        return cut_to_fit(text, HEADLINE_WORDS).rstrip(_FINAL_MARKS) + "…"
    for match in reversed(list(_PHRASE.finditer(text))):
        head = text[: match.start()]
        if MIN_HEADLINE_WORDS <= count_words(head) <= MAX_HEADLINE_WORDS and _reads_complete(head, match):
            return head
    ends = [match.end() for match in re.finditer(r"\S+", text)][MIN_CUT_WORDS:MAX_HEADLINE_WORDS]
    for end in reversed(ends):
        head = _strip_waiting(text[:end]).rstrip(_FINAL_MARKS)
        if count_words(head) <= MAX_HEADLINE_WORDS and is_balanced(head):
            return head + "…"
    return cut_to_fit(text, HEADLINE_WORDS).rstrip(_FINAL_MARKS) + "…"


def _reads_complete(head: str, border: re.Match[str]) -> bool:
    """Whether the text before the border is a statement that waits for nothing after it."""
    word = border["word"] or border["apposed"] or "and"
    tail = border.string[border.end() :]
    if ends_unfinished(head) or not stands_as_statement(head) or splits_comparison(head, tail):
        return False
    if word in _NEEDED_BY_VERBS and _LAST_WORD_IS_VERB.search(head):
        return False
    if _PARTICIPLE_END.search(head) or _INCOMPLETE_END.search(head):
        return False
    if re.search(r"\bto\s+be\s+\w+$", head) or (word == "and" and _PAIRED_BEFORE.search(head)):
        return False
    last = head[head.rfind(",") + 1 :].split()
    if "," in head and len(last) < MIN_LAST_WORDS and not has_verb(" ".join(last)):
        return False
    return not _waits_for_report(head) and not _waits_for_verb(head, tail, word)


def _strip_waiting(head: str) -> str:
    """The text without words at its end that begin something new."""
    stripped = strip_loose_end(head)
    while (words := stripped.split()) and (words[-1].lower() in _BEGINNING or ends_loosely(stripped)):
        stripped = strip_loose_end(stripped[: stripped.rindex(words[-1])]).rstrip(" ,")
    return stripped


def _waits_for_report(head: str) -> bool:
    """Whether what somebody says has begun without a verb yet ("She said her struggle to win")."""
    words = head.split()
    said = [position for position, word in enumerate(words) if word.lower() in SURE_SAY]
    return bool(said) and not has_verb(" ".join(words[said[-1] + 1 :]))


def _waits_for_verb(head: str, tail: str, word: str) -> bool:
    """Whether the only verb so far may be a participle, and a sure one is yet to come ("A man accused of ... has")."""
    if _SURE_VERB.search(head) or not _REGULAR_VERB.search(head):
        return False
    return len(_SURE_VERB.findall(tail)) > (word in _CLAUSE_WORDS)
