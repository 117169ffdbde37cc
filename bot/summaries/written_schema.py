"""What an LLM is asked to write, and the check that it did.

Whether a bullet is true is not decided here: `written_checks` does that. This is about shape alone, so it is lenient
where a slip does no harm (an id written `[s3]` or `3`, a status left out) and strict where a bullet would be unusable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.model import Status
from bot.ports import Reply
from bot.text.lazy import compile_later

# The words a bullet is asked to keep to, and the most it is shown with.
ASKED_WORDS = 24
MOST_WORDS = 32
# More bullets than this were not asked for; the rest is cut by the caller.
_MOST_BULLETS = 40
_MOST_PROBLEMS = 8
_MOST_CHARS = 2_000
_ID = compile_later(r"\[?\s*s?(\d{1,7})\s*\]?", re.IGNORECASE)

DraftT = TypeVar("DraftT", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Generic[DraftT]):
    """The shape of an answer: as JSON Schema for the model, and as the class that reads it."""

    schema: Mapping[str, object]
    draft: type[DraftT]


def _read_id(value: object) -> object:
    found = _ID.fullmatch(value.strip()) if isinstance(value, str) else None
    return int(found[1]) if found else value


def _read_attribution(value: object) -> object:
    """Return None for the ways in which models write "nobody"."""
    if isinstance(value, str) and value.strip().lower() in ("", "null", "none", "n/a", "-"):
        return None
    return value


def _read_status(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


WrittenLine = Annotated[str, Field(min_length=1, max_length=_MOST_CHARS)]


class DraftBullet(BaseModel):
    """One bullet as the model wrote it; `ids` are sentence indexes that may not exist."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    text: WrittenLine
    ids: Annotated[tuple[Annotated[int, BeforeValidator(_read_id), Field(ge=0)], ...], Field(min_length=1)]
    quote: WrittenLine
    attribution: Annotated[WrittenLine | None, BeforeValidator(_read_attribution)] = None
    status: Annotated[Status, BeforeValidator(_read_status)] = "fact"


class Draft(BaseModel):
    """A summary as the model wrote it, of the right shape but unproved."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    headline: Annotated[str, Field(max_length=_MOST_CHARS)]
    bullets: Annotated[tuple[DraftBullet, ...], Field(min_length=1, max_length=_MOST_BULLETS)]


# Written by hand: strict mode knows only part of JSON Schema and wants every property required.
DRAFT_SCHEMA: dict[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["headline", "bullets"],
    "properties": {
        "headline": {"type": "string"},
        "bullets": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "ids", "quote", "attribution", "status"],
                "properties": {
                    "text": {"type": "string"},
                    "ids": {"type": "array", "items": {"type": "string"}},
                    "quote": {"type": "string"},
                    "attribution": {"type": ["string", "null"]},
                    "status": {"type": "string", "enum": ["fact", "claim", "planned"]},
                },
            },
        },
    },
}


SUMMARY: Form[Draft] = Form(schema=DRAFT_SCHEMA, draft=Draft)


def read_draft(reply: Reply, form: Form[DraftT]) -> DraftT | tuple[str, ...]:
    """Return the draft in a reply, or what is wrong with it in sentences that the model can act on."""
    if reply.data is None:
        if reply.finish == "truncated":
            return ("It was cut off before its end. Write fewer and shorter lines.",)
        return ("It holds no JSON object.",)
    try:
        return form.draft.model_validate(reply.data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return tuple(f"{'.'.join(str(step) for step in one['loc'])}: {one['msg']}" for one in found[:_MOST_PROBLEMS])
