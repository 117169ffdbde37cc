"""Whether a sentence ends here: one scan that stops at terminators, opening quotes and brackets only.

Each stop is decided by the word before it and the word after it. A quoted or bracketed passage of ordinary length is
never cut inside.
Source: the Golden Rules (pragmatic_segmenter, pySBD); Kiss and Strunk 2006 for what follows an abbreviation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.text.abbreviations import (
    BEFORE_NAME,
    BEFORE_NAME_CAPITAL,
    BEFORE_NUMBER,
    CALENDAR,
    DOMAINS,
    EXCLAIMED_NAMES,
    MAY_END,
    MAY_END_CAPITAL,
    MONTHS,
    ORDINAL_LANGUAGES,
    SENTENCE_OPENERS,
    SPEECH_VERBS,
    TIMES_OF_DAY,
)
from bot.text.lazy import compile_later

# Characters of a quoted or bracketed passage that is kept whole; a longer one (a speech) is split as any text.
_LONGEST_PASSAGE = 240
# How far back the word before a full stop is read.
_LONGEST_WORD = 40
# Words of a piece that can be a sentence: fewer before "a.m." are none ("At 5 a.m. Mr. Smith ...").
_FEWEST_WORDS = 4
# A small-letter word of this length before a full stop is no abbreviation, whatever follows.
_NO_ABBREVIATION = 7

_CLOSERS = "\"'”’»)\\]}›"
_WIDE_CLOSERS = "」』”’》〉）］】\"'"
_WIDE = "。！？｡．؟۔।॥։።፧፨။៕។᠃꯫\u037e"
_SCAN_ASCII = compile_later(r'[.!?"(\[]')
_SCAN_ANY = compile_later(rf"[.!?…‽{_WIDE}:;\"(\[“„«「『《（]")
_NARROW_END = compile_later(rf"[.!?…‽]+(?:[{_CLOSERS}]+[.!?…]+)*[{_CLOSERS}]*(?:[ \u00a0\u202f](?:[\"”»]|'')(?=\s|$))?")
_WIDE_END = compile_later(rf"[.!?…:;{_WIDE}]+[{_WIDE_CLOSERS}]*")
_SPACED_ELLIPSIS = compile_later(r"\.(?: \.){2,3}")
_PASSAGES = {
    opener: compile_later(rf"{pattern[0]}[^{pattern[1]}]{{1,{_LONGEST_PASSAGE}}}{pattern[2]}")
    for opener, pattern in {
        '"': (r'(?<![\w"])"(?=[^\s"])', '"', r'(?<!\s)"(?![A-Za-z0-9])'),
        "“": ("“", "“”", "”"),
        "„": ("„", '„“”"', '[“”"]'),
        "«": ("«", "«»", "»"),
        "「": ("「", "「」", "」"),
        "『": ("『", "『』", "』"),
        "《": ("《", "《》", "》"),
        "（": ("（", "（）", "）"),
        "(": (r"\(", "()", r"\)"),
        "[": (r"\[", r"\[\]", r"\]"),
    }.items()
}
_LEADING = "\"'“‘„«([{¿¡—–•⁃-"
_BRACKETS = "([（《"
_QUOTES = tuple('"`“‘„«')
_STARTING = (*_QUOTES, "¿", "¡", "—", "–")
_ENDED_INSIDE = compile_later(rf"[.!?…{_WIDE}][ \u00a0\u202f]?[{_CLOSERS}{_WIDE_CLOSERS}“]*$")
_TAIL = compile_later(rf"[.!?…{_WIDE}]*[{_CLOSERS}{_WIDE_CLOSERS}]*")
_FOLLOWING = compile_later(r"\s*([\"'`“‘„«‹(\[{¿¡—–-]*)\s?(\.\.\.|…|[^\W_]+(?:['’-]\w+)*|\S)?(\.?)")
_CITATION = compile_later(r"\s*\([^()]{0,80}[^()\s.!?]\)\s*(?:[.;,]|$)")
_SPEECH_TAG = compile_later(rf"\s*(?:[\w.’'-]{{1,30}}\s){{1,6}}(?:{SPEECH_VERBS})\.(?=\s|$)")
_DOTTED = compile_later(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}$")
_ROMAN = compile_later(r"[IVXLC]{1,7}$")
_PREFIXED = compile_later(r"[^\W\d_]{1,5}['’]")
_GLUED_NEXT = compile_later(r"[^\W\d_]{2,}(?=[\s,'’]|\.\s|$)|[IAО]\s")
_KOREAN_ENDINGS = "다요죠까음함됨임"
_KNOWN = BEFORE_NAME | BEFORE_NAME_CAPITAL | BEFORE_NUMBER | CALENDAR | MAY_END | MAY_END_CAPITAL
_CJK = compile_later(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_JAPANESE_GOES_ON = compile_later(r"[\u3041-\u3096、，,]")
_CHINESE_TAG = compile_later(r"[\u4e00-\u9fff]{1,8}(?:说|說|表示|道|称|稱|指出|问|問)[，。：,]")


def find_mark(text: str) -> int | None:
    """Return where the first character stands that may have to do with the end of a sentence."""
    found = (_SCAN_ASCII if text.isascii() else _SCAN_ANY).search(text)
    return found.start() if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndFinder:
    """Finds the ends of sentences of one text; `cased` is false for a text without capitals."""

    text: str
    language: str
    cased: bool

    def ends(self, start: int, end: int, scan_from: int) -> list[int]:
        """Return the offsets in (start, end) after which a new sentence begins, looking from `scan_from` on."""
        text = self.text
        search = (_SCAN_ASCII if text.isascii() else _SCAN_ANY).search
        found: list[int] = []
        sentence, position = start, scan_from
        while stop := search(text, position, end):
            at = stop.start()
            if at + 1 == end:
                break
            if self._ends_plainly(at, sentence):
                position, ended = at + 1, True
            elif text[at] in _PASSAGES:
                position, ended = self._after_passage(at, end, sentence)
            else:
                position, ended = self._after_mark(at, end, sentence)
            if ended and position < end:
                found.append(position)
                sentence = position
        return found

    def _ends_plainly(self, at: int, sentence: int) -> bool:
        """Return whether a full stop stands between a common small-letter word and a capital: most of them do.

        A shortcut: what it answers no to is decided in full.
        """
        text = self.text
        if text[at : at + 2] != ". " or not text[at + 2 : at + 3].isupper():
            return False
        word = text[max(text.rfind(" ", sentence, at) + 1, sentence) : at]
        return self.cased and len(word) > 1 and word.isalpha() and word.islower() and word not in _KNOWN

    def _after_passage(self, at: int, end: int, sentence: int) -> tuple[int, bool]:
        """Return where scanning goes on after an opening quote or bracket, and whether a sentence ended there."""
        text = self.text
        passage = _PASSAGES[text[at]].match(text, at, end)
        if passage is None:
            return at + 1, False
        after = passage.end()
        if text[at] in _BRACKETS and text[sentence:at].strip():
            return after, False
        if not _ENDED_INSIDE.search(text, max(at, after - 4), after):
            return after, False
        tail = _TAIL.match(text, after, end)
        after = tail.end() if tail else after
        return after, self._ends_after_quote(at, after, end)

    def _ends_after_quote(self, at: int, after: int, end: int) -> bool:
        text = self.text
        if after < end and not text[after].isspace():
            if text[at] in "「『“" and _CJK.match(text, after):
                goes_on = _JAPANESE_GOES_ON.match(text, after) or _CHINESE_TAG.match(text, after)
                return not goes_on and text[at] == "“"
            return False
        opener, word, _ = self._following(after)
        if word and self._is_lower(word) and not opener.startswith(_QUOTES):
            return False
        inside = text[at + 1 : after].rstrip(_CLOSERS + "“ ")
        if inside.endswith(".") and not opener and " " not in inside and self._is_known(inside[:-1]):
            return False
        return not (_CITATION.match(text, after) or _SPEECH_TAG.match(text, after))

    def _after_mark(self, at: int, end: int, sentence: int) -> tuple[int, bool]:
        """Return where scanning goes on after a terminator, and whether a sentence ended there."""
        text = self.text
        char = text[at]
        if char in ":;":
            return self._after_colon(at, end)
        if char in _WIDE:
            return self._after_wide(at, end)
        if char == "." and text.startswith(" .", at + 1) and (dots := _SPACED_ELLIPSIS.match(text, at, end)):
            return self._after_spaced_ellipsis(dots)
        match = _NARROW_END.match(text, at, end)
        after = match.end() if match else at + 1
        if after < end and not text[after].isspace():
            return after, self._ends_glued(at, after, sentence)
        return after, self._ends(at, after, sentence)

    def _after_colon(self, at: int, end: int) -> tuple[int, bool]:
        """Armenian ends sentences with a colon, Greek asks with a semicolon."""
        text = self.text
        before = text[max(0, at - 4) : at].rstrip(" …»")[-1:]
        armenian = text[at] == ":" and "\u0531" <= before <= "\u0587"
        greek = text[at] == ";" and ("\u0370" <= before <= "\u03ff" or "\u1f00" <= before <= "\u1fff")
        return at + 1, (armenian or greek) and text[at + 1 : at + 2].isspace()

    def _after_wide(self, at: int, end: int) -> tuple[int, bool]:
        text = self.text
        match = _WIDE_END.match(text, at, end)
        after = match.end() if match else at + 1
        if text[at] == "．" and text[after : after + 1].isdigit():
            return after, False
        closed = text[after - 1] in "」』”’》"
        goes_on = closed and (_JAPANESE_GOES_ON.match(text, after) or _CHINESE_TAG.match(text, after))
        return after, not goes_on

    def _after_spaced_ellipsis(self, dots: re.Match[str]) -> tuple[int, bool]:
        """Of ". . . ." one full stop ends the sentence: the first where it touches a word, else the last."""
        text = self.text
        four = len(dots.group()) > 5
        opener, word, _ = self._following(dots.end())
        if not four or opener or not word or self._is_lower(word) or not word[0].isalpha():
            return dots.end(), False
        if text[dots.start() - 1 : dots.start()].isspace():
            return dots.end(), True
        return dots.start() + 1, True

    def _ends_glued(self, at: int, after: int, sentence: int) -> bool:
        """Return whether a sentence ends although no space follows ("went home.Then")."""
        text = self.text
        follower = text[after]
        if "가" <= follower <= "힣":
            return after == at + 1 and text[at - 1 : at] in tuple(_KOREAN_ENDINGS)
        if _CJK.match(follower):
            return text[at] in "!?" or text[after - 1] in "”’"
        if after != at + 1 or not follower.isupper() or not _GLUED_NEXT.match(text, after):
            return False
        word = self._word_before(at, sentence)
        if text[at] in "!?":
            return word.isalpha()
        if word.replace(",", "").replace(".", "").isdigit():
            return len(word) > 1 and text[after + 1 : after + 2].islower()
        _, following, _ = self._following(after)
        return len(word) > 2 and word.isalpha() and following.lower() not in DOMAINS and not self._is_known(word)

    def _ends(self, at: int, after: int, sentence: int) -> bool:
        """Return whether the mark at `at`, with its closing quotes up to `after`, ends a sentence."""
        text = self.text
        opener, following, dot = self._following(after)
        if not following or following in {"...", "…"}:
            return True
        lower = self._is_lower(following) and not opener.startswith(_QUOTES)
        mark = text[at:after]
        if mark != ".":
            if lower or (len(mark) > 1 and mark[-1] in _CLOSERS and _CITATION.match(text, after)):
                return False
            if mark[-1] in "\"”'’" and _SPEECH_TAG.match(text, after):
                return False
            if mark[0] in "!?…" or mark[:2] in {"..", ".?", ".!"}:
                return mark != "!" or self._word_before(at, sentence).lower() not in EXCLAIMED_NAMES
        word = self._word_before(at, sentence)
        if not word:
            return not lower
        if lower:
            return len(word) >= _NO_ABBREVIATION and mark == "." and not opener and word.islower() and word.isalpha()
        known = word.lower() in _KNOWN or not word.isalpha() or len(word) < 2 or word.isupper() or not self.cased
        return not known or self._ends_after_known(word, at, sentence, opener, following, dot)

    def _ends_after_known(self, word: str, at: int, sentence: int, opener: str, following: str, dot: str) -> bool:
        """Decide after an abbreviation, an initial or a number; `following` is no small-letter word."""
        low = word.lower()
        starts = following.lower() in SENTENCE_OPENERS and not (dot and len(following) == 1)
        if low in BEFORE_NAME or (_PREFIXED.match(low) and _PREFIXED.sub("", low, count=1) in BEFORE_NAME):
            return False
        if low in BEFORE_NAME_CAPITAL and word[0].isupper():
            return starts and low in MAY_END_CAPITAL
        if following[0].isdigit() and (low in BEFORE_NUMBER or low in CALENDAR or self._may_go_on(word)):
            return False
        if word.isdigit() or _ROMAN.match(word):
            return self._ends_after_numeral(word, at, sentence, following, starts)
        if not self._may_go_on(word):
            return True
        if word == "M" and following in {"Le", "La", "De", "Du", "Des"}:
            return False
        if starts or (opener.startswith(_STARTING) and len(word) > 1):
            return not self._is_fragment_before_initial(at, sentence, word)
        is_title_after_time = low in TIMES_OF_DAY and following.lower() in BEFORE_NAME | BEFORE_NAME_CAPITAL
        return is_title_after_time and len(self.text[sentence:at].split()) > _FEWEST_WORDS

    def _is_fragment_before_initial(self, at: int, sentence: int, word: str) -> bool:
        """Return whether a single small letter follows another one ("z. B. Die"): both belong to what comes next."""
        before = self.text[max(sentence, at - 6) : at].split()
        return len(word) == 1 and len(before) > 1 and len(before[-2]) == 2 and before[-2][0].islower()

    def _ends_after_numeral(self, word: str, at: int, sentence: int, following: str, starts: bool) -> bool:
        if word.isdigit() and not self.text[sentence : at - len(word)].strip():
            return False
        if following.lower() in MONTHS and len(word) <= 2:
            return False
        ordinal = self.language in ORDINAL_LANGUAGES and (len(word) <= 2 or not word.isdigit())
        if ordinal and not starts and following[0].isalpha():
            return False
        return len(word) > 1 or word.isdigit() or starts

    def _may_go_on(self, word: str) -> bool:
        """Return whether the word is an abbreviation or an initial that may stand inside a sentence."""
        low = word.lower()
        if len(word) == 1:
            return word.isalpha()
        if low in MAY_END or _DOTTED.match(word):
            return True
        return word[0].isupper() and (low in MAY_END_CAPITAL or low in CALENDAR)

    def _is_known(self, word: str) -> bool:
        return bool(word) and (word.lower() in _KNOWN or self._may_go_on(word))

    def _is_lower(self, word: str) -> bool:
        """Return whether the word begins small; "iPhone" and "eBay" begin sentences as a capital does."""
        return self.cased and word[0].islower() and not word[1:2].isupper()

    def _word_before(self, at: int, sentence: int) -> str:
        low = max(sentence, at - _LONGEST_WORD)
        text = self.text
        begin = max(text.rfind(" ", low, at), text.rfind("\n", low, at)) + 1
        word = text[max(begin, low) : at].lstrip(_LEADING)
        # "then-U.S. President", "mid-Sept. 4": what comes before the hyphen changes nothing.
        tail = word.rpartition("-")[2]
        return tail if 1 < len(tail) < len(word) and word.lower() not in _KNOWN and self._is_known(tail) else word

    def _following(self, after: int) -> tuple[str, str, str]:
        match = _FOLLOWING.match(self.text, after)
        return (match[1], match[2] or "", match[3]) if match else ("", "", "")
