"""Markdown: its marks are taken off line by line, so that line numbers stay those of the file.

Headings below the title become subheads; the text itself goes to the cleaner, because news pasted into a .md file
has the same clutter as any other.
"""

from __future__ import annotations

from dataclasses import replace

from bot.articles.charset import decode_text
from bot.articles.formats.markup import strip_tags
from bot.articles.formats.text import split_front_matter
from bot.articles.raw import RawArticle, RawArticles
from bot.model import RemovedLine
from bot.text.lazy import compile_later

_HEADING = compile_later(r" {0,3}(#{1,6})[ \t](.*)$")
_UNDERLINE = compile_later(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = compile_later(r" {0,3}(?:```|~~~)")
_BREAK = compile_later(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE_MARK = compile_later(r"^(?: {0,3}>[ \t]?)+")
_BULLET = compile_later(r"^[ \t]*[-*+][ \t]+(?=\S)")
_TABLE_RULE_CHARS = frozenset(" \t:|-")
_DEFINITION = compile_later(r" {0,3}\[[^\]\n]{1,200}\]:[ \t]")
# Bounded and free of nesting: a line of 40,000 brackets takes time in proportion to its length.
_IMAGE = compile_later(r"!\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)")
_LINK = compile_later(
    r"\[([^\[\]\n]{1,500})\](?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\)|\[[^\[\]\n]{0,200}\])"
)
_AUTOLINK = compile_later(r"<(https?://[^\s<>]{1,2000})>")
_FOOTNOTE = compile_later(r"\[\^[^\]\n]{1,50}\]")
_CODE = compile_later(r"`([^`\n]{1,500})`")
_STRONG_MARK = compile_later(r"\*\*+|(?<!\w)__|__(?!\w)|~~")
_EMPHASIS_MARK = compile_later(r"(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")
_ESCAPE = compile_later(r"\\([!-/:-@\[-`{-~])")
_TAG = compile_later(r"<(?:/?[A-Za-z]|!--)")


def read_markdown(data: bytes, path: str) -> RawArticles:
    """Return the article of a Markdown file, or its articles when each has front matter of its own."""
    found = split_front_matter(decode_text(data, path=path).replace("\r\n", "\n").replace("\r", "\n"))
    return RawArticles(_strip_marks(raw) for raw in found)


def _strip_marks(raw: RawArticle) -> RawArticle:
    """Return the item as plain text with its title, subheads and captions in their fields."""
    lines = (raw.text or "").split("\n")
    title, captions = raw.title, list(raw.captions)
    subheads: list[str] = []
    removed = list(raw.removed)
    plain: list[str] = []
    fenced = False
    for number, line in enumerate(lines, raw.first_line):
        index = number - raw.first_line
        if _FENCE.match(line):
            fenced = not fenced
            plain.append("")
            continue
        heading = None if fenced else _heading(lines, index)
        if heading is None:
            shown = "" if _is_mark_only(line, lines[index - 1] if index else "") else line
            for caption in _IMAGE.findall(shown):
                if caption.strip():
                    captions.append(_plain(caption))
            plain.append(_plain(_BULLET.sub("", _QUOTE_MARK.sub("", _IMAGE.sub("", shown), count=1), count=1)))
            continue
        level, text = heading
        plain.append("")
        if title is None and level == 1:
            title = text
            removed.append(RemovedLine(line=number, text=text, reason="title"))
        elif text == title:
            removed.append(RemovedLine(line=number, text=text, reason="repeats the title"))
        else:
            subheads.append(text)
            removed.append(RemovedLine(line=number, text=text, reason="subhead"))
    body = strip_tags("\n".join(plain)) if _TAG.search("\n".join(plain)) else "\n".join(plain)
    return replace(
        raw, text=body, title=title, subheads=tuple(subheads), captions=tuple(captions), removed=tuple(removed)
    )


def _heading(lines: list[str], index: int) -> tuple[int, str] | None:
    """Return the level and text of a heading in either style."""
    line = lines[index]
    match = _HEADING.match(line)
    if match:
        text = _plain(match.group(2).rstrip().rstrip("#"))
        return (len(match.group(1)), text) if text else None
    below = lines[index + 1] if index + 1 < len(lines) else ""
    above = lines[index - 1] if index else ""
    mark = _UNDERLINE.match(below)
    if mark and line.strip() and not above.strip() and len(line) < 200 and not _is_mark_only(line, above):
        return (1 if mark.group(1)[0] == "=" else 2), _plain(line)
    return None


def _is_mark_only(line: str, above: str) -> bool:
    """Tell whether a line is a rule, a heading's underline, a table's rule or a link's definition: no text."""
    if not line.strip():
        return False
    if _BREAK.match(line) or _DEFINITION.match(line):
        return True
    if _UNDERLINE.match(line) and above.strip():
        return True
    return "|" in line and "-" in line and _TABLE_RULE_CHARS.issuperset(line)


def _plain(text: str) -> str:
    """Return one line without inline marks."""
    text = _AUTOLINK.sub(r"\1", _LINK.sub(r"\1", text))
    text = _CODE.sub(r"\1", _FOOTNOTE.sub("", text))
    text = _EMPHASIS_MARK.sub("", _STRONG_MARK.sub("", text))
    return _ESCAPE.sub(r"\1", text).strip()
