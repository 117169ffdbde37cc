"""Draws docs/digest.svg, the README's picture: the real digest of the sample articles, as the terminal shows it.

Run it from the project's folder: `uv run python docs/draw_digest.py`.
"""

from __future__ import annotations

import asyncio
import html
import io
import re
from datetime import UTC, datetime
from pathlib import Path

from rich.cells import cell_len

from bot.app.building import digest_size, max_file_bytes, open_memory_archive, open_reader
from bot.commands.digest import gather_digest
from bot.digests.telling import digest_message
from bot.model import Digest, Message
from bot.platforms.terminal.commands import fill_archive
from bot.platforms.terminal.rendering import new_console, print_blocks
from bot.settings import Settings

PICTURE = Path(__file__).parent / "digest.svg"
ITEMS_SHOWN = 5
PICTURE_WIDTH = 104
COLUMN_WIDTH = 12.2
"""Units one column takes in Rich's SVG: its font of 20 units times .61."""

# Rich's own template loads a font from the network; a picture in a README should not.
SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


class PictureClock:
    """The morning after the last sample article."""

    def now(self) -> datetime:
        """Return the same moment always, so that the picture changes only with the program."""
        return datetime(2026, 4, 25, 8, 0, tzinfo=UTC)


async def sample_digest() -> Digest:
    """Return the digest of the sample articles."""
    settings = Settings(_env_file=None)  # type: ignore[call-arg]  # a pydantic-settings argument mypy can't see
    async with open_memory_archive() as archive, open_reader(settings) as reader:
        bullets = settings.summary.bullets
        clock, most = PictureClock(), max_file_bytes(settings)
        await fill_archive(archive, [Path("seeds")], reader, clock=clock, max_bytes=most, bullets=bullets)
        return await gather_digest(archive, destination="picture", clock=clock, size=digest_size(settings))


def main() -> None:
    """Write the picture."""
    message = digest_message(asyncio.run(sample_digest()))
    headings = [index for index, block in enumerate(message.blocks) if getattr(block, "level", 0) == 2]
    first = message.blocks[: headings[ITEMS_SHOWN]] if len(headings) > ITEMS_SHOWN else message.blocks
    console = new_console(io.StringIO(), width=PICTURE_WIDTH, record=True)
    print_blocks(console, Message(blocks=(*first, message.blocks[-1])))
    PICTURE.write_text(_widen_wide_text(console.export_svg(title="newsbot digest", code_format=SVG)), encoding="utf-8")


def _widen_wide_text(svg: str) -> str:
    # Rich sets the length of a run by its characters; a Hangul syllable takes two columns.
    def widen(match: re.Match[str]) -> str:
        columns = cell_len(html.unescape(match[3]))
        return f'{match[1]}textLength="{columns * COLUMN_WIDTH:.1f}"{match[2]}>{match[3]}</text>'

    return re.sub(r'(<text [^>]*?)textLength="[^"]*"([^>]*)>([^<]*)</text>', widen, svg)


if __name__ == "__main__":
    main()
