"""`NEWSBOT_PROBES__...`: what operators ask of a process."""

from __future__ import annotations

from pydantic import Field

from bot.settings.section import Section


class ProbesSettings(Section):
    """Where a process answers /live, /ready and /metrics, also one that serves no web page."""

    port: int | None = Field(
        None, ge=1, le=65535, description="Port of /live, /ready and /metrics, beside those of the web page."
    )
    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address they are served on; beyond this machine /metrics needs the web page's login token.",
    )
