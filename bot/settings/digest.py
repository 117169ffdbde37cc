"""`NEWSBOT_DIGEST__...`: the digest of the terminal."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from bot.settings.section import Section


class DigestSettings(Section):
    """When the terminal gets its digest, and how long it may be."""

    at: Annotated[tuple[time, ...], NoDecode] = Field(
        (time(8, 0),), description="Local times of the daily digest, HH:MM, separated by commas."
    )
    zone: str = Field("UTC", description="IANA time zone of these times, such as Europe/Berlin.")
    max_articles: int = Field(12, ge=1, le=200, description="Articles one digest shows at most.")
    max_chars: int = Field(12_000, ge=500, le=200_000, description="Characters one digest has at most.")

    @field_validator("at", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not parts or not all(re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", part) for part in parts):
            raise ValueError("should be times such as 08:00 or 08:00,17:30")
        return tuple(time(int(part.split(":")[0]), int(part.split(":")[1])) for part in parts)

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ValueError, OSError, KeyError):
            raise ValueError("should be an IANA time zone such as Europe/Berlin or Asia/Seoul") from None
        return value
