"""Draws the picture that stands beside a shared link: a headline and where it comes from, as SVG, then as PNG. Pure.

Source: https://ogp.me (og:image); 1200 x 630 is what every platform shows uncut.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from xml.sax.saxutils import escape

from bot.platforms.web.rendering import text_of

WIDTH, HEIGHT = 1200, 630
MARGIN = 84
MAX_LINES = 4
HEADLINE_PX, SMALL_PX = 62, 28
LINE_PX = 78
_WIDE_EM, _BROAD_EM, _PLAIN_EM, _NARROW_EM = 1.0, 0.92, 0.62, 0.36
"""Widths of letters in a bold serif, rather too wide than too narrow."""
_NARROW = frozenset("iIljtf.,:;!'|()[] ")
_BROAD = frozenset("mwMWQ@%—…")
FONTS = "'Noto Serif','Source Serif 4','Liberation Serif','DejaVu Serif','Noto Serif CJK KR','Noto Serif CJK JP',serif"
SANS = "'Noto Sans','Liberation Sans','DejaVu Sans','Noto Sans CJK KR',sans-serif"


def card_svg(headline: str, *, above: str, below: str) -> str:
    """Return the card as SVG; every text is text, shortened where there is no room for it."""
    lines = wrap(headline, width_em=(WIDTH - 2 * MARGIN) / HEADLINE_PX)
    top = 210 + (MAX_LINES - len(lines)) * LINE_PX // 2
    drawn = "".join(
        f'<text x="{MARGIN}" y="{top + number * LINE_PX}" font-family="{FONTS}" font-size="{HEADLINE_PX}"'
        f' font-weight="700" fill="#1b1a17">{_text(line)}</text>'
        for number, line in enumerate(lines)
    )
    small = f'font-family="{SANS}" font-size="{SMALL_PX}"'
    below_line = wrap(below, width_em=(WIDTH - 2 * MARGIN) / SMALL_PX, max_lines=1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbf9f4"/>'
        f'<rect width="14" height="{HEIGHT}" fill="#a3341f"/>'
        f'<text x="{MARGIN}" y="96" {small} fill="#a3341f" font-weight="700" letter-spacing="1">newsbot</text>'
        f'<text x="{WIDTH - MARGIN}" y="96" {small} fill="#6a655b" text-anchor="end">{_text(above)}</text>'
        f'<rect x="{MARGIN}" y="122" width="{WIDTH - 2 * MARGIN}" height="2" fill="#d9d3c6"/>'
        f"{drawn}"
        f'<text x="{MARGIN}" y="{HEIGHT - 62}" {small} fill="#6a655b">{_text("".join(below_line))}</text>'
        "</svg>"
    )


@lru_cache(maxsize=128)
def card_png(headline: str, above: str, below: str) -> bytes:
    """Return the card as PNG. Takes some 100 ms the first time: fonts are read."""
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=card_svg(headline, above=above, below=below)))


def wrap(text: str, *, width_em: float, max_lines: int = MAX_LINES) -> list[str]:
    """Return the text in lines that fit, the last one cut with an ellipsis; scripts without spaces break anywhere."""
    lines, line = [], ""
    for word in _breakable(" ".join(text_of(text).split())):
        if line and width_of(line + word.rstrip()) > width_em:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    lines.append(line.rstrip())
    if len(lines) > max_lines:
        lines = [*lines[: max_lines - 1], lines[max_lines - 1] + "…"]
    return [_cut(line, width_em) for line in lines]


def width_of(text: str) -> float:
    """Return about how wide a text is, in em."""
    return sum(
        _WIDE_EM
        if unicodedata.east_asian_width(character) in "WF"
        else _NARROW_EM
        if character in _NARROW
        else _BROAD_EM
        if character in _BROAD
        else _PLAIN_EM
        for character in text
    )


def _breakable(text: str) -> list[str]:
    pieces: list[str] = []
    for character in text:
        is_wide = unicodedata.east_asian_width(character) in "WF"
        joins = pieces and not is_wide and not pieces[-1].endswith(" ") and not _ends_wide(pieces[-1])
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _ends_wide(piece: str) -> bool:
    return unicodedata.east_asian_width(piece[-1]) in "WF"


def _cut(line: str, width_em: float) -> str:
    if width_of(line) <= width_em:
        return line
    kept = line.rstrip("…")
    while kept and width_of(kept + "…") > width_em:
        kept = kept[:-1]
    return kept + "…"


def _text(text: str) -> str:
    # XML has no way to write control characters, whatever stands in an article.
    return escape("".join(character for character in text_of(text) if character.isprintable()))
