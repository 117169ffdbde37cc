"""The text blocks of a page in reading order, each with what the markup says about it.

One pass over the tree. A block is what a reader sees as one paragraph: the text between two block-level borders or two
line breaks. Hidden text gets a reason at once; text in boxes whose class, id or role names clutter (sharing, related
articles, newsletters, ...) carries a mark, and `bot.articles.html.extraction` decides whether to believe the mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from bot.articles.html.clutter import clutter_of_names, hidden_reason, names_content

Kind = Literal["text", "heading", "item", "cell", "caption", "quote"]

# Never text: program code, form controls, drawings, embedded pages. `template` and `noscript` are not rendered.
SKIPPED_TAGS = (
    "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "applet", "canvas", "audio",
    "video", "map", "select", "option", "datalist", "textarea", "input", "button", "link", "meta", "dialog",
    "frameset", "noframes", "head", "title", "rp", "rt", "portal", "fencedframe", "progress", "meter",
)  # fmt: skip

_BLOCK_TAGS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul caption".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_TAG_MARKS = {"nav": "navigation", "footer": "footer", "aside": "sidebar", "form": "form", "menu": "navigation"}
_KINDS: dict[str, Kind] = {
    "li": "item", "dd": "item", "dt": "item", "td": "cell", "th": "cell", "caption": "caption",
    "figcaption": "caption", "figure": "caption", "blockquote": "quote",
    **dict.fromkeys(_HEADINGS, "heading"),
}  # fmt: skip

_SPACE = re.compile(r"[ \t\r\f\v\n\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
# Deeper than any page people wrote; keeps the walk's stack and the marks of one block small.
_MAX_DEPTH = 2_000
# A single line break parts two paragraphs when the line before it is long and ends like a sentence.
_BREAK_MIN_CHARS = 80
_SENTENCE_END = re.compile(r"""[.!?…。！？؟।]["'”’»)\]]*$""")


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A box that its own markup calls clutter: why, and its element."""

    reason: str
    element: etree._Element

    @property
    def names(self) -> tuple[str, str]:
        """The reason and the class of the box, which boxes of one kind share."""
        return self.reason, self.element.get("class") or ""


@dataclass(slots=True, eq=False)
class Block:
    """One block of text: where it stands, how much of it is links, and what is known against it."""

    text: str
    tag: str
    kind: Kind
    element: etree._Element
    marks: tuple[Mark, ...]
    hidden: str | None
    link_chars: int
    bold: bool = False
    in_content: bool = False

    @property
    def own_chars(self) -> int:
        """The characters that are not links."""
        return len(self.text) - self.link_chars

    @property
    def link_share(self) -> float:
        """The share of the characters that are links, 0 to 1."""
        return self.link_chars / len(self.text) if self.text else 0.0


@dataclass(slots=True)
class _State:
    """What an element hands to its children."""

    block: etree._Element
    tag: str
    kind: Kind
    marks: tuple[Mark, ...]
    hidden: str | None
    in_link: bool
    in_bold: bool
    in_content: bool = False


@dataclass(slots=True)
class _Collector:
    """The pieces of the block being read, and the blocks that are done."""

    blocks: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    link_chars: int = 0
    bold_chars: int = 0
    state: _State | None = None

    def add(self, text: str | None, state: _State) -> None:
        if not text:
            return
        current = self.state
        if current is None or current.block is not state.block or current.hidden != state.hidden:
            self.flush()
            self.state = state
        elif current.marks is not state.marks:
            # A block is clutter when all of its text is: what any part of it is free of, it is free of.
            if not self._has_text() or (len(state.marks) < len(current.marks) and text.strip()):
                self.state = state
        self.pieces.append(text)
        if state.in_link:
            self.link_chars += len(_SPACE.sub(" ", text).strip())
        if state.in_bold:
            self.bold_chars += len(text.strip())

    def break_line(self) -> None:
        if self.pieces:
            self.pieces.append("\x00")

    def flush(self) -> None:
        state = self.state
        if state is not None and self.pieces:
            self._emit("".join(self.pieces), state)
        self.pieces = []
        self.link_chars = 0
        self.bold_chars = 0
        self.state = None

    def _emit(self, raw: str, state: _State) -> None:
        texts = list(_split_lines(raw))
        total = sum(len(text) for text in texts)
        bold = bool(total) and self.bold_chars >= 0.9 * total
        for text in texts:
            # Which part the links stand in is not known after joining: they are shared out by length.
            links = min(len(text), round(self.link_chars * len(text) / total))
            self.blocks.append(
                Block(text, state.tag, state.kind, state.block, state.marks, state.hidden, links, bold, state.in_content)
            )

    def _has_text(self) -> bool:
        return any(piece.strip("\x00 \t\r\n\u00a0") for piece in self.pieces)


def collect_blocks(root: etree._Element) -> list[Block]:
    """Return the text blocks under `root` in document order, hidden and marked ones included."""
    collector = _Collector()
    first = _State(root, "body", "text", (), None, False, False)
    stack: list[tuple[etree._Element, _State, Iterator[etree._Element]]] = []
    _enter(root, first, collector)
    stack.append((root, first, iter(root)))
    while stack:
        element, state, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if stack:
                _leave(element, stack[-1][1], collector)
            continue
        tag = child.tag
        if not isinstance(tag, str):
            collector.add(child.tail, state)
        elif tag == "br":
            collector.break_line()
            collector.add(child.tail, state)
        elif len(stack) >= _MAX_DEPTH:
            collector.add("".join(child.itertext()), state)
            collector.add(child.tail, state)
        else:
            inner = _inherit(child, tag, state)
            _enter(child, inner, collector)
            stack.append((child, inner, iter(child)))
    collector.flush()
    return collector.blocks


def _inherit(element: etree._Element, tag: str, state: _State) -> _State:
    marks = state.marks
    hidden = state.hidden
    attributes = element.attrib
    is_block = tag in _BLOCK_TAGS
    in_content = state.in_content
    reason = _TAG_MARKS.get(tag)
    kind = _KINDS.get(tag, state.kind if state.kind in ("caption", "quote", "item", "cell") else "text")
    if state.kind == "caption" and tag not in ("blockquote", "td", "th"):
        kind = "caption"
    if attributes:
        # Pages that hide themselves whole are shown by their own scripts.
        if hidden is None and tag not in ("html", "body"):
            hidden = hidden_reason(attributes)
        if reason is None and tag not in ("html", "body"):
            reason = clutter_of_names(
                attributes.get("class"), attributes.get("id"), attributes.get("role"), attributes.get("itemprop")
            )
            if reason == "caption":
                kind = "caption"
                reason = None
    if reason is not None:
        marks = (*marks, Mark(reason, element))
        if not in_content and tag not in ("html", "body"):
            in_content = names_content(attributes.get("class"), attributes.get("id"), attributes.get("itemprop"))
    in_link = state.in_link or (tag == "a" and "href" in attributes)
    in_bold = state.in_bold or tag in ("b", "strong")
    if is_block:
        return _State(element, tag, kind, marks, hidden, in_link, in_bold, in_content)
    if marks is state.marks and hidden is state.hidden and in_link is state.in_link and in_bold is state.in_bold:
        if kind == state.kind:
            return state
    return _State(state.block, state.tag, kind, marks, hidden, in_link, in_bold, in_content)


def _enter(element: etree._Element, state: _State, collector: _Collector) -> None:
    if state.block is element:
        collector.flush()
    collector.add(element.text, state)


def _leave(element: etree._Element, outer: _State, collector: _Collector) -> None:
    if element.tag in _BLOCK_TAGS:
        collector.flush()
    collector.add(element.tail, outer)


def _split_lines(raw: str) -> Iterator[str]:
    """Yield the paragraphs of a block: parted at double line breaks, and at single ones that end a long sentence."""
    if "\x00" not in raw:
        text = _SPACE.sub(" ", raw).strip()
        if text:
            yield text
        return
    current = ""
    breaks = 0
    for part in raw.split("\x00"):
        text = _SPACE.sub(" ", part).strip()
        if not text:
            breaks += 1
            continue
        ends = breaks > 0 or (len(current) >= _BREAK_MIN_CHARS and _SENTENCE_END.search(current) is not None)
        if current and ends:
            yield current
            current = text
        else:
            current = f"{current} {text}" if current else text
        breaks = 0
    if current:
        yield current
