"""Odd names made visible: what a log or a table shows must neither hide, reorder nor break a line."""

from __future__ import annotations

import re

from bot.text.lazy import compile_later

_ODD = compile_later(
    r"[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)


def escape_visible(text: str) -> str:
    """Return the text on one line with every control, bidi, invisible or surrogate character escaped.

    A byte that was not UTF-8 (surrogateescape) is shown as the byte it was: `\\xff`; others as `\\x0a` or `\\u202e`.
    """
    return _ODD.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
