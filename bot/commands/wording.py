"""How commands repeat what they were given: shortened, on one line."""

from __future__ import annotations

SHOWN_CHARS = 40
"""Characters of a wrong value that an error repeats: enough to recognise it."""

HEADING_CHARS = 140
"""Characters of a question or topic as a heading; Slack's headers hold 150."""


def shorten(text: str, max_chars: int = SHOWN_CHARS) -> str:
    """Return the text on one line, cut with an ellipsis when it is longer."""
    flat = " ".join(text.split())
    return flat if len(flat) <= max_chars else flat[:max_chars].rstrip() + "…"
