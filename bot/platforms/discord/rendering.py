"""Messages as Discord shows them: Components V2 bodies within every limit, split at the borders of lines.

Pure: a message goes in, JSON bodies come out. Everything written by others is neutralized on its way.
Source of the limits: https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.model import Block, Bullets, Button, Buttons, Footer, Heading, Links, Message, Paragraph, Quote, Table
from bot.platforms.discord.neutralizing import clip, linkable, neutralize, neutralize_label, split_units, units

Body = dict[str, Any]

MAX_COMPONENTS = 40
"""Components of one message, nested ones counted."""

MAX_DISPLAY_UNITS = 4_000
"""UTF-16 units of all texts of one message together; we count the labels of buttons too."""

MAX_CUSTOM_ID_UNITS = 100
MAX_LABEL_UNITS = 80
MAX_BUTTONS_A_ROW = 5

MAX_HEADING_UNITS = 400
"""UTF-16 units of a heading: a longer one is no headline, and it must fit beside the first line under it."""

MAX_GLUED_UNITS = 2 * MAX_HEADING_UNITS + 100
"""UTF-16 units of a title and a heading with their marks: what may stand above the first line of a section."""

MAX_LINK_TEXT_UNITS = 200

CUSTOM_ID_PREFIX = "newsbot:"
"""Begins the custom_id of every button of ours; what follows is the button's action."""

FLAG_SUPPRESS_EMBEDS = 1 << 2
FLAG_COMPONENTS_V2 = 1 << 15

ACCENT = 0x2F6FDE
ACCENT_FAILED = 0xC8412E

_ROW, _BUTTON, _TEXT, _SEPARATOR, _CONTAINER = 1, 2, 10, 14, 17
_STYLES: dict[Literal["plain", "primary", "danger"], int] = {"primary": 1, "plain": 2, "danger": 4}
_FIXED_COMPONENTS = 2
"""The container and the text with the marker."""


def render_bodies(message: Message, *, marker: str = "", accent: int = ACCENT, spare: int = 0) -> list[Body]:
    """Return the message as bodies in order, each within the limits and ending with the marker and its part's number.

    A section (a heading and what follows) stays together where it fits into one body; else it is split between lines.
    `spare` is how many units of each body stay free, for what may have to be noted in it later.
    """
    packer = _Packer(room=MAX_DISPLAY_UNITS - spare - units(_marker_line(marker, 999, 999)) - 1)
    custom_ids: set[str] = set()
    for section in _sections(message.blocks):
        packer.add_section(_pieces(section, custom_ids, longest=packer.room))
    bodies = packer.finish()
    parts = len(bodies)
    return [_body(pieces, _marker_line(marker, part, parts), accent) for part, pieces in enumerate(bodies, start=1)]


def render_plainly(body: Body) -> Body:
    """Return the body with its texts alone, for when Discord refused its layout."""
    texts = [text for text in texts_of(body.get("components", [])) if text.strip()]
    return {**body, "components": [{"type": _TEXT, "content": text} for text in texts]}


def texts_of(components: Iterable[Body]) -> Iterator[str]:
    """Yield the texts of components in order, nested ones included; of our own bodies or of what Discord sends back."""
    for component in components:
        if component.get("type") == _TEXT:
            yield str(component.get("content", ""))
        yield from texts_of(component.get("components") or ())


def marker_line_of(body: Body) -> str:
    """Return the last text of a body: the line with the marker that tells this part from every other post."""
    return next(reversed(list(texts_of(body.get("components", [])))), "")


def custom_id_of(action: str) -> str | None:
    """Return the custom_id of an action, or None when Discord would not take it."""
    custom_id = CUSTOM_ID_PREFIX + action
    return custom_id if action and units(custom_id) <= MAX_CUSTOM_ID_UNITS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """What is never split: one line of text, a row of buttons or a rule. `glued` lines never end a body."""

    text: str = ""
    buttons: tuple[Body, ...] = ()
    glued: bool = False

    @property
    def units(self) -> int:
        return units(self.text) + 1 + sum(units(button["label"]) for button in self.buttons)

    @property
    def components(self) -> int:
        # A line counts as a text of its own: rows may stand between any two, so this never counts too little.
        return 1 + len(self.buttons)


@dataclass(slots=True, kw_only=True)
class _Packer:
    """Fills bodies with pieces; `room` is the units that one body has for them."""

    room: int
    done: list[list[_Piece]] = field(default_factory=list)
    open: list[_Piece] = field(default_factory=list)

    def add_section(self, pieces: Sequence[_Piece]) -> None:
        """Put a section into the open body, or into a new one when only that keeps it whole."""
        if not self._fits(pieces) and _fits_alone(pieces, self.room):
            self._close()
        if self._fits(pieces):
            self.open.extend(pieces)
            return
        for block in _unbreakable(pieces):
            if not self._fits(block):
                self._close()
            for piece in block:
                if not self._fits([piece]):
                    self._close()
                self.open.append(piece)

    def finish(self) -> list[list[_Piece]]:
        """Return the bodies; one empty body when there was nothing to say."""
        self._close()
        return self.done or [[]]

    def _fits(self, pieces: Sequence[_Piece]) -> bool:
        return _fits_alone([*self.open, *pieces], self.room)

    def _close(self) -> None:
        if self.open:
            self.done.append(self.open)
            self.open = []


def _fits_alone(pieces: Sequence[_Piece], room: int) -> bool:
    if sum(piece.units for piece in pieces) > room:
        return False
    return _count_components(pieces) <= MAX_COMPONENTS - _FIXED_COMPONENTS


def _count_components(pieces: Sequence[_Piece]) -> int:
    count = 0
    in_text = False
    for piece in pieces:
        if not (piece.text and in_text):
            count += piece.components
        in_text = bool(piece.text)
    return count


def _unbreakable(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    block: list[_Piece] = []
    for piece in pieces:
        block.append(piece)
        if not piece.glued:
            yield block
            block = []
    if block:
        yield block


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    section: list[Block] = []
    for block in blocks:
        # A title that nothing follows yet belongs to the first section.
        if isinstance(block, Heading) and any(not isinstance(before, Heading) for before in section):
            yield section
            section = []
        section.append(block)
    if section:
        yield section


def _pieces(blocks: Sequence[Block], custom_ids: set[str], *, longest: int) -> list[_Piece]:
    pieces: list[_Piece] = []
    for block in blocks:
        if isinstance(block, Buttons):
            pieces.extend(_rows(block.buttons, custom_ids))
            continue
        for line in _lines(block):
            # The headings above must fit into the same body as the first piece of a long line.
            for part in split_units(line, longest - MAX_GLUED_UNITS):
                pieces.append(_Piece(text=part, glued=isinstance(block, Heading)))
    return pieces


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        marker = f"{neutralize(block.marker)}. " if block.marker else ""
        text = clip(neutralize(block.text), MAX_HEADING_UNITS) or "…"
        yield f"{'##' if block.level == 1 else '###'} {marker}{text}"
    elif isinstance(block, Paragraph):
        yield from _marked("-# " if block.quiet else "", block.text)
    elif isinstance(block, Bullets):
        for line in block.lines:
            marks = f" \\[{', '.join(neutralize(mark) for mark in line.marks)}\\]" if line.marks else ""
            yield f"- {neutralize(line.text) or '…'}{marks}"
            for sentence in line.proof:
                yield from _marked("  - ", sentence)
    elif isinstance(block, Table):
        yield "-# " + " · ".join(neutralize(column) for column in block.columns)
        for first, *rest in block.rows:
            yield "- " + " · ".join([f"**{neutralize(first) or '…'}**", *(neutralize(cell) or "–" for cell in rest)])
    elif isinstance(block, Quote):
        yield from _marked("> ", block.text)
        yield from _marked("-# — ", block.source)
    elif isinstance(block, Footer):
        for text in block.lines:
            yield from _marked("-# ", text)
    elif isinstance(block, Links):
        yield from (_link_line(link.text, link.url) for link in block.links)


def _marked(mark: str, text: str) -> Iterator[str]:
    """Yield a line, or none when there is nothing to read in it: a mark alone would show as itself."""
    shown = neutralize(text)
    if shown:
        yield mark + shown


def _link_line(text: str, url: str) -> str:
    shown = clip(neutralize(text), MAX_LINK_TEXT_UNITS)
    address = linkable(url)
    return f"- [{shown or 'article'}](<{address}>)" if address else f"- {shown}"


def _rows(buttons: Sequence[Button], seen: set[str]) -> Iterator[_Piece]:
    made: list[Body] = []
    for button in buttons:
        custom_id = custom_id_of(button.action)
        # The same button twice would make Discord refuse the message, and does nothing that the first does not.
        if custom_id is None or custom_id in seen:
            continue
        seen.add(custom_id)
        label = neutralize_label(button.label, limit=MAX_LABEL_UNITS) or "…"
        made.append({"type": _BUTTON, "style": _STYLES[button.style], "label": label, "custom_id": custom_id})
    for start in range(0, len(made), MAX_BUTTONS_A_ROW):
        yield _Piece(buttons=tuple(made[start : start + MAX_BUTTONS_A_ROW]))


def _marker_line(marker: str, number: int, parts: int) -> str:
    part = f"{number}/{parts}" if parts > 1 else ""
    words = " · ".join(word for word in (neutralize(marker), part) if word)
    return f"-# {words}" if words else ""


def _body(pieces: Sequence[_Piece], marker_line: str, accent: int) -> Body:
    components: list[Body] = []
    lines: list[str] = []
    for piece in pieces:
        if piece.text:
            lines.append(piece.text)
            continue
        if lines:
            components.append({"type": _TEXT, "content": "\n".join(lines)})
            lines = []
        components.append({"type": _ROW, "components": list(piece.buttons)})
    if lines:
        components.append({"type": _TEXT, "content": "\n".join(lines)})
    if marker_line or not components:
        components.append({"type": _TEXT, "content": marker_line or "…"})
    return {
        "flags": FLAG_COMPONENTS_V2 | FLAG_SUPPRESS_EMBEDS,
        "allowed_mentions": {"parse": [], "replied_user": False},
        "components": [{"type": _CONTAINER, "accent_color": accent, "components": components}],
    }
