"""Text from outside made dead for Discord: it shows as itself and is never markup, a mention, a link or a time.

discord.py's own escapers miss command mentions, channels, timestamps, invites, raw addresses and custom emoji.
Source: https://discord.com/developers/docs/reference#message-formatting
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from bot.text.normalizing import strip_hidden

BREAK = "\u200b"
"""A zero-width space, put where two characters together would come alive. Source: discord.utils.escape_mentions."""

MAX_URL_UNITS = 1_000
"""UTF-16 units of an address that is linked; longer ones carry tracking or data, and would fill the message."""

_MARKUP = re.compile(r"[\\*_~`|\[\]<>#]")
_LIVE_PAIR = re.compile(r":(?=/)|@|(?<=\])\((?=.)|(?i:(?<=discord)\.(?=\w)|(?<=discordapp)\.(?=\w)|\.(?=gg\b))")
_SHORTCODE = re.compile(r":(?=[\w+~-]{1,64}:)")
_LEADING_MARK = re.compile(r"^(?:[-+\u2022](?=\s|#|$)|(\d{1,10})([.)]))")
_URL_SAFE = ":/?#!$&+,;=%.-_'"


def neutralize(text: str) -> str:
    """Return the text on one line, nothing of it live; no escape in it holds a space."""
    flat = " ".join(strip_hidden(text).split())
    paired = _LIVE_PAIR.sub(_break_pair, flat)
    paired = _SHORTCODE.sub(r"\\:", paired)
    escaped = _MARKUP.sub(_escape, paired)
    return _LEADING_MARK.sub(_escape_leading, escaped)


def neutralize_label(text: str, *, limit: int) -> str:
    """Return text for a place that knows no markup (a button, a choice, a title), at most `limit` units long."""
    flat = " ".join(strip_hidden(text).split())
    return clip(flat.replace("@", "@" + BREAK), limit)


def linkable(url: str) -> str | None:
    """Return the address as it may stand between `(<` and `>)`, or None when it is not a plain web address."""
    shown = strip_hidden(url).strip()
    try:
        parts = urlsplit(shown)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    quoted = quote(shown, safe=_URL_SAFE)
    return quoted if units(quoted) <= MAX_URL_UNITS else None


def units(text: str) -> int:
    """Return how much of a limit the text uses: UTF-16 units, also if the server brings it to NFKC first."""
    if text.isascii():
        return len(text)
    return max(_utf16(text), _utf16(unicodedata.normalize("NFKC", text)))


def clip(text: str, limit: int) -> str:
    """Return the text, ended with an ellipsis at a word's border when it uses more than `limit` units."""
    if units(text) <= limit:
        return text
    head, _rest = split_units(text, limit - 1)
    return head.rstrip() + "…"


def split_units(text: str, limit: int) -> tuple[str, str]:
    """Return the longest head of at most `limit` units that ends at a word's border, and the rest without its space.

    A single word longer than the limit is cut between two characters, never inside an escape.
    """
    end = _cut(text, limit)
    if end >= len(text):
        return text, ""
    border = max(text.rfind(" ", 0, end + 1), _last_cjk_border(text, end))
    if border > end // 2:
        return text[:border].rstrip(), text[border:].lstrip()
    space = text.rfind(" ", 0, end + 1)
    if space > 0:
        return text[:space].rstrip(), text[space:].lstrip()
    while end > 1 and (text[end - 1] == "\\" or unicodedata.combining(text[end]) or text[end] in "\u200d\ufe0f"):
        end -= 1
    return text[:end], text[end:]


def _break_pair(match: re.Match[str]) -> str:
    found = match.group()
    return "\\(" if found == "(" else found + BREAK


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    return f"\\<{BREAK}" if found == "<" else "\\" + found


def _escape_leading(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if match[1] else "\\" + match.group()


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, limit: int) -> int:
    """Return the largest index up to which the text uses at most `limit` units."""
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if units(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _last_cjk_border(text: str, end: int) -> int:
    """Return the index after the last full-width stop or comma before `end`, or -1."""
    return max((text.rfind(mark, 0, end) for mark in "。、，！？；"), default=-2) + 1 or -1
