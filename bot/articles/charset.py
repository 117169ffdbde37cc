"""From bytes to text: byte order mark, strict UTF-8, the declared charset, then detection.

Detection tries the multi-byte charsets of East Asia and Windows-1252 by what their text must look like, because
general detectors need more bytes than a short news item has; charset-normalizer decides the rest.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable

from bot.errors import BadArticle
from bot.text.lazy import compile_later

SAMPLE_BYTES = 65_536  # detection looks at this much: more changes no verdict and costs 10 ms a megabyte
MIN_LIKENESS = 0.9  # share of a sample's characters that must suit a guessed charset
MAX_NUL_SHARE = 0.005  # more NULs than that in 8-bit text is a binary file
MAX_CONTROL_SHARE = 0.01  # likewise for other control characters
MAX_BAD_SHARE = 0.05  # more bad bytes among the non-ASCII characters than that, and it is another charset
UNRECOGNISED = "has a character encoding that could not be recognised: save it as UTF-8"
NOT_TEXT = "is not text, although its name says so"

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Senders name the small charset and use its superset. Source: WHATWG Encoding Standard, section 4.2 "Names and labels".
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
}  # fmt: skip
_ALIASES = {
    "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949",
    "windows-949": "cp949", "x-windows-949": "cp949", "uhc": "cp949", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms932": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp", "x-big5": "big5hkscs", "unicode": "utf-16",
}  # fmt: skip
_STATEFUL = compile_later(
    r"(?i)iso-?2022|hz|utf-?7"
)  # 7-bit charsets: their bytes are valid UTF-8, and mean other things
_ESCAPES = {b"\x1b$)C": "iso2022_kr", b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp", b"\x1b(J": "iso2022_jp"}
_WESTERN = frozenset(
    "àâäáãåæçèéêëìíîïñòóôöõøœùúûüÿßðþýšžÀÂÄÁÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜŸÐÞÝŠŽ‘’“”„‚–—…•€£¥¢§©®™°«»‹›¿¡·½¼¾²³ªº´×±\u00a0\u00ad"
)
_NEVER_GUESSED = ("utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "cp037", "cp500", "cp1026", "cp1140")
_SIGN_IN_WORD = compile_later(r"[A-Za-z][£¥§©¿¡½¼¾²³ª±][A-Za-z]|[A-Za-z]{3}[³²¹¿¡£¥]")
# The characters that fill Chinese news in either script; a tenth of any page of it is these.
_SIMPLIFIED = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
)
_TRADITIONAL = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡"
)
_CONTROL_BYTES = [bytes([code]) for code in (*range(1, 9), *range(14, 27), *range(28, 32))]  # without tabs and escape
_CONTROL = compile_later(r"[\x01-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")


def decode_text(data: bytes, *, declared: str | None = None, path: str = "") -> str:
    """Return the text of `data` without byte order mark and NULs; `declared` is the charset its format names.

    Raises: BadArticle when the bytes are not text or their charset can't be told.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return _checked(data[len(mark) :].decode(name, "replace"), path)
    wide = _decode_utf16(data)
    if wide is not None:
        return wide
    if data.count(b"\0") > len(data) * MAX_NUL_SHARE:
        raise BadArticle(NOT_TEXT, path=path)
    data = data.replace(b"\0", b"")
    stateful = _stateful_charset(data, declared)
    for candidate in (stateful, "utf-8", _codec_name(declared)):
        text = _decode_strictly(data, candidate)
        if text is not None:
            return _checked(text, path)
    return _checked(_decode_damaged_utf8(data) or _decode_detected(data, path), path)


def _checked(text: str, path: str) -> str:
    """Refuse text that is full of control characters; NULs are removed."""
    text = text.replace("\0", "")
    sample = text[:SAMPLE_BYTES]
    controls = len(_CONTROL.findall(sample))
    if controls > 8 and controls > len(sample) * MAX_CONTROL_SHARE:
        raise BadArticle(NOT_TEXT, path=path)
    return text


def _decode_utf16(data: bytes) -> str | None:
    """Return the text of UTF-16 without a mark: NULs on one side only, and what comes out reads as text."""
    sample = data[: SAMPLE_BYTES // 4 * 2]
    low, high = sample[1::2].count(0), sample[0::2].count(0)
    if len(data) % 2 or low == high or max(low, high) < len(sample) * 0.02 or min(low, high) > max(low, high) // 10:
        return None
    name = "utf-16-le" if low > high else "utf-16-be"
    text = _decode_strictly(data, name)
    if text is None or _share(text[:SAMPLE_BYTES], _is_readable) < MIN_LIKENESS:
        return None
    return text.replace("\0", "")


def _stateful_charset(data: bytes, declared: str | None) -> str | None:
    """Return the 7-bit charset that the escape sequences or the declaration name, if any."""
    if declared and _STATEFUL.match(declared.strip()):
        return _codec_name(declared)
    head = data[:SAMPLE_BYTES]
    if b"\x1b" not in head:
        return None
    return next((name for escape, name in _ESCAPES.items() if escape in head), None)


def _codec_name(declared: str | None) -> str | None:
    """Return Python's name of the charset (of its superset where senders mix them up), None when unknown."""
    if not declared:
        return None
    label = declared.strip().strip("\"'").lower()
    label = _ALIASES.get(label, label)
    try:
        info = codecs.lookup(label)
        "".encode(info.name)  # refuses codecs from bytes to bytes, such as zip and hex, by a LookupError
    except (LookupError, ValueError, TypeError):
        return None
    return _SUPERSETS.get(info.name, info.name)


def _decode_strictly(data: bytes, name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return data.decode(name)
    except (UnicodeError, LookupError):
        return None


def _decode_damaged_utf8(data: bytes) -> str | None:
    """Return the text of UTF-8 with a few bad bytes, such as a character cut in two at the end of the file."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    foreign = sum(char > "\x7f" for char in text[:SAMPLE_BYTES]) - bad
    return text if bad <= foreign * MAX_BAD_SHARE else None


def _decode_detected(data: bytes, path: str) -> str:
    """Return the text in the charset whose reading looks like text; a charset is only taken if all bytes fit it.

    A file cut off in the middle of a character still fits: its last four bytes may be bad.
    """
    sample = data[:SAMPLE_BYTES]
    likely = sorted(((score(sample, name), name) for name, score in _CANDIDATES), reverse=True)
    for likeness, name in likely:
        if likeness >= MIN_LIKENESS:
            return data.decode(name, "replace")
    from charset_normalizer import from_bytes  # heavy: only for what is none of the usual charsets

    for match in from_bytes(sample, cp_exclusion=list(_NEVER_GUESSED)):
        text = data.decode(match.encoding, "replace")
        start = text[:SAMPLE_BYTES]
        if not _SIGN_IN_WORD.search(start) and _share(start, _is_readable) >= MIN_LIKENESS:
            return text
    controls = sum(map(sample.count, _CONTROL_BYTES))
    raise BadArticle(NOT_TEXT if controls > len(sample) * MAX_CONTROL_SHARE else UNRECOGNISED, path=path)


def _foreign(sample: bytes, name: str) -> str:
    """Return the non-ASCII characters of the sample, "" when it does not fit the charset (but for a cut-off end)."""
    decoder = codecs.getincrementaldecoder(name)()
    try:
        return "".join(char for char in decoder.decode(sample) if char > "\x7f")
    except UnicodeError:
        return ""


def _share(text: str, suits: Callable[[str], bool]) -> float:
    return sum(map(suits, text)) / len(text) if text else 0.0


def _is_readable(char: str) -> bool:
    return char in "\n\r\t\0" or unicodedata.category(char) not in {"Cc", "Cn", "Co", "Cs"}


def _korean(sample: bytes, name: str) -> float:
    """Share of common syllables (those of KS X 1001, a fifth of all that CP949 can spell), Han and punctuation."""
    text = _foreign(sample, name)
    fits = _share(text, lambda c: _is_common_syllable(c) or "\u4e00" <= c <= "\u9fff" or c in _CJK_MARKS)
    return fits if _share(text, lambda c: "가" <= c <= "힣") >= 0.6 else 0.0


def _is_common_syllable(char: str) -> bool:
    return "가" <= char <= "힣" and char.encode("euc_kr", "ignore") != b""


def _japanese(sample: bytes, name: str) -> float:
    """Share of kana, Han and Japanese punctuation, where there is enough kana; half-width kana is a misreading."""
    text = _foreign(sample, name)
    fits = _share(text, lambda c: "\u3040" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" or c in _CJK_MARKS)
    return fits if _share(text, lambda c: "\u3040" <= c <= "\u30ff") >= 0.15 else 0.0


def _chinese(sample: bytes, name: str) -> float:
    """Share of Han characters and punctuation, where enough of them are the commonest of the charset's script."""
    text = _foreign(sample, name)
    common = _TRADITIONAL if name == "big5hkscs" else _SIMPLIFIED
    fits = _share(text, lambda c: "\u4e00" <= c <= "\u9fff" or c in _CJK_MARKS)
    return fits if _share(text, common.__contains__) >= 0.08 else 0.0


def _western(sample: bytes, name: str) -> float:
    """Share of Western Europe's letters and marks: few among plain letters, and no sign in the middle of a word."""
    text = _foreign(sample, name)
    if len(text) > len(sample) * 0.15 or _SIGN_IN_WORD.search(sample.decode(name, "replace")):
        return 0.0
    return _share(text, _WESTERN.__contains__)


_CJK_MARKS = frozenset(
    "、。〈〉《》「」『』【】〔〕…‥·・“”‘’（）！？，．：；％～―—－＆＋／０１２３４５６７８９△▲■●◆◇○□※→←↑↓㈜㎞㎡㎏℃々ー"
)
_CANDIDATES: tuple[tuple[str, Callable[[bytes, str], float]], ...] = (
    ("cp949", _korean),
    ("cp932", _japanese),
    ("euc_jp", _japanese),
    ("gb18030", _chinese),
    ("big5hkscs", _chinese),
    ("cp1252", _western),
)
