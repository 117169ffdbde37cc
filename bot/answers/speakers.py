"""On whose word a sentence holds: "according to X", "X estimate that ...", "..., said X"."""

from __future__ import annotations

import re

_ACCORDING = re.compile(
    r"\baccording\sto\s(?P<who>(?:an?\s|the\s)?[^,.;:“”\"]{3,80}?)(?=[,.;:”\"]|$|\s(?:on|in|and)\s)", re.IGNORECASE
)
_SAYING = (
    r"sa(?:id|ys?)|estimate[sd]?|believes?|suspect(?:s|ed)?|claim(?:s|ed)?|suggest(?:s|ed)?|indicate[sd]?|predict(?:s|ed)?|viewed"
    r"|view|warned|cautioned|noted|added|told|confirmed|announced|stated|asserts?|insists?|expects?|argued?|reported|states"
)
_NAMED = r"(?:[A-Z][\w’'.-]*|of|for|and|the|at|in|U\.S\.|[a-z]+)"
_LEADING = re.compile(
    rf"^[“\"]?(?P<who>(?:(?:The|A|An|Some|Several|Recent|Many)\s)?(?:{_NAMED}\s){{0,12}}?{_NAMED})\s(?:(?:also|have|has|had)\s)?(?:{_SAYING})\b"
)
_TRAILING = re.compile(
    r"[,”\"]\s?(?P<verb>said|says|added|told)\s(?P<who>[^,.;:“”\"]{2,60})(?P<role>,\s(?:an?|the|president|director|head)\s[^,.;“”\"]{3,90})?"
)
_SHORT_TRAILING = re.compile(
    r"[,”\"]\s(?P<who>(?:(?:the|an?)\s)?[A-Za-z][\w’'. -]{1,60}?)\s(?:said|says|added|told|suggest|say)\b"
)
_KOREAN = re.compile(r"^(?P<who>[^.,]{2,40}?)(?:에\s(?:따르면|의하면)|은\s|는\s(?=.*(?:밝혔|말했|전했|설명했)))")
_NO_SOURCE = re.compile(
    r"^(?:it|he|she|they|this|that|there|which|who|neither|no|none|nobody|we|i|if|when|while|but|although|despite|for|in|on|as|since)\b",
    re.IGNORECASE,
)
_VERB_INSIDE = re.compile(r"\b(?:is|are|was|were|has|have|had|will|would|could|may|met|visited|made)\b")


def whose_word(sentence: str) -> str:
    """Return who says what the sentence says, as the sentence words it; empty when it speaks for itself."""
    for pattern in (_ACCORDING, _TRAILING, _SHORT_TRAILING, _LEADING, _KOREAN):
        match = pattern.search(sentence)
        if match is None:
            continue
        who = match["who"].strip(' ,“”"')
        if _NO_SOURCE.match(who) or _VERB_INSIDE.search(who):
            continue
        role = match.groupdict().get("role")
        return f"{who}{role}" if role else who
    return ""
