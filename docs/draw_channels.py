"""Draws docs/discord.svg and docs/slack.svg: the sample digest as the two platforms show the payloads they are sent.

Run it from the project's folder: `uv run python docs/draw_channels.py`.
"""

from __future__ import annotations

import asyncio
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from draw_digest import PictureClock

from bot.app.building import digest_size, max_file_bytes, open_memory_archive, open_reader
from bot.commands.digest import channel_digest_message, gather_channel_digest
from bot.commands.visibility import Wish
from bot.model import Message
from bot.platforms.discord import rendering as discord
from bot.platforms.slack import rendering as slack
from bot.platforms.terminal.commands import fill_archive
from bot.settings import Settings

FOLDER = Path(__file__).parent
MARKER = "nb·3f9a"
ITEMS_SHOWN = 3
WIDTH, MARGIN, TOP = 760, 72, 54
FONT = "'Helvetica Neue', Helvetica, Arial, 'Noto Sans CJK KR', sans-serif"
EM = 0.52
"""Mean width of a Latin letter of this font in its size; a wide character takes one whole."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """The colours of a platform, and who speaks."""

    background: str
    panel: str
    text: str
    quiet: str
    accent: str
    button: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing shown under the other: a line of text, or buttons."""

    text: str = ""
    size: float = 14
    bold: bool = False
    quiet: bool = False
    bullet: bool = False
    space: float = 4
    buttons: tuple[str, ...] = ()


DISCORD = Look(
    background="#313338", panel="#2b2d31", text="#dbdee1", quiet="#949ba4", accent="#2f6fde", button="#4e5058",
    name="newsbot",
)  # fmt: skip
SLACK = Look(
    background="#ffffff", panel="#ffffff", text="#1d1c1d", quiet="#616061", accent="#dddddd", button="#ffffff",
    name="newsbot",
)  # fmt: skip


def main() -> None:
    """Write both pictures."""
    message = asyncio.run(sample_message())
    body = discord.render_bodies(message, marker=MARKER)[0]
    (FOLDER / "discord.svg").write_text(draw(DISCORD, discord_rows(body)), encoding="utf-8")
    body = slack.render_bodies(message, marker=MARKER)[0]
    (FOLDER / "slack.svg").write_text(draw(SLACK, slack_rows(body)), encoding="utf-8")


async def sample_message() -> Message:
    """Return the digest of the sample articles as a channel gets it, its first stories only."""
    settings = Settings(_env_file=None)  # type: ignore[call-arg]  # a pydantic-settings argument mypy can't see
    clock = PictureClock()
    async with open_memory_archive() as archive, open_reader(settings) as reader:
        most = max_file_bytes(settings)
        await fill_archive(archive, [Path("seeds")], reader, clock=clock, max_bytes=most, bullets=3)
        found = await gather_channel_digest(
            archive, destination="picture", channel="picture", clock=clock, size=digest_size(settings), wish=Wish()
        )
    digest = replace(found.digest, items=found.digest.items[:ITEMS_SHOWN], held_back=())
    return channel_digest_message(replace(found, digest=digest))


def discord_rows(body: dict[str, Any]) -> Iterator[Row]:
    """Yield what Discord shows of a body of components."""
    for component in body["components"][0]["components"]:
        if component["type"] == 1:
            yield Row(buttons=tuple(button["label"] for button in component["components"]))
            continue
        for line in component.get("content", "").split("\n"):
            text = re.sub(r"\\(.)", r"\1", line)
            if text.startswith("### "):
                yield Row(text=text[4:], size=16, bold=True, space=14)
            elif text.startswith("## "):
                yield Row(text=text[3:], size=20, bold=True)
            elif text.startswith("-# "):
                yield Row(text=text[3:], size=12, quiet=True)
            elif text.startswith("- "):
                yield Row(text=text[2:], bullet=True)
            else:
                yield Row(text=text)


def slack_rows(body: dict[str, Any]) -> Iterator[Row]:
    """Yield what Slack shows of a body of blocks."""
    for block in body["blocks"]:
        match block["type"]:
            case "header":
                yield Row(text=block["text"]["text"], size=18, bold=True)
            case "context":
                yield Row(text=" ".join(one["text"] for one in block["elements"]), size=12, quiet=True)
            case "section":
                yield Row(text=block["text"]["text"])
            case "actions":
                yield Row(buttons=tuple(one["text"]["text"] for one in block["elements"]))
            case "rich_text":
                for part in block["elements"]:
                    lists = part["type"] == "rich_text_list"
                    for section in part["elements"] if lists else [part]:
                        text = "".join(one.get("text", "") for one in section["elements"])
                        yield Row(text=text, bullet=lists, bold=not lists, space=4 if lists else 14)


def draw(look: Look, rows: Iterator[Row]) -> str:
    """Return the rows as an SVG in a platform's colours."""
    y = TOP
    shapes: list[str] = []
    for row in rows:
        y += row.space
        if row.buttons:
            shapes.extend(_buttons(look, row.buttons, y + 4))
            y += 40
            continue
        indent = 18 if row.bullet else 0
        if row.bullet:
            shapes.append(_text(look, "•", MARGIN + 18, y + row.size, row))
        for line in _wrap(row.text, (WIDTH - MARGIN - 40 - indent) / row.size):
            shapes.append(_text(look, line, MARGIN + 18 + indent, y + row.size, row))
            y += row.size * 1.4
    height = round(y + 24)
    panel = (
        f'<rect x="{MARGIN}" y="{TOP - 8}" width="{WIDTH - MARGIN - 16}" height="{height - TOP - 4}" rx="4" '
        f'fill="{look.panel}"/><rect x="{MARGIN}" y="{TOP - 8}" width="4" height="{height - TOP - 4}" '
        f'fill="{look.accent}"/>'
    )
    face = (
        f'<circle cx="36" cy="34" r="20" fill="#2f6fde"/><text x="36" y="40" font-size="18" fill="#ffffff" '
        f'text-anchor="middle" font-weight="bold">n</text><text x="{MARGIN}" y="32" font-size="15" '
        f'font-weight="bold" fill="{look.text}">{look.name}</text><text x="{MARGIN + 74}" y="32" font-size="11" '
        f'fill="{look.quiet}">APP · 08:00</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="{FONT}">'
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{look.background}" stroke="#00000022"/>'
        f"{face}{panel}{''.join(shapes)}</svg>\n"
    )


def _buttons(look: Look, labels: tuple[str, ...], y: float) -> Iterator[str]:
    x = float(MARGIN + 18)
    for label in labels:
        width = _width(label) * 13 + 28
        yield (
            f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="28" rx="5" fill="{look.button}" '
            f'stroke="#88888866"/><text x="{x + width / 2:.0f}" y="{y + 19:.0f}" font-size="13" text-anchor="middle" '
            f'font-weight="600" fill="{look.text}">{html.escape(label)}</text>'
        )
        x += width + 8


def _text(look: Look, text: str, x: float, y: float, row: Row) -> str:
    weight = ' font-weight="bold"' if row.bold else ""
    color = look.quiet if row.quiet else look.text
    return f'<text x="{x:.0f}" y="{y:.1f}" font-size="{row.size}" fill="{color}"{weight}>{html.escape(text)}</text>'


def _wrap(text: str, room: float) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if line and _width(longer) > room:
            yield line
            longer = word
        line = longer
    yield line


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else EM for letter in text)


if __name__ == "__main__":
    main()
