"""Which classes and ids a page's own style sheets hide: text in them is never seen.

Only rules that hold everywhere (outside `@media` and the like) on one plain class or id count. Scripts may show such a
box later, so what it holds is judged like clutter: not believed when it holds most of the page's text.
"""

from __future__ import annotations

from lxml import etree

from bot.text.lazy import compile_later

# Style sheets longer than this are whole frameworks; their beginning holds what a page adds itself.
_MAX_SHEET_CHARS = 300_000
_PLAIN_SELECTOR = compile_later(r"[.#][\w-]{1,80}")
# One pattern each: a pattern that begins with plain letters is found ten times as fast.
_HIDES = (
    compile_later(r"display\s{0,3}:\s{0,3}none"),
    compile_later(r"visibility\s{0,3}:\s{0,3}hidden"),
    compile_later(r"font-size\s{0,3}:\s{0,3}0(?:px|em|rem|%|pt)?\s{0,3}[;!}]"),
)
# A rule is short: selectors and declarations.
_MAX_RULE_CHARS = 2_000


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
    counted = 0
    lowered = sheet.lower()
    if len(lowered) != len(sheet):
        lowered = sheet
    for position in sorted(found.start() for pattern in _HIDES for found in pattern.finditer(lowered)):
        brace = sheet.rfind("{", max(counted, position - _MAX_RULE_CHARS), position)
        if brace < 0:
            continue
        depth += sheet.count("{", counted, brace) - sheet.count("}", counted, brace)
        counted = brace
        if depth != 0 or "}" in sheet[brace:position]:
            continue
        start = max(sheet.rfind("}", 0, brace), sheet.rfind(";", 0, brace), brace - _MAX_RULE_CHARS) + 1
        parts = (part.strip() for part in sheet[start:brace].split(","))
        names.update(part for part in parts if _PLAIN_SELECTOR.fullmatch(part))
    return names


def _without_notes(sheet: str) -> str:
    """Return the sheet without its comments; one that is never closed ends it."""
    parts = sheet.split("/*")
    return parts[0] + "".join(part.partition("*/")[2] for part in parts[1:])
