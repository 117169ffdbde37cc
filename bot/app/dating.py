"""The timeline of files, answered once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.app.building import max_file_bytes, open_reader
from bot.errors import BadRequest
from bot.platforms.terminal.dating import read_span, show_timeline
from bot.settings import Settings
from bot.stories.timeline import DEFAULT_ENTRIES


async def timeline_of_files(
    settings: Settings,
    paths: Sequence[Path],
    *,
    topic: str,
    since: str | None,
    until: str | None,
    k: int | None,
    as_json: bool,
) -> int:
    """Print the dated claims of files about a topic. Raises: BadRequest for a span or a topic that is none."""
    if not topic.strip():
        raise BadRequest("Say with --topic what the timeline is about.")
    span = read_span(since, until)
    async with open_reader(settings) as reader:
        return await show_timeline(
            paths,
            reader,
            max_bytes=max_file_bytes(settings),
            topic=topic,
            span=span,
            k=k or DEFAULT_ENTRIES,
            as_json=as_json,
        )
