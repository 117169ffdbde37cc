"""`NEWSBOT_SUMMARY__...`: how articles are summarized."""

from __future__ import annotations

from pydantic import Field

from bot.settings.section import Section


class SummarySettings(Section):
    """How articles are summarized."""

    bullets: int = Field(4, ge=3, le=5, description="Bullets an article gets.")
    language: str | None = Field(
        None, description="Language the LLM writes in, by its English name; by default the article's own."
    )
