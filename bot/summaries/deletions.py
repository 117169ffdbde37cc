"""Which spans of an English sentence may go without changing what it states, least harmful kinds first.

Each function yields candidate spans; whether one really goes is decided in `compression`, which keeps every span that
holds a number, a negation, a hedge or a condition.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from bot.summaries.clauses import Clause, is_hyphen
from bot.summaries.lexicon import LEAD_PREPOSITIONS, RELATIVE, SUBORDINATORS
from bot.summaries.statements import (
    begins_with_verb,
    has_verb,
    opens_with_participle,
    splits_comparison,
    stands_as_statement,
)
from bot.text.cues import HEDGES, NEGATIONS
from bot.text.lazy import compile_later
from bot.text.words import count_words

MIN_HEAD_WORDS = 8  # what stands before a tail that is cut off a sentence has at least this many words
MAX_ADVERBIAL_WORDS = 20  # a longer adverbial at the start says too much to go

_PARENTHESIS = compile_later(r"\s*[(（]\s?[^()（）]{1,100}[)）]")
_MINOR_PHRASE = compile_later(
    r",?\s(?:earlier|later|late|early)\s(?:this|last|on|in\sthe)\s\w+(?:\s(?:morning|afternoon|evening|night))?(?=[\s,.])"
    r"|\s(?<=[a-z]\s)(?<!ed\s)(?<!ing\s)(?<!\bis\s)(?<!\bwas\s)(?<!\bare\s)(?<!\bwere\s)(?<!\bput\s)(?<!\bset\s)"
    r"(?<!live\s)(?<!lives\s)(?:in|at|during|near|outside|across|throughout|inside)\s(?:the\s|an?\s|his\s|her\s|their\s)?"
    r"(?:[\w’'-]+\s){0,4}?[\w’'-]+(?=\s?(?:[.!?]*$|,))"
)
_ASIDE = compile_later(
    r"\s*\(\s?(?:pictured|left|right|centre|center|above|below|file photo|inset|local time)\b[^()]{0,60}\)"
    r"|\s?,\s+(?:however|meanwhile|though|of course|indeed|in fact|for example|for instance|also|too)\s?,(?=\s)"
    r"|\s?,\s+(?:also\s+)?pictured\s[^,.\"“]{0,60},(?=\s)",
    re.IGNORECASE,
)
_ASIDE_SIGNS = ("(", "however", "meanwhile", "though", "course", "indeed", "fact", "for ", "also", "too", "pictured")
_GUARDED = compile_later(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|trillions?|dozens?|half|quarter|"
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|once|twice|doubled?|"
    r"tripled?|unless|only\s+(?:if|when|after|until|on|for|with)|except|until|despite|excluding|whether|hardly|barely|rarely|seldom|fake|false(?:ly)?|if|but|"
    r"although|though)\b"
)
# The cues again, for text in lower case: without regard to case each of them would take three times as long.
_LOWER_NEGATIONS = compile_later(NEGATIONS.pattern)
LOWER_HEDGES = compile_later(HEDGES.pattern)
_LATE_BORDER = compile_later(
    r"(?:\s?,)?\s(?:(?:after|while|when|(?<!ed\s)because|which|where|who|following|amid|prompting|leaving|raising|whilst|"
    r"in\sa\sbid|in\san\seffort)\s(?=\S)|as\s(?=(?:an?|the|his|her|their|its|he|she|they|it)\s)|by\s(?=\w+ing\b)|"
    r"and\s(?=(?:also\s|then\s|now\s|later\s)?(?:he|she|they|has|have|had|is|are|was|were|will|said|says|told|\w{2,}ed)\s))"
    r"|\s?;\s|\s[–—-]{1,2}\s",
    re.IGNORECASE,
)
_QUALIFIES = compile_later(
    r"^\W*(?:but|although|though|despite|unless|if|however|whether|except|until|yet|or|nor)\b"
    r"|[,–—-]\s?but\b|\b(?:den(?:y|ies|ied|ying)|disput\w+|refut\w+|unless|overturn\w+|retract\w+|withdr[ae]w\w*|only\s+if)\b",
    re.IGNORECASE,
)
# “A”(이라)며 “B”(라)고 말했다: cutting from 며 up to 고 leaves “A”(이라)고 말했다.
_KOREAN_SECOND_QUOTE = compile_later(
    r"(?<=[”\"라])(?:면서|며)\s?(?:“(?P<curly>[^“”]{1,400})”|\"(?P<straight>[^\"]{1,400})\")(?:이?라)?(?=고\s)"
)
_KOREAN_QUALIFIER = compile_later(r"^\s*(?:다만|하지만|그러나|그런데|반면|단,)")
_RELATIVES = ("who", "which", "where")  # without a comma before them
_DEFINED_BY_RELATIVE = compile_later(
    r"\b(?:an?|one|the|those|that|people|person)\s(?:\w+\s)?[\w’'-]+$|\b(?:those|people|one)$"
)
_DASHES = ("-", "--", "–", "—")
_DASH = compile_later(r"(?:\s[–—-]{1,2}(?=\s)|—|(?<=\w)–(?=[^\W\d]))\s*")
_FINAL_MARK = compile_later(r"[.!?…。！？][\"'”’»)\]」』]*\s*$|''\s*$")


def is_guarded(span: str) -> bool:
    """Whether the span holds what must not be lost: a number, a negation, a hedge, a condition."""
    lowered = span.lower()
    return bool(_GUARDED.search(lowered) or _LOWER_NEGATIONS.search(lowered) or LOWER_HEDGES.search(lowered))


def find_asides(source: str, start: int) -> Iterator[tuple[int, int]]:
    """Spans that say nothing outside their page: "(pictured)", ", however,"."""
    lowered = source.lower()
    if any(sign in lowered for sign in _ASIDE_SIGNS):
        yield from (match.span() for match in _ASIDE.finditer(source, start))


def find_parentheses(source: str) -> Iterator[tuple[int, int]]:
    """Spans in round brackets, the last first."""
    yield from reversed([match.span() for match in _PARENTHESIS.finditer(source)])


def find_structural(source: str, clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """Spans to cut from a sentence over its budget, least harmful first."""
    yield from find_parentheses(source)
    yield from _middles(clauses, lambda clause: clause.words[0] in ("a", "an", "the"), verb_inside=False)
    yield from _middles(clauses, lambda clause: clause.words[0] in RELATIVE, verb_inside=True)
    yield from _asides_between_dashes(source)
    yield from _tails(clauses, lambda clause: clause.words[0] in RELATIVE)
    yield from _middles(clauses, opens_with_participle, verb_inside=True)
    yield from _tails(clauses, opens_with_participle)
    yield from _tails(clauses, lambda clause: clause.words[0] in SUBORDINATORS)
    yield from _lead_adverbials(clauses)


def find_minor_phrases(source: str, start: int) -> Iterator[tuple[int, int]]:
    """A time of day or week, or a place at the very end, the last first; for a sentence that is too long by little."""
    yield from reversed([match.span() for match in _MINOR_PHRASE.finditer(source, start)])


def find_late_tails(source: str, start: int, max_words: int) -> Iterator[tuple[int, int]]:
    """From a conjunction late in the sentence to its end, the shortest tail first, leaving at most `max_words`.

    What goes is a further fact of its own; a border inside an apposition that the sentence comes back from is none.
    """
    end = _end_of_statement(source)
    resumed = _resumed_after_dashes(source, start)
    for match in reversed(list(_LATE_BORDER.finditer(source, start, end))):
        if any(begin <= match.start() <= border for begin, border in resumed):
            continue
        if match.group().strip() in _DASHES and match.group() in source[match.end() : end]:
            continue  # the first of two dashes: the sentence comes back after the second
        head = source[start : match.start()]
        if match.group().strip() in _RELATIVES and _DEFINED_BY_RELATIVE.search(head):
            continue
        if splits_comparison(head, source[match.start() :]) or is_hyphen(source, *match.span()):
            continue
        inside = head[max(head.rfind(mark) for mark in (",", ";", "–", "—")) + 1 :]
        if has_verb(inside) and _stands_as_head(head, max_words):
            yield match.start(), end


def find_further_clauses(
    source: str, start: int, clauses: Sequence[Clause], max_words: int
) -> Iterator[tuple[int, int]]:
    """Like `find_late_tails`, at any comma, too; never a tail that takes back or limits what is left."""
    end = _end_of_statement(source)
    late = (border for border, _ in find_late_tails(source, start, max_words))
    resumed = _resumed_after_dashes(source, start)
    marked = (
        clause.mark_start
        for clause in reversed(clauses)
        if clause.mark in ("comma", "dash")
        and not any(begin <= clause.mark_start <= border for begin, border in resumed)
    )
    for border in itertools.chain(late, marked):
        head = source[start:border].rstrip(" ,")
        if not _QUALIFIES.search(source[border:end]) and _stands_as_head(head, max_words):
            yield start + len(head), end


def find_second_quotes(source: str) -> Iterator[tuple[int, int]]:
    """The second of two quotations of one Korean speaker, with what joins it; never one that limits the first."""
    for match in _KOREAN_SECOND_QUOTE.finditer(source):
        if not _KOREAN_QUALIFIER.match(match["curly"] or match["straight"]):
            yield match.span()


def _resumed_after_dashes(source: str, start: int) -> list[tuple[int, int]]:
    """Where an aside begins, and the dash after which the statement goes on with its verb: nothing ends between them.

    An aside whose first dash cannot be told from a hyphen begins with the sentence.
    """
    dashes = list(_DASH.finditer(source, start))
    return [
        (dashes[position - 1].start() if position else start, dash.end())
        for position, dash in enumerate(dashes)
        if begins_with_verb(source[dash.end() :])
    ]


def _asides_between_dashes(source: str) -> Iterator[tuple[int, int]]:
    """Spans between two spaced dashes after which the verb of the statement stands; the space before it stays."""
    for begin, border in reversed(_resumed_after_dashes(source, 0)):
        if begin and source[begin] == source[border - 1] == " ":
            yield begin, border - 1


def _end_of_statement(source: str) -> int:
    """Where the sentence's final punctuation begins."""
    final = _FINAL_MARK.search(source)
    return final.start() if final else len(source)


def _stands_as_head(head: str, max_words: int) -> bool:
    """Whether what is left before a tail is a statement of the right length."""
    return MIN_HEAD_WORDS <= count_words(head) <= max_words and stands_as_statement(head)


def _lead_adverbials(clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """The first clause of "After ..., X did", when the second can open a sentence."""
    if len(clauses) < 2 or not clauses[0].words:
        return
    if clauses[0].words[0] not in LEAD_PREPOSITIONS and not opens_with_participle(clauses[0]):
        return
    following = clauses[1]
    if following.mark != "comma" or not following.words or len(clauses[0].words) > MAX_ADVERBIAL_WORDS:
        return
    if following.words[0] in RELATIVE or following.words[0] in ("and", "or", "but") or opens_with_participle(following):
        return
    if begins_with_verb(following.text) or not has_verb(following.text):
        return
    yield clauses[0].start, following.start


def _middles(
    clauses: Sequence[Clause], opens: Callable[[Clause], bool], *, verb_inside: bool
) -> Iterator[tuple[int, int]]:
    """Spans of clauses that `opens` accepts and that are followed by the verb of the clause before them."""
    for position in range(len(clauses) - 2, 0, -1):
        clause = clauses[position]
        if clause.mark != "comma" or not clause.words or not opens(clause):
            continue
        if not verb_inside and begins_with_verb(" ".join(clause.words[1:3])):
            continue
        following = clauses[position + 1]
        if following.mark == "comma" and begins_with_verb(following.text):
            yield clause.mark_start, following.start - 1


def _tails(clauses: Sequence[Clause], opens: Callable[[Clause], bool]) -> Iterator[tuple[int, int]]:
    """Spans from a clause that `opens` accepts to the end of the sentence, the shortest first."""
    for position in range(len(clauses) - 1, 0, -1):
        clause = clauses[position]
        if clause.mark in ("comma", "dash") and clause.words and opens(clause):
            yield clause.mark_start, clauses[-1].end
