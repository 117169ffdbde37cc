"""Shortens a sentence by deletion only: what is left are the source's own words in the source's order.

Always deleted: a dateline, a connective at the start ("However,"), page furniture glued to the sentence. Lifted into a
field of its own: the attribution. Deleted only while the sentence is over its budget, least harmful first: brackets,
appositions, relative clauses, participle and subordinate tails, an adverbial at the start. A span that holds a number,
a negation, a hedge or a condition is never deleted, and what is left must have a verb and balanced quotation marks.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.summaries.attribution import Attribution, find_attribution
from bot.summaries.clauses import Clause, is_balanced, split_clauses
from bot.text.cues import HEDGES, NEGATIONS
from bot.text.words import count_words

TARGET_WORDS = 22  # a sentence over this is shortened where that does no harm
MAX_WORDS = 32  # no bullet is longer
MIN_WORDS = 6  # a shortened sentence keeps at least this many
MAX_DELETIONS = 6
MAX_CHARS = 1500  # of a sentence that are worked on
_DATELINE_CHARS = 70  # a dateline ends within these first characters

_AGENCIES = r"AP|Reuters|CNN|AFP|UPI|Yonhap|Bloomberg|IANS|ANI|PTI|TASS|Xinhua|KUNA|EFE|DPA|dpa|BBC|NBC|CBS"
_DATELINES = (
    re.compile(rf"^(?:[^\W\d_][^()\n]{{0,45}}?[\s,]+)?\(\s?(?:{_AGENCIES})\s?\)\s*(?:[-—–_]{{1,2}}|:)?\s*", re.IGNORECASE),
    re.compile(r"^[A-Z][A-Z.'’\- ]{2,30}(?:,\s*[A-Z][A-Za-z.]+(?:\s\d{1,2})?)?\s*(?:\([^)]{2,30}\))?\s*(?:[—–]|-{1,2}\s)\s*(?=[A-Z\"“])"),
    re.compile(r"^[A-Z][a-zA-Z.’ ]+(?:,\s*[A-Z][a-zA-Z.’ ]+)?\s[—–]{1,2}\s+(?=[A-Z][a-z]+\s)"),
    re.compile(r"^[\[(（【][^\])）】\n]{2,30}(?:=|기자|특파원|통신)[^\])）】\n]{0,20}[\])）】]\s*(?:[^\s=]{2,12}\s(?:기자|특파원)\s?)?=?\s*"),
)
_FURNITURE = re.compile(r"^(?:scroll\s+down\s+for\s+(?:the\s+)?videos?|click\s+here\s+\w+\s+\w+|watch\s+video)\b[\s.:]*", re.IGNORECASE)
_STRAY_QUOTE = re.compile(r"[’'”\"]\s+(?=\w)")
_OPENER = re.compile(
    r"^(?:(?:this|that|these|those)\s+(?:is|are|was|were)\s+the\s+(?:[\w-]+\s+){0,3}moments?\s+(?:that\s+|when\s+|in\s+which\s+)?|"
    r"(?:this|these|the)\s+(?:[\w-]+\s+){0,3}(?:images?|photos?|photographs?|pictures?|videos?|footage|clips?)\s+"
    r"(?:shows?|reveals?|captures?|captured|showed)\s+(?:how|that|the\s+(?:[\w-]+\s+){0,2}moment)\s+)(?=[\w‘'])",
    re.IGNORECASE,
)
_LEAD_ADVERB = re.compile(
    r"^(?:however|meanwhile|indeed|also|in addition|additionally|moreover|furthermore|nevertheless|nonetheless|instead|"
    r"still|in fact|for instance|for example|on the other hand|as a result|of course|separately|notably|"
    r"overall|in turn|at the same time|in other words|similarly|likewise|unsurprisingly|interestingly|finally|"
    r"therefore|thus|besides|by contrast|in contrast|but then|after all|at any rate|that said|in short|then|and yet|what['’]?\s?['’]?\s?s\s+more|to be sure|sure enough)\s*,\s*",
    re.IGNORECASE,
)
_LEAD_CONJUNCTION = re.compile(r"^(?:but|and|so|yet|or|nor)\s+(?=[\w\"“`])(?!far\b|much\b|many\b|called\b)", re.IGNORECASE)
_KOREAN_CONNECTIVE = re.compile(
    r"^(?:그러나|하지만|한편|또한|또|그리고|그런데|다만|특히|아울러|이어|따라서|그래서|반면|실제로|이에|게다가|더구나|결국)\s?,?\s+"
)
_PARENTHESIS = re.compile(r"\s*[(（]\s?[^()（）]{1,100}[)）]")
_ASIDE = re.compile(
    r"\s*\(\s?(?:pictured|left|right|centre|center|above|below|file photo|inset|local time)\b[^()]{0,60}\)"
    r"|\s?,\s+(?:however|meanwhile|though|of course|indeed|in fact|for example|for instance|also|too)\s?,(?=\s)"
    r"|\s?,\s+(?:also\s+)?pictured\s[^,.\"“]{0,60},(?=\s)",
    re.IGNORECASE,
)
_GUARDED = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|third|quarter|doubled?|"
    r"tripled?|unless|only|except|until|despite|excluding|whether|hardly|barely|rarely|seldom|fake|false(?:ly)?|if|but|"
    r"although|though)\b",
    re.IGNORECASE,
)
_GLUE = re.compile(r"(?<=[a-z'’] )(?=(?:A|An|The|He|She|It|They|His|Her|In|On|At|But|After|When|While|As|For|This|However)\s[a-zA-Z])")
_PARTICIPLE_EXCEPTIONS = frozenset(
    """including according excluding concerning regarding pending notwithstanding king spring string thing something
    anything nothing everything wing ring morning evening building meeting being beijing during""".split()
)
_PAST_PARTICIPLES = frozenset(
    "known based led backed headed founded made born set located dubbed nicknamed named called seen described".split()
)
_RELATIVE = frozenset("who which whose where whom".split())
_SUBORDINATORS = frozenset(
    """while although though as after with amid following before since because when even despite alongside thanks
    where""".split()
)
_LEAD_PREPOSITIONS = frozenset(
    """in on at for with from during after before as while when since although though following amid despite by over
    under because earlier later according speaking writing asked""".split()
)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|said|says|met|held|"
    r"won|lost|made|took|told|signed|sent|put|set|led|left|began|came|went|became|gave|found|kept|saw|ran|fell|rose|hit|"
    r"cut|paid|sold|built|spent|wrote|knew|thought|got|brought|caught|bought|fought|broke|spoke|drove|grew|threw|flew|"
    r"drew|stood|struck|beat|shot|hopes?|plans?|wants?|needs?|'s|'re|\w{3,}ed|\w{3,}[^s\W]s)\b",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(
    r"^(?:\w+ly\s+)?(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|shall|should|do|does|did|said|says|"
    r"told|met|held|won|lost|made|took|sent|put|set|led|left|began|came|went|became|gave|found|kept|saw|ran|fell|rose|hit|"
    r"paid|sold|built|wrote|got|brought|caught|stood|struck|beat|shot|\w{3,}ed|remains?|plays?|shows?|claims?|wants?|"
    r"hopes?|faces?|lives?|works?|takes?|makes?|believes?)\b",
    re.IGNORECASE,
)
_LATE_BORDER = re.compile(
    r"(?:\s?,)?\s(?:(?:after|while|because|when|which|where|who|following|amid|prompting|leaving|raising|whilst|"
    r"in\sa\sbid|in\san\seffort)\s(?=\S)|as\s(?=(?:an?|the|his|her|their|its|he|she|they|it)\s)|by\s(?=\w+ing\b)|"
    r"and\s(?=(?:also\s|then\s|now\s|later\s)?(?:he|she|they|has|have|had|is|are|was|were|will|said|says|told|\w{2,}ed)\s))"
    r"|\s?;\s|\s[–—-]{1,2}\s",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\n]{2,}")
_SPACE_BEFORE_MARK = re.compile(r"\s+([,;:]\s*)+(?=[.!?])")
_FINAL_MARK = re.compile(r"[.!?…。！？][\"'”’»)\]」』]*\s*$|''\s*$")


@dataclass(frozen=True, slots=True)
class Compressed:
    """A sentence after deletion; `attribution` is the source's own phrase, `lifted` whether it left the text.

    `fits` is false when the text is still longer than `MAX_WORDS` words or not balanced.
    """

    text: str
    attribution: str | None
    lifted: bool
    source_is_pronoun: bool
    fits: bool


def compress_sentence(text: str, *, language: str = "en", target_words: int = TARGET_WORDS) -> Compressed:
    """The sentence shortened towards `target_words`; beyond the lead and the attribution only English is shortened."""
    source = _unglue(text[:MAX_CHARS].strip())
    start = _lead_length(source, language)
    clauses = split_clauses(source, start)
    attribution = find_attribution(source, clauses, language)
    cuts: list[tuple[int, int]] = [(0, start)] if start else []
    cuts += [match.span() for match in _ASIDE.finditer(source, start) if not _GUARDED.search(match.group())]
    lifted = False
    if attribution and attribution.can_be_lifted:
        lifted = _try_cut(source, cuts, (attribution.cut_start, attribution.cut_end))
    if language == "en":
        _shorten(source, start, cuts, target_words, attribution if lifted else None)
    result = _render(source, cuts)
    fits = count_words(result) <= MAX_WORDS and is_balanced(result) and len(text) <= MAX_CHARS
    return Compressed(
        result,
        attribution.text if attribution else None,
        lifted,
        attribution.pronoun if attribution else False,
        fits,
    )


def cut_to_fit(text: str, max_words: int = MAX_WORDS) -> str:
    """The beginning of the text that ends at the last clause border (else word border) within `max_words`, balanced.

    The last resort for a "sentence" that has no end, such as a table or a page without punctuation.
    """
    head = text[:MAX_CHARS].strip()
    borders = [clause.end for clause in split_clauses(head)]
    words = [match.end() for match in re.finditer(r"\S+", head)]
    for ends in (borders, words, range(len(head), 0, -1)):
        for end in sorted(ends, reverse=True):
            piece = head[:end].rstrip(" ,;:–—-")
            if piece and count_words(piece) <= max_words and is_balanced(piece):
                return piece
    return ""


def _unglue(text: str) -> str:
    """The text, or one part of it where full stops are missing, as when a caption was pasted onto a sentence."""
    if count_words(text) <= MAX_WORDS:
        return text
    borders = [0, *(match.start() for match in _GLUE.finditer(text)), len(text)]
    parts = [text[begin:end].strip() for begin, end in itertools.pairwise(borders)]
    for part in parts:
        if 2 * MIN_WORDS <= count_words(part) <= MAX_WORDS and _FINITE.search(part) and is_balanced(part):
            return part
    return text


def _lead_length(text: str, language: str) -> int:
    """How many characters at the start are a stray quote, dateline, page furniture or a dangling connective."""
    stray = _STRAY_QUOTE.match(text)
    start = stray.end() if stray and not is_balanced(text.replace("'", '"').replace("’", '"')) else 0
    for pattern in (_FURNITURE, *_DATELINES):
        match = pattern.match(text[start : start + 200])
        if match and 0 < match.end() <= _DATELINE_CHARS:
            start += match.end()
    connectives = (_KOREAN_CONNECTIVE,) if language == "ko" else (_LEAD_ADVERB, _LEAD_CONJUNCTION, _LEAD_ADVERB, _OPENER)
    for pattern in connectives:
        match = pattern.match(text[start : start + 100])
        if match:
            start += match.end()
    return start if len(text) - start > 20 else 0


def _shorten(
    source: str, start: int, cuts: list[tuple[int, int]], target_words: int, lifted: Attribution | None
) -> None:
    """Adds deletions to `cuts`, least harmful first, until the text has at most `target_words` words."""
    deletions = 0
    for candidates in (_parentheses, _appositions, _relatives, _participles, _subordinates, _lead_adverbials):
        if count_words(_render(source, cuts)) <= target_words:
            return
        clauses = [clause for clause in split_clauses(source, start) if not _is_cut(clause, lifted)]
        for span in candidates(source, clauses):
            if deletions >= MAX_DELETIONS or count_words(_render(source, cuts)) <= target_words:
                break
            if not _is_guarded(source[span[0] : span[1]]) and _try_cut(source, cuts, span):
                deletions += 1
    if count_words(_render(source, cuts)) > MAX_WORDS:
        _cut_further_clause(source, start, cuts)


def _cut_further_clause(source: str, start: int, cuts: list[tuple[int, int]]) -> None:
    """Cuts a sentence that is far too long at a clause border late in it: what goes is a further fact of its own."""
    for span in _late_tails(source, start):
        trial = [*cuts]
        if not _is_guarded(source[slice(*span)]) and _try_cut(source, trial, span):
            cuts[:] = trial
            return


def _is_cut(clause: Clause, lifted: Attribution | None) -> bool:
    """Whether the clause went away with the attribution."""
    return lifted is not None and clause.start >= lifted.cut_start and clause.end <= lifted.cut_end


def _is_guarded(span: str) -> bool:
    """Whether the span holds what must not be lost: a number, a negation, a hedge, a condition."""
    return bool(_GUARDED.search(span) or NEGATIONS.search(span) or HEDGES.search(span))


def _try_cut(source: str, cuts: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Adds `span` to `cuts` if the rest still reads as a sentence."""
    rest = _render(source, [*cuts, span])
    if count_words(rest) < MIN_WORDS or not is_balanced(rest):
        return False
    if rest.isascii() and not _FINITE.search(rest):
        return False
    cuts.append(span)
    return True


def _parentheses(source: str, clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """Spans in round brackets, the last first."""
    yield from reversed([match.span() for match in _PARENTHESIS.finditer(source)])


def _appositions(source: str, clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """"X, the head of Y, did": a noun phrase between marks, before a verb; or at the end."""
    yield from _middles(source, clauses, lambda clause: clause.words[0] in ("a", "an", "the"), verb_inside=False)


def _relatives(source: str, clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """"X, who ..., did" and "..., which ..."."""
    yield from _middles(source, clauses, lambda clause: clause.words[0] in _RELATIVE, verb_inside=True)
    yield from _tails(clauses, lambda clause: clause.words[0] in _RELATIVE)


def _participles(source: str, clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """"..., saying ..." in the middle and at the end."""
    yield from _middles(source, clauses, _opens_with_participle, verb_inside=True)
    yield from _tails(clauses, _opens_with_participle)


def _opens_with_participle(clause: Clause) -> bool:
    """Whether the clause begins with "-ing" or a past participle and a preposition."""
    words = clause.words
    first = words[1] if len(words) > 1 and (words[0].endswith("ly") or words[0] in ("thus", "further")) else words[0]
    if first in _PARTICIPLE_EXCEPTIONS:
        return False
    if first.endswith("ing") and len(first) > 4:
        return True
    follows = words[1:2]
    return first in _PAST_PARTICIPLES and follows in (["by"], ["in"], ["as"], ["at"], ["on"], ["for"], ["near"])


def _subordinates(source: str, clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """"..., while ..." at the end."""
    yield from _tails(clauses, lambda clause: clause.words[0] in _SUBORDINATORS)


def _lead_adverbials(source: str, clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """"After ..., X did": the first clause, when the second can open a sentence."""
    if len(clauses) < 2 or not clauses[0].words or clauses[0].words[0] not in _LEAD_PREPOSITIONS:
        return
    following = clauses[1]
    if following.mark != "comma" or not following.words or len(clauses[0].words) > 14:
        return
    if following.words[0] in _RELATIVE or following.words[0] in ("and", "or", "but") or _opens_with_participle(following):
        return
    if _VERB_FIRST.match(following.text) or not _FINITE.search(following.text):
        return
    yield clauses[0].start, following.start


def _late_tails(source: str, start: int) -> Iterator[tuple[int, int]]:
    """From a conjunction late in the sentence to its end, the shortest tail first; only for what is far too long."""
    final = _FINAL_MARK.search(source)
    end = final.start() if final else len(source)
    for match in reversed(list(_LATE_BORDER.finditer(source, start, end))):
        head = source[start : match.start()]
        inside = head[max(head.rfind(mark) for mark in (",", ";", "–", "—")) + 1 :]
        if not _FINITE.search(inside):
            continue  # the border lies in an apposition that the sentence comes back from
        if is_balanced(head) and _FINITE.search(head) and MIN_WORDS + 2 <= count_words(head) <= MAX_WORDS:
            yield match.start(), end


def _middles(
    source: str, clauses: Sequence[Clause], opens: Callable[[Clause], bool], *, verb_inside: bool
) -> Iterator[tuple[int, int]]:
    """Spans of clauses that `opens` accepts and that are followed by the verb of the clause before them."""
    for position in range(len(clauses) - 2, 0, -1):
        clause = clauses[position]
        if clause.mark != "comma" or not clause.words or not opens(clause):
            continue
        if not verb_inside and _VERB_FIRST.search(" ".join(clause.words[1:3])):
            continue
        following = clauses[position + 1]
        if following.mark == "comma" and _VERB_FIRST.match(following.text):
            yield clause.mark_start, following.start - 1


def _tails(clauses: Sequence[Clause], opens: Callable[[Clause], bool]) -> Iterator[tuple[int, int]]:
    """Spans from a clause that `opens` accepts to the end of the sentence, the shortest first."""
    for position in range(len(clauses) - 1, 0, -1):
        clause = clauses[position]
        if clause.mark in ("comma", "dash") and clause.words and opens(clause):
            yield clause.mark_start, clauses[-1].end


def _render(source: str, cuts: Sequence[tuple[int, int]]) -> str:
    """The source without the cut spans: spaces closed up, first letter raised, final mark kept or added."""
    pieces: list[str] = []
    position = 0
    for begin, end in sorted(cuts):
        pieces.append(source[position:begin])
        position = max(position, end)
    pieces.append(source[position:])
    text = _SPACES.sub(" ", "".join(pieces)).strip(" ,;:–—-")
    text = _SPACE_BEFORE_MARK.sub(" ", text)
    if cuts and text and not _FINAL_MARK.search(text) and _FINAL_MARK.search(source):
        text += "."
    return text[:1].upper() + text[1:] if any(begin == 0 for begin, _ in cuts) else text
