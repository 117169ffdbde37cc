"""How the status tells of the feeds that are fetched: how many work, and each one that does not with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import BotError
from bot.messages.wording import count_of, minute_of
from bot.model import Block, Heading, Paragraph, Table
from bot.ports import FeedBook, FeedReport
from bot.text.safe import escape_visible

MAX_FEEDS_SHOWN = 15
"""Feeds that do not work listed with their reason."""


async def feed_blocks(book: FeedBook | None) -> list[Block]:
    """Return what the status says of the feeds; nothing when there are none."""
    if book is None:
        return []
    try:
        reports = await book.feed_reports()
    except BotError as error:
        return [Heading(text="Feeds", level=2), Paragraph(text=str(error))]
    if not reports:
        return []
    blocks: list[Block] = [Heading(text="Feeds", level=2), Paragraph(text=_summary(reports))]
    failing = [report for report in reports if not report.works]
    if failing:
        rows = tuple((escape_visible(report.url), _reason(report)) for report in failing[:MAX_FEEDS_SHOWN])
        blocks.append(Table(columns=("feed", "why it is not fetched"), rows=rows))
    if len(failing) > MAX_FEEDS_SHOWN:
        blocks.append(Paragraph(text=f"and {count_of(len(failing) - MAX_FEEDS_SHOWN, 'more feed')}", quiet=True))
    return blocks


def _summary(reports: Sequence[FeedReport]) -> str:
    looked_at = [report.looked_at for report in reports if report.looked_at]
    last = f"; the last look was on {minute_of(max(looked_at))}" if looked_at else "; none was looked at yet"
    working = sum(report.works for report in reports)
    return f"{count_of(len(reports), 'feed')}, of which {working:,} work{last}."


def _reason(report: FeedReport) -> str:
    again = f"; next look on {minute_of(report.next_at)}" if report.next_at else "; it is looked at by hand only"
    return f"{escape_visible(report.sentence)}{again}"
