"""Which classes and ids a page's own style sheets hide: text in them is never seen.

Only rules that hold everywhere (outside `@media` and the like) on one plain class or id count. Scripts may show such a
box later, so what it holds is judged like clutter: not believed when it holds most of the page's text.
"""

from __future__ import annotations

import re

from lxml import etree

# Style sheets longer than this are whole frameworks; their beginning holds what a page adds itself.
_MAX_SHEET_CHARS = 300_000
_BRACE = re.compile(r"[{}]")
_PLAIN_SELECTOR = re.compile(r"[.#][\w-]{1,80}")
_HIDES = re.compile(r"(?<![\w-])(?:display:none|visibility:hidden|font-size:0(?:px|em|rem|%|pt)?(?:[;!]|$))")


def hidden_names(root: etree._Element) -> frozenset[str]:
    """Return the classes (".name") and ids ("#name") that the page's style sheets hide."""
    names: set[str] = set()
    for sheet in root.iter("style"):
        text = sheet.text or ""
        if "none" in text or "hidden" in text or "font-size" in text:
            names.update(_hidden_in(_without_notes(text[:_MAX_SHEET_CHARS])))
    return frozenset(names)


def _hidden_in(sheet: str) -> set[str]:
    names: set[str] = set()
    depth = 0
    start = 0
    selector = ""
    for brace in _BRACE.finditer(sheet):
        content = sheet[start : brace.start()]
        start = brace.end()
        if brace[0] == "{":
            selector = content if depth == 0 else ""
            depth += 1
            continue
        depth = max(0, depth - 1)
        if depth == 0 and selector and _HIDES.search("".join(content.lower().split())):
            parts = (part.strip() for part in selector.split(","))
            names.update(part for part in parts if _PLAIN_SELECTOR.fullmatch(part))
        selector = ""
    return names


def _without_notes(sheet: str) -> str:
    """Return the sheet without its comments; one that is never closed ends it."""
    parts = sheet.split("/*")
    return parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])
