"""What an LLM is asked to write as an answer, and the shape that is read from its reply. Whether it is true is judged
in `written_claims`."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.summaries.written_schema import Form, WrittenLine

MOST_CLAIMS: Final = 4
"""Claims of an answer that is shown: more is a report, and one could hide a wrong one among them."""

_MOST_READ: Final = 40
_MOST_CHARS: Final = 2_000
_ID = re.compile(r"\[?\s*A(\d{1,4})\.s(\d{1,7})\s*\]?", re.IGNORECASE)


def _read_id(value: object) -> object:
    found = _ID.fullmatch(value.strip()) if isinstance(value, str) else None
    return (int(found[1]), int(found[2])) if found else value


def _read_status(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


CitedId = Annotated[tuple[int, int], BeforeValidator(_read_id)]
"""Article and sentence as they were numbered for the model; neither need exist."""


class DraftClaim(BaseModel):
    """One claim as the model wrote it."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    text: WrittenLine
    ids: Annotated[tuple[CitedId, ...], Field(min_length=1, max_length=_MOST_READ)]
    quote: WrittenLine


class AnswerDraft(BaseModel):
    """An answer as the model wrote it, of the right shape but unproved; without claims it is none."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)

    answer: Annotated[str, Field(max_length=_MOST_CHARS)] = ""
    status: Annotated[Literal["answered", "unsupported"], BeforeValidator(_read_status)]
    claims: Annotated[tuple[DraftClaim, ...], Field(max_length=_MOST_READ)] = ()

    @property
    def is_answered(self) -> bool:
        """Whether the model found an answer."""
        return self.status == "answered" and bool(self.claims)


# Written by hand, as the summaries' is: strict mode wants every property required.
ANSWER: Final[Form[AnswerDraft]] = Form(
    draft=AnswerDraft,
    schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["answer", "status", "claims"],
        "properties": {
            "answer": {"type": "string"},
            "status": {"type": "string", "enum": ["answered", "unsupported"]},
            "claims": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["text", "ids", "quote"],
                    "properties": {
                        "text": {"type": "string"},
                        "ids": {"type": "array", "items": {"type": "string"}},
                        "quote": {"type": "string"},
                    },
                },
            },
        },
    },
)
