"""`NEWSBOT_DATABASE__...`: where the archive lies."""

from __future__ import annotations

from pydantic import Field

from bot.settings.section import Section


class DatabaseSettings(Section):
    """Where the archive lies."""

    url: str | None = Field(None, description="Database URL; by default SQLite in the data folder.")
