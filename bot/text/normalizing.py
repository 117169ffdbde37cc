"""Text as it is read: one form of each character, nothing invisible.

Hidden characters carry smuggled instructions, break matching and reverse what is shown; they go, except the joiners
that a script or an emoji sequence needs to be spelled at all.
Source: Unicode 15 general category Cf; UAX 31 section 2.3 (joiners); UTS 51 (emoji ZWJ sequences).
"""

from __future__ import annotations

import re
import unicodedata

from bot.text.lazy import compile_later

# Scripts that are misspelled without ZWNJ or ZWJ: Arabic, Syriac, N'Ko, Indic, Thai to Myanmar, Khmer, Mongolian.
_JOINED_SCRIPTS = r"\u0600-\u08ff\u0900-\u0dff\u0e00-\u109f\u1780-\u18af\ua8e0-\ua8ff\ufb50-\ufdff\ufe70-\ufefc"
_EMOJI = r"\u00a9\u00ae\u203c\u2049\u2122\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_JOINER = (
    rf"(?<![{_JOINED_SCRIPTS}{_EMOJI}\ufe0f])[\u200c\u200d]"
    rf"|(?<=[{_EMOJI}\ufe0f])(?:\u200c|\u200d(?![{_EMOJI}]))"
)
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# A variation selector chooses the form of one visible character; runs of them are used to smuggle bytes.
_SELECTOR = (
    r"(?<=[\s\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f]"
    rf"|(?<![{_HAN}])[\U000e0100-\U000e01ef]"
)
_NONASCII_HIDDEN = (
    r"[\x80-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_CONTROLS = r"[\x00-\x08\x0e-\x1b\x7f]"
_HIDDEN = compile_later(rf"{_CONTROLS}|{_JOINER}|{_SELECTOR}|{_NONASCII_HIDDEN}")
_ANY_SUSPECT = compile_later(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff\U00013430-\U0001345f\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ASCII_SUSPECTS = bytes((*range(0x09), *range(0x0B, 0x20), 0x7F))
_LINE_BREAK = compile_later(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SURROGATE = compile_later(r"[\ud800-\udfff]")
_SPACE = compile_later(r"[\t\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_QUOTE_FOLDS = {
    **dict.fromkeys("“”„‟«»〝〞〟＂❝❞″", '"'),
    **dict.fromkeys("‘’‚‛‹›ʼʹ′´`＇❛❜", "'"),
    **dict.fromkeys("‐‑‒–—―−﹘﹣－⸺⸻", "-"),
}
_FOLDABLE = compile_later("[" + "".join(_QUOTE_FOLDS) + "]")


def normalize(text: str) -> str:
    """Return the text in NFC with LF line breaks, plain spaces and nothing hidden; paragraphs and lines stay."""
    shown = strip_hidden(text)
    if shown.isascii():
        return shown.replace("\t", " ")
    return _SPACE.sub(" ", unicodedata.normalize("NFC", shown))


def strip_hidden(text: str) -> str:
    """Return the text without control, format, tag and filler characters.

    Line breaks of every kind become LF, tabs stay. ZWNJ and ZWJ stay where the script before them needs them or an
    emoji sequence is joined; a lone surrogate becomes U+FFFD.
    """
    if not _has_suspects(text):
        return text
    shown = _LINE_BREAK.sub("\n", text).replace("\x1f", " ")
    return _SURROGATE.sub("\ufffd", _HIDDEN.sub("", shown))


def _has_suspects(text: str) -> bool:
    """Return whether there is a character that is no tab, no LF and not plainly visible."""
    if text.isascii():
        return len(text.encode().translate(None, _ASCII_SUSPECTS)) < len(text)
    return _ANY_SUSPECT.search(text) is not None


def fold_quotes(text: str) -> str:
    """Return the text with typographic quotes and dashes as ASCII ones; the length never changes."""
    if text.isascii():
        return text.replace("`", "'")
    return _FOLDABLE.sub(_fold, text)


def _fold(match: re.Match[str]) -> str:
    return _QUOTE_FOLDS[match.group()]
