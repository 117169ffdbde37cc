"""What the cleaner works on: blocks (a line, or hard-wrapped lines joined again), their measures and their labels.

A block is measured once, on its beginning and end only, so that a line of megabytes costs as much as a short one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.text.lazy import Lazy, compile_later
from bot.text.normalizing import fold_quotes

# Every threshold of the cleaner lies under 80 words; more of a block than this many characters is never looked at.
_MEASURED_CHARS = 1_200
# A block's end is judged on this many characters: longer than any run of closing quotes, brackets and blanks.
_END_CHARS = 24
# Below this many words a line is not a sentence that could carry an article.
STRONG_WORDS = 12
# A block without a terminator still carries an article from here on.
LONG_WORDS = 25
MAX_DECK_WORDS = 50
# Thai, Lao, Khmer, Burmese and Tibetan write few or no terminators and no spaces between words: characters a word.
_UNSPACED_CHARS_PER_WORD = 5
# Two Han or Kana characters carry about what a word does; a Hangul word (eojeol) carries more than an English one.
_HAN_CHARS_PER_WORD = 2
_HANGUL_WEIGHT = 1.3

_BULLET = compile_later(
    r"\s{0,12}(?:[•‣▪●◦·∙■□▶►▲△◆◇◈※⁃○✓✔➤→*–—-]\s{1,8}|[•‣▪●◦■▶►◆➤]|\(?\d{1,2}[.)]\s{1,8}(?!\d))(?=\S)"
)
_DOT_BULLET = compile_later(r"^\s{0,12}(?:[•‣▪●◦·∙■□▶►▲△◆◇◈⁃○✓✔➤→*–—-]\s{1,8}|[•‣▪●◦■▶►◆➤])(?=\S)")
_HAN = compile_later(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_HANGUL = compile_later(r"[\uac00-\ud7a3]+")
_UNSPACED = compile_later(r"[\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff]")
_WORD = compile_later(r"[^\W_]+(?:['’.-][^\W_]+)*")
_JOINERS = "'.-"
# The kinds of ASCII characters: "a" a letter, "1" a digit, "-" a sign that may stand inside a word, " " any other.
_KINDS = bytes(
    ord("a" if sign.isalpha() else "1" if sign.isdigit() else "-" if sign in _JOINERS else " ")
    for sign in map(chr, range(128))
) + bytes(128)
_NO_ALNUM = bytes(code for code in range(128) if not chr(code).isalnum())
_LETTERS = compile_later(r"[^\W\d_]")
_DIGIT = compile_later(r"\d")
# Outside Latin letters and common punctuation, or Latin letters that are small forms of "i" and "s" for the
# expressions that ignore case: "ı", "İ", "ſ".
_NOT_PLAIN = compile_later(r"[^\x00-\x7f\u00b4\u00b7\u00c0-\u0129\u0132-\u017e\u2013\u2014\u2018-\u201e\u2026]")
_TERMINATORS = ".!?。！？．…‥؟۔।॥։።་།။៕។"
_CLOSERS = "\"'”’»」』】〉》)]）］｣›“` "
_SENTENCE_INSIDE = compile_later(r"(?:[.!?؟۔।]['\"”’)\]]?\s+\S|[。！？]\S)")
# "... he said. (dpa)": finished, and signed by an agency.
_SIGNED_END = compile_later(r"[.!?。…]['\"”’»」]?\s?[(（][^()（）]{1,30}[)）]$")
_SIGNED_END_CHARS = 40
# Korean sentences that lost their full stop still end in a closing syllable.
_KOREAN_END = compile_later(r"(?:[니했였었았한된인있없이]다|습니까|세요|어요|아요|네요|군요)$")


class Label(StrEnum):
    """What a block is; the value is the reason people read for every label but the body's."""

    BODY = "body"
    TITLE = "title"
    DECK = "deck"
    BYLINE = "byline"
    DATE = "publication date"
    KEY_POINT = "key point"
    CAPTION = "caption"
    SUBHEAD = "subhead"
    SOURCE = "source"
    SECTION = "section label"
    SHARE = "share button"
    MENU = "menu or settings"
    RELATED = "related articles"
    COMMENT = "comment form"
    CONTACT = "contact"
    LINK = "link"
    SEPARATOR = "separator"
    COPYRIGHT = "copyright"
    CREDIT = "credit"
    ADVERTISEMENT = "advertisement"
    REPEATED = "repeated line"
    AFTER_END = "after the article's end"
    BEFORE_START = "before the article's start"
    HIDDEN = "hidden characters"


@dataclass(frozen=True)
class Block:
    """Consecutive lines that read as one; `text` has single blanks. Lines count from 1 and are inclusive."""

    first_line: int
    last_line: int
    text: str

    @Lazy
    def head(self) -> str:
        """The measured beginning of the text."""
        return self.text[:_MEASURED_CHARS]

    @Lazy
    def folded(self) -> str:
        """The beginning in lower case with straight quotes and dashes: what the patterns look at."""
        return fold_quotes(self.text[:_MEASURED_CHARS]).lower()

    @Lazy
    def is_bullet(self) -> bool:
        """Whether it starts with a bullet sign or an item number."""
        return not self.text[:1].isalpha() and _BULLET.match(self.text) is not None

    @Lazy
    def unbulleted(self) -> str:
        """The text without its bullet sign; an item number stays."""
        return self.text if self.text[:1].isalpha() else _DOT_BULLET.sub("", self.text, count=1)

    @Lazy
    def words(self) -> int:
        """How many words it says, scaled for scripts that write without spaces; counted up to a bound."""
        return _count_ascii_words(self._kinds) if self._kinds else _count_scaled_words(self.head)

    @Lazy
    def has_letters(self) -> bool:
        """Whether there is anything to read in it."""
        return self.text[:1].isalpha() or _LETTERS.search(self.head) is not None

    @Lazy
    def has_digits(self) -> bool:
        """Whether a digit of any script stands in it."""
        return b"1" in self._kinds if self._kinds else _DIGIT.search(self.head) is not None

    @Lazy
    def is_plain(self) -> bool:
        """Whether it has nothing but Latin letters and common signs: patterns of other scripts need not be tried."""
        return is_plain(self.text)

    @Lazy
    def is_unspaced(self) -> bool:
        """Whether it is written in a script without terminators (Thai, Lao, Tibetan, Burmese, Khmer)."""
        return len(_UNSPACED.findall(self.head)) * 2 > len(self.head)

    @Lazy
    def is_terminated(self) -> bool:
        """Whether it ends as a sentence does, in any script."""
        end = self.text[-_END_CHARS:].rstrip(_CLOSERS)
        if end[-1:] in _TERMINATORS and end:
            return True
        if _SIGNED_END.search(self.text[-_SIGNED_END_CHARS:]):
            return True
        if self.text.isascii():
            return False
        if self.is_unspaced:
            return self.words >= STRONG_WORDS
        return _KOREAN_END.search(end) is not None and self.words >= 5

    @Lazy
    def is_question(self) -> bool:
        """Whether it ends in a question mark."""
        return self.text[-_END_CHARS:].rstrip(_CLOSERS)[-1:] in ("?", "？", "؟")

    @Lazy
    def is_one_sentence(self) -> bool:
        """Whether no sentence seems to end inside it."""
        return _SENTENCE_INSIDE.search(self.head[:-1]) is None

    @Lazy
    def is_strong(self) -> bool:
        """Whether it is long and finished enough to be a paragraph of an article."""
        return self.is_terminated and self.words >= STRONG_WORDS and not self.is_bullet

    @Lazy
    def key(self) -> str:
        """What two copies of one line have in common."""
        return " ".join(_WORD.findall(self._lowered))

    @Lazy
    def rough_key(self) -> str:
        """The letters and digits of the key: faster to find, and different only where the keys are."""
        lowered = self._lowered
        if lowered.isascii():
            return lowered.encode().translate(None, _NO_ALNUM).decode()
        rough = self.key.replace(" ", "")
        for sign in _JOINERS:
            rough = rough.replace(sign, "")
        return rough

    @Lazy
    def _kinds(self) -> bytes:
        """The kinds of the beginning's characters after two blanks; empty when they are not all ASCII."""
        head = self.text[:_MEASURED_CHARS]
        return b"  " + head.encode().translate(_KINDS) if head.isascii() else b""

    @property
    def _lowered(self) -> str:
        return self.text.lower() if len(self.text) <= _MEASURED_CHARS else self.folded


def is_plain(text: str) -> bool:
    """Return whether a text has nothing but Latin letters and common signs."""
    return text.isascii() or _NOT_PLAIN.search(text) is None


def _count_scaled_words(text: str) -> int:
    """Return the number of words, two Han or Kana characters or five Thai ones counting as a word."""
    han = len(_HAN.findall(text))
    unspaced = len(_UNSPACED.findall(text))
    hangul = len(_HANGUL.findall(text))
    if han or unspaced:
        text = _UNSPACED.sub(" ", _HAN.sub(" ", text))
    scaled = (_HANGUL_WEIGHT - 1) * hangul + han / _HAN_CHARS_PER_WORD + unspaced / _UNSPACED_CHARS_PER_WORD
    return len(_WORD.findall(text)) + round(scaled)


def _count_ascii_words(kinds: bytes) -> int:
    """Return the number of matches of `_WORD`: of letters that follow anything but letters and one joiner."""
    kinds = kinds.replace(b"1", b"a")
    return kinds.count(b" a") + kinds.count(b" -a") + kinds.count(b"--a")
