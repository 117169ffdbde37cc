"""Whether a date lies before or after what its sentence tells, by the tense cue that stands nearest.

"told reporters on Friday that it will open in May": Friday follows "told" and is past, May follows "will" and is to
come. A cue before the date counts before one after it; a cue never reaches over the end of its sentence.
"""

from __future__ import annotations

import re

from bot.text.cues import FUTURES
from bot.text.dates.span import Tense
from bot.text.lazy import compile_later

# Characters of the clause before and after a date in which a tense cue speaks of it.
_BEFORE_CHARS = 90
_AFTER_CHARS = 40

_BE = r"(?:is|are|was|were|be|been)\s+(?:now\s+|also\s+|still\s+|not\s+)?"
# "Would go on to win": told in looking back, not a plan.
_HISTORY = r"(?!\s+(?:\w+ly\s+)?(?:go\s+on\s+to|later|eventually|become|prove)\b)"
FUTURE = compile_later(
    rf"\b(?:will|won['’]t|(?-i:shall)|going to|would{_HISTORY}"
    rf"|{_BE}(?:scheduled|expected|due|set|slated|planning|preparing|likely|to\s+\w+|supposed|poised|hoping|ready)|planned\s+(?:to|for|on)|plans?\s+to|planning\s+to"
    r"|(?:proposal|plan|decision|offer|bid|request|demand|promise|motion|vote)s?\s+to|expected\s+(?:to|in|on|by)|expects?\s+to|scheduled\s+(?:to|for|on)|set\s+(?:to|for)|due\s+(?:to|in|on|for|by)"
    r"|as\s+(?:soon|early|late)\s+as|no\s+later\s+than|upcoming|forthcoming|coming|falls?\s+on|takes?\s+(?:effect|place)"
    r"|begins?|starts?|(?:re-?)?opens?|resumes?|intends?\s+to|hopes?\s+to|aims?\s+to|agreed\s+to|vowed\s+to|ready\s+to"
    r"|deadline|until|(?-i:may)|might|could|can|next|must|should)\b|['’]ll\b",
    re.IGNORECASE,
)
PAST = compile_later(
    r"\b(?:was|were|had|did|said|told|met|held|signed|began|ended|won|lost|died|took|made|came|went|fell|rose"
    r"|closed|sold|left|gave|saw|got|ran|sent|put|led|paid|hit|killed|found|broke|spoke|wrote|struck|drew|brought"
    r"|became|kept|knew|thought|felt|heard|stood|shot|fled|grew|threw|\w{3,}ed)\b",
    re.IGNORECASE,
)
# "Will be closed", "is expected to have been sold": the participle is of the future verb before it.
_PASSIVE = compile_later(r"\s+(?:\w+\s+)?(?:not\s+)?(?:be|get|have(?:\s+been)?|be\s+\w+ly)\s+")
# Words that speak of the past unless a verb of the future stands before them ("will open after the election in May").
_WEAK_PAST = compile_later(r"\b(?:since|who|after)\b", re.IGNORECASE)
_BRINGS_FUTURE = compile_later(
    r"\b(?:until|as (?:soon|early|late) as|no later than|scheduled for|due|deadline(?: of)?|coming|next"
    r"|(?<!birth )(?:date|target) (?:of|for))\s*"
    r"(?:\d{1,2}\s*[ap]\.?m\.?\s*(?:\w{1,20}\s)?)?$",
    re.IGNORECASE,
)
# "It had spoken of three until Wednesday": both lie behind.
_PLUPERFECT = compile_later(
    r"\bhad\s+(?:(?:not|never|also|\w+ly)\s+)?\w+(?:ed|en|n|t)\b[^.,;]*\buntil\s*$", re.IGNORECASE
)
# Schedules, aims and what can still be done, after a Korean date.
_KOREAN_AHEAD = compile_later(r"일정|앞두|앞둔|목표로|내다[봤보]|어렵다고|[가-힣] 수 (?:있|없)다")
# "5 May, when it opened": the clause that explains a date tells its tense.
_EXPLAINED = compile_later(r"\s?,?\s(?:when|on which|in which)\s")
# A full stop after fewer small letters may be that of "Gov." or "Sept."
_BORDER = compile_later(r"(?:[a-z0-9]{4}\.|[.?!]['\"”’]|[;?!])\s|\n|[。；？！]")


def tense_at(text: str, start: int, end: int, *, english: bool = True) -> Tense | None:
    """Return the tense of `text[start:end]`, None when no cue stands near; other languages know the future alone."""
    before, after = _clause(text, start, end)
    if _EXPLAINED.match(after):
        return _first_tense(after)
    if not english and (FUTURES.search(before + " " + after) or _KOREAN_AHEAD.search(after)):
        return "future"
    if _PLUPERFECT.search(before):
        return "past"
    if _BRINGS_FUTURE.search(before):
        return "future"
    if "," in before and text[start : start + 6].lower() == "until " and not PAST.search(before[before.rindex(",") :]):
        return "future"  # "It hired 22 sailors, most of them until May."
    return _last_tense(before) or _first_tense(after)


def _clause(text: str, start: int, end: int) -> tuple[str, str]:
    before = text[max(0, start - _BEFORE_CHARS) : start]
    begin = max((border.end() for border in _BORDER.finditer(before)), default=0)
    after = text[end : end + _AFTER_CHARS]
    border = _BORDER.search(after)
    return before[begin:], after[: border.start()] if border else after


def _last_tense(before: str) -> Tense | None:
    futures = [match.span() for match in FUTURE.finditer(before)]
    pasts = [
        match.end()
        for match in PAST.finditer(before)
        if not any(
            start <= match.start() < end or _PASSIVE.fullmatch(before, end, match.start()) for start, end in futures
        )
    ]
    if futures and (not pasts or futures[-1][1] >= pasts[-1]):
        return "future"
    return "past" if pasts or _WEAK_PAST.search(before) else None


def _first_tense(after: str) -> Tense | None:
    future, past = FUTURE.search(after), PAST.search(after)
    while past and future and future.start() <= past.start() < future.end():
        past = PAST.search(after, future.end())
    if future and (past is None or future.start() < past.start()):
        return "future"
    return "past" if past or _WEAK_PAST.search(after) else None
