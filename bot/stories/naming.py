"""The ids of events and storylines, made from the id of their first article: the same whenever that comes first. Pure.

An event that is found to be part of another gives its id up; what was posted and linked meanwhile still names it. The
article it was named after is in the other event then, so the old id leads there without anything being kept of it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from hashlib import sha256
from typing import Final

EVENT_PREFIX: Final = "e"
STORYLINE_PREFIX: Final = "s"
_ID_DIGITS: Final = 12
# What an article names a second time, after it moved to another story, has a number behind it.
_STORY_ID: Final = re.compile(rf"[{EVENT_PREFIX}{STORYLINE_PREFIX}]([0-9a-f]{{{_ID_DIGITS}}})(?:-[1-9]\d{{0,5}})?")


def name_story(prefix: str, article_id: str, taken: Container[str]) -> str:
    """Return the id of a story that this article opens; none that is taken."""
    digits = _digits_of(article_id)
    name, count = f"{prefix}{digits}", 1
    while name in taken:
        count += 1
        name = f"{prefix}{digits}-{count}"
    return name


def is_story_id(text: str) -> bool:
    """Return whether a text has the form of the id of an event or a storyline."""
    return _STORY_ID.fullmatch(text) is not None


def find_namesake(story_id: str, article_ids: Iterable[str]) -> str | None:
    """Return the one of these articles that a story was named after."""
    match = _STORY_ID.fullmatch(story_id)
    if match is None:
        return None
    return next((one for one in article_ids if _digits_of(one) == match[1]), None)


def _digits_of(article_id: str) -> str:
    return sha256(article_id.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_DIGITS]
