"""Finds who says so: the phrase of a sentence that names its source, and whether it can be lifted out of the sentence.

A bullet shows its source in a field of its own, so that the statement stays short and the reader still sees that it is
somebody's claim. The phrase is copied from the sentence as it stands there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.summaries.clauses import Clause, is_balanced
from bot.summaries.lexicon import (
    AFTER_VERB,
    AMBIGUOUS_SAY,
    BEFORE_NOUN,
    DESCRIBING,
    NEEDS_SOURCE,
    NOT_A_SOURCE,
    PRONOUNS,
    RELATIVE,
    SAY,
    SURE_SAY,
)
from bot.summaries.statements import has_main_clause, has_verb
from bot.text.lazy import compile_later

MAX_SOURCE_WORDS = 12  # a longer stretch before the verb is a clause, not a name
MAX_TAIL_WORDS = 14  # of "on Monday in a statement to ..." after the verb
MAX_TOLD_WORDS = 6  # of "state media" after "told"
MAX_PHRASE_WORDS = 20  # a longer phrase tells more than who says so
MAX_KOREAN_SOURCE_CHARS = 60

_SENTENCE_WORDS = compile_later(
    r"^(?:is|are|was|were|be|been|has|have|had|will|would|can|could|may|might|must|do|does|did|when|who|which|that|whose|"
    r"where|after|before|amid|because|if|while|[a-z]{3,}ed|made|came|took|found|held|won|lost)$"
)
_ACCORDING = compile_later(r"\b(?:according\s+to|citing)\s+\S", re.IGNORECASE)
_TOLD_THAT = compile_later(r"(?:\s[\w’'.-]+){1,6}?(?=\sthat\s)")
_TOLD = compile_later(
    r"(?:\s(?:the|an?)(?=\s(?:[A-Z]|state\b|local\b|newspaper\b))|\s(?:[A-Z][\w.-]*(?:['’]s?)?|['’]s|reporters|journalists|police|"
    r"officers|investigators|lawmakers|parliament|state|local|media|television|radio|newspapers?|him|her|them|us|me)(?=[\s,]))+"
)
_CAPITALISED = compile_later(r"\b[A-Z][\w’'-]*")
_LEADING_MARKS = "\"'“‘’`« "
_AUXILIARIES = frozenset(
    ("is", "are", "was", "were", "been", "has", "have", "had", "will", "would", "can", "could", "may", "might", "must")
)
_NO_SPEAKER = frozenset(("next", "more", "less", "least", "nothing", "something", "no", "yes"))
_NEXT_WORD = compile_later(r"\s(?:(?:the|an?|his|her|its|their)\s)?[\w’'-]+")
_REPORTED = compile_later(r"\s*(?:that\b|:|,?\s?(?:[\"“'‘]|``))")
_QUOTE_MARKS = compile_later(r"[\"“”„«»「」『』]|``|''")
_TELL = frozenset(("told", "tells"))
_KOREAN_CITED = compile_later(
    rf"^(?P<source>[^.!?\"“”‘’]{{1,{MAX_KOREAN_SOURCE_CHARS}}}?에\s(?:따르면|의하면)),?\s+|^(?P<by>[^.!?,\"“”]{{1,40}}\s?측은?)\s"
)
_KOREAN_SPEAKER = compile_later(
    rf"^(?P<source>[^.!?,\"“”]{{1,{MAX_KOREAN_SOURCE_CHARS}}}?(?:은|는|이|가|측은|께서는))\s.*(?:라고|다고|라며|다며|고|도록)\s"
    r"(?:\S+\s)?(?P<verb>(?:말|밝|전|설명|주장|강조|덧붙|지적|발표|언급|반박|비판|경고|당부|답|예상|전망|평가|분석|보도|요구|촉구)"
    r"(?:했|혔|하|히|한|힌|였|여|인|이)[가-힣]{0,3})[.\s]*$"
)


@dataclass(frozen=True, slots=True)
class Attribution:
    """The phrase that names the source, `text[start:end]` of its sentence without marks; `cut_start`, `cut_end` is what
    goes when it is lifted out, empty (equal) when the sentence would not stand without it.

    `pronoun` is true when the source is only "he", "they", ...
    """

    text: str
    cut_start: int
    cut_end: int
    pronoun: bool = False

    @property
    def can_be_lifted(self) -> bool:
        """Whether the sentence stands without the phrase."""
        return self.cut_end > self.cut_start


def find_attribution(text: str, clauses: Sequence[Clause], language: str = "en") -> Attribution | None:
    """The attribution of an English or Korean sentence (first sentence-wide, then leading), or none."""
    if language == "ko":
        return _find_korean(text)
    if language != "en" or not clauses:
        return None
    leading = _leading_according(text, clauses)
    if leading:
        return leading
    for position in range(len(clauses) - 1, 0, -1):
        found = _parenthetic(text, clauses, position)
        if found:
            return found
    found = _trailing_according(text, clauses) or _introducing(text, clauses[0]) or _interrupted(text, clauses)
    if found is None and len(clauses) > 1 and clauses[0].words[:1] and clauses[0].words[0] in NOT_A_SOURCE:
        found = _introducing(text, clauses[1])  # "Despite ..., analysts suggest ..."
    return found


def _leading_according(text: str, clauses: Sequence[Clause]) -> Attribution | None:
    """The source of "According to X, ..."."""
    first = clauses[0]
    if len(clauses) < 2 or not _ACCORDING.match(first.text):
        return None
    last = 0
    while last + 2 < len(clauses) and _extends_source(clauses[last + 1]) and last < 2:
        last += 1
    phrase = text[first.start : clauses[last].end]
    following = clauses[last + 1]
    if _is_time(following) and last + 2 < len(clauses):
        following = clauses[last + 2]
        phrase = text[first.start : clauses[last + 1].end]
    return Attribution(phrase, first.start, following.start)


def _is_time(clause: Clause) -> bool:
    """Whether the clause is only a day ("Wednesday")."""
    return len(clause.words) <= 2 and clause.words[-1:] != [] and clause.words[-1].endswith("day")


def _parenthetic(text: str, clauses: Sequence[Clause], position: int) -> Attribution | None:
    """The source that clause `position` names: ", X said", ", analysts suggest,", ", said X, a professor"."""
    clause = clauses[position]
    words = clause.words
    if not clause.mark or not words:
        return None
    if _ACCORDING.match(clause.text) or _is_inverted(text, clauses, position):
        last = position
        while last + 1 < len(clauses) and _extends_source(clauses[last + 1]):
            last += 1
        pronoun = len(words) == 2 and words[1] in PRONOUNS
    elif _is_source_and_verb(words):
        last = position
        pronoun = words[0] in PRONOUNS
    else:
        return None
    phrase = text[clause.start : clauses[last].end].lstrip(_LEADING_MARKS)
    if not _ends_well(clauses, last):
        return Attribution(phrase, 0, 0, pronoun) if len(phrase.split()) <= MAX_PHRASE_WORDS else None
    if len(phrase.split()) > MAX_PHRASE_WORDS:
        return None
    statement = text[: clause.mark_start].rstrip(" ,")
    if (
        clause.mark == "quote"
        or _QUOTE_MARKS.search(statement[-2:])
        or _QUOTE_MARKS.match(statement)
        or not is_balanced(statement)
    ):
        return Attribution(phrase, 0, 0, pronoun)
    end = _mark_end(text, clauses[last + 1]) if last + 1 < len(clauses) else clauses[last].end
    return Attribution(phrase, clause.mark_start, end, pronoun)


def _is_inverted(text: str, clauses: Sequence[Clause], position: int) -> bool:
    """Whether the clause is "said X" after a statement; in "X, who ..., said Y" it is not."""
    clause = clauses[position]
    words = clause.words
    if words[0] not in SAY - _TELL or not 1 < len(words) <= MAX_SOURCE_WORDS or "that" in words:
        return False
    if words[1] in AFTER_VERB | NOT_A_SOURCE | _NO_SPEAKER or (words[1] in PRONOUNS and len(words) > 2):
        return False
    if has_verb(_CAPITALISED.sub("", clause.text.split(None, 1)[1])):
        return False
    quoted = clause.mark == "quote" or bool(_QUOTE_MARKS.search(text[: clause.mark_start]))
    return quoted or has_main_clause(clauses[:position])


def _mark_end(text: str, clause: Clause) -> int:
    """Where the mark before the clause ends, its white space not counted."""
    mark = text[clause.mark_start : clause.start]
    return clause.mark_start + len(mark.rstrip())


def _ends_well(clauses: Sequence[Clause], last: int) -> bool:
    """Whether what follows the phrase can follow the statement itself."""
    if last + 1 >= len(clauses):
        return True
    opening = clauses[last + 1].words[:1]
    return not opening or opening[0] not in NEEDS_SOURCE


def _is_source_and_verb(words: Sequence[str]) -> bool:
    """Whether this is "the council said on Friday": a short source, a verb of saying, then only time and place."""
    for index, word in enumerate(words[: MAX_SOURCE_WORDS + 1]):
        is_noun = word in AMBIGUOUS_SAY and index > 0 and words[index - 1] in BEFORE_NOUN
        is_noun = is_noun and (index + 1 < len(words) or words[index - 1] == "united")
        if word not in SAY or is_noun:
            continue
        if index == 0 or words[0] in NOT_A_SOURCE or words[0].endswith("ing"):
            return False
        rest = words[index + 1 :]
        if not _AUXILIARIES.isdisjoint(words[:index]) or not _AUXILIARIES.isdisjoint(rest):
            return False
        if word in _TELL:
            return 0 < len(rest) <= MAX_TOLD_WORDS and "that" not in rest
        return not rest or (rest[0] in AFTER_VERB and len(rest) <= MAX_TAIL_WORDS and "that" not in rest)
    return False


def _extends_source(clause: Clause) -> bool:
    """Whether the clause goes on describing the source ("a senior analyst at ...")."""
    words = clause.words
    return bool(words) and clause.mark == "comma" and words[0] in DESCRIBING and not SAY.intersection(words)


def _trailing_according(text: str, clauses: Sequence[Clause]) -> Attribution | None:
    """The phrase of "... according to X" at the end, without a comma before it."""
    last = clauses[-1]
    matches = list(_ACCORDING.finditer(last.text))
    if not matches or matches[-1].start() == 0:
        return None
    match = matches[-1]
    start = last.start + match.start()
    phrase = text[start : last.end]
    if _QUOTE_MARKS.search(phrase) or len(phrase.split()) > MAX_TAIL_WORDS:
        return Attribution(phrase, 0, 0)
    kept_end = last.start + len(last.text[: match.start()].rstrip())
    return Attribution(phrase, kept_end, last.end)


def _introducing(text: str, clause: Clause) -> Attribution | None:
    """The source of "X said that ...", "X said: ...", "X said Y": named, but the sentence keeps it."""
    first = clause.start
    previous = ""
    for index, word in enumerate(re.finditer(r"\S+", text[first : first + 240])):
        bare = word.group().strip(",;:").lower()
        if index > MAX_SOURCE_WORDS or (index == 0 and bare in NOT_A_SOURCE):
            return None
        if index > 0 and bare not in SAY and _SENTENCE_WORDS.match(bare):
            return None
        ambiguous = bare in AMBIGUOUS_SAY and previous in BEFORE_NOUN
        previous = bare
        sure = bare in SURE_SAY or _REPORTED.match(text, first + word.end())
        if bare in SAY and index > 0 and not ambiguous and sure:
            end = first + word.start() + len(word.group().rstrip(",;:"))
            told = _find_told(text, end) if bare in _TELL else None
            phrase = text[first : told.end() if told else end]
            opening = phrase.split()[0].lower()
            if _QUOTE_MARKS.search(phrase) or phrase.count(",") == 1:
                return None
            return Attribution(phrase, 0, 0, opening in PRONOUNS)
    return None


def _find_told(text: str, end: int) -> re.Match[str] | None:
    """Whom somebody told, from the end of the verb on: what stands before "that", else a name or one noun."""
    before_that = _TOLD_THAT.match(text, end)
    if before_that and not has_verb(before_that.group()):
        return before_that
    return _TOLD.match(text, end) or _NEXT_WORD.match(text, end)


def _interrupted(text: str, clauses: Sequence[Clause]) -> Attribution | None:
    """The source of "X, who ..., said Y": named with what describes it; the sentence keeps it."""
    for position, clause in enumerate(clauses[1:4], 1):
        if not clause.words or clause.mark != "comma" or clause.words[0] not in SURE_SAY - _TELL:
            continue
        first = clauses[0].words[:1]
        if len(clause.words) < 2 or not first or first[0] in NOT_A_SOURCE or not first[0].isalpha():
            return None
        if any(each.words[:1] and each.words[0] in NOT_A_SOURCE - RELATIVE for each in clauses[1:position]):
            return None
        phrase = text[clauses[0].start : clause.start + len(clause.text.split(None, 1)[0].rstrip(",;:"))]
        too_long = len(phrase.split()) > MAX_PHRASE_WORDS
        if too_long or _QUOTE_MARKS.search(phrase) or has_main_clause(clauses[:position]):
            return None
        return Attribution(phrase, 0, 0, clauses[0].words[0] in PRONOUNS)
    return None


def _find_korean(text: str) -> Attribution | None:
    """The source of "X에 따르면 ..." (can be lifted) or of "X는 ... 라고 밝혔다" (the sentence ends in its verb)."""
    cited = _KOREAN_CITED.match(text)
    if cited and cited["source"]:
        return Attribution(cited["source"], 0, cited.end())
    spoken = _KOREAN_SPEAKER.match(text[:600])
    if spoken:
        return Attribution(spoken["source"], 0, 0, spoken["source"] in ("그는", "그녀는", "이들은", "그들은"))
    return None
