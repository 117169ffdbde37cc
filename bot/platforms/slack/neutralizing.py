"""Makes text from articles harmless for Slack, measures it as Slack does, and cuts it without breaking words.

Visible text goes into plain_text and rich_text, where Slack parses nothing. What Slack does parse (the fallback text of
notifications) is escaped, and what would come alive in it is broken up by a zero-width space.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

from bot.text.normalizing import strip_hidden

MAX_URL_CHARS = 3000
"""Characters of a link. Source: https://docs.slack.dev/reference/block-kit/block-elements/button-element (url)"""

ELLIPSIS = "…"
_BREAKER = "\u200b"
_WORD = re.compile(r"\S+\s*|\s+")
_LONG_RUN_OF_BLANK_LINES = re.compile(r"\n{3,}")
_ADDRESS = re.compile(r"(?i)\b(?:https?|ftp|mailto|tel|slack|www)(?=[:.])|(?<=\w)(?=\.[a-z]{2})")
_EMOJI = re.compile(r":(?=[\w+'-]{1,100}:)")


def shown(text: str) -> str:
    """Return the text as readers may see it: nothing hidden in it, no floods of blank lines."""
    return _LONG_RUN_OF_BLANK_LINES.sub("\n\n", strip_hidden(text)).strip()


def one_line(text: str) -> str:
    """Return the text as `shown` does, on one line."""
    return " ".join(strip_hidden(text).split())


def weigh(text: str) -> int:
    """Return the length Slack may count: UTF-16 units after escaping, or after NFKC where that is longer."""
    if text.isascii():
        return len(text) + _growth_by_escaping(text)
    folded = unicodedata.normalize("NFKC", text)
    return max(_utf16_units(text) + _growth_by_escaping(text), _utf16_units(folded) + _growth_by_escaping(folded))


def escape_mrkdwn(text: str) -> str:
    """Return text in which mrkdwn finds nothing to parse.

    Source: https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    dead = _EMOJI.sub(":" + _BREAKER, text)
    dead = _ADDRESS.sub(lambda match: match[0] + _BREAKER, dead).replace("@", "@" + _BREAKER)
    return dead.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape_mrkdwn(text: str) -> str:
    """Return what a user typed, from the text of an event: Slack escapes exactly three characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def split_text(text: str, *, max_weight: int) -> list[str]:
    """Return the text in pieces of this weight at most, cut between words; only a longer word is cut inside."""
    pieces: list[str] = []
    current, current_weight = "", 0
    for word in _words(text, max_weight=max_weight):
        weight = weigh(word)
        if current and current_weight + weight > max_weight:
            pieces.append(current.rstrip())
            current, current_weight = "", 0
        current += word
        current_weight += weight
    if current.strip():
        pieces.append(current.rstrip())
    return [piece for piece in pieces if piece.strip()]


def shorten(text: str, *, max_weight: int) -> str:
    """Return the text, or its beginning up to a word border with an ellipsis."""
    if weigh(text) <= max_weight:
        return text
    pieces = split_text(text, max_weight=max_weight - weigh(ELLIPSIS) * 3)
    return (pieces[0] if pieces else "") + ELLIPSIS


def live_url(url: str) -> str | None:
    """Return an article's own address if it may be a link: http or https, a host, nothing hidden, not too long."""
    if len(url) > MAX_URL_CHARS or strip_hidden(url) != url or re.search(r"[\s<>|\"\\]", url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme.lower() in ("http", "https") and host and "@" not in parts.netloc else None


def _words(text: str, *, max_weight: int) -> list[str]:
    words: list[str] = []
    for match in _WORD.finditer(text):
        word = match[0]
        words.extend(_cut_word(word, max_weight=max_weight) if weigh(word) > max_weight else [word])
    return words


def _cut_word(word: str, *, max_weight: int) -> list[str]:
    pieces: list[str] = []
    start, weight = 0, 0
    for index, character in enumerate(word):
        cost = weigh(character)
        if weight + cost > max_weight and not _joins_the_one_before(character):
            pieces.append(word[start:index])
            start, weight = index, 0
        weight += cost
    pieces.append(word[start:])
    return [part for piece in pieces for part in _cut_marks(piece, max_weight=max_weight)]


def _cut_marks(piece: str, *, max_weight: int) -> list[str]:
    """Cut what is still too long because it is one letter under thousands of combining marks."""
    if weigh(piece) <= max_weight:
        return [piece]
    step = max(1, max_weight // 20)
    return [piece[start : start + step] for start in range(0, len(piece), step)]


def _joins_the_one_before(character: str) -> bool:
    return character in "\u200c\u200d" or unicodedata.category(character) in ("Mn", "Mc", "Me")


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _growth_by_escaping(text: str) -> int:
    return 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))
