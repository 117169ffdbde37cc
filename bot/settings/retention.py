"""`NEWSBOT_RETENTION__...`: how long articles are kept."""

from __future__ import annotations

from pydantic import Field

from bot.settings.section import Section


class RetentionSettings(Section):
    """How long articles stay in the archive; the files of the watched folder are never touched."""

    days: int | None = Field(
        None,
        ge=7,
        le=36_500,
        description="Days after which an article leaves the archive and the search; by default it stays.",
    )
