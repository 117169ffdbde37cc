"""Text from outside made dead for Discord: it shows as itself and is never markup, a mention, a link or a time.

discord.py's own escapers miss command mentions, channels, timestamps, invites, raw addresses and custom emoji.
Source: https://discord.com/developers/docs/reference#message-formatting
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

from bot.text.normalizing import strip_hidden

BREAK = "\u200b"
"""A zero-width space, put where two characters together would come alive. Source: discord.utils.escape_mentions."""

MAX_URL_UNITS = 1_000
"""UTF-16 units of an address that is linked; longer ones carry tracking or data, and would fill the message."""

_PAIRS = r":(?=/)|@|(?i:(?<=discord)\.(?=\w)|(?<=discordapp)\.(?=\w)|\.(?=gg\b))"
_LIVE = re.compile(rf"(?P<mark>[\\*_~`|\[\]<>#]|(?<=\])\(|:(?=[\w+~-]{{1,64}}:))|(?P<pair>{_PAIRS})")
_LIVE_IN_LABEL = re.compile(rf"<(?=[@#/:\w])|{_PAIRS}")
_LEADING_MARK = re.compile(r"^(?:[-+\u2022](?=\s|#|$)|(\d{1,10})([.)]))")
_FULL_WIDTH_STOPS = "。、，！？；"
_LAYOUT_MARKS = " -#>—"
"""Marks that begin a line of ours: alone at the end of a piece they would show as themselves."""
_ELLIPSIS = "…"
_JOINED = "\u200d\ufe0f"
_URL_SAFE = ":/?#!$&+,;=%.-_'"


def neutralize(text: str) -> str:
    """Return the text on one line, nothing of it live; no escape in it holds a space."""
    flat = " ".join(strip_hidden(text).split())
    return _LEADING_MARK.sub(_escape_leading, _LIVE.sub(_kill, flat))


def neutralize_label(text: str, *, limit: int) -> str:
    """Return text for a place that knows no markup (a button, a choice, a title), at most `limit` units long."""
    flat = " ".join(strip_hidden(text).split())
    return clip(_LIVE_IN_LABEL.sub(lambda match: match[0] + BREAK, flat), limit)


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
    if len(text) <= limit and units(text) <= limit:
        return text
    return next(split_units(text, limit - units(_ELLIPSIS))) + _ELLIPSIS


def split_units(text: str, limit: int) -> Iterator[str]:
    """Yield the text in pieces of at most `limit` units that end at a word's border; the space there goes.

    A single word longer than the limit is cut between two characters, never inside an escape.
    """
    start = 0
    while start < len(text):
        window = text[start : start + limit + 1]
        end = _piece_end(window, limit)
        yield window[:end].rstrip(" ")
        start += end
        while start < len(text) and text[start] == " ":
            start += 1


def _kill(match: re.Match[str]) -> str:
    found = match.group()
    if match["pair"]:
        return found + BREAK
    return f"\\<{BREAK}" if found == "<" else "\\" + found


def _escape_leading(match: re.Match[str]) -> str:
    return f"{match[1]}\\{match[2]}" if match[1] else "\\" + match.group()


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _piece_end(window: str, limit: int) -> int:
    """Return where the first piece of this window ends; `window` goes on beyond the limit if the text does."""
    end = _cut(window, limit)
    if end == len(window):
        return end
    border = max(window.rfind(" ", 1, end + 1), *(window.rfind(mark, 0, end) + 1 for mark in _FULL_WIDTH_STOPS))
    if border > 0 and window[:border].strip(_LAYOUT_MARKS):
        return border
    while end > 1 and (window[end - 1] == "\\" or unicodedata.combining(window[end]) or window[end] in _JOINED):
        end -= 1
    return end


def _cut(text: str, limit: int) -> int:
    """Return the largest index up to which the text uses at most `limit` units."""
    low, high = 0, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if units(text[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return max(low, 1)
