"""`NEWSBOT_LOG__...`: what the log says."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.settings.section import Section


class LogSettings(Section):
    """What the log says and in which form; it goes to standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    format: Literal["console", "json"] = Field("console", description="For people, or one JSON object a line.")
