"""What at the start of a sentence is not its statement: dateline, page furniture, stray marks, dangling connectives.

Also undoes pasting: where full stops are missing between a caption and the text, one of the parts is taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from bot.summaries.clauses import is_balanced
from bot.text.lazy import compile_later
from bot.text.words import count_words

MIN_REST_CHARS = 20  # of a sentence that must be left behind its opening
MIN_PART_WORDS = 8  # of a pasted-together text, for a part to be taken
_DATELINE_CHARS = 70  # a dateline ends within these first characters
_OPENING_CHARS = 200  # how far a dateline is looked for
_CONNECTIVE_CHARS = 100

_AGENCIES = r"AP|Reuters|CNN|AFP|UPI|Yonhap|Bloomberg|IANS|ANI|PTI|TASS|Xinhua|KUNA|EFE|DPA|dpa|BBC|NBC|CBS"
_DATELINES = (
    compile_later(
        rf"^(?:[^\W\d_][^()\n]{{0,45}}?[\s,]+)?\(\s?(?:{_AGENCIES})\s?\)\s*(?:[-—–_]{{1,2}}|:)?\s*", re.IGNORECASE
    ),
    compile_later(
        r"^[A-Z][A-Z.'’\- ]{2,30}(?:,\s*[A-Z][A-Za-z.]+(?:\s\d{1,2})?)?\s*(?:\([^)]{2,30}\))?\s*"
        r"(?:[—–]|-{1,2}\s)\s*(?=[A-Z\"“])"
    ),
    compile_later(r"^[A-Z][a-zA-Z.’ ]+(?:,\s*[A-Z][a-zA-Z.’ ]+)?\s[—–]{1,2}\s+(?=[A-Z][a-z]+\s)"),
    compile_later(r"^[^.\n]{0,45}?\([가-힣]{2,6}=[가-힣\w]{2,8}\)\s?(?:[가-힣]{2,4}\s(?:기자|특파원)\s?)?=?\s*"),
    compile_later(
        r"^[\[(（【][^\])）】\n]{2,30}(?:=|기자|특파원|통신)[^\])）】\n]{0,20}[\])）】]\s*(?:[^\s=]{2,12}\s(?:기자|특파원)\s?)?=?\s*"
    ),
)
_FURNITURE = compile_later(
    r"^(?:scroll\s+down\s+for\s+(?:the\s+)?videos?|click\s+here\s+\w+\s+\w+|watch\s+video)\b[\s.:]*", re.IGNORECASE
)
_NO_SENTENCE = compile_later(
    r"^\W*(?:(?:last\s+)?updated\s+(?:at\s+)?\d+|\d{1,2}\s\w+\s\d{4}\s+last\s+updated|scroll\s+down|click\s+here|"
    r"read\s+more|follow\s+us|sign\s+up)\b|^[\"'“‘\s]*[#@]\w",
    re.IGNORECASE,
)
_STRAY_QUOTE = compile_later(r"[’'”\"]\s+(?=\w)")
_OPENER = compile_later(
    r"^(?:(?:this|that|these|those)\s+(?:is|are|was|were)\s+the\s+(?:[\w-]+\s+){0,3}moments?\s+(?:that\s+|when\s+|in\s+which\s+)?|"
    r"(?:this|these|the)\s+(?:[\w-]+\s+){0,3}(?:images?|photos?|photographs?|pictures?|videos?|footage|clips?)\s+"
    r"(?:shows?|reveals?|captures?|captured|showed)\s+(?:how|that|the\s+(?:[\w-]+\s+){0,2}moment)\s+)(?=[\w‘'])",
    re.IGNORECASE,
)
_LEAD_ADVERB = compile_later(
    r"^(?:however|meanwhile|indeed|also|in addition|additionally|moreover|furthermore|nevertheless|nonetheless|instead|"
    r"still|in fact|for instance|for example|on the other hand|as a result|of course|separately|notably|"
    r"overall|in turn|at the same time|in other words|similarly|likewise|unsurprisingly|interestingly|finally|"
    r"therefore|thus|besides|by contrast|in contrast|but then|after all|at any rate|that said|in short|then|and yet|"
    r"what['’]?\s?['’]?\s?s\s+more|to be sure|sure enough)\s*,\s*",
    re.IGNORECASE,
)
_LEAD_CONJUNCTION = compile_later(
    r"^(?:but|and|so|yet|or|nor|meanwhile|then(?=\s+\w+\s+\w+\s+later\b))\s+(?=[\w\"“`])(?!far\b|much\b|many\b|called\b)",
    re.IGNORECASE,
)
_KOREAN_CONNECTIVE = compile_later(
    r"^(?:그러나|하지만|한편|또한|또|그리고|그런데|다만|특히|아울러|이어|따라서|그래서|반면|실제로|이에|게다가|더구나|결국)\s?,?\s+"
)
_CONNECTIVES: dict[str, tuple[re.Pattern[str], ...]] = {
    "en": (_LEAD_ADVERB, _LEAD_CONJUNCTION, _LEAD_ADVERB, _OPENER),
    "ko": (_KOREAN_CONNECTIVE,),
}
_CAPITALISED = compile_later(r"[A-Z](?<=[a-z'’] .)[a-z]*(?=\s[a-z])")
_FIRST_WORDS = frozenset(
    (
        *("A", "An", "The", "He", "She", "It", "They", "His", "Her", "This", "But", "However"),
        *("In", "On", "At", "After", "When", "While", "As", "For"),
    )
)  # capitals only a sentence's first word has, but for those after a verb of saying or in a title
_BEFORE_CAPITAL = ("said ", "says ", "called ", "that ")
_BEFORE_CHARS = max(map(len, _BEFORE_CAPITAL))
_DATELINE_SIGN = compile_later(r"[(\[（【—–-](?:(?<!-)|(?=[-\s]))")
_FINITE_IN_PART = compile_later(r"\b(?:is|are|was|were|has|have|had|will|said|says|\w{3,}ed)\b", re.IGNORECASE)


def measure_opening(text: str, language: str) -> int:
    """How many characters at the start of the sentence are not its statement; 0 when nothing would be left."""
    stray = _STRAY_QUOTE.match(text)
    start = stray.end() if stray and not is_balanced(text.replace("'", '"').replace("’", '"')) else 0
    has_dateline = _DATELINE_SIGN.search(text, start, start + _OPENING_CHARS)
    for pattern in (_FURNITURE, *_DATELINES) if has_dateline else (_FURNITURE,):
        match = pattern.match(text[start : start + _OPENING_CHARS])
        if match and 0 < match.end() <= _DATELINE_CHARS:
            start += match.end()
    for pattern in _CONNECTIVES.get(language, ()):
        match = pattern.match(text[start : start + _CONNECTIVE_CHARS])
        if match:
            start += match.end()
    return start if len(text) - start > MIN_REST_CHARS else 0


def is_furniture(text: str) -> bool:
    """Whether the text opens like a time stamp, a call to scroll or click, or a post's tag, and is no sentence."""
    return bool(_NO_SENTENCE.match(text))


def unglue(text: str, max_words: int) -> str:
    """The text, or the first part of it that is a sentence, where full stops are missing in a text over `max_words`."""
    borders = [0, *_glued_starts(text), len(text)]
    for begin, end in itertools.pairwise(borders):
        part = text[begin:end].strip()
        if MIN_PART_WORDS <= count_words(part) <= max_words and _FINITE_IN_PART.search(part) and is_balanced(part):
            return part
    return text


def _glued_starts(text: str) -> Iterator[int]:
    """Where within the text a word has the capital of a sentence's first word."""
    for match in _CAPITALISED.finditer(text):
        before = text[max(0, match.start() - _BEFORE_CHARS) : match.start()]
        if match.group() in _FIRST_WORDS and not before.endswith(_BEFORE_CAPITAL):
            yield match.start()
