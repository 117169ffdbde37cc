"""The text blocks of a page in reading order, each with what the markup says about it.

One pass over the tree. A block is what a reader sees as one paragraph: the text between two block-level borders or two
line breaks. Hidden text gets a reason at once; text in boxes whose class, id or role names clutter (sharing, related
articles, newsletters, ...) carries a mark, and `bot.articles.html.extraction` decides whether to believe the mark.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from bot.articles.html.clutter import HIDING_ATTRIBUTES, hidden_reason, names_say
from bot.text.lazy import compile_later

Kind = Literal["text", "heading", "item", "cell", "caption", "quote"]

# Never text: program code, form controls, drawings, embedded pages; a `template` is not rendered.
_SKIPPED_TAGS = (
    "script", "style", "template", "svg", "math", "iframe", "object", "embed", "applet", "canvas", "audio",
    "video", "map", "select", "option", "datalist", "textarea", "input", "button", "link", "meta", "dialog",
    "frameset", "noframes", "title", "base", "rp", "rt", "portal", "fencedframe", "progress", "meter",
    "amp-ad", "amp-embed", "amp-iframe", "amp-social-share",
)  # fmt: skip

# More than this share of a page's text can't be a fallback for browsers without scripts.
_WHOLE_PAGE = 0.9
_BLOCK_TAGS = frozenset((
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup",
    "hr", "html", "legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "ul", "caption",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_TAG_MARKS = {"nav": "navigation", "footer": "footer", "aside": "sidebar", "form": "form", "menu": "navigation"}
_KINDS: dict[str, Kind] = {
    "li": "item", "dd": "item", "dt": "item", "td": "cell", "th": "cell", "caption": "caption",
    "figcaption": "caption", "figure": "caption", "blockquote": "quote",
    **dict.fromkeys(_HEADINGS, "heading"),
}  # fmt: skip

_ROLE_MARKS = {
    "navigation": "navigation", "complementary": "sidebar", "contentinfo": "footer", "search": "form",
    "dialog": "overlay", "alertdialog": "overlay", "banner": "navigation", "toolbar": "share", "menu": "navigation",
    "menubar": "navigation",
}  # fmt: skip
STYLED_AWAY = "hidden text (style sheet)"
_MENU_REASONS = frozenset(("navigation", "footer"))
_TEXT_TAGS = ("p", "h1", "article", "br")
_LASTING_KINDS = frozenset(("caption", "quote", "item", "cell"))
_BOLD_TAGS = frozenset(("b", "strong"))
_BOLD_SHARE = 0.9
# A shorter line all in bold that is no sentence serves as a heading.
_BOLD_LINE_CHARS = 80
# NUL can't stand in parsed text, so it marks a line break.
_LINE_BREAK = "\x00"
# Boxes nested deeper add nothing to what their outer boxes say.
_MAX_MARKS = 40
# A single line break parts two paragraphs when the line before it is long and ends like a sentence.
_BREAK_MIN_CHARS = 80
_SENTENCE_END = compile_later(r"""[.!?…。！？؟।]["'”’»)\]]{0,3}$""")


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
    """What an element hands to its children; `block` is the nearest block-level element."""

    block: etree._Element
    tag: str
    kind: Kind
    marks: tuple[Mark, ...]
    hidden: str | None
    in_link: bool
    in_bold: bool
    in_content: bool


def drop_unread(root: etree._Element) -> None:
    """Take out of the tree what a reader with a browser never sees as text."""
    etree.strip_elements(root, *_SKIPPED_TAGS, with_tail=False)
    fallback = sum(len(text) for element in root.iter("noscript") for text in element.itertext())
    if not fallback:
        return
    if fallback > _WHOLE_PAGE * sum(map(len, root.itertext())):
        # An element that was never closed has swallowed the page.
        etree.strip_tags(root, "noscript")
    else:
        etree.strip_elements(root, "noscript", with_tail=False)


def collect_blocks(root: etree._Element, hidden_names: frozenset[str] = frozenset()) -> list[Block]:
    """Return the text blocks under `root` in document order, hidden and marked ones included.

    `hidden_names` are the classes (".name") and ids ("#name") that the page's style sheets hide.
    """
    collector = _Collector()
    states = [_State(root, "body", "text", (), None, False, False, False)]
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            outer = states[-1]
            tag = element.tag
            if tag == "br":
                collector.break_line()
                states.append(outer)
                continue
            state = _inherit(element, tag, outer, hidden_names)
            states.append(state)
            if state.block is element:
                collector.flush()
            if len(state.marks) > len(outer.marks) and _is_menu(element, state):
                collector.add_menu(element, state)
                walker.skip_subtree()
                continue
            text = element.text
        else:
            state = states.pop()
            if state.block is element:
                collector.flush()
            state = states[-1]
            text = element.tail
        if text:
            collector.add(text, state)
    collector.flush()
    return collector.blocks


class _Collector:
    """The pieces of the block being read, and the blocks that are done."""

    __slots__ = ("_bold_chars", "_link_chars", "_pieces", "_state", "blocks")

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._state: _State | None = None
        self._link_chars = 0
        self._bold_chars = 0

    def add(self, text: str, state: _State) -> None:
        if not self._pieces:
            if text.isspace():
                return
            self._state = state
        else:
            current = self._state
            assert current is not None
            if current.block is not state.block or current.hidden != state.hidden:
                if text.isspace():
                    return
                self.flush()
                self._state = state
            elif len(state.marks) < len(current.marks) and not text.isspace():
                # A block is clutter when all of its text is: what any part of it is free of, it is free of.
                self._state = state
        self._pieces.append(text)
        if state.in_link:
            self._link_chars += len(" ".join(text.split()))
        if state.in_bold:
            self._bold_chars += len(text.strip())

    def add_menu(self, element: etree._Element, state: _State) -> None:
        """Add every text of a menu as a block that is all link."""
        for piece in element.itertext():
            text = " ".join(piece.split())
            if text:
                self.blocks.append(Block(text, state.tag, "text", element, state.marks, state.hidden, len(text), False))

    def break_line(self) -> None:
        if self._pieces:
            self._pieces.append(_LINE_BREAK)

    def flush(self) -> None:
        if not self._pieces:
            return
        state = self._state
        assert state is not None
        texts = list(_split_lines("".join(self._pieces)))
        total = sum(map(len, texts))
        bold = self._bold_chars >= _BOLD_SHARE * total
        for text in texts:
            # Which part the links stand in is not known after joining: they are shared out by length.
            is_bold_line = bold and state.kind == "text" and len(text) <= _BOLD_LINE_CHARS
            kind: Kind = "heading" if is_bold_line and not _SENTENCE_END.search(text) else state.kind
            links = min(len(text), round(self._link_chars * len(text) / total))
            self.blocks.append(
                Block(text, state.tag, kind, state.block, state.marks, state.hidden, links, state.in_content)
            )
        self._pieces = []
        self._link_chars = 0
        self._bold_chars = 0


def _is_styled_away(attributes: dict[str, str], hidden_names: frozenset[str]) -> bool:
    if f"#{attributes.get('id')}" in hidden_names:
        return True
    return any(f".{name}" in hidden_names for name in attributes.get("class", "").split())


def _is_menu(element: etree._Element, state: _State) -> bool:
    """Say whether an element is a menu without running text, which need not be looked at piece by piece."""
    if state.block is not element or state.marks[-1].reason not in _MENU_REASONS:
        return False
    return next(element.iter(*_TEXT_TAGS), None) is None


def _inherit(element: etree._Element, tag: str, outer: _State, hidden_names: frozenset[str]) -> _State:
    is_block = tag in _BLOCK_TAGS
    items = element.items()
    if not is_block and not items and tag not in _BOLD_TAGS:
        return outer
    attributes = dict(items)
    marks = outer.marks
    hidden = outer.hidden
    in_content = outer.in_content
    kind = outer.kind
    if is_block:
        kind = _KINDS.get(tag, kind if kind in _LASTING_KINDS else "text")
        if outer.kind == "caption" and kind not in ("quote", "cell"):
            kind = "caption"
    reason = _TAG_MARKS.get(tag)
    # Pages that hide or mark themselves whole are shown by their own scripts.
    if attributes and tag not in ("html", "body"):
        if hidden is None and not HIDING_ATTRIBUTES.isdisjoint(attributes):
            hidden = hidden_reason(attributes)
        class_ = attributes.get("class")
        id_ = attributes.get("id")
        named, content = names_say(class_, id_) if class_ or id_ else (None, False)
        reason = reason or _ROLE_MARKS.get(attributes.get("role", "")) or named
        in_content = in_content or content or "articleBody" in attributes.get("itemprop", "")
        if hidden_names and _is_styled_away(attributes, hidden_names):
            reason = STYLED_AWAY
        if reason == "caption":
            kind = "caption"
            reason = None
    if reason is not None and len(marks) < _MAX_MARKS:
        marks = (*marks, Mark(reason, element))
    in_link = outer.in_link or (tag == "a" and "href" in attributes)
    in_bold = outer.in_bold or tag in _BOLD_TAGS
    if is_block:
        return _State(element, tag, kind, marks, hidden, in_link, in_bold, in_content)
    return _State(outer.block, outer.tag, kind, marks, hidden, in_link, in_bold, in_content)


def _split_lines(raw: str) -> Iterator[str]:
    """Yield the paragraphs of a block: parted at double line breaks, and at single ones that end a long sentence."""
    current = ""
    breaks = 0
    for part in raw.split(_LINE_BREAK):
        text = " ".join(part.split())
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
