"""Tags off, text kept: for fragments of HTML inside other formats (feeds, JSON, Markdown), in linear time.

A whole page is another matter: it has navigation and clutter, and is read by `bot.articles.html`.
"""

from __future__ import annotations

import html
import re

from bot.text.lazy import compile_later

# Bounded: the search for a tag's end never runs over the rest of a hostile line.
_MAX_TAG_CHARS = 20_000
_TAG_START = compile_later(r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,30})|<!--|<[!?]")
_BLOCKS = frozenset({
    "p", "div", "br", "li", "ul", "ol", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
    "section", "article", "header", "footer", "figure", "figcaption", "hr", "dd", "dt", "dl", "pre", "main", "aside",
    "nav", "address",
})  # fmt: skip
_HIDDEN = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "math", "head"})
_LOOKS_LIKE_HTML = compile_later(
    r"</(?:p|div|a|b|i|em|strong|span|li|ul|h[1-6]|figure|blockquote)\s*>|<(?:p|br)\s*/?>", re.IGNORECASE
)


def has_tags(text: str) -> bool:
    """Tell whether a string is a fragment of HTML rather than text that holds a "<"."""
    return _LOOKS_LIKE_HTML.search(text) is not None


def strip_tags(markup: str) -> str:
    """Return the text of a fragment: each block on lines of its own, entities decoded, scripts and comments gone."""
    kept: list[str] = []
    position = 0
    last_end = markup.rfind(">")
    while position <= last_end:
        tag = _TAG_START.search(markup, position)
        if tag is None:
            break
        kept.append(markup[position : tag.start()])
        name = (tag.group(2) or "").lower()
        if markup.startswith("<!--", tag.start()):
            end = markup.find("-->", tag.end())
            position = len(markup) if end < 0 else end + 3
            continue
        end = markup.find(">", tag.end(), tag.end() + _MAX_TAG_CHARS)
        if end < 0:
            kept.append("<")
            position = tag.start() + 1
            continue
        position = end + 1
        if name in _HIDDEN and not tag.group(1) and markup[end - 1] != "/":
            position = _end_of_hidden(markup, name, position)
        elif name in _BLOCKS:
            kept.append("\n")
    kept.append(markup[position:])
    return html.unescape("".join(kept))


def _end_of_hidden(markup: str, name: str, position: int) -> int:
    close = re.compile(rf"</{name}\b", re.IGNORECASE).search(markup, position)
    if close is None:
        return len(markup)
    end = markup.find(">", close.end())
    return len(markup) if end < 0 else end + 1
